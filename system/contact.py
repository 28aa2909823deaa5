"""How whoever runs this program, or made it, can be reached: MetaBrainz wants to be told."""

from __future__ import annotations

import configparser
import ipaddress
import re
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

_MAIL = re.compile(r"[^\s@()<>\"]+@[^\s@()<>\"]+\.[^\s@()<>\"]+")
_DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z]{2,}(?:/\S*)?", re.IGNORECASE)
# Names that lead nowhere from outside.
_PRIVATE = re.compile(
    r"(?:^|\.)(?:localhost|local|lan|home|internal|intranet|invalid|test|example)$"
)
_HOME_KEYS = ("homepage", "home", "home-page", "repository", "source", "source code")


def as_contact(text: str) -> str:
    """A mail address or web address as a User-Agent can name it; "" for what is neither."""
    text = text.strip()
    if not text.isascii() or not text.isprintable() or re.search(r"[\s()]", text):
        return ""
    if _MAIL.fullmatch(text.removeprefix("mailto:")):
        return text.removeprefix("mailto:")
    if text.lower().startswith(("http://", "https://")):
        return text if urlsplit(text).hostname else ""
    return f"https://{text}" if _DOMAIN.fullmatch(text) else ""


@cache
def own_home() -> str:
    """The program's own page: the one that the package's metadata name, else the public address
    that this checkout was cloned from; "" where there is neither."""
    return _from_metadata() or _from_checkout(Path(__file__).parents[1] / ".git")


def _from_metadata() -> str:
    from importlib.metadata import PackageNotFoundError, metadata  # which weighs a megabyte

    try:
        told = metadata("pikaraoke-enrichment")
    except PackageNotFoundError:
        return ""
    pages = {"home-page": told["Home-page"] or ""}
    for line in told.get_all("Project-URL") or ():
        name, _, url = line.partition(",")
        pages[name.strip().lower()] = url.strip()
    return next((url for key in _HOME_KEYS if (url := _public(pages.get(key, "")))), "")


def _from_checkout(git: Path) -> str:
    """Where git says that it cloned from, if that is an address that anybody can open."""
    if git.is_file():  # a worktree names the folder that it belongs to
        where = git.read_text(encoding="utf-8", errors="replace").removeprefix("gitdir:").strip()
        git = (git.parent / where).resolve().parents[1]
    config = configparser.ConfigParser(strict=False, interpolation=None)
    try:
        config.read_string((git / "config").read_text(encoding="utf-8", errors="replace"))
        url = config.get('remote "origin"', "url", fallback="")
    except (OSError, configparser.Error):
        return ""
    return _public(url.removesuffix(".git"))


def _public(url: str) -> str:
    """An https address without a name or password in it that leads somewhere from outside."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return ""
    if parts.scheme != "https" or "@" in parts.netloc or port or "." not in host:
        return ""
    try:
        return url if ipaddress.ip_address(host).is_global else ""
    except ValueError:
        return "" if _PRIVATE.search(host) else as_contact(url)

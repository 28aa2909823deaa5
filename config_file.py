"""Writing settings to the config file that PiKaraoke keeps too, without losing what is its own."""

from __future__ import annotations

import configparser
import contextlib
import io
import os
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path

from .config import fault
from .exceptions import SettingsError

# PiKaraoke empties the file and writes it anew: one that changes while it is read is read again.
_SETTLED_FOR, _PATIENCE = 0.03, 2.0


def write(path: str, values: Mapping[tuple[str, str], str]) -> None:
    """Set options in the config file, in one step and readable by its owner alone.

    Every other section and option stays as it is; comments go, as they do when PiKaraoke writes.
    An option is cleared with "", not removed: PiKaraoke would write it back from its memory.

    Args:
        path: the file; made where there is none.
        values: section and option -> text of one line.
    Raises:
        SettingsError: the file is no config file, or cannot be written; nothing was changed then.
    """
    target = Path(os.path.realpath(path))
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, _with(_read(target), values, path))
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be written ({error.strerror or error}): give this user the right"
        ) from None


def _read(target: Path) -> str:
    """The file's text once it stands still, "" where there is none."""
    until = time.monotonic() + _PATIENCE
    before: str | None = None
    while time.monotonic() < until:
        try:
            text = target.read_text(encoding="utf-8-sig")
        except FileNotFoundError:
            text = ""
        except UnicodeDecodeError:
            raise SettingsError(f"{target} is no text in UTF-8: it was left as it is") from None
        if text == before:
            return text
        before = text
        time.sleep(_SETTLED_FOR)
    return before or ""


def _with(text: str, values: Mapping[tuple[str, str], str], path: str) -> str:
    """The file's text with the options set. No interpolation: a "%" is just a "%"."""
    parser = configparser.ConfigParser(interpolation=None)
    try:
        parser.read_string(text)
        for (section, option), value in values.items():
            if not parser.has_section(section):
                parser.add_section(section)
            parser.set(section, option, " ".join(value.split()))
    except configparser.Error as error:
        raise SettingsError(
            f"{path} cannot be read as a config file ({fault(error)}): it was left as it is"
        ) from None
    out = io.StringIO()
    parser.write(out)
    return out.getvalue()


def _replace(target: Path, text: str) -> None:
    """Put the new text in the file's place in one step, with the file's owner and rights 0600."""
    handle, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)  # 0600
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        if target.exists() and hasattr(os, "chown"):
            owner = target.stat()
            if (owner.st_uid, owner.st_gid) != (os.geteuid(), os.getegid()):
                os.chown(draft, owner.st_uid, owner.st_gid)
        os.replace(draft, target)
    except BaseException:
        with contextlib.suppress(OSError):
            os.unlink(draft)
        raise

"""What is sent once: files, compressed and kept for a year, and progress where it is news."""

from __future__ import annotations

import gzip
import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from flask import Response, json, jsonify, request, send_from_directory

FOLDER = Path(__file__).with_name("static")
# Text: pictures and fonts are compressed as they are.
_COMPRESSED = {".css", ".js", ".svg"}
# A year: under another version a file has another address.
_FOR_EVER = "public, max-age=31536000, immutable"
# Bytes below which an answer fits one packet however it is written.
_FITS_A_PACKET = 1200


def add_version(endpoint: str, values: dict[str, Any]) -> None:
    """Put the version of a static file into its address; for `url_for`."""
    if endpoint == "enrichment.static" and "filename" in values:
        values.setdefault("v", version(values["filename"]))


def version(filename: str) -> str | None:
    """A word that is another once the file's content is; None for no file of ours."""
    path = FOLDER / filename
    return _version(path, path.stat().st_mtime_ns) if path.is_file() else None


def static_file(filename: str) -> Response:
    """One of our files, compressed where the browser takes it; 404 where there is none."""
    path = FOLDER / filename
    response = send_from_directory(FOLDER, filename)  # keeps to the folder
    if path.suffix in _COMPRESSED:
        response.vary.add("Accept-Encoding")
        if _takes_gzip():
            response.direct_passthrough = False
            response.set_data(_compressed(path, path.stat().st_mtime_ns))
            response.headers["Content-Encoding"] = "gzip"
            # The bytes are others: what was kept uncompressed is not to be taken for them.
            response.set_etag(f"{response.get_etag()[0]}-gzip")
            response.make_conditional(request)
    is_known = request.args.get("v") == version(filename)
    response.headers["Cache-Control"] = _FOR_EVER if is_known else "no-cache"
    return response


@cache
def _version(path: Path, _changed: int) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@cache
def _compressed(path: Path, _changed: int) -> bytes:
    return gzip.compress(path.read_bytes(), 9)


def _takes_gzip() -> bool:
    return request.accept_encodings["gzip"] > 0


def news(body: dict[str, Any], same: dict[str, Any]) -> Response:
    """`body` as JSON; 304 without a body where the asker has all of `same` already, as its
    If-None-Match says."""
    response = jsonify(body)
    tag = hashlib.sha256(json.dumps(same, sort_keys=True).encode()).hexdigest()[:20]
    response.set_etag(tag, weak=True)
    response.make_conditional(request)
    if response.status_code == 200 and _takes_gzip():
        text = response.get_data()
        if len(text) > _FITS_A_PACKET:
            response.set_data(gzip.compress(text, 1))
            response.headers["Content-Encoding"] = "gzip"
    response.vary.add("Accept-Encoding")
    return response

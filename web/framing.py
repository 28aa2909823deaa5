"""Inside PiKaraoke: a Content-Security-Policy that lets its frame work and nothing else in.

PiKaraoke's frame holds a script and styles inline. The script is allowed by its hash, taken from
the frame rendered by itself: whatever else may slip into a page of ours has another one.
"""

from __future__ import annotations

import base64
import hashlib
import re

from flask import g, render_template, request

_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_PLAIN_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)


def policy() -> str:
    """The policy for the page that answers this request."""
    if "enrichment_policy" not in g:
        g.enrichment_policy = _policy(render_template("enrichment/frame.html"))
    return str(g.enrichment_policy)


def _policy(frame: str) -> str:
    hashes = " ".join(dict.fromkeys(_hash(script) for script in _INLINE.findall(frame)))
    # Older browsers do not count a socket at the same address as 'self'.
    host = request.host if _PLAIN_HOST.fullmatch(request.host) else ""
    sockets = f"ws://{host} wss://{host}" if host else ""
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' {hashes}".rstrip(),
            "style-src 'self' 'unsafe-inline'",
            "font-src 'self'",
            "img-src 'self' data:",
            "media-src 'self'",
            f"connect-src 'self' {sockets}".rstrip(),
            "form-action 'self'",
            "frame-ancestors 'self'",
            "base-uri 'none'",
        )
    )


def _hash(script: str) -> str:
    # A browser reads line ends as "\n" before it compares.
    text = script.replace("\r\n", "\n").replace("\r", "\n")
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"

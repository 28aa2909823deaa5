"""The Content-Security-Policy: our own files alone, and inside PiKaraoke what its frame needs.

PiKaraoke's frame holds a script and styles inline. The policy allows the script by its hash, taken
from the frame rendered by itself: whatever else may slip into a page of ours has another one.
"""

from __future__ import annotations

import base64
import hashlib
import re

from flask import g, render_template, request

_INLINE = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)
_PLAIN_HOST = re.compile(r"[\w.:\[\]-]+", re.ASCII)
# Nothing inline, nothing from outside, in nobody's frame.
_DIRECTIVES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "media-src": "'self'",
    "connect-src": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'self'",
    "base-uri": "'none'",
}
POLICY = "; ".join(f"{name} {allowed}" for name, allowed in _DIRECTIVES.items())


def policy_in_frame() -> str:
    """The policy for a page in PiKaraoke's frame that answers this request."""
    if "enrichment_policy" not in g:
        allowed = {**_DIRECTIVES, "style-src": "'self' 'unsafe-inline'", "font-src": "'self'"}
        for script in dict.fromkeys(_INLINE.findall(render_template("enrichment/frame.html"))):
            # A browser reads line ends as "\n" before it compares.
            text = script.replace("\r\n", "\n").replace("\r", "\n")
            digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
            allowed["script-src"] += f" 'sha256-{digest}'"
        # Older browsers do not count a socket at the same address as 'self'.
        if _PLAIN_HOST.fullmatch(request.host):
            allowed["connect-src"] += f" ws://{request.host} wss://{request.host}"
        g.enrichment_policy = "; ".join(f"{name} {value}" for name, value in allowed.items())
    return str(g.enrichment_policy)

"""Who MetaBrainz lets in: programs that say how their maker can be reached."""

from __future__ import annotations

import re

# "Name/version ( contact )", the contact a web address or a mail address.
_FORM = re.compile(r"[^\s/()]+/[^\s()]+ \( ?(?P<contact>[^()\s]+) ?\)(?: .*)?")


def names_contact(user_agent: str) -> bool:
    """Whether a User-Agent is of the form that MusicBrainz and ListenBrainz ask for."""
    found = _FORM.fullmatch(user_agent)
    return found is not None and ("@" in found["contact"] or "://" in found["contact"])

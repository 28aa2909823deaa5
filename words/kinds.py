"""What has become of a song, in the same word on terminal, tiles, filter and in the review."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..system.said import N_

LABELS = {
    "enriched": N_("Enriched"),
    "name_only": N_("Name only"),
    "not_found": N_("Not found"),
    "verified": N_("Verified"),
    "waiting": N_("Waiting"),
}
# A kind's `metadata_status`, as a list is filtered by it. Some of those whose name alone is known
# wait for their first look-up.
STATUSES = {
    "enriched": "enriched",
    "name_only": "parsed",
    "not_found": "enrichment_failed",
    "verified": "manual",
    "waiting": "waiting",
}


def counted(snapshot: Mapping[str, Any]) -> dict[str, int]:
    """The songs of each kind, which add up to all. A song that is looked up anew is still what it
    was."""
    enriched, not_found, verified = (snapshot[name] for name in ("enriched", "failed", "manual"))
    known = enriched + not_found + verified
    name_only = max(0, snapshot["processed"] - known)
    return {
        "enriched": enriched,
        "name_only": name_only,
        "not_found": not_found,
        "verified": verified,
        "waiting": max(0, snapshot["total"] - known - name_only),
    }

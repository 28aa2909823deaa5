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
    """The songs of each kind, which add up to all: as many as a list of that kind shows. One that
    is looked up anew is still what it was, unless nothing but its name was known."""
    told = {
        "enriched": snapshot["enriched"],
        "name_only": snapshot["name_only"],
        "not_found": snapshot["failed"],
        "verified": snapshot["manual"],
    }
    return {**told, "waiting": max(0, snapshot["total"] - sum(told.values()))}

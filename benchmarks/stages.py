"""What several benchmarks set up: a library before Last.fm's stand-in alone, and waiting for it."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from pikaraoke_enrichment import config


def lastfm_alone(place: Path, url: str, rate: float) -> config.Settings:
    """Settings for a library in a folder, with Last.fm at `url`, asked `rate` times a second."""
    base = config.load({"ENRICHMENT_CONFIG": str(place / "config.ini")})
    db = str(place / "pikaraoke.db")
    return replace(
        base,
        db=db,
        queue=config.default_queue(db),
        providers=("lastfm",),
        lastfm_api_key="a-key",
        lastfm_url=url,
        lastfm_rate=rate,
    )


def until(condition: Callable[[], Any], seconds: float = 60.0) -> float:
    """Wait until a condition holds; returns the seconds that took. Raises TimeoutError."""
    began = time.monotonic()
    while not condition():
        if time.monotonic() - began > seconds:
            raise TimeoutError(f"not within {seconds:g} s")
        time.sleep(0.005)
    return time.monotonic() - began

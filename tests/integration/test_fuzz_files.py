"""What people's files may hold: each is taken, or refused in words, whatever stands in it."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from pikaraoke_enrichment import config
from pikaraoke_enrichment.exceptions import BadList, NoCorrections, SettingsError
from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.tasks import cataloguing
from pikaraoke_enrichment.tasks.review import corrections

HEAD = "youtube_id,name,artist,title,variant,year,genre,corrected_at\n"
CELLS = st.text(st.characters(codec="utf-8"), max_size=12)
ROWS = st.lists(st.lists(CELLS, max_size=9).map(",".join), max_size=4).map("\n".join)
FILES = (
    st.binary(max_size=200)
    | ROWS.map(lambda rows: f"{HEAD}{rows}".encode())
    | ROWS.map(lambda rows: f"{HEAD}{rows}".encode("utf-16"))
    | ROWS.map(lambda rows: f"Artist;Title;Year\n{rows}".encode())
)
FUZZ = settings(
    max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.mark.usefixtures("library")
@given(data=FILES)
@example(data=b"\xff\xfe")
@example(data=HEAD.encode() + b'"' * 1001)
@example(data=HEAD.encode() + b",a.mp4,x,y," + b"9" * 5000)
@FUZZ
def test_any_file_of_corrections(data: bytes, tmp_path: Path) -> None:
    Song.get_or_create(file_path="/songs/a.mp4", defaults={"format": "mp4", "title": "a"})
    file = tmp_path / "list.csv"
    file.write_bytes(data)
    with suppress(NoCorrections):
        corrections.read_file(file)


@given(data=FILES)
@FUZZ
def test_any_list_for_the_catalogue(data: bytes) -> None:
    with suppress(BadList):
        cataloguing.read_list(data, "list.csv")


@given(data=st.binary(max_size=100) | ROWS.map(lambda text: f"[ENRICHMENT]\n{text}".encode()))
@FUZZ
def test_any_config_file(data: bytes, tmp_path: Path) -> None:
    file = tmp_path / "config.ini"
    file.write_bytes(data)
    with suppress(SettingsError):
        config.load({"ENRICHMENT_CONFIG": str(file)})

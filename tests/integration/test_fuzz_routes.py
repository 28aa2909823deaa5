"""Anything sent to any route of the dashboard gets an answer in words, and never a failure."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from visitors import PROGRAM

from pikaraoke_enrichment.models import CandidateRow, Song, SongDetail
from pikaraoke_enrichment.tasks import enrich, runtime
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.web import create_app

TEXTS = st.text(st.characters(codec="utf-8"), max_size=30)
_NAMED = """
songs which priority artist title year genre variant candidate seen change page after song q level
status decade sort preview pick provider key singer back next place lane missing
"""
NAMES = st.sampled_from(_NAMED.split())
LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-2, 3)
    | st.floats()
    | TEXTS
    | st.sampled_from(["failed", "review", "all", "1", "0", "true", "manual", "parsed"])
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES | TEXTS, inner, max_size=3),
    max_leaves=6,
)
BODIES = VALUES | st.dictionaries(NAMES, VALUES, max_size=6)
FORMS = st.dictionaries(NAMES, TEXTS | st.integers(-2, 3).map(str), max_size=5)
DEEP = "[" * 100_000
# Answers that are refused by design: nobody is there, or the songs are elsewhere.
REFUSED_BY_DESIGN = {503}


@pytest.fixture
def app(library: runtime.Runtime) -> Flask:
    """A dashboard with songs; what asks PiKaraoke finds nobody there."""
    settings = replace(library.settings, pikaraoke_url="http://127.0.0.1:9")
    runtime.forget()
    runtime.configure(settings)
    for number in range(1, 4):
        song = Song.create(
            file_path=f"/songs/{number}.mp4",
            format="mp4",
            title=f"Song {number}",
            metadata_status="parsed",
            confidence=0.4,
        )
        SongDetail.create(song=song, file_name=f"{number}.mp4", decided_at=1.0)
        known = {"artist": "Queen", "title": f"Song {number}", "confidence": 0.6}
        CandidateRow.create(song=song, rank=1, providers="lastfm", **known)
    listing.fill()
    enrich.follow()
    return create_app(settings)


def addresses(app: Flask, method: str, song_id: Any) -> list[str]:
    """Every route of a method; the numbers and names in it filled in."""
    found = []
    for rule in app.url_map.iter_rules():
        address = str(rule)
        if method not in (rule.methods or ()) or not address.startswith("/enrichment/"):
            continue
        if "<path:" in address or "static" in address:
            continue
        for part in address.split("<")[1:]:
            word = part.split(">")[0]
            value = str(song_id) if word.startswith("int:") else "x"
            address = address.replace(f"<{word}>", value)
        found.append(address)
    return sorted(found)


def check(answer: Any, address: str) -> None:
    assert answer.status_code < 500 or answer.status_code in REFUSED_BY_DESIGN, (
        address,
        answer.status_code,
        answer.text[:500],
    )
    answer.close()


def post(client: FlaskClient, address: str, body: Any) -> Any:
    text = body if isinstance(body, str) else json.dumps(body)
    return client.post(address, data=text, headers=PROGRAM)


FUZZ = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@given(body=BODIES, song_id=st.sampled_from([1, 2, 999, 2**63, 10**30]), data=st.data())
@FUZZ
def test_any_json_gets_an_answer(app: Flask, body: Any, song_id: int, data: st.DataObject) -> None:
    address = data.draw(st.sampled_from(addresses(app, "POST", song_id)))
    check(post(app.test_client(use_cookies=False), address, body), address)


ODD = (DEEP, f'{{"songs": {DEEP}', '{"a":' * 100_000, "", "{", r'"\ud800"')


@pytest.mark.parametrize("body", ODD, ids=["list", "songs", "object", "none", "half", "surrogate"])
def test_no_json_is_too_odd(app: Flask, body: str) -> None:
    client = app.test_client(use_cookies=False)
    for address in addresses(app, "POST", 1):
        answer = post(client, address, body)
        check(answer, address)


@given(query=FORMS, song_id=st.sampled_from([1, 999, 2**63]), data=st.data())
@example(query={"page": "9" * 5000}, song_id=1, data=None)
@FUZZ
def test_any_query_gets_an_answer(
    app: Flask, query: dict[str, str], song_id: int, data: st.DataObject | None
) -> None:
    every = addresses(app, "GET", song_id)
    chosen = [data.draw(st.sampled_from(every))] if data is not None else every
    for address in chosen:
        for accept in ("text/html", "application/json"):
            client = app.test_client()
            answer = client.get(address, query_string=query, headers={"Accept": accept})
            check(answer, address)


@given(form=FORMS, song_id=st.sampled_from([1, 999]), data=st.data())
@FUZZ
def test_any_form_gets_an_answer(
    app: Flask, form: dict[str, str], song_id: int, data: st.DataObject
) -> None:
    client = app.test_client()
    client.get("/enrichment/settings", headers={"Accept": "text/html"})
    with client.session_transaction() as session:
        token = session["enrichment_csrf"]
    address = data.draw(st.sampled_from(addresses(app, "POST", song_id)))
    answer = client.post(
        address, data={**form, "csrf_token": token}, headers={"Accept": "text/html"}
    )
    check(answer, address)

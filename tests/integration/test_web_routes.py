"""Every address of the dashboard: a change wants the token, and all but the guests' the admin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask
from visitors import BROWSER

from pikaraoke_enrichment.models import Song
from pikaraoke_enrichment.tasks import runtime
from pikaraoke_enrichment.web import create_app

OPEN = {"static", "healthz", "login", "login_try"}
FOR_GUESTS = {"find", "to_queue"}


@pytest.fixture
def app(library: runtime.Runtime) -> Flask:
    Song.create(file_path="/songs/a.mp4", format="mp4", title="a")
    return create_app(replace(library.settings, admin_password="correct horse", guests=True))


def addresses(app: Flask, method: str) -> Iterator[tuple[str, str]]:
    """Name and address of each route of ours."""
    urls = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        _blueprint, dot, name = rule.endpoint.partition(".")
        if dot and method in (rule.methods or ()):
            values = {each: 1 if each == "song_id" else "x" for each in rule.arguments}
            yield name, urls.build(rule.endpoint, values)


def test_whatever_changes_something_wants_the_token(app: Flask) -> None:
    admin = create_app(replace(app.extensions["enrichment"].settings, admin_password=""))
    tried = 0
    for name, address in addresses(app, "POST"):
        client = admin.test_client()
        client.get("/enrichment/", headers=BROWSER)  # a session, as a browser has one
        answer = client.post(address, data={"songs": "1", "title": "x"}, headers=BROWSER)
        assert answer.status_code == 403, name
        tried += 1
    assert tried > 20
    assert Song.get().title == "a"


def test_no_page_stands_in_a_strangers_frame(app: Flask) -> None:
    admin = create_app(replace(app.extensions["enrichment"].settings, admin_password=""))
    for name, address in addresses(admin, "GET"):
        policy = (
            admin.test_client().get(address, headers=BROWSER).headers["Content-Security-Policy"]
        )
        for rule in ("frame-ancestors 'self'", "form-action 'self'", "default-src 'none'"):
            assert rule in policy, name


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_all_but_the_guests_pages_is_the_admin_s(app: Flask, method: str) -> None:
    for name, address in addresses(app, method):
        if name in OPEN | FOR_GUESTS:
            continue
        stranger = app.test_client(use_cookies=False)
        answer = stranger.open(address, method=method, json={} if method == "POST" else None)
        assert answer.status_code == 401, name

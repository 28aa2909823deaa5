"""Every word of every page goes through gettext: shown in a language that marks all it says."""

from __future__ import annotations

import json
import re
import time
from html.parser import HTMLParser

import pytest
from babel import Locale
from flask.testing import FlaskClient

from pikaraoke_enrichment.models import CandidateRow, ProviderState, QueueEntry, Song, SongDetail
from pikaraoke_enrichment.system.said import Said
from pikaraoke_enrichment.tasks import control, runtime
from pikaraoke_enrichment.tasks.judging.languages import CODES
from pikaraoke_enrichment.tasks.review import editing, many
from pikaraoke_enrichment.tasks.search import listing
from pikaraoke_enrichment.web import create_app, texts, wording
from pikaraoke_enrichment.words import languages
from pikaraoke_enrichment.words.language import Language
from pikaraoke_enrichment.words.sentences import service

BROWSER = {"Accept": "text/html"}
PAGES = (
    "",
    "songs",
    "songs?q=none&level=high",
    "songs/1",
    "songs/2",
    "songs/999",
    "review",
    "review?after=0:9:0:0:0.0:0",
    "review/many?from=0",
    "review/many?from=1",
    "batch/{batch}",
    "batch/none",
    "settings",
    "find",
    "rename",
    "songs?decade=soon",
)
# Names, and keys that are pressed; "mp4" is the songs' own.
NAMES = {"PiKaraoke", "Last.fm", "MusicBrainz", "iTunes", "ListenBrainz", "US", "GB", "DE", "mp4"}
NAMES |= {"CC", "BY-NC-SA", "U", "R", "E", "S", "H"}
_WORD = re.compile(r"[^\W\d][\w.-]*")
ENGLISH = Locale("en").languages
# Babel names the languages in the reader's, which is English under the marked one.
NAMES |= {word for code in CODES for word in _WORD.findall(f"{ENGLISH.get(code)}")}
READ_ALOUD = {"aria-label", "aria-valuetext", "title", "alt", "placeholder"}
REASON = Said("not_found", providers=["itunes"]).as_text()


@pytest.fixture
def batch(library: runtime.Runtime) -> str:
    """Songs in every state, their names made of no letters; the name of a batch of changes."""
    assert library.consumer_name
    for number, status in enumerate(("parsed", "manual", "enriched", "enrichment_failed"), 1):
        song = Song.create(
            file_path=f"/0/{number}.mp4", format="mp4", title=f"{number}", metadata_status=status
        )
        Song.update(artist="1", year=1975, genre="2", confidence=0.4).where(
            Song.id == song.id, Song.metadata_status == "enriched"
        ).execute()
        SongDetail.create(
            song=song, file_name=f"{number}.mp4", reason=REASON, decided_at=time.time()
        )
        listing.index([song.id])
    card = {"parts": [{"code": "artist_of_library", "params": {}, "penalty": 0.0}]}
    for rank in (1, 2):
        CandidateRow.create(
            song=1,
            rank=rank,
            artist=f"{rank}",
            title="1",
            confidence=0.6,
            providers="lastfm",
            evidence=json.dumps(card),
        )
    editing.edit(2, {"title": "22", "year": "1999"})
    QueueEntry.create(song=Song.create(file_path="/0/9.mp4", format="mp4"))
    ProviderState.insert(
        name="lastfm",
        health="open",
        open_until=time.time() + 60,
        reason=Said("silent", seconds=5.0).as_text(),
    ).execute()
    control.start()
    return many.verify([3]).name


@pytest.fixture
def client(library: runtime.Runtime, batch: str, monkeypatch: pytest.MonkeyPatch) -> FlaskClient:
    assert batch
    marked = Language(
        gettext=lambda text: f"«{text}»",
        ngettext=lambda one, many, count: f"«{one if count == 1 else many}»",
    )
    monkeypatch.setattr(languages, "language", lambda _name: marked)
    return create_app(library.settings).test_client()


class Words(HTMLParser):
    """All that a page says, to the eye and to the ear."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in {"script", "style"}
        self.said += [text or "" for name, text in attrs if name in READ_ALOUD]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in {"script", "style"}

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.said.append(data)


def untranslated(page: str) -> set[str]:
    parser = Words()
    parser.feed(page)
    text = "\n".join(parser.said)
    while re.search("«[^«»]*»", text):
        text = re.sub("«[^«»]*»", "", text)
    return {word for word in _WORD.findall(text) if word not in NAMES}


@pytest.mark.parametrize("path", PAGES)
def test_nothing_is_said_in_english_alone(client: FlaskClient, batch: str, path: str) -> None:
    answer = client.get(f"/enrichment/{path.format(batch=batch)}", headers=BROWSER)
    assert "«" in answer.text
    assert untranslated(answer.text) == set()


@pytest.mark.parametrize(
    ("path", "shown", "hidden"),
    [
        ("songs/3", ["0,40", "Sicherheit 0,93"], ["0.40", "0.93"]),
        ("songs/2", ["1,00", "Bestätigt</span>"], ["1.00", "0,93"]),
        ("review/many?from=0.5", ["Sicherheit 0,60"], ["0.60"]),
        ("review/many?from=0.95", ["0,95"], ["0.95"]),
    ],
)
def test_numbers_are_the_readers(
    library: runtime.Runtime, batch: str, path: str, shown: list[str], hidden: list[str]
) -> None:
    """ "0.99" stood on a German page, and beside a person's year how sure its answer had been."""
    assert batch
    surely = {"parts": [{"name": "year", "value": 0.93, "code": "", "penalty": 0.0}]}
    SongDetail.update(sources='{"year": "itunes"}', evidence=json.dumps(surely)).where(
        SongDetail.song.in_([2, 3])
    ).execute()
    Song.update(metadata_status="enriched", confidence=0.4).where(Song.id == 3).execute()
    client = create_app(library.settings).test_client()
    page = client.get(f"/enrichment/{path}", headers={**BROWSER, "Accept-Language": "de"}).text
    for text in shown:
        assert text in page
    for text in hidden:
        assert text not in page


@pytest.mark.parametrize("name", languages.languages())
def test_every_page_in_every_language(library: runtime.Runtime, batch: str, name: str) -> None:
    client, tag = create_app(library.settings).test_client(), name.replace("_", "-")
    for path in PAGES:
        address = f"/enrichment/{path.format(batch=batch)}"
        answer = client.get(address, headers={**BROWSER, "Accept-Language": tag})
        assert answer.status_code < 500, (path, answer.text)
        assert f'<html lang="{tag}"' in answer.text


def test_sources_and_languages_are_named_and_sorted_as_the_reader_has_them(
    library: runtime.Runtime,
) -> None:
    app = create_app(library.settings)
    with app.test_request_context(headers={"Accept-Language": "de"}):
        assert service("catalogue", texts.language()) == "Listen von Liedern"
        names = [name for _code, name in wording.language_choices(["de", "da", "en"])]
    assert names == ["Dänisch", "Deutsch", "Englisch"]

"""One song: its page, and a person's edit."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from flask import jsonify, render_template, request, url_for
from werkzeug.exceptions import BadRequest, NotFound
from werkzeug.wrappers import Response

from ..exceptions import BadEdit, EditConflict, NoSuchSong
from ..models import Change, Song, SongDetail
from ..tasks.history import changes, traits
from ..tasks.judging.genres import GENRES
from ..tasks.names.identity import video_of
from ..tasks.review import asking, browsing, editing, reviewing
from ..words.sentences import kept_sentence
from . import answers, deciding, song_file
from .dashboard import blueprint
from .requested import as_typed, existing_song, given_fields, text_of
from .texts import gettext as _
from .texts import language
from .wording import (
    FIELD_LABELS,
    candidate_words,
    change_words,
    field_problem,
    known_words,
    trait_choices,
)


@blueprint.get("/songs/<int:song_id>")
def song(song_id: int) -> str:
    """A song's page (200); 404 for an id that no song has.

    With the header `X-Part: form` only the form, `X-Part: row` only its row of the list.
    """
    found = existing_song(song_id)
    part = request.headers.get("X-Part")
    if part == "form":
        return _form(found)
    if part == "row":
        return _row(found)
    return _page(found)


@blueprint.post("/songs/<int:song_id>", endpoint="edit")
def save(song_id: int) -> Response:
    """Save a person's edit of artist, title, variant, year, genre, duet, language and explicit, as
    form or JSON; the last three alone leave the rest as it is.

    A field that is not given stays as it is. `seen` is the version that the edit was made on;
    without it the edit wins over any other.

    Returns:
        303 to the song's page, or, with its `place`, on to the next song of the review as `accept`
        does; its new row for `X-Part`, or 200 `{"song": …}`. 400 where a field
        does not take its value and 409 where the song has changed since it was seen: with the form
        as it was filled in, or `{"error": …, "fields": {field: words}}`. 404 for an unknown id.
    """
    given = given_fields()
    said = {
        name: "" if given[name] is None else str(given[name])
        for name in editing.SAYABLE
        if name in given
    }
    if not said:
        names = ", ".join(editing.SAYABLE)
        raise BadRequest(_("Nothing to change: give one of %(names)s.", names=names))
    try:
        saved = editing.edit(song_id, said, seen=text_of("seen") or None)
    except EditConflict as conflict:
        words = _("The song was not saved: somebody has changed it meanwhile.")
        return _not_saved(409, song_id, said, {}, words, conflict.song)
    except BadEdit:
        problems = {
            name: words for name, value in said.items() if (words := field_problem(name, value))
        }
        problems = problems or {"title": _("A song needs a title.")}
        return _not_saved(400, song_id, said, problems, _("The song was not saved."))
    except NoSuchSong:
        raise NotFound(_("There is no such song.")) from None
    change = next(iter(changes.history(song_id, most=1)), None)
    if text_of("place"):
        return deciding.decided(song_id, change.id if change else None, _("Saved and verified."))
    browsing.forget()
    if request.headers.get("X-Part"):
        return Response(_row(saved), mimetype="text/html")
    if answers.is_page():
        return answers.back(_("Saved and verified."), url_for("enrichment.song", song_id=song_id))
    fields = {name: getattr(saved, name) for name in ("id", *changes.FIELDS)}
    told = traits.values(saved.id)
    return jsonify(song={**fields, **told, "version": editing.version(saved)})


def _not_saved(
    status: int,
    song_id: int,
    said: dict[str, str],
    problems: dict[str, str],
    words: str,
    now: Song | None = None,
) -> Response:
    """What was typed is still there, with what is wrong about it."""
    if request.is_json or not (answers.is_page() or request.headers.get("X-Part")):
        return answers.as_json(status, error=words, fields=problems)
    found = now or existing_song(song_id)
    page = _form if request.headers.get("X-Part") else _page
    html = page(found, said=said, problems=problems, words=words, is_conflict=now is not None)
    return Response(html, status, mimetype="text/html")


# --- what is shown --------------------------------------------------------------------------------


def _page(found: Song, **filled: Any) -> str:
    reading = SongDetail.get_or_none(SongDetail.song == found.id)
    past: list[Change] = changes.history(found.id)
    return render_template(
        "enrichment/song.html",
        title=_("Song"),
        here="songs",
        row=browsing.row(found.id),
        reason=kept_sentence(reading.reason, language()) if reading else "",
        known=known_words(found, *(reading.sources, reading.evidence) if reading else ("", "")),
        candidates=candidate_words(reviewing.proposals(found)),
        history=[change_words(change) for change in past],
        place=request.args.get("place", "")[:80],
        words_of=asking.words_of(found),
        video=video_of(found.youtube_id, found.file_path),
        can_be_played=song_file.player_of(found.file_path),
        **_filled(found, **filled),
    )


def _form(found: Song, **filled: Any) -> str:
    return render_template("enrichment/_form.html", **_filled(found, **filled))


def _row(found: Song) -> str:
    return render_template("enrichment/_rows.html", rows=[browsing.row(found.id)])


def _filled(
    found: Song,
    *,
    said: dict[str, str] | None = None,
    problems: dict[str, str] | None = None,
    words: str = "",
    is_conflict: bool = False,
) -> dict[str, Any]:
    """The form's fields: what was typed, else what the song has."""
    known = editing.fields_of(found)
    now = {name: as_typed(value) for name, value in known.items()}
    return {
        "song": found,
        "fields": FIELD_LABELS,
        "choices": trait_choices(known),
        "values": {**now, **(said or {})},
        "now": now,
        "problems": problems or {},
        "words": words,
        "is_conflict": is_conflict,
        "seen": editing.version(found),
        "genres": GENRES,
        "last_year": datetime.now(timezone.utc).year + 1,
    }

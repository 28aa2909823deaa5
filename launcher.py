"""PiKaraoke started with enrichment inside it: our pages in its menu, its events, our consumer."""

from __future__ import annotations

import contextlib
import importlib
import os
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import config
from .exceptions import NoPiKaraoke
from .system.child import Child, Keeper
from .system.invocation import adding, typed

if TYPE_CHECKING:
    from .inside.shown_names import ShownNames
    from .inside.waiting import Waiting

# How often PiKaraoke is looked for while it starts, in seconds.
LOOK_EVERY = 0.1


def launch(arguments: Sequence[str]) -> int:
    """Run PiKaraoke with these arguments of its own until it ends.

    Raises:
        NoPiKaraoke: it is not installed in this environment, or not one that we know.
    """
    sys.argv = ["pikaraoke", *arguments]
    app_module = _import_pikaraoke()
    settings = _settings(app_module.args)

    import gevent

    from .inside.seams import open_seams
    from .tasks.review import interrupted
    from .web import init_app
    from .web.mounted import EXTENSION

    init_app(app_module.app, settings)
    mounted = app_module.app.extensions[EXTENSION]
    names = open_seams(mounted.following)
    args = app_module.args
    address = f"http://127.0.0.1:{args.port}{args.base_path}"  # where this machine reaches it
    consumer = Keeper("consumer", partial(_consumer, settings, address))
    if Path(settings.db).exists():
        # Before PiKaraoke looks which files there are, and takes a renamed one for another song.
        # There may be no table of ours yet.
        with (
            contextlib.suppress(sqlite3.Error, OSError),
            contextlib.closing(sqlite3.connect(settings.db)) as connection,
            connection,
        ):
            interrupted.finish(connection.execute)
    joining = gevent.spawn(_join_in, app_module.app, consumer, names, mounted.waiting)
    try:
        app_module.main()
    finally:
        joining.kill()
        consumer.end()
    return 0


def _import_pikaraoke() -> Any:
    """PiKaraoke's own module, whose first deed is gevent's monkey-patching: so before Flask, our
    models or anything else that knows threads and sockets."""
    try:
        app_module = importlib.import_module("pikaraoke.app")
    except ModuleNotFoundError as error:
        if error.name != "pikaraoke":
            raise
        raise NoPiKaraoke(
            f"PiKaraoke is not installed in this environment: {adding('pikaraoke')}, or start it "
            f"as you always do and run {typed('run')} beside it"
        ) from None
    # Before 1.22 it tells its templates nothing of who is its admin: whoever is in the room would
    # be let into our pages.
    if not callable(app_module.app.jinja_env.globals.get("is_admin")):
        raise NoPiKaraoke(
            "this PiKaraoke does not tell who its admin is, so that everyone in the room could "
            f"change songs: update it ({adding('pikaraoke==1.23.0')}), or start it as you always "
            f"do and run {typed('run')} beside it"
        )
    return app_module


def _settings(args: Any) -> config.Settings:
    """Our settings for this PiKaraoke: its own database always, its config file unless told."""
    data = Path(importlib.import_module("pikaraoke.lib.get_platform").get_data_directory())
    if not os.environ.get("ENRICHMENT_CONFIG", "").strip():
        place = data / args.config_file_path  # an absolute one stays
        os.environ["ENRICHMENT_CONFIG"] = str(place)
    settings = config.load()
    db = str(data / "pikaraoke.db")
    if settings.db == db:
        return settings
    return replace(settings, db=db, queue=config.default_queue(db))


# --- what goes on beside its main loop ------------------------------------------------------------


def _join_in(app: Any, consumer: Keeper, names: ShownNames | None, waiting: Waiting) -> None:
    """Once PiKaraoke is there, with its database made, listen to it, have a consumer kept, and have
    it show what is known and how many songs wait for the host."""
    import gevent

    from .inside.following import follow
    from .inside.seams import hide_from_guests
    from .inside.waiting import keep_counted
    from .web.texts import gettext

    while "KARAOKE_INSTANCE" not in app.config:
        gevent.sleep(LOOK_EVERY)
    karaoke = app.config["KARAOKE_INSTANCE"]
    listen(karaoke)
    consumer.start()
    counting = gevent.spawn(keep_counted, waiting)
    try:
        if names is not None:
            refusal = partial(gettext, "There is no such song.")
            follow(karaoke, names, hide_from_guests(names, refusal))
        counting.join()
    finally:
        counting.kill()


def listen(karaoke: Any) -> None:
    """Queue what PiKaraoke downloads and renames, and what its singers choose, before the rest."""
    from .tasks.queue.table import UPLOAD
    from .tasks.uploads import hurry, queue_for_enrichment, take_renamed

    def downloaded(path: str, *_: Any) -> None:
        _soon(queue_for_enrichment, path, UPLOAD)

    def renamed(song_id: int, *_: Any) -> None:
        _soon(take_renamed, song_id)

    def chosen() -> None:
        _soon(hurry, [item["file"] for item in karaoke.queue_manager.queue])

    karaoke.events.on("song_downloaded", downloaded)
    karaoke.events.on("song_renamed", renamed)
    karaoke.events.on("queue_update", chosen)


def _soon(work: Any, *given: Any) -> None:
    """PiKaraoke calls us in the midst of its own work, and must neither wait nor fail for us."""
    from .system import real_thread

    real_thread.spawn(work, *given)


def _consumer(settings: config.Settings, pikaraoke_url: str) -> Child:
    """The consumer, which ends with this process, however it ends; its log is on standard error, as
    PiKaraoke's."""
    return Child(
        "run",
        "--no-dashboard",
        "--until-stdin-closes",
        environment={
            **settings.whole_environment(),
            "ENRICHMENT_DB": settings.db,
            "ENRICHMENT_QUEUE": settings.queue,
            "ENRICHMENT_PIKARAOKE_URL": pikaraoke_url,
        },
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    )

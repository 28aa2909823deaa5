"""The command that asks all a first start needs, for who has no browser at hand: `setup`."""

from __future__ import annotations

import click

from .. import config
from ..exceptions import NoAnswer, UsageError
from ..providers import services
from ..system.terminal import counted
from . import asking, kit
from .kit import PROGRAM
from .settings import tried


@kit.command(
    "setup",
    "ask for all that a first start needs: contact, keys, guests, the password",
    more="Enter alone leaves each as it is. The settings page of the dashboard asks the same.",
)
def setup() -> int:
    """Ask, try, save, one after another."""
    if not asking.is_terminal():
        raise UsageError(f"setup asks a person: in a script take `{PROGRAM} set`")
    settings = config.load()
    click.echo(_found(settings))
    now = settings.musicbrainz_contact
    text = click.prompt("Your mail address or URL, which MusicBrainz asks for", default=now).strip()
    if text != now:
        asking.save(settings, musicbrainz_contact=text)
    for service in services.SERVICES:
        if service.key is not None:
            _ask_for_key(service, settings)
    guests = click.confirm(
        "May everyone in the room find songs and put them into the queue?", default=settings.guests
    )
    if guests != settings.guests:
        asking.save(settings, guests="yes" if guests else "no")
    asking.for_the_house(config.load(), is_wished=False)
    click.echo(f"That is all. Start it: {PROGRAM} run")
    return 0


def _found(settings: config.Settings) -> str:
    """The library and its songs."""
    from ..tasks.review.name_alone import is_ready

    if not is_ready(settings.db):
        return f"There is no library at {settings.db} yet: `{PROGRAM} run DIR` makes one."
    from ..models import Song

    kit.open_library()
    return f"The library at {settings.db} has {counted(Song.select().count(), 'song')}."


def _ask_for_key(service: services.Service, settings: config.Settings) -> None:
    key = service.key
    assert key is not None
    state = "one is set" if settings.key(service.name) else "none is set"
    click.echo(f"\n{service.label}: a free {key.word} makes it faster and surer: {key.page}")
    question = f"{service.label}'s {key.word} ({state}; Enter alone leaves it so)"
    while text := asking.secret(question):
        try:
            click.echo(tried(service.name, text, settings, must=True))
        except NoAnswer as error:
            click.echo(str(error))
            continue
        asking.save(settings, **{key.setting: text})
        return

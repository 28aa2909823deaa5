"""The command that asks all a first start needs, for who has no browser at hand: `setup`."""

from __future__ import annotations

import click

from .. import config
from ..exceptions import NoAnswer, UsageError
from ..providers import services
from ..system.invocation import typed
from ..system.terminal import counted, tell
from ..words.sentences import sentence
from . import asking, kit
from .settings import tried


@kit.command(
    "setup",
    "ask for all that a first start needs: contact, keys, guests, the password",
    more="Enter alone leaves each as it is. The dashboard's first page asks the same.",
)
def setup() -> int:
    """Ask, try, save, one after another."""
    from ..models import Song
    from ..tasks import control, first_run
    from ..tasks.review.name_alone import is_ready

    if not asking.is_terminal():
        raise UsageError(f"setup asks a person: in a script take `{typed('set')}`")
    settings = before = config.load()
    songs: int | None = None
    if is_ready(settings.db):
        kit.open_library()
        songs = int(Song.select().count())
    if songs is None:
        tell(f"There is no library at {settings.db} yet: `{typed('run DIR')}` makes one.")
    else:
        tell(f"The library at {settings.db} has {counted(songs, 'song')}.")
    now = settings.musicbrainz_contact
    question = "Your mail address or web page, which MusicBrainz asks for"
    if (contact := asking.new_contact(question, now)) != now:
        asking.save(settings, musicbrainz_contact=contact)
    for service in services.SERVICES:
        if service.key is not None:
            _ask_for_key(service, service.key, songs or 0, config.load())
    click.echo()
    tell(
        "The list of a karaoke book names many songs without a network: "
        f"{typed('catalogue import FILE')}"
    )
    guests = click.confirm(
        "May everyone in the room find songs and put them into the queue?", default=settings.guests
    )
    if guests != settings.guests:
        asking.save(settings, guests="yes" if guests else "no")
    asking.for_the_house(config.load(), is_wished=False, anew=True)
    if songs is None:
        tell(f"That is all. Start it: {typed('run DIR')}, with the folder of your songs")
    else:
        first_run.set_done()
        if _let_in_by(config.load()) != _let_in_by(before):
            kit.tell_undecided(settings, "with it")
        tell(f"That is all. Start it: {control.run_again()}")
    return 0


def _let_in_by(settings: config.Settings) -> list[str]:
    """What services ask for before they answer."""
    return [settings.musicbrainz_contact, *map(settings.key, services.KEYS)]


def _ask_for_key(
    service: services.Service, key: services.Key, songs: int, settings: config.Settings
) -> None:
    """Ask until the service takes a key, or none is typed."""
    from ..tasks import first_run

    click.echo()
    tell(f"{service.label}: a free {key.word} lets it be asked: {key.page}")
    if said := first_run.said_gain(service.name, songs, settings):
        tell(sentence(said))
    state = "one is set" if settings.key(service.name) else "none is set"
    question = f"{service.label}'s {key.word} ({state}; Enter alone leaves it so)"
    while text := asking.secret(question):
        try:
            click.echo(tried(service.name, text, settings, must=True))
        except NoAnswer as error:
            tell(str(error))
            continue
        asking.save(settings, **{key.setting: text})
        return

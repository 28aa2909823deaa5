"""What the names of one folder, or of one maker, have in common: numbers in front, and the order
of artist and title. Pure."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from ..names.artist_likeness import is_artist
from ..names.channels import Order
from ..names.folding import fold
from ..names.front_numbers import numbered_kinds
from ..names.spelling import unpack
from ..parsing import (
    NO_HABIT,
    NO_KNOWLEDGE,
    Habit,
    Habits,
    Knowledge,
    ParsedName,
    parse,
)
from .lessons import maker_of, taught

# How many sure names tell an order, and what share of them has to agree: within one list or maker
# 86 to 99.6 % did.
FEWEST, SHARE = 5, 0.85
# How many of a folder's names are read to learn from, at most; 300 take 30 ms.
MOST_READ = 300


class Told(NamedTuple):
    """One name of a folder, and whose song it is where an answer or a person has said so."""

    name: str
    artist: str = ""
    title: str = ""


def order_in(name: str, artist: str, title: str) -> Order | None:
    """Which of the two stands first in a name; None where they do not both stand in it."""
    text = f" {fold(unpack(name)[0])} "
    at_artist, at_title = text.find(f" {fold(artist)} "), text.find(f" {fold(title)} ")
    if min(at_artist, at_title) < 0 or at_artist == at_title:
        return None
    return "title" if at_title < at_artist else "artist"


def learn(names: Iterable[tuple[str, Told]]) -> Habits:
    """The habits of folders and makers.

    Args:
        names: folder and name of each file; names of one folder are neighbours.
    """
    makers: dict[str, list[Order]] = defaultdict(list)
    habits: dict[str, Habit] = {}
    for folder, each in groupby(names, itemgetter(0)):
        inside = [told for _, told in each]
        inside = inside[:: 1 + len(inside) // MOST_READ]
        numbered = numbered_kinds(unpack(told.name, None)[0] for told in inside)
        found: list[Order] = []
        for told in inside if len(inside) >= FEWEST else ():
            artist, title = _song_of(told, numbered)
            if order := order_in(told.name, artist, title):
                found.append(order)
                if maker := maker_of(told.name, artist, title):
                    makers[maker].append(order)
        habits[folder] = _habit(found)._replace(numbered=numbered)
    of_makers = {maker: _habit(orders) for maker, orders in makers.items()}
    return Habits(
        {folder: habit for folder, habit in habits.items() if habit.first or habit.numbered},
        {maker: habit for maker, habit in of_makers.items() if habit.first},
    )


def _song_of(told: Told, numbered: Mapping[str, bool]) -> tuple[str, str]:
    """Artist and title that are sure, both "" where none are."""
    if told.artist and told.title:
        return told.artist, told.title
    with contextlib.suppress(Exception):  # a name that our code fails on costs itself alone
        best = parse(told.name, NO_KNOWLEDGE, Habit(numbered=numbered)).hypotheses[0]
        if best.strength == "strong":
            return best.artist, best.title
    return "", ""


def _habit(found: Sequence[Order]) -> Habit:
    """The order that most of these show, if they are enough."""
    orders: tuple[Order, Order] = ("title", "artist")
    first = max(orders, key=found.count)
    agreeing = found.count(first)
    if agreeing < FEWEST or agreeing < SHARE * len(found):
        return NO_HABIT
    return Habit(first, agreeing, len(found))


def in_habit(parsed: ParsedName, folder: str, knowledge: Knowledge) -> ParsedName:
    """A name's weak readings in the order of its maker or folder; strong ones stay.

    Args:
        parsed: the name's readings.
        folder: where the file lies.
        knowledge: the habits, and whom the library knows.
    """
    habits, readings = knowledge.habits, parsed.hypotheses
    best = next((each for each in readings if each.artist), None)
    if best is None or readings[0].strength != "weak" or not (habits.makers or habits.folders):
        return parsed
    place = "of this maker"
    habit = habits.makers.get(maker_of(parsed.name, best.artist, best.title))
    if habit is None:
        habit, place = habits.folders.get(folder), "in this folder"
    order = order_in(parsed.name, best.artist, best.title)
    if habit is None or habit.first is None or order is None:
        return parsed
    why = f"{habit.agreeing} of {habit.told} names {place} put the {habit.first} first"
    artists, turned = knowledge.artists, (best.title, best.artist)
    # Nothing to turn where the library holds the artist for certain and not the title's.
    is_sure = fold(best.artist) in artists and not is_artist(best.title, artists)
    if order != habit.first and not is_sure:
        # As the parser gave it where it did.
        given = (each for each in readings if (each.artist, each.title) == turned)
        best = next(given, best._replace(artist=best.title, title=best.artist))
    best = best._replace(evidence=(why, *best.evidence))
    pair = best.artist, best.title
    rest = (each for each in readings if (each.artist, each.title) != pair)
    return parsed._replace(hypotheses=(best, *rest))


def read(name: str, knowledge: Knowledge = NO_KNOWLEDGE, folder: str = "") -> ParsedName:
    """A file's name, read as its folder, its maker and people have taught to read it.

    Args:
        name: the file's base name, or a video's title.
        knowledge: what the library knows and was taught.
        folder: where the file lies.
    """
    habit = knowledge.habits.folders.get(folder, NO_HABIT)
    parsed = in_habit(parse(name, knowledge, habit), folder, knowledge)
    return taught(parsed, knowledge)

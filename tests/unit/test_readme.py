"""What the README says is true: commands, options, settings, services, files, levels, examples."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.cli import commands
from pikaraoke_enrichment.commands.run import result_line
from pikaraoke_enrichment.config import SPECS
from pikaraoke_enrichment.demo.songs import SONGS, file_names
from pikaraoke_enrichment.providers import services
from pikaraoke_enrichment.system import bug_report
from pikaraoke_enrichment.tasks.forecast import until_named
from pikaraoke_enrichment.tasks.scoring import level_of
from pikaraoke_enrichment.web import mount
from pikaraoke_enrichment.words.units import rounded

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")


def rows(section: str) -> list[list[str]]:
    """The cells of a section's table, its head left out."""
    text = README.split(f"## {section}\n")[1].split("\n## ")[0]
    lines = [line.replace(r"\|", "/") for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines[2:]]


def code(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


# --- commands -------------------------------------------------------------------------------------


def told_commands() -> dict[str, set[str]]:
    """Each command that is told, "catalogue list" too, with its options."""
    told: dict[str, set[str]] = {}
    for line in (line for row in rows("Commands") for line in code(row[0])):
        words = re.findall(r"^[a-z]+|(?<=^catalogue )[a-z]+", line)
        told.setdefault(" ".join(words), set()).update(re.findall(r"--[a-z-]+", line))
    return told


def taken_commands(of: click.Group = commands, before: str = "") -> dict[str, set[str]]:
    """Each command that there is, with the options of its help."""
    taken: dict[str, set[str]] = {}
    for name in of.list_commands(click.Context(of)):
        each = of.get_command(click.Context(of), name)
        assert each is not None
        if isinstance(each, click.Group):
            taken |= taken_commands(each, f"{name} ")
        elif not each.hidden:  # what a page of ours calls, and nobody else
            options = [p for p in each.params if isinstance(p, click.Option) and not p.hidden]
            taken[f"{before}{name}"] = {o for p in options for o in p.opts}
    return taken


def test_every_command_and_option_is_told_and_none_that_is_not_there() -> None:
    assert told_commands() == taken_commands()


# --- settings -------------------------------------------------------------------------------------


def test_every_setting_is_told_once_and_none_that_is_not_there() -> None:
    told = [name for row in rows("Settings") for name in code(row[0])]
    assert sorted(told) == sorted(spec.variable for spec in SPECS)
    named = re.findall(r"`((?:ENRICHMENT|LASTFM|MUSICBRAINZ|ITUNES|LISTENBRAINZ)_[A-Z_]+)", README)
    assert set(named) == set(told)


def test_each_setting_stands_where_the_readme_says() -> None:
    places = {spec.variable: "[{}] {}".format(*spec.option) for spec in SPECS}
    for row in rows("Settings"):
        assert code(row[1])[0] == places[code(row[0])[0]]


def test_the_defaults_are_those_that_hold(tmp_path: Path) -> None:
    settings = config.load({"ENRICHMENT_CONFIG": str(tmp_path / "config.ini"), "HOME": "/home/pi"})
    names = {spec.variable: spec.name for spec in SPECS}
    files = {"db", "queue"}
    for row in rows("Settings"):
        told = row[2].replace("`", "")
        held = [getattr(settings, names[variable]) for variable in code(row[0])]
        if told == "the real ones":
            assert all(str(value).startswith("https://") for value in held)
        elif names[code(row[0])[0]] in files:
            assert Path(held[0]).name == code(row[2])[0]
        else:
            assert told == ", ".join(map(in_words, held)), row[0]


def in_words(value: object) -> str:
    """A default as the table spells it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    return f"{value:g}" if isinstance(value, float) else str(value or "none")


def test_the_times_are_those_of_the_forecast_and_of_the_benchmark() -> None:
    """The rows are to be put there as they are made here."""
    settings = config.load({"ENRICHMENT_CONFIG": "/nowhere", "HOME": "/home/pi"})
    rates = {name: settings.rate(name) for name in settings.providers}
    keys = {
        "without a key": (),
        "with a Last.fm key": ("lastfm",),
        "with a ListenBrainz token": ("listenbrainz",),
        "with both": ("lastfm", "listenbrainz"),
    }
    benchmarks = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    listed = re.search(r"songs a minute: catalogue, no network \| (\d+)", benchmarks)
    assert listed
    sizes = (100, 1000, 10_000)
    assert rows("How long it takes") == [
        *(
            [name, *(rounded(until_named(n, had, rates)) for n in sizes)]
            for name, had in keys.items()
        ),
        [
            "with a song list that has them",
            *(f"{max(1, round(n * 60 / int(listed[1])))} s" for n in sizes),
        ],
    ]


def test_the_services_are_those_that_are_asked() -> None:
    """The rows are to be put there as they are made here."""
    assert rows("The services") == [
        [each.label, tells(each), wants(each), f"{each.rate:g}"] for each in services.SERVICES
    ]


def tells(service: services.Service) -> str:
    return ", ".join(name for name in ("year", "genre") if name in service.supplies)


def wants(service: services.Service) -> str:
    key = service.key
    each = [f"a free [{key.word}]({key.page})"] if key else []
    return ", ".join([*each, *(["a contact"] if service.wants_contact else [])]) or "nothing"


# --- the rest -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [Path(config.default_queue("x.db")).name, mount._KEY_FILE, "pikaraoke.db", bug_report.NAME],
)
def test_every_file_that_we_make_is_told(name: str) -> None:
    assert f"`{name}`" in README


@pytest.mark.parametrize("text", [README, (ROOT / "docs" / "deploy.md").read_text("utf-8")])
def test_our_sections_of_the_config_file_are_told(text: str) -> None:
    """Who removes the program would leave keys behind."""
    for section in {spec.option[0] for spec in SPECS}:
        assert f"`[{section}]`" in text


def test_the_catalogues_file_is_told(tmp_path: Path) -> None:
    settings = config.load({"ENRICHMENT_CONFIG": str(tmp_path / "config.ini"), "HOME": "/home/pi"})
    assert f"`{settings.catalogue.name}`" in README


def test_the_levels_are_those_of_the_score() -> None:
    for numbers, name, _ in rows("How sure is it?"):
        for number in map(float, re.findall(r"\d\.\d\d", numbers)):
            status = "manual" if number == 1.0 else "enriched" if number >= 0.7 else "parsed"
            assert level_of(number, status).label == name, number


def test_the_example_lines_are_those_of_the_demonstration() -> None:
    lines = re.findall(r"^    ( *\d+  \d\.\d\d .*  <-  (.*))$", README, re.MULTILINE)
    assert len(lines) == 2
    for line, name in lines:
        assert name in file_names()
        song = next(song for song in SONGS if f"{song.artist} - {song.title} (" in line)
        assert line == result_line(
            {
                "id": int(line.split()[0]),  # "lines like": another file more shifts the numbers
                "status": "enriched",
                "confidence": 0.99,
                "level": "High Confidence",
                "artist": song.artist,
                "title": song.title,
                "year": song.year,
                "genre": re.findall(r"\(\d{4}, (.*?)\)", line)[0],
                "name": name,
            }
        )


def test_every_linked_file_is_there() -> None:
    for link in re.findall(r"\]\(([^)#:]+)\)", README):
        assert (ROOT / link).exists(), link


def test_the_python_that_is_named_is_the_one_that_is_needed() -> None:
    needed = re.findall(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text())
    assert f"Python {needed[0]} or newer" in README


def test_no_paragraph_stands_there_twice() -> None:
    lines = [line for line in README.splitlines() if len(line) > 20]
    assert len(lines) == len(set(lines))

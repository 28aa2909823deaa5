"""The table of services: a row that lacks something is an error, and each row's class fits it."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest

from pikaraoke_enrichment import config
from pikaraoke_enrichment.providers.services import (
    BY_NAME,
    SERVICES,
    Service,
    label_of,
    source_of,
)


@pytest.mark.parametrize("row", SERVICES, ids=lambda row: row.name)
def test_the_class_that_a_row_names_is_that_service(row: Service) -> None:
    provider = row.provider_class()
    assert (provider.name, provider.label, provider.supplies) == (row.name, row.label, row.supplies)
    assert provider.finds_by in ("pair", "fields", "text")


@pytest.mark.parametrize("lacking", ["rate", "url", "provider", "key", "dates", "label"])
def test_a_row_that_lacks_something_is_an_error_at_import(lacking: str) -> None:
    row = BY_NAME["musicbrainz"]
    said = {each.name: getattr(row, each.name) for each in fields(row) if each.name != lacking}
    with pytest.raises(TypeError, match=lacking):
        Service(**said)


@pytest.mark.parametrize(
    "wrong", [{"rate": 0.0}, {"url": ""}, {"url": "musicbrainz.org"}, {"provider": "musicbrainz"}]
)
def test_a_row_without_a_limit_an_address_or_a_class_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="musicbrainz"):
        replace(BY_NAME["musicbrainz"], **wrong)  # type: ignore[arg-type]


def test_every_row_has_its_settings() -> None:
    variables = {spec.variable for spec in config.SPECS}
    for row in SERVICES:
        assert {f"{row.name}_URL".upper(), f"{row.name}_RATE".upper()} <= variables
        assert row.key is None or row.key.variable in variables


def test_a_kept_answer_of_a_service_that_is_asked_no_more_is_still_read() -> None:
    gone = source_of("spinrilla")
    assert gone.label == label_of("spinrilla") == "spinrilla"

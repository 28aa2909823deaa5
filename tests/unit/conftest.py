"""A unit test starts no process and opens no library of whoever runs it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from typing import NoReturn

import pytest


@pytest.fixture(scope="module", autouse=True)
def _alone(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    def refuse(*_: object, **__: object) -> NoReturn:
        raise AssertionError("a unit test starts no process")

    here = tmp_path_factory.mktemp("nobodys")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("ENRICHMENT_CONFIG", str(here / "config.ini"))
        patch.setenv("ENRICHMENT_DB", str(here / "pikaraoke.db"))
        patch.setattr(subprocess.Popen, "__init__", refuse)
        patch.setattr(BaseProcess, "start", refuse)
        for name in ("fork", "posix_spawn", "system"):
            patch.setattr(os, name, refuse, raising=False)
        yield

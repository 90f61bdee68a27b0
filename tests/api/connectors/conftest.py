"""A service of connectors: the project's own words, on either database."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path

import pytest

from api.app import FEATURES
from api.store.database import Database
from api.vault import Vault
from catalogue import load
from catalogue.catalogue import Catalogue
from tests.api.bench import ROOT, Bench, opened
from tests.api.conftest import Clock

COURSE = "/training/connector/questions"
RIGHT = {"notice": "2", "listen": "2", "point": "1", "no-record": "2", "get-help": "3"}


@cache
def own_words() -> Catalogue:
    reading = load.read(ROOT)
    assert reading.catalogue is not None, [str(fault) for fault in reading.faults]
    return reading.catalogue


@pytest.fixture
async def bench(
    store: Database, vault: Vault, clock: Clock, tmp_path: Path
) -> AsyncIterator[Bench]:
    made = Bench(FEATURES, store, vault, clock, tmp_path, own_words())
    async with opened(made) as ready:
        yield ready

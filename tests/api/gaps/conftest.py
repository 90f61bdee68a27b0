"""A service that counts gaps, on either database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.features.gaps.routes import router
from api.security.encryption import Encryption
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.bench import Bench, closed_lists, opened
from tests.api.conftest import Clock


@pytest.fixture
async def bench(
    store: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[Bench]:
    catalogue = Catalogue(closed_lists())
    async with opened(Bench([router], store, encryption, clock, tmp_path, catalogue)) as ready:
        yield ready

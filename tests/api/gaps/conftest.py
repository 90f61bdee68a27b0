"""A service that counts gaps, on either database."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.features.gaps.routes import router
from api.security.encryption import Encryption
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.conftest import Clock
from tests.api.service_under_test import ServiceUnderTest, open_client, project_taxonomy


@pytest.fixture
async def service(
    store: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[ServiceUnderTest]:
    catalogue = Catalogue(project_taxonomy())
    async with open_client(
        ServiceUnderTest([router], store, encryption, clock, tmp_path, catalogue)
    ) as ready:
        yield ready

"""A service that takes requests, and somebody who asks."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.features.signposting.routes import router
from api.security.encryption import Encryption
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.conftest import Clock
from tests.api.service_under_test import ServiceUnderTest, open_client, project_taxonomy

MARY: dict[str, Any] = {
    "who_asks": "myself",
    "name": "Mary Quillfeather",
    "reach_by": "phone",
    "reach_at": "01632 960123, let it ring",
    "safe_when": "mornings, not when Ron is home",
    "leave_message": "no",
    "place": "Temeford",
    "needs": ["evenings-are-long"],
    "matters": "I used to sing in the Larkhythe choir.",
}
FORM = {**MARY, "idempotency_key": "drawn-by-the-page-1", "website2": ""}

CANARIES = [b"Quillfeather", b"960123", b"Ron is home", b"Larkhythe choir"]
"""What Mary said and nobody but staff may read, sealed or not at all."""


@pytest.fixture
async def service(
    database: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[ServiceUnderTest]:
    catalogue = Catalogue(project_taxonomy())
    async with open_client(
        ServiceUnderTest([router], database, encryption, clock, tmp_path, catalogue)
    ) as ready:
        yield ready

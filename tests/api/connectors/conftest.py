"""A service of connectors: the project's own words, on either database."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from api.app import FEATURES
from api.features.connectors.background import write_letters
from api.features.pledges import store
from api.security.encryption import Encryption
from api.store import schema
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from catalogue.read import load
from tests.api.conftest import Clock
from tests.api.service_under_test import ROOT, ServiceUnderTest, open_client

COURSE = "/training/connector/questions"
RIGHT = {"notice": "2", "listen": "2", "point": "1", "no-record": "2", "get-help": "3"}


@cache
def own_words() -> Catalogue:
    reading = load.read_project(ROOT)
    assert reading.catalogue is not None, [str(fault) for fault in reading.faults]
    return reading.catalogue


@pytest.fixture
async def service(
    store: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[ServiceUnderTest]:
    made = ServiceUnderTest(FEATURES, store, encryption, clock, tmp_path, own_words())
    async with open_client(made) as ready:
        yield ready


DRIVER: dict[str, Any] = {
    "signer": "person",
    "name": "Ambrose Canary",
    "kind": "taxi",
    "place": "Temeford",
    "contact_email": "ambrose.canary@example.org",
    "signer_role": "driver",
    "may_sign": "yes",
    "promises": {
        one: {"state": "doing"} for one in ("listen", "point-on", "no-record", "get-help")
    },
    "version": 1,
}


async def published(service: ServiceUnderTest, **changes: Any) -> str:
    """Sign, confirm and be published, as far as the store is concerned; gives the reference."""
    body = {**DRIVER, **changes}
    answer = await service.client.post("/api/pledges/community-connector/sign-ups", json=body)
    assert answer.status_code == 202, answer.text
    link = next(
        line.removeprefix(service.settings.base_url)
        for letter in reversed(await service.letters())
        for line in letter.body.splitlines()
        if "/confirm/" in line
    )
    assert (await service.client.post(link)).status_code == 200
    row = (await service.rows(schema.sign_up))[-1]
    name = "A taxi driver in Temeford"

    def publish(connection: Connection) -> None:
        store.move(connection, row.id, of=("confirmed",), to="published", public_name=name)

    await service.database.write(publish)
    return str(row.reference)


async def rounds(service: ServiceUnderTest) -> None:
    """What the service does every half minute."""
    await write_letters(service.context)


async def own_link(service: ServiceUnderTest) -> str:
    """The path of the link in the newest letter that has one."""
    links = [
        line.removeprefix(service.settings.base_url)
        for letter in await service.letters()
        for line in letter.body.splitlines()
        if "/connectors/me/" in line
    ]
    return links[-1]


async def a_connector(service: ServiceUnderTest, **changes: Any) -> str:
    """Somebody published and welcomed; gives the path of their own page."""
    await published(service, **changes)
    await rounds(service)
    return await own_link(service)

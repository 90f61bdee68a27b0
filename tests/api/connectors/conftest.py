"""A service with connectors and the content of this project, on either database."""

from collections.abc import AsyncIterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from api.app import FEATURES
from api.features.connectors.self_service import write_letters
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
def project_catalogue() -> Catalogue:
    project = load.read_project(ROOT)
    assert project.catalogue is not None, [str(fault) for fault in project.faults]
    return project.catalogue


@pytest.fixture
async def service(
    store: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> AsyncIterator[ServiceUnderTest]:
    under_test = ServiceUnderTest(FEATURES, store, encryption, clock, tmp_path, project_catalogue())
    async with open_client(under_test) as ready:
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
        commitment: {"state": "doing"}
        for commitment in ("listen", "point-on", "no-record", "get-help")
    },
    "version": 1,
}


async def publish_sign_up(service: ServiceUnderTest, **changes: Any) -> str:
    """Sign, confirm, and publish it in the store alone; return the reference."""
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
        store.change_state(
            connection, row.id, from_states=("confirmed",), to_state="published", public_name=name
        )

    await service.database.write(publish)
    return str(row.reference)


async def run_letters_job(service: ServiceUnderTest) -> None:
    """Write the letters that the service writes every half minute."""
    await write_letters(service.context)


async def newest_link(service: ServiceUnderTest) -> str:
    """Return the path of the link in the newest letter that has one."""
    links = [
        line.removeprefix(service.settings.base_url)
        for letter in await service.letters()
        for line in letter.body.splitlines()
        if "/connectors/me/" in line
    ]
    return links[-1]


async def add_connector(service: ServiceUnderTest, **changes: Any) -> str:
    """Publish a sign-up and welcome its connector; return the path of their own page."""
    await publish_sign_up(service, **changes)
    await run_letters_job(service)
    return await newest_link(service)

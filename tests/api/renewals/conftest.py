"""A register on which one promise was signed and published, and another was written by hand."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.content_files import signatory_files
from api.context import Context
from api.features.pledges.register import publish
from api.features.pledges.routes import router as pledges
from api.features.renewals import reminders
from api.features.renewals.routes import router as keeping
from api.security.encryption import Encryption
from api.staff.home import router as staff_home
from api.staff.routes import router as access
from api.store.database import Database
from catalogue.model.pledge import Signatory
from catalogue.read import load
from tests.api.conftest import Clock
from tests.api.pledges.conftest import PLEDGE, TAXONOMY, confirmed, content, context_of
from tests.api.service_under_test import ServiceUnderTest, open_client

PUB = "the-wennimere-arms"
SHOP = "candlebeck-shop"
BY_HAND = """\
---
# asked at the counter
name: Candlebeck Shop
signer: organisation
kind: shop
place: Osmery Bridge
version: 1
promises:
  listen: {state: doing, how: "There is a chair."}
since: 2026-01-10
confirmed_until: 2027-01-10
---
The shop is open on Sundays.
"""
BASE = "https://kith.example.org"
LANDLADY = "landlady.canary@example.org"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    folder = tmp_path / "content" / "pledges" / "connector"
    folder.mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text("theme: {language: en}\n")
    (tmp_path / "content" / "taxonomy.yml").write_text(TAXONOMY)
    (folder / "index.md").write_text(PLEDGE)
    (folder / f"{SHOP}.md").write_text(BY_HAND)
    return tmp_path


@pytest.fixture
async def service(
    database: Database, encryption: Encryption, clock: Clock, project: Path
) -> AsyncIterator[ServiceUnderTest]:
    """The service on a day on which the pub's promise has just been published."""
    rooms = [pledges, keeping, access, staff_home]
    async with open_client(
        ServiceUnderTest(rooms, database, encryption, clock, project, content(project))
    ) as ready:
        reference = await confirmed(ready)
        await asyncio.to_thread(publish.approve, reference, context_of(ready), ready.catalogue)
        renewed_catalogue(ready)
        yield ready


def renewed_catalogue(service: ServiceUnderTest) -> None:
    """Serve the content as it stands, as a build would."""
    service.catalogue = content(service.settings.project)


def context(service: ServiceUnderTest, actor: str = "reminders") -> Context:
    return service.context.as_actor(actor)


async def reminded(service: ServiceUnderTest) -> int:
    """Do the day's reminding, and deliver."""
    renewed_catalogue(service)
    done = await asyncio.to_thread(reminders.send_due, context(service))
    await service.letters()
    return done


def entry(service: ServiceUnderTest, who: str = PUB) -> Signatory:
    return signatory_files.read(service.settings.project, "connector", who).signatory


async def link(service: ServiceUnderTest, path: str) -> str:
    """Return the newest link of a kind out of the letters: `check-in` or `manage`."""
    found = [
        one
        for letter in await service.letters()
        for one in re.findall(rf"{re.escape(BASE)}(/{path}/\S+)", letter.body)
    ]
    return str(found[-1])


async def asked(service: ServiceUnderTest) -> str:
    """Come to the day of the first reminder, and return the link of its letter."""
    service.clock.advance(days=305)
    await reminded(service)
    return await link(service, "check-in")


async def own_page(service: ServiceUnderTest, address: str = LANDLADY) -> str:
    """Ask for the way to one's promise, and return the link of the letter."""
    answer = await service.client.post("/pledges/manage", data={"contact_email": address})
    assert answer.status_code == 200
    return await link(service, "manage")


async def rows(service: ServiceUnderTest, table: Any) -> list[Any]:
    return await service.rows(table)


def faults(project: Path) -> list[str]:
    return [str(fault) for fault in load.read_project(project).faults]

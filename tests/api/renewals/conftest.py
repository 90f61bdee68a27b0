"""A register with two promises: one was signed and published, one was written by an editor."""

import asyncio
import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from api.content_files import signatory_files
from api.context import Context
from api.features.pledges.register import publish
from api.features.pledges.routes import router as pledges
from api.features.renewals import reminders
from api.features.renewals.routes import router as renewals
from api.security.encryption import Encryption
from api.staff.home import router as staff_home
from api.staff.routes import router as staff
from api.store.database import Database
from catalogue.model.pledge import Signatory
from catalogue.read import load
from tests.api.conftest import Clock
from tests.api.pledges.conftest import content, context_of, sign_and_confirm, write_project
from tests.api.service_under_test import ServiceUnderTest, open_client

PUB = "the-wennimere-arms"
SHOP = "candlebeck-shop"
EDITOR_ENTRY = """\
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
    (write_project(tmp_path) / f"{SHOP}.md").write_text(EDITOR_ENTRY)
    return tmp_path


@pytest.fixture
async def service(
    database: Database, encryption: Encryption, clock: Clock, project: Path
) -> AsyncIterator[ServiceUnderTest]:
    """The service on a day on which the pub's promise has just been published."""
    routers = [pledges, renewals, staff, staff_home]
    async with open_client(
        ServiceUnderTest(routers, database, encryption, clock, project, content(project))
    ) as ready:
        reference = await sign_and_confirm(ready)
        await asyncio.to_thread(publish.approve, reference, context_of(ready), ready.catalogue)
        reload_catalogue(ready)
        yield ready


def reload_catalogue(service: ServiceUnderTest) -> None:
    """Serve the content as it stands, as a build would."""
    service.catalogue = content(service.settings.project)


def context(service: ServiceUnderTest, actor: str = "reminders") -> Context:
    return service.context.as_actor(actor)


async def send_reminders(service: ServiceUnderTest) -> int:
    """Send the reminders due, deliver them, and return how many were made."""
    reload_catalogue(service)
    count = await asyncio.to_thread(reminders.send_due, context(service))
    await service.letters()
    return count


def read_entry(service: ServiceUnderTest, slug: str = PUB) -> Signatory:
    return signatory_files.read(service.settings.project, "connector", slug).signatory


async def newest_link(service: ServiceUnderTest, path: str) -> str:
    """Return the path of the newest link in the letters that starts so: `check-in` or `manage`."""
    links = [
        link
        for letter in await service.letters()
        for link in re.findall(rf"{re.escape(BASE)}(/{path}/\S+)", letter.body)
    ]
    return str(links[-1])


async def first_reminder_link(service: ServiceUnderTest) -> str:
    """Advance to the day of the first reminder, and return the link in its letter."""
    service.clock.advance(days=305)
    await send_reminders(service)
    return await newest_link(service, "check-in")


async def manage_link(service: ServiceUnderTest, address: str = LANDLADY) -> str:
    """Ask for the link to one's promise, and return it from the letter."""
    answer = await service.client.post("/pledges/manage", data={"contact_email": address})
    assert answer.status_code == 200
    return await newest_link(service, "manage")


def faults(project: Path) -> list[str]:
    return [str(fault) for fault in load.read_project(project).faults]

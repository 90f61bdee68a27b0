"""A project with one activity, a service that is told what is wrong about it, and an operator."""

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from api.context import Context
from api.features.corrections.routes import router
from api.security.encryption import Encryption
from api.staff.home import router as staff_home
from api.staff.routes import router as access
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from catalogue.read import load
from tests.api.conftest import Clock
from tests.api.pledges.conftest import TAXONOMY
from tests.api.service_under_test import ServiceUnderTest, open_client
from tests.api.staff.conftest import add_staff, sign_in

ENTRY = """\
---
title: Sing anyway   # the author's own remark
summary: Nobody has to be able to.

kinds: [coffee-morning]
ways: [in person]
status: active
provider: {name: The Mill}
venues:
  - place: Temeford
schedule:
  # Ruth says it moves in spring
  - when: every Tuesday 10:30-12:00
cost:
  - price_pence: 200
contact:
  phone: 01632 960100
assured_on: 2026-01-02
---
Words of the author's own.
"""
PATH = "content/activities/sing-anyway.md"
SAID: dict[str, Any] = {
    "activity": "sing-anyway",
    "about": "times",
    "words": "It starts at eleven now, says Quillfeather.",
    "knows": "goes_there",
    "reach_at": "mary.canary@example.org or 01632 960199",
}
CANARIES = (b"Quillfeather", b"mary.canary", b"960199")


def dated(entry: str, changed: str, on: date = date(2026, 11, 22)) -> str:
    """Return an entry with the day on which a correction was accepted, and what it changed."""
    head, fence, body = entry.rpartition("---\n")
    return f"{head}changed_on: {on}\nchanged: {changed}\n{fence}{body}"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with its words."""
    (tmp_path / "content" / "activities").mkdir(parents=True)
    (tmp_path / "content" / "pledges").mkdir()
    (tmp_path / "content" / "taxonomy.yml").write_text(TAXONOMY)
    (tmp_path / PATH).write_text(ENTRY)
    return tmp_path


def content(project: Path) -> Catalogue:
    """The content as it stands; a fault in it fails the test."""
    project_read = load.read_project(project)
    assert project_read.catalogue is not None, [str(fault) for fault in project_read.faults]
    return project_read.catalogue


@pytest.fixture
async def service(
    store: Database, encryption: Encryption, clock: Clock, project: Path
) -> AsyncIterator[ServiceUnderTest]:
    under_test = ServiceUnderTest([router], store, encryption, clock, project, content(project))
    async with open_client(under_test) as ready:
        yield ready


def context_of(service: ServiceUnderTest) -> Context:
    """The context of an operator's command, at the clock's time."""
    return service.context.as_actor("operator jo")


async def send_correction(service: ServiceUnderTest, key: str | None = None, **changes: Any) -> Any:
    """Say what is wrong, by JSON; None leaves a field out."""
    body = {name: value for name, value in {**SAID, **changes}.items() if value is not None}
    headers = {"idempotency-key": key} if key else {}
    return await service.client.post("/api/corrections", json=body, headers=headers)


@pytest.fixture
async def reviewing(
    database: Database, encryption: Encryption, clock: Clock, project: Path
) -> AsyncIterator[ServiceUnderTest]:
    """The service with its staff area, and a reviewer signed in."""
    under_test = ServiceUnderTest(
        [router, access, staff_home], database, encryption, clock, project, content(project)
    )
    async with open_client(under_test) as ready:
        await sign_in(ready, add_staff(ready))
        yield ready

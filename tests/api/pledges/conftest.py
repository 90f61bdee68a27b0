"""A project with one pledge, a service that takes sign-ups to it, and those who sign."""

import re
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from api.context import Context
from api.features.pledges.routes import router
from api.security import references
from api.security.encryption import Encryption
from api.security.signed_timestamps import sign_time
from api.staff.home import router as staff_home
from api.staff.routes import router as access
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from catalogue.read import load
from tests.api.conftest import Clock
from tests.api.service_under_test import ServiceUnderTest, open_client
from tests.api.staff.conftest import Member, add_staff, sign_in

TAXONOMY = """\
kinds:
  - {slug: coffee-morning, label: Coffee morning, plural: Coffee mornings}
needs: []
access: []
signer_kinds:
  - {slug: taxi, label: Taxi, a: A taxi driver}
  - {slug: pub, label: Pub, a: A pub landlord}
  - {slug: shop, label: Shop, a: A shopkeeper}
areas:
  - {name: Harrow Vale, demonstration: "yes", outward_codes: [ZZ1]}
  - {name: Temeford, within: Harrow Vale, demonstration: "yes", outward_codes: [ZZ1]}
  - {name: Osmery Bridge, within: Harrow Vale, demonstration: "yes", outward_codes: [ZZ3]}
"""

PLEDGE = """\
---
title: Community connector
summary: You listen, you know what is on, and you say so.
who_may_sign: [person, organisation]
signer_kinds: [taxi, pub]
versions:
  - version: 2
    from: 2026-01-01
    statement: I listen and I point the way.
    commitments:
      - {id: listen, title: Listen}
      - {id: point-on, title: Point the way}
      - {id: card, title: Cards within reach, required: "no"}
  - version: 1
    from: 2025-01-01
    statement: I listen.
    commitments:
      - {id: listen, title: Listen}
---
"""

PUB: dict[str, Any] = {
    "signer": "organisation",
    "name": "The Wennimere Arms",
    "kind": "pub",
    "place": "Temeford",
    "contact_email": "landlady.canary@example.org",
    "signer_name": "Odalys Canary",
    "signer_role": "landlady canary",
    "may_sign": "yes",
    "promises": {
        "listen": {"state": "doing", "how": "Monday is quiet on purpose."},
        "point-on": {"state": "starting", "by": "2027-03-31"},
    },
    "version": 2,
}
TAXI: dict[str, Any] = {
    **PUB,
    "signer": "person",
    "name": "Ambrose Canary",
    "kind": "taxi",
    "contact_email": "ambrose.canary@example.org",
    "signer_name": None,
    "signer_role": "",
}
FORM: dict[str, str] = {
    **{name: str(value) for name, value in PUB.items() if name != "promises"},
    "promise-listen": "doing",
    "how-listen": "Monday is quiet on purpose.",
    "promise-point-on": "starting",
    "by-point-on": "2027-03-31",
    "promise-card": "not_for_us",
    "show_name": "no",
    "website2": "",
    "idempotency_key": "",
    "at": "check",
}


BOTH = pytest.mark.parametrize(
    "database",
    ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)],
    ids=["sqlite", "postgres"],
    indirect=True,
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with its words."""
    write_project(tmp_path)
    return tmp_path


def write_project(root: Path) -> Path:
    """Write a project with one pledge; return the folder of the pledge."""
    folder = root / "content" / "pledges" / "connector"
    folder.mkdir(parents=True)
    (root / "mkdocs.yml").write_text("theme: {language: en}\n")
    (root / "content" / "taxonomy.yml").write_text(TAXONOMY)
    (folder / "index.md").write_text(PLEDGE)
    return folder


@pytest.fixture
def catalogue(project: Path) -> Catalogue:
    return content(project)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """SQLite, and for what is marked `BOTH` PostgreSQL too."""
    with Database(
        request.getfixturevalue(getattr(request, "param", "sqlite_url"))
    ) as opened_database:
        yield opened_database


@pytest.fixture
async def service(
    database: Database, encryption: Encryption, clock: Clock, project: Path, catalogue: Catalogue
) -> AsyncIterator[ServiceUnderTest]:
    async with open_client(
        ServiceUnderTest(
            [router, access, staff_home], database, encryption, clock, project, catalogue
        )
    ) as ready:
        yield ready


@pytest.fixture
def context(service: ServiceUnderTest) -> Context:
    return context_of(service)


@pytest.fixture
async def boss(service: ServiceUnderTest) -> Member:
    """A coordinator, signed in."""
    member = add_staff(service, roles=("coordinator",))
    await sign_in(service, member)
    return member


@pytest.fixture
async def reviewer(service: ServiceUnderTest) -> Member:
    """A moderator, signed in."""
    member = add_staff(service)
    await sign_in(service, member)
    return member


def context_of(service: ServiceUnderTest) -> Context:
    """The context of a moderator's decision, at the clock's time."""
    return service.context.as_actor("operator jo")


def content(project: Path) -> Catalogue:
    """The content as it stands; a fault in it fails the test."""
    project_read = load.read_project(project)
    assert project_read.catalogue is not None, [str(fault) for fault in project_read.faults]
    return project_read.catalogue


async def sign_by_json(
    service: ServiceUnderTest, signer: dict[str, Any] = PUB, **changes: Any
) -> Any:
    """Sign by JSON; None leaves a field out."""
    key = changes.pop("key", None)
    body = {name: value for name, value in {**signer, **changes}.items() if value is not None}
    headers = {"idempotency-key": key} if key else {}
    return await service.client.post("/api/pledges/connector/sign-ups", json=body, headers=headers)


def signed_timestamp_fields(service: ServiceUnderTest, seconds_ago: int = 60) -> str:
    """What a form carries that was begun so long ago."""
    return sign_time(
        service.encryption, "form connector", service.clock() - timedelta(seconds=seconds_ago)
    )


async def sign_by_form(service: ServiceUnderTest, **changes: str | None) -> Any:
    """Send the last page of the form, as it comes from all pages before; None leaves a field out.

    Without an `at` it is the page that shows all answers.
    """
    tokens = {
        "began": signed_timestamp_fields(service),
        "text": service.catalogue.pledges[0].current.text_sha256,
        "idempotency_key": references.new_id(),
    }
    answers = {**FORM, **tokens, **changes}
    form = {name: value for name, value in answers.items() if value is not None}
    return await service.client.post("/pledges/connector/sign", data=form)


async def newest_link(service: ServiceUnderTest) -> str:
    """The path of the link in the letter that came last."""
    links = [
        link[1]
        for letter in await service.letters()
        if (link := re.search(r"https://kith\.example\.org(/confirm/\S+)", letter.body))
    ]
    return links[-1]


async def sign_and_confirm(
    service: ServiceUnderTest, signer: dict[str, Any] = PUB, **changes: Any
) -> str:
    """Sign and confirm; gives the reference."""
    from api.store import schema

    await sign_by_json(service, signer, **changes)
    answer = await service.client.post(await newest_link(service))
    assert answer.status_code == 200
    return str((await service.rows(schema.sign_up))[-1].reference)

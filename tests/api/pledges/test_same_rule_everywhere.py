"""A number, an address, a place, a name: the same verdict by form, JSON, staff page and entry."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.errors import Invalid
from api.features.corrections.bodies import CorrectionRequest
from api.features.pledges.routes import router
from api.features.signposting.routes import router as signposting
from api.http.request_bodies import read_json
from api.security.encryption import Encryption
from api.staff.home import router as staff_home
from api.staff.routes import router as access
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from catalogue.read import load
from tests.api.conftest import Clock
from tests.api.pledges.conftest import sign_by_form, sign_by_json
from tests.api.pledges.test_paper import WRITTEN
from tests.api.service_under_test import ServiceUnderTest, open_client
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio

ACTIVITY = """\
---
title: Coffee at the mill
summary: Coffee.
kinds: [coffee-morning]
ways: [in person]
status: active
provider: {name: The mill}
venues: [{place: Temeford}]
contact: {%(field)s: %(value)s}
checked_on: 2026-11-01
---
"""
ASKS = {"who_asks": "myself", "name": "Mary"}

PHONES = {
    "01632 960123": True,
    "01632\u00a0960\u2009123": True,
    "01632\u2013960\u2011123": True,
    "(01632) 960-123": True,
    "+44 (0)1632 960123": True,
    "+44 (0) 1632 960 123": True,
    "0044 1632 960123": True,
    "01632\u2212960\u202f123": True,
    "01632 960123 ext. 5": True,
    "01632 960123 x5": True,
    "01632 960123 extension 5": True,
    "+353 1 234 5678": True,
    "01632 96": False,
    "01632 9601": False,
    "960123": False,
    "01632 96 Mary": False,
    "07700 900 12": False,
}
EMAILS = {
    "mary@example.org": True,
    "mary+kith@example.org": True,
    "mary.o'brien@example.org": True,
    "mary@bücher.example": True,
    "mary@xn--bcher-kva.example": True,
    "mary@उदाहरण.परीक्षा": True,
    "mary": False,
    "mary@": False,
    "mary@example": False,
    "mary@example..org": False,
    "mary@-example.org": False,
    "mary@192.168.10.10": False,
}
PLACES = {
    "Temeford": True,
    "temeford ": True,
    "St Mary’s Mead": True,
    "st. mary's mead": True,
    "Saint Mary\u02bcs  Mead": True,
    "Ynys Môn": True,
    "ynys mon": True,
    "Osmery\u2011Bridge": True,
    "Osmery\u00a0Bridge": True,
    "Atlantis": False,
}
NAMES = {
    "O’Neill": True,
    "Nguyễn Thị Hồng": True,
    "J": True,
    "李": True,
    "Anne\u2010Marie D'Arcy": True,
    "": False,
    "\u00a0": False,
}


@pytest.fixture
def catalogue(project: Path) -> Catalogue:
    taxonomy = project / "content" / "taxonomy.yml"
    more = "  - {name: St Mary's Mead, within: Harrow Vale}\n  - {name: Ynys Môn}\n"
    taxonomy.write_text(taxonomy.read_text() + more)
    project_read = load.read_project(project)
    assert project_read.catalogue is not None
    return project_read.catalogue


@pytest.fixture
async def service(
    database: Database, encryption: Encryption, clock: Clock, project: Path, catalogue: Catalogue
) -> AsyncIterator[ServiceUnderTest]:
    service = ServiceUnderTest(
        [router, signposting, access, staff_home],
        *(database, encryption, clock, project, catalogue),
    )
    async with open_client(service) as ready:
        await sign_in(ready, add_staff(ready))
        yield ready


def shown_faults(service: ServiceUnderTest) -> set[str]:
    """Return the inputs with a fault on the last page that had a form."""
    form = service.last_page.values.get("form")
    return {error.field for error in form.errors} if form else set()


async def accepted_by(service: ServiceUnderTest, method: str, value: str) -> dict[str, bool]:
    """Ask for help by form and by JSON; say which of them took the answer."""
    answers = {**ASKS, "reach_by": method, "reach_at": value}
    form = await service.client.post("/ask", data=answers)
    program = await service.client.post("/api/signposting-requests", json=answers)
    return {"ask, form": form.status_code == 303, "ask, JSON": program.status_code == 201}


async def signed(service: ServiceUnderTest, field: str, value: str) -> dict[str, bool]:
    """Sign by form, JSON and staff's page; say which of them took the answer."""
    form = await sign_by_form(service, **{field: value})
    change: dict[str, Any] = {field: value}
    program = await sign_by_json(service, **change)
    elsewhere = {"place": "Osmery Bridge", "contact_phone": "07700 900555"}
    paper = await service.client.post(
        "/staff/pledges/connector/paper", data={**WRITTEN, **elsewhere, field: value}
    )
    return {
        "sign, form": form.status_code == 303,
        "sign, JSON": program.status_code == 202,
        "paper": paper.status_code == 200 or field not in shown_faults(service),
    }


def entered(project: Path, field: str, value: str) -> dict[str, bool]:
    """Write an entry; say whether its contact has no fault."""
    file = project / "content" / "activities" / "mill.md"
    file.parent.mkdir(exist_ok=True)
    file.write_text(ACTIVITY % {"field": field, "value": json.dumps(value, ensure_ascii=False)})
    faults = [fault.field for fault in load.read_project(project).faults]
    file.unlink()
    return {"entry": f"contact.{field}" not in faults}


async def on_paper(service: ServiceUnderTest, phone: str) -> dict[str, bool]:
    data = {**WRITTEN, "contact_phone": phone}
    answer = await service.client.post("/staff/pledges/connector/paper", data=data)
    is_taken = answer.status_code == 200 or "contact_phone" not in shown_faults(service)
    return {"paper": is_taken}


def corrected(value: str) -> dict[str, bool]:
    body = {"activity": "mill", "about": "ended", "reach_at": value}
    try:
        read_json(json.dumps(body).encode(), CorrectionRequest)
    except Invalid as error:
        return {"put right": "reach_at" not in {fault.field for fault in error.errors}}
    return {"put right": True}


@pytest.mark.parametrize(("number", "can_be_rung"), PHONES.items())
async def test_a_number_is_judged_alike(
    service: ServiceUnderTest, project: Path, number: str, can_be_rung: bool
) -> None:
    verdicts = {
        **await accepted_by(service, "phone", number),
        **await accepted_by(service, "text", number),
        **await on_paper(service, number),
        **entered(project, "phone", number),
        **corrected(number),
    }
    assert verdicts == dict.fromkeys(verdicts, can_be_rung)


@pytest.mark.parametrize(("address", "can_be_written_to"), EMAILS.items())
async def test_an_address_is_judged_alike(
    service: ServiceUnderTest, project: Path, address: str, can_be_written_to: bool
) -> None:
    verdicts = {
        **await accepted_by(service, "email", address),
        **await signed(service, "contact_email", address),
        **entered(project, "email", address),
    }
    assert verdicts == dict.fromkeys(verdicts, can_be_written_to)
    assert all(letter.to.isascii() for letter in await service.letters())


@pytest.mark.parametrize(("place", "is_known"), PLACES.items())
async def test_a_place_is_judged_alike(
    service: ServiceUnderTest, place: str, is_known: bool
) -> None:
    verdicts = await signed(service, "place", place)
    assert verdicts == dict.fromkeys(verdicts, is_known)


@pytest.mark.parametrize(("name", "is_name"), NAMES.items())
async def test_a_name_is_taken_as_typed(
    service: ServiceUnderTest, name: str, is_name: bool
) -> None:
    verdicts = await signed(service, "name", name)
    assert verdicts == dict.fromkeys(verdicts, is_name)

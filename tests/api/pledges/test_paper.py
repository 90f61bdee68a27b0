"""Staff enter what was signed by hand: no e-mail needed, the signature confirms it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.features.pledges.register import publish
from api.features.pledges.review import decide
from api.features.pledges.routes import router
from api.features.pledges.store import SignUpPersonalData
from api.security.encryption import Encryption
from api.staff.home import router as staff_home
from api.staff.routes import router as access
from api.store import schema
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.conftest import Clock
from tests.api.pledges.conftest import FORM, content, context_of, sign_by_json
from tests.api.service_under_test import ServiceUnderTest, open_client, read_all_files
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio

PAPER = "/staff/pledges/connector/paper"
WRITTEN = {
    **{
        name: value
        for name, value in FORM.items()
        if name not in ("at", "contact_email", "version")
    },
    "contact_phone": "01632 960 777",
    "signed_on": "2026-11-12",
}


@pytest.fixture
async def service(
    database: Database, encryption: Encryption, clock: Clock, project: Path, catalogue: Catalogue
) -> AsyncIterator[ServiceUnderTest]:
    """The pledges behind the staff's door, with a moderator signed in."""
    service = ServiceUnderTest(
        [router, access, staff_home], database, encryption, clock, project, catalogue
    )
    async with open_client(service) as ready:
        await sign_in(ready, add_staff(ready))
        yield ready


async def enters(service: ServiceUnderTest, **changes: str | None) -> Any:
    fields = {name.replace("__", "-"): value for name, value in changes.items()}
    answers = {name: value for name, value in {**WRITTEN, **fields}.items() if value is not None}
    return await service.client.post(PAPER, data=answers)


def faults(service: ServiceUnderTest) -> dict[str, str]:
    return {error.field: error.message for error in service.last_page.values["form"].errors}


async def test_a_sign_up_on_paper_is_confirmed_by_its_signature(
    service: ServiceUnderTest, tmp_path: Path
) -> None:
    letter_count = len(await service.letters())
    answer = await enters(service)
    (row,) = await service.rows(schema.sign_up)
    assert (answer.status_code, row.reference in answer.text) == (200, True)
    assert (row.state, row.flags, row.delete_after) == ("confirmed", ("on_paper",), None)
    assert row.confirmed_at.date().isoformat() == "2026-11-12"
    assert row.text_sha256 == service.catalogue.pledges[0].current.text_sha256
    personal = service.encryption.decrypt_as(row.id, row.sealed, SignUpPersonalData)
    assert (personal.contact_email, personal.contact_phone) == ("", "01632 960 777")
    assert personal.contact == "01632 960 777"
    assert b"960 777" not in read_all_files(tmp_path)
    line = (await service.rows(schema.audit))[-1]
    assert (line.action, line.subject) == ("sign_up.entered_from_paper", row.reference)
    assert line.actor not in ("visitor", "outbox")
    assert len(await service.letters()) == letter_count
    await service.client.get(f"/staff/sign-ups/{row.reference}")
    history = service.last_page.values["sign_up"].history
    assert history[-1].sentence == "Entered from a form on paper."


async def test_it_goes_on_the_register_from_the_day_of_the_signature_without_a_letter(
    service: ServiceUnderTest, project: Path
) -> None:
    await enters(service)
    letter_count = len(await service.letters())
    (row,) = await service.rows(schema.sign_up)
    await asyncio.to_thread(publish.approve, row.reference, context_of(service), service.catalogue)
    (signatory,) = content(project).signatories
    assert (str(signatory.since), str(signatory.confirmed_until)) == ("2026-11-12", "2027-11-12")
    assert len(await service.letters()) == letter_count


async def test_it_can_be_refused_without_a_letter(service: ServiceUnderTest) -> None:
    await enters(service, contact_phone=None, contact_post="4 Quay Court\nTemeford")
    letter_count = len(await service.letters())
    (row,) = await service.rows(schema.sign_up)
    await asyncio.to_thread(
        decide.reject, row.reference, "It is a joke.", context_of(service), service.catalogue
    )
    assert (await service.rows(schema.sign_up))[0].state == "rejected"
    assert len(await service.letters()) == letter_count


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"contact_phone": None}, "contact_email"),
        ({"contact_email": "no address"}, "contact_email"),
        ({"contact_phone": "01632 96"}, "contact_phone"),
        ({"signed_on": None}, "signed_on"),
        ({"signed_on": "2026-12-24"}, "signed_on"),
        ({"signed_on": "today"}, "signed_on"),
        ({"name": "www.win.example"}, "name"),
        ({"place": "Atlantis"}, "place"),
        ({"promise__listen": None, "how__listen": None}, "promise-listen"),
        ({"by__point__on": None}, "by-point-on"),
        ({"may_sign": None}, "may_sign"),
        ({"signer_name": None}, "signer_name"),
    ],
)
async def test_what_is_missing_on_the_paper_is_said_by_its_field(
    service: ServiceUnderTest, changes: dict[str, str | None], field: str
) -> None:
    answer = await enters(service, **changes)
    assert (answer.status_code, set(faults(service))) == (422, {field})
    assert service.last_page.title.startswith("Error: ")
    assert await service.count(schema.sign_up) == 0


@pytest.mark.parametrize("channel", ["paper", "form"])
async def test_nobody_stands_twice(service: ServiceUnderTest, channel: str) -> None:
    if channel == "paper":
        await enters(service)
    else:
        await sign_by_json(service)
    await enters(service, name="the wennimere  ARMS", contact_phone="01632 960 778")
    assert "There is one already" in faults(service)["name"]
    assert await service.count(schema.sign_up) == 1


async def test_the_same_telephone_is_the_same_contact(service: ServiceUnderTest) -> None:
    await enters(service)
    await enters(service, name="Another House", contact_phone="+44 1632 960777")
    assert await service.count(schema.sign_up) == 1


async def test_a_stranger_enters_nothing(service: ServiceUnderTest) -> None:
    service.client.cookies.clear()
    assert (await enters(service)).status_code == 401
    assert await service.count(schema.sign_up) == 0


async def test_the_forms_of_pledges_that_are_open_are_offered(service: ServiceUnderTest) -> None:
    answer = await service.client.get("/staff/paper")
    assert f'href="{PAPER}"' in answer.text
    assert (await service.client.get("/staff/pledges/nothing/paper")).status_code == 404

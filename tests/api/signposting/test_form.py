"""The form without scripts: sent, shown again with its faults, sent twice."""

import asyncio
import re
from typing import Any

import msgspec
import pytest

from api.features.signposting.store import PersonalDetails
from api.features.signposting.submit import contact_lookups
from api.security.references import make
from api.store import schema
from catalogue.model.activity import Activity, Provider
from tests.api.service_under_test import ServiceUnderTest, refuse_inserts
from tests.api.signposting.conftest import FORM

pytestmark = pytest.mark.anyio

REFERENCE = re.compile(r"R-\w{4}-\w{4}")


async def send(service: ServiceUnderTest, **changes: Any) -> Any:
    answers = {name: value for name, value in {**FORM, **changes}.items() if value is not None}
    return await service.client.post("/ask", data=answers)


async def stored_details(service: ServiceUnderTest) -> PersonalDetails:
    (row,) = await service.rows(schema.signposting_request)
    return service.encryption.decrypt_as(row.id, row.sealed, PersonalDetails)


async def test_a_form_leads_to_a_page_with_the_reference(service: ServiceUnderTest) -> None:
    answer = await send(service)
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/ask/received/R-")
    page = await service.client.get(answer.headers["location"])
    assert page.status_code == 200
    assert REFERENCE.search(answer.headers["location"])[0] in page.text  # type: ignore[index]
    assert "Tuesday 24 November" in page.text
    assert page.headers["cache-control"] == "no-store"


async def test_the_page_reveals_nothing_of_a_request(service: ServiceUnderTest) -> None:
    answer = await send(service)
    reference = REFERENCE.search(answer.headers["location"])[0]  # type: ignore[index]
    known_page = await service.client.get(f"/ask/received/{reference}")
    other = make("R")
    unknown = await service.client.get(f"/ask/received/{other}")
    assert known_page.text.replace(reference, other) == unknown.text
    assert "Quillfeather" not in known_page.text
    service.clock.advance(minutes=31)
    assert (await service.client.get(answer.headers["location"])).text == known_page.text
    stamp = answer.headers["location"].partition("?")[2]
    assert "960123" not in (await service.client.get(f"/ask/received/{other}?{stamp}")).text


@pytest.mark.parametrize(
    ("reach_by", "reach_at", "sentence"),
    [
        ("phone", "01632 960123", "We will ring 01632 960123."),
        ("text", "07700 900123", "We will send a text to 07700 900123."),
        ("email", "mary@example.org", "We will write an e-mail to mary@example.org."),
        ("post", "4 Quay Court\nTemeford", "We will write a letter to: 4 Quay Court\nTemeford."),
    ],
)
async def test_the_thanks_say_how_we_will_reach_somebody(
    service: ServiceUnderTest, reach_by: str, reach_at: str, sentence: str
) -> None:
    answer = await send(service, reach_by=reach_by, reach_at=reach_at)
    assert not re.search(r"960123|mary@|Quay", answer.headers["location"])
    assert sentence in (await service.client.get(answer.headers["location"])).text


async def test_a_wrong_number_is_put_right_on_the_page_of_thanks(
    service: ServiceUnderTest,
) -> None:
    thanks_url = (await send(service, activity="")).headers["location"]
    wrong = await service.client.post(
        thanks_url, data={"reach_by": "phone", "reach_at": "01632 96"}
    )
    assert wrong.status_code == 422
    assert "too short to ring" in wrong.text
    assert (await stored_details(service)).reach_at == "01632 960123, let it ring"
    right = await service.client.post(
        thanks_url, data={"reach_by": "text", "reach_at": "07700 900456"}
    )
    assert (right.status_code, right.headers["location"]) == (303, thanks_url)
    assert "We will send a text to 07700 900456." in (await service.client.get(thanks_url)).text
    details = await stored_details(service)
    assert (details.reach_by, details.reach_at) == ("text", "07700 900456")
    assert details.name == "Mary Quillfeather"
    (row,) = await service.rows(schema.signposting_request)
    assert row.contact_lookup in contact_lookups("text", "07700 900456", service.encryption)
    assert (await service.rows(schema.audit))[-1].action == "signposting_request.reach_corrected"


async def test_nobody_else_puts_a_number_right(service: ServiceUnderTest) -> None:
    thanks_url = (await send(service)).headers["location"]
    reference = REFERENCE.search(thanks_url)[0]  # type: ignore[index]
    data = {"reach_by": "phone", "reach_at": "07700 900456"}
    await service.client.post(f"/ask/received/{reference}", data=data)
    service.clock.advance(minutes=31)
    await service.client.post(thanks_url, data=data)
    assert (await stored_details(service)).reach_at == "01632 960123, let it ring"


@pytest.mark.parametrize("reference", ["R-7KQ4-XM2Q", "P-7KQ4-XM2P", "R-1", "%00", "R-" + "2" * 90])
async def test_what_is_no_reference_has_no_page(service: ServiceUnderTest, reference: str) -> None:
    page = await service.client.get(f"/ask/received/{reference}", headers={"accept": "text/html"})
    assert page.status_code == 404


async def test_all_faults_of_a_form_are_shown_at_once_and_answers_are_kept(
    service: ServiceUnderTest,
) -> None:
    answer = await send(
        service,
        who_asks="someone_else",
        name="",
        reach_at="12",
        matters="I like trains.\r\nAnd tea.",
        needs=["evenings-are-long", "little-money"],
        place="x" * 101,
    )
    assert answer.status_code == 422
    form = service.last_page.values["form"]
    assert service.last_page.title == "Error: Ask for help"
    assert {error.field for error in form.errors} == {"consent", "name", "reach_at", "place"}
    assert form.value("matters") == "I like trains.\nAnd tea."
    assert form.is_chosen("needs", "little-money")
    assert form.value("reach_at") == "12"
    assert "There is a problem" in answer.text
    assert await service.count(schema.signposting_request) == 0


async def test_an_empty_form_says_what_is_needed(service: ServiceUnderTest) -> None:
    answer = await service.client.post("/ask", data={"send": "yes"})
    assert answer.status_code == 422
    assert {error.field for error in service.last_page.values["form"].errors} == {
        "who_asks",
        "name",
        "reach_by",
        "reach_at",
    }


async def test_a_mended_form_is_sent_under_a_fresh_key(service: ServiceUnderTest) -> None:
    await send(service)
    other = await send(service, matters="And I like trains.")
    assert other.status_code == 422
    assert "press the button again" in other.text
    key = service.last_page.values["form"].idempotency_key
    answer = await send(service, matters="And I like trains.", idempotency_key=key)
    assert answer.status_code == 303
    assert await service.count(schema.signposting_request) == 2


async def test_a_button_pressed_twice_without_scripts_is_one_request(
    service: ServiceUnderTest,
) -> None:
    answers = await asyncio.gather(*(send(service, idempotency_key="") for _ in range(10)))
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert await service.count(schema.signposting_request) == 1


async def test_a_filled_trap_never_drops_a_call_for_help(service: ServiceUnderTest) -> None:
    answer = await send(service, website2="https://example.org")
    assert answer.status_code == 303
    assert (await stored_details(service)).trapped


async def test_several_needs_and_the_activity_are_kept(service: ServiceUnderTest) -> None:
    await send(service, needs=["evenings-are-long", "little-money"], activity="sing-anyway")
    (row,) = await service.rows(schema.signposting_request)
    assert row.needs == ("evenings-are-long", "little-money")
    assert (await stored_details(service)).activity == "sing-anyway"


async def test_a_store_that_is_gone_shows_a_page_and_keeps_nothing(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_inserts(service, monkeypatch)
    answer = await send(service)
    assert answer.status_code == 503
    assert "R-" not in answer.text


async def test_beside_a_real_activity_no_invented_number_is_offered(
    service: ServiceUnderTest,
) -> None:
    for is_invented in (True, False):
        activity = Activity(
            title="Sing anyway",
            summary="Singing.",
            kinds=("choir",),
            ways=("in person",),
            status="active",
            provider=Provider("The Mill"),
            slug="sing-anyway",
            demonstration=is_invented,
        )
        service.catalogue = msgspec.structs.replace(service.catalogue, activities=(activity,))
        form = await service.client.get("/ask?activity=sing-anyway")
        faulty = await send(service, activity="sing-anyway", reach_at="")
        sent = await send(service, activity="sing-anyway")
        thanks = await service.client.get(sent.headers["location"])
        for page in (form, faulty, thanks):
            assert ("01632 960960" in page.text) == is_invented
            assert ("an invented number" in page.text) == is_invented
    assert "an invented number" in (await service.client.get("/ask")).text


async def test_a_link_from_an_activity_fills_the_form_without_scripts(
    service: ServiceUnderTest,
) -> None:
    activity = Activity(
        title="Sing <anyway>", summary="", kinds=(), ways=(), provider=Provider(name="Mill"),
        slug="sing-anyway",
    )  # fmt: skip
    service.catalogue = msgspec.structs.replace(service.catalogue, activities=(activity,))
    page = await service.client.get("/ask?activity=sing-anyway")
    assert page.status_code == 200
    assert "Sing &lt;anyway&gt;" in page.text
    assert 'name="activity" value="sing-anyway"' in page.text
    answer = await send(service, activity="sing-anyway")
    thanks = await service.client.get(answer.headers["location"])
    assert "Sing &lt;anyway&gt;" in thanks.text


async def test_a_link_from_an_activity_that_is_gone_gives_the_form_and_a_sentence(
    service: ServiceUnderTest,
) -> None:
    page = await service.client.get('/ask?activity="><script>alert(1)</script>')
    assert page.status_code == 200
    assert "not here any more" in page.text
    assert 'name="activity" value=""' in page.text
    assert "alert(1)" not in page.text

"""Somebody says what is wrong: kept before it is answered, and nothing personal gets out."""

import asyncio
import logging
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.features.corrections.store import CorrectionPersonalData
from api.security.references import make, parse
from api.store import schema
from tests.api.corrections.conftest import CANARIES, ENTRY, PATH, SAID, send_correction
from tests.api.service_under_test import ServiceUnderTest, read_all_files

pytestmark = pytest.mark.anyio


async def send(service: ServiceUnderTest, **changes: Any) -> Any:
    return await service.client.post("/put-right", data={**SAID, "website2": "", **changes})


async def test_what_is_said_is_kept_sealed_and_answered_with_a_reference(
    service: ServiceUnderTest,
) -> None:
    answer = await send_correction(service)
    assert answer.status_code == 201
    reference = answer.json()["reference"]
    assert parse(reference, "C") == reference
    (row,) = await service.rows(schema.correction)
    assert (row.activity, row.about, row.state) == ("sing-anyway", "times", "received")
    personal = service.encryption.decrypt_as(row.id, row.sealed, CorrectionPersonalData)
    assert personal.words.endswith("Quillfeather.")
    assert personal.knows == "goes_there"


async def test_the_team_is_told_and_nothing_of_the_person(service: ServiceUnderTest) -> None:
    reference = (await send_correction(service)).json()["reference"]
    (letter,) = await service.letters()
    assert letter.to == "team@example.org"
    assert reference in letter.body
    assert "Sing anyway" in letter.body
    assert not [word for word in CANARIES if word in letter.raw]
    assert reference not in letter.subject


async def test_no_personal_word_is_in_files_or_log(
    service: ServiceUnderTest, project: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await send_correction(service)
    await send(service)
    await send_correction(service, words=["Quillfeather"])
    await service.letters()
    heap = read_all_files(project)
    assert not [word for word in CANARIES if word in heap or word in caplog.text.encode()]
    assert (project / PATH).read_text() == ENTRY  # nothing changes an entry but a person


async def test_the_form_shows_what_our_page_says_now(service: ServiceUnderTest) -> None:
    page = await service.client.get("/put-right?activity=sing-anyway")
    assert page.status_code == 200
    assert "Every Tuesday" in page.text
    assert "£2" in page.text
    assert "01632 960100" in page.text
    assert "All of this is still right" in page.text
    assert 'name="activity" value="sing-anyway"' in page.text


@pytest.mark.parametrize("slug", ["gone-by-now", "", '"><script>alert(1)</script>', "x" * 10_000])
async def test_an_activity_we_do_not_have_leads_to_a_page_that_helps(
    service: ServiceUnderTest, slug: str
) -> None:
    page = await service.client.get("/put-right", params={"activity": slug[:5_000]})
    assert page.status_code in (404, 414)
    assert "<script>alert" not in page.text
    if page.status_code == 404:
        assert "tel:" in page.text
        assert "/find/" in page.text


async def test_an_entry_withdrawn_meanwhile_is_said_so_and_nothing_is_kept(
    service: ServiceUnderTest,
) -> None:
    service.catalogue = msgspec.structs.replace(service.catalogue, activities=())
    assert (await send_correction(service)).status_code == 404
    page = await send(service)
    assert page.status_code == 404
    assert "not any more" in page.text
    assert await service.count(schema.correction) == 0


async def test_a_form_leads_to_a_page_with_the_reference(service: ServiceUnderTest) -> None:
    answer = await send(service)
    assert answer.status_code == 303
    address = answer.headers["location"]
    page = await service.client.get(address)
    assert page.status_code == 200
    reference = re.findall("C-[^?]+", address)[0]
    assert reference in page.text
    other = make("C")
    unknown = await service.client.get(f"/put-right/received/{other}")
    assert page.text.replace(reference, other) == unknown.text
    assert (await service.client.get("/put-right/received/R-7KQ4-XM2P")).status_code == 404


async def test_beside_a_real_activity_no_invented_number_is_offered(
    service: ServiceUnderTest,
) -> None:
    for is_invented in (True, False):
        (activity,) = service.catalogue.activities
        activity = msgspec.structs.replace(activity, demonstration=is_invented)
        service.catalogue = msgspec.structs.replace(service.catalogue, activities=(activity,))
        form = await service.client.get("/put-right?activity=sing-anyway")
        thanks = await service.client.get((await send(service)).headers["location"])
        for page in (form, thanks):
            assert page.status_code == 200
            assert ("01632 960960" in page.text) == is_invented
            assert ("an invented number" in page.text) == is_invented
        assert "Would you rather talk" in form.text or not is_invented


@pytest.mark.parametrize("about", ["still_right", "ended"])
async def test_a_choice_that_says_enough_needs_no_words(
    service: ServiceUnderTest, about: str
) -> None:
    answer = await service.client.post(
        "/put-right", data={"activity": "sing-anyway", "about": about}
    )
    assert answer.status_code == 303
    (row,) = await service.rows(schema.correction)
    assert row.about == about


async def test_what_is_missing_is_told_beside_its_field_and_answers_are_kept(
    service: ServiceUnderTest,
) -> None:
    answer = await send(service, words=" ", reach_at="mary")
    assert answer.status_code == 422
    form = service.last_page.values["form"]
    assert {error.field for error in form.errors} == {"words"}
    assert form.value("reach_at") == "mary"
    assert form.is_chosen("about", "times")
    assert await service.count(schema.correction) == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"words": "canary" * 2_000},
        {"words": "canary\x00"},
        {"about": "canary"},
        {"knows": "canary"},
        {"activity": "../canary"},
        {"activity": None},
        {"canary": "canary"},
        {"reach_at": "canary\nBcc: x"},
    ],
)
async def test_bad_input_is_a_problem_that_repeats_nothing(
    service: ServiceUnderTest, changes: dict[str, Any]
) -> None:
    answer = await send_correction(service, **changes)
    assert answer.status_code == 422
    assert "canary" not in answer.text
    assert await service.count(schema.correction) == 0
    assert await service.count(schema.letter) == 0


async def test_markup_is_words(service: ServiceUnderTest) -> None:
    answer = await send(service, about="", words="<script>alert(1)</script>")
    assert answer.status_code == 422
    assert "<script>alert" not in answer.text
    assert (await send(service, words="<script>alert(1)</script>")).status_code == 303


async def test_a_button_pressed_often_is_one_correction(service: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(send(service) for _ in range(8)))
    assert len({answer.headers["location"] for answer in answers}) == 1
    keyed = await asyncio.gather(*(send_correction(service, key="pressed-often") for _ in range(8)))
    assert len({answer.json()["reference"] for answer in keyed}) == 1
    assert await service.count(schema.correction) == 2
    assert len(await service.letters()) == 2


async def test_a_filled_trap_is_held_and_writes_to_nobody(service: ServiceUnderTest) -> None:
    assert (await send(service, website2="x")).status_code == 303
    (row,) = await service.rows(schema.correction)
    assert row.state == "held"
    assert await service.letters() == []


async def test_another_sites_page_is_not_taken(service: ServiceUnderTest) -> None:
    answer = await service.client.post(
        "/put-right", data=SAID, headers={"origin": "https://x.example"}
    )
    assert answer.status_code == 403
    assert await service.count(schema.correction) == 0

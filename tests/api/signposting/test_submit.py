"""Somebody asks for help, and it is kept before they are told so."""

import asyncio
import logging
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.features.signposting.store import PersonalDetails
from api.security.references import parse
from api.store import schema
from tests.api.service_under_test import ROOT, ServiceUnderTest, read_all_files, refuse_inserts
from tests.api.signposting.conftest import CANARIES, FORM, MARY

pytestmark = pytest.mark.anyio
ADDRESS = "/api/signposting-requests"


async def send_request(service: ServiceUnderTest, key: str | None = None, **changes: Any) -> Any:
    headers = {"idempotency-key": key} if key else {}
    body = {name: value for name, value in {**MARY, **changes}.items() if value is not None}
    return await service.client.post(ADDRESS, json=body, headers=headers)


async def stored_details(service: ServiceUnderTest) -> PersonalDetails:
    (row,) = await service.rows(schema.signposting_request)
    return service.encryption.decrypt_as(row.id, row.sealed, PersonalDetails)


async def test_a_request_is_answered_with_a_reference_and_the_day_of_an_answer(
    service: ServiceUnderTest,
) -> None:
    answer = await send_request(service)
    assert answer.status_code == 201
    received = answer.json()
    assert parse(received["reference"], "R") == received["reference"]
    # Sunday 22 November 2026: Monday and Tuesday are the two working days.
    assert received["answer_by"] == "2026-11-24"
    assert "gets in touch" in received["what_happens_next"]


async def test_what_is_personal_lies_in_one_sealed_blob(service: ServiceUnderTest) -> None:
    await send_request(service)
    (row,) = await service.rows(schema.signposting_request)
    assert (row.state, row.who_asks, row.place, row.needs) == (
        "received",
        "self",
        "Temeford",
        ("evenings-are-long",),
    )
    assert row.delete_after is None  # somebody who still waits is not forgotten
    details = await stored_details(service)
    assert (details.name, details.reach_at) == ("Mary Quillfeather", "01632 960123, let it ring")
    assert details.safe_when == "mornings, not when Ron is home"


async def test_the_team_is_told_the_reference_and_nothing_of_the_person(
    service: ServiceUnderTest,
) -> None:
    reference = (await send_request(service)).json()["reference"]
    (letter,) = await service.letters()
    assert (letter.to, letter.subject) == (
        "team@example.org",
        "A request for signposting has arrived",
    )
    assert reference in letter.body
    assert "Tuesday 24 November" in letter.body
    assert not [word for word in CANARIES if word in letter.raw]


async def test_no_personal_word_is_in_the_files_or_the_log(
    service: ServiceUnderTest, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await send_request(service, key="no-personal-word")
    await service.client.post("/ask", data=FORM)
    await send_request(service, name=["Quillfeather"])
    await service.letters()
    heap = read_all_files(tmp_path)
    assert b"Temeford" in heap
    assert not [word for word in CANARIES if word in heap or word in caplog.text.encode()]


async def test_somebody_else_must_know_and_agree(service: ServiceUnderTest) -> None:
    refused = await send_request(service, who_asks="someone_else")
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.json()["errors"]] == ["consent"]
    assert (await send_request(service, who_asks="someone_else", consent="yes")).status_code == 201
    (row,) = await service.rows(schema.signposting_request)
    assert row.who_asks == "someone_else"


@pytest.mark.parametrize(
    "name", ["Zoë", "Ó Súilleabháin", "王小明", "محمد", "Mary-Jane O'Neill", "M", "x" * 100]
)
async def test_names_are_taken_as_typed(service: ServiceUnderTest, name: str) -> None:
    assert (await send_request(service, name=name)).status_code == 201
    assert (await stored_details(service)).name == name


@pytest.mark.parametrize(
    ("reach_by", "reach_at"),
    [
        ("phone", "+44 (0)1632 960 123"),
        ("phone", "01632-960123 ask for Jo"),
        ("text", "07700900123"),
        ("email", "Jo <jo@example.org>"),
        ("email", "jo.o'brien@bücher.example"),
        ("post", "1 Mill Lane\nTemeford"),
        ("visit", "Tuesdays at the library"),
    ],
)
async def test_ways_to_reach_somebody_are_read_leniently(
    service: ServiceUnderTest, reach_by: str, reach_at: str
) -> None:
    assert (await send_request(service, reach_by=reach_by, reach_at=reach_at)).status_code == 201
    assert (await stored_details(service)).reach_at == reach_at


@pytest.mark.parametrize(
    ("reach_by", "reach_at"),
    [("phone", "01632"), ("email", "jo at example"), ("email", "jo@example"), ("post", "  ")],
)
async def test_a_way_that_cannot_work_is_told_at_once(
    service: ServiceUnderTest, reach_by: str, reach_at: str
) -> None:
    refused = await send_request(service, reach_by=reach_by, reach_at=reach_at)
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.json()["errors"]] == ["reach_at"]


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("temeford ", "Temeford"),
        ("ZZ1 1AA", "Temeford"),
        ("zz3", "Harrow Vale"),  # three areas share it: the one around them
        ("Temmeford", None),  # a guess is never taken: a person reads the words
        ("Thistlow", None),
        ("the flats behind the bus station", None),
        ("", None),
    ],
)
async def test_the_area_is_kept_coarse_and_the_words_sealed(
    service: ServiceUnderTest, place: str, area: str | None
) -> None:
    await send_request(service, place=place)
    (row,) = await service.rows(schema.signposting_request)
    assert row.place == area
    assert (await stored_details(service)).place == ("ZZ3" if place == "zz3" else place)


@pytest.mark.parametrize("typed", ["zz31aa", "zz3  1aa", "ZZ3\u00a01AA"])
async def test_a_postcode_is_kept_as_everybody_writes_it(
    service: ServiceUnderTest, typed: str
) -> None:
    await send_request(service, place=typed)
    assert (await stored_details(service)).place == "ZZ3 1AA"


async def test_terms_of_an_old_page_are_kept_sealed(service: ServiceUnderTest) -> None:
    answer = await send_request(
        service,
        needs=["evenings-are-long", "evenings-are-long", "gone-by-now"],
        activity="closed-club",
    )
    assert answer.status_code == 201
    (row,) = await service.rows(schema.signposting_request)
    assert row.needs == ("evenings-are-long",)
    details = await stored_details(service)
    assert (details.other_needs, details.activity) == (("gone-by-now",), "closed-club")


async def test_the_answer_skips_weekends_and_bank_holidays(service: ServiceUnderTest) -> None:
    # Thursday before Easter 2027: Good Friday and Easter Monday are bank holidays.
    service.clock.now = datetime.fromisoformat("2027-03-25T12:00:00+00:00")
    assert (await send_request(service)).json()["answer_by"] == "2027-03-31"


async def test_the_day_is_a_day_in_england(service: ServiceUnderTest) -> None:
    service.clock.now = datetime.fromisoformat(
        "2026-06-30T23:30:00+00:00"
    )  # already Wednesday in London
    assert (await send_request(service)).json()["answer_by"] == "2026-07-03"


async def test_a_repeat_with_the_same_key_changes_nothing(service: ServiceUnderTest) -> None:
    first = await send_request(service, key="the-same-key")
    service.clock.advance(hours=20)  # Monday by now; the promise stays that of Sunday
    repeat = await send_request(service, key="the-same-key")
    assert (repeat.status_code, repeat.json()) == (201, first.json())
    assert await service.count(schema.signposting_request) == 1
    assert len(await service.letters()) == 1


async def test_a_key_does_not_serve_two_bodies(service: ServiceUnderTest) -> None:
    await send_request(service, key="the-same-key")
    other = await send_request(service, key="the-same-key", matters="Something else.")
    assert other.status_code == 422
    assert await service.count(schema.signposting_request) == 1


async def test_parallel_repeats_make_one_request(service: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(send_request(service, key="pressed-often") for _ in range(30)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert await service.count(schema.signposting_request) == 1
    assert len(await service.letters()) == 1


async def test_two_people_without_keys_are_two_requests(service: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(send_request(service) for _ in range(10)))
    assert len({answer.json()["reference"] for answer in answers}) == 10
    assert await service.count(schema.signposting_request) == 10


async def test_nothing_is_acknowledged_when_the_store_fails(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_inserts(service, monkeypatch)
    refused = await send_request(service)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert "reference" not in refused.json()
    assert await service.count(schema.signposting_request) == 0


async def test_the_audit_trail_says_that_it_came_and_no_more(service: ServiceUnderTest) -> None:
    reference = (await send_request(service)).json()["reference"]
    (line,) = await service.rows(schema.audit)
    assert (line.action, line.subject, line.actor) == (
        "signposting_request.received",
        reference,
        "visitor",
    )
    assert msgspec.json.decode(line.detail) == {}


def test_letters_of_this_feature_have_fixed_subjects() -> None:
    for file in (ROOT / "api" / "features" / "signposting" / "letters").glob("*.txt"):
        subject = file.read_text().partition("\n")[0]
        assert re.fullmatch(r'Subject: \{\{ _\("[\w ]+"\) \}\}', subject), file

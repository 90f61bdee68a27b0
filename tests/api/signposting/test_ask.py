"""Somebody asks for help, and it is kept before they are told so."""

import asyncio
import logging
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from api.errors import Unavailable
from api.features.signposting.store import Private
from api.security.references import parse
from api.store import schema
from tests.api.bench import ROOT, Bench, files_of, moment
from tests.api.signposting.conftest import CANARIES, FORM, MARY

pytestmark = pytest.mark.anyio
ADDRESS = "/api/signposting-requests"


async def ask(bench: Bench, key: str | None = None, **changes: Any) -> Any:
    headers = {"idempotency-key": key} if key else {}
    body = {name: value for name, value in {**MARY, **changes}.items() if value is not None}
    return await bench.client.post(ADDRESS, json=body, headers=headers)


async def private(bench: Bench) -> Private:
    (row,) = await bench.rows(schema.signposting_request)
    return bench.encryption.decrypt_as(row.id, row.sealed, Private)


async def test_a_request_is_answered_with_a_reference_and_the_day_of_an_answer(
    bench: Bench,
) -> None:
    answer = await ask(bench)
    assert answer.status_code == 201
    said = answer.json()
    assert parse(said["reference"], "R") == said["reference"]
    # Sunday 22 November 2026: Monday and Tuesday are the two working days.
    assert said["answer_by"] == "2026-11-24"
    assert "gets in touch" in said["what_happens_next"]


async def test_what_is_personal_lies_in_one_sealed_blob(bench: Bench) -> None:
    await ask(bench)
    (row,) = await bench.rows(schema.signposting_request)
    assert (row.state, row.who_asks, row.place, row.needs) == (
        "received",
        "self",
        "Temeford",
        ("evenings-are-long",),
    )
    assert row.delete_after is None  # somebody who still waits is not forgotten
    kept = await private(bench)
    assert (kept.name, kept.reach_at) == ("Mary Quillfeather", "01632 960123, let it ring")
    assert kept.safe_when == "mornings, not when Ron is home"


async def test_the_team_is_told_the_reference_and_nothing_of_the_person(bench: Bench) -> None:
    reference = (await ask(bench)).json()["reference"]
    (letter,) = await bench.letters()
    assert (letter.to, letter.subject) == (
        "team@example.org",
        "A request for signposting has arrived",
    )
    assert reference in letter.body
    assert "Tuesday 24 November" in letter.body
    assert not [word for word in CANARIES if word in letter.raw]


async def test_no_personal_word_is_in_the_files_or_the_log(
    bench: Bench, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await ask(bench, key="no-personal-word")
    await bench.client.post("/ask", data=FORM)
    await ask(bench, name=["Quillfeather"])
    await bench.letters()
    heap = files_of(tmp_path)
    assert b"Temeford" in heap
    assert not [word for word in CANARIES if word in heap or word in caplog.text.encode()]


async def test_somebody_else_must_know_and_agree(bench: Bench) -> None:
    refused = await ask(bench, who_asks="someone_else")
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.json()["errors"]] == ["consent"]
    assert (await ask(bench, who_asks="someone_else", consent="yes")).status_code == 201
    (row,) = await bench.rows(schema.signposting_request)
    assert row.who_asks == "someone_else"


@pytest.mark.parametrize(
    "name", ["Zoë", "Ó Súilleabháin", "王小明", "محمد", "Mary-Jane O'Neill", "M", "x" * 100]
)
async def test_names_are_taken_as_typed(bench: Bench, name: str) -> None:
    assert (await ask(bench, name=name)).status_code == 201
    assert (await private(bench)).name == name


@pytest.mark.parametrize(
    ("reach_by", "reach_at"),
    [
        ("phone", "+44 (0)1632 960 123"),
        ("phone", "01632-960123 ask for Jo"),
        ("text", "07700900123"),
        ("email", "Jo <jo@example.org>"),
        ("post", "1 Mill Lane\nTemeford"),
        ("visit", "Tuesdays at the library"),
    ],
)
async def test_ways_to_reach_somebody_are_read_leniently(
    bench: Bench, reach_by: str, reach_at: str
) -> None:
    assert (await ask(bench, reach_by=reach_by, reach_at=reach_at)).status_code == 201
    assert (await private(bench)).reach_at == reach_at


@pytest.mark.parametrize(
    ("reach_by", "reach_at"), [("phone", "01632"), ("email", "jo at example"), ("post", "  ")]
)
async def test_a_way_that_cannot_work_is_told_at_once(
    bench: Bench, reach_by: str, reach_at: str
) -> None:
    refused = await ask(bench, reach_by=reach_by, reach_at=reach_at)
    assert refused.status_code == 422
    assert [fault["field"] for fault in refused.json()["errors"]] == ["reach_at"]


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("temeford ", "Temeford"),
        ("ZZ1 1AA", "Temeford"),
        ("zz3", "Harrow Vale"),  # three areas share it: the one around them
        ("Temmeford", "Temeford"),
        ("Thistlow", "Harrow Vale"),
        ("the flats behind the bus station", None),
        ("", None),
    ],
)
async def test_the_area_is_kept_coarse_and_the_words_sealed(
    bench: Bench, place: str, area: str | None
) -> None:
    await ask(bench, place=place)
    (row,) = await bench.rows(schema.signposting_request)
    assert row.place == area
    assert (await private(bench)).place == place


async def test_terms_of_an_old_page_are_kept_sealed(bench: Bench) -> None:
    answer = await ask(
        bench,
        needs=["evenings-are-long", "evenings-are-long", "gone-by-now"],
        activity="closed-club",
    )
    assert answer.status_code == 201
    (row,) = await bench.rows(schema.signposting_request)
    assert row.needs == ("evenings-are-long",)
    kept = await private(bench)
    assert (kept.other_needs, kept.activity) == (("gone-by-now",), "closed-club")


async def test_the_answer_skips_weekends_and_bank_holidays(bench: Bench) -> None:
    # Thursday before Easter 2027: Good Friday and Easter Monday are bank holidays.
    bench.clock.now = moment("2027-03-25T12:00:00+00:00")
    assert (await ask(bench)).json()["answer_by"] == "2027-03-31"


async def test_the_day_is_a_day_in_england(bench: Bench) -> None:
    bench.clock.now = moment("2026-06-30T23:30:00+00:00")  # already Wednesday in London
    assert (await ask(bench)).json()["answer_by"] == "2026-07-03"


async def test_a_repeat_with_the_same_key_changes_nothing(bench: Bench) -> None:
    first = await ask(bench, key="the-same-key")
    bench.clock.passes(hours=20)  # Monday by now; the promise stays that of Sunday
    again = await ask(bench, key="the-same-key")
    assert (again.status_code, again.json()) == (201, first.json())
    assert await bench.count(schema.signposting_request) == 1
    assert len(await bench.letters()) == 1


async def test_a_key_does_not_serve_two_bodies(bench: Bench) -> None:
    await ask(bench, key="the-same-key")
    other = await ask(bench, key="the-same-key", matters="Something else.")
    assert other.status_code == 422
    assert await bench.count(schema.signposting_request) == 1


async def test_parallel_repeats_make_one_request(bench: Bench) -> None:
    answers = await asyncio.gather(*(ask(bench, key="pressed-often") for _ in range(30)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert await bench.count(schema.signposting_request) == 1
    assert len(await bench.letters()) == 1


async def test_two_people_without_keys_are_two_requests(bench: Bench) -> None:
    answers = await asyncio.gather(*(ask(bench) for _ in range(10)))
    assert len({answer.json()["reference"] for answer in answers}) == 10
    assert await bench.count(schema.signposting_request) == 10


async def test_nothing_is_acknowledged_when_the_store_fails(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(rows: object) -> None:
        raise Unavailable

    monkeypatch.setattr(bench.database, "insert", fails)
    refused = await ask(bench)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert "reference" not in refused.json()
    assert await bench.count(schema.signposting_request) == 0


async def test_the_audit_trail_says_that_it_came_and_no_more(bench: Bench) -> None:
    reference = (await ask(bench)).json()["reference"]
    (line,) = await bench.rows(schema.audit)
    assert (line.action, line.subject, line.actor) == (
        "signposting_request.received",
        reference,
        "visitor",
    )
    assert msgspec.json.decode(line.detail) == {}


def test_letters_of_this_room_have_fixed_subjects() -> None:
    for file in (ROOT / "api" / "features" / "signposting" / "letters").glob("*.txt"):
        subject = file.read_text().partition("\n")[0]
        assert re.fullmatch(r'Subject: \{\{ _\("[\w ]+"\) \}\}', subject), file

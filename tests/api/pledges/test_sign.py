"""Somebody signs a pledge: the answer never tells whether somebody did before."""

import asyncio
import logging
import re
from pathlib import Path

import msgspec
import pytest

from api.features.pledges.store import SignUpPersonalData
from api.store import schema
from tests.api.pledges.conftest import PUB, TAXI, newest_link, sign_by_form, sign_by_json
from tests.api.service_under_test import ROOT, ServiceUnderTest, read_all_files, refuse_inserts

pytestmark = pytest.mark.anyio


async def states(service: ServiceUnderTest) -> list[str]:
    return [row.state for row in await service.rows(schema.sign_up)]


async def actions(service: ServiceUnderTest) -> list[str]:
    return [row.action for row in await service.rows(schema.audit)]


async def test_a_sign_up_waits_for_its_letter_to_be_answered(service: ServiceUnderTest) -> None:
    answer = await sign_by_json(service)
    assert answer.status_code == 202
    assert "letter" in answer.json()["what_happens_next"]
    (row,) = await service.rows(schema.sign_up)
    assert (row.state, row.pledge, row.version) == ("awaiting_confirmation", "connector", "2")
    assert (row.public_name, row.kind, row.place) == ("The Wennimere Arms", "pub", "Temeford")
    personal = service.encryption.decrypt_as(row.id, row.sealed, SignUpPersonalData)
    assert personal.contact_email == "landlady.canary@example.org"
    assert await actions(service) == ["sign_up.received"]


async def test_the_letter_says_what_was_typed_and_where_to_confirm(
    service: ServiceUnderTest,
) -> None:
    await sign_by_json(service)
    (letter,) = await service.letters()
    assert letter.to == "landlady.canary@example.org"
    assert letter.subject == "Please confirm your promise"
    assert "The Wennimere Arms" in letter.body
    assert "Community connector" in letter.body
    assert "Sunday 29 November" in letter.body  # seven days on
    assert "https://kith.example.org/confirm/" in letter.body


async def test_a_link_is_never_made_from_what_the_caller_says_of_our_name(
    service: ServiceUnderTest,
) -> None:
    service.client.headers["host"] = "elsewhere.example"
    await sign_by_json(service)
    (letter,) = await service.letters()
    assert "elsewhere" not in letter.body


async def test_the_answer_is_the_same_for_new_and_known(service: ServiceUnderTest) -> None:
    first = await sign_by_json(service)
    service.clock.advance(hours=1)
    second = await sign_by_json(service)
    assert (first.status_code, first.content) == (second.status_code, second.content)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"name": "the wennimere  ARMS", "contact_email": "other@example.org"},
        {"name": "Another House", "contact_email": "Landlady.CANARY@example.org"},
    ],
    ids=["the same", "the same name", "the same contact"],
)
async def test_a_second_sign_up_is_no_second_entry(
    service: ServiceUnderTest, changes: dict[str, str]
) -> None:
    await sign_by_json(service)
    service.clock.advance(hours=1)
    await sign_by_json(service, **changes)  # type: ignore[arg-type]
    assert await states(service) == ["awaiting_confirmation"]
    first, second = await service.letters()
    assert second.subject == "Your promise is already with us"
    assert second.to == first.to == "landlady.canary@example.org"
    assert await newest_link(service) not in first.body


async def test_a_place_is_read_as_a_search_reads_it_and_a_postcode_names_none(
    service: ServiceUnderTest,
) -> None:
    answer = await sign_by_json(service, place="in temeford, Harrow Vale")
    assert answer.status_code == 202
    (row,) = await service.rows(schema.sign_up)
    assert row.place == "Temeford"
    for place in ("ZZ1 1AA", "Temford", "Leeds", "near me"):
        answer = await sign_by_json(service, place=place, contact_email="b@example.org")
        assert answer.status_code == 422


async def test_another_place_or_another_name_is_another_sign_up(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    await sign_by_json(service, place="Osmery Bridge", contact_email="b@example.org")
    await sign_by_json(service, name="The Wennimere Head", contact_email="c@example.org")
    assert len(await states(service)) == 3


async def test_after_a_week_nobody_confirmed_somebody_may_sign_afresh(
    service: ServiceUnderTest,
) -> None:
    await sign_by_json(service)
    service.clock.advance(days=8)
    await sign_by_json(service, contact_email="right@example.org")
    assert await states(service) == ["lapsed", "awaiting_confirmation"]
    assert (await service.letters())[-1].to == "right@example.org"


async def test_a_button_pressed_twice_writes_one_letter(service: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(sign_by_json(service) for _ in range(20)))
    assert {answer.status_code for answer in answers} == {202}
    assert await states(service) == ["awaiting_confirmation"]
    assert len(await service.letters()) == 1


async def test_a_key_makes_a_repeat_harmless_for_a_day(service: ServiceUnderTest) -> None:
    await sign_by_json(service, key="drawn-by-caller")
    service.clock.advance(hours=1)
    assert (await sign_by_json(service, key="drawn-by-caller")).status_code == 202
    assert (await sign_by_json(service, key="drawn-by-caller", name="Other")).status_code == 422
    assert len(await service.letters()) == 1


async def test_nobody_gets_more_than_five_letters_about_a_sign_up(
    service: ServiceUnderTest,
) -> None:
    for _ in range(12):
        await sign_by_json(service)
        service.clock.advance(minutes=11)
    assert len(await service.letters()) == 5


async def test_a_filled_trap_is_held_silently(service: ServiceUnderTest) -> None:
    answer = await sign_by_form(service, website2="https://example.org")
    assert answer.headers["location"].startswith("/pledges/connector/signed/P-")
    assert await states(service) == ["held"]
    assert await service.letters() == []
    await sign_by_json(service)  # a real one is not in its way
    assert await states(service) == ["held", "awaiting_confirmation"]


async def test_a_persons_name_is_sealed_until_published(
    service: ServiceUnderTest, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    await sign_by_json(service, TAXI, show_name="yes")
    await sign_by_json(service, PUB)
    letters = await service.letters()
    (row, _) = await service.rows(schema.sign_up)
    assert row.public_name is None
    assert (
        service.encryption.decrypt_as(row.id, row.sealed, SignUpPersonalData).name
        == "Ambrose Canary"
    )
    heap = read_all_files(tmp_path).lower()
    assert b"wennimere arms" in heap
    assert b"canary" not in heap
    assert "canary" not in caplog.text.casefold()
    assert not [letter for letter in letters if "Canary" in letter.subject]


async def test_tokens_are_kept_as_digests_only(service: ServiceUnderTest, tmp_path: Path) -> None:
    await sign_by_json(service)
    link = await newest_link(service)
    assert link.rpartition("/")[2].encode() not in read_all_files(tmp_path)


async def test_promises_are_kept_in_the_order_of_the_pledge(service: ServiceUnderTest) -> None:
    await sign_by_json(
        service,
        promises={
            "card": {"state": "not for us"},
            "point-on": {"state": "doing", "by": "2027-01-01"},
            "listen": {"state": "doing"},
        },
    )
    (row,) = await service.rows(schema.sign_up)
    commitments = msgspec.json.decode(row.commitments)
    assert list(commitments) == ["listen", "point-on", "card"]
    assert commitments["point-on"]["by"] is None  # only a start has a day


async def test_two_is_two_however_a_program_writes_it(service: ServiceUnderTest) -> None:
    assert (await sign_by_json(service, version=2.0)).status_code == 202
    assert (await sign_by_json(service, version=1.5, name="Other")).status_code == 422
    (row,) = await service.rows(schema.sign_up)
    assert row.version == "2"


async def test_nothing_is_acknowledged_when_the_store_fails(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    refuse_inserts(service, monkeypatch)
    refused = await sign_by_json(service)
    assert refused.status_code == 503
    assert refused.headers["retry-after"]
    assert await states(service) == []


async def test_an_ended_pledge_takes_no_more(service: ServiceUnderTest) -> None:
    (pledge,) = service.catalogue.pledges
    ended_pledge = msgspec.structs.replace(pledge, status="ended")
    service.catalogue = msgspec.structs.replace(service.catalogue, pledges=(ended_pledge,))
    assert (await sign_by_json(service)).status_code == 409
    assert await states(service) == []


def test_letters_of_this_room_have_fixed_subjects() -> None:
    files = [*(ROOT / "api" / "features" / "pledges" / "letters").glob("*.txt")]
    assert len(files) == 10
    for file in files:
        first = file.read_text().partition("\n")[0]
        assert re.fullmatch(r'Subject: \{\{ _\("[\w ]+"\) \}\}', first), file

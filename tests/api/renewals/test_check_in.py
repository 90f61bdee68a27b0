"""The yearly question: reading changes nothing, one button renews, a crash loses nothing."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.features.renewals import check_in
from api.mail import letters
from api.store import schema
from catalogue.model.pledge import Promise
from tests.api.renewals.conftest import (
    EDITOR_ENTRY,
    SHOP,
    context,
    faults,
    first_reminder_link,
    read_entry,
    reload_catalogue,
    send_reminders,
)
from tests.api.service_under_test import ServiceUnderTest
from tests.support.depth import examples

pytestmark = pytest.mark.anyio
ALL_AS_IT_WAS = {"all_as_it_was": "yes"}
ANSWERS = {
    "state-listen": "doing",
    "words-listen": "We kept Mondays quiet. Canary words.",
    "state-point-on": "not_yet",
    "by-point-on": "2028-01-31",
    "words-point-on": "The printer broke.",
}


async def stored_records(service: ServiceUnderTest) -> list[Any]:
    tables = (schema.sign_up, schema.check_in, schema.keeping_link, schema.audit, schema.letter)
    rows = [tuple(row) for table in tables for row in await service.rows(table)]
    return [*rows, read_entry(service)]


async def test_one_button_renews_everything(service: ServiceUnderTest) -> None:
    link = await first_reminder_link(service)
    before = read_entry(service)
    answer = await service.client.post(link, data=ALL_AS_IT_WAS)
    assert answer.status_code == 200
    assert "22 November 2028" in answer.text
    after = read_entry(service)
    assert str(after.confirmed_until) == "2028-11-22"
    assert (after.promises, after.since) == (before.promises, before.since)
    (row,) = await service.rows(schema.check_in)
    assert (row.until_before, row.until_after, row.answers) == ("2027-11-22", "2028-11-22", "{}")
    assert row.written_at == service.clock()
    (sign_up,) = await service.rows(schema.sign_up)
    assert sign_up.delete_after.date().isoformat() == "2029-11-22"
    assert service.context.rebuild_queue.is_pending
    letter = (await service.letters())[-1]
    assert (letter.to, "22 November 2028" in letter.body) == ("landlady.canary@example.org", True)


async def test_each_commitment_may_be_answered(service: ServiceUnderTest) -> None:
    answer = await service.client.post(await first_reminder_link(service), data=ANSWERS)
    assert answer.status_code == 200, answer.text
    after = read_entry(service)
    assert after.promises["listen"] == Promise(how="Monday is quiet on purpose.")
    assert after.promises["point-on"].state == "starting"
    assert str(after.promises["point-on"].by) == "2028-01-31"
    assert faults(service.settings.project) == []
    text = (service.settings.project / after.path).read_text()
    assert "Canary words" not in text


async def test_what_stopped_says_no_longer_how_it_was_done(service: ServiceUnderTest) -> None:
    answers = {**ANSWERS, "state-listen": "stopped"}
    await service.client.post(await first_reminder_link(service), data=answers)
    assert read_entry(service).promises["listen"] == Promise(state="not for us")


async def test_texts_are_encrypted_and_erased_in_the_end(service: ServiceUnderTest) -> None:
    await service.client.post(await first_reminder_link(service), data=ANSWERS)
    (row,) = await service.rows(schema.check_in)
    assert b"Canary" not in row.sealed
    assert "Canary" not in repr(await service.rows(schema.audit))
    assert row.delete_after.date().isoformat() == "2029-11-22"


async def test_an_entry_written_by_hand_keeps_its_comments_and_its_body(
    service: ServiceUnderTest,
) -> None:
    service.clock.advance(days=30)
    await asyncio.to_thread(check_in.renew, "connector", SHOP, {}, {}, context(service, "staff x"))
    text = (service.settings.project / read_entry(service, SHOP).path).read_text()
    assert text == EDITOR_ENTRY.replace("2027-01-10", "2028-01-10")
    (row,) = await service.rows(schema.check_in)
    assert row.by_staff


async def test_faulty_answers_come_back_with_what_was_said(service: ServiceUnderTest) -> None:
    link = await first_reminder_link(service)
    answers = {"state-listen": "doing", "words-listen": "Kept words", "state-point-on": "not_yet"}
    answer = await service.client.post(link, data=answers)
    assert answer.status_code == 422
    assert "There is a problem" in answer.text
    assert "Kept words" in answer.text
    assert 'href="#by-point-on"' in answer.text
    assert await service.count(schema.check_in) == 0


async def test_nothing_left_is_no_renewal(service: ServiceUnderTest) -> None:
    answers = {"state-listen": "stopped", "state-point-on": "stopped"}
    answer = await service.client.post(await first_reminder_link(service), data=answers)
    assert answer.status_code == 422
    assert "withdraw" in answer.text
    assert str(read_entry(service).confirmed_until) == "2027-11-22"


async def test_renewing_again_and_by_the_other_letter_changes_nothing(
    service: ServiceUnderTest,
) -> None:
    first = await first_reminder_link(service)
    service.clock.advance(days=30)
    await send_reminders(service)
    await service.client.post(first, data=ALL_AS_IT_WAS)
    before = await stored_records(service)
    service.clock.advance(days=1)
    for _ in range(2):
        assert (await service.client.post(first, data=ALL_AS_IT_WAS)).status_code == 200
        assert (await service.client.post(first, data=ANSWERS)).status_code == 200
    assert "22 November 2028" in (await service.client.get(first)).text
    assert await stored_records(service) == before


async def test_fifty_at_once_renew_it_once(service: ServiceUnderTest) -> None:
    link = await first_reminder_link(service)
    letters = len(await service.letters())
    answers = await asyncio.gather(
        *(service.client.post(link, data=ALL_AS_IT_WAS) for _ in range(50))
    )
    assert {answer.status_code for answer in answers} == {200}
    assert str(read_entry(service).confirmed_until) == "2028-11-22"
    assert await service.count(schema.check_in) == 1
    assert len(await service.letters()) == letters + 1


async def test_a_past_promise_is_renewed_from_the_day_it_is(service: ServiceUnderTest) -> None:
    link = await first_reminder_link(service)
    service.clock.advance(days=60 + 31)
    assert read_entry(service).lapsed(service.clock().date())
    assert "shows as past" in (await service.client.get(link)).text
    await service.client.post(link, data=ALL_AS_IT_WAS)
    assert str(read_entry(service).confirmed_until) == "2028-12-23"


async def test_in_the_days_of_grace_the_old_day_counts(service: ServiceUnderTest) -> None:
    link = await first_reminder_link(service)
    service.clock.advance(days=60 + 30)
    assert not read_entry(service).lapsed(service.clock().date())
    await service.client.post(link, data=ALL_AS_IT_WAS)
    assert str(read_entry(service).confirmed_until) == "2028-11-22"


async def test_a_crash_before_the_entry_was_written_is_made_good(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await first_reminder_link(service)

    def crash(*args: object) -> None:
        raise OSError("the disk is full")

    with monkeypatch.context() as broken:
        broken.setattr(check_in, "put_in_place", crash)
        assert (await service.client.post(link, data=ANSWERS)).status_code == 500
    assert str(read_entry(service).confirmed_until) == "2027-11-22"
    assert await asyncio.to_thread(check_in.finish_interrupted, context(service)) == 1
    assert str(read_entry(service).confirmed_until) == "2028-11-22"
    assert read_entry(service).promises["point-on"].state == "starting"
    assert await asyncio.to_thread(check_in.finish_interrupted, context(service)) == 0
    assert (
        len([letter for letter in await service.letters() if "confirmed again" in letter.subject])
        == 1
    )


async def test_a_crash_after_the_entry_was_written_sends_one_letter(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = await first_reminder_link(service)

    def crash(*args: object) -> None:
        raise OSError("the power went")

    with monkeypatch.context() as broken:
        broken.setattr(letters, "compose", crash)
        assert (await service.client.post(link, data=ALL_AS_IT_WAS)).status_code == 500
    assert str(read_entry(service).confirmed_until) == "2028-11-22"
    await asyncio.to_thread(check_in.finish_interrupted, context(service))
    assert str(read_entry(service).confirmed_until) == "2028-11-22"
    assert (
        len([letter for letter in await service.letters() if "confirmed again" in letter.subject])
        == 1
    )


async def test_an_old_link_a_broken_one_and_an_invented_one_look_alike(
    service: ServiceUnderTest,
) -> None:
    link = await first_reminder_link(service)
    service.clock.advance(days=60 + 30 + 91)
    pages = [
        await service.client.request(method, path)
        for path in (link, link[:-3], "/check-in/invented")
        for method in ("GET", "POST")
    ]
    assert {page.status_code for page in pages} == {410}
    assert len({page.text for page in pages}) == 1
    assert "/pledges/manage" in pages[0].text


async def test_a_pledge_that_has_ended_renews_nothing(service: ServiceUnderTest) -> None:
    link = await first_reminder_link(service)
    index = service.settings.project / "content/pledges/connector/index.md"
    text = index.read_text().replace("summary:", "status: ended\nended_on: 2027-09-01\nsummary:")
    index.write_text(text)
    reload_catalogue(service)
    assert (await service.client.get(link)).status_code == 409
    assert (await service.client.post(link, data=ALL_AS_IT_WAS)).status_code == 409
    assert str(read_entry(service).confirmed_until) == "2027-11-22"
    service.clock.advance(days=30)
    assert await send_reminders(service) == 0


@settings(
    max_examples=examples(15),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    calls=st.lists(
        st.tuples(st.sampled_from(["GET", "HEAD"]), st.sampled_from(["", "?seen=1", "/"])),
        min_size=1,
        max_size=6,
    )
)
async def test_reading_pages_in_any_order_changes_nothing(
    service: ServiceUnderTest, calls: list[tuple[str, str]]
) -> None:
    if not await service.count(schema.keeping_link):
        service.link = await first_reminder_link(service)  # type: ignore[attr-defined]
    before = await stored_records(service)
    for method, suffix in calls:
        path: str = service.link + suffix  # type: ignore[attr-defined]
        answer = await service.client.request(method, path)
        assert answer.status_code == 200
        assert method == "GET" or answer.content == b""
    assert await stored_records(service) == before


async def test_the_page_asks_about_what_stands(service: ServiceUnderTest) -> None:
    page = await service.client.get(await first_reminder_link(service))
    assert page.status_code == 200
    assert page.headers["cache-control"] == "no-store"
    assert "The Wennimere Arms" in page.text
    assert "Monday is quiet on purpose." in page.text
    assert "canary" not in page.text.casefold()
    assert [commitment.state for commitment in service.last_page.values["promise"].commitments] == [
        "doing",
        "not_yet",
    ]

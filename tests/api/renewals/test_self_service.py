"""The links to one's own promise: the same answer for all, valid for half an hour; withdrawing."""

import asyncio

import pytest

from api.features.pledges.register.content_sync import SyncResult, unpublish_entries
from api.features.renewals import self_service
from api.security import normalise
from api.store import schema
from tests.api.renewals.conftest import (
    LANDLADY,
    faults,
    first_reminder_link,
    manage_link,
    read_entry,
    reload_catalogue,
    send_reminders,
)
from tests.api.renewals.test_check_in import ALL_AS_IT_WAS, stored_records
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio
NEW_TEXTS = {"how-listen": "Tuesday is quiet, too.", "how-point-on": ""}


@pytest.mark.parametrize("address", ["nobody@example.org", "", "no address", "x" * 300, "=?x?="])
async def test_asking_tells_nobody_who_has_promised(
    service: ServiceUnderTest, address: str
) -> None:
    known_answer = await service.client.post("/pledges/manage", data={"contact_email": LANDLADY})
    letters = len(await service.letters())
    unknown = await service.client.post("/pledges/manage", data={"contact_email": address})
    assert (known_answer.status_code, known_answer.text) == (unknown.status_code, unknown.text)
    assert len(await service.letters()) == letters


async def test_the_link_shows_ones_own_promise_for_half_an_hour(service: ServiceUnderTest) -> None:
    link = await manage_link(service, f" {LANDLADY.upper()} ")
    page = await service.client.get(link)
    assert page.status_code == 200
    assert "The Wennimere Arms" in page.text
    assert "canary" not in page.text.casefold()
    before = await stored_records(service)
    for method in ("GET", "HEAD", "GET"):
        assert (await service.client.request(method, link)).status_code == 200
    assert await stored_records(service) == before
    service.clock.advance(minutes=30)
    assert (await service.client.get(link)).status_code == 410
    assert (await service.client.post(f"{link}/withdraw")).status_code == 410
    assert (await service.client.post(f"{link}/words", data=NEW_TEXTS)).status_code == 410
    assert read_entry(service).status == "published"


async def test_a_reminders_link_does_not_withdraw(service: ServiceUnderTest) -> None:
    token = (await first_reminder_link(service)).rpartition("/")[2]
    assert (await service.client.get(f"/manage/{token}")).status_code == 410
    assert (await service.client.post(f"/manage/{token}/withdraw")).status_code == 410
    assert read_entry(service).status == "published"


async def test_it_renews_when_the_time_has_come_and_not_before(service: ServiceUnderTest) -> None:
    token = (await manage_link(service)).rpartition("/")[2]
    answer = await service.client.post(f"/check-in/{token}", data=ALL_AS_IT_WAS)
    assert "You can renew it from 23 September 2027" in answer.text
    assert await service.count(schema.check_in) == 0
    service.clock.advance(days=305)
    token = (await manage_link(service)).rpartition("/")[2]
    await service.client.post(f"/check-in/{token}", data=ALL_AS_IT_WAS)
    assert str(read_entry(service).confirmed_until) == "2028-11-22"


async def test_new_sentences_wait_for_review(service: ServiceUnderTest) -> None:
    link = await manage_link(service)
    answer = await service.client.post(f"{link}/words", data=NEW_TEXTS)
    assert answer.status_code == 200
    assert read_entry(service).promises["listen"].how == "Monday is quiet on purpose."
    (row,) = await service.rows(schema.promise_change)
    assert row.state == "waiting"
    assert b"Tuesday" not in row.sealed
    notice = (await service.letters())[-1]
    assert (notice.to, "Tuesday" in notice.body) == ("team@example.org", False)


async def test_only_the_newest_sentences_wait(service: ServiceUnderTest) -> None:
    link = await manage_link(service)
    await service.client.post(f"{link}/words", data=NEW_TEXTS)
    await service.client.post(f"{link}/words", data={"how-listen": "Every day is quiet."})
    states = sorted(row.state for row in await service.rows(schema.promise_change))
    assert states == ["replaced", "waiting"]


@pytest.mark.parametrize(
    "text", ["Ring 01632 960 960 or 961.", "jo@example.org", "At ZZ1 1AA", "<b>", "x" * 301]
)
async def test_what_must_not_stand_in_public_is_refused_at_once(
    service: ServiceUnderTest, text: str
) -> None:
    link = await manage_link(service)
    answer = await service.client.post(f"{link}/words", data={"how-listen": text})
    assert answer.status_code == 422
    assert 'href="#how-listen"' in answer.text
    assert await service.count(schema.promise_change) == 0


async def test_sentences_as_they_were_are_no_change(service: ServiceUnderTest) -> None:
    link = await manage_link(service)
    texts = {"how-listen": "Monday is  quiet on purpose.", "how-invented": "x"}
    assert (await service.client.post(f"{link}/words", data=texts)).status_code == 200
    assert await service.count(schema.promise_change) == 0


async def test_withdrawing_twice_is_as_withdrawing_once(service: ServiceUnderTest) -> None:
    link = await manage_link(service)
    for _ in range(2):
        answer = await service.client.post(f"{link}/withdraw")
        assert answer.status_code == 200
        assert "withdrawn" in answer.text
    assert read_entry(service).status == "withdrawn"
    assert faults(service.settings.project) == []
    reload_catalogue(service)
    assert "the-wennimere-arms" not in {
        entry.slug for entry in service.catalogue.register("connector")
    }
    (row,) = await service.rows(schema.sign_up)
    assert (row.state, (row.delete_after - service.clock()).days) == ("withdrawn", 90)
    assert (
        len(
            [letter for letter in await service.letters() if "has been withdrawn" in letter.subject]
        )
        == 1
    )
    assert service.context.rebuild_queue.is_pending
    assert (await service.client.get(link)).status_code == 200
    assert (await service.client.post(f"{link}/words", data=NEW_TEXTS)).status_code == 200
    assert await service.count(schema.promise_change) == 0


async def test_an_entry_with_a_fault_can_be_withdrawn(service: ServiceUnderTest) -> None:
    link = await manage_link(service)
    file = service.settings.project / read_entry(service).path
    file.write_text(file.read_text().replace("place: Temeford", "place: Tmeford"))
    assert (await service.client.post(f"{link}/withdraw")).status_code == 200
    assert read_entry(service).status == "withdrawn"


async def test_withdrawing_works_when_the_promise_is_past_and_when_the_pledge_has_ended(
    service: ServiceUnderTest,
) -> None:
    index = service.settings.project / "content/pledges/connector/index.md"
    index.write_text(index.read_text().replace("summary:", "status: ended\nsummary:"))
    reload_catalogue(service)
    service.clock.advance(days=500)
    link = await manage_link(service)
    assert "has ended" in (await service.client.get(link)).text
    assert (await service.client.post(f"{link}/words", data=NEW_TEXTS)).status_code == 409
    assert (await service.client.post(f"{link}/withdraw")).status_code == 200
    assert read_entry(service).status == "withdrawn"


async def test_a_crash_between_store_and_entry_still_takes_it_off(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise OSError("the power went")

    link = await manage_link(service)
    with monkeypatch.context() as broken:
        broken.setattr(self_service, "put_in_place", crash)
        assert (await service.client.post(f"{link}/withdraw")).status_code == 500
    assert read_entry(service).status == "published"
    project = service.settings.project
    result = await asyncio.to_thread(unpublish_entries, project, service.database)
    assert result == SyncResult(1)
    assert read_entry(service).status == "withdrawn"


async def test_after_withdrawing_no_reminder_and_no_link_is_sent(
    service: ServiceUnderTest,
) -> None:
    await service.client.post(f"{await manage_link(service)}/withdraw")
    service.clock.advance(minutes=10)  # when the letter about the publishing leaves
    letters = len(await service.letters())
    service.clock.advance(days=305)
    await send_reminders(service)
    await service.client.post("/pledges/manage", data={"contact_email": LANDLADY})
    assert len(await service.letters()) == letters


async def test_a_dot_more_finds_the_same_mailbox(service: ServiceUnderTest) -> None:
    digest = normalise.lookup(service.encryption, "landlady@gmail.com")
    await service.database.write(
        lambda connection: connection.execute(schema.sign_up.update().values(contact_lookup=digest))
    )
    letters = len(await service.letters())
    await service.client.post("/pledges/manage", data={"contact_email": "Land.Lady+x@gmail.com"})
    assert len(await service.letters()) == letters + 1

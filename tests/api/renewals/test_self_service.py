"""The way to one's own promise: the same answer for all, half an hour, and leaving at any time."""

import asyncio

import pytest

from api.features.pledges.register.content_sync import unpublish_entries
from api.features.renewals import self_service
from api.security import normalise
from api.store import schema
from tests.api.bench import Bench
from tests.api.renewals.conftest import (
    LANDLADY,
    asked,
    entry,
    faults,
    own_page,
    reminded,
    renewed_catalogue,
)
from tests.api.renewals.test_check_in import ALL_AS_IT_WAS, held

pytestmark = pytest.mark.anyio
NEW = {"how-listen": "Tuesday is quiet, too.", "how-point-on": ""}


@pytest.mark.parametrize("address", ["nobody@example.org", "", "no address", "x" * 300, "=?x?="])
async def test_asking_tells_nobody_who_has_promised(bench: Bench, address: str) -> None:
    known = await bench.client.post("/pledges/manage", data={"contact_email": LANDLADY})
    letters = len(await bench.letters())
    unknown = await bench.client.post("/pledges/manage", data={"contact_email": address})
    assert (known.status_code, known.text) == (unknown.status_code, unknown.text)
    assert len(await bench.letters()) == letters


async def test_the_link_shows_ones_own_promise_for_half_an_hour(bench: Bench) -> None:
    link = await own_page(bench, f" {LANDLADY.upper()} ")
    page = await bench.client.get(link)
    assert page.status_code == 200
    assert "The Wennimere Arms" in page.text
    assert "canary" not in page.text.casefold()
    before = await held(bench)
    for method in ("GET", "HEAD", "GET"):
        assert (await bench.client.request(method, link)).status_code == 200
    assert await held(bench) == before
    bench.clock.passes(minutes=30)
    assert (await bench.client.get(link)).status_code == 410
    assert (await bench.client.post(f"{link}/withdraw")).status_code == 410
    assert (await bench.client.post(f"{link}/words", data=NEW)).status_code == 410
    assert entry(bench).status == "published"


async def test_a_reminders_link_does_not_withdraw(bench: Bench) -> None:
    token = (await asked(bench)).rpartition("/")[2]
    assert (await bench.client.get(f"/manage/{token}")).status_code == 410
    assert (await bench.client.post(f"/manage/{token}/withdraw")).status_code == 410
    assert entry(bench).status == "published"


async def test_it_renews_when_the_time_has_come_and_not_before(bench: Bench) -> None:
    token = (await own_page(bench)).rpartition("/")[2]
    answer = await bench.client.post(f"/check-in/{token}", data=ALL_AS_IT_WAS)
    assert "You can renew it from 23 September 2027" in answer.text
    assert await bench.count(schema.check_in) == 0
    bench.clock.passes(days=305)
    token = (await own_page(bench)).rpartition("/")[2]
    await bench.client.post(f"/check-in/{token}", data=ALL_AS_IT_WAS)
    assert str(entry(bench).confirmed_until) == "2028-11-22"


async def test_new_sentences_wait_to_be_read(bench: Bench) -> None:
    link = await own_page(bench)
    answer = await bench.client.post(f"{link}/words", data=NEW)
    assert answer.status_code == 200
    assert entry(bench).promises["listen"].how == "Monday is quiet on purpose."
    (row,) = await bench.rows(schema.promise_change)
    assert row.state == "waiting"
    assert b"Tuesday" not in row.sealed
    notice = (await bench.letters())[-1]
    assert (notice.to, "Tuesday" in notice.body) == ("team@example.org", False)


async def test_only_the_newest_sentences_wait(bench: Bench) -> None:
    link = await own_page(bench)
    await bench.client.post(f"{link}/words", data=NEW)
    await bench.client.post(f"{link}/words", data={"how-listen": "Every day is quiet."})
    states = sorted(row.state for row in await bench.rows(schema.promise_change))
    assert states == ["replaced", "waiting"]


@pytest.mark.parametrize(
    "said", ["Ring 01632 960 960 or 961.", "jo@example.org", "At ZZ1 1AA", "<b>", "x" * 301]
)
async def test_what_must_not_stand_in_public_is_refused_at_once(bench: Bench, said: str) -> None:
    link = await own_page(bench)
    answer = await bench.client.post(f"{link}/words", data={"how-listen": said})
    assert answer.status_code == 422
    assert 'href="#how-listen"' in answer.text
    assert await bench.count(schema.promise_change) == 0


async def test_sentences_as_they_were_are_no_change(bench: Bench) -> None:
    link = await own_page(bench)
    said = {"how-listen": "Monday is  quiet on purpose.", "how-invented": "x"}
    assert (await bench.client.post(f"{link}/words", data=said)).status_code == 200
    assert await bench.count(schema.promise_change) == 0


async def test_whoever_promised_may_leave(bench: Bench) -> None:
    link = await own_page(bench)
    for _ in range(2):
        answer = await bench.client.post(f"{link}/withdraw")
        assert answer.status_code == 200
        assert "withdrawn" in answer.text
    assert entry(bench).status == "withdrawn"
    assert faults(bench.settings.project) == []
    renewed_catalogue(bench)
    assert "the-wennimere-arms" not in {one.slug for one in bench.catalogue.register("connector")}
    (row,) = await bench.rows(schema.sign_up)
    assert (row.state, (row.delete_after - bench.clock()).days) == ("withdrawn", 90)
    assert len([one for one in await bench.letters() if "has been withdrawn" in one.subject]) == 1
    assert bench.context.rebuild_queue.under_way
    assert (await bench.client.get(link)).status_code == 200
    assert (await bench.client.post(f"{link}/words", data=NEW)).status_code == 200
    assert await bench.count(schema.promise_change) == 0


async def test_nobody_stays_for_a_fault_in_their_entry(bench: Bench) -> None:
    link = await own_page(bench)
    file = bench.settings.project / entry(bench).path
    file.write_text(file.read_text().replace("place: Temeford", "place: Tmeford"))
    assert (await bench.client.post(f"{link}/withdraw")).status_code == 200
    assert entry(bench).status == "withdrawn"


async def test_leaving_works_when_the_promise_is_past_and_when_the_pledge_has_ended(
    bench: Bench,
) -> None:
    index = bench.settings.project / "content/pledges/connector/index.md"
    index.write_text(index.read_text().replace("summary:", "status: ended\nsummary:"))
    renewed_catalogue(bench)
    bench.clock.passes(days=500)
    link = await own_page(bench)
    assert "has ended" in (await bench.client.get(link)).text
    assert (await bench.client.post(f"{link}/words", data=NEW)).status_code == 409
    assert (await bench.client.post(f"{link}/withdraw")).status_code == 200
    assert entry(bench).status == "withdrawn"


async def test_a_crash_between_store_and_entry_still_takes_it_off(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def crash(*args: object) -> None:
        raise OSError("the power went")

    link = await own_page(bench)
    with monkeypatch.context() as broken:
        broken.setattr(self_service, "_take_off", crash)
        assert (await bench.client.post(f"{link}/withdraw")).status_code == 500
    assert entry(bench).status == "published"
    project = bench.settings.project
    assert await asyncio.to_thread(unpublish_entries, project, bench.database) == 1
    assert entry(bench).status == "withdrawn"


async def test_after_withdrawing_nobody_is_asked_and_no_way_is_sent(bench: Bench) -> None:
    await bench.client.post(f"{await own_page(bench)}/withdraw")
    bench.clock.passes(minutes=10)  # when the letter about the publishing leaves
    letters = len(await bench.letters())
    bench.clock.passes(days=305)
    await reminded(bench)
    await bench.client.post("/pledges/manage", data={"contact_email": LANDLADY})
    assert len(await bench.letters()) == letters


async def test_a_dot_more_finds_the_same_mailbox(bench: Bench) -> None:
    digest = normalise.lookup(bench.encryption, "landlady@gmail.com")
    await bench.database.write(
        lambda write: write.execute(schema.sign_up.update().values(contact_lookup=digest))
    )
    letters = len(await bench.letters())
    await bench.client.post("/pledges/manage", data={"contact_email": "Land.Lady+x@gmail.com"})
    assert len(await bench.letters()) == letters + 1

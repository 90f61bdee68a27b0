"""Reminders: on time, once, by letter or on the list for the post."""

import asyncio
from datetime import timedelta

import pytest

from api.features.renewals import reminders, store
from api.mail.transports import Parcel, Refused
from api.store import schema
from tests.api.bench import Bench
from tests.api.renewals.conftest import LANDLADY, SHOP, asked, context, entry, reminded
from tests.api.renewals.test_check_in import ALL_AS_IT_WAS

pytestmark = pytest.mark.anyio


async def made(bench: Bench, who: str = "the-wennimere-arms") -> list[tuple[str, str]]:
    found = [row for row in await bench.rows(schema.reminder) if row.who == who]
    return [(row.kind, row.way) for row in sorted(found, key=lambda row: row.created_at)]


async def test_sixty_and_thirty_days_before_and_once_it_is_past(bench: Bench) -> None:
    start = bench.clock()
    for day in (200, 304, 305, 306, 334, 335, 336, 365, 395, 396, 397, 430, 500, 600):
        bench.clock.now = start + timedelta(days=day)
        await reminded(bench)
    assert await made(bench) == [("first", "letter"), ("second", "letter"), ("past", "letter")]
    days = [
        (entry(bench).confirmed_until - row.created_at.date()).days
        for row in await bench.rows(schema.reminder)
        if row.who != SHOP
    ]
    assert days == [60, 30, -31]
    sent = [one for one in await bench.letters() if "still hold" in one.subject]
    assert {one.to for one in sent} == {LANDLADY}
    assert len(sent) == 3
    assert "shown as past now" in sent[-1].body


async def test_a_day_without_service_is_made_up_once(bench: Bench) -> None:
    bench.clock.passes(days=345)  # twenty days before the end, and both days were missed
    assert await reminded(bench) == 1
    assert await reminded(bench) == 0
    assert await made(bench) == [("second", "letter")]


async def test_two_processes_at_once_remind_once(bench: Bench) -> None:
    bench.clock.passes(days=305)
    at = context(bench)
    await asyncio.gather(*(asyncio.to_thread(reminders.send_due, at) for _ in range(8)))
    assert await made(bench) == [("first", "letter")]
    assert len([one for one in await bench.letters() if "still hold" in one.subject]) == 1


async def test_a_catalogue_that_is_a_build_behind_reminds_nobody_who_renewed(bench: Bench) -> None:
    await bench.client.post(await asked(bench), data=ALL_AS_IT_WAS)
    bench.clock.passes(days=30)  # the catalogue still has the old day
    at = context(bench)
    assert await asyncio.to_thread(reminders.send_due, at) == 0


async def test_the_next_year_is_asked_again(bench: Bench) -> None:
    await bench.client.post(await asked(bench), data=ALL_AS_IT_WAS)
    bench.clock.passes(days=366)
    await reminded(bench)
    assert await made(bench) == [("first", "letter"), ("first", "letter")]


async def test_an_entry_nobody_signed_here_goes_by_post(bench: Bench) -> None:
    await reminded(bench)  # 49 days before the shop's day
    assert await made(bench, SHOP) == [("first", "post")]
    found = await bench.database.read(store.to_post)
    assert [(one.who, one.failed) for one in found] == [(SHOP, False)]
    await bench.database.write(
        lambda write: store.mark_posted(write, "connector", [SHOP], bench.clock())
    )
    assert await bench.database.read(store.to_post) == []


async def test_a_letter_that_could_not_be_delivered_goes_by_post(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(parcel: Parcel) -> None:
        raise Refused("550 no such mailbox")

    await bench.letters()
    monkeypatch.setattr(bench.postbag, "carry", refuse)
    bench.clock.passes(days=305)
    await reminded(bench)
    found = await bench.database.read(store.to_post)
    assert ("the-wennimere-arms", True) in {(one.who, one.failed) for one in found}


async def test_who_withdrew_is_not_reminded(bench: Bench) -> None:
    path = bench.settings.project / entry(bench).path
    path.write_text(path.read_text().replace("status: published", "status: withdrawn"))
    bench.clock.passes(days=305)
    await reminded(bench)
    assert await made(bench) == []


async def test_once_the_contact_is_erased_the_post_remains(bench: Bench) -> None:
    await bench.database.write(
        lambda write: write.execute(schema.sign_up.update().values(sealed=None))
    )
    bench.clock.passes(days=305)
    await reminded(bench)
    assert await made(bench) == [("first", "post")]

"""Reminders: on time, once, by letter or on the list for the post."""

import asyncio
from datetime import timedelta

import pytest

from api.features.renewals import reminders, store
from api.mail.transports import OutgoingMessage, PermanentFailure
from api.store import schema
from tests.api.renewals.conftest import (
    LANDLADY,
    PUB,
    SHOP,
    context,
    first_reminder_link,
    read_entry,
    send_reminders,
)
from tests.api.renewals.test_check_in import ALL_AS_IT_WAS
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


async def reminders_of(service: ServiceUnderTest, slug: str = PUB) -> list[tuple[str, str]]:
    rows = [row for row in await service.rows(schema.reminder) if row.who == slug]
    return [(row.kind, row.way) for row in sorted(rows, key=lambda row: row.created_at)]


async def test_sixty_and_thirty_days_before_and_once_it_is_past(service: ServiceUnderTest) -> None:
    start = service.clock()
    for day in (200, 304, 305, 306, 334, 335, 336, 365, 395, 396, 397, 430, 500, 600):
        service.clock.now = start + timedelta(days=day)
        await send_reminders(service)
    assert await reminders_of(service) == [
        ("first", "letter"),
        ("second", "letter"),
        ("past", "letter"),
    ]
    days = [
        (read_entry(service).confirmed_until - row.created_at.date()).days
        for row in await service.rows(schema.reminder)
        if row.who != SHOP
    ]
    assert days == [60, 30, -31]
    reminder_letters = [
        letter for letter in await service.letters() if "still hold" in letter.subject
    ]
    assert {letter.to for letter in reminder_letters} == {LANDLADY}
    assert len(reminder_letters) == 3
    assert "shown as past now" in reminder_letters[-1].body


async def test_a_day_without_service_is_made_up_once(service: ServiceUnderTest) -> None:
    service.clock.advance(days=345)  # twenty days before the end, and both days were missed
    assert await send_reminders(service) == 1
    assert await send_reminders(service) == 0
    assert await reminders_of(service) == [("second", "letter")]


async def test_two_processes_at_once_remind_once(service: ServiceUnderTest) -> None:
    service.clock.advance(days=305)
    at = context(service)
    await asyncio.gather(*(asyncio.to_thread(reminders.send_due, at) for _ in range(8)))
    assert await reminders_of(service) == [("first", "letter")]
    assert (
        len([letter for letter in await service.letters() if "still hold" in letter.subject]) == 1
    )


async def test_a_catalogue_that_is_a_build_behind_reminds_nobody_who_renewed(
    service: ServiceUnderTest,
) -> None:
    await service.client.post(await first_reminder_link(service), data=ALL_AS_IT_WAS)
    service.clock.advance(days=30)  # the catalogue still has the old day
    at = context(service)
    assert await asyncio.to_thread(reminders.send_due, at) == 0


async def test_the_next_year_is_asked_again(service: ServiceUnderTest) -> None:
    await service.client.post(await first_reminder_link(service), data=ALL_AS_IT_WAS)
    service.clock.advance(days=366)
    await send_reminders(service)
    assert await reminders_of(service) == [("first", "letter"), ("first", "letter")]


async def test_an_entry_nobody_signed_here_goes_by_post(service: ServiceUnderTest) -> None:
    await send_reminders(service)  # 49 days before the shop's day
    assert await reminders_of(service, SHOP) == [("first", "post")]
    to_post = await service.database.read(store.reminders_to_post)
    assert [(reminder.slug, reminder.letter_failed) for reminder in to_post] == [(SHOP, False)]
    await service.database.write(
        lambda connection: store.mark_posted(connection, "connector", [SHOP], service.clock())
    )
    assert await service.database.read(store.reminders_to_post) == []


async def test_a_letter_that_could_not_be_delivered_goes_by_post(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(message: OutgoingMessage) -> None:
        raise PermanentFailure("550 no such mailbox")

    await service.letters()
    monkeypatch.setattr(service.transport, "send", refuse)
    service.clock.advance(days=305)
    await send_reminders(service)
    to_post = await service.database.read(store.reminders_to_post)
    assert (PUB, True) in {(reminder.slug, reminder.letter_failed) for reminder in to_post}


async def test_who_withdrew_is_not_reminded(service: ServiceUnderTest) -> None:
    path = service.settings.project / read_entry(service).path
    path.write_text(path.read_text().replace("status: published", "status: withdrawn"))
    service.clock.advance(days=305)
    await send_reminders(service)
    assert await reminders_of(service) == []


async def test_once_the_contact_is_erased_the_post_remains(service: ServiceUnderTest) -> None:
    await service.database.write(
        lambda connection: connection.execute(schema.sign_up.update().values(sealed=None))
    )
    service.clock.advance(days=305)
    await send_reminders(service)
    assert await reminders_of(service) == [("first", "post")]

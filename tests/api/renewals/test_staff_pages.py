"""What staff do about promises: doubts, text changes, overdue promises, letters to post."""

import pytest

from api.store import schema
from tests.api.renewals.conftest import (
    SHOP,
    first_reminder_link,
    manage_link,
    read_entry,
    send_reminders,
)
from tests.api.renewals.test_self_service import NEW_TEXTS
from tests.api.renewals.test_visitor_feedback import send_feedback
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio
KEEPING = "/staff/keeping"


async def sign_in_member(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service))


async def test_what_ran_out_is_listed_and_can_be_renewed_for_somebody(
    service: ServiceUnderTest,
) -> None:
    service.clock.advance(days=60)  # eleven days after the shop's day
    await sign_in_member(service)
    page = await service.client.get(KEEPING)
    assert page.status_code == 200
    assert [entry.slug for entry in service.last_page.values["overdue"]] == [SHOP]
    form = {"pledge": "connector", "who": SHOP}
    assert (await service.client.post(f"{KEEPING}/renew", data=form)).status_code == 303
    assert str(read_entry(service, SHOP).confirmed_until) == "2028-01-10"
    (row,) = await service.rows(schema.check_in)
    assert row.by_staff
    await service.client.get(KEEPING)
    assert service.last_page.values["overdue"] == []


async def test_a_past_promise_is_among_the_past(service: ServiceUnderTest) -> None:
    service.clock.advance(days=49 + 31)
    await sign_in_member(service)
    await service.client.get(KEEPING)
    assert [entry.slug for entry in service.last_page.values["past"]] == [SHOP]


async def test_letters_to_post_are_printed_and_ticked_off(service: ServiceUnderTest) -> None:
    await send_reminders(service)
    await sign_in_member(service)
    page = await service.client.get(f"{KEEPING}/post")
    assert "Candlebeck Shop" in page.text
    (letter,) = service.last_page.values["letters"]
    assert letter.address_lines == ("Candlebeck Shop", "Osmery Bridge")
    assert "promise.post_read" in [row.action for row in await service.rows(schema.audit)]
    form = {"pledge": "connector", "who": SHOP}
    assert (await service.client.post(f"{KEEPING}/posted", data=form)).status_code == 303
    assert "No letter waits" in (await service.client.get(f"{KEEPING}/post")).text
    assert (await service.client.post(f"{KEEPING}/posted", data=form)).status_code == 404


async def test_a_letter_to_post_names_the_contact(service: ServiceUnderTest) -> None:
    link = await first_reminder_link(service)
    assert link
    await service.database.write(
        lambda connection: connection.execute(schema.letter.update().values(state="failed"))
    )
    await sign_in_member(service)
    await service.client.get(f"{KEEPING}/post")
    letters = {letter.slug: letter for letter in service.last_page.values["letters"]}
    letter = letters["the-wennimere-arms"]
    assert (letter.address_lines[0], letter.letter_failed) == ("Odalys Canary", True)


async def test_new_texts_are_published_once(service: ServiceUnderTest) -> None:
    await service.client.post(f"{await manage_link(service)}/words", data=NEW_TEXTS)
    await sign_in_member(service)
    page = await service.client.get(KEEPING)
    assert "Tuesday is quiet, too." in page.text
    (change,) = service.last_page.values["text_changes"]
    path = f"{KEEPING}/words/{change.id}"
    assert (await service.client.post(path, data={"accept": "yes"})).status_code == 303
    assert read_entry(service).promises["listen"].how == "Tuesday is quiet, too."
    assert (await service.client.post(path, data={"accept": "yes"})).status_code == 409
    notices = [letter for letter in await service.letters() if "new words" in letter.subject]
    assert len(notices) == 1
    assert service.context.rebuild_queue.is_pending


async def test_refused_texts_come_with_a_reason(service: ServiceUnderTest) -> None:
    await service.client.post(f"{await manage_link(service)}/words", data=NEW_TEXTS)
    await sign_in_member(service)
    await service.client.get(KEEPING)
    (change,) = service.last_page.values["text_changes"]
    path = f"{KEEPING}/words/{change.id}"
    assert (await service.client.post(path, data={"why": " "})).status_code == 422
    assert (await service.client.post(path, data={"why": "Say which day."})).status_code == 303
    assert read_entry(service).promises["listen"].how == "Monday is quiet on purpose."
    assert "Say which day." in (await service.letters())[-1].body


async def test_a_doubt_is_closed_and_three_new_noes_open_another(service: ServiceUnderTest) -> None:
    for phone in "abcd":
        await send_feedback(service, "no", phone)
    await sign_in_member(service)
    page = await service.client.get(KEEPING)
    assert "Listen: 0 yes, 4 no" in page.text
    (doubt,) = service.last_page.values["doubts"]
    path = f"{KEEPING}/doubts/{doubt.id}"
    assert (await service.client.post(path, data={"outcome": "x"})).status_code == 422
    assert (await service.client.post(path, data={"outcome": "true"})).status_code == 303
    assert (await service.client.post(path, data={"outcome": "true"})).status_code == 409
    service.clock.advance(minutes=1)
    for phone in "ef":
        await send_feedback(service, "no", phone)
    assert sum(row.closed_at is None for row in await service.rows(schema.doubt)) == 0
    await send_feedback(service, "no", "g")
    assert sum(row.closed_at is None for row in await service.rows(schema.doubt)) == 1

"""What staff do about standing promises."""

import pytest

from api.store import schema
from tests.api.renewals.conftest import SHOP, asked, entry, own_page, reminded
from tests.api.renewals.test_self_service import NEW
from tests.api.renewals.test_visitor_feedback import says
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio
KEEPING = "/staff/keeping"


async def at_work(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service))


async def test_what_ran_out_is_listed_and_can_be_renewed_for_somebody(
    service: ServiceUnderTest,
) -> None:
    service.clock.advance(days=60)  # eleven days after the shop's day
    await at_work(service)
    page = await service.client.get(KEEPING)
    assert page.status_code == 200
    assert [one.slug for one in service.last_page.values["overdue"]] == [SHOP]
    said = {"pledge": "connector", "who": SHOP}
    assert (await service.client.post(f"{KEEPING}/renew", data=said)).status_code == 303
    assert str(entry(service, SHOP).confirmed_until) == "2028-01-10"
    (row,) = await service.rows(schema.check_in)
    assert row.by_staff
    await service.client.get(KEEPING)
    assert service.last_page.values["overdue"] == []


async def test_a_past_promise_is_among_the_past(service: ServiceUnderTest) -> None:
    service.clock.advance(days=49 + 31)
    await at_work(service)
    await service.client.get(KEEPING)
    assert [one.slug for one in service.last_page.values["past"]] == [SHOP]


async def test_letters_to_post_are_printed_and_ticked_off(service: ServiceUnderTest) -> None:
    await reminded(service)
    await at_work(service)
    page = await service.client.get(f"{KEEPING}/post")
    assert "Candlebeck Shop" in page.text
    (letter,) = service.last_page.values["letters"]
    assert letter.address_lines == ("Candlebeck Shop", "Osmery Bridge")
    assert "promise.post_read" in [row.action for row in await service.rows(schema.audit)]
    said = {"pledge": "connector", "who": SHOP}
    assert (await service.client.post(f"{KEEPING}/posted", data=said)).status_code == 303
    assert "No letter waits" in (await service.client.get(f"{KEEPING}/post")).text
    assert (await service.client.post(f"{KEEPING}/posted", data=said)).status_code == 404


async def test_a_letter_to_post_names_the_contact(service: ServiceUnderTest) -> None:
    link = await asked(service)
    assert link
    await service.database.write(
        lambda write: write.execute(schema.letter.update().values(state="failed"))
    )
    await at_work(service)
    await service.client.get(f"{KEEPING}/post")
    found = {one.slug: one for one in service.last_page.values["letters"]}
    shown = found["the-wennimere-arms"]
    assert (shown.address_lines[0], shown.letter_failed) == ("Odalys Canary", True)


async def test_new_words_are_put_on_the_page_once(service: ServiceUnderTest) -> None:
    await service.client.post(f"{await own_page(service)}/words", data=NEW)
    await at_work(service)
    page = await service.client.get(KEEPING)
    assert "Tuesday is quiet, too." in page.text
    (change,) = service.last_page.values["text_changes"]
    path = f"{KEEPING}/words/{change.id}"
    assert (await service.client.post(path, data={"accept": "yes"})).status_code == 303
    assert entry(service).promises["listen"].how == "Tuesday is quiet, too."
    assert (await service.client.post(path, data={"accept": "yes"})).status_code == 409
    told = [one for one in await service.letters() if "new words" in one.subject]
    assert len(told) == 1
    assert service.context.rebuild_queue.is_pending


async def test_words_sent_back_come_with_a_reason(service: ServiceUnderTest) -> None:
    await service.client.post(f"{await own_page(service)}/words", data=NEW)
    await at_work(service)
    await service.client.get(KEEPING)
    (change,) = service.last_page.values["text_changes"]
    path = f"{KEEPING}/words/{change.id}"
    assert (await service.client.post(path, data={"why": " "})).status_code == 422
    assert (await service.client.post(path, data={"why": "Say which day."})).status_code == 303
    assert entry(service).promises["listen"].how == "Monday is quiet on purpose."
    assert "Say which day." in (await service.letters())[-1].body


async def test_a_doubt_is_closed_and_three_new_noes_open_another(service: ServiceUnderTest) -> None:
    for phone in "abcd":
        await says(service, "no", phone)
    await at_work(service)
    page = await service.client.get(KEEPING)
    assert "Listen: 0 yes, 4 no" in page.text
    (doubt,) = service.last_page.values["doubts"]
    path = f"{KEEPING}/doubts/{doubt.id}"
    assert (await service.client.post(path, data={"outcome": "x"})).status_code == 422
    assert (await service.client.post(path, data={"outcome": "true"})).status_code == 303
    assert (await service.client.post(path, data={"outcome": "true"})).status_code == 409
    service.clock.advance(minutes=1)
    for phone in "ef":
        await says(service, "no", phone)
    assert sum(row.closed_at is None for row in await service.rows(schema.doubt)) == 0
    await says(service, "no", "g")
    assert sum(row.closed_at is None for row in await service.rows(schema.doubt)) == 1

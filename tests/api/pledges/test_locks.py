"""One reviewer at a time: the lock, taking over, and decisions on an older state of things."""

import asyncio

import pytest

from api.features.pledges.review import decide
from api.moderation.lock_store import LOCK_DURATION
from api.staff.guard import COOKIE
from api.store import schema
from tests.api.pledges.conftest import context_of, sign_and_confirm
from tests.api.pledges.reviewing import act, act_on, actions, open_one, somebody_else, stage
from tests.api.service_under_test import ServiceUnderTest

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("reviewer")]


async def test_a_second_reviewer_sees_who_reads_it_and_cannot_decide(
    service: ServiceUnderTest,
) -> None:
    reference = await sign_and_confirm(service)
    await open_one(service, reference)
    await somebody_else(service)
    await service.client.get("/staff/sign-ups")
    assert service.last_page.values["sign_ups"][0].reader == "Jo Canary"
    values = await open_one(service, reference)
    assert (values["is_own_lock"], values["reader"]) == (False, "Jo Canary")
    assert await act(service, reference, "publish") == 409
    assert await stage(service, reference) == "confirmed"


async def test_taking_over_is_written_down_and_shuts_the_first_one_out(
    service: ServiceUnderTest,
) -> None:
    reference = await sign_and_confirm(service)
    version = (await open_one(service, reference))["version"]
    own_session = await somebody_else(service)
    assert (await service.client.post(f"/staff/sign-ups/{reference}/take-over")).status_code == 303
    assert "sign_up.lock_taken_over" in await actions(service)
    assert (await open_one(service, reference))["is_own_lock"]
    service.client.cookies.clear()
    service.client.cookies.set(COOKIE, own_session)
    assert await act_on(service, reference, "publish", version) == 409


async def test_a_lock_ends_by_itself_and_looking_renews_it(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    await open_one(service, reference)
    service.clock.advance(minutes=20)
    await open_one(service, reference)
    own_session = await somebody_else(service)
    service.clock.advance(minutes=20)
    assert not (await open_one(service, reference))["is_own_lock"]
    service.clock.now += LOCK_DURATION
    assert (await open_one(service, reference))["is_own_lock"]
    assert own_session


async def test_a_decision_needs_a_lock_that_has_not_ended(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    version = (await open_one(service, reference))["version"]
    service.clock.advance(minutes=30)
    assert await act_on(service, reference, "publish", version) == 409
    assert await stage(service, reference) == "confirmed"


async def test_letting_go_leaves_it_to_others(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    await open_one(service, reference)
    answer = await service.client.post(f"/staff/sign-ups/{reference}/let-go")
    assert answer.headers["location"] == "/staff/sign-ups"
    await somebody_else(service)
    assert (await open_one(service, reference))["is_own_lock"]


async def test_a_decision_on_an_older_state_is_refused_and_says_what_changed(
    service: ServiceUnderTest,
) -> None:
    reference = await sign_and_confirm(service)
    version = (await open_one(service, reference))["version"]
    context, note = context_of(service), decide.DecisionNote(words="Who?")
    await asyncio.to_thread(decide.decide, reference, "ask", note, context, service.catalogue)
    assert await act_on(service, reference, "publish", version) == 409
    values = service.last_page.values
    assert [change.sentence for change in values["changes"]] == ["Asked the signer a question."]
    assert values["changes"][0].actor == "operator jo"
    assert await stage(service, reference) == "asked"


async def test_pressing_twice_decides_once(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    version = (await open_one(service, reference))["version"]
    statuses = [
        await act_on(service, reference, "reject", version, code="unclear") for _ in range(2)
    ]
    assert statuses == [303, 409]
    assert len(await service.rows(schema.sign_up_decision)) == 1

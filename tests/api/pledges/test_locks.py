"""One reviewer at a time: the lock, taking over, and decisions on an older state of things."""

import asyncio

import pytest

from api.features.pledges.review import decide
from api.features.pledges.review.locks import HELD_FOR
from api.staff.guard import COOKIE
from api.store import schema
from tests.api.bench import Bench
from tests.api.pledges.conftest import confirmed, context_of
from tests.api.pledges.reviewing import act, act_on, actions, open_one, somebody_else, stage

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("reviewer")]


async def test_a_second_reviewer_sees_who_reads_it_and_cannot_decide(bench: Bench) -> None:
    reference = await confirmed(bench)
    await open_one(bench, reference)
    await somebody_else(bench)
    await bench.client.get("/staff/sign-ups")
    assert bench.shown.values["rows"][0].reader == "Jo Canary"
    shown = await open_one(bench, reference)
    assert (shown["mine"], shown["reader"]) == (False, "Jo Canary")
    assert await act(bench, reference, "publish") == 409
    assert await stage(bench, reference) == "confirmed"


async def test_taking_over_is_written_down_and_shuts_the_first_one_out(bench: Bench) -> None:
    reference = await confirmed(bench)
    version = (await open_one(bench, reference))["version"]
    mine = await somebody_else(bench)
    assert (await bench.client.post(f"/staff/sign-ups/{reference}/take-over")).status_code == 303
    assert "sign_up.lock_taken_over" in await actions(bench)
    assert (await open_one(bench, reference))["mine"]
    bench.client.cookies.clear()
    bench.client.cookies.set(COOKIE, mine)
    assert await act_on(bench, reference, "publish", version) == 409


async def test_a_lock_ends_by_itself_and_looking_renews_it(bench: Bench) -> None:
    reference = await confirmed(bench)
    await open_one(bench, reference)
    bench.clock.passes(minutes=20)
    await open_one(bench, reference)
    mine = await somebody_else(bench)
    bench.clock.passes(minutes=20)
    assert not (await open_one(bench, reference))["mine"]
    bench.clock.now += HELD_FOR
    assert (await open_one(bench, reference))["mine"]
    assert mine


async def test_letting_go_leaves_it_to_others(bench: Bench) -> None:
    reference = await confirmed(bench)
    await open_one(bench, reference)
    answer = await bench.client.post(f"/staff/sign-ups/{reference}/let-go")
    assert answer.headers["location"] == "/staff/sign-ups"
    await somebody_else(bench)
    assert (await open_one(bench, reference))["mine"]


async def test_a_decision_on_an_older_state_is_refused_and_says_what_changed(
    bench: Bench,
) -> None:
    reference = await confirmed(bench)
    version = (await open_one(bench, reference))["version"]
    context, said = context_of(bench), decide.DecisionNote(words="Who?")
    await asyncio.to_thread(decide.decide, reference, "ask", said, context, bench.catalogue)
    assert await act_on(bench, reference, "publish", version) == 409
    shown = bench.shown.values
    assert [one.what for one in shown["changes"]] == ["Asked the signer a question."]
    assert shown["changes"][0].who == "operator jo"
    assert await stage(bench, reference) == "asked"


async def test_pressing_twice_decides_once(bench: Bench) -> None:
    reference = await confirmed(bench)
    version = (await open_one(bench, reference))["version"]
    done = [await act_on(bench, reference, "reject", version, code="unclear") for _ in range(2)]
    assert done == [303, 409]
    assert len(await bench.rows(schema.sign_up_decision)) == 1

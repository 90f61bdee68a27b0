"""The queue of corrections in the store: its order, its pages, and who has one open."""

from datetime import timedelta

import pytest

from api.features.corrections import decide, queue_store
from api.features.corrections.queue_store import CorrectionQueuePart
from tests.api.bench import Bench
from tests.api.corrections.conftest import context_of, says

pytestmark = pytest.mark.anyio


async def some(bench: Bench, number: int) -> list[str]:
    """Say so many things a minute apart, two at each moment; gives the references in order."""
    found = []
    for one in range(number):
        answer = await says(bench, about="ended" if one % 2 else "times")
        found.append(answer.json()["reference"])
        bench.clock.passes(minutes=one % 2)
    rows = bench.database.read_now(lambda look: queue_store.page(look, "waiting"))
    return [one.reference for one in rows.found] if len(rows.found) == number else found


def page(bench: Bench, state: str = "waiting", after: str = "") -> CorrectionQueuePart:
    return bench.database.read_now(lambda look: queue_store.page(look, state, "", after))


def references(found: CorrectionQueuePart) -> list[str]:
    return [one.reference for one in found.found]


async def test_pages_lose_nothing_while_rows_are_decided_before_them(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of_them = await some(bench, 9)
    monkeypatch.setattr(queue_store, "SHOWN", 4)
    first = page(bench)
    assert references(first) == all_of_them[:4]
    for decided in (all_of_them[1], first.after):  # the row the next page goes on from, too
        decide.reject(decided, "said_before", context_of(bench))
    second = page(bench, after=first.after)
    third = page(bench, after=second.after)
    assert references(second) + references(third) == all_of_them[4:]
    assert third.after == ""
    assert first.waiting == {"sing-anyway": 9}
    assert set(references(page(bench, "rejected"))) == {all_of_them[1], first.after}


async def test_what_was_decided_last_comes_first(bench: Bench) -> None:
    first, second, *_rest = await some(bench, 3)
    decide.reject(second, "unclear", context_of(bench))
    bench.clock.passes(minutes=1)
    decide.reject(first, "unclear", context_of(bench))
    assert references(page(bench, "rejected")) == [first, second]
    counts = bench.database.read_now(queue_store.counts)
    assert counts == {"waiting": 1, "held": 0, "undone": 0, "accepted": 0, "rejected": 2}


async def test_a_colleague_who_opened_one_is_named_for_half_an_hour(bench: Bench) -> None:
    (reference,) = await some(bench, 1)
    found = bench.database.read_now(lambda look: decide.correction(look, reference))
    decide.note_seen(found, context_of(bench), None)

    def readers(but: str, later: timedelta) -> dict[str, object]:
        now = bench.clock() + later
        return dict(
            bench.database.read_now(lambda look: queue_store.readers(look, [reference], now, but))
        )

    assert readers("operator jo", timedelta()) == {}
    assert readers("staff ann", timedelta(minutes=29)) == {
        reference: ("operator jo", bench.clock())
    }
    assert readers("staff ann", timedelta(minutes=30)) == {}

"""The queue of corrections in the store: its order, its pages, and who has one open."""

from datetime import timedelta

import pytest

from api.features.corrections.review import decide, queue_store
from api.features.corrections.review.queue_store import CorrectionQueuePart
from api.moderation import queue_store as moderation_queue
from tests.api.corrections.conftest import context_of, send_correction
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


async def send_corrections(service: ServiceUnderTest, number: int) -> list[str]:
    """Say so many things a minute apart, two at each moment; gives the references in order."""
    received = []
    for index in range(number):
        answer = await send_correction(service, about="ended" if index % 2 else "times")
        received.append(answer.json()["reference"])
        service.clock.advance(minutes=index % 2)
    rows = service.database.read_now(lambda connection: queue_store.page(connection, "waiting"))
    return (
        [correction.reference for correction in rows.corrections]
        if len(rows.corrections) == number
        else received
    )


def page(service: ServiceUnderTest, state: str = "waiting", after: str = "") -> CorrectionQueuePart:
    return service.database.read_now(
        lambda connection: queue_store.page(connection, state, "", after)
    )


def references(part: CorrectionQueuePart) -> list[str]:
    return [correction.reference for correction in part.corrections]


async def test_pages_lose_nothing_while_rows_are_decided_before_them(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    all_of_them = await send_corrections(service, 9)
    monkeypatch.setattr(moderation_queue, "PAGE_SIZE", 4)
    first = page(service)
    assert references(first) == all_of_them[:4]
    for decided in (all_of_them[1], first.after):  # the row the next page goes on from, too
        decide.reject(decided, "said_before", context_of(service))
    second = page(service, after=first.after)
    third = page(service, after=second.after)
    assert references(second) + references(third) == all_of_them[4:]
    assert third.after == ""
    assert first.waiting == {"sing-anyway": 9}
    assert set(references(page(service, "rejected"))) == {all_of_them[1], first.after}


async def test_what_was_decided_last_comes_first(service: ServiceUnderTest) -> None:
    first, second, *_rest = await send_corrections(service, 3)
    decide.reject(second, "unclear", context_of(service))
    service.clock.advance(minutes=1)
    decide.reject(first, "unclear", context_of(service))
    assert references(page(service, "rejected")) == [first, second]
    counts = service.database.read_now(queue_store.counts)
    assert counts == {"waiting": 1, "held": 0, "undone": 0, "accepted": 0, "rejected": 2}


async def test_a_colleague_who_opened_one_is_named_for_half_an_hour(
    service: ServiceUnderTest,
) -> None:
    (reference,) = await send_corrections(service, 1)
    corrections = service.database.read_now(
        lambda connection: decide.find_correction(connection, reference)
    )
    context = context_of(service)
    service.database.write_now(
        lambda connection: decide.note_reading(connection, corrections, "", context)
    )

    def readers(but: str, later: timedelta) -> dict[str, object]:
        now = service.clock() + later
        return dict(
            service.database.read_now(
                lambda connection: queue_store.readers(connection, [reference], now, but)
            )
        )

    assert readers("operator jo", timedelta()) == {}
    assert readers("staff ann", timedelta(minutes=29)) == {
        reference: ("operator jo", service.clock())
    }
    assert readers("staff ann", timedelta(minutes=30)) == {}

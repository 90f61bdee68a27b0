"""What there was nothing of is counted, by names of our lists and the month, and nothing else."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Integer, Text

from api.errors import Unavailable
from api.features.gaps import counter
from api.features.gaps.counter import GapCounter
from api.features.gaps.store import Gap
from api.jobs import retention
from api.jobs.scheduler import Scheduler
from api.store import schema
from api.store.database import Database
from tests.api.conftest import Clock
from tests.api.service_under_test import ServiceUnderTest, project_taxonomy, read_all_files

pytestmark = pytest.mark.anyio

TERMS = project_taxonomy()
CHOIR = Gap("2026-11", "Temeford", "choir", "")


async def stored_gaps(service: ServiceUnderTest) -> list[tuple[Any, ...]]:
    await service.gaps.write()
    return [tuple(row) for row in await service.rows(schema.gap)]


def test_no_column_could_hold_anything_about_a_person() -> None:
    """Names off three lists, a month and a number; no free text, no moment, no digest, no blob."""
    columns = {column.name: type(column.type) for column in schema.gap.columns}
    assert columns == {"month": Text, "area": Text, "kind": Text, "need": Text, "count": Integer}
    assert [column.name for column in schema.gap.primary_key] == ["month", "area", "kind", "need"]
    rules = [
        str(constraint.sqltext)
        for constraint in schema.gap.constraints
        if isinstance(constraint, CheckConstraint)
    ]
    assert rules == ["length(month) = 7"]  # no day fits
    assert not schema.gap.foreign_keys


@pytest.mark.parametrize(
    ("report", "gap"),
    [
        ({"place": "Temeford", "kind": "choir"}, CHOIR),
        ({"place": "temeford ", "kind": "choir"}, CHOIR),
        ({"place": "temmeford ", "kind": "choir"}, Gap("2026-11", "any", "choir", "")),
        ({"place": "ZZ1 1AA", "kind": "choir"}, CHOIR),  # of a postcode the area, never the house
        ({"place": "zz3"}, Gap("2026-11", "Harrow Vale", "any", "")),
        ({"kind": "choir"}, Gap("2026-11", "any", "choir", "")),
        ({"need": "evenings-are-long"}, Gap("2026-11", "any", "any", "evenings-are-long")),
        (
            {"place": "Temeford", "kind": "mary@example.org", "need": "01632 960123"},
            Gap("2026-11", "Temeford", "any", ""),
        ),
        ({"place": "12 Mill Lane", "kind": "Mary Quillfeather"}, None),
        ({"place": "", "kind": "any", "need": "any"}, None),
        ({}, None),
    ],
)
async def test_only_what_the_closed_lists_know_is_counted(
    service: ServiceUnderTest, report: dict[str, str], gap: Gap | None
) -> None:
    assert service.gaps.count(TERMS, **report) == gap
    rows = [(gap.month, gap.area, gap.kind, gap.need, 1)] if gap else []
    assert await stored_gaps(service) == rows


async def test_counts_add_up_over_writings_and_processes(
    service: ServiceUnderTest, clock: Clock
) -> None:
    other = GapCounter(service.database, clock)
    for gaps in (service.gaps, other, service.gaps):
        gaps.count(TERMS, place="Temeford", kind="choir")
    await asyncio.gather(service.gaps.write(), other.write())
    service.gaps.count(TERMS, place="Temeford", kind="choir")
    assert await stored_gaps(service) == [("2026-11", "Temeford", "choir", "", 4)]


async def test_the_month_is_a_month_in_england(service: ServiceUnderTest) -> None:
    service.clock.now = datetime.fromisoformat(
        "2026-06-30T23:30:00+00:00"
    )  # already July in London
    service.gaps.count(TERMS, kind="choir")
    assert (await stored_gaps(service))[0][0] == "2026-07"


async def test_counting_waits_for_nothing_and_nothing_is_written_before_its_time(
    service: ServiceUnderTest,
) -> None:
    for _ in range(1_000):
        service.gaps.count(TERMS, place="Temeford", kind="choir")
    assert await service.count(schema.gap) == 0
    assert (await stored_gaps(service))[0][-1] == 1_000


async def test_what_the_store_cannot_take_waits(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(act: object) -> None:
        raise Unavailable

    service.gaps.count(TERMS, kind="choir")
    with monkeypatch.context() as patch:
        patch.setattr(service.database, "write", fails)
        await service.gaps.write()
    service.gaps.count(TERMS, kind="choir")
    assert (await stored_gaps(service))[0][-1] == 2


async def test_the_last_counts_are_written_when_the_service_stops(
    service: ServiceUnderTest,
) -> None:
    jobs = Scheduler(service.clock)
    jobs.every(3600, service.gaps.write, name="gaps", at_end=service.gaps.write)
    async with jobs.running():
        service.gaps.count(TERMS, kind="choir")
    assert (await service.rows(schema.gap))[0].kind == "choir"


async def test_memory_is_bounded_whatever_is_asked(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counter, "MAX_UNWRITTEN_GAPS", 2)
    for kind in ("choir", "lunch-club", "quiz", "choir"):
        service.gaps.count(TERMS, kind=kind)
    assert {row[2]: row[4] for row in await stored_gaps(service)} == {"choir": 2, "lunch-club": 1}


async def test_gaps_go_after_three_years(service: ServiceUnderTest, clock: Clock) -> None:
    for years in range(5):
        clock.now = datetime.fromisoformat("2026-11-22T09:30:00+00:00") - timedelta(
            days=365 * years
        )
        service.gaps.count(TERMS, kind="choir")
    await service.gaps.write()
    now = datetime.fromisoformat("2026-11-22T09:30:00+00:00")
    await service.database.write(lambda store: retention.erase_due(store, now))
    assert sorted(row[0] for row in await stored_gaps(service)) == [
        "2023-11",
        "2024-11",
        "2025-11",
        "2026-11",
    ]


async def test_no_typed_word_reaches_the_disk(
    store: Database, service: ServiceUnderTest, tmp_path: Path
) -> None:
    words: dict[str, Any] = {
        "place": "the Larkhythe flats of Quillfeather, Temeford",
        "kind": "canary-choir",
        "need": "canary-need",
        "page_view": "canary-view",
    }
    service.gaps.count(TERMS, **words)
    service.gaps.count(TERMS, **{**words, "place": "Temeford", "page_view": "canary-other"})
    assert await stored_gaps(service) == [("2026-11", "Temeford", "any", "", 1)]
    heap = read_all_files(tmp_path)
    assert b"canary" not in heap
    assert b"Quillfeather" not in heap

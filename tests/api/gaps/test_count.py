"""What there was nothing of is counted, by names of our lists and the month, and nothing else."""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import CheckConstraint, Integer, Text

from api.errors import Unavailable
from api.features.gaps import count as counting
from api.features.gaps.count import GapCounter
from api.features.gaps.store import Gap
from api.jobs import retention
from api.store import schema
from api.store.database import Database
from tests.api.bench import Bench, closed_lists, files_of, moment
from tests.api.conftest import Clock

pytestmark = pytest.mark.anyio

TERMS = closed_lists()
CHOIR = Gap("2026-11", "Temeford", "choir", "")


async def kept(bench: Bench) -> list[tuple[Any, ...]]:
    await bench.gaps.write()
    return [tuple(row) for row in await bench.rows(schema.gap)]


def test_no_column_could_hold_anything_about_a_person() -> None:
    """Names off three lists, a month and a number; no free text, no moment, no digest, no blob."""
    columns = {column.name: type(column.type) for column in schema.gap.columns}
    assert columns == {"month": Text, "area": Text, "kind": Text, "need": Text, "count": Integer}
    assert [one.name for one in schema.gap.primary_key] == ["month", "area", "kind", "need"]
    rules = [str(one.sqltext) for one in schema.gap.constraints if isinstance(one, CheckConstraint)]
    assert rules == ["length(month) = 7"]  # no day fits
    assert not schema.gap.foreign_keys


@pytest.mark.parametrize(
    ("met", "gap"),
    [
        ({"place": "Temeford", "kind": "choir"}, CHOIR),
        ({"place": "temmeford ", "kind": "choir"}, CHOIR),
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
    bench: Bench, met: dict[str, str], gap: Gap | None
) -> None:
    assert bench.gaps.count(TERMS, **met) == gap
    whole = [(gap.month, gap.area, gap.kind, gap.need, 1)] if gap else []
    assert await kept(bench) == whole


async def test_counts_add_up_over_writings_and_processes(bench: Bench, clock: Clock) -> None:
    other = GapCounter(bench.database, clock)
    for gaps in (bench.gaps, other, bench.gaps):
        gaps.count(TERMS, place="Temeford", kind="choir")
    await asyncio.gather(bench.gaps.write(), other.write())
    bench.gaps.count(TERMS, place="Temeford", kind="choir")
    assert await kept(bench) == [("2026-11", "Temeford", "choir", "", 4)]


async def test_the_month_is_a_month_in_england(bench: Bench) -> None:
    bench.clock.now = moment("2026-06-30T23:30:00+00:00")  # already July in London
    bench.gaps.count(TERMS, kind="choir")
    assert (await kept(bench))[0][0] == "2026-07"


async def test_counting_waits_for_nothing_and_nothing_is_written_before_its_time(
    bench: Bench,
) -> None:
    for _ in range(1_000):
        bench.gaps.count(TERMS, place="Temeford", kind="choir")
    assert await bench.count(schema.gap) == 0
    assert (await kept(bench))[0][-1] == 1_000


async def test_what_the_store_cannot_take_waits(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(act: object) -> None:
        raise Unavailable

    bench.gaps.count(TERMS, kind="choir")
    with monkeypatch.context() as gone:
        gone.setattr(bench.database, "write", fails)
        await bench.gaps.write()
    bench.gaps.count(TERMS, kind="choir")
    assert (await kept(bench))[0][-1] == 2


async def test_the_last_counts_are_written_when_the_service_stops(bench: Bench) -> None:
    async with bench.gaps.running():
        bench.gaps.count(TERMS, kind="choir")
    assert (await bench.rows(schema.gap))[0].kind == "choir"


async def test_memory_is_bounded_whatever_is_asked(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "GAPS_WAITING", 2)
    for kind in ("choir", "lunch-club", "quiz", "choir"):
        bench.gaps.count(TERMS, kind=kind)
    assert {row[2]: row[4] for row in await kept(bench)} == {"choir": 2, "lunch-club": 1}


async def test_gaps_go_after_three_years(bench: Bench, clock: Clock) -> None:
    for years in range(5):
        clock.now = moment("2026-11-22T09:30:00+00:00") - timedelta(days=365 * years)
        bench.gaps.count(TERMS, kind="choir")
    await bench.gaps.write()
    now = moment("2026-11-22T09:30:00+00:00")
    await bench.database.write(lambda store: retention.erase_due(store, now))
    assert sorted(row[0] for row in await kept(bench)) == [
        "2023-11",
        "2024-11",
        "2025-11",
        "2026-11",
    ]


async def test_no_typed_word_reaches_the_disk(
    store: Database, bench: Bench, tmp_path: Path
) -> None:
    words: dict[str, Any] = {
        "place": "the Larkhythe flats of Quillfeather, Temeford",
        "kind": "canary-choir",
        "need": "canary-need",
        "page_view": "canary-view",
    }
    bench.gaps.count(TERMS, **words)
    bench.gaps.count(TERMS, **{**words, "place": "Temeford", "page_view": "canary-other"})
    assert await kept(bench) == [("2026-11", "Temeford", "any", "", 1)]
    heap = files_of(tmp_path)
    assert b"canary" not in heap
    assert b"Quillfeather" not in heap

"""How well and how fast search finds (`python -m benchmarks --only search`).

Recall is of the halves nobody tuned on and of misspellings a machine made; latency is of all
questions, in this process, one after another. The limits are those of the architecture.
"""

import gc
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from itertools import compress, cycle
from pathlib import Path

import msgspec

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.port import Engine, Query
from benchmarks import table
from benchmarks.table import Row
from catalogue.model.taxonomy import Taxonomy
from tests.search.reference import PlainEngine
from tests.support import generate, judged
from tests.support.judged import MISSPELLINGS, Question, score

SIZES = (1_000, 10_000)
ROUNDS = 5
PLAIN_ROUNDS = 1
WHERE = {"place", "near", "within_km"}  # what says where, and how far
NO_FILTER = {*WHERE, "order"}
A_PAGE = 20  # documents read and facets counted for each answer, as in life
UNSEEN_AT_LEAST, UNSEEN_SIZE = 0.94, 10_000
P99_MS_AT_MOST = {10_000: 10.0, 100_000: 30.0}
# Answers wait for nothing but the processor. Where the clock says far more than the processor,
# somebody else had it, and a missed latency says nothing about the engine.
DISTURBED = 2.0


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds by the clock, and of the processor alone.

    `with_filters` and `near` are the p99, of the processor alone, of the questions that have
    filters, and of those that say where and how far.
    """

    p50_ms: float
    p95_ms: float
    p99_ms: float
    p99_cpu_ms: float
    with_filters: float
    near: float

    @property
    def disturbed(self) -> bool:
        """Say whether something else kept the processor from us."""
        return self.p99_ms > DISTURBED * self.p99_cpu_ms


class Measured(msgspec.Struct, frozen=True):
    """One engine at one size. Recall by class; a class without a question is missing."""

    size: int
    recall: dict[str, float]
    unseen: float
    exact: float
    latency: Latency
    plain: Latency  # document by document, see docs/decisions/0037-what-speed-buys.md
    build_cpu_seconds: float
    engine_mb: int


def measure(size: int, taxonomy: Taxonomy, folder: Path) -> Measured:
    """Build an index of invented documents in a folder and ask it everything."""
    documents = generate.documents(size)
    started_at = time.process_time()
    build_index(documents, taxonomy, folder)
    build_cpu_seconds = time.process_time() - started_at
    before = held_mb()
    engine = EmbeddedEngine.open(folder)
    engine.search(Query(q="coffee"))
    engine_mb = held_mb() - before
    judge = judged.Judge(documents, taxonomy)
    written_questions = judged.questions()
    machine_made = list(judged.machine_made(taxonomy))
    reported = [question for question in written_questions if question.half == "report"]
    scores = score(engine, judge, [*reported, *machine_made])
    del judge, documents
    return Measured(
        size=size,
        recall={name: statistics.fmean(values) for name, values in scores.items()},
        unseen=statistics.fmean(value for name in MISSPELLINGS for value in scores[name]),
        exact=statistics.fmean([*scores["exact"], *scores["name"]]),
        latency=latency(engine, [*written_questions, *machine_made]),
        plain=latency(PlainEngine.open(folder), [*written_questions, *machine_made], PLAIN_ROUNDS),
        build_cpu_seconds=build_cpu_seconds,
        engine_mb=engine_mb,
    )


def held_mb() -> int:
    """Return how much memory this process holds now (RSS), in megabytes."""
    pages = int(Path("/proc/self/statm").read_text(encoding="utf-8").split()[1])
    return pages * resource.getpagesize() // 1_000_000


def latency(engine: Engine, questions: Sequence[Question], rounds: int = ROUNDS) -> Latency:
    """Ask all questions in turn, some rounds over, after a round that does not count."""
    queries = [question.query(A_PAGE) for question in questions]
    filtered = [bool(question.where.keys() - NO_FILTER) for question in questions]
    near = [bool(question.where.keys() & WHERE) for question in questions]
    took: list[float] = []
    worked: list[float] = []
    gc.collect()
    gc.freeze()
    for round_ in range(rounds + 1):
        for query in queries:
            started_at, worked_before = time.perf_counter(), time.thread_time()
            engine.search(query)
            if round_:
                worked.append((time.thread_time() - worked_before) * 1000)
                took.append((time.perf_counter() - started_at) * 1000)
    gc.unfreeze()
    by_clock = statistics.quantiles(took, n=100)
    return Latency(
        p50_ms=by_clock[49],
        p95_ms=by_clock[94],
        p99_ms=by_clock[98],
        p99_cpu_ms=_p99_ms(worked),
        with_filters=_p99_ms(compress(worked, cycle(filtered))),
        near=_p99_ms(compress(worked, cycle(near))),
    )


def _p99_ms(times: Iterable[float]) -> float:
    return statistics.quantiles(times, n=100)[98]


def rows(measured: Measured) -> list[Row]:
    """Return the lines of the table for one size."""
    at = f"at {measured.size:,} entries"
    recalls = ", ".join(f"{name} {value:.3f}" for name, value in sorted(measured.recall.items()))
    speed = measured.latency
    measured_rows = [
        Row(f"search recall@10 by class, {at}", recalls),
        table.at_least(f"search recall@10, exact words, {at}", round(measured.exact, 3), 1.0),
        Row(f"search in process p50 / p95, {at}", f"{speed.p50_ms:.1f} / {speed.p95_ms:.1f} ms"),
        _p99(measured),
        Row(
            f"search in process p99 with filters, {at}",
            f"{speed.with_filters:.1f} ms of processor time",
        ),
        Row(
            f"search in process p99 of a place and near, {at}",
            f"{speed.near:.1f} ms of processor time",
        ),
        Row(
            f"search in process p99, document by document, {at}",
            f"{measured.plain.p99_cpu_ms:.1f} ms of processor time",
        ),
        Row(f"search in process, memory of an engine, {at}", f"{measured.engine_mb:,} MB"),
        Row(f"search index build, {at}", f"{measured.build_cpu_seconds:.1f} CPU-s"),
    ]
    unseen = f"search recall@10, unseen misspellings, {at}"
    if measured.size == UNSEEN_SIZE:
        return [table.at_least(unseen, round(measured.unseen, 3), UNSEEN_AT_LEAST), *measured_rows]
    return [Row(unseen, f"{measured.unseen:.3f}"), *measured_rows]


def _p99(measured: Measured) -> Row:
    name = f"search in process p99, at {measured.size:,} entries"
    speed = measured.latency
    note = f"{speed.p99_cpu_ms:.1f} ms of processor time"
    limit = P99_MS_AT_MOST.get(measured.size)
    if limit is None:
        return Row(name, f"{speed.p99_ms:.1f} ms ({note})")
    row = table.at_most(name, round(speed.p99_ms, 1), limit, " ms", note)
    if row.met == "no" and speed.disturbed:
        return table.unknown(name, f"the machine is busy; {row.measured}", row.limit)
    return row


def run(sizes: Sequence[int] = SIZES) -> list[Row]:
    """Measure every size and return the table's lines."""
    taxonomy = generate.terms()
    measured_rows: list[Row] = []
    for size in sizes:
        print(f"search: {size:,} entries", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            measured_rows += rows(measure(size, taxonomy, Path(folder) / "search"))
    return measured_rows

"""The engine on a Meilisearch server beside the one in the process, by the same questions.

The server is a real one on loopback. Both engines are asked in turn, question by question, so that
whatever else the machine does falls on both alike.
"""

import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import msgspec

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.meilisearch import reindex
from api.search.meilisearch.client import MeilisearchClient
from api.search.meilisearch.engine import MeilisearchEngine
from api.search.port import Engine, Query
from benchmarks import table
from benchmarks.search import A_PAGE, UNSEEN_SIZE
from benchmarks.table import Row
from catalogue.model.taxonomy import Taxonomy
from tests.support import generate, judged, meilisearch_server
from tests.support.judged import MISSPELLINGS, score
from tests.support.meilisearch_server import NoServer, Server

UNSEEN_AT_LEAST = 0.97
ROUNDS = 1
PATIENCE_SECONDS = 30.0
STAMP = "benchmark"


class Took(msgspec.Struct, frozen=True):
    """Milliseconds by the clock."""

    p50: float
    p95: float
    p99: float

    @classmethod
    def of(cls, took: Sequence[float]) -> "Took":
        """Return the quantiles of some times."""
        by_clock = statistics.quantiles(took, n=100)
        return cls(by_clock[49], by_clock[94], by_clock[98])


def run(sizes: Sequence[int]) -> list[Row]:
    """Measure every size and return the table's lines; unknown where no server can be had."""
    taxonomy = generate.terms()
    rows: list[Row] = []
    for size in sizes:
        print(f"meilisearch: {size:,} entries", file=sys.stderr)
        try:
            with meilisearch_server.running() as server, tempfile.TemporaryDirectory() as folder:
                rows += _measured(server, size, taxonomy, Path(folder) / STAMP / "search")
        except NoServer as error:
            rows.append(table.unknown(f"Meilisearch at {size:,} entries", str(error)))
    return rows


def _measured(server: Server, size: int, taxonomy: Taxonomy, folder: Path) -> list[Row]:
    documents = generate.documents(size)
    build_index(documents, taxonomy, folder)
    client = MeilisearchClient(server.url, server.master_key, PATIENCE_SECONDS)
    try:
        started_at = time.perf_counter()
        reindex.reindex(client, STAMP, folder)
        build_seconds = time.perf_counter() - started_at
        embedded = EmbeddedEngine.open(folder)
        remote = MeilisearchEngine(client, STAMP, embedded)
        judge = judged.Judge(documents, taxonomy)
        return [
            *_recall(remote, judge, taxonomy, size),
            *_speed(remote, embedded, taxonomy, size),
            Row(f"Meilisearch index build, at {size:,} entries", f"{build_seconds:.1f} s"),
            Row(f"Meilisearch memory at most, at {size:,} entries", f"{server.peak_mb():,} MB"),
        ]
    finally:
        client.close()


def _recall(engine: Engine, judge: judged.Judge, taxonomy: Taxonomy, size: int) -> list[Row]:
    reported = [question for question in judged.questions() if question.half == "report"]
    scores = score(engine, judge, [*reported, *judged.machine_made(taxonomy)])
    unseen = statistics.fmean(value for name in MISSPELLINGS for value in scores[name])
    exact = statistics.fmean([*scores["exact"], *scores["name"]])
    by_class = {name: statistics.fmean(values) for name, values in sorted(scores.items())}
    recalls = ", ".join(f"{name} {value:.3f}" for name, value in by_class.items())
    at = f"at {size:,} entries"
    name = f"Meilisearch recall@10, unseen misspellings, {at}"
    measured = round(unseen, 3)
    return [
        table.at_least(name, measured, UNSEEN_AT_LEAST)
        if size == UNSEEN_SIZE
        else Row(name, f"{measured}"),
        table.at_least(f"Meilisearch recall@10, exact words, {at}", round(exact, 3), 1.0),
        Row(f"Meilisearch recall@10 by class, {at}", recalls),
    ]


def _speed(remote: Engine, embedded: Engine, taxonomy: Taxonomy, size: int) -> list[Row]:
    """Ask both in turn: questions with words only, for without them no server is asked."""
    questions = [*judged.questions(), *judged.machine_made(taxonomy)]
    queries = [question.query(A_PAGE) for question in questions if question.q]
    remote_ms, embedded_ms = list[float](), list[float]()
    for round_ in range(ROUNDS + 1):  # the first does not count
        for query in queries:
            remote_took, home = _took(remote.search, query), _took(embedded.search, query)
            if round_:
                remote_ms.append(remote_took)
                embedded_ms.append(home)
    away_, home_ = Took.of(remote_ms), Took.of(embedded_ms)
    at = f"at {size:,} entries"
    return [
        Row(f"Meilisearch over loopback p50 / p95 / p99, {at}", _said(away_)),
        Row(f"in process p50 / p95 / p99 in the same run, {at}", _said(home_)),
        table.at_most(
            f"in process p99 as a part of Meilisearch's, {at}", round(home_.p99 / away_.p99, 2), 1.0
        ),
    ]


def _took(search: Callable[[Query], object], query: Query) -> float:
    started_at = time.perf_counter()
    search(query)
    return (time.perf_counter() - started_at) * 1000


def _said(took: Took) -> str:
    return f"{took.p50:.1f} / {took.p95:.1f} / {took.p99:.1f} ms"

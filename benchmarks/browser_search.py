"""The search in the page: how good, fast and small (`python -m benchmarks --only browser`).

Runs the page's own modules in Node over invented documents. Recall is of the halves nobody tuned
on and of misspellings a machine made; sizes are what travels, gzip level 6.
"""

import gzip
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import msgspec

from benchmarks import table
from benchmarks.table import Row
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search import browser_index
from tests.support import generate, judged
from tests.support.judged import MISSPELLINGS, Question
from tests.support.node import find_node

SIZES = (1_000, 10_000)
ASKER = Path(__file__).with_suffix(".mjs")
UNSEEN_AT_LEAST, UNSEEN_SIZE = 0.94, 10_000
GZIP_LEVEL = 6
KB_AT_MOST = {1_000: 150.0, 10_000: 1_300.0}
NODE_SECONDS = 600


class Asked(msgspec.Struct, frozen=True):
    """What Node says of every question: the first slugs, the filters understood, milliseconds.

    `beside` are the first slugs of the invented examples under a real answer, `pages` addresses.
    """

    found: list[list[str]]
    understood: list[list[tuple[str, str]]]
    beside: list[list[str]]
    pages: list[list[str]]
    load_ms: list[float]
    answer_ms: list[float]


class Measured(msgspec.Struct, frozen=True):
    """The search in the page at one size. Recall by class; sizes in kB of 1,000 bytes, gzipped."""

    size: int
    recall: dict[str, float]
    unseen: float
    exact: float
    documents_kb: float
    index_kb: float
    load_ms: float
    p50_ms: float
    p95_ms: float


def measure(size: int, taxonomy: Taxonomy, folder: Path) -> Measured:
    """Write and index invented documents into a folder and ask them everything."""
    documents = generate.documents(size)
    browser_index.write_search(folder, documents, taxonomy)
    written_questions = [question for question in judged.questions() if question.half == "report"]
    questions = [*written_questions, *judged.machine_made(taxonomy)]
    answers = ask(folder, questions)
    scores = score(judged.Judge(documents, taxonomy), questions, answers.found)
    by_clock = statistics.quantiles(answers.answer_ms, n=100)
    return Measured(
        size=size,
        recall={name: statistics.fmean(values) for name, values in scores.items()},
        unseen=statistics.fmean(value for name in MISSPELLINGS for value in scores[name]),
        exact=statistics.fmean([*scores["exact"], *scores["name"]]),
        documents_kb=_kb(folder / "search" / "documents.json"),
        index_kb=_kb(folder / "search" / "index.json"),
        load_ms=statistics.median(answers.load_ms),
        p50_ms=by_clock[49],
        p95_ms=by_clock[94],
    )


def ask(folder: Path, questions: Sequence[Question]) -> Asked:
    """Ask the search of a folder, in Node, at the moment its documents were made for."""
    now_ms = str(int(generate.NOW.timestamp() * 1000))
    result = subprocess.run(
        [str(find_node()), str(ASKER), str(folder), now_ms],
        input=msgspec.json.encode([_as_in_the_page(question) for question in questions]),
        capture_output=True,
        timeout=NODE_SECONDS,
        check=True,
    )
    return msgspec.json.decode(result.stdout, type=Asked)


def score(
    judge: judged.Judge, questions: Sequence[Question], slugs_found: Sequence[Sequence[str]]
) -> dict[str, list[float]]:
    """Return recall@10 of every question that has an answer, by class."""
    scores: dict[str, list[float]] = defaultdict(list)
    for question, slugs in zip(questions, slugs_found, strict=True):
        relevant = judge.relevant(question)
        if relevant:
            scores[question.class_].append(judged.recall(slugs, relevant))
    return scores


NUMBERS = ("age", "within_km")


def _as_in_the_page(question: Question) -> dict[str, object]:
    fields: dict[str, object] = {"q": question.q, **question.where}
    for singular, plural in judged.LISTS.items():
        fields[plural] = [fields.pop(singular)] if singular in fields else []
    numbers = {name: int(question.where[name]) for name in NUMBERS if name in question.where}
    return {**fields, **numbers}


def _kb(file: Path) -> float:
    return len(gzip.compress(file.read_bytes(), GZIP_LEVEL)) / 1000


def rows(measured: Measured) -> list[Row]:
    """Return the lines of the table for one size."""
    at = f"at {measured.size:,} entries"
    recalls = ", ".join(f"{name} {value:.3f}" for name, value in sorted(measured.recall.items()))
    return [
        _unseen(measured, at),
        table.at_least(f"browser recall@10, exact words, {at}", round(measured.exact, 3), 1.0),
        Row(f"browser recall@10 by class, {at}", recalls),
        _size(measured, at),
        Row(f"browser load, in Node, {at}", f"{measured.load_ms:.0f} ms"),
        Row(f"browser p50 / p95, {at}", f"{measured.p50_ms:.1f} / {measured.p95_ms:.1f} ms"),
    ]


def _unseen(measured: Measured, at: str) -> Row:
    name = f"browser recall@10, unseen misspellings, {at}"
    if measured.size != UNSEEN_SIZE:
        return Row(name, f"{measured.unseen:.3f}")
    return table.at_least(name, round(measured.unseen, 3), UNSEEN_AT_LEAST)


def _size(measured: Measured, at: str) -> Row:
    name = f"browser index and cards, gzip, {at}"
    note = f"cards {measured.documents_kb:.0f}, index {measured.index_kb:.0f}"
    total = round(measured.documents_kb + measured.index_kb)
    limit = KB_AT_MOST.get(measured.size)
    if limit is None:
        return Row(name, f"{total:,} kB ({note})")
    return table.at_most(name, total, limit, " kB", note)


def run(sizes: Sequence[int] = SIZES) -> list[Row]:
    """Measure every size and return the table's lines."""
    taxonomy = generate.terms()
    measured_rows: list[Row] = []
    for size in sizes:
        print(f"search in the page: {size:,} entries", file=sys.stderr)
        with tempfile.TemporaryDirectory() as folder:
            measured_rows += rows(measure(size, taxonomy, Path(folder)))
    return measured_rows

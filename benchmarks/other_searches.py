"""How other searches of static sites answer the questions that Kith's engines are asked.

Pagefind and Material's own search, each by its own client in Node over pages of the same invented
entries. Both know words alone: questions with filters or a place asked for are left out.
"""

import gzip
import os
import statistics
import subprocess
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import mkdocs
import msgspec

from benchmarks.table import Row, unknown
from catalogue.outputs.search.documents import SearchDocument
from tests.support import generate, judged
from tests.support.judged import Question
from tests.support.node import find_node

SECONDS = 300
PEERS = Path(__file__).parent / "peers"
INSTALLED = Path("build/peers").absolute()
LUNR = Path(mkdocs.__file__).parent / "contrib/search/templates/search/lunr.js"


class Asked(msgspec.Struct, frozen=True):
    """What a client says: the first addresses of each question, and times in milliseconds."""

    found: list[list[str]]
    answers_ms: list[float]
    index_ms: float = 0.0


def pagefind(site: Path, entries: int) -> list[Row]:
    """Index the pages in a folder and ask them; `entries` is how many were invented.

    The pages hold facts and prose as a bare loop writes them, and no aliases.
    """
    name = f"search index of {entries:,} entries by Pagefind 1.5.2"
    answers = f"Pagefind recall@10 by class, at {entries:,} entries"
    program = next(INSTALLED.glob("env/lib/python*/site-packages/pagefind_bin/pagefind"), None)
    if program is None:
        return [unknown(name, "it is not installed"), unknown(answers, "it is not installed")]
    before = os.times()
    command = [str(program), "--site", str(site)]
    result = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    if result.returncode:
        why = f"it ended with {result.returncode}"
        return [unknown(name, why), unknown(answers, why)]
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    size = sum(file.stat().st_size for file in (site / "pagefind").rglob("*") if file.is_file())
    row = Row(name, f"{spent:.1f} CPU-s, {size / 1e6:.1f} MB in pieces")
    return [row, _answered(answers, [str(PEERS / "pagefind.mjs"), str(site)], entries)]


def lunr(folder: Path, entries: int) -> list[Row]:
    """Ask the library under Material's own search, over all the words Kith's engines are given.

    MkDocs itself indexes the prose alone: nothing of kinds, places and what people call them.
    """
    name = f"Material's own search (lunr) recall@10 by class, at {entries:,} entries"
    pages = [_page(document) for document in generate.documents(entries)]
    index = folder / "lunr.json"
    index.write_bytes(msgspec.json.encode({"docs": pages}))
    travels = len(gzip.compress(index.read_bytes(), 6)) / 1000
    weight = Row(
        f"Material's own search (lunr), what travels, at {entries:,} entries",
        f"{travels:.0f} kB gzip, indexed on each visit",
    )
    return [weight, _answered(name, [str(PEERS / "lunr.cjs"), str(LUNR), str(index)], entries)]


def _page(document: SearchDocument) -> dict[str, str]:
    words = (
        *(
            document.summary,
            *document.kind_labels,
            *document.kind_aliases,
            document.venue,
            *document.places,
        ),
        *(
            *document.outward_codes,
            *document.need_words,
            document.provider,
            document.when,
            document.body,
        ),
    )
    return {
        "location": f"activities/{document.slug}/",
        "title": document.title,
        "text": " ".join(words),
    }


def _answered(name: str, client: Sequence[str], entries: int) -> Row:
    """Return how well and how fast a client answers, or why that is not known."""
    node = find_node()
    terms = generate.terms()
    judge = judged.Judge(generate.documents(entries), terms)
    questions = [
        question
        for question in (*_written(), *judged.machine_made(terms))
        if judge.relevant(question)
    ]
    try:
        result = subprocess.run(
            [str(node), *client],
            input=msgspec.json.encode([question.q for question in questions]),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        answers = msgspec.json.decode(result.stdout, type=Asked)
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError) as error:
        return unknown(name, f"its client did not answer: {type(error).__name__}")
    return Row(name, _said(judge, questions, answers))


def _written() -> list[Question]:
    """Return the questions people wrote that nobody tuned on and that are words alone."""
    return [
        question
        for question in judged.questions()
        if question.half == "report" and question.q and not question.where
    ]


def _said(judge: judged.Judge, questions: Sequence[Question], answers: Asked) -> str:
    scores: dict[str, list[float]] = defaultdict(list)
    for question, addresses in zip(questions, answers.found, strict=True):
        slugs = [address.strip("/").rpartition("/")[2] for address in addresses]
        scores[question.class_].append(judged.recall(slugs, judge.relevant(question)))
    by_class = ", ".join(
        f"{name} {statistics.fmean(values):.3f}" for name, values in sorted(scores.items())
    )
    p95 = statistics.quantiles(answers.answers_ms, n=100)[94]
    load = f"load {answers.index_ms:.0f} ms, " if answers.index_ms else ""
    return f"{by_class}; {load}p95 {p95:.1f} ms"

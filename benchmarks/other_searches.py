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
    done = subprocess.run(command, capture_output=True, timeout=SECONDS, check=False)
    if done.returncode:
        why = f"it ended with {done.returncode}"
        return [unknown(name, why), unknown(answers, why)]
    after = os.times()
    spent = after.children_user + after.children_system
    spent -= before.children_user + before.children_system
    size = sum(file.stat().st_size for file in (site / "pagefind").rglob("*") if file.is_file())
    made = Row(name, f"{spent:.1f} CPU-s, {size / 1e6:.1f} MB in pieces")
    return [made, _answered(answers, [str(PEERS / "pagefind.mjs"), str(site)], entries)]


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


def _page(one: SearchDocument) -> dict[str, str]:
    words = (
        *(one.summary, *one.kind_labels, *one.kind_aliases, one.venue, *one.places),
        *(*one.outward_codes, *one.need_words, one.provider, one.when, one.body),
    )
    return {"location": f"activities/{one.slug}/", "title": one.title, "text": " ".join(words)}


def _answered(name: str, client: Sequence[str], entries: int) -> Row:
    """Return how well and how fast a client answers, or why that is not known."""
    node = find_node()
    terms = generate.terms()
    judge = judged.Judge(generate.documents(entries), terms)
    asked = [one for one in (*_written(), *judged.machine_made(terms)) if judge.relevant(one)]
    try:
        done = subprocess.run(
            [str(node), *client],
            input=msgspec.json.encode([one.q for one in asked]),
            capture_output=True,
            timeout=SECONDS,
            check=True,
        )
        told = msgspec.json.decode(done.stdout, type=Asked)
    except (OSError, subprocess.SubprocessError, msgspec.DecodeError) as error:
        return unknown(name, f"its client did not answer: {type(error).__name__}")
    return Row(name, _said(judge, asked, told))


def _written() -> list[Question]:
    """Return the questions people wrote that nobody tuned on and that are words alone."""
    return [one for one in judged.questions() if one.half == "report" and one.q and not one.where]


def _said(judge: judged.Judge, asked: Sequence[Question], told: Asked) -> str:
    scores: dict[str, list[float]] = defaultdict(list)
    for question, addresses in zip(asked, told.found, strict=True):
        slugs = [address.strip("/").rpartition("/")[2] for address in addresses]
        scores[question.class_].append(judged.recall(slugs, judge.relevant(question)))
    by_class = ", ".join(
        f"{name} {statistics.fmean(values):.3f}" for name, values in sorted(scores.items())
    )
    p95 = statistics.quantiles(told.answers_ms, n=100)[94]
    load = f"load {told.index_ms:.0f} ms, " if told.index_ms else ""
    return f"{by_class}; {load}p95 {p95:.1f} ms"

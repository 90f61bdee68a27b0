"""How the engines do on sentences that people typed (`python -m benchmarks --only sentences`).

By class, for the open half and for the one that nobody tuned on: the share of sentences with
something that answers among the first five, with nothing wrong among them, and with their filters
understood. The directory is the project's own `content/`.
"""

import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.meilisearch import reindex
from api.search.meilisearch.client import MeilisearchClient
from api.search.meilisearch.engine import MeilisearchEngine
from api.search.port import Engine, Query
from benchmarks import browser_search, table
from benchmarks.remote_search import PATIENCE_SECONDS, STAMP
from benchmarks.table import Row
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search import browser_index, site_pages
from catalogue.outputs.search import documents as search
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.site_pages import SitePage
from catalogue.read import load
from tests.support import generate, meilisearch_server, sentences
from tests.support.judged import Answers, Question
from tests.support.meilisearch_server import NoServer
from tests.support.sentences import Outcome, Sentence, Shares

Ask = Callable[[str], Outcome]
REPORTED = "the reported half"


def halves() -> dict[str, tuple[Sentence, ...] | None]:
    """Return both halves by name; None where the sentences are not here."""
    return {"the open half": sentences.open_half(), REPORTED: sentences.reported_half()}


def run() -> list[Row]:
    """Ask every engine every sentence and return the table's lines."""
    catalogue = load.read_project(generate.ROOT).catalogue
    if catalogue is None:
        raise ValueError("the project's content has a fault")
    documents = search.documents(catalogue, generate.NOW)
    kinds = {document.slug: document.kinds for document in documents}
    rows_found: list[Row] = []
    with ExitStack() as stack, tempfile.TemporaryDirectory() as folder:
        index = Path(folder) / STAMP / "search"
        build_index(documents, catalogue.taxonomy, index)
        pages = generate.site_pages()
        (index / site_pages.FILE).write_bytes(msgspec.json.encode(pages))
        embedded = EmbeddedEngine.open(index)
        rows_found += rows("embedded", _asking(embedded), kinds)
        rows_found += rows(
            "browser", _in_the_page(documents, catalogue.taxonomy, Path(folder), pages), kinds
        )
        try:
            server = stack.enter_context(meilisearch_server.running())
        except NoServer as error:
            return [*rows_found, table.unknown("sentences, Meilisearch", str(error))]
        client = MeilisearchClient(server.url, server.master_key, PATIENCE_SECONDS)
        stack.callback(client.close)
        reindex.reindex(client, STAMP, index)
        remote = MeilisearchEngine(client, STAMP, embedded)
        return [*rows_found, *rows("Meilisearch", _asking(remote), kinds)]


def rows(engine: str, ask: Ask, kinds: Mapping[str, Sequence[str]]) -> Iterator[Row]:
    """Yield the lines of one engine: each half by class."""
    for half, asked_sentences in halves().items():
        if asked_sentences is None:
            yield table.unknown(f"sentences, {engine}, {half}", "its file is not here")
            continue
        for name, shares in sentences.measure(asked_sentences, ask, kinds).items():
            yield Row(f"sentences, {engine}, {half}, {name} ({shares.count})", _in_words(shares))


def _in_words(shares: Shares) -> str:
    share_found = "-" if shares.found is None else f"{shares.found:.2f}"
    return (
        f"found {share_found}, nothing wrong {shares.clean:.2f}, understood {shares.understood:.2f}"
    )


def _asking(engine: Engine) -> Ask:
    def ask(q: str) -> Outcome:
        query = Query(q=q, per_page=sentences.FIRST, now=generate.NOW)
        answer = engine.search(query)
        if answer.world != "real":
            return sentences.outcome_of(answer)
        examples = msgspec.structs.replace(query, invented="yes")
        return sentences.outcome_of(answer, engine.search(examples))

    return ask


def _in_the_page(
    documents: list[SearchDocument], taxonomy: Taxonomy, folder: Path, pages: Sequence[SitePage]
) -> Ask:
    """Ask the page's search all the sentences at once: each start of Node reads the index again."""
    browser_index.write_search(folder, documents, taxonomy)
    (folder / "search" / site_pages.FILE).write_bytes(msgspec.json.encode(pages))
    queries = [sentence.q for half in halves().values() for sentence in half or ()]
    questions = [Question("need", Answers(), "report", q) for q in queries]
    answers = browser_search.ask(folder, questions)
    outcomes = {
        q: Outcome(
            tuple(slugs),
            sentences.parameters(understood),
            tuple(beside),
            tuple(examples),
        )
        for q, slugs, understood, beside, examples in zip(
            queries, answers.found, answers.understood, answers.pages, answers.beside, strict=True
        )
    }
    return outcomes.__getitem__

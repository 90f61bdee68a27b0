"""The search vectors: questions with the first ten slugs that every engine answers, in order.

`tests/fixtures/search_vectors.json` holds them, a question a line: the parameters of the search
port, the slugs, and the addresses of pages found beside the activities. The engine in the process,
the one in the page and the one on a Meilisearch server are held to the same file.
`python -m tests.search.vectors` asks the same questions again and rewrites the file, for changes of
content or of ranking that are meant.
"""

import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import build_index
from api.search.port import Engine, Query
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search import browser_index, site_pages
from catalogue.outputs.search import documents as search
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.site_pages import SitePage
from catalogue.read import load
from tests.search.meilisearch_engines import indexed, release
from tests.support import generate
from tests.support.meilisearch_server import Server
from tests.support.node import find_node

FILE = Path(__file__).parents[1] / "fixtures" / "search_vectors.json"
ASK = Path(__file__).parents[1] / "search_browser" / "ask.mjs"
NODE_SECONDS = 120
FIRST = 10
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
INVENTED = 1_000  # entries of the invented directory


class Vector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question, its first slugs, and the pages beside them."""

    query: dict[str, object]
    slugs: list[str]
    pages: list[str] = []


class Vectors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file."""

    about: str
    now: datetime
    demonstration: list[Vector]
    invented: list[Vector]

    def of(self, content: str) -> list[Vector]:
        """Return the vectors over one content, "demonstration" or "invented"."""
        return self.demonstration if content == "demonstration" else self.invented


CONTENTS = ("demonstration", "invented")
Content = tuple[list[SearchDocument], Taxonomy]
Queries = Sequence[dict[str, object]]
Pages = Sequence[SitePage]


def read() -> Vectors:
    """Return the vectors of the file."""
    return msgspec.json.decode(FILE.read_bytes(), type=Vectors)


@cache
def documents_of(content: str) -> Content:
    """Return the search documents of a content and its taxonomy."""
    if content == "invented":
        return generate.documents(INVENTED, now=NOW), generate.terms()
    project = load.read_project(generate.ROOT)
    assert project.catalogue, project.faults
    return search.documents(project.catalogue, NOW), project.catalogue.taxonomy


@cache
def pages_of(content: str) -> Pages:
    """Return the pages beside a content; an invented directory has none."""
    return generate.site_pages() if content == "demonstration" else ()


def ask_in_process(
    content: Content, folder: Path, queries: Queries, pages: Pages = ()
) -> list[Vector]:
    """Return what the engine in the process answers to each question."""
    documents, taxonomy = content
    build_index(documents, taxonomy, folder)
    _write_pages(pages, folder)
    return _ask(EmbeddedEngine.open(folder), queries)


def ask_meilisearch(
    content: Content, server: Server, root: Path, queries: Queries, pages: Pages = ()
) -> list[Vector]:
    """Return what the engine on a server answers to each question."""
    documents, taxonomy = content
    folder = release(root, documents, taxonomy=taxonomy)
    _write_pages(pages, folder)
    return _ask(indexed(server, folder), queries)


def _write_pages(pages: Pages, folder: Path) -> None:
    (folder / site_pages.FILE).write_bytes(msgspec.json.encode(pages))


def _ask(engine: Engine, queries: Queries) -> list[Vector]:
    answers = [engine.search(port_query(query)) for query in queries]
    return [
        Vector(
            query,
            [hit.document.slug for hit in answer.hits],
            [page.url for page in answer.site_pages],
        )
        for query, answer in zip(queries, answers, strict=True)
    ]


def port_query(query: dict[str, object]) -> Query:
    """Return a question as the search port takes it."""
    return msgspec.convert({**query, "now": NOW, "per_page": FIRST}, Query)


def ask_in_browser(
    content: Content, folder: Path, queries: Queries, pages: Pages = ()
) -> list[Vector]:
    """Return what the page's own scripts answer to each question, in one run of Node."""
    documents, taxonomy = content
    browser_index.write_search(folder, documents, taxonomy)
    _write_pages(pages, folder / "search")
    now = NOW.timestamp() * 1000
    lines = [json.dumps({"rules": True, "now": now, "question": query}) for query in queries]
    result = subprocess.run(
        [str(find_node()), str(ASK), str(folder)],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=NODE_SECONDS,
        check=True,
    )
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    return [
        Vector(query, [hit[0] for hit in answer["hits"][:FIRST]], answer["pages"])
        for query, answer in zip(queries, answers, strict=True)
    ]


def answered_again(vectors: Vectors) -> Vectors:
    """Return the same questions with what the engine in the process answers now."""
    answers_by_content = {content: _answered(content, vectors.of(content)) for content in CONTENTS}
    return Vectors(vectors.about, NOW, **answers_by_content)


def _answered(content: str, vectors: list[Vector]) -> list[Vector]:
    queries = [vector.query for vector in vectors]
    with TemporaryDirectory() as folder:
        return ask_in_process(
            documents_of(content), Path(folder) / "index", queries, pages_of(content)
        )


def encoded(vectors: Vectors) -> bytes:
    """Return the file's bytes: a line for each question."""
    head = {"about": vectors.about, "now": vectors.now}
    parts = [f'"{name}":{_text(value)}' for name, value in head.items()]
    for content in CONTENTS:
        lines = ",\n".join(_text(vector) for vector in vectors.of(content))
        parts.append(f'"{content}":[\n{lines}\n]')
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


if __name__ == "__main__":
    FILE.write_bytes(encoded(answered_again(read())))

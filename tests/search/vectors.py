"""The search vectors: questions with the first ten slugs that both of our engines answer, in order.

`tests/fixtures/search_vectors.json` holds them, a question a line: the parameters of the search
port, `slugs` of the engine in the process, and `browser` where the search in the page answers
something else. `python -m tests.search.vectors` asks the same questions again and rewrites the
file, for changes of content or of ranking that are meant.
"""

import json
import subprocess
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from api.search.port import Query
from api.search.tantivy.engine import EmbeddedEngine
from api.search.tantivy.index import build_index
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search import browser_index
from catalogue.outputs.search import documents as search
from catalogue.outputs.search.documents import SearchDocument
from catalogue.read import load
from tests.support import generate

FILE = Path(__file__).parents[1] / "fixtures" / "search_vectors.json"
ASK = Path(__file__).parents[1] / "search_browser" / "ask.mjs"
MINISEARCH = generate.ROOT / "build/npm/node_modules/minisearch/dist/es/index.js"
NODE_SECONDS = 120
FIRST = 10
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
INVENTED = 1_000  # entries of the invented directory


class Vector(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A question and its first slugs; `browser` only where the search in the page differs."""

    query: dict[str, object]
    slugs: list[str]
    browser: list[str] | None = None

    @property
    def in_browser(self) -> list[str]:
        """Return the first slugs that the search in the page answers."""
        return self.slugs if self.browser is None else self.browser


class Vectors(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `differing` counts the questions that the engines answer differently."""

    about: str
    now: datetime
    differing: dict[str, int]
    demonstration: list[Vector]
    invented: list[Vector]

    def of(self, content: str) -> list[Vector]:
        """Return the vectors over one content, "demonstration" or "invented"."""
        return self.demonstration if content == "demonstration" else self.invented


CONTENTS = ("demonstration", "invented")
Content = tuple[list[SearchDocument], Taxonomy]


def read() -> Vectors:
    """Return the vectors of the file."""
    return msgspec.json.decode(FILE.read_bytes(), type=Vectors)


def documents_of(content: str) -> Content:
    """Return the search documents of a content and its taxonomy."""
    if content == "invented":
        return generate.documents(INVENTED, now=NOW), generate.terms()
    reading = load.read_project(generate.ROOT)
    assert reading.catalogue, reading.faults
    return search.documents(reading.catalogue, NOW), reading.catalogue.taxonomy


def ask_in_process(
    content: Content, folder: Path, queries: Sequence[dict[str, object]]
) -> list[list[str]]:
    """Return the first slugs of each question, of the engine in the process."""
    documents, taxonomy = content
    build_index(documents, taxonomy, folder)
    engine = EmbeddedEngine.open(folder)
    return [
        [hit.document.slug for hit in engine.search(port_query(query)).hits] for query in queries
    ]


def port_query(query: dict[str, object]) -> Query:
    """Return a question as the search port takes it."""
    return msgspec.convert({**query, "per_page": FIRST}, Query)


def ask_in_browser(
    content: Content, folder: Path, queries: Sequence[dict[str, object]]
) -> list[list[str]]:
    """Return the first slugs of each question, of the page's own scripts in one run of Node."""
    documents, taxonomy = content
    browser_index.write_search(folder, documents, taxonomy)
    browser_index.build_index(folder, MINISEARCH)
    now = NOW.timestamp() * 1000
    lines = [json.dumps({"rules": True, "now": now, "question": query}) for query in queries]
    done = subprocess.run(
        [str(browser_index.find_node()), str(ASK), str(folder), str(MINISEARCH)],
        input="".join(f"{line}\n" for line in lines),
        capture_output=True,
        text=True,
        timeout=NODE_SECONDS,
        check=True,
    )
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    return [[hit[0] for hit in answer["hits"][:FIRST]] for answer in answers]


def answered_again(vectors: Vectors) -> Vectors:
    """Return the same questions with what the engines answer now."""
    made = {content: _answered(content, vectors.of(content)) for content in CONTENTS}
    differing = {
        content: sum(one.browser is not None for one in made[content]) for content in CONTENTS
    }
    return Vectors(vectors.about, NOW, differing, **made)


def _answered(content: str, vectors: list[Vector]) -> list[Vector]:
    queries = [one.query for one in vectors]
    documents = documents_of(content)
    with TemporaryDirectory() as folder:
        in_process = ask_in_process(documents, Path(folder) / "index", queries)
        in_browser = ask_in_browser(documents, Path(folder) / "site", queries)
    return [
        Vector(query, slugs, None if page == slugs else page)
        for query, slugs, page in zip(queries, in_process, in_browser, strict=True)
    ]


def encoded(vectors: Vectors) -> bytes:
    """Return the file's bytes: a line for each question."""
    head = {"about": vectors.about, "now": vectors.now, "differing": vectors.differing}
    parts = [f'"{name}":{_text(value)}' for name, value in head.items()]
    for content in CONTENTS:
        lines = ",\n".join(_text(one) for one in vectors.of(content))
        parts.append(f'"{content}":[\n{lines}\n]')
    return ("{" + ",\n".join(parts) + "}\n").encode()


def _text(value: object) -> str:
    return msgspec.json.encode(value).decode()


if __name__ == "__main__":
    FILE.write_bytes(encoded(answered_again(read())))

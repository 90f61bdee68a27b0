"""Write an index: a folder that is made once, read by many, and never changed.

`index/` is tantivy's, `stored_documents.py` keeps the documents, `columns.py` the arrays to filter
and rank by, `about.msgpack` the words and the taxonomy. Rows lie in the order of the next session,
then the slug: equal hits come out in that order.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec
import tantivy

from api.search.tantivy import columns, queries, stored_documents
from api.search.text.tokenise import analyser, tokenise
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.geo import Point, middle
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument
from catalogue.progress import Progress, silent

HEAP_BYTES = 512_000_000  # a limit, not a need: room to write one segment in one go
ABOUT = "about.msgpack"
INDEX = "index"
PROGRESS_STEP = "Indexing for search"
PROGRESS_EVERY = 1_000  # documents


class IndexMetadata(msgspec.Struct, frozen=True):
    """What the engine knows beside the index; `frequency` counts documents by word.

    `middles` are those of outward codes: as they were imported, else of the exact venues there.
    """

    taxonomy: Taxonomy
    venue_codes: frozenset[str]
    frequency: dict[str, int]
    middles: dict[str, Point] = {}


def build_index(
    documents: Iterable[SearchDocument],
    taxonomy: Taxonomy,
    folder: Path,
    progress: Progress = silent,
) -> None:
    """Write the index of all documents into a new folder.

    Raises FileExistsError where the folder is there.
    """
    folder.mkdir(parents=True)
    rows = sorted(documents, key=_by_next_session)
    codes = frozenset(code for row in rows for code in row.outward_codes)
    gazetteer = Gazetteer(taxonomy.areas, codes)
    frequency = _write_index(rows, gazetteer, folder / INDEX, progress)
    stored_documents.write(rows, folder)
    columns.write(rows, gazetteer, folder)
    code_middles = {**middles(rows), **taxonomy.middles}
    about = IndexMetadata(taxonomy, codes, dict(sorted(frequency.items())), code_middles)
    (folder / ABOUT).write_bytes(msgspec.msgpack.encode(about))
    progress(PROGRESS_STEP, len(rows), len(rows))


def middles(documents: Iterable[SearchDocument]) -> dict[str, Point]:
    """Return the middle of the venues in each outward code, of those that stand where they say.

    A document with several codes does not say which of its venues has which.
    """
    exact: dict[str, list[Point]] = {}
    for document in documents:
        if len(document.outward_codes) == 1:
            points = exact.setdefault(document.outward_codes[0], [])
            points += [point for point in document.points if not point.about]
    by_code = {code: middle(points) for code, points in exact.items()}
    return {code: point for code, point in by_code.items() if point}


def _by_next_session(document: SearchDocument) -> tuple[bool, float, str]:
    if document.next_session is None:
        return True, 0.0, document.slug
    return False, datetime.fromisoformat(document.next_session).timestamp(), document.slug


def _write_index(
    rows: Sequence[SearchDocument], gazetteer: Gazetteer, folder: Path, progress: Progress
) -> Counter[str]:
    folder.mkdir()
    index = tantivy.Index(queries.schema(), str(folder))
    index.register_tokenizer(queries.TOKENISER, analyser())
    writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)  # one thread keeps the order of rows
    frequency: Counter[str] = Counter()
    for row, document in enumerate(rows):
        if row % PROGRESS_EVERY == 0:
            progress(PROGRESS_STEP, row, len(rows))
        words = {field: _words(text) for field, text in _texts(document).items()}
        frequency.update({word for many in words.values() for word in many})
        writer.add_document(_indexed(document, words, gazetteer))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    if index.searcher().num_segments > 1:
        raise RuntimeError(
            "the index came out in several pieces: equal hits would lose their order"
        )
    return frequency


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """Tokenise once what many documents have in common, such as the aliases of their kinds."""
    return tuple(tokenise(text))


def _texts(document: SearchDocument) -> dict[str, str]:
    return {
        "title": document.title,
        "labels": " ".join((*document.kind_labels, *document.kind_aliases)),
        "where": " ".join((document.venue, *document.places, *document.outward_codes)),
        "summary": document.summary,
        "needs": " ".join(document.need_words),
        "more": f"{document.provider} {document.when} {document.body}",
    }


def _indexed(
    document: SearchDocument, words: dict[str, tuple[str, ...]], gazetteer: Gazetteer
) -> tantivy.Document:
    indexed = tantivy.Document()
    for field, many in words.items():
        indexed.add_text(field, " ".join(many))
    concepts: dict[str, Iterable[str]] = {
        "kind": document.kinds,
        "need": document.needs,
        "place": gazetteer.reach(document.places, document.area_served),
        "outward_code": document.outward_codes,
        "day": document.days,
        "way": document.ways,
        "free": (document.free,),
    }
    for field, values in concepts.items():
        for value in values:
            indexed.add_text(field, value)
    return indexed

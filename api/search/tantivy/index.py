"""Writing an index: a folder that is made once, read by many, and never changed.

`index/` is tantivy's, `rows.py` keeps the documents,
`columns.py` what is asked of all of them, `about.msgpack` the words and the taxonomy.
Rows lie in the order of the next session, then the slug: equal hits come out in that order.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from functools import lru_cache
from pathlib import Path

import msgspec
import tantivy

from api.search.tantivy import columns, queries
from api.search.tantivy import stored_documents as rows_file
from api.search.text.tokenise import analyser, words_of
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.geo import Point, middle
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument

HEAP_BYTES = 512_000_000  # a limit, not a need: room to write one segment in one go
ABOUT = "about.msgpack"
INDEX = "index"
STEP = 1_000  # entries between two words about the progress

Progress = Callable[[int, int], None]  # entries done, entries in all


class About(msgspec.Struct, frozen=True):
    """What the engine knows beside the index; `frequency` is entries by word.

    `middles` are those of outward codes: as they were imported, else of the exact venues there.
    """

    taxonomy: Taxonomy
    venue_codes: frozenset[str]
    frequency: dict[str, int]
    middles: dict[str, Point] = {}


def no_progress(done: int, total: int) -> None:
    """Say nothing."""


def build_index(
    documents: Iterable[SearchDocument],
    taxonomy: Taxonomy,
    folder: Path,
    progress: Progress = no_progress,
) -> None:
    """Write a whole index into a new folder. Raises FileExistsError where there is one."""
    folder.mkdir(parents=True)
    rows = sorted(documents, key=_order)
    codes = frozenset(code for row in rows for code in row.outward_codes)
    places = Gazetteer(taxonomy.areas, codes)
    frequency = _write_index(rows, places, folder / INDEX, progress)
    rows_file.write(rows, folder)
    columns.write(rows, places, folder)
    known = {**middles(rows), **taxonomy.middles}
    about = About(taxonomy, codes, dict(sorted(frequency.items())), known)
    (folder / ABOUT).write_bytes(msgspec.msgpack.encode(about))
    progress(len(rows), len(rows))


def middles(documents: Iterable[SearchDocument]) -> dict[str, Point]:
    """Return the middle of the venues in each outward code, of those that stand where they say.

    A document with several codes does not say which of its venues has which.
    """
    exact: dict[str, list[Point]] = {}
    for one in documents:
        if len(one.outward_codes) == 1:
            known = exact.setdefault(one.outward_codes[0], [])
            known += [point for point in one.points if not point.about]
    found = {code: middle(points) for code, points in exact.items()}
    return {code: point for code, point in found.items() if point}


def _order(document: SearchDocument) -> tuple[bool, float, str]:
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
        if row % STEP == 0:
            progress(row, len(rows))
        texts = {field: _words(text) for field, text in _texts(document).items()}
        frequency.update({word for words in texts.values() for word in words})
        writer.add_document(_indexed(document, texts, gazetteer))
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
    """Cut once what many documents say alike, such as the aliases of their kinds."""
    return tuple(words_of(text))


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
    document: SearchDocument, texts: dict[str, tuple[str, ...]], gazetteer: Gazetteer
) -> tantivy.Document:
    made = tantivy.Document()
    for field, words in texts.items():
        made.add_text(field, " ".join(words))
    values: dict[str, Iterable[str]] = {
        "kind": document.kinds,
        "need": document.needs,
        "place": gazetteer.reach(document.places, document.area_served),
        "outward_code": document.outward_codes,
        "day": document.days,
        "way": document.ways,
        "free": (document.free,),
    }
    for field, many in values.items():
        for value in many:
            made.add_text(field, value)
    return made

"""Write an index: a folder that is made once, read by many, and never changed.

`matching.py` keeps the words, `stored_documents.py` the documents, `columns.py` the arrays to
filter and rank by, `about.msgpack` the vocabulary and the taxonomy. Rows lie in the order of the
next session, then the slug.
"""

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

import msgspec

from api.search.embedded import columns, matching, stored_documents
from catalogue.model.gazetteer import Gazetteer, Venue
from catalogue.model.geo import Point, middle
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument, venues
from catalogue.progress import Progress, silent

ABOUT = "about.msgpack"
PROGRESS_STEP = "Indexing for search"


class IndexMetadata(msgspec.Struct, frozen=True):
    """What the engine knows beside the index; `frequency` counts documents by word.

    `middles` are those of outward codes: as they were imported, else of the exact venues there.
    """

    taxonomy: Taxonomy
    venue_codes: frozenset[str]
    frequency: dict[str, int]
    middles: dict[str, Point] = {}
    venues: tuple[Venue, ...] = ()


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
    progress(PROGRESS_STEP, 0, len(rows))
    frequency = matching.write(rows, folder)
    stored_documents.write(rows, folder)
    columns.write(rows, gazetteer, folder)
    code_middles = {**middles(rows), **taxonomy.middles}
    about = IndexMetadata(taxonomy, codes, frequency, code_middles, venues(rows))
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

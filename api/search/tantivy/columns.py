"""What can be asked of all documents at once: a set of rows for every value, and where they are.

Made when an index is built, mapped when it is read. `table` holds the sets of (family, value): the
facets first, in the words of `selecting.values`, then what the rules ask beside them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import reduce
from math import cos, radians, sin
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from api.search import query_rules, ranking
from api.search.tantivy import bitsets
from api.search.tantivy.bitsets import Bits
from catalogue.i18n.languages import languages_or_default
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.geo import EARTH_KM, Point
from catalogue.outputs.search.documents import SearchDocument

ARRAYS = "columns.npz"
NAMES = "columns.msgpack"
Value = tuple[str, str]  # family, value
ValuesOf = Callable[[SearchDocument], Iterable[Value]]
NO_LIMIT = 120


class Names(msgspec.Struct, frozen=True):
    """What the lines of the table stand for; the first `facets` of them are values of facets."""

    rows: int
    facets: int
    values: tuple[Value, ...]


def write(rows: Sequence[SearchDocument], gazetteer: Gazetteer, folder: Path) -> None:
    """Write the columns of documents in this order."""
    facets = _lines(rows, lambda one: ranking.values(one, gazetteer))
    asked = _lines(rows, lambda one: _asked(one, gazetteer))
    names = Names(len(rows), len(facets), (*facets, *asked))
    sets = [_set(lines, len(rows)) for lines in (*facets.values(), *asked.values())]
    table = np.stack(sets) if sets else np.zeros((0, bitsets.words_for(len(rows))), np.uint64)
    points = [(row, point) for row, one in enumerate(rows) for point in one.points]
    np.savez(
        folder / ARRAYS,
        table=table,
        rank=_ranks(rows),
        slug_rank=_order_of([one.slug for one in rows]),
        step=np.array([query_rules.AGEING[one.freshness] for one in rows], np.int64),
        youngest=np.array([one.minimum_age or 0 for one in rows], np.int16),
        oldest=np.array([one.maximum_age or NO_LIMIT for one in rows], np.int16),
        owner=np.array([row for row, _point in points], np.int64),
        at=np.array([_on_globe(point) for _row, point in points]).reshape(-1, 3),
    )
    (folder / NAMES).write_bytes(msgspec.msgpack.encode(names))


def _lines(rows: Sequence[SearchDocument], values_of: ValuesOf) -> dict[Value, list[int]]:
    found: dict[Value, list[int]] = {}
    for row, one in enumerate(rows):
        for value in values_of(one):
            found.setdefault(value, []).append(row)
    return found


def _set(lines: list[int], rows: int) -> Bits:
    return bitsets.of_rows(np.array(lines, np.int64), rows)


def _asked(document: SearchDocument, gazetteer: Gazetteer) -> Iterator[Value]:
    """Yield what the rules ask of a document that is no facet."""
    many: dict[str, Iterable[str]] = {
        "at": document.places,
        "code": document.outward_codes,
        "serves": gazetteer.reach((), document.area_served),
        "serves any": () if document.area_served else ("yes",),
        "slot": document.slots or ("none",),
        "ask access": document.access_unknown,
        "speaks": {one.casefold() for one in languages_or_default(document.languages)},
        "freshness": (document.freshness,),
    }
    yield from ((family, value) for family, values in many.items() for value in values)


def _ranks(rows: Sequence[SearchDocument]) -> NDArray[np.int64]:
    """Return the place of each row in the order of the next session, old facts later."""

    def key(row: int) -> tuple[float, str]:
        one = rows[row]
        later = query_rules.STEP_SECONDS * query_rules.AGEING[one.freshness]
        return query_rules.starts_at(one) + later, one.slug

    return _order_of([key(row) for row in range(len(rows))])


def _order_of(keys: Sequence[str] | Sequence[tuple[float, str]]) -> NDArray[np.int64]:
    """Return the place of each key among all, from 0."""
    ranks = np.zeros(len(keys), np.int64)
    ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return ranks


def _on_globe(point: Point) -> tuple[float, float, float]:
    """Return a point on a globe of radius 1."""
    north, east = radians(point.latitude), radians(point.longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


class Columns:
    """Reads the columns of an index. Nothing in it changes."""

    def __init__(self, folder: Path) -> None:
        names = msgspec.msgpack.decode((folder / NAMES).read_bytes(), type=Names)
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            self._table: Bits = arrays["table"]
            self.rank: NDArray[np.int64] = arrays["rank"]
            self.slug_rank: NDArray[np.int64] = arrays["slug_rank"]
            self.step: NDArray[np.int64] = arrays["step"]
            self.youngest: NDArray[np.int16] = arrays["youngest"]
            self.oldest: NDArray[np.int16] = arrays["oldest"]
            self._owner: NDArray[np.int64] = arrays["owner"]
            self._at: NDArray[np.float64] = arrays["at"]
        self.rows = names.rows
        self.facets = names.values[: names.facets]
        self._line = {value: line for line, value in enumerate(names.values)}
        self.nothing: Bits = np.zeros(bitsets.words_for(self.rows), np.uint64)
        self.everything: Bits = bitsets.pack(np.ones(self.rows, np.bool_))

    def has(self, family: str, value: str) -> Bits:
        """Return the rows that have a value."""
        line = self._line.get((family, value))
        return self.nothing if line is None else self._table[line]

    def any_of(self, family: str, values: Iterable[str]) -> Bits:
        """Return the rows that have any of the values."""
        return reduce(np.bitwise_or, (self.has(family, one) for one in values), self.nothing)

    def slots(self) -> tuple[str, ...]:
        """Return every slot of the week that some document has."""
        return tuple(value for family, value in self._line if family == "slot")

    def facet_counts(self, chosen: Bits) -> dict[Value, int]:
        """Return how many chosen rows have each value of a facet; none is left out."""
        found = bitsets.counts(self._table[: len(self.facets)], chosen)
        return {self.facets[line]: int(found[line]) for line in np.flatnonzero(found)}

    def kilometres(self, point: Point) -> NDArray[np.float64]:
        """Return how far each row's nearest venue is; infinity where none is known."""
        away = np.full(self.rows, np.inf)
        if len(self._owner):
            apart = np.linalg.norm(self._at - np.array(_on_globe(point)), axis=1)
            each = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, apart / 2))
            np.minimum.at(away, self._owner, each)
        return away

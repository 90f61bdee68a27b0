"""Filter, rank and facet all documents at once, in numpy arrays: what a large directory needs.

Document by document (`ranking.rank`) a query takes up to 100 ms at 10,000 entries, this way 2 ms:
`docs/decisions/0037-what-speed-buys.md`. A test holds it to the same answers.

The arrays are written when an index is built. For every value that a filter or a facet looks at
there is a mask: one boolean a document, true where the document has the value. Documents are spoken
of by their row.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, time, timedelta
from functools import reduce
from math import cos, radians, sin
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from api.search import ranking
from api.search.facets import FacetValue, facet_values
from api.search.filters import PlaceFilter
from api.search.port import GROUPS, Group, GroupCount, Order, Query
from catalogue.i18n.languages import languages_or_default
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.geo import EARTH_KM, Point
from catalogue.model.search_constants import LIMITS, RULES
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.search.documents import SearchDocument, session_slots, sessions_of
from catalogue.outputs.search.filters import SLOTS, slot_fits

ARRAYS = "columns.npz"
NAMES = "columns.msgpack"
DAY_SECONDS = 24 * 3600
WORD_BITS = 64  # masks lie in the file as bits, in whole words
MINUTE_BITS = 26  # of a sort key hold the time; the lowest hold the place in the order of slugs
FIRST_BITS = 18  # the highest hold the score or the distance
NEVER = np.int64(1) << 60  # seconds: later than any session
FAR_KM = (1 << FIRST_BITS) - 1  # more than any distance

Mask = NDArray[np.bool_]
SortKeys = NDArray[np.uint64]
Value = tuple[str, str]  # family (a facet, or what a filter looks at), value
ValuesOf = Callable[[SearchDocument], Iterable[Value]]


class _Names(msgspec.Struct, frozen=True):
    """What the masks stand for; the first `facets` of them are values of facets."""

    rows: int
    facets: int
    values: tuple[Value, ...]


def write(documents: Sequence[SearchDocument], gazetteer: Gazetteer, folder: Path) -> None:
    """Write the arrays of documents in this order."""
    facets = _rows_by_value(documents, lambda document: facet_values(document, gazetteer))
    filter_rows = _rows_by_value(documents, lambda document: _filter_values(document, gazetteer))
    names = _Names(len(documents), len(facets), (*facets, *filter_rows))
    points = [(row, point) for row, document in enumerate(documents) for point in document.points]
    np.savez(
        folder / ARRAYS,
        table=_as_bits([*facets.values(), *filter_rows.values()], len(documents)),
        slug_rank=_ranks([document.slug for document in documents]),
        sessions=_sessions(documents),
        step=np.array([RULES.ageing[document.freshness] for document in documents], np.int64),
        youngest=np.array([document.minimum_age or 0 for document in documents], np.int16),
        oldest=np.array([document.maximum_age or LIMITS.age for document in documents], np.int16),
        owner=np.array([row for row, _point in points], np.int64),
        at=np.array([_on_unit_sphere(point) for _row, point in points]).reshape(-1, 3),
    )
    (folder / NAMES).write_bytes(msgspec.msgpack.encode(names))


def _rows_by_value(
    documents: Sequence[SearchDocument], values_of: ValuesOf
) -> dict[Value, list[int]]:
    rows: dict[Value, list[int]] = {}
    for row, document in enumerate(documents):
        for value in values_of(document):
            rows.setdefault(value, []).append(row)
    return rows


def _as_bits(masks: Sequence[list[int]], count: int) -> NDArray[np.uint64]:
    """Return masks, each given by its rows, as the file holds them."""
    table = np.zeros((len(masks), -(-count // WORD_BITS) * WORD_BITS), np.bool_)
    for line, rows in enumerate(masks):
        table[line, rows] = True
    return np.packbits(table, axis=1, bitorder="little").view("<u8").astype(np.uint64)


def _as_masks(table: NDArray[np.uint64], count: int) -> Mask:
    """Return what `_as_bits` made as booleans, a line a mask."""
    octets = table.astype("<u8").view(np.uint8)
    return np.unpackbits(octets, axis=1, count=count, bitorder="little").view(np.bool_)


def _filter_values(document: SearchDocument, gazetteer: Gazetteer) -> Iterator[Value]:
    """Yield what filters look at in a document that is no facet."""
    values_by_family: dict[str, Iterable[str]] = {
        "at": document.places,
        "code": document.outward_codes,
        "serves": gazetteer.reach((), document.area_served),
        "serves any": () if document.area_served else ("yes",),
        "slot": document.slots or ("none",),
        "ask access": document.access_unknown,
        "speaks": {name.casefold() for name in languages_or_default(document.languages)},
        "freshness": (document.freshness,),
        "demonstration": ("yes",) if document.demonstration else (),
    }
    yield from ((family, value) for family, values in values_by_family.items() for value in values)


def _sessions(documents: Sequence[SearchDocument]) -> NDArray[np.int64]:
    """Return row, start and end (seconds since 1970) and slots as bits of each session."""
    rows = [
        (row, _seconds(starts), _seconds(ends or starts), _slot_bits(slots))
        for row, document in enumerate(documents)
        for starts, ends in sessions_of(document)
        for slots in [session_slots(document, (starts, ends))]
    ]
    return np.array(rows, np.int64).reshape(-1, 4).T


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def _slot_bits(slots: Iterable[str]) -> int:
    """Return a bit for each slot: four times the day (0: not known) and the part of the day."""
    return sum(1 << SLOTS.index(slot) for slot in set(slots))


def _ranks(keys: Sequence[str]) -> NDArray[np.int64]:
    """Return the place of each key among all, from 0."""
    ranks = np.zeros(len(keys), np.int64)
    ranks[sorted(range(len(keys)), key=keys.__getitem__)] = np.arange(len(keys))
    return ranks


def _on_unit_sphere(point: Point) -> tuple[float, float, float]:
    """Return a point on a globe of radius 1."""
    north, east = radians(point.latitude), radians(point.longitude)
    return cos(north) * cos(east), cos(north) * sin(east), sin(north)


class Columns:
    """Reads the arrays of an index. Nothing in it changes."""

    def __init__(self, folder: Path) -> None:
        names = msgspec.msgpack.decode((folder / NAMES).read_bytes(), type=_Names)
        with np.load(folder / ARRAYS, allow_pickle=False) as arrays:
            self._masks = _as_masks(arrays["table"], names.rows)
            self._sessions: NDArray[np.int64] = arrays["sessions"]
            self.slug_rank: NDArray[np.int64] = arrays["slug_rank"]
            self.step: NDArray[np.int64] = arrays["step"]
            self.youngest: NDArray[np.int16] = arrays["youngest"]
            self.oldest: NDArray[np.int16] = arrays["oldest"]
            self._owner: NDArray[np.int64] = arrays["owner"]
            self._at: NDArray[np.float64] = arrays["at"]
        self.rows = names.rows
        self._line = {value: line for line, value in enumerate(names.values)}
        self._facets = names.values[: names.facets]
        self._facets_by_row = np.ascontiguousarray(self._masks[: names.facets].T).view(np.uint8)
        self.nothing: Mask = np.zeros(self.rows, np.bool_)
        self.everything: Mask = np.ones(self.rows, np.bool_)

    def mask_of(self, rows: NDArray[np.int64]) -> Mask:
        """Return the mask that is true for these rows."""
        mask = np.zeros(self.rows, np.bool_)
        mask[rows] = True
        return mask

    def has(self, family: str, value: str) -> Mask:
        """Return which documents have a value."""
        line = self._line.get((family, value))
        return self.nothing if line is None else self._masks[line]

    def has_any(self, family: str, values: Iterable[str]) -> Mask:
        """Return which documents have any of the values."""
        return reduce(np.bitwise_or, (self.has(family, value) for value in values), self.nothing)

    @property
    def holds_both(self) -> bool:
        """Say whether some documents are real and some of the demonstration."""
        invented = self.has("demonstration", "yes")
        return bool(invented.any()) and not bool(invented.all())

    def of_world(self, invented: bool | None) -> Mask:
        """Return which documents are of the demonstration, or which are real; None: all."""
        if invented is None:
            return self.everything
        demonstration = self.has("demonstration", "yes")
        return demonstration if invented else ~demonstration

    def slots(self) -> tuple[str, ...]:
        """Return every slot of the week that some document has."""
        return tuple(value for family, value in self._line if family == "slot")

    def next_sessions(self, query: Query) -> NDArray[np.int64]:
        """Return when the next session of each document starts that fits a query, in seconds.

        Times of old facts count as later; NEVER where none is known.
        """
        starts_at = np.full(self.rows, NEVER)
        row, starts, _ends, slots = self._sessions
        if not len(row):
            return starts_at
        fits = self._are_left(query)
        if query.days or (query.times and not query.dates):
            wanted_slots = (slot for slot in SLOTS if slot_fits(slot, query.days, query.times))
            on = slots & _slot_bits(wanted_slots) != 0
            fits = fits & (on | self._on_dates(query, ("", *query.times)))
        elif query.dates:
            fits = fits & self._on_dates(query, ("", *query.times))
        first = np.flatnonzero(np.diff(row, prepend=-1))
        starts_at[row[first]] = np.minimum.reduceat(np.where(fits, starts, NEVER), first)
        return starts_at

    def held_on_dates(self, query: Query) -> tuple[Mask, Mask]:
        """Return which documents hold a session on the dates of a query at its times, and which
        hold one whose time is not known.
        """
        row, left = self._sessions[0], self._are_left(query)
        certain, unknown = np.zeros((2, self.rows), np.bool_)
        certain[row[left & self._on_dates(query, query.times)]] = True
        if query.times:
            unknown[row[left & self._on_dates(query, ("",))]] = True
        return certain, unknown

    def _are_left(self, query: Query) -> Mask:
        """Return which sessions are not over."""
        ends = self._sessions[2]
        return np.ones(len(ends), np.bool_) if query.now is None else ends >= query.now.timestamp()

    def _on_dates(self, query: Query, parts: Collection[str]) -> Mask:
        """Return which sessions are held on the dates of a query in some parts of the day.

        Without a time in the query any part will do; "" is one that is not known.
        """
        _row, starts, ends, slots = self._sessions
        on = np.zeros(len(starts), np.bool_)
        for day in query.dates:
            opens, closes = (
                int(datetime.combine(day + timedelta(days=n), time(), LOCAL).timestamp())
                for n in (0, 1)
            )
            begins = (opens <= starts) & (starts < closes)
            is_long = ends - starts >= DAY_SECONDS
            on |= begins | (is_long & (starts < closes) & (opens < ends))
        if not query.times:
            return on
        slot_bits = _slot_bits(slot for slot in SLOTS if slot.partition("/")[2] in parts)
        in_part: Mask = slots & slot_bits != 0
        if "" in parts:
            in_part |= slots == 0
        on &= in_part
        return on

    def facet_counts(self, hits: Mask) -> dict[FacetValue, int]:
        """Return how many hits have each value of a facet; values without a hit are left out."""
        counts = self._facets_by_row[hits].sum(axis=0, dtype=np.int64)
        return {self._facets[line]: int(counts[line]) for line in np.flatnonzero(counts)}

    def kilometres(self, point: Point) -> NDArray[np.float64]:
        """Return how far each document's nearest venue is; infinity where none is known."""
        distances = np.full(self.rows, np.inf)
        if len(self._owner):
            chords = np.linalg.norm(self._at - np.array(_on_unit_sphere(point)), axis=1)
            by_venue = 2 * EARTH_KM * np.arcsin(np.minimum(1.0, chords / 2))
            np.minimum.at(distances, self._owner, by_venue)
        return distances


class WordMatches(msgspec.Struct, frozen=True):
    """The documents that the words match, and how well each does (0 for others).

    `scores` is None where the query has no words.
    """

    mask: Mask
    scores: NDArray[np.int64] | None = None


class Matches(msgspec.Struct, frozen=True):
    """The documents that fit: certainly, or possibly, once a fact that is not known was asked."""

    certain: Mask
    possible: Mask


class GroupedMatches(msgspec.Struct, frozen=True):
    """The documents that fit, by group; distances where the query has a point.

    `inside` are those that happen in the very area of the query; `too_old` counts what was left
    out because nobody has checked it for a year.
    """

    groups: dict[Group, Matches]
    inside: Mask
    too_old: int = 0
    kilometres: NDArray[np.float64] | None = None


class RankedMatches(msgspec.Struct, frozen=True):
    """All hits of a query by group, and the keys that sort them."""

    groups: tuple[tuple[Group, Matches], ...]
    sort_keys: SortKeys
    too_old: int

    @property
    def total(self) -> int:
        """Return how many hits there are."""
        return sum(group.matching + group.may for group in self.counts)

    @property
    def counts(self) -> tuple[GroupCount, ...]:
        """Return how many hits each group has, those without left out."""
        counts = (
            (group, int(matches.certain.sum()), int(matches.possible.sum()))
            for group, matches in self.groups
        )
        return tuple(GroupCount(*count) for count in counts if count[1] or count[2])

    def page(self, query: Query) -> list[int]:
        """Return the rows of the query's page, in order; only what lies on it is sorted."""
        first, after = (query.page - 1) * query.per_page, query.page * query.per_page
        page: list[int] = []
        start = 0
        for _group, matches in self.groups:
            for mask in (matches.certain, matches.possible):
                rows = np.flatnonzero(mask)
                low, high = max(first - start, 0), min(after - start, len(rows))
                if low < high:
                    page += self._sorted(rows, high)[low:].tolist()
                start += len(rows)
        return page

    def _sorted(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return the first of the rows in order."""
        if count < len(rows):
            rows = rows[np.argpartition(self.sort_keys[rows], count - 1)[:count]]
        return rows[np.argsort(self.sort_keys[rows])]


def filter_and_rank(
    columns: Columns, word_matches: WordMatches, query: Query, near: PlaceFilter | None
) -> RankedMatches:
    """Return what fits a query among the documents that its words match, ready to be paged."""
    matches = _filter(columns, query, word_matches.mask)
    grouped = _group(columns, matches, near)
    groups = tuple(
        (group, shown_matches)
        for group in GROUPS
        if (shown_matches := _shown(columns, grouped, group)) is not None
    )
    order = ranking.sort_order(query, near)
    keys = _sort_keys(columns, query, word_matches, grouped, order)
    return RankedMatches(groups, keys, grouped.too_old)


def _filter(columns: Columns, query: Query, among: Mask) -> Matches:
    """Return which documents among some fit all but words and place."""
    fits = among
    if query.kind:
        fits = fits & columns.has("kinds", query.kind)
    if query.need:
        fits = fits & columns.has("needs", query.need)
    if query.ways:
        fits = fits & columns.has_any("ways", query.ways)
    if query.language:
        fits = fits & columns.has("speaks", query.language.casefold())
    if query.age is not None:
        fits = fits & (columns.youngest <= query.age) & (query.age <= columns.oldest)
    for promise in query.promises:
        fits = fits & columns.has("promises", promise)
    facts = _facts(columns, query)
    certain = reduce(np.bitwise_and, (yes for yes, _unknown in facts), fits)
    either = reduce(np.bitwise_and, (yes | unknown for yes, unknown in facts), fits)
    return Matches(certain, either & ~certain)


def _facts(columns: Columns, query: Query) -> list[tuple[Mask, Mask]]:
    """Return for each fact of the query which documents have it, and which do not say."""
    names = [name for name in ("free", "alone", "lift", "buddy") if getattr(query, name)]
    facts = [(columns.has(name, "yes"), columns.has(name, "unknown")) for name in names]
    facts += [
        (columns.has("access", slug), columns.has("ask access", slug)) for slug in query.access
    ]
    return [*facts, _when(columns, query)] if query.asks_when else facts


def _when(columns: Columns, query: Query) -> tuple[Mask, Mask]:
    """Return which documents can be on when the query asks, and which do not say."""
    if not query.dates:
        return _on_days(columns, query)
    certain, unknown = columns.held_on_dates(query)
    may_be = [slot for slot in columns.slots() if slot.startswith("/")]
    fitting = ["none", *(slot for slot in may_be if slot_fits(slot, (), query.times))]
    unknown = unknown | columns.has_any("slot", fitting)
    if query.days:
        on_days = _on_days(columns, query)
        certain, unknown = certain | on_days[0], unknown | on_days[1]
    return certain, unknown


def _on_days(columns: Columns, query: Query) -> tuple[Mask, Mask]:
    """Return which documents can be on at the query's days and times, and which do not say."""
    certain, unknown = [], ["none"]
    for slot in columns.slots():
        day, _slash, part = slot.partition("/")
        day_fits = not query.days or day in query.days
        part_fits = not query.times or part in query.times
        if slot != "none" and day_fits and part_fits:
            certain.append(slot)
        elif slot != "none" and slot_fits(slot, query.days, query.times):
            unknown.append(slot)
    return columns.has_any("slot", certain), columns.has_any("slot", unknown)


def _group(columns: Columns, matches: Matches, near: PlaceFilter | None) -> GroupedMatches:
    """Return the documents that fit in the groups of a place; without one all are in one."""
    if near is None:
        return GroupedMatches({"all": matches}, columns.nothing)
    place, has = near.place, columns.has
    old = has("freshness", "old")
    distances = columns.kilometres(place.point) if place.point else None
    is_inside = columns.has_any("at", place.areas)
    if place.outward_code:
        is_inside = is_inside | has("code", place.outward_code)
    is_near = is_inside if distances is None else is_inside | (distances <= near.within_km)
    has_distance = columns.nothing if distances is None else np.isfinite(distances)
    in_person, covers = has("ways", "in person"), columns.has_any("serves", place.areas)
    anywhere = has("serves any", "yes")
    remote = columns.has_any("ways", ("online", "by phone"))
    tests: dict[Group, Mask] = {
        "near": in_person & is_near,
        "serves": in_person & covers,
        "comes": has("ways", "comes to you") & (covers | anywhere),
        "remote": remote & (covers | anywhere),
        "further": in_person & has_distance,
    }
    groups: dict[Group, Matches] = {}
    remaining = ~old
    for group, belongs in tests.items():
        belongs_here = remaining & belongs
        remaining = remaining & ~belongs
        groups[group] = Matches(matches.certain & belongs_here, matches.possible & belongs_here)
    comes = groups["comes"]
    groups["comes"] = Matches(
        comes.certain & ~anywhere, comes.possible | (comes.certain & anywhere)
    )
    too_old = int(((matches.certain | matches.possible) & old).sum())
    return GroupedMatches(groups, is_inside, too_old, distances)


def _shown(columns: Columns, grouped: GroupedMatches, group: Group) -> Matches | None:
    """Return what is shown of a group: of the further ones a few, and only where none is near."""
    matches = grouped.groups.get(group)
    if group != "further" or matches is None:
        return matches
    near = grouped.groups["near"]
    if near.certain.any() or near.possible.any() or grouped.kilometres is None:
        return None
    rows = np.flatnonzero(matches.certain | matches.possible)
    by_distance = np.lexsort((columns.slug_rank[rows], grouped.kilometres[rows]))
    nearest = columns.mask_of(rows[by_distance][: RULES.further])
    return Matches(matches.certain & nearest, matches.possible & nearest)


def _sort_keys(
    columns: Columns,
    query: Query,
    word_matches: WordMatches,
    grouped: GroupedMatches,
    order: Order,
) -> SortKeys:
    """Return what sorts rows within a group: relevance or distance, then time, then the slug."""
    first = np.zeros(columns.rows, np.int64)
    if order == "best" and word_matches.scores is not None:
        first = FAR_KM - np.minimum(word_matches.scores, FAR_KM)
    elif order == "nearest" and grouped.kilometres is not None:
        distances = np.minimum(np.rint(grouped.kilometres), FAR_KM)
        distances[grouped.inside] = 0
        steps = np.where(distances < FAR_KM, RULES.ageing_km * columns.step, 0)
        first = np.minimum(distances + steps, FAR_KM).astype(np.int64)
    starts_at = columns.next_sessions(query) + ranking.AGEING_SECONDS * columns.step
    is_dated = starts_at < NEVER
    earliest = starts_at[is_dated].min(initial=NEVER)
    never = (1 << MINUTE_BITS) - 1
    minutes = np.where(is_dated, np.minimum((starts_at - earliest) // 60, never - 1), never)
    slug_bits = int(columns.rows).bit_length()
    keys = ((first << MINUTE_BITS | minutes) << slug_bits) | columns.slug_rank
    return keys.astype(np.uint64)


def count_facets(
    columns: Columns, ranked: RankedMatches
) -> tuple[dict[FacetValue, int], dict[FacetValue, int]]:
    """Return the values of facets counted over all certain hits, and over all possible ones."""
    certain, possible = columns.nothing, columns.nothing
    for _group_name, matches in ranked.groups:
        certain = certain | matches.certain
        possible = possible | matches.possible
    return columns.facet_counts(certain), columns.facet_counts(possible)

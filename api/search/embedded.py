"""The engine inside the process: tantivy finds and ranks, our planner forgives.

Reads a folder that `building.py` wrote and keeps it mapped, so it goes on answering when the folder
is replaced. It holds nothing that changes: any number of threads may search at once.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import tantivy
from tantivy import Query as Clause

from api.search import phrases
from api.search.building import ABOUT, INDEX, About
from api.search.clauses import ROW, Clauses
from api.search.phrases import Phrases
from api.search.planner import Group, Plan, Planner
from api.search.port import Answer, EngineDown, Facet, Query
from api.search.rows import Rows
from api.search.vocabulary import Vocabulary
from api.search.words import Stems
from catalogue.gazetteer import Gazetteer, Place
from catalogue.outputs.search import DAYS
from catalogue.taxonomy import Taxonomy

ENOUGH = 10  # hits; with fewer, the net is cast wider
FACETS = {"kinds": "kind", "days": "day", "places": "place", "free": "free"}
COUNTS = {name: {"terms": {"field": field, "size": 1_000}} for name, field in FACETS.items()}
FREE_LABELS = {"yes": "Free", "no": "Costs something", "unknown": "Cost not known, ask"}


class Found(msgspec.Struct, frozen=True):
    """What one attempt came to: its clause, how many hits, and the rows of the page asked for."""

    clause: Clause
    plan: Plan
    left_out: tuple[str, ...]
    total: int
    rows: tuple[int, ...]


class EmbeddedEngine:
    """Answers from a folder on disk; see `open`."""

    name = "embedded"

    def __init__(self, index: tantivy.Index, rows: Rows, about: About) -> None:
        stem = Stems()
        self._gazetteer = Gazetteer(about.taxonomy.areas, about.venue_codes)
        spoken = phrases.of_taxonomy(about.taxonomy, self._gazetteer)
        named = {word for phrase in spoken for word in phrase.words}
        self._searcher = index.searcher()
        self._rows = rows
        self._clauses = Clauses(index.schema, stem)
        self._planner = Planner(Vocabulary(about.frequency, named, stem), Phrases(spoken, stem))
        self._labels = _labels(about.taxonomy)

    @classmethod
    def open(cls, folder: Path) -> "EmbeddedEngine":
        """Open an index. Raises EngineDown where the folder holds none that can be read."""
        try:
            about = msgspec.msgpack.decode((folder / ABOUT).read_bytes(), type=About)
            return cls(tantivy.Index.open(str(folder / INDEX)), Rows(folder), about)
        except (OSError, ValueError) as error:
            raise EngineDown(f"no search index can be read in {folder.name}") from error

    def search(self, query: Query) -> Answer:
        """Return one page of the answer."""
        place = self._gazetteer.find(query.place) if query.place else None
        found = self._find(query, place)
        return Answer(
            total=found.total,
            page=query.page,
            per_page=query.per_page,
            engine=self.name,
            hits=tuple(self._rows[row] for row in found.rows),
            facets=self._facets(found.clause),
            place=place.name if place else "",
            place_known=place is not None or not query.place.strip(),
            also_looked_for=found.plan.instead,
            left_out=found.left_out,
        )

    def _find(self, query: Query, place: Place | None) -> Found:
        """Return the first attempt with enough hits, or the widest."""
        best: Found | None = None
        for clause, plan, left_out in self._attempts(query.q):
            shut = self._clauses.filtered(clause, query, place)
            found = self._try(shut, plan, left_out, query)
            if best is None or found.total > best.total:
                best = found
            if best.total >= ENOUGH:
                break
        assert best is not None  # noqa: S101 - there is always a first attempt
        return best

    def _attempts(self, q: str) -> Iterator[tuple[Clause, Plan, tuple[str, ...]]]:
        """Yield wider and wider readings of the words; every one holds all hits of those before.

        Words that reach nothing are given up first; then the commonest of those that name no kind
        or need. A misspelt word has been corrected by then and counts like the right one.
        """
        if not q.strip():
            yield self._clauses.everything(), Plan(), ()
            return
        plan = self._planner.plan(q)
        strict = self._clauses.fitting(plan, plan.needed)
        yield strict, plan, plan.unknown
        wider = self._planner.plan(q, wider=True)
        needed = list(dict.fromkeys(wider.needed))
        left_out = wider.unknown
        if wider.groups != plan.groups:
            yield self._relaxed(strict, wider, needed), wider, left_out
        for kept, given_up in self._letting_go(needed):
            left_out = wider.unknown + given_up
            yield self._relaxed(strict, wider, kept), wider, left_out
        if len(needed) > 1:
            yield self._relaxed(strict, wider, []), wider, left_out

    def _letting_go(self, needed: list[Group]) -> Iterator[tuple[list[Group], tuple[str, ...]]]:
        """Yield fewer and fewer groups down to one, each time with all words given up so far."""
        reach = {group: self._reach(group) for group in needed} if len(needed) > 1 else {}
        kept = sorted(reach, key=lambda group: (not group.concepts, reach[group]))
        kept.sort(key=lambda group: reach[group] == 0)  # what reaches nothing goes first
        given_up: tuple[str, ...] = ()
        while len(kept) > 1:
            given_up += kept.pop().said
            yield kept, given_up

    def _relaxed(self, strict: Clause, plan: Plan, needed: list[Group]) -> Clause:
        return self._clauses.wider(strict, self._clauses.fitting(plan, needed))

    def _reach(self, group: Group) -> int:
        """Return how many entries a group alone fits."""
        return _count(self._searcher.search(self._clauses.group(group), 1, count=True))

    def _try(self, clause: Clause, plan: Plan, left_out: tuple[str, ...], query: Query) -> Found:
        """Count the hits and read the page. All hits are scored, so that pages cannot disagree."""
        start = (query.page - 1) * query.per_page
        past_the_end = start >= len(self._rows)
        limit, offset = (1, 0) if past_the_end else (query.per_page, start)
        result = self._searcher.search(clause, limit, count=True, offset=offset)
        addresses = [] if past_the_end else [address for _, address in result.hits]
        rows = self._searcher.fast_field_values(ROW, addresses) if addresses else []
        return Found(clause, plan, left_out, _count(result), tuple(int(row or 0) for row in rows))

    def _facets(self, clause: Clause) -> dict[str, tuple[Facet, ...]]:
        counted = self._searcher.aggregate(clause, COUNTS)
        return {
            name: self._in_order(name, {one["key"]: one["doc_count"] for one in found["buckets"]})
            for name, found in ((name, counted[name]) for name in FACETS)
        }

    def _in_order(self, name: str, counts: dict[str, int]) -> tuple[Facet, ...]:
        """Return the days as a week runs, the other values with the most hits first."""
        order = DAYS if name == "days" else sorted(counts, key=lambda one: (-counts[one], one))
        labels = self._labels.get(name, {})
        return tuple(
            Facet(value, labels.get(value, value), counts[value])
            for value in order
            if value in counts
        )


def _count(result: tantivy.SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # missing from tantivy's stubs


def _labels(taxonomy: Taxonomy) -> dict[str, dict[str, str]]:
    return {
        "kinds": {kind.slug: kind.plural for kind in taxonomy.kinds},
        "days": {day: day.capitalize() for day in DAYS},
        "free": FREE_LABELS,
    }

"""The engine inside the process: tantivy finds and ranks, our planner forgives.

Reads a folder that `building.py` wrote and keeps it mapped, so it goes on answering when the folder
is replaced. It holds nothing that changes: any number of threads may search at once.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
import tantivy
from tantivy import Query as Clause

from api.search import query_rules, ranking
from api.search.port import Answer, EngineDown, Hit, Query
from api.search.query_rules import Where
from api.search.tantivy import bitset_ranking, bitsets
from api.search.tantivy.bitset_ranking import Chosen, Scored
from api.search.tantivy.columns import Columns
from api.search.tantivy.index import ABOUT, INDEX, About
from api.search.tantivy.queries import Clauses
from api.search.tantivy.stored_documents import Rows
from api.search.text import synonyms
from api.search.text.query_plan import Group, Plan, Planner
from api.search.text.synonyms import Phrases
from api.search.text.tokenise import Stems, words_of
from api.search.text.vocabulary import Vocabulary
from catalogue.model.gazetteer import Gazetteer, Postcodes

ENOUGH = 10  # hits; with fewer, the net is cast wider


class Found(msgspec.Struct, frozen=True):
    """What one attempt came to."""

    chosen: Chosen
    total: int
    plan: Plan
    left_out: tuple[str, ...]


class EmbeddedEngine:
    """Answers from a folder on disk; see `open`."""

    name = "embedded"

    def __init__(
        self,
        index: tantivy.Index,
        rows: Rows,
        columns: Columns,
        about: About,
        postcodes: Postcodes | None = None,
    ) -> None:
        stem = Stems()
        self._gazetteer = Gazetteer(
            about.taxonomy.areas, about.venue_codes, about.middles, postcodes
        )
        spoken = synonyms.of_taxonomy(about.taxonomy, self._gazetteer)
        named = {word for phrase in spoken for word in phrase.words}
        self._searcher = index.searcher()
        self._rows = rows
        self._columns = columns
        self._clauses = Clauses(index.schema, stem)
        self._planner = Planner(Vocabulary(about.frequency, named, stem), Phrases(spoken, stem))
        self._terms = about.taxonomy

    @classmethod
    def open(cls, folder: Path, postcodes: Postcodes | None = None) -> "EmbeddedEngine":
        """Open an index. Raises EngineDown where the folder holds none that can be read."""
        try:
            about = msgspec.msgpack.decode((folder / ABOUT).read_bytes(), type=About)
            index = tantivy.Index.open(str(folder / INDEX))
            return cls(index, Rows(folder), Columns(folder), about, postcodes)
        except (OSError, ValueError) as error:
            raise EngineDown(f"no search index can be read in {folder.name}") from error

    def search(self, query: Query) -> Answer:
        """Return one page of the answer."""
        where = query_rules.where(query, self._gazetteer)
        found = self._find(query, where)
        sure, may = bitset_ranking.facet_counts(self._columns, found.chosen)
        return Answer(
            total=found.total,
            page=query.page,
            per_page=query.per_page,
            engine=self.name,
            hits=tuple(self._hits(found.chosen, query, where)),
            groups=found.chosen.counts,
            facets=ranking.in_order(sure, may, self._label),
            place=where.place.name if where else "",
            place_known=where is not None or not (query.place.strip() or query.near),
            place_about=bool(where and where.place.point and where.place.point.about),
            within_km=where.within_km if where else 0,
            too_old=found.chosen.too_old,
            also_looked_for=found.plan.instead,
            left_out=found.left_out,
        )

    @cached_property
    def _label(self) -> ranking.Label:
        """What facets are called, in the language that is spoken by the first question."""
        return ranking.labels(self._terms)

    def _hits(self, chosen: Chosen, query: Query, where: Where | None) -> Iterator[Hit]:
        """Yield the hits of the page asked for; only their documents are read."""
        for row in chosen.page(query):
            document = self._rows[row]
            fit = query_rules.fit(document, query, where, self._gazetteer)
            if fit is not None:
                yield ranking.hit(document, fit)

    def _find(self, query: Query, where: Where | None) -> Found:
        """Return the first attempt with enough hits, or the widest."""
        best: Found | None = None
        for clause, plan, left_out in self._attempts(query.q):
            chosen = bitset_ranking.choose(self._columns, self._scored(clause), query, where)
            total = sum(group.matching + group.may for group in chosen.counts)
            if best is None or total > best.total:
                best = Found(chosen, total, plan, left_out)
            if best.total >= ENOUGH:
                break
        assert best is not None  # noqa: S101 - there is always a first attempt
        return best

    def _scored(self, clause: Clause | None) -> Scored:
        """Return the rows that fit a clause, with how well they do; without one it is all."""
        if clause is None:
            return Scored(self._columns.everything)
        hits = self._searcher.search(clause, max(1, len(self._rows))).hits  # made anew when read
        found = np.array([address.doc for _score, address in hits], np.int64)
        scores = np.zeros(len(self._rows), np.float32)
        scores[found] = [score for score, _address in hits]
        return Scored(bitsets.of_rows(found, len(self._rows)), scores)

    def _attempts(self, q: str) -> Iterator[tuple[Clause | None, Plan, tuple[str, ...]]]:
        """Yield wider and wider readings of the words; every one holds all hits of those before.

        Words that reach nothing are given up first; then the commonest of those that name no kind
        or need. A misspelt word has been corrected by then and counts like the right one.
        """
        if not words_of(q):  # nothing, or "?"
            yield None, Plan(), ()
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


def _count(result: tantivy.SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # missing from tantivy's stubs

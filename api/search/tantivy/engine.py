"""The engine in the process: tantivy matches and scores words, the query plan forgives spelling.

Reads a folder that `index.py` wrote and keeps it mapped, so it goes on answering when the folder is
replaced. It holds nothing that changes: any number of threads may search at once.
"""

from collections.abc import Iterator
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np
import tantivy
from tantivy import Query as Clause

from api.search import facets, filters, ranking
from api.search.filters import PlaceFilter
from api.search.port import Answer, EngineDown, Hit, Query
from api.search.tantivy import columns
from api.search.tantivy.columns import Columns, RankedMatches, WordMatches
from api.search.tantivy.index import ABOUT, INDEX, IndexMetadata
from api.search.tantivy.queries import ClauseBuilder
from api.search.tantivy.stored_documents import StoredDocuments
from api.search.text import synonyms
from api.search.text.query_plan import Plan, Planner, WordGroup
from api.search.text.synonyms import PhraseIndex
from api.search.text.tokenise import Stemmer, tokenise
from api.search.text.vocabulary import Vocabulary
from catalogue.model.gazetteer import Gazetteer, Postcodes
from catalogue.model.search_constants import RULES


class Attempt(msgspec.Struct, frozen=True):
    """What one reading of the words led to."""

    ranked: RankedMatches
    total: int
    plan: Plan
    left_out: tuple[str, ...]


class EmbeddedEngine:
    """Answers from a folder on disk; see `open`."""

    name = "embedded"

    def __init__(
        self,
        index: tantivy.Index,
        rows: StoredDocuments,
        columns: Columns,
        about: IndexMetadata,
        postcodes: Postcodes | None = None,
    ) -> None:
        stem = Stemmer()
        self._gazetteer = Gazetteer(
            about.taxonomy.areas, about.venue_codes, about.middles, postcodes
        )
        spoken = synonyms.phrases_of(about.taxonomy, self._gazetteer)
        named = {word for phrase in spoken for word in phrase.words}
        self._searcher = index.searcher()
        self._rows = rows
        self._columns = columns
        self._clauses = ClauseBuilder(index.schema, stem)
        self._planner = Planner(Vocabulary(about.frequency, named, stem), PhraseIndex(spoken, stem))
        self._taxonomy = about.taxonomy

    @classmethod
    def open(cls, folder: Path, postcodes: Postcodes | None = None) -> "EmbeddedEngine":
        """Open an index. Raises EngineDown where the folder holds none that can be read."""
        try:
            about = msgspec.msgpack.decode((folder / ABOUT).read_bytes(), type=IndexMetadata)
            index = tantivy.Index.open(str(folder / INDEX))
            return cls(index, StoredDocuments(folder), Columns(folder), about, postcodes)
        except (OSError, ValueError) as error:
            raise EngineDown(f"no search index can be read in {folder.name}") from error

    def search(self, query: Query) -> Answer:
        """Return one page of the answer."""
        near = filters.place_filter(query, self._gazetteer)
        best = self._best_attempt(query, near)
        certain, possible = columns.count_facets(self._columns, best.ranked)
        return Answer(
            total=best.total,
            page=query.page,
            per_page=query.per_page,
            engine=self.name,
            hits=tuple(self._hits(best.ranked, query, near)),
            groups=best.ranked.counts,
            facets=facets.sorted_facets(certain, possible, self._label_of),
            place=near.place.name if near else "",
            place_known=near is not None or not (query.place.strip() or query.near),
            place_about=bool(near and near.place.point and near.place.point.about),
            within_km=near.within_km if near else 0,
            too_old=best.ranked.too_old,
            also_looked_for=best.plan.also_looked_for,
            left_out=best.left_out,
        )

    @cached_property
    def _label_of(self) -> facets.LabelOf:
        """Labels of facets, in the language that is active at the first query."""
        return facets.facet_labels(self._taxonomy)

    def _hits(self, ranked: RankedMatches, query: Query, near: PlaceFilter | None) -> Iterator[Hit]:
        """Yield the hits of the query's page; only their documents are read."""
        for row in ranked.page(query):
            document = self._rows[row]
            match = filters.match(document, query, near, self._gazetteer)
            if match is not None:
                yield ranking.make_hit(document, match)

    def _best_attempt(self, query: Query, near: PlaceFilter | None) -> Attempt:
        """Return the first attempt with enough hits, or the widest."""
        best: Attempt | None = None
        for clause, plan, left_out in self._attempts(query.q):
            word_matches = self._match_words(clause)
            ranked = columns.filter_and_rank(self._columns, word_matches, query, near)
            total = sum(group.matching + group.may for group in ranked.counts)
            if best is None or total > best.total:
                best = Attempt(ranked, total, plan, left_out)
            if best.total >= RULES.enough:
                break
        assert best is not None  # noqa: S101 - there is always a first attempt
        return best

    def _match_words(self, clause: Clause | None) -> WordMatches:
        """Return the documents that fit a clause, with their scores; without a clause it is all."""
        if clause is None:
            return WordMatches(self._columns.everything)
        hits = self._searcher.search(clause, max(1, len(self._rows))).hits  # made anew when read
        rows = np.array([address.doc for _score, address in hits], np.int64)
        scores = np.zeros(len(self._rows), np.float32)
        scores[rows] = [score for score, _address in hits]
        return WordMatches(self._columns.mask_of(rows), scores)

    def _attempts(self, q: str) -> Iterator[tuple[Clause | None, Plan, tuple[str, ...]]]:
        """Yield wider and wider readings of the words; every one holds all hits of those before.

        Words that reach nothing are given up first; then the commonest of those that name no kind
        or need. A misspelt word has been corrected by then and counts like the right one.
        """
        if not tokenise(q):  # nothing, or "?"
            yield None, Plan(), ()
            return
        plan = self._planner.plan(q)
        strict = self._clauses.match_plan(plan, plan.needed)
        yield strict, plan, plan.unknown_words
        wider = self._planner.plan(q, wider=True)
        needed = list(dict.fromkeys(wider.needed))
        left_out = wider.unknown_words
        if wider.groups != plan.groups:
            yield self._relaxed(strict, wider, needed), wider, left_out
        for remaining, dropped in self._with_fewer_words(needed):
            left_out = wider.unknown_words + dropped
            yield self._relaxed(strict, wider, remaining), wider, left_out
        if len(needed) > 1:
            yield self._relaxed(strict, wider, []), wider, left_out

    def _with_fewer_words(
        self, needed: list[WordGroup]
    ) -> Iterator[tuple[list[WordGroup], tuple[str, ...]]]:
        """Yield fewer and fewer groups down to one, each time with all words given up so far."""
        reach = {group: self._count_hits(group) for group in needed} if len(needed) > 1 else {}
        remaining = sorted(reach, key=lambda group: (not group.concepts, reach[group]))
        remaining.sort(key=lambda group: reach[group] == 0)  # what reaches nothing goes first
        dropped: tuple[str, ...] = ()
        while len(remaining) > 1:
            dropped += remaining.pop().content_words
            yield remaining, dropped

    def _relaxed(self, strict: Clause, plan: Plan, needed: list[WordGroup]) -> Clause:
        return self._clauses.match_either(strict, self._clauses.match_plan(plan, needed))

    def _count_hits(self, group: WordGroup) -> int:
        """Return how many documents a group alone matches."""
        return _count(self._searcher.search(self._clauses.match_group(group), 1, count=True))


def _count(result: tantivy.SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # missing from tantivy's stubs

"""The plain way that every engine is held to: each document by the rules, one after another."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import tantivy

from api.search import facets, filters, ranking
from api.search.port import Answer, Query
from api.search.ranking import RankedDocuments, ScoredDocument
from api.search.tantivy.engine import EmbeddedEngine
from api.search.tantivy.index import middles
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.search_constants import RULES
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument


def gazetteer_of(documents: Sequence[SearchDocument], taxonomy: Taxonomy) -> Gazetteer:
    """Return the places that a directory of these documents knows."""
    codes = frozenset(code for one in documents for code in one.outward_codes)
    return Gazetteer(taxonomy.areas, codes, {**middles(documents), **taxonomy.middles})


def ranked(
    documents: Sequence[SearchDocument], taxonomy: Taxonomy, query: Query
) -> RankedDocuments:
    """Return all hits of a query without words, in order."""
    assert not query.q.strip()
    gazetteer = gazetteer_of(documents, taxonomy)
    near = filters.place_filter(query, gazetteer)
    return ranking.rank(((one, 0.0) for one in documents), query, near, gazetteer)


class PlainEngine(EmbeddedEngine):
    """The engine in the process with documents filtered, ranked and counted one after another."""

    def search(self, query: Query) -> Answer:
        """Return one page; nothing is said of the place and the words."""
        near = filters.place_filter(query, self._gazetteer)
        best = RankedDocuments((), (), 0)
        for clause, _plan, _left_out in self._attempts(query.q):
            attempt = ranking.rank(self._scored(clause), query, near, self._gazetteer)
            best = max(best, attempt, key=lambda one: len(one.hits))
            if len(best.hits) >= RULES.enough:
                break
        return Answer(
            total=len(best.hits),
            page=query.page,
            per_page=query.per_page,
            engine="plain",
            hits=best.page(query),
            groups=best.groups,
            facets=facets.count_facets(best.hits, self._gazetteer, self._taxonomy),
        )

    @cached_property
    def _documents(self) -> list[SearchDocument]:
        return [self._rows[row] for row in range(len(self._rows))]

    def _scored(self, clause: tantivy.Query | None) -> Iterable[ScoredDocument]:
        if clause is None:
            return [(document, 0.0) for document in self._documents]
        hits = self._searcher.search(clause, max(1, len(self._documents))).hits
        return [(self._documents[address.doc], score) for score, address in hits]

"""The slow engine that every other is held to: each document by the rules, one after another."""

from collections.abc import Sequence

from api.search import filters, ranking
from api.search.port import Query
from api.search.ranking import RankedDocuments
from api.search.tantivy.index import middles
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument


def gazetteer_of(documents: Sequence[SearchDocument], terms: Taxonomy) -> Gazetteer:
    """Return the places that a directory of these documents knows."""
    codes = frozenset(code for one in documents for code in one.outward_codes)
    return Gazetteer(terms.areas, codes, {**middles(documents), **terms.middles})


def selection(
    documents: Sequence[SearchDocument], terms: Taxonomy, query: Query
) -> RankedDocuments:
    """Return all hits of a question without words, in order."""
    assert not query.q.strip()
    known = gazetteer_of(documents, terms)
    near = filters.place_filter(query, known)
    return ranking.rank(((one, 0.0) for one in documents), query, near, known)

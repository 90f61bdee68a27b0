"""The slow engine that every other is held to: each document by the rules, one after another."""

from collections.abc import Sequence

from api.search import query_rules, ranking
from api.search.port import Query
from api.search.ranking import Selection
from api.search.tantivy.index import middles
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument


def gazetteer_of(documents: Sequence[SearchDocument], terms: Taxonomy) -> Gazetteer:
    """Return the places that a directory of these documents knows."""
    codes = frozenset(code for one in documents for code in one.outward_codes)
    return Gazetteer(terms.areas, codes, {**middles(documents), **terms.middles})


def selection(documents: Sequence[SearchDocument], terms: Taxonomy, query: Query) -> Selection:
    """Return all hits of a question without words, in order."""
    assert not query.q.strip()
    known = gazetteer_of(documents, terms)
    where = query_rules.where(query, known)
    return ranking.select(((one, 0.0) for one in documents), query, where, known)

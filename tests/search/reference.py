"""The slow engine that every other is held to: each document by the rules, one after another."""

from collections.abc import Sequence

from api.search import rules, selecting
from api.search.building import middles
from api.search.port import Query
from api.search.selecting import Selection
from catalogue.gazetteer import Gazetteer
from catalogue.outputs.search import SearchDocument
from catalogue.taxonomy import Taxonomy


def gazetteer_of(documents: Sequence[SearchDocument], terms: Taxonomy) -> Gazetteer:
    """Return the places that a directory of these documents knows."""
    codes = frozenset(code for one in documents for code in one.outward_codes)
    return Gazetteer(terms.areas, codes, {**middles(documents), **terms.middles})


def selection(documents: Sequence[SearchDocument], terms: Taxonomy, query: Query) -> Selection:
    """Return all hits of a question without words, in order."""
    assert not query.q.strip()
    known = gazetteer_of(documents, terms)
    where = rules.where(query, known)
    return selecting.select(((one, 0.0) for one in documents), query, where, known)

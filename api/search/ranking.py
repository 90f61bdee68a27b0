"""Rank: in which order the documents that fit are shown, group by group.

`rank` is the plain way, one document after another: right, and slow for thousands of documents.
What an engine does faster must come to the same order.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from math import inf

import msgspec

from api.search import filters
from api.search.filters import Match, PlaceFilter
from api.search.port import GROUPS, Group, GroupCount, Hit, Order, Query
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.search_constants import RULES
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.search.documents import SearchDocument, as_of

AGEING_SECONDS = RULES.ageing_days * 24 * 3600

ScoredDocument = tuple[SearchDocument, float]
MatchedDocument = tuple[SearchDocument, Match]
SortKey = tuple[bool, float, float, float, str]
Keyed = tuple[SortKey, MatchedDocument]


class RankedDocuments(msgspec.Struct, frozen=True):
    """All documents that fit a query in their order, with the counts of their groups."""

    hits: tuple[MatchedDocument, ...]
    groups: tuple[GroupCount, ...]
    too_old: int

    def page(self, query: Query) -> tuple[Hit, ...]:
        """Return the hits of the query's page."""
        start = (query.page - 1) * query.per_page
        return tuple(
            make_hit(document, match, query)
            for document, match in self.hits[start : start + query.per_page]
        )


def make_hit(document: SearchDocument, match: Match, query: Query) -> Hit:
    """Return a document that fits as a hit of the search port: as of now, on the days asked for."""
    return Hit(
        document=as_queried(document, query),
        group=match.group,
        ask=match.ask,
        distance_km=match.distance_km,
        about=match.about,
    )


def as_queried(document: SearchDocument, query: Query) -> SearchDocument:
    """Return a document whose next session is the next one that fits the query."""
    return as_of(document, query.now, query.days, query.times, query.dates)


def local(now: datetime) -> datetime:
    """Return a moment in local time."""
    return now.astimezone(LOCAL)


def sort_order(query: Query, near: PlaceFilter | None) -> Order:
    """Return the order of a query; by itself: words by relevance, places by distance, else time.

    What cannot be done (best match without words, nearest without a point) falls to the next.
    """
    order = query.order or "best"
    if order == "best" and query.q.strip():
        return "best"
    if order in ("best", "nearest") and near and near.place.point:
        return "nearest"
    return "soonest"


def rank(
    scored: Iterable[ScoredDocument], query: Query, near: PlaceFilter | None, gazetteer: Gazetteer
) -> RankedDocuments:
    """Return what fits, grouped and in order. A score counts where the order is "best"."""
    order = sort_order(query, near)
    scored = ((as_queried(document, query), score) for document, score in scored)
    keyed: dict[Group, list[Keyed]] = {group: [] for group in GROUPS}
    too_old = 0
    for document, score in scored:
        match = filters.match(document, query, near, gazetteer)
        if match is None:
            too_old += filters.is_too_old(document, query, near)
            continue
        keyed[match.group].append((sort_key(document, match, order, score), (document, match)))
    keyed["further"] = [] if keyed["near"] else _nearest(keyed["further"])
    hits = tuple(
        matched
        for group in GROUPS
        for _key, matched in sorted(keyed[group], key=lambda item: item[0])
    )
    return RankedDocuments(hits, tuple(_group_counts(hits)), too_old)


def _nearest(keyed: list[Keyed]) -> list[Keyed]:
    """Return the few nearest of those that lie further off, whatever their order will be."""

    def distance(keyed: Keyed) -> tuple[float, str]:
        document, match = keyed[1]
        return match.distance_km or 0.0, document.slug

    return sorted(keyed, key=distance)[: RULES.further]


def _group_counts(hits: tuple[MatchedDocument, ...]) -> Iterator[GroupCount]:
    counts = Counter((match.group, bool(match.ask)) for _document, match in hits)
    for group in GROUPS:
        matching, may = counts[group, False], counts[group, True]
        if matching or may:
            yield GroupCount(group, matching, may)


def sort_key(document: SearchDocument, match: Match, order: Order, score: float = 0.0) -> SortKey:
    """Return what sorts hits of one group: certain ones first, then by the order, the slug last.

    Distances sort by whole kilometres, so that of two next to each other the sooner comes first;
    what happens in the area of the query is at no distance.
    """
    ageing = RULES.ageing[document.freshness]
    relevance = -score if order == "best" else 0.0
    distance = 0.0
    if order == "nearest" and not match.inside:
        km = match.distance_km
        distance = inf if km is None else float(round(km) + RULES.ageing_km * ageing)
    elif order == "nearest":
        distance = float(RULES.ageing_km * ageing)
    starts = starts_at(document) + AGEING_SECONDS * ageing
    return (bool(match.ask), relevance, distance, starts, document.slug)


def starts_at(document: SearchDocument) -> float:
    """Return when its next session starts, in seconds since 1970; infinity where none is known."""
    if document.next_session is None:
        return inf
    return datetime.fromisoformat(document.next_session).timestamp()

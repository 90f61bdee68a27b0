"""From documents that words found to a page of hits, by the rules, one document after another.

The plain way: right, and slow for thousands of documents. What an engine does faster must come to
the same.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

import msgspec

from api.search import query_rules
from api.search.port import GROUPS, Facet, Group, GroupCount, Hit, Query
from api.search.query_rules import Fit, Where
from catalogue.i18n.gettext import _, gettext_noop, weekday
from catalogue.i18n.languages import languages_or_default
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.filters import DAYS, PARTS

FREE_LABELS = {
    "yes": gettext_noop("Free"),
    "no": gettext_noop("Costs something"),
    "unknown": gettext_noop("Cost not known, ask"),
}
PART_LABELS = {
    "morning": gettext_noop("Morning"),
    "afternoon": gettext_noop("Afternoon"),
    "evening": gettext_noop("Evening"),
}

Scored = tuple[SearchDocument, float]
Found = tuple[SearchDocument, Fit]
Label = Callable[[str, str], str]  # of a facet and a value


class Selection(msgspec.Struct, frozen=True):
    """All hits of a question in their order, with what is counted over them."""

    hits: tuple[Found, ...]
    groups: tuple[GroupCount, ...]
    too_old: int

    def page(self, query: Query) -> tuple[Hit, ...]:
        """Return the hits of the page asked for."""
        start = (query.page - 1) * query.per_page
        return tuple(hit(*found) for found in self.hits[start : start + query.per_page])


def select(
    scored: Iterable[Scored], query: Query, found: Where | None, gazetteer: Gazetteer
) -> Selection:
    """Return what fits, grouped and in order. A score counts where the order is "best"."""
    order = query_rules.order(query, found)
    keyed: dict[Group, list[tuple[query_rules.Key, Found]]] = {group: [] for group in GROUPS}
    old = 0
    for document, score in scored:
        fitting = query_rules.fit(document, query, found, gazetteer)
        if fitting is None:
            old += query_rules.too_old(document, query, found)
            continue
        key = query_rules.sort_key(document, fitting, order, score)
        keyed[fitting.group].append((key, (document, fitting)))
    keyed["further"] = [] if keyed["near"] else _nearest(keyed["further"])
    hits = tuple(one for group in GROUPS for _key, one in sorted(keyed[group], key=lambda k: k[0]))
    return Selection(hits, tuple(_counted(hits)), old)


def _nearest(keyed: list[tuple[query_rules.Key, Found]]) -> list[tuple[query_rules.Key, Found]]:
    """Return the few nearest of those that lie further off, whatever their order will be."""

    def distance(one: tuple[query_rules.Key, Found]) -> tuple[float, str]:
        document, fitting = one[1]
        return fitting.distance_km or 0.0, document.slug

    return sorted(keyed, key=distance)[: query_rules.FURTHER]


def _counted(hits: tuple[Found, ...]) -> Iterator[GroupCount]:
    counted = Counter((fitting.group, bool(fitting.ask)) for _document, fitting in hits)
    for group in GROUPS:
        matching, may = counted[group, False], counted[group, True]
        if matching or may:
            yield GroupCount(group, matching, may)


def hit(document: SearchDocument, fitting: Fit) -> Hit:
    """Return a document that fits as a hit."""
    return Hit(
        document=document,
        group=fitting.group,
        ask=fitting.ask,
        distance_km=fitting.distance_km,
        about=fitting.about,
    )


def facets(
    hits: Iterable[Found], gazetteer: Gazetteer, terms: Taxonomy
) -> dict[str, tuple[Facet, ...]]:
    """Return the values of every filter with how many hits have them."""
    sure: Counter[tuple[str, str]] = Counter()
    may: Counter[tuple[str, str]] = Counter()
    for document, fitting in hits:
        (may if fitting.ask else sure).update(values(document, gazetteer))
    return in_order(sure, may, labels(terms))


def values(document: SearchDocument, gazetteer: Gazetteer) -> Iterator[tuple[str, str]]:
    """Yield every (facet, value) of a document; the tri-state ones with what is known."""
    many: dict[str, Iterable[str]] = {
        "kinds": document.kinds,
        "needs": document.needs,
        "places": gazetteer.reach(document.places, document.area_served),
        "days": document.days,
        "times": {slot.partition("/")[2] for slot in document.slots} - {""},
        "ways": document.ways,
        "free": (document.free,),
        "alone": (document.welcomes_newcomers_alone,),
        "lift": (document.lift_offered,),
        "buddy": (document.buddy,),
        "access": document.access_yes,
        "languages": languages_or_default(document.languages),
        "promises": document.promises,
    }
    yield from ((facet, value) for facet, found in many.items() for value in found)


def in_order(
    sure: Mapping[tuple[str, str], int], may: Mapping[tuple[str, str], int], label: Label
) -> dict[str, tuple[Facet, ...]]:
    """Return counts as facets: days and parts of the day as they run, else most hits first."""
    made: dict[str, list[Facet]] = {name: [] for name in query_rules.FACETS}
    for name, value in {**sure, **may}:
        key = (name, value)
        facet = Facet(value, label(name, value), sure.get(key, 0), may.get(key, 0))
        made[name].append(facet)
    return {name: tuple(sorted(found, key=_facet_key(name))) for name, found in made.items()}


def _facet_key(name: str) -> Callable[[Facet], tuple[int, str]]:
    runs: dict[str, tuple[str, ...]] = {"days": DAYS, "times": PARTS}
    if name in runs:
        return lambda facet: (runs[name].index(facet.value), "")
    return lambda facet: (-facet.count - facet.may, facet.value)


def labels(terms: Taxonomy) -> Label:
    """Return what says the label of a facet's value."""
    known: dict[str, dict[str, str]] = {
        "kinds": {kind.slug: kind.plural for kind in terms.kinds},
        "needs": {need.slug: need.label for need in terms.needs},
        "days": {day: weekday(number) for number, day in enumerate(DAYS)},
        "times": {part: _(PART_LABELS[part]) for part in PARTS},
        "free": {known: _(words) for known, words in FREE_LABELS.items()},
        "access": {fact.slug: fact.label for fact in terms.access},
    }
    return lambda name, value: known.get(name, {}).get(value, value)

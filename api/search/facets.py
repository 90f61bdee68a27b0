"""Facet: for every value of a filter, how many hits have it, with its label."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from api.search.port import Facet
from api.search.ranking import MatchedDocument
from catalogue.i18n.gettext import _, gettext_noop, weekday
from catalogue.i18n.languages import languages_or_default
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.filters import DAYS, PARTS

FACETS = (
    "kinds", "needs", "places", "days", "times", "ways", "free", "alone", "lift", "buddy",
    "access", "languages", "promises",
)  # fmt: skip
FREE_LABELS = {
    "yes": gettext_noop("Free"),
    "no": gettext_noop("Costs money"),
    "unknown": gettext_noop("Cost not known, ask"),
}
PART_LABELS = {
    "morning": gettext_noop("Morning"),
    "afternoon": gettext_noop("Afternoon"),
    "evening": gettext_noop("Evening"),
}

FacetValue = tuple[str, str]  # facet, value
LabelOf = Callable[[str, str], str]  # of a facet and a value


def count_facets(
    hits: Iterable[MatchedDocument], gazetteer: Gazetteer, taxonomy: Taxonomy
) -> dict[str, tuple[Facet, ...]]:
    """Return the values of every facet with how many hits have them."""
    certain: Counter[FacetValue] = Counter()
    possible: Counter[FacetValue] = Counter()
    for document, match in hits:
        (possible if match.ask else certain).update(facet_values(document, gazetteer))
    return sorted_facets(certain, possible, facet_labels(taxonomy))


def facet_values(document: SearchDocument, gazetteer: Gazetteer) -> Iterator[FacetValue]:
    """Yield every (facet, value) of a document; facts as "yes", "no" or "unknown"."""
    values_by_facet: dict[str, Iterable[str]] = {
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
    yield from ((facet, value) for facet, values in values_by_facet.items() for value in values)


def sorted_facets(
    certain: Mapping[FacetValue, int], possible: Mapping[FacetValue, int], label_of: LabelOf
) -> dict[str, tuple[Facet, ...]]:
    """Return counts as facets: days and parts of the day as they run, else most hits first."""
    facets: dict[str, list[Facet]] = {name: [] for name in FACETS}
    for name, value in {**certain, **possible}:
        key = (name, value)
        facet = Facet(value, label_of(name, value), certain.get(key, 0), possible.get(key, 0))
        facets[name].append(facet)
    return {name: tuple(sorted(values, key=_sort_key(name))) for name, values in facets.items()}


def _sort_key(name: str) -> Callable[[Facet], tuple[int, str]]:
    in_sequence: dict[str, tuple[str, ...]] = {"days": DAYS, "times": PARTS}
    if name in in_sequence:
        return lambda facet: (in_sequence[name].index(facet.value), "")
    return lambda facet: (-facet.count - facet.may, facet.value)


def facet_labels(taxonomy: Taxonomy) -> LabelOf:
    """Return the function that gives the label of a facet's value, in the active language."""
    labels: dict[str, dict[str, str]] = {
        "kinds": {kind.slug: kind.plural for kind in taxonomy.kinds},
        "needs": {need.slug: need.label for need in taxonomy.needs},
        "days": {day: weekday(number) for number, day in enumerate(DAYS)},
        "times": {part: _(PART_LABELS[part]) for part in PARTS},
        "free": {answer: _(words) for answer, words in FREE_LABELS.items()},
        "access": {fact.slug: fact.label for fact in taxonomy.access},
    }
    return lambda name, value: labels.get(name, {}).get(value, value)

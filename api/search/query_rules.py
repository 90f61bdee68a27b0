"""What fits a question, in which group it stands and in which order: the same for every engine.

Pure, one document at a time. An engine may work it out any way it likes, as long as it comes to
this; `tests/search/reference.py` is the slow engine that all others are held to.

Groups, asked near a place: *near* happens there, *serves* is for people there though it happens
elsewhere, *comes* to them, *remote* reaches them by screen or phone. An activity stands in the
first that holds. Coverage is not proximity. Where nothing is near, *further* has the nearest.
"""

from collections.abc import Iterator
from datetime import datetime
from math import inf

import msgspec

from api.search.port import Group, Order, Query
from catalogue.i18n.languages import languages_or_default
from catalogue.model.activity import YesNoUnknown
from catalogue.model.gazetteer import Gazetteer, Place
from catalogue.model.geo import kilometres
from catalogue.outputs.activity.freshness import Level
from catalogue.outputs.search.documents import SearchDocument

NEAR_KM = 8  # five miles: a short bus ride
ABOUT_KM = 12  # where only the middle of a place is known: it may lie some way off
FURTHER = 6  # the nearest shown where nothing is near
HERE = "where you are"
AGEING: dict[Level, int] = {"fresh": 0, "ageing": 1, "unchecked": 1, "ring first": 2, "old": 2}
"""Facts checked long ago sort lower: each step counts as some way or some days more."""
STEP_KM = 3
STEP_SECONDS = 3 * 24 * 3600

FACETS = (
    "kinds", "needs", "places", "days", "times", "ways", "free", "alone", "lift", "buddy",
    "access", "languages", "promises",
)  # fmt: skip


class Where(msgspec.Struct, frozen=True):
    """The place a question asks for, with how far counts as near (0: only inside it)."""

    place: Place
    within_km: int


class Fit(msgspec.Struct, frozen=True):
    """How an activity fits a question: where it stands and what must be asked first.

    `inside` says that it happens in the very area asked for, wherever that has its middle.
    """

    group: Group
    ask: tuple[str, ...]
    distance_km: float | None = None
    about: bool = False
    inside: bool = False


def where(query: Query, gazetteer: Gazetteer) -> Where | None:
    """Return the place asked for; None where none is asked, or this directory does not know it."""
    at = query.at
    place = Place(HERE, gazetteer.areas_at(at), point=at) if at else gazetteer.find(query.place)
    if place is None:
        return None
    usual = 0 if place.point is None else ABOUT_KM if place.point.about else NEAR_KM
    return Where(place, (query.within_km or usual) if place.point else 0)


def order(query: Query, found: Where | None) -> Order:
    """Return the order asked for; by itself: words by relevance, places by distance, else time.

    What cannot be done (best match without words, nearest without a point) falls to the next.
    """
    wanted = query.order or "best"
    if wanted == "best" and query.q.strip():
        return "best"
    if wanted in ("best", "nearest") and found and found.place.point:
        return "nearest"
    return "soonest"


def fit(
    document: SearchDocument, query: Query, found: Where | None, gazetteer: Gazetteer
) -> Fit | None:
    """Return how a document fits all but the words of a question; None where it does not."""
    ask = _asking(document, query)
    if ask is None:
        return None
    if found is None:
        return Fit("all", ask)
    if document.freshness == "old":
        return None
    distance, about = _distance(document, found.place)
    group = _group(document, found, distance, gazetteer)
    if group is None:
        return None
    if group == "comes" and not document.area_served:
        ask = (*ask, "area")
    return Fit(group, ask, distance, about, _is_inside(document, found.place))


def too_old(document: SearchDocument, query: Query, found: Where | None) -> bool:
    """Say whether a document fits, but was not checked for a year and is left out near a place."""
    return (
        found is not None and document.freshness == "old" and _asking(document, query) is not None
    )


def _group(
    document: SearchDocument, found: Where, distance: float | None, gazetteer: Gazetteer
) -> Group | None:
    in_person = "in person" in document.ways
    if in_person and _is_near(document, found, distance):
        return "near"
    covers = gazetteer.covers(document.area_served, found.place)
    if in_person and covers:
        return "serves"
    if "comes to you" in document.ways and (covers or not document.area_served):
        return "comes"
    remote = "online" in document.ways or "by phone" in document.ways
    if remote and (covers or not document.area_served):
        return "remote"
    return "further" if in_person and distance is not None else None


def _is_near(document: SearchDocument, found: Where, distance: float | None) -> bool:
    return _is_inside(document, found.place) or (
        distance is not None and distance <= found.within_km
    )


def _is_inside(document: SearchDocument, place: Place) -> bool:
    return bool(set(place.areas) & set(document.places)) or (
        bool(place.outward_code) and place.outward_code in document.outward_codes
    )


def _distance(document: SearchDocument, place: Place) -> tuple[float | None, bool]:
    """Return how far the nearest venue is in km, and whether that is only roughly so."""
    if place.point is None or not document.points:
        return None, False
    each = [(kilometres(place.point, point), point.about) for point in document.points]
    nearest, about = min(each)
    return nearest, about or place.point.about


def _asking(document: SearchDocument, query: Query) -> tuple[str, ...] | None:
    """Return what must be asked because it is not known; None where something does not fit."""
    if not _fits(document, query):
        return None
    known = dict(_known(document, query))
    if "no" in known.values():
        return None
    return tuple(name for name, one in known.items() if one == "unknown")


def _fits(document: SearchDocument, query: Query) -> bool:
    """Say whether the filters hold that know no "unknown"."""
    youngest, oldest = document.minimum_age or 0, document.maximum_age or 120
    return (
        (not query.kind or query.kind in document.kinds)
        and (not query.need or query.need in document.needs)
        and (not query.ways or bool(set(query.ways) & set(document.ways)))
        and set(query.promises) <= set(document.promises)
        and (query.age is None or youngest <= query.age <= oldest)
        and (not query.language or _speaks(document, query.language))
    )


def _speaks(document: SearchDocument, language: str) -> bool:
    """Say whether a language is spoken; nobody writes down that English is."""
    return language.casefold() in (
        one.casefold() for one in languages_or_default(document.languages)
    )


def _known(document: SearchDocument, query: Query) -> Iterator[tuple[str, YesNoUnknown]]:
    """Yield each fact the question asks for, and what is known of it."""
    if query.days or query.times:
        yield "when", _is_on(document, query)
    facts = (
        ("free", document.free),
        ("alone", document.welcomes_newcomers_alone),
        ("lift", document.lift_offered),
        ("buddy", document.buddy),
    )
    yield from ((name, known) for name, known in facts if getattr(query, name))
    for slug in query.access:
        yield f"access/{slug}", _access(document, slug)


def _access(document: SearchDocument, slug: str) -> YesNoUnknown:
    if slug in document.access_yes:
        return "yes"
    return "unknown" if slug in document.access_unknown else "no"


def _is_on(document: SearchDocument, query: Query) -> YesNoUnknown:
    """Say whether it can be on, on one of the days at one of the times."""
    best: YesNoUnknown = "no" if document.slots else "unknown"
    for slot in document.slots:
        day, _, part = slot.partition("/")
        day_fits = not query.days or day in query.days
        part_fits = not query.times or part in query.times
        if day_fits and part_fits:
            return "yes"
        if (day_fits or not day) and (part_fits or not part):
            best = "unknown"
    return best


Key = tuple[bool, float, float, float, str]


def sort_key(document: SearchDocument, fitting: Fit, order: Order, score: float = 0.0) -> Key:
    """Return what sorts hits of one group: sure ones first, then as the order says, the slug last.

    Distances sort by whole kilometres, so that of two next to each other the sooner comes first;
    what happens in the area asked for is at no distance.
    """
    step = AGEING[document.freshness]
    relevance = -score if order == "best" else 0.0
    distance = 0.0
    if order == "nearest" and not fitting.inside:
        known = fitting.distance_km
        distance = inf if known is None else float(round(known) + STEP_KM * step)
    elif order == "nearest":
        distance = float(STEP_KM * step)
    starts = starts_at(document) + STEP_SECONDS * step
    return (bool(fitting.ask), relevance, distance, starts, document.slug)


def starts_at(document: SearchDocument) -> float:
    """Return when its next session starts, in seconds since 1970; never is infinity."""
    if document.next_session is None:
        return inf
    return datetime.fromisoformat(document.next_session).timestamp()

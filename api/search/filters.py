"""Filter: which documents fit all but the words of a query, in which group, and what must be asked.

Pure, one document at a time, and the same for every engine. An engine may work it out any way it
likes, as long as it comes to this; `tests/search/reference.py` is the slow engine that all others
are held to.

Groups, for a query near a place: *near* happens there, *serves* is for people there though it
happens elsewhere, *comes* to them, *remote* reaches them by screen or phone. A document belongs to
the first that holds. Serving an area is not the same as being near it. Where nothing is near,
*further* has the nearest.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import msgspec

from api.search.port import Group, Query, Understood, World
from catalogue.i18n.languages import languages_or_default
from catalogue.model.activity import YesNoUnknown
from catalogue.model.gazetteer import Gazetteer, Place
from catalogue.model.geo import kilometres
from catalogue.model.search_constants import LIMITS, RULES
from catalogue.outputs.search.documents import (
    SearchDocument,
    is_left,
    is_on_date,
    parts_of_session,
    sessions_of,
)
from catalogue.outputs.search.filters import slot_fits

HERE = "where you are"


class PlaceFilter(msgspec.Struct, frozen=True):
    """The place of a query, with how far counts as near (0: only inside it).

    `invented` says that it belongs to the demonstration: what is real is no answer there, and what
    is invented is none near a real place. None where that is not known.
    """

    place: Place
    within_km: int
    invented: bool | None = None


class Worlds(msgspec.Struct, frozen=True):
    """What a query may be answered from, in that order: what is real, or what is invented.

    None stands for all there is, in a directory that has only one of them.
    """

    to_try: tuple[bool | None, ...]
    is_named: bool

    def name(self, invented: bool | None) -> World:
        """Return what an answer calls its world; nothing where a place or the directory says it."""
        return "" if not self.is_named else "invented" if invented else "real"


class Match(msgspec.Struct, frozen=True):
    """How a document fits a query: its group, and the facts that must be asked first.

    `inside` says that it happens in the very area of the query, wherever that has its middle.
    """

    group: Group
    ask: tuple[str, ...]
    distance_km: float | None = None
    about: bool = False
    inside: bool = False


def place_filter(query: Query, gazetteer: Gazetteer) -> PlaceFilter | None:
    """Return the place of a query; None where it has none, or none that is known for sure."""
    device = query.device_point
    if device:
        place: Place | None = Place(HERE, gazetteer.areas_at(device), point=device)
    else:
        place = gazetteer.find(query.place)
    if place is None:
        return None
    usual = 0 if place.point is None else RULES.about_km if place.point.about else RULES.near_km
    within_km = (query.within_km or usual) if place.point else 0
    return PlaceFilter(place, within_km, gazetteer.is_invented(place))


def place_offers(query: Query, gazetteer: Gazetteer) -> tuple[str, ...]:
    """Return what else the place of a query may mean."""
    has_place = query.place.strip() and not query.device_point
    return gazetteer.look_up(query.place).offers if has_place else ()


def worlds(
    query: Query, near: PlaceFilter | None, *, holds_both: bool, names_invented: bool = False
) -> Worlds:
    """Return whether a query is answered with what is real or with what is invented.

    Args:
        query: What is asked.
        near: Its place, which decides where it is known whether that is real.
        holds_both: Whether the directory has real and invented activities.
        names_invented: Whether its words name an invented place or activity.
    """
    if near is not None and near.invented is not None:
        return Worlds((near.invented,), is_named=False)
    if not holds_both:
        return Worlds((None,), is_named=False)
    if query.invented:
        return Worlds((True,), is_named=True)
    if names_invented:
        return Worlds((True,), is_named=False)
    return Worlds((False, True), is_named=True)


def narrow(query: Query, understood: Sequence[Understood], age: int | None = None) -> Query:
    """Return the query with the filters, and the age, that its words were understood as.

    What the query asks by itself stays: a day that was chosen counts, not the one in the words.
    """
    is_day_chosen = bool(query.days or query.dates)
    values: dict[str, list[str]] = {}
    for field, value in (pair for part in understood for pair in part.filters):
        values.setdefault(field, []).append(value)
    lists: dict[str, tuple[object, ...]] = {
        field: tuple(dict.fromkeys(values[field]))
        for field, is_chosen in (
            ("days", is_day_chosen), ("times", query.times), ("ways", query.ways),
        )
        if field in values and not is_chosen
    }  # fmt: skip
    if "dates" in values and not is_day_chosen:
        lists["dates"] = tuple(map(date.fromisoformat, dict.fromkeys(values["dates"])))
    access = tuple(dict.fromkeys((*query.access, *values.get("access", ()))))
    free_answer = query.free or ("yes" if "free" in values else "")
    years = age if query.age is None else query.age
    return msgspec.structs.replace(query, access=access, free=free_answer, age=years, **lists)


def match(
    document: SearchDocument, query: Query, near: PlaceFilter | None, gazetteer: Gazetteer
) -> Match | None:
    """Return how a document fits all but the words of a query; None where it does not.

    Whether it is real or invented is not looked at: `worlds` says which documents count.
    """
    unknown = _unknown_facts(document, query)
    if unknown is None:
        return None
    if near is None:
        return Match("all", unknown)
    if document.freshness == "old":
        return None
    distance_km, about = _distance_km(document, near.place)
    group = _group(document, near, distance_km, gazetteer)
    if group is None:
        return None
    if group == "comes" and not document.area_served:
        unknown = (*unknown, "area")
    return Match(group, unknown, distance_km, about, _is_inside(document, near.place))


def is_too_old(document: SearchDocument, query: Query, near: PlaceFilter | None) -> bool:
    """Say whether a document fits, but was not checked for a year and is left out near a place."""
    return (
        near is not None
        and document.freshness == "old"
        and _unknown_facts(document, query) is not None
    )


def _group(
    document: SearchDocument, near: PlaceFilter, distance_km: float | None, gazetteer: Gazetteer
) -> Group | None:
    in_person = "in person" in document.ways
    if in_person and _is_near(document, near, distance_km):
        return "near"
    covers = gazetteer.covers(document.area_served, near.place)
    if in_person and covers:
        return "serves"
    if "comes to you" in document.ways and (covers or not document.area_served):
        return "comes"
    remote = "online" in document.ways or "by phone" in document.ways
    if remote and (covers or not document.area_served):
        return "remote"
    return "further" if in_person and distance_km is not None else None


def _is_near(document: SearchDocument, near: PlaceFilter, distance_km: float | None) -> bool:
    return _is_inside(document, near.place) or (
        distance_km is not None and distance_km <= near.within_km
    )


def _is_inside(document: SearchDocument, place: Place) -> bool:
    return bool(set(place.areas) & set(document.places)) or (
        bool(place.outward_code) and place.outward_code in document.outward_codes
    )


def _distance_km(document: SearchDocument, place: Place) -> tuple[float | None, bool]:
    """Return how far the nearest venue is in km, and whether that is only roughly so."""
    if place.point is None or not document.points:
        return None, False
    distances = [(kilometres(place.point, point), point.about) for point in document.points]
    nearest, about = min(distances)
    return nearest, about or place.point.about


def _unknown_facts(document: SearchDocument, query: Query) -> tuple[str, ...] | None:
    """Return the facts of the query that are not known; None where a filter does not hold."""
    if not _passes_plain_filters(document, query):
        return None
    facts = dict(_queried_facts(document, query))
    if "no" in facts.values():
        return None
    return tuple(name for name, answer in facts.items() if answer == "unknown")


def _passes_plain_filters(document: SearchDocument, query: Query) -> bool:
    """Say whether the filters hold that know no "unknown"."""
    youngest, oldest = document.minimum_age or 0, document.maximum_age or LIMITS.age
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
        name.casefold() for name in languages_or_default(document.languages)
    )


def _queried_facts(document: SearchDocument, query: Query) -> Iterator[tuple[str, YesNoUnknown]]:
    """Yield each fact that the query asks for, and what is known of it."""
    if query.asks_when:
        yield "when", _is_on(document, query)
    facts = (
        ("free", document.free),
        ("alone", document.welcomes_newcomers_alone),
        ("lift", document.lift_offered),
        ("buddy", document.buddy),
    )
    yield from ((name, answer) for name, answer in facts if getattr(query, name))
    for slug in query.access:
        yield f"access/{slug}", _access(document, slug)


def _access(document: SearchDocument, slug: str) -> YesNoUnknown:
    if slug in document.access_yes:
        return "yes"
    return "unknown" if slug in document.access_unknown else "no"


def _is_on(document: SearchDocument, query: Query) -> YesNoUnknown:
    """Say whether it can take place on one of the days or dates at one of the times."""
    answers = [_is_on_dates(document, query)] if query.dates else []
    if query.days or not query.dates:
        answers.append(_is_on_days(document, query))
    return "yes" if "yes" in answers else "unknown" if "unknown" in answers else "no"


def _is_on_days(document: SearchDocument, query: Query) -> YesNoUnknown:
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


def _is_on_dates(document: SearchDocument, query: Query) -> YesNoUnknown:
    """Say whether a session that is not over is held on a date; one whose day is not known may be.

    One that is cancelled is no session, nor is a week in which a fortnightly one is not held.
    """
    on_a_date = [
        session
        for session in sessions_of(document)
        if is_left(session, query.now) and is_on_date(session, query.dates)
    ]
    parts = {part for session in on_a_date for part in parts_of_session(document, session)}
    if parts and (not query.times or parts & set(query.times)):
        return "yes"
    may_be = "" in parts or not document.slots
    return "unknown" if may_be or any(_may_be_at(slot, query) for slot in document.slots) else "no"


def _may_be_at(slot: str, query: Query) -> bool:
    """Say whether a slot has no day, and not another part of the day than those asked for."""
    return slot.startswith("/") and slot_fits(slot, (), query.times)

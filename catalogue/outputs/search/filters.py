"""What an activity can be narrowed by: its slots in the week, access, points, what is promised.

Pure, from one activity. A fact nobody wrote down stays unknown; what a filter makes of it is told
in `api/search/filters.py`.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, timedelta
from typing import Literal

from catalogue.model.activity import Activity, Timetable, YesNoUnknown
from catalogue.model.catalogue import Catalogue
from catalogue.model.geo import Point
from catalogue.model.taxonomy import Taxonomy
from catalogue.model.text import outward_code
from catalogue.schedule import schedule

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = (
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday",
)  # fmt: skip

PartOfDay = Literal["morning", "afternoon", "evening"]
PARTS: tuple[PartOfDay, ...] = ("morning", "afternoon", "evening")
SLOTS = tuple(f"{day}/{part}" for day in ("", *DAYS) for part in ("", *PARTS))
"""All slots of a week; either half may be empty, which is not known."""
HOURS: dict[PartOfDay, tuple[int, int]] = {
    "morning": (0, 12 * 60), "afternoon": (12 * 60, 17 * 60), "evening": (17 * 60, 24 * 60),
}  # fmt: skip
STAY_MINUTES = 60  # of a part of the day, to be said to be on in it

Promises = dict[str, tuple[str, ...]]  # "pledge/who" -> "pledge/commitment" kept by them


def slots(activity: Activity) -> tuple[str, ...]:
    """Return when in the week it can be on, as "monday/morning".

    The half that is not known is empty ("monday/", "/evening"); nothing known at all is ().
    """
    slots_found = {slot for rule in activity.schedule for slot in _slots(rule)}
    return tuple(slot for slot in SLOTS if slot in slots_found)


def _slots(rule: Timetable) -> Iterator[str]:
    read = schedule.parse(rule.when, rule.except_)
    parts: tuple[str, ...] = _parts(read.opens_at, read.closes_at) or ("",)
    yield from (f"{day}/{part}" for day in read.days() or {""} for part in parts if day or part)


def _parts(opens_at: str | None, closes_at: str | None) -> tuple[PartOfDay, ...]:
    """Return the parts of the day it starts in, or lasts in long enough to be worth the way."""
    if opens_at is None:
        return ()
    opens = _minutes(opens_at)
    closes = _minutes(closes_at) if closes_at else opens
    closes += 24 * 60 if closes_at and closes <= opens else 0
    return tuple(
        part
        for part, (starts, ends) in HOURS.items()
        if starts <= opens < ends or min(closes, ends) - max(opens, starts) >= STAY_MINUTES
    )


def slots_of_session(
    slots: tuple[str, ...], starts: datetime, ends: datetime | None
) -> tuple[str, ...]:
    """Return which slots of an activity one of its sessions (in local time) stands in."""
    last = ends if ends and ends - starts >= timedelta(days=1) else starts
    days = {DAYS[(starts + timedelta(days=n)).weekday()] for n in range((last - starts).days + 1)}
    on_day = [slot for slot in slots if slot.partition("/")[0] in ("", *days)]
    parts = _parts(f"{starts:%H:%M}", f"{ends:%H:%M}" if ends else None)
    in_part = tuple(slot for slot in on_day if slot.partition("/")[2] in ("", *parts))
    return in_part or tuple(on_day)


def slot_fits(slot: str, days: Collection[str], times: Collection[str]) -> bool:
    """Say whether a slot is not ruled out by the days and times asked for; no days are any day."""
    day, _slash, part = slot.partition("/")
    return (not days or day in ("", *days)) and (not times or part in ("", *times))


def _minutes(clock: str) -> int:
    hours, minutes = clock.split(":")
    return int(hours) * 60 + int(minutes)


def access(activity: Activity, taxonomy: Taxonomy) -> dict[str, YesNoUnknown]:
    """Return every access fact: yes if any venue has it, no only if all of them say no."""
    of_each_venue = [{**activity.access, **venue.access} for venue in activity.venues]
    return {
        slug: _best({facts.get(slug, "unknown") for facts in of_each_venue or [activity.access]})
        for slug in taxonomy.access_fact
    }


def _best(answers: set[YesNoUnknown]) -> YesNoUnknown:
    if "yes" in answers:
        return "yes"
    return "unknown" if "unknown" in answers else "no"


def outward_codes(activity: Activity, taxonomy: Taxonomy) -> tuple[str, ...]:
    """Return the outward codes of its venues, those of their place where a venue names none."""
    codes = [outward_code(venue.postcode) for venue in activity.venues if venue.postcode]
    of_places = [
        code
        for venue in activity.venues
        if not venue.postcode
        for code in taxonomy.area[venue.place].outward_codes
    ]
    return tuple(dict.fromkeys([*codes, *of_places]))


def points(activity: Activity, taxonomy: Taxonomy) -> tuple[Point, ...]:
    """Return where its venues are, or about where."""
    all_points = map(taxonomy.venue_point, activity.venues)
    return tuple(dict.fromkeys(point for point in all_points if point))


def promises(catalogue: Catalogue, today: date) -> Promises:
    """Return what each published signatory does now, for those whose promise has not run out."""
    return {
        f"{signatory.pledge}/{signatory.slug}": tuple(
            f"{signatory.pledge}/{name}"
            for name, promise in signatory.promises.items()
            if promise.state == "doing"
        )
        for signatory in catalogue.signatories
        if signatory.status == "published" and not signatory.lapsed(today)
    }

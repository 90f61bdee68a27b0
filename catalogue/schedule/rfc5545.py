"""A schedule as a calendar program needs it (RFC 5545): one rule, and what it leaves out.

Knows no file format: `outputs/feeds/calendar.py` writes it.
"""

from datetime import UTC, date, datetime, time, timedelta

import msgspec

from catalogue.model.school_calendar import Calendar
from catalogue.schedule.calendar_days import NOTHING_LEFT_OUT
from catalogue.schedule.schedule import (
    DEFAULT_CALENDAR,
    LONDON,
    Schedule,
    look_ahead_until,
    opens_on,
    planned_days,
)


class Recurrence(msgspec.Struct, frozen=True):
    """DTSTART, DURATION, RRULE (with BYMONTH and UNTIL), RDATEs and EXDATEs.

    It starts with the first session that is held. `lasts` goes by the clock on the wall, whatever
    a change of the clocks does to it; None where the end is not known. A one-off has no rule, nor
    have working days, which bank holidays move: the other dates that are held are RDATEs.
    """

    starts_at: datetime
    lasts: timedelta | None
    rrule: str | None
    rdates: tuple[datetime, ...] = ()
    exdates: tuple[datetime, ...] = ()


def to_rfc5545(
    rule: Schedule, since: date, calendar: Calendar = DEFAULT_CALENDAR, horizon: date | None = None
) -> Recurrence | None:
    """Return the rule from its first held session on or after `since`; None where there is none.

    Give a `since` that stays put from build to build (the day the entry was checked), for it
    decides DTSTART. Months left out every year are left out by BYMONTH, for good; other cancelled
    sessions are EXDATEs up to the horizon (default: two years on).
    """
    left_out = rule.exceptions
    months = left_out.whole_months() if rule.rrule else frozenset()
    final = horizon or look_ahead_until(since)
    to_come = planned_days(rule, since, final, calendar)
    days = (day for day in to_come if day.month not in months)
    first = next((day for day in days if not left_out.why(day, calendar)), None)
    if first is None:
        return None
    other_days = list(days) if is_listed_by_date(rule) or left_out != NOTHING_LEFT_OUT else []
    rdates, exdates = _rdates_and_exdates(rule, other_days, calendar)
    return Recurrence(
        starts_at=opens_on(rule, first),
        lasts=_lasts(rule),
        rrule=_bounded_rrule(rule, months),
        rdates=rdates,
        exdates=exdates,
    )


def is_listed_by_date(rule: Schedule) -> bool:
    """Say whether a calendar is given its dates one by one, for no RRULE knows bank holidays."""
    return bool(rule.dates or (rule.repeat and rule.repeat.working_days))


def _rdates_and_exdates(
    rule: Schedule, days: list[date], calendar: Calendar
) -> tuple[tuple[datetime, ...], tuple[datetime, ...]]:
    """Return RDATEs and EXDATEs: of single dates those held, of a rule those that are not."""
    dropped = [day for day in days if rule.exceptions.why(day, calendar)]
    if is_listed_by_date(rule):
        return tuple(opens_on(rule, day) for day in days if day not in dropped), ()
    return (), tuple(opens_on(rule, day) for day in dropped)


def _lasts(rule: Schedule) -> timedelta | None:
    if rule.opens_at is None or rule.closes_at is None:
        return None
    opens, closes = (
        datetime.combine(date.min, time.fromisoformat(at)) for at in (rule.opens_at, rule.closes_at)
    )
    return closes - opens + timedelta(rule.days_until_it_closes)


def _bounded_rrule(rule: Schedule, months_left_out: frozenset[int]) -> str | None:
    """Return the RRULE with the months it keeps to and its UNTIL, which stands in UTC."""
    if rule.rrule is None or is_listed_by_date(rule):
        return None
    rrule = rule.repeat.rrule(months_left_out) if rule.repeat else rule.rrule
    if rule.ends_on is None:
        return rrule
    final = datetime.combine(rule.ends_on, time(23, 59, 59), LONDON).astimezone(UTC)
    return f"{rrule};UNTIL={final:%Y%m%dT%H%M%SZ}"

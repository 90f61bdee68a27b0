"""When an activity happens: plain English to an RFC 5545 rule and its next sessions.

Pure: no clock, no files. Times are wall-clock times in Europe/London, so 10:30 stays 10:30 when
the clocks change. Reading is left to `plain_english`, days left out to `calendar_days`.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec

from catalogue.i18n.gettext import _, format_list, gettext_noop
from catalogue.model.school_calendar import Calendar
from catalogue.schedule.calendar_days import NOTHING_LEFT_OUT, Exceptions
from catalogue.schedule.in_words import (
    bounds_in_words,
    dates_in_words,
    stay_in_words,
    times_in_words,
)
from catalogue.schedule.plain_english.exceptions import parse_exceptions
from catalogue.schedule.plain_english.tokens import DAYS
from catalogue.schedule.plain_english.when import read_when
from catalogue.schedule.recurrence import Repeat

SCHOOL = {
    "term time": gettext_noop("in term time only"),
    "school holidays": gettext_noop("in the school holidays only"),
}
LONDON = ZoneInfo("Europe/London")
LOOK_AHEAD = timedelta(days=2 * 365)
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)
DEFAULT_CALENDAR = Calendar()
WEEKDAYS_REPEAT_AFTER = timedelta(days=28 * 366)
"""In so many years every date of the year falls on every day of the week."""


class Session(msgspec.Struct, frozen=True):
    """One occurrence, aware in Europe/London; `ends_at` is None where the end is not known.

    `why` is the reason of a cancelled one ("in August"). `doubt` is what could not be decided
    ("term dates not known"); such a session is not cancelled.
    """

    starts_at: datetime
    ends_at: datetime | None
    cancelled: bool = False
    why: str = ""
    doubt: str = ""


class Schedule(msgspec.Struct, frozen=True):
    """One rule or list of dates, as written and as understood.

    `rrule` is an RFC 5545 rule without its UNTIL (`rfc5545` adds it); it is None for dates
    and for anything not certain. `opens_at` and `closes_at` are HH:MM; a `closes_at` that is not
    later is on the next day. `ends_on` is included. `dates` holds the days of a one-off, and
    `nights` how many a single one lasts where it closes on a later day than the next.
    """

    text: str
    rrule: str | None
    starts_on: date | None
    ends_on: date | None
    opens_at: str | None
    closes_at: str | None
    exceptions: Exceptions = NOTHING_LEFT_OUT
    certain: bool = True
    repeat: Repeat | None = None
    dates: tuple[date, ...] = ()
    vague: str = ""
    nights: int = 0

    @property
    def days_until_it_closes(self) -> int:
        """Return how many days after it opened a session closes; 0 where no end is known."""
        if self.opens_at is None or self.closes_at is None:
            return 0
        return self.nights or int(self.closes_at <= self.opens_at)

    def in_words(self, *, rings: bool = True) -> str:
        """Return the whole rule as one sentence without its full stop.

        It is in the active language; `parse` reads the English one back. `rings` says that there is
        a number to ring: without one nobody is told to.
        """
        uncertain = _("ring first") if rings else _("ask first")
        if self.nights:
            return self._stay_in_words(uncertain)
        rule = self.repeat.in_words() if self.repeat else ""
        parts = [
            dates_in_words(self.dates) if self.dates else rule,
            _(self.vague) if self.vague else "",
            times_in_words(self.opens_at, self.closes_at),
            "" if self.dates else bounds_in_words(self.starts_on, self.ends_on),
            *_exceptions_in_words(self.exceptions),
            "" if self.certain else uncertain,
        ]
        sentence = ", ".join(filter(None, parts))
        return sentence[0].upper() + sentence[1:]

    def _stay_in_words(self, uncertain: str) -> str:
        first = self.dates[0]
        words = stay_in_words(
            first, self.opens_at or "", first + timedelta(self.nights), self.closes_at or ""
        )
        parts = [words, *_exceptions_in_words(self.exceptions)]
        return ", ".join(parts if self.certain else [*parts, uncertain])

    def days(self) -> frozenset[str]:
        """Return the days it can be on, "monday" to "sunday"; empty where that is not known."""
        of_rule = self.repeat.on() if self.repeat else frozenset()
        dates = {day + timedelta(n) for day in self.dates for n in range(self.nights + 1)}
        return frozenset(DAYS[day] for day in of_rule | {day.weekday() for day in dates})


def parse(when: str, except_: Sequence[str] = ()) -> Schedule:
    """Return the schedule of `when` in plain English, with its exceptions. Raises ScheduleError."""
    return _parse(when, (except_,) if isinstance(except_, str) else tuple(except_))


@lru_cache(maxsize=8192)
def _parse(text: str, except_: tuple[str, ...]) -> Schedule:
    """Cache by text: thousands of entries share a few hundred schedules."""
    when = read_when(text)
    exceptions = when.exceptions
    for words in except_:
        exceptions = exceptions.and_also(parse_exceptions(words))
    opens_at, closes_at = when.times or (None, None)
    return Schedule(
        text=text,
        rrule=when.repeat.rrule() if when.repeat and when.certain else None,
        starts_on=when.dates[0] if when.dates else when.starts_on,
        ends_on=when.dates[-1] if when.dates else when.ends_on,
        opens_at=opens_at,
        closes_at=closes_at,
        exceptions=exceptions,
        certain=when.certain,
        repeat=when.repeat,
        dates=when.dates,
        vague=when.vague or ("" if when.times else when.part_of_day),
        nights=when.nights,
    )


def sessions(
    schedule: Schedule, after: datetime, count: int = 6, calendar: Calendar = DEFAULT_CALENDAR
) -> tuple[Session, ...]:
    """Return the next sessions in order, cancelled ones among them and marked.

    A session that is not over at `after` (aware) counts; so does one without a known end that has
    not begun. Looks two years ahead; a schedule that is not certain has no sessions.
    """
    return _sessions(schedule, after, count, calendar)


@lru_cache(maxsize=4096)
def _sessions(
    schedule: Schedule, after: datetime, count: int, calendar: Calendar
) -> tuple[Session, ...]:
    """Cache what a page, its card and the search ask of one schedule."""
    return tuple(islice(_sessions_from(schedule, after, calendar), count))


def is_past(schedule: Schedule, after: datetime, calendar: Calendar = DEFAULT_CALENDAR) -> bool:
    """Say whether it has an end and no session is left, not even a cancelled one."""
    ends = schedule.certain and schedule.ends_on is not None
    return ends and not sessions(schedule, after, 1, calendar)


def next_held(
    schedule: Schedule, after: datetime, calendar: Calendar = DEFAULT_CALENDAR
) -> Session | None:
    """Return the first session that is not cancelled; None within two years."""
    coming = _sessions_from(schedule, after, calendar)
    return next((session for session in coming if not session.cancelled), None)


def _sessions_from(schedule: Schedule, after: datetime, calendar: Calendar) -> Iterator[Session]:
    """Yield sessions not over at `after`, for two years."""
    if after.tzinfo is None:
        raise ValueError("after must be aware of its time zone")
    # Two datetimes of one zone compare by wall clock, which is wrong while the clocks change.
    moment = after.astimezone(UTC)
    today = after.astimezone(LONDON).date()
    since = today - timedelta(days=max(1, schedule.nights))
    for day in planned_days(schedule, since, look_ahead_until(today), calendar):
        session = session_on(schedule, day, calendar)
        if (session.ends_at or session.starts_at) >= moment:
            yield session


def look_ahead_until(day: date) -> date:
    """Return the last day looked at from a day."""
    return min(day, LAST_DAY - LOOK_AHEAD) + LOOK_AHEAD


def planned_days(
    schedule: Schedule, first: date, final: date, calendar: Calendar = DEFAULT_CALENDAR
) -> Iterator[date]:
    """Yield the days it is planned for within both ends and its own bounds."""
    if not schedule.certain:
        return iter(())
    first = max(first, schedule.starts_on or FIRST_DAY)
    final = min(final, schedule.ends_on or LAST_DAY)
    if schedule.repeat:
        anchor = schedule.starts_on or FIRST_DAY
        return schedule.repeat.dates(first, final, anchor, calendar.nation)
    return (day for day in schedule.dates if first <= day <= final)


def exceptions_without_session(
    schedule: Schedule, now: datetime, calendar: Calendar = DEFAULT_CALENDAR
) -> tuple[str, ...]:
    """Return, in words, what is left out although no session is planned for it.

    Most often it was written for a timetable that has changed since. Nothing is returned of the
    school year, whose terms are not known for ever, nor of a schedule that is not certain.
    """
    if not schedule.certain:
        return ()
    return tuple(
        words
        for exceptions in schedule.exceptions.apart()
        if not _leaves_out_a_session(schedule, exceptions, now, calendar)
        for words in exceptions.in_words()
    )


def _leaves_out_a_session(
    schedule: Schedule, exceptions: Exceptions, now: datetime, calendar: Calendar
) -> bool:
    first = schedule.starts_on or min(now.astimezone(LONDON).date(), LAST_DAY)
    final = min(first, LAST_DAY - WEEKDAYS_REPEAT_AFTER) + WEEKDAYS_REPEAT_AFTER
    for dated in exceptions.dated:
        first, final = dated.starts_on, dated.ends_on
    days = planned_days(schedule, first, final, calendar)
    return any(exceptions.why(day, calendar) for day in days)


def session_on(schedule: Schedule, day: date, calendar: Calendar) -> Session:
    """Return the session planned for a day."""
    starts_at = opens_on(schedule, day)
    why = schedule.exceptions.why(day, calendar)
    doubt = "" if why else schedule.exceptions.doubt(day, calendar)
    return Session(starts_at, _end(starts_at, schedule), bool(why), why, doubt)


def opens_on(schedule: Schedule, day: date) -> datetime:
    """Return when it starts on a day; at midnight where no time is given."""
    return datetime.combine(day, time.fromisoformat(schedule.opens_at or "00:00"), LONDON)


def _end(starts_at: datetime, schedule: Schedule) -> datetime | None:
    """Return the end by the wall clock, on the next day where it is not later than the start."""
    if schedule.closes_at is None or schedule.opens_at is None:
        return None
    closes = time.fromisoformat(schedule.closes_at)
    closes_on = starts_at.date() + timedelta(schedule.days_until_it_closes)
    ends_at = datetime.combine(closes_on, closes, LONDON)
    if ends_at.utcoffset() == starts_at.utcoffset() or ends_at.astimezone(UTC) > starts_at:
        return ends_at
    # A start that the clocks jump over is read with the offset before the jump (RFC 5545, 3.3.5),
    # which can put it after its own end: the session then keeps its length.
    return (starts_at.astimezone(UTC) + (ends_at - starts_at)).astimezone(LONDON)


def _exceptions_in_words(exceptions: Exceptions) -> list[str]:
    """Return `in term time only` and `except August and bank holidays`."""
    parts = [_(SCHOOL[exceptions.only_in])] if exceptions.only_in else []
    if left_out := exceptions.in_words():
        parts.append(_("except %(left_out)s", left_out=format_list(left_out)))
    return parts

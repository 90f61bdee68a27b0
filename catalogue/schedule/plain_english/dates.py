"""Dates as people write them, out of tokens, and back into English for messages.

A date may leave month and year to the date after it ("12 and 19 December 2026"); without any year
it means that day of every year, which only exceptions can use.
"""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

from catalogue.schedule.errors import schedule_error
from catalogue.schedule.plain_english.tokens import DAYS, MONTHS, TokenStream, in_range

A_LEAP_YEAR = 2028
MOST_DAYS = 31


class PartialDate(NamedTuple):
    """A date as far as it is written: 0 for a month or year left out, -1 for no weekday."""

    day: int
    month: int = 0
    year: int = 0
    weekday: int = -1


class Span(NamedTuple):
    """Two dates and all between; the same twice for a single date."""

    first: PartialDate
    final: PartialDate


def sees_date(words: TokenStream) -> bool:
    """Say whether a date or a list of dates comes next, without moving."""
    ahead = 1 if words.peek().kind == "day" else 0
    if words.peek(ahead).kind == "date":
        return True
    if words.peek(ahead).kind not in ("number", "nth"):
        return False
    while words.peek(ahead).kind in ("number", "nth") or words.peek(ahead).text in DATE_JOINTS:
        ahead += 1
    return words.peek(ahead).kind == "month"


DATE_JOINTS = frozenset({",", "-", "and", "to", "the", "of"})


def read_spans(words: TokenStream) -> tuple[Span, ...]:
    """Read dates and ranges joined by commas and "and", each complete or without any year."""
    spans = [_read_span(words)]
    while _joins_date(words):
        spans.append(_read_span(words))
    filled: list[Span] = []
    following = PartialDate(0)
    for span in reversed(spans):
        final = _filled(span.final, following)
        following = _filled(span.first, final)
        filled.insert(0, Span(following, final))
    return tuple(filled)


def _joins_date(words: TokenStream) -> bool:
    """Move past a comma or "and" if a date follows: not in `12 December 2026, 2-4pm`."""
    mark = words.position
    if words.joins("number", "nth", "date", "day") and sees_date(words):
        return True
    words.position = mark
    return False


def _read_span(words: TokenStream) -> Span:
    """Read `22 December 2026` or `22 December 2026 to 2 January 2027`."""
    first = _read_one(words)
    return Span(first, _read_one(words) if words.accept("to|-|until|till") else first)


def _read_one(words: TokenStream) -> PartialDate:
    """Read one date, perhaps after its day of the week."""
    weekday = words.take("day")
    words.accept("the")
    claimed = weekday.number if weekday else -1
    if iso := words.take("date"):
        day = date.fromordinal(iso.number)
        return PartialDate(day.day, day.month, day.year, claimed)
    number = words.take("number") or words.take("nth")
    if number is None:
        raise schedule_error("a date is missing", "22 December 2026")
    words.accept("of")
    month = words.take("month")
    year = words.take("number") if month and words.sees_year() else None
    return PartialDate(
        number.number, month.number if month else 0, year.number if year else 0, claimed
    )


def _filled(written: PartialDate, following: PartialDate) -> PartialDate:
    """Take month and year from the following date where they are left out."""
    month = written.month or following.month
    if not month:
        raise schedule_error("a date lacks its month", "22 December 2026")
    year = written.year
    if not year and following.year:
        later = (month, written.day) > (following.month, following.day)
        year = following.year - 1 if later else following.year
    return written._replace(month=month, year=year)


def exact_day(written: PartialDate) -> date:
    """Return the day itself; ScheduleError without a year, off the calendar, on a wrong weekday."""
    if not written.year:
        raise schedule_error(f"{_short(written)} lacks its year", f"{_short(written)} 2026")
    check_day(written, written.year)
    day = in_range(date(written.year, written.month, written.day))
    if written.weekday not in (-1, day.weekday()):
        right, wrong = DAYS[day.weekday()].title(), DAYS[written.weekday].title()
        text = day_in_english(day)
        raise schedule_error(f"{text} is a {right}, not a {wrong}", f"{right} {text}")
    return day


def check_day(written: PartialDate, year: int = A_LEAP_YEAR) -> None:
    """Raise ScheduleError for a day its month does not have."""
    if not 1 <= written.day <= monthrange(year, written.month)[1]:
        text = f"{_short(written)} {written.year or ''}".strip()
        raise schedule_error(f"there is no {text} in the calendar", "22 December 2026")


def _short(written: PartialDate) -> str:
    """Return `22 December`."""
    return f"{written.day} {MONTHS[written.month - 1].title()}"


def exact_days(spans: Sequence[Span]) -> tuple[date, ...]:
    """Return every day of the spans in order, each once; ScheduleError for more than 31."""
    days: set[date] = set()
    for span in spans:
        first, final = exact_day(span.first), exact_day(span.final)
        check_order(first, final)
        days.update(first + timedelta(n) for n in range(min((final - first).days, MOST_DAYS) + 1))
    if len(days) > MOST_DAYS:
        span_text = bounds_in_english(min(days), exact_day(spans[-1].final))
        raise schedule_error(
            f"gives more than {MOST_DAYS} dates", f"every day 10:00-16:00 {span_text}"
        )
    return tuple(sorted(days))


def check_order(first: date, final: date) -> None:
    """Raise ScheduleError where a range ends before it begins."""
    if final < first:
        problem = f"{day_in_english(final)} is before {day_in_english(first)}"
        raise schedule_error(problem, "22 December 2026 to 2 January 2027")


def read_boundary(words: TokenStream, *, final: bool) -> date:
    """Read the day after `from` or `until`; a month and year mean its first or its `final` day."""
    if words.peek().kind == "month" and words.sees_year(1):
        month, year = words.peek().number, words.peek(1).number
        words.position += 2
        return exact_day(PartialDate(monthrange(year, month)[1] if final else 1, month, year))
    return exact_day(_filled(_read_one(words), PartialDate(0)))


def bounds_in_english(starts_on: date | None, ends_on: date | None) -> str:
    """Return `from 5 January 2026 until 20 July 2026`, or as much of it as is known."""
    bounds = (("from", starts_on), ("until", ends_on))
    return " ".join(f"{word} {day_in_english(day)}" for word, day in bounds if day)


def day_in_english(day: date) -> str:
    """Return `22 December 2026`."""
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"

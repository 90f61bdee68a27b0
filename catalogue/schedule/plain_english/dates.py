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
    """A date as far as it is written: 0 for a month or year left out, -1 for no weekday.

    `month_first` says that it was written as `December 6`.
    """

    day: int
    month: int = 0
    year: int = 0
    weekday: int = -1
    month_first: bool = False


NOTHING_BEFORE = PartialDate(0)


class Span(NamedTuple):
    """Two dates and all between; the same twice for a single date."""

    first: PartialDate
    final: PartialDate


def sees_date(words: TokenStream) -> bool:
    """Say whether a date or a list of dates comes next, without moving."""
    ahead = 1 if words.peek().kind == "day" else 0
    ahead += ahead > 0 and words.peek(ahead).text == ","
    if sees_month_first(words, ahead) or words.peek(ahead).kind == "date":
        return True
    if words.peek(ahead).kind not in ("number", "nth"):
        return False
    while words.peek(ahead).kind in ("number", "nth") or words.peek(ahead).text in DATE_JOINTS:
        ahead += 1
    return words.peek(ahead).kind == "month"


def sees_month_first(words: TokenStream, ahead: int = 0) -> bool:
    """Say whether `December 6th` comes that far ahead; not the 2 of `August, 2-4pm`."""
    day, after = words.peek(ahead + 1), words.peek(ahead + 2)
    if words.peek(ahead).kind != "month" or day.kind not in ("number", "nth"):
        return False
    is_hour = after.text in ("-", "to", "until", "till") and words.peek(ahead + 3).kind == "time"
    return day.number <= MOST_DAYS and (day.kind == "nth" or not is_hour)


DATE_JOINTS = frozenset({",", "-", "and", "to", "the", "of"})


def read_spans(words: TokenStream) -> tuple[Span, ...]:
    """Read dates and ranges joined by commas and "and", each complete or without any year."""
    spans = [_read_span(words)]
    while _joins_date(words, spans[-1].final):
        spans.append(_read_span(words, spans[-1].final))
    filled: list[Span] = []
    following = PartialDate(0)
    for span in reversed(spans):
        final = _filled(span.final, following)
        following = _filled(span.first, final)
        filled.insert(0, Span(following, final))
    return tuple(filled)


def _joins_date(words: TokenStream, before: PartialDate) -> bool:
    """Move past a comma or "and" if a date follows: not in `12 December 2026, 2-4pm`."""
    mark = words.position
    if words.joins("number", "nth", "date", "day", "month") and (
        sees_date(words) or (before.month_first and _sees_day_alone(words))
    ):
        return True
    words.position = mark
    return False


def _sees_day_alone(words: TokenStream) -> bool:
    """Say whether the 13 of `December 6 and 13, 2026` comes next."""
    day, after = words.peek(), words.peek(1)
    return day.kind == "nth" or (
        day.kind == "number" and day.number <= MOST_DAYS and after.text not in ("-", "to")
    )


def _read_span(words: TokenStream, before: PartialDate = NOTHING_BEFORE) -> Span:
    """Read `22 December 2026` or `22 December 2026 to 2 January 2027`."""
    first = read_partial_date(words, before)
    if words.accept("to|-|until|till"):
        return Span(first, read_partial_date(words, first))
    return Span(first, first)


def read_partial_date(words: TokenStream, before: PartialDate = NOTHING_BEFORE) -> PartialDate:
    """Read one date, perhaps after its day of the week.

    After a date that was written month first (`before`), a day alone is one of the same month.
    """
    weekday = words.take("day")
    if weekday:
        words.accept(",")
    words.accept("the")
    claimed = weekday.number if weekday else -1
    if iso := words.take("date"):
        day = date.fromordinal(iso.number)
        return PartialDate(day.day, day.month, day.year, claimed)
    first_month = words.take("month")
    number = words.take("number") or words.take("nth")
    if number is None:
        raise schedule_error("a date is missing", "22 December 2026")
    words.accept("of")
    month = first_month or words.take("month")
    of_month = month.number if month else before.month if before.month_first else 0
    if of_month and words.peek().text == "," and words.sees_year(1):
        words.accept(",")
    year = words.take("number") if of_month and words.sees_year() else None
    return PartialDate(
        number.number,
        of_month,
        year.number if year else 0,
        claimed,
        month_first=first_month is not None or (month is None and before.month_first),
    )


def _filled(partial: PartialDate, following: PartialDate) -> PartialDate:
    """Take month and year from the following date where they are left out."""
    month = partial.month or following.month
    if not month:
        raise schedule_error("a date lacks its month", "22 December 2026")
    year = partial.year
    if not year and following.year:
        later = (month, partial.day) > (following.month, following.day)
        year = following.year - 1 if later else following.year
    return partial._replace(month=month, year=year)


def exact_day(partial: PartialDate) -> date:
    """Return the day itself; ScheduleError without a year, off the calendar, on a wrong weekday."""
    if not partial.year:
        raise schedule_error(f"{_short(partial)} lacks its year", f"{_short(partial)} 2026")
    check_day(partial, partial.year)
    day = in_range(date(partial.year, partial.month, partial.day))
    if partial.weekday not in (-1, day.weekday()):
        right, wrong = DAYS[day.weekday()].title(), DAYS[partial.weekday].title()
        text = day_in_english(day)
        raise schedule_error(f"{text} is a {right}, not a {wrong}", f"{right} {text}")
    return day


def check_day(partial: PartialDate, year: int = A_LEAP_YEAR) -> None:
    """Raise ScheduleError for a day its month does not have."""
    if not 1 <= partial.day <= monthrange(year, partial.month)[1]:
        text = f"{_short(partial)} {partial.year or ''}".strip()
        raise schedule_error(f"there is no {text} in the calendar", "22 December 2026")


def _short(partial: PartialDate) -> str:
    """Return `22 December`."""
    return f"{partial.day} {MONTHS[partial.month - 1].title()}"


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
    return exact_day(_filled(read_partial_date(words), PartialDate(0)))


def read_two_days(first: PartialDate, final: PartialDate) -> tuple[date, date]:
    """Return the first and the last day of a stay; the first may leave its year to the last."""
    if not final.year:
        final = final._replace(year=first.year)
    days = exact_day(_filled(first, final)), exact_day(final)
    check_order(*days)
    if (days[1] - days[0]).days >= MOST_DAYS:
        raise schedule_error(
            f"lasts more than {MOST_DAYS} days", "5 June 2027 18:00 to 7 June 2027 14:00"
        )
    return days


def bounds_in_english(starts_on: date | None, ends_on: date | None) -> str:
    """Return `from 5 January 2026 until 20 July 2026`, or as much of it as is known."""
    bounds = (("from", starts_on), ("until", ends_on))
    return " ".join(f"{word} {day_in_english(day)}" for word, day in bounds if day)


def day_in_english(day: date) -> str:
    """Return `22 December 2026`."""
    return f"{day.day} {MONTHS[day.month - 1].title()} {day.year}"

"""What a schedule leaves out, from plain English: `August`, `22 December 2026 to 2 January 2027`.

One text may hold several, joined by commas and "and". Leaving out "school holidays" or "outside
term time" keeps to term time; leaving out "term time" keeps to the school holidays.
"""

from calendar import monthrange
from typing import Literal

from catalogue.model.school_calendar import Nation
from catalogue.schedule.calendar_days import (
    DatedBreak,
    Exceptions,
    School,
    YearlyBreak,
    last_day,
)
from catalogue.schedule.errors import ScheduleError, schedule_error
from catalogue.schedule.plain_english.dates import (
    Span,
    Written,
    check_day,
    check_order,
    exact_day,
    read_spans,
    sees_date,
)
from catalogue.schedule.plain_english.tokens import Words

EXAMPLE = "August, or 22 December 2026 to 2 January 2027, or bank holidays in England"
OPENING_WORDS = frozenset(
    {"bank", "public", "outside", "school", "term", "only", "in", "on", "during", "the"}
)
NATIONS: dict[str, Nation] = {"england": "England", "scotland": "Scotland", "wales": "Wales"}


def parse_exceptions(text: str) -> Exceptions:
    """Read one text of its own; ScheduleError where it names nothing that can be left out."""
    words = Words(text, EXAMPLE)
    words.accept("except|not")
    found = read_exceptions(words)
    if words.peek().kind != "end":
        raise _unreadable(words)
    return found


def read_exceptions(words: Words) -> Exceptions:
    """Read at least one exception and all that are joined to it."""
    found = _read_one(words)
    _skip_joints(words)
    while _sees_one(words):
        found = found.and_also(_read_one(words))
        _skip_joints(words)
    return found


def _sees_one(words: Words) -> bool:
    """Say whether another exception comes next, rather than the time of `except August, 2-4pm`."""
    token = words.peek()
    return token.kind in ("month", "day") or token.text in OPENING_WORDS or sees_date(words)


def _skip_joints(words: Words) -> None:
    """Move past commas, "and", "or"."""
    while words.peek().text in (",", "and", "or"):
        words.at += 1


def _unreadable(words: Words) -> ScheduleError:
    """Return the error for a word that leaves nothing out."""
    said = words.peek().text
    problem = f'cannot read "{said}" as something left out' if said else "leaves nothing out"
    return schedule_error(problem, EXAMPLE)


def _read_one(words: Words) -> Exceptions:
    """Read one exception, or one list of dates."""
    if school := _school_left_out(words):
        return Exceptions(only_in=school)
    words.accept("in|on|during|from")
    words.accept("the")
    if words.accept("bank|public", "holiday|holidays"):
        return Exceptions(bank_holidays=_nations(words))
    if sees_date(words):
        return _breaks(read_spans(words))
    if words.peek().kind == "month":
        return _months(words)
    if words.peek().kind == "day":
        raise schedule_error(
            "leaves out a day of the week: name the days it happens on",
            "Monday to Saturday 10:00-16:00",
        )
    raise _unreadable(words)


def read_school(words: Words) -> School:
    """Read `in term time only`, `outside term time`, `in the school holidays`: when it is on."""
    mark = words.at
    words.accept("only")
    words.accept("in|during")
    words.accept("the")
    if words.accept("term", "time") or words.accept("term"):
        found: School = "term time"
    elif words.accept("outside", "term") or words.accept("school", "holidays"):
        words.accept("time")
        found = "school holidays"
    else:
        words.at = mark
        return ""
    words.accept("only")
    return found


def _school_left_out(words: Words) -> School:
    """Read the same as an exception and return what remains; "only" never leaves out."""
    mark = words.at
    found = read_school(words)
    if not found or "only" in {token.text for token in words.tokens[mark : words.at]}:
        return found
    return "school holidays" if found == "term time" else "term time"


def _nations(words: Words) -> tuple[Nation | Literal[""], ...]:
    """Read `in England and Wales`; nothing said means the nation of the calendar."""
    if not words.accept("in"):
        return ("",)
    found: list[Nation] = []
    while nation := _nation(words):
        found.append(nation)
        joined = words.peek().text in (",", "and") and words.sees(
            ",|and", "|".join((*NATIONS, "northern"))
        )
        words.at += joined
    if not found:
        raise schedule_error(
            "does not say whose bank holidays", "bank holidays in Northern Ireland"
        )
    return tuple(found)


def _nation(words: Words) -> Nation | None:
    """Read one of the four nations; None where none comes next."""
    if words.accept("northern", "ireland"):
        return "Northern Ireland"
    nation = NATIONS.get(words.peek().text)
    words.at += nation is not None
    return nation


def _breaks(spans: tuple[Span, ...]) -> Exceptions:
    """Return dates with a year as once, dates without as every year."""
    dated = [_dated(span) for span in spans if span.first.year or span.final.year]
    yearly = [_yearly(span) for span in spans if not (span.first.year or span.final.year)]
    return Exceptions(tuple(dated), tuple(yearly))


def _dated(span: Span) -> DatedBreak:
    """Return the days of one range."""
    first, final = exact_day(span.first), exact_day(span.final)
    check_order(first, final)
    return DatedBreak(first, final)


def _yearly(span: Span) -> YearlyBreak:
    """Return the days of one range of every year."""
    for written in span:
        check_day(written)
    return YearlyBreak((span.first.month, span.first.day), (span.final.month, span.final.day))


def _months(words: Words) -> Exceptions:
    """Read `August`, `October to March`, `August 2026`, `November 2026 to February 2027`."""
    first, first_year = _month(words)
    final, final_year = first, first_year
    if words.peek(1).kind == "month" and words.accept("to|-|until|till"):
        final, final_year = _month(words)
    if not final_year:
        return Exceptions(yearly=(YearlyBreak((first, 1), (final, last_day(final))),))
    starts = Written(1, first, first_year or final_year - (first > final))
    ends = Written(monthrange(final_year, final)[1], final, final_year)
    return _breaks((Span(starts, ends),))


def _month(words: Words) -> tuple[int, int]:
    """Read a month and perhaps its year, else 0."""
    month = words.take("month")
    year = words.take("number") if words.sees_year() else None
    return month.number if month else 0, year.number if year else 0

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
    PartialDate,
    Span,
    check_day,
    check_order,
    exact_day,
    read_spans,
    sees_date,
)
from catalogue.schedule.plain_english.tokens import TokenStream

EXAMPLE = "August, or 22 December 2026 to 2 January 2027, or bank holidays in England"
OPENING_WORDS = frozenset(
    {"bank", "public", "outside", "school", "term", "only", "in", "on", "during", "the"}
)
NATIONS: dict[str, Nation] = {"england": "England", "scotland": "Scotland", "wales": "Wales"}


def parse_exceptions(text: str) -> Exceptions:
    """Read one text of its own; ScheduleError where it names nothing that can be left out."""
    words = TokenStream(text, EXAMPLE)
    words.accept("except|not")
    exceptions = read_exceptions(words)
    if words.peek().kind != "end":
        raise _unreadable(words)
    return exceptions


def read_exceptions(words: TokenStream) -> Exceptions:
    """Read at least one exception and all that are joined to it."""
    exceptions = _read_one(words)
    _skip_joints(words)
    while _sees_one(words):
        exceptions = exceptions.and_also(_read_one(words))
        _skip_joints(words)
    return exceptions


def _sees_one(words: TokenStream) -> bool:
    """Say whether another exception comes next, rather than the time of `except August, 2-4pm`."""
    token = words.peek()
    return token.kind in ("month", "day") or token.text in OPENING_WORDS or sees_date(words)


def _skip_joints(words: TokenStream) -> None:
    """Move past commas, "and", "or"."""
    while words.peek().text in (",", "and", "or"):
        words.position += 1


def _unreadable(words: TokenStream) -> ScheduleError:
    """Return the error for a word that leaves nothing out."""
    text = words.peek().text
    problem = f'cannot read "{text}" as something left out' if text else "leaves nothing out"
    return schedule_error(problem, EXAMPLE)


def _read_one(words: TokenStream) -> Exceptions:
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


def read_school(words: TokenStream) -> School:
    """Read `in term time only`, `outside term time`, `in the school holidays`: when it is on."""
    mark = words.position
    words.accept("only")
    words.accept("in|during")
    words.accept("the")
    if words.accept("term", "time") or words.accept("term"):
        school: School = "term time"
    elif words.accept("outside", "term") or words.accept("school", "holidays"):
        words.accept("time")
        school = "school holidays"
    else:
        words.position = mark
        return ""
    words.accept("only")
    return school


def _school_left_out(words: TokenStream) -> School:
    """Read the same as an exception and return what remains; "only" never leaves out."""
    mark = words.position
    school = read_school(words)
    if not school or "only" in {token.text for token in words.tokens[mark : words.position]}:
        return school
    return "school holidays" if school == "term time" else "term time"


def _nations(words: TokenStream) -> tuple[Nation | Literal[""], ...]:
    """Read `in England and Wales`; without them, the nation of the calendar."""
    if not words.accept("in"):
        return ("",)
    nations: list[Nation] = []
    while nation := _nation(words):
        nations.append(nation)
        joined = words.peek().text in (",", "and") and words.sees(
            ",|and", "|".join((*NATIONS, "northern"))
        )
        words.position += joined
    if not nations:
        raise schedule_error(
            "does not say whose bank holidays", "bank holidays in Northern Ireland"
        )
    return tuple(nations)


def _nation(words: TokenStream) -> Nation | None:
    """Read one of the four nations; None where none comes next."""
    if words.accept("northern", "ireland"):
        return "Northern Ireland"
    nation = NATIONS.get(words.peek().text)
    words.position += nation is not None
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
    for partial in span:
        check_day(partial)
    return YearlyBreak((span.first.month, span.first.day), (span.final.month, span.final.day))


def _months(words: TokenStream) -> Exceptions:
    """Read `August`, `October to March`, `August 2026`, `November 2026 to February 2027`."""
    first, first_year = _month(words)
    final, final_year = first, first_year
    if words.peek(1).kind == "month" and words.accept("to|-|until|till"):
        final, final_year = _month(words)
    if not final_year:
        return Exceptions(yearly=(YearlyBreak((first, 1), (final, last_day(final))),))
    starts = PartialDate(1, first, first_year or final_year - (first > final))
    ends = PartialDate(monthrange(final_year, final)[1], final, final_year)
    return _breaks((Span(starts, ends),))


def _month(words: TokenStream) -> tuple[int, int]:
    """Read a month and perhaps its year, else 0."""
    month = words.take("month")
    year = words.take("number") if words.sees_year() else None
    return month.number if month else 0, year.number if year else 0

"""The `when` of a schedule as clauses in any order: days, times, first and last date, exceptions.

Reads each clause once, then checks that together they make sense. Turning them into a Schedule is
left to `schedule`.
"""

from datetime import date

import msgspec

from catalogue.i18n.gettext import gettext_noop
from catalogue.schedule.calendar_days import NOTHING_LEFT_OUT, Exceptions
from catalogue.schedule.errors import DATES_AND_TIMES, EXAMPLE, schedule_error
from catalogue.schedule.plain_english.dates import (
    bounds_in_english,
    check_order,
    day_in_english,
    exact_days,
    read_boundary,
    read_partial_date,
    read_spans,
    read_two_days,
    sees_date,
)
from catalogue.schedule.plain_english.exceptions import read_exceptions, read_school
from catalogue.schedule.plain_english.repeats import (
    QUARTERS,
    read_months,
    read_repeat,
    read_yearly,
)
from catalogue.schedule.plain_english.times import (
    PARTS_OF_DAY,
    Times,
    check_part,
    read_times,
    times_of,
)
from catalogue.schedule.plain_english.tokens import TokenStream
from catalogue.schedule.recurrence import Repeat

FORTNIGHT = "every 2 weeks on Monday 10:00-11:30 from 2026-01-05"
VAGUE = (
    ("no", "fixed", "time|times|day|days"),
    ("times|days", "vary"),
    ("times|days", "may", "vary"),
    ("by", "appointment|arrangement"),
)
VAGUE_MESSAGES = (
    *(gettext_noop("no fixed time"), gettext_noop("no fixed times"), gettext_noop("no fixed day")),
    *(
        gettext_noop("no fixed days"),
        gettext_noop("times vary"),
        gettext_noop("days vary"),
        gettext_noop("times may vary"),
    ),
    *(
        gettext_noop("days may vary"),
        gettext_noop("by appointment"),
        gettext_noop("by arrangement"),
    ),
)
"""The same phrases as messages for pages."""
PARTS = "|".join(part + plural for part in PARTS_OF_DAY for plural in ("", "s"))
PART_MESSAGES = (
    gettext_noop("morning"),
    gettext_noop("afternoon"),
    gettext_noop("evening"),
    gettext_noop("night"),
)
"""The parts of the day as messages, for a schedule that gives no times."""


class When(msgspec.Struct):
    """The clauses read so far. A schedule has a rule, or dates, or only a vague phrase."""

    repeat: Repeat | None = None
    dates: tuple[date, ...] = ()
    vague: str = ""
    times: Times | None = None
    starts_on: date | None = None
    ends_on: date | None = None
    exceptions: Exceptions = NOTHING_LEFT_OUT
    certain: bool = True
    part_of_day: str = ""
    nights: int = 0
    months: tuple[int, ...] = ()
    is_quarterly: bool = False


def read_when(text: str) -> When:
    """Read the whole text; ScheduleError for words out of place or a schedule that cannot be."""
    words = TokenStream(text)
    when = When(part_of_day=_part_named(words), is_quarterly=words.has("quarterly|quarter"))
    while words.peek().kind != "end":
        if not words.accept(",") and not any(clause(words, when) for clause in CLAUSES):
            raise _out_of_place(words, when)
    if when.months:
        if when.repeat is None:
            raise schedule_error("does not say on which day", "Sundays in June 14:00-16:00")
        when.repeat = msgspec.structs.replace(when.repeat, months=when.months)
    for check in CHECKS:
        check(when)
    return when


def _part_named(words: TokenStream) -> str:
    """Return the part of the day that is named anywhere in the text; "" without one."""
    day_parts = {token.text.removesuffix("s") for token in words.tokens} & set(PARTS_OF_DAY)
    if len(day_parts) > 1:
        raise schedule_error("names two parts of the day: write each as a schedule of its own")
    return next(iter(day_parts), "")


def _part_of_day(words: TokenStream, _when: When) -> bool:
    """Move past `mornings` or `in the evening`, which `_part_named` has read."""
    mark = words.position
    words.accept("in|on|at")
    words.accept("the")
    if words.accept(PARTS):
        return True
    words.position = mark
    return False


def _doubt(words: TokenStream, when: When) -> bool:
    """Read `ring first`, `about`, `roughly`, `no fixed time`: nothing to count on."""
    if words.accept("ring|call|phone|ask", "first") or words.accept("about|roughly|usually"):
        when.certain = False
        return True
    for phrase in VAGUE:
        ahead = words.tokens[words.position : words.position + len(phrase)]
        text = " ".join(token.text for token in ahead)
        if not when.vague and words.accept(*phrase):
            when.vague, when.certain = text, False
            return True
    return False


def _bound(words: TokenStream, when: When) -> bool:
    """Read `from 5 January 2026` or `until July 2026`."""
    final = words.sees("until|till")
    dated = words.peek(1).kind in ("date", "day", "month", "nth") or words.peek(2).kind == "month"
    if not dated or not words.accept("from|starting|until|till"):
        return False
    if final:
        _once(when.ends_on, "last dates")
        when.ends_on = read_boundary(words, final=True)
    else:
        _once(when.starts_on, "first dates")
        when.starts_on = read_boundary(words, final=False)
    return True


def _left_out(words: TokenStream, when: When) -> bool:
    """Read `except August and bank holidays` to the end, or `term time only` anywhere."""
    if school := read_school(words):
        when.exceptions = when.exceptions.and_also(Exceptions(only_in=school))
        return True
    words.accept("but")
    if not words.accept("except|not"):
        return False
    when.exceptions = when.exceptions.and_also(read_exceptions(words))
    return True


def _days(words: TokenStream, when: When) -> bool:
    """Read the dates or the repeating rule."""
    mark = words.position
    words.accept("on")
    if _stay(words, when):
        return True
    repeat = read_yearly(words)
    if sees_date(words) and not repeat:
        dates = exact_days(read_spans(words))
        _once(when.dates or when.repeat, "days")
        when.dates = dates
        return True
    if not repeat:
        words.position = mark
        repeat = read_repeat(words)
    if repeat:
        _once(when.dates or when.repeat, "days")
        when.repeat = repeat
    return repeat is not None


def _stay(words: TokenStream, when: When) -> bool:
    """Read `5 June 2027 18:00 to 7 June 2027 14:00`: one session of several days."""
    mark = words.position
    if not sees_date(words):
        return False
    first = read_partial_date(words)
    words.accept(",")
    words.accept("at|from")
    opens = words.take("time")
    joined = opens is not None and words.accept("to|-|until|till") and sees_date(words)
    final = read_partial_date(words) if joined else None
    words.accept(",")
    words.accept("at")
    closes = words.take("time") if final else None
    if opens is None or final is None or closes is None:
        words.position = mark
        return False
    _once(when.dates or when.repeat or when.times, "days")
    starts_on, ends_on = read_two_days(first, final)
    when.dates, nights = (starts_on,), (ends_on - starts_on).days
    when.times = times_of(opens, closes, next_day=nights > 0)
    overnight = nights == 1 and (when.times.closes_at or "") <= when.times.opens_at
    when.nights = 0 if overnight else nights
    return True


def _months(words: TokenStream, when: When) -> bool:
    """Read the months a rule keeps to: `in June and July`, `April to September`."""
    months = read_months(words)
    if months:
        _once(when.months or (when.repeat and when.repeat.months), "months")
        when.months = months
    return bool(months)


def _times(words: TokenStream, when: When) -> bool:
    """Read the times of day."""
    times = read_times(words, when.part_of_day)
    if times:
        _once(when.times, "times")
        when.times = times
    return times is not None


CLAUSES = (_doubt, _months, _bound, _left_out, _part_of_day, _days, _times)


def _once(already: object, field_name: str) -> None:
    """Refuse a second clause of one kind: two rules are two schedules."""
    if already:
        raise schedule_error(f"gives {field_name} twice: write each as a schedule of its own")


def _out_of_place(words: TokenStream, when: When) -> Exception:
    """Return the error for a word that starts nothing here."""
    token = words.peek()
    if token.text in ("at", "from", "until") and words.peek(1).kind == "number":
        token = words.peek(1)
    if token.text in ("and", "or") and when.times:
        return schedule_error("holds two rules: write each as a schedule of its own")
    if token.kind == "number":
        return schedule_error(f'cannot tell what "{token.text}" means', DATES_AND_TIMES)
    return schedule_error(f'cannot read "{token.text}" in this place')


def _says_which_day(when: When) -> None:
    """A schedule says on which day, or that there is no fixed one."""
    if when.repeat is None and not when.dates and not when.vague:
        hint = " Where it varies, write: roughly weekly, ring first." if not when.certain else ""
        raise schedule_error("does not say on which day", hint=hint)
    if when.certain and when.repeat and when.repeat.is_rough:
        raise schedule_error(
            "does not say on which day",
            f"{EXAMPLE}, 2nd Thursday of the month 14:00-16:00, or roughly weekly, ring first",
        )


def _says_which_time(when: When) -> None:
    """A schedule to count on says when it opens."""
    if when.certain and when.times is None:
        raise schedule_error("does not say what time", f"{EXAMPLE}, or every Tuesday, ring first")


def _has_its_bounds_in_order(when: When) -> None:
    """The last date is not before the first, and dates alone need neither."""
    if when.dates and (when.starts_on or when.ends_on):
        raise schedule_error(
            "has dates of its own and a from or until", "12 December 2026 18:00-20:00"
        )
    if when.starts_on and when.ends_on:
        check_order(when.starts_on, when.ends_on)


def _counts_from_its_first_day(when: When) -> None:
    """Every second week, month or day is counted from a date on which it does happen."""
    if not when.certain or when.repeat is None or when.repeat.every == 1:
        return
    if when.is_quarterly and when.starts_on is None:
        when.repeat = msgspec.structs.replace(when.repeat, every=1, months=QUARTERS)
        return
    if when.starts_on is None:
        raise schedule_error("does not say from which date every other one is counted", FORTNIGHT)
    weekly = msgspec.structs.replace(when.repeat, every=1)
    first = next(weekly.dates(when.starts_on, date.max, when.starts_on))
    if first != when.starts_on:
        starts = day_in_english(when.starts_on)
        raise schedule_error(f"{starts} is not one of its days", f"from {day_in_english(first)}")


def _starts_in_its_part_of_the_day(when: When) -> None:
    """Times that are given lie in the part of the day that is named."""
    if when.part_of_day and when.times:
        check_part(when.part_of_day, when.times)


def _happens(when: When) -> None:
    """Something lies between the first date and the last."""
    left_out = when.exceptions.whole_months()
    if when.repeat and when.certain and left_out.issuperset(when.repeat.months or range(1, 13)):
        raise schedule_error("leaves out every month it keeps to")
    if when.repeat and when.certain and when.starts_on and when.ends_on:
        days = when.repeat.dates(when.starts_on, when.ends_on, when.starts_on)
        if next(days, None) is None:
            raise schedule_error(f"never happens {bounds_in_english(when.starts_on, when.ends_on)}")


CHECKS = (
    _says_which_day,
    _says_which_time,
    _has_its_bounds_in_order,
    _counts_from_its_first_day,
    _starts_in_its_part_of_the_day,
    _happens,
)

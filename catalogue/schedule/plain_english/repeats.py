"""A repeating rule out of plain English: `every 2 weeks on Monday`, `2nd and 4th Thursday`.

Reads the days and how often; times, first and last dates and exceptions are read by `schedule`.
"""

import msgspec

from catalogue.schedule.errors import schedule_error
from catalogue.schedule.in_words import ORDINALS
from catalogue.schedule.plain_english.dates import PartialDate, check_day, read_spans, sees_date
from catalogue.schedule.plain_english.tokens import DAYS, TokenStream
from catalogue.schedule.recurrence import ALL_DAYS, LAST, WEEKDAYS, WEEKEND, Repeat, Unit

ADVERBS: dict[str, tuple[Unit, int]] = {
    "daily": ("day", 1),
    "weekly": ("week", 1),
    "fortnightly": ("week", 2),
    "monthly": ("month", 1),
    "quarterly": ("month", 3),
}
UNITS: dict[str, tuple[Unit, int]] = {
    "day": ("day", 1),
    "days": ("day", 1),
    "week": ("week", 1),
    "weeks": ("week", 1),
    "fortnight": ("week", 2),
    "fortnights": ("week", 2),
    "month": ("month", 1),
    "months": ("month", 1),
    "quarter": ("month", 3),
}
QUARTERS = (1, 4, 7, 10)
"""The months in which quarters of the year begin."""
MOST_WORKING_DAYS = 15
"""Every month has as many, whatever bank holidays fall into it."""
MOST = {"day": 31, "week": 52, "month": 12}


def read_repeat(words: TokenStream) -> Repeat | None:
    """Read a repeating rule; None where none comes next. ScheduleError where it cannot be meant."""
    mark = words.position
    words.accept("on")
    has_every = words.accept("every|each")
    if often := _often(words, has_every):
        return _days_of(words, *often)
    other = (has_every and words.accept("other")) or words.accept("alternate")
    if days := _weekdays(words):
        other = words.accept("fortnightly") or other
        words.accept("weekly")
        return Repeat("week", 2 if other else 1, days)
    if not other and (rule := _monthly(words, has_every)):
        return rule
    words.position = mark
    return None


def read_yearly(words: TokenStream) -> Repeat | None:
    """Read `every 25 December`, `every year on 25 and 26 December`, `25 December every year`.

    None where none comes next; what else is yearly names its month ("first Sunday in June").
    """
    mark = words.position
    yearly = words.accept("every|each", "year") or words.accept("yearly|annually")
    words.accept("on")
    if yearly and not sees_date(words):
        rule = read_repeat(words)
        months = read_months(words) if rule else ()
        if rule and (months or rule.months):
            return msgspec.structs.replace(rule, months=months or rule.months)
        words.position = mark
        raise schedule_error("does not say in which month", "first Sunday in June 11:00-16:00")
    yearly = words.accept("every|each") or yearly
    days = [span.first for span in read_spans(words)] if sees_date(words) else []
    if not days or not (words.accept("every|each", "year") or yearly):
        words.position = mark
        return None
    return _dates_of_year(days)


def _dates_of_year(days: list[PartialDate]) -> Repeat:
    """Return the rule of dates that come every year, all in one month."""
    for day in days:
        if day.year:
            raise schedule_error("gives a year to what is yearly", "25 December every year 11:00")
        check_day(day)
    if len({day.month for day in days}) > 1:
        raise schedule_error("gives dates in two months: write each as a schedule of its own")
    numbers = tuple(sorted({day.day for day in days}))
    return Repeat("month", month_days=numbers, months=(days[0].month,))


def read_months(words: TokenStream) -> tuple[int, ...]:
    """Read the months it keeps to: `in June and July`, `April to September`; () without any."""
    mark = words.position
    words.accept(",")
    words.accept("in|of|during|from")
    months: set[int] = set()
    while words.peek().kind == "month" and not words.sees_year(1):
        first = final = words.peek().number
        words.position += 1
        if words.peek(1).kind == "month" and words.accept("to|-|until|till"):
            final = words.peek().number
            words.position += 1
        months |= {(at - 1) % 12 + 1 for at in range(first, first + (final - first) % 12 + 1)}
        words.joins("month")
    if not months or words.sees_year() or words.peek().kind in ("number", "nth", "date"):
        words.position = mark
        return ()
    words.accept("only")
    return tuple(sorted(months))


def _often(words: TokenStream, has_every: bool) -> tuple[Unit, int] | None:
    """Read `daily`, `once a week`, `every day`, `every other week`, `every 3 months`."""
    first, second = words.peek(), words.peek(1)
    if not has_every and words.accept("once", "a"):
        unit = words.peek().text
        words.position += unit in UNITS
        return UNITS.get(unit)
    if not has_every:
        words.position += first.text in ADVERBS
        return ADVERBS.get(first.text)
    if first.text in UNITS:
        words.position += 1
        return UNITS[first.text]
    has_count = first.text == "other" or first.kind in ("number", "nth")
    if not has_count or second.text not in UNITS:
        return None
    words.position += 2
    unit, times = UNITS[second.text]
    number = times * (2 if first.text == "other" else first.number)
    if not 1 <= number <= MOST[unit]:
        raise schedule_error(
            f'"every {first.text} {second.text}" is not between 1 and {MOST[unit]} {unit}s',
            "every 2 weeks on Monday 10:00-11:30 from 2026-01-05",
        )
    return unit, number


def _days_of(words: TokenStream, unit: Unit, interval: int) -> Repeat:
    """Read the days after `every 2 weeks on` or `monthly on the`; none may follow."""
    if unit == "day":
        return Repeat("day", interval)
    mark = words.position
    words.accept("on")
    if unit == "week" and (days := _weekdays(words)):
        return Repeat("week", interval, days)
    if unit == "month" and (rule := _monthly(words, has_every=False, has_month=True)):
        return msgspec.structs.replace(rule, every=interval)
    words.position = mark
    return Repeat(unit, interval)


def _weekdays(words: TokenStream) -> tuple[int, ...]:
    """Read `weekdays`, `weekends`, `Monday to Friday` or `Monday, Wednesday and Friday`."""
    if words.accept("weekday|weekdays"):
        return WEEKDAYS
    if words.accept("weekend|weekends"):
        return WEEKEND
    return _named_days(words) if words.peek().kind == "day" else ()


def _named_days(words: TokenStream) -> tuple[int, ...]:
    """Read a list of days of the week, ranges among them, as sorted numbers."""
    days: set[int] = set()
    while day := words.take("day"):
        days.add(day.number)
        if words.peek(1).kind == "day" and words.accept("to|-"):
            final = words.peek().number
            days |= {n % 7 for n in range(day.number, day.number + (final - day.number) % 7 + 1)}
            words.position += 1
        words.joins("day")
    return tuple(day for day in ALL_DAYS if day in days)


def _monthly(words: TokenStream, has_every: bool, has_month: bool = False) -> Repeat | None:
    """Read `2nd and 4th Thursday`, `1st Monday and last Friday of the month`, `15th of ...`.

    `last day of the month` and `1st working day of the month` are read as well.
    """
    pairs: set[tuple[int, int]] = set()
    while nths := _nths(words):
        if not pairs and (words.accept("working", "day|days") or words.accept("weekday")):
            return _working_days(words, nths, has_month)
        days = _named_days(words)
        if not days and not pairs:
            is_day = words.accept("day|days")
            return _month_days(words, nths, has_month, is_day)
        pairs |= {(nth, day) for day in days for nth in nths}
        if not days or not words.joins("nth"):
            break
    if not pairs:
        return None
    of_month = _of_the_month(words) or has_month
    ordered = _in_order(pairs)
    months = _quarters(words, pairs) or read_months(words)
    if has_every and not of_month and not months and len(pairs) == 1 and min(pairs)[0] > 1:
        raise _two_meanings(*min(pairs))
    return Repeat("month", nth_weekdays=ordered, months=months)


def _quarters(words: TokenStream, pairs: set[tuple[int, int]]) -> tuple[int, ...]:
    """Read `of the quarter` and return its months: its first one, its last where days are last."""
    if not words.accept("of|in", "the|each|every|a", "quarter"):
        return ()
    only_last = {nth for nth, _day in pairs} == {LAST}
    return tuple(month + 2 for month in QUARTERS) if only_last else QUARTERS


def _working_days(words: TokenStream, nths: tuple[int, ...], has_month: bool) -> Repeat:
    """Return the rule of `1st working day of the month`."""
    if not _of_the_month(words) and not has_month:
        raise schedule_error("does not say of what", "1st working day of the month 10:00-12:00")
    if any(nth > MOST_WORKING_DAYS or nth == 0 for nth in nths):
        raise schedule_error(
            f"not every month has {max(nths)} working days", "last working day of the month 10:00"
        )
    return Repeat("month", working_days=_last_at_the_end(nths))


def _nths(words: TokenStream) -> tuple[int, ...]:
    """Read `the 2nd and 4th`, `first, third and last`."""
    numbers: list[int] = []
    mark = words.position
    words.accept("the")
    while nth := words.take("nth"):
        numbers.append(nth.number)
        if not words.joins("nth"):
            break
    words.position = words.position if numbers else mark
    return tuple(numbers)


def _month_days(
    words: TokenStream, numbers: tuple[int, ...], has_month: bool, is_day: bool
) -> Repeat | None:
    """Return the rule of `1st and 15th of the month`; None where no month is named.

    "Last" means the last day only where it `is_day`: otherwise a word may have been forgotten.
    """
    if not _of_the_month(words) and not has_month:
        return None
    for number in numbers:
        if not 1 <= number <= 31 and not (number == LAST and is_day):
            raise schedule_error(
                "does not say which day of the month",
                "last Friday of the month 19:00, or last day of the month 19:00",
            )
    return Repeat("month", month_days=_last_at_the_end(numbers))


def _last_at_the_end(numbers: tuple[int, ...]) -> tuple[int, ...]:
    return tuple(sorted(set(numbers), key=lambda number: (number == LAST, number)))


def _of_the_month(words: TokenStream) -> bool:
    """Move past `of the month`, `of each month`, `every month`, and say whether it was there."""
    return (
        words.accept("of|in", "the|each|every|a", "month")
        or words.accept("each|every|the", "month")
        or words.accept("of", "month")
        or words.accept("monthly")
    )


def _in_order(pairs: set[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the pairs by day of the week, each with its last one at the end."""
    for nth, weekday in pairs:
        if nth > 5 or nth == 0:
            raise schedule_error(
                f"no month has {nth} {DAYS[weekday].title()}s", "2nd and 4th Thursday 14:00-16:00"
            )
    return tuple(sorted(pairs, key=lambda pair: (pair[1], pair[0] == LAST, pair[0])))


def _two_meanings(nth: int, weekday: int) -> Exception:
    """Return the error for `every 2nd Tuesday`, which people mean in two ways."""
    day = DAYS[weekday].title()
    ordinal = ORDINALS[nth - 1]
    return schedule_error(
        f'"every {ordinal} {day}" can mean two things',
        f"{ordinal} {day} of the month 10:30-12:00, "
        f"or every {nth} weeks on {day} 10:30-12:00 from 2026-01-{5 + weekday:02}",
    )

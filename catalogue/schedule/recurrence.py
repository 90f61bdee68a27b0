"""A repeating rule as a value: its RFC 5545 text, its dates, and its words in the active language.

Dates are plain local days, counted by dateutil; times, zones and exceptions are added in
`schedule`. Only working days ask which days are bank holidays.
"""

from calendar import monthrange
from collections.abc import Iterator, Sequence, Set
from datetime import date, datetime, time
from itertools import groupby
from typing import Literal

import msgspec
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from catalogue.i18n.gettext import _, format_list, ngettext
from catalogue.i18n.gettext import weekday as weekday_name
from catalogue.schedule.calendar_days import bank_holidays
from catalogue.schedule.in_words import (
    are_in_a_row,
    day_of_year,
    days_of_month,
    months_in_words,
    nth_weekdays,
    working_days_of_month,
)

LAST = -1
"""As the number of a weekday or a day in its month: the last Friday, the last day."""
Unit = Literal["day", "week", "month"]

FREQUENCIES: dict[Unit, Literal[1, 2, 3]] = {"day": DAILY, "week": WEEKLY, "month": MONTHLY}
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS, WEEKEND, ALL_DAYS = (0, 1, 2, 3, 4), (5, 6), (0, 1, 2, 3, 4, 5, 6)
ALL_MONTHS = tuple(range(1, 13))
ALL_WEEKDAYS = tuple((nth, day) for day in WEEKDAYS for nth in (1, 2, 3, 4, 5))
"""Every Monday to Friday of a month, as `nth_weekdays`."""


class Repeat(msgspec.Struct, frozen=True):
    """Every so many days, weeks (Monday first) or months, and on which days of them.

    A week has `weekdays` (0 Monday to 6 Sunday); a month has `nth_weekdays`, pairs such as (2, 3)
    for the 2nd Thursday and (-1, 4) for the last Friday, or `month_days` (1 to 31, -1 the last), or
    `working_days` (1 the first Monday to Friday that is no bank holiday, -1 the last). A week or a
    month without days is only known roughly. `months` (1 to 12) are those it keeps to; none means
    all of them.
    """

    unit: Unit
    every: int = 1
    weekdays: tuple[int, ...] = ()
    nth_weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()
    working_days: tuple[int, ...] = ()
    months: tuple[int, ...] = ()

    @property
    def is_rough(self) -> bool:
        """Say whether the days of the rule are not known."""
        of_month = self.nth_weekdays or self.month_days or self.working_days
        return self.unit != "day" and not (self.weekdays or of_month)

    def rrule(self, months_left_out: Set[int] = frozenset()) -> str:
        """Return the value of an RFC 5545 RRULE, without UNTIL.

        It cannot say that a working day is no bank holiday: `rfc5545` gives their dates instead.
        """
        parts = [f"FREQ={ {'day': 'DAILY', 'week': 'WEEKLY', 'month': 'MONTHLY'}[self.unit] }"]
        if self.every > 1:
            parts.append(f"INTERVAL={self.every}")
        days = [CODES[day] for day in self.weekdays]
        days += [f"{nth}{CODES[day]}" for nth, day in self.nth_weekdays]
        days += [CODES[day] for day in WEEKDAYS if self.working_days]
        if days:
            parts.append(f"BYDAY={','.join(days)}")
        if self.month_days:
            parts.append(f"BYMONTHDAY={_numbers(self.month_days)}")
        if self.months or months_left_out:
            months = [at for at in self.months or ALL_MONTHS if at not in months_left_out]
            parts.append(f"BYMONTH={_numbers(months)}")
        if self.working_days:
            parts.append(f"BYSETPOS={_numbers(self.working_days)}")
        return ";".join(parts)

    def on(self) -> frozenset[int]:
        """Return the days of the week it can fall on, 0 Monday to 6 Sunday; empty if not known."""
        if self.unit == "day" or self.month_days:
            return frozenset(ALL_DAYS)
        if self.working_days:
            return frozenset(WEEKDAYS)
        return frozenset(self.weekdays) | {day for _, day in self.nth_weekdays}

    def dates(
        self, first: date, final: date, anchor: date, nation: str = "England"
    ) -> Iterator[date]:
        """Yield its days from `first` to `final`, both included, in order; none where rough.

        `anchor` is not after `first` and lies in a day, week or month that the rule counts; it
        matters only where `every` > 1. Working days are those of the `nation`.
        """
        if not self.working_days:
            yield from self._dates_of_rrule(first, final, anchor)
            return
        before = first.replace(day=1)
        every_weekday = msgspec.structs.replace(self, working_days=(), nth_weekdays=ALL_WEEKDAYS)
        days = every_weekday._dates_of_rrule(before, end_of_month(final), min(anchor, before))
        for _month, of_month in groupby(days, key=lambda day: (day.year, day.month)):
            working = [day for day in of_month if day not in bank_holidays(nation, day.year)]
            days_chosen = {working[nth if nth < 0 else nth - 1] for nth in self.working_days}
            yield from (day for day in sorted(days_chosen) if first <= day <= final)

    def _dates_of_rrule(self, first: date, final: date, anchor: date) -> Iterator[date]:
        """Yield the same, bank holidays not regarded: the days of the RFC 5545 rule alone."""
        if self.is_rough:
            return
        start = anchor if self.every > 1 else first
        rule = rrule(
            FREQUENCIES[self.unit],
            dtstart=datetime.combine(start, time()),
            interval=self.every,
            byweekday=self._rrule_weekdays() or None,
            bymonthday=self.month_days or None,
            bymonth=self.months or None,
            bysetpos=self.working_days or None,
        )
        for moment in rule:
            day = moment.date()
            if day > final:
                return
            if day >= first:
                yield day

    def _rrule_weekdays(self) -> list[weekday]:
        plain = [weekday(day) for day in (WEEKDAYS if self.working_days else self.weekdays)]
        return plain + [weekday(day, nth) for nth, day in self.nth_weekdays]

    def in_words(self) -> str:
        """Return `every Monday`, `last Friday of the month`, `every Sunday, in June`."""
        if not self.months:
            return self._days_in_words()
        months = months_in_words(self.months)
        if self.unit == "month" and self.every == 1 and self.nth_weekdays:
            return _("%(days)s in %(months)s", days=self._nth_weekdays_in_words(), months=months)
        if self.is_yearly_date:
            days = format_list(day_of_year(day, self.months[0]) for day in self.month_days)
            return _("every year on %(days)s", days=days)
        days = self._days_in_words()
        if are_in_a_row(self.months):
            return f"{days}, {months}"
        return _("%(days)s, in %(months)s", days=days, months=months)

    @property
    def is_yearly_date(self) -> bool:
        """Say whether it is one date of every year, such as 25 December, or a few of one month."""
        one_month = self.unit == "month" and self.every == 1 and len(self.months) == 1
        return one_month and bool(self.month_days) and LAST not in self.month_days

    def _days_in_words(self) -> str:
        if self.unit == "month":
            return self._month_in_words()
        if self.unit == "day":
            return ngettext("every day", "every %(num)s days", self.every)
        if not self.weekdays:
            return rough_in_words(self)
        if self.every == 1 and self.weekdays == WEEKDAYS:
            return _("Monday to Friday")
        days = format_list(weekday_name(day) for day in self.weekdays)
        return ngettext("every %(days)s", "every %(num)s weeks on %(days)s", self.every, days=days)

    def _month_in_words(self) -> str:
        """Return `2nd and 4th Thursday of the month`, `every 3 months on the 1st Monday`."""
        if self.is_rough:
            return rough_in_words(self)
        days = (
            self._nth_weekdays_in_words()
            or days_of_month(self.month_days)
            or working_days_of_month(self.working_days)
        )
        return ngettext(
            "%(days)s of the month",
            "every %(num)s months on the %(days)s",
            self.every,
            days=days,
        )

    def _nth_weekdays_in_words(self) -> str:
        """Return `2nd and 4th Thursday`, `1st Monday and last Friday`; nothing without them."""
        by_weekday: dict[int, list[int]] = {}
        for nth, day in self.nth_weekdays:
            by_weekday.setdefault(day, []).append(nth)
        return format_list(nth_weekdays(nths, day) for day, nths in by_weekday.items())


def rough_in_words(rule: Repeat) -> str:
    """Return `about once a week`, `about every 2 weeks`, `about once a month`."""
    if rule.unit == "month":
        return ngettext("about once a month", "about every %(num)s months", rule.every)
    return ngettext("about once a week", "about every %(num)s weeks", rule.every)


def end_of_month(day: date) -> date:
    """Return the last day of the month of a day."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def _numbers(values: Sequence[int]) -> str:
    return ",".join(map(str, values))

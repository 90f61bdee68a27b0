"""A repeating rule as a value: its RFC 5545 text, its dates, and its words in the active language.

Dates are plain local days, counted by dateutil; times, zones and exceptions are added in
`schedule`.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Literal

import msgspec
from dateutil.rrule import DAILY, MONTHLY, WEEKLY, rrule, weekday

from catalogue.i18n.gettext import _, format_list, ngettext
from catalogue.i18n.gettext import weekday as weekday_name
from catalogue.schedule.in_words import nth_weekdays, ordinal

LAST = -1
"""As the number of a weekday in its month: the last Friday."""
Unit = Literal["day", "week", "month"]

FREQUENCIES: dict[Unit, Literal[1, 2, 3]] = {"day": DAILY, "week": WEEKLY, "month": MONTHLY}
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
WEEKDAYS, WEEKEND, ALL_DAYS = (0, 1, 2, 3, 4), (5, 6), (0, 1, 2, 3, 4, 5, 6)


class Repeat(msgspec.Struct, frozen=True):
    """Every so many days, weeks (Monday first) or months, and on which days of them.

    A week has `weekdays` (0 Monday to 6 Sunday); a month has `nth_weekdays`, pairs such as (2, 3)
    for the 2nd Thursday and (-1, 4) for the last Friday, or `month_days` (1 to 31). A week or a
    month without days is only known roughly.
    """

    unit: Unit
    every: int = 1
    weekdays: tuple[int, ...] = ()
    nth_weekdays: tuple[tuple[int, int], ...] = ()
    month_days: tuple[int, ...] = ()

    @property
    def is_rough(self) -> bool:
        """Say whether the days of the rule are not known."""
        return self.unit != "day" and not (self.weekdays or self.nth_weekdays or self.month_days)

    def rrule(self) -> str:
        """Return the value of an RFC 5545 RRULE, without UNTIL."""
        parts = [f"FREQ={ {'day': 'DAILY', 'week': 'WEEKLY', 'month': 'MONTHLY'}[self.unit] }"]
        if self.every > 1:
            parts.append(f"INTERVAL={self.every}")
        days = [CODES[day] for day in self.weekdays]
        days += [f"{nth}{CODES[day]}" for nth, day in self.nth_weekdays]
        if days:
            parts.append(f"BYDAY={','.join(days)}")
        if self.month_days:
            parts.append(f"BYMONTHDAY={','.join(map(str, self.month_days))}")
        return ";".join(parts)

    def on(self) -> frozenset[int]:
        """Return the days of the week it can fall on, 0 Monday to 6 Sunday; empty if not known."""
        if self.unit == "day" or self.month_days:
            return frozenset(ALL_DAYS)
        return frozenset(self.weekdays) | {day for _, day in self.nth_weekdays}

    def dates(self, first: date, final: date, anchor: date) -> Iterator[date]:
        """Yield its days from `first` to `final`, both included, in order; none where rough.

        `anchor` is not after `first` and lies in a day, week or month that the rule counts; it
        matters only where `every` > 1.
        """
        if self.is_rough:
            return
        start = anchor if self.every > 1 else first
        rule = rrule(
            FREQUENCIES[self.unit],
            dtstart=datetime.combine(start, time()),
            interval=self.every,
            byweekday=self._rrule_weekdays() or None,
            bymonthday=self.month_days or None,
        )
        for moment in rule:
            day = moment.date()
            if day > final:
                return
            if day >= first:
                yield day

    def _rrule_weekdays(self) -> list[weekday]:
        plain = [weekday(day) for day in self.weekdays]
        return plain + [weekday(day, nth) for nth, day in self.nth_weekdays]

    def in_words(self) -> str:
        """Return `every Monday`, `last Friday of the month`, `every 2 weeks on Tuesday`."""
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
        by_weekday: dict[int, list[int]] = {}
        for nth, day in self.nth_weekdays:
            by_weekday.setdefault(day, []).append(nth)
        days = [nth_weekdays(nths, day) for day, nths in by_weekday.items()]
        days = days or [ordinal(number) for number in self.month_days]
        return ngettext(
            "%(days)s of the month",
            "every %(num)s months on the %(days)s",
            self.every,
            days=format_list(days),
        )


def rough_in_words(rule: Repeat) -> str:
    """Return `roughly weekly`, `roughly fortnightly`, `roughly every 6 weeks`."""
    if rule.unit == "month":
        return ngettext("roughly monthly", "roughly every %(num)s months", rule.every)
    if rule.every == 2:
        return _("roughly fortnightly")
    return ngettext("roughly weekly", "roughly every %(num)s weeks", rule.every)

"""A repeating rule as a value: its RFC 5545 text, its dates, its words in the language spoken.

Dates are plain local days; times, zones and exceptions are added in `schedule`. The dates are
worked out here rather than by dateutil's rrule, which takes some six times as long for the next
six; tests hold the two to the same answers.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Literal

import msgspec

from catalogue.i18n.gettext import _, format_list, ngettext, weekday
from catalogue.schedule.in_words import nth_weekdays, ordinal

LAST = -1
"""As the number of a weekday in its month: the last Friday."""
Unit = Literal["day", "week", "month"]

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
        """Yield its days from `first` to `final`, both included, in order.

        `anchor` lies in a day, week or month the rule counts; it matters only where `every` > 1.
        """
        walk = {"day": self._days, "week": self._weeks, "month": self._months}[self.unit]
        for day in walk(first, anchor):
            if day > final:
                return
            if day >= first:
                yield day

    def _days(self, first: date, anchor: date) -> Iterator[date]:
        """Yield every so many days, from the first that counts."""
        day = first + timedelta((anchor - first).days % self.every)
        while True:
            yield day
            day += timedelta(self.every)

    def _weeks(self, first: date, anchor: date) -> Iterator[date]:
        """Yield the days of every week that counts, from the week of `first` on."""
        monday = first - timedelta(first.weekday())
        monday += timedelta(7 * ((anchor - monday).days // 7 % self.every))
        offsets = [timedelta(day) for day in self.weekdays]
        week = timedelta(7 * self.every)
        while offsets:
            for offset in offsets:
                yield monday + offset
            monday += week

    def _months(self, first: date, anchor: date) -> Iterator[date]:
        """Yield the days of every month that counts, from the month of `first` on."""
        month = first.year * 12 + first.month - 1
        month += (anchor.year * 12 + anchor.month - 1 - month) % self.every
        while not self.is_rough:
            yield from self._days_of_month(*divmod(month, 12))
            month += self.every

    def _days_of_month(self, year: int, month: int) -> list[date]:
        """Return its days in one month (0 January), which may have none: a 5th Friday, a 31st."""
        first_weekday, length = monthrange(year, month + 1)
        numbers = set(self.month_days)
        for nth, day in self.nth_weekdays:
            earliest = 1 + (day - first_weekday) % 7
            last = earliest + (length - earliest) // 7 * 7
            numbers.add(last if nth == LAST else earliest + 7 * (nth - 1))
        return [date(year, month + 1, number) for number in sorted(numbers) if number <= length]

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
        days = format_list(weekday(day) for day in self.weekdays)
        return ngettext("every %(days)s", "every %(num)s weeks on %(days)s", self.every, days=days)

    def _month_in_words(self) -> str:
        """Return `2nd and 4th Thursday of the month`, `every 3 months on the 1st Monday`."""
        if self.is_rough:
            return rough_in_words(self)
        of_weekday: dict[int, list[int]] = {}
        for nth, day in self.nth_weekdays:
            of_weekday.setdefault(day, []).append(nth)
        days = [nth_weekdays(nths, day) for day, nths in of_weekday.items()]
        said = format_list(days) or format_list(ordinal(number) for number in self.month_days)
        return ngettext(
            "%(days)s of the month",
            "every %(num)s months on the %(days)s",
            self.every,
            days=said,
        )


def rough_in_words(rule: Repeat) -> str:
    """Return `roughly weekly`, `roughly fortnightly`, `roughly every 6 weeks`."""
    if rule.unit == "month":
        return ngettext("roughly monthly", "roughly every %(num)s months", rule.every)
    if rule.every == 2:
        return _("roughly fortnightly")
    return ngettext("roughly weekly", "roughly every %(num)s weeks", rule.every)

"""Days a repeating activity leaves out: dates, months, bank holidays, a half of the school year.

Bank holidays come from the `holidays` package, school terms from whoever calls: where the terms
say nothing of a day, term time is "unknown" and nothing is cancelled.
"""

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import pairwise
from typing import Literal

import msgspec

from catalogue.i18n.gettext import _, gettext_noop, month
from catalogue.model.activity import YesNoUnknown
from catalogue.model.school_calendar import Calendar, Nation, Term
from catalogue.schedule.errors import schedule_error
from catalogue.schedule.in_words import bounds_in_words, date_in_words, day_of_year, range_in_words

School = Literal["", "term time", "school holidays"]

SUBDIVISIONS: dict[str, str] = {
    "England": "ENG",
    "Scotland": "SCT",
    "Wales": "WLS",
    "Northern Ireland": "NIR",
}
HOLIDAYS_OF: dict[str, str] = {
    "": gettext_noop("bank holidays"),
    "England": gettext_noop("bank holidays in England"),
    "Scotland": gettext_noop("bank holidays in Scotland"),
    "Wales": gettext_noop("bank holidays in Wales"),
    "Northern Ireland": gettext_noop("bank holidays in Northern Ireland"),
}
BANK_HOLIDAYS = frozenset(
    {
        gettext_noop("New Year's Day"),
        gettext_noop("New Year Holiday"),
        gettext_noop("Saint Patrick's Day"),
        gettext_noop("Good Friday"),
        gettext_noop("Easter Monday"),
        gettext_noop("May Day"),
        gettext_noop("Spring Bank Holiday"),
        gettext_noop("Battle of the Boyne"),
        gettext_noop("Summer Bank Holiday"),
        gettext_noop("Late Summer Bank Holiday"),
        gettext_noop("Saint Andrew's Day"),
        gettext_noop("Christmas Day"),
        gettext_noop("Boxing Day"),
    }
)
"""Those of every year, as the `holidays` package names them. Others keep its English name."""
# The longest school holiday is Northern Ireland's July and August. A longer gap between two terms
# is a term nobody has typed in yet.
LONGEST_HOLIDAY = timedelta(days=70)


class DatedBreak(msgspec.Struct, frozen=True):
    """Days left out once, the first and the last included."""

    starts_on: date
    ends_on: date

    def covers(self, day: date) -> bool:
        """Say whether the day is one of them."""
        return self.starts_on <= day <= self.ends_on

    def in_words(self) -> str:
        """Return `22 December 2026 to 2 January 2027`, or the one date."""
        return range_in_words(date_in_words(self.starts_on), date_in_words(self.ends_on))

    def why(self) -> str:
        """Return the reason shown beside a cancelled session."""
        if self.starts_on == self.ends_on:
            return _("not on %(day)s", day=date_in_words(self.starts_on))
        return _("break %(dates)s", dates=bounds_in_words(self.starts_on, self.ends_on))


class YearlyBreak(msgspec.Struct, frozen=True):
    """Days left out every year, from one (month, day) to another, perhaps over New Year."""

    starts: tuple[int, int]
    ends: tuple[int, int]

    def covers(self, day: date) -> bool:
        """Say whether the day is one of them."""
        month_and_day = (day.month, day.day)
        if self.starts <= self.ends:
            return self.starts <= month_and_day <= self.ends
        return month_and_day >= self.starts or month_and_day <= self.ends

    def whole_months(self) -> frozenset[int]:
        """Return its months where it is made of whole ones, else none; 1 is January."""
        if self.starts[1] != 1 or self.ends[1] != last_day(self.ends[0]):
            return frozenset()
        first, last = self.starts[0], self.ends[0]
        return frozenset((first + at - 1) % 12 + 1 for at in range((last - first) % 12 + 1))

    def in_words(self) -> str:
        """Return `August`, `October to March`, `25 December`, `22 December to 2 January`."""
        whole_months = self.whole_months()
        first, last = (
            month(of_month) if whole_months else day_of_year(day, of_month)
            for of_month, day in (self.starts, self.ends)
        )
        return range_in_words(first, last)

    def why(self) -> str:
        """Return the reason shown beside a cancelled session."""
        dates = self.in_words()
        if self.starts == self.ends:
            return _("not on %(day)s", day=dates)
        if dates == month(self.starts[0]):
            return _("in %(month)s", month=dates)
        return _("break from %(dates)s", dates=dates)


class Exceptions(msgspec.Struct, frozen=True):
    """Everything a schedule leaves out. In `bank_holidays`, "" is the nation of the calendar.

    `only_in` says which half of the school year it keeps to; "" is the whole year.
    """

    dated: tuple[DatedBreak, ...] = ()
    yearly: tuple[YearlyBreak, ...] = ()
    bank_holidays: tuple[Nation | Literal[""], ...] = ()
    only_in: School = ""

    def why(self, day: date, calendar: Calendar) -> str:
        """Return why nothing happens on the day, in a few words; nothing if it does."""
        for left_out in self._breaks():
            if left_out.covers(day):
                return left_out.why()
        for nation in self.bank_holidays:
            if name := bank_holidays(nation or calendar.nation, day.year).get(day):
                return _("bank holiday: %(holiday)s", holiday=_holiday(name))
        return self._why_of_term(day, calendar) if self.only_in else ""

    def whole_months(self) -> frozenset[int]:
        """Return the months left out every year from end to end; 1 is January."""
        return frozenset(month for left_out in self.yearly for month in left_out.whole_months())

    def need_dates(self) -> bool:
        """Say whether no rule of a calendar program says all of it, however many years on."""
        by_rule = all(left_out.whole_months() for left_out in self.yearly)
        return bool(self.bank_holidays or self.only_in or not by_rule)

    def _breaks(self) -> tuple[DatedBreak | YearlyBreak, ...]:
        """Return the breaks of both kinds."""
        return (*self.dated, *self.yearly)

    def _why_of_term(self, day: date, calendar: Calendar) -> str:
        """Return why it does not fit the school year, nothing where it does or may."""
        term_time = in_term_time(day, calendar.terms)
        if self.only_in == "term time":
            return _("not in term time") if term_time == "no" else ""
        return _("in term time") if term_time == "yes" else ""

    def doubt(self, day: date, calendar: Calendar) -> str:
        """Return what is not known about the day: "term dates not known", or nothing."""
        unknown = self.only_in and in_term_time(day, calendar.terms) == "unknown"
        return _("term dates not known") if unknown else ""

    def in_words(self) -> list[str]:
        """Return what is left out, each as it could be written, the school year aside."""
        breaks = [left_out.in_words() for left_out in self._breaks()]
        return breaks + [_(HOLIDAYS_OF[nation]) for nation in self.bank_holidays]

    def apart(self) -> "tuple[Exceptions, ...]":
        """Return what is left out each by itself, the school year aside."""
        return (
            *(Exceptions(dated=(left_out,)) for left_out in self.dated),
            *(Exceptions(yearly=(left_out,)) for left_out in self.yearly),
            *(Exceptions(bank_holidays=(nation,)) for nation in self.bank_holidays),
        )

    def and_also(self, other: "Exceptions") -> "Exceptions":
        """Return both together, nothing twice; ScheduleError where the two leave no day."""
        if {self.only_in, other.only_in} == {"term time", "school holidays"}:
            raise schedule_error("keeps to term time and to the school holidays at once")
        return Exceptions(
            tuple(dict.fromkeys(self.dated + other.dated)),
            tuple(dict.fromkeys(self.yearly + other.yearly)),
            tuple(dict.fromkeys(self.bank_holidays + other.bank_holidays)),
            self.only_in or other.only_in,
        )


NOTHING_LEFT_OUT = Exceptions()


def last_day(month: int) -> int:
    """Return the most days a month can have (29 for February)."""
    return 29 if month == 2 else 30 if month in (4, 6, 9, 11) else 31


@cache
def bank_holidays(nation: str, year: int) -> Mapping[date, str]:
    """Return a nation's bank holidays of one year by day; 2000 to 2100 are known."""
    # Imported here: it takes a fifth of a second, and most schedules name no bank holidays.
    from holidays import country_holidays

    by_day: Mapping[date, str] = country_holidays("GB", subdiv=SUBDIVISIONS[nation], years=year)
    return by_day


def _holiday(name: str) -> str:
    """Return the name of a bank holiday, or of two on one day, as people know it."""
    return "; ".join(_one_holiday(*part.partition(" (observed)")) for part in name.split("; "))


def _one_holiday(name: str, moved: str, _rest: str) -> str:
    translated = _(name) if name in BANK_HOLIDAYS else name
    return _("%(holiday)s (substitute day)", holiday=translated) if moved else translated


def in_term_time(day: date, terms: tuple[Term, ...]) -> YesNoUnknown:
    """Say whether school is in. Before the first term, after the last, in a long gap: unknown."""
    return _known_days(terms).get(day, "unknown")


@lru_cache(maxsize=256)
def _known_days(terms: tuple[Term, ...]) -> Mapping[date, YesNoUnknown]:
    """Return term time for every day between the first and the last term, long gaps aside."""
    in_order = sorted(terms, key=lambda term: term.starts_on)
    answer_by_day: dict[date, YesNoUnknown] = {}
    for before, after in pairwise(in_order):
        if after.starts_on - before.ends_on <= LONGEST_HOLIDAY:
            between = (before.ends_on + timedelta(1), after.starts_on - timedelta(1))
            answer_by_day.update(dict.fromkeys(_days(*between), "no"))
    for term in in_order:
        answer_by_day.update(dict.fromkeys(_days(term.starts_on, term.ends_on), "yes"))
    return answer_by_day


def _days(first: date, final: date) -> Iterator[date]:
    """Yield all days from the first to the final one."""
    return (first + timedelta(day) for day in range((final - first).days + 1))

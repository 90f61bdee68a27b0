"""Dates, prices and tri-state facts as people say them, in the directory's language.

A page that may be read tomorrow never says "today": static pages name the day, and only an answer
made at the moment it is read (the API, a script) may say "Tomorrow".
"""

from collections.abc import Iterable
from datetime import date, datetime

from catalogue.i18n.gettext import _, format_list, gettext_noop, ngettext, weekday
from catalogue.i18n.gettext import month as named_month
from catalogue.model.activity import CostOption
from catalogue.schedule.in_words import date_in_words
from catalogue.schedule.schedule import LONDON

LOCAL = LONDON
NOT_KNOWN = gettext_noop("not known, ask")
WAYS = {
    "in person": gettext_noop("in person"),
    "online": gettext_noop("online"),
    "by phone": gettext_noop("by phone"),
    "comes to you": gettext_noop("comes to you"),
}
KM_A_MILE = 1.609344
FRESH_DAYS = 92  # checked within three months
STALE_DAYS = 183  # from six months on a page says "ring first"
OLD_DAYS = 365


def day(on: date, today: date | None = None) -> str:
    """Return "Tuesday 24 November"; with `today` given also Today, Tomorrow, and the year."""
    if today is not None and (on - today).days in (0, 1):
        return _("Tomorrow") if on > today else _("Today")
    if today is None or on.year == today.year:
        return _(
            "%(weekday)s %(day)s %(month)s",
            weekday=weekday(on),
            day=on.day,
            month=named_month(on),
        )
    return day_and_year(on)


def day_and_year(on: date) -> str:
    """Return "Tuesday 24 November 2026"."""
    return _("%(weekday)s %(date)s", weekday=weekday(on), date=long_date(on))


def long_date(on: date) -> str:
    """Return "22 November 2026"."""
    return date_in_words(on)


def month(on: date) -> str:
    """Return "September 2026"."""
    return _("%(month)s %(year)s", month=named_month(on), year=on.year)


def clock(at: datetime) -> str:
    """Return the local time as "10:30"."""
    local = at.astimezone(LOCAL)
    return f"{local.hour:02}:{local.minute:02}"  # strftime takes four times as long


def price(pence: int) -> str:
    """Return "Free", "£4" or "£4.50"."""
    if pence == 0:
        return _("Free")
    pounds, pence_left = divmod(pence, 100)
    return f"£{pounds}.{pence_left:02}" if pence_left else f"£{pounds}"


def miles_of(kilometres: float) -> int:
    """Return a distance in whole miles."""
    return round(kilometres / KM_A_MILE)


def distance(kilometres: float, about: bool) -> str:
    """Return "3 miles", or "about 3 miles" where only the middle of a place is known."""
    miles = miles_of(kilometres)
    if miles < 1:
        return _("less than a mile")
    if about:
        return ngettext("about %(num)s mile", "about %(num)s miles", miles)
    return ngettext("%(num)s mile", "%(num)s miles", miles)


def cost(options: Iterable[CostOption]) -> str:
    """Return all options in one sentence; none written is "not known, ask"."""
    sentences = [f"{price(option.price_pence)}{_condition(option.condition)}" for option in options]
    return " ".join(sentences) or _("Not known, ask.")


def _condition(condition: str) -> str:
    if not condition:
        return "."
    end = "" if condition.endswith((".", "!", "?")) else "."
    return f", {condition}{end}" if condition[0].islower() else f". {condition}{end}"


def together(words: Iterable[str], last: str = "and") -> str:
    """Return "one", "one and two", "one, two and three"."""
    return format_list(words, "or" if last == "or" else "standard")


def ways(of_taking_part: Iterable[str]) -> str:
    """Return "in person or by phone" of an activity's ways."""
    return format_list((_(WAYS[way]) for way in of_taking_part), "or")


def ago(on: date, today: date) -> str:
    """Return how long ago, roughly: "today", "3 weeks ago", "2 months ago", "over a year ago"."""
    days = (today - on).days
    if days <= 0:
        return _("today")
    if days < 14:
        return ngettext("yesterday", "%(num)s days ago", days)
    if days < 61:
        return ngettext("%(num)s week ago", "%(num)s weeks ago", days // 7)
    if days <= OLD_DAYS:
        return ngettext("%(num)s month ago", "%(num)s months ago", days // 30)
    return _("over a year ago")

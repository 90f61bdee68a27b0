"""Dates, prices and tri-state facts as people say them.

A page that may be read tomorrow never says "today": static pages name the day, and only an answer
made at the moment it is read (the API, a script) may say "Tomorrow".
"""

from collections.abc import Iterable
from datetime import date, datetime
from zoneinfo import ZoneInfo

from catalogue.activity import CostOption

LOCAL = ZoneInfo("Europe/London")
NOT_KNOWN = "not known, ask"
FRESH_DAYS = 92  # checked within three months
STALE_DAYS = 183  # from six months on a page says "ring first"
OLD_DAYS = 365


def day(on: date, today: date | None = None) -> str:
    """Return "Tuesday 24 November"; with `today` given also Today, Tomorrow, and the year."""
    if today is not None and (on - today).days in (0, 1):
        return ("Today", "Tomorrow")[(on - today).days]
    words = f"{on:%A} {on.day} {on:%B}"
    return words if today is None or on.year == today.year else f"{words} {on.year}"


def long_date(on: date) -> str:
    """Return "22 November 2026"."""
    return f"{on.day} {on:%B} {on.year}"


def month(on: date) -> str:
    """Return "September 2026"."""
    return f"{on:%B} {on.year}"


def clock(at: datetime) -> str:
    """Return the local time as "10:30"."""
    return f"{at.astimezone(LOCAL):%H:%M}"


def price(pence: int) -> str:
    """Return "Free", "£4" or "£4.50"."""
    if pence == 0:
        return "Free"
    pounds, rest = divmod(pence, 100)
    return f"£{pounds}.{rest:02}" if rest else f"£{pounds}"


def cost(options: Iterable[CostOption]) -> str:
    """Return all options in one sentence; none written is "not known, ask"."""
    sentences = [f"{price(option.price_pence)}{_condition(option.condition)}" for option in options]
    return " ".join(sentences) or NOT_KNOWN.capitalize() + "."


def _condition(condition: str) -> str:
    if not condition:
        return "."
    end = "" if condition.endswith((".", "!", "?")) else "."
    return f", {condition}{end}" if condition[0].islower() else f". {condition}{end}"


def together(words: Iterable[str], last: str = "and") -> str:
    """Return "one", "one and two", "one, two and three"."""
    *first, final = [*words] or [""]
    return f"{', '.join(first)} {last} {final}" if first else final


def ago(on: date, today: date) -> str:
    """Return how long ago, roughly: "today", "3 weeks ago", "2 months ago", "over a year ago"."""
    days = (today - on).days
    if days <= 0:
        return "today"
    if days < 14:
        return "yesterday" if days == 1 else f"{days} days ago"
    if days < 61:
        return f"{days // 7} weeks ago"
    return f"{days // 30} months ago" if days <= OLD_DAYS else "over a year ago"

"""How far a page can be trusted today: who checked its facts, and when, said without softening."""

from datetime import datetime
from typing import Literal

import msgspec

from catalogue import words
from catalogue.activity import Activity

Level = Literal["fresh", "ageing", "stale", "unchecked"]


class FactSource(msgspec.Struct, frozen=True):
    """Where facts were read, and the day in words."""

    name: str
    website: str
    read_on: str


class Freshness(msgspec.Struct, frozen=True):
    """How long ago the facts were checked. `on` is ISO 8601, empty where nobody checked them."""

    level: Level
    words: str
    on: str
    advice: str
    sources: tuple[FactSource, ...]


def freshness(activity: Activity, now: datetime) -> Freshness:
    """Return what to say about the age of an entry's facts at `now` (aware)."""
    sources = tuple(
        FactSource(source.name, source.website, words.long_date(source.read_on))
        for source in activity.sources
    )
    checked = activity.assured_on
    if checked is None:
        return Freshness("unchecked", "Not yet checked with the people who run it", "", "", sources)
    days = (now.astimezone(words.LOCAL).date() - checked).days
    level: Level = "fresh"
    if days > words.FRESH_DAYS:
        level = "ageing" if days <= words.STALE_DAYS else "stale"
    said = f"Checked on {words.long_date(checked)}"
    advice = "That is a while ago: please ring first." if level == "stale" else ""
    return Freshness(level, said, checked.isoformat(), advice, sources)


def notice(activity: Activity) -> str:
    """Return what must be said above everything else, or nothing."""
    if activity.status == "unknown" and activity.assured_on is None:
        return (
            "We read about this but have not yet spoken to the people who run it, so we do not "
            "know whether it still runs. Please ask before you go."
        )
    return {
        "unknown": "We do not know whether this still runs. Please ask before you go.",
        "temporarily closed": "This is not running at the moment. Ask when it starts again.",
        "inactive": "This has stopped. We keep the page so that nobody wonders where it went.",
        "defunct": "This has ended. We keep the page so that nobody wonders where it went.",
    }.get(activity.status, "")

"""How far a page can be trusted today: who checked its facts, and when."""

from datetime import date, datetime
from typing import Literal

import msgspec

from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.activity import Activity
from catalogue.outputs import formatting as words

Level = Literal["fresh", "ageing", "ring first", "old", "unchecked"]
ADVICE: dict[Level, str] = {
    "ring first": gettext_noop("We last checked this more than six months ago. Please ring first."),
    "old": gettext_noop("We last checked this over a year ago. Much may have changed: ring first."),
}

ADVICE_WITHOUT_PHONE: dict[Level, str] = {
    "ring first": gettext_noop("We last checked this more than six months ago. Please ask first."),
    "old": gettext_noop("We last checked this over a year ago. Much may have changed: ask first."),
}

NOTICES = {
    "unknown": gettext_noop("We do not know whether this still runs. Please ask before you go."),
    "temporarily closed": gettext_noop(
        "This is not running at the moment. Ask when it starts again."
    ),
    "inactive": gettext_noop(
        "This has stopped. We keep the page so that nobody wonders where it went."
    ),
    "defunct": gettext_noop(
        "This has ended. We keep the page so that nobody wonders where it went."
    ),
}


class FactSource(msgspec.Struct, frozen=True):
    """Where facts were read, and the day in words."""

    name: str
    website: str
    read_on: str


class Freshness(msgspec.Struct, frozen=True):
    """How long ago the facts were checked. `on` is ISO 8601, empty where nobody checked them.

    `on_paper` names the day alone, for a sheet is read long after it was printed.
    """

    level: Level
    words: str
    on_paper: str
    on: str
    advice: str
    sources: tuple[FactSource, ...]


def level(assured_on: date | None, today: date) -> Level:
    """Return how far facts checked on `assured_on` can be trusted on `today` (both in London).

    Up to three months fresh, to six ageing, to twelve "ring first", then old; None is unchecked.
    """
    if assured_on is None:
        return "unchecked"
    days = (today - assured_on).days
    if days <= words.FRESH_DAYS:
        return "fresh"
    if days <= words.STALE_DAYS:
        return "ageing"
    return "ring first" if days <= words.OLD_DAYS else "old"


def freshness(activity: Activity, now: datetime) -> Freshness:
    """Return what to say about the age of an entry's facts at `now` (aware)."""
    sources = tuple(
        FactSource(source.name, source.website, words.long_date(source.read_on))
        for source in activity.sources
    )
    today, checked = now.astimezone(words.LOCAL).date(), activity.assured_on
    reached = level(checked, today)
    if checked is None:
        in_words = _("Not yet checked with the people who run it")
        return Freshness(reached, in_words, in_words, "", "", sources)
    ago, day = words.ago(checked, today), words.long_date(checked)
    in_words = _("Checked %(ago)s, on %(day)s", ago=ago, day=day)
    all_advice = ADVICE if activity.contact.phone else ADVICE_WITHOUT_PHONE
    advice = _(all_advice[reached]) if reached in all_advice else ""
    on_paper = _("Checked on %(day)s", day=day)
    return Freshness(reached, in_words, on_paper, checked.isoformat(), advice, sources)


def notice(activity: Activity) -> str:
    """Return what must be said above everything else, or nothing."""
    if activity.status == "unknown" and activity.assured_on is None:
        return _(
            "We read about this but have not yet spoken to the people who run it, so we do not "
            "know whether it still runs. Please ask before you go."
        )
    return _(NOTICES[activity.status]) if activity.status in NOTICES else ""

"""What is new and changed, for its page and its feed: dated by the change, never by a check."""

from collections.abc import Iterable
from itertools import groupby

import msgspec

from catalogue.i18n import languages
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.outputs import formatting
from catalogue.outputs.worlds import split_worlds

KEPT_ENTRIES = 50


class NewsItem(msgspec.Struct, frozen=True):
    """One activity that is new or changed; `what` changed, in words."""

    title: str
    url: str
    summary: str
    what: str
    lang: str


class NewsDay(msgspec.Struct, frozen=True):
    """What happened on one day; `on` is ISO 8601."""

    on: str
    words: str
    items: tuple[NewsItem, ...]


class News(msgspec.Struct, frozen=True):
    """What is new, and what is new in the demonstration beside it, each the latest day first."""

    days: tuple[NewsDay, ...]
    invented: tuple[NewsDay, ...]


def latest(activities: Iterable[Activity]) -> tuple[list[Activity], list[Activity]]:
    """Return the newest changes first and, apart, those of the demonstration.

    An activity whose change has no day is not among them.
    """
    dated = [(activity.news_on, activity) for activity in activities if activity.news_on]
    dated.sort(key=lambda dated_entry: (-dated_entry[0].toordinal(), dated_entry[1].slug))
    shown, invented = split_worlds(activity for _day, activity in dated)
    return shown[:KEPT_ENTRIES], invented[:KEPT_ENTRIES]


def news(activities: Iterable[Activity]) -> News:
    """Return the same by days."""
    shown, invented = latest(activities)
    return News(_by_day(shown), _by_day(invented))


def _by_day(activities: list[Activity]) -> tuple[NewsDay, ...]:
    return tuple(
        NewsDay(
            on.isoformat(),
            formatting.day_and_year(on),
            tuple(_item(activity) for activity in group),
        )
        for on, group in groupby(activities, key=lambda activity: activity.news_on)
        if on
    )


def what_changed(activity: Activity) -> str:
    """Return what changed, as far as it is known."""
    if activity.changed:
        return activity.changed
    return _("Changed") if activity.changed_on else _("New here")


def _item(activity: Activity) -> NewsItem:
    return NewsItem(
        title=activity.title,
        url=f"/activities/{activity.slug}/",
        summary=activity.summary,
        what=what_changed(activity),
        lang=languages.lang_tag(activity.language),
    )

"""What a build lays beside the pages: calendars, the feed, open data, badges and registers.

Which files there are is told here; what they say is in `outputs`.
"""

from urllib.parse import urljoin

import msgspec

from catalogue.build.incremental_output import Laying
from catalogue.build.pages import SitePages
from catalogue.model.activity import Activity
from catalogue.outputs.feeds import atom, calendar
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.open_data import activities as open_data
from catalogue.outputs.pledges import badge, register_data
from catalogue.read import build_cache


def lay(pages: SitePages, site_url: str, laying: Laying) -> None:
    """Lay every file; `site_url` is the public address, empty where it is not known."""
    _Calendars(pages, site_url, laying).lay()
    catalogue = pages.catalogue
    written = atom.feed(catalogue.activities, catalogue.taxonomy, pages.service.name, site_url)
    laying.write(atom.FILE, written)
    laying.write(open_data.FILE, _open_data(pages, laying))
    _lay_for_others(pages, laying)


def _lay_for_others(pages: SitePages, laying: Laying) -> None:
    """Lay what other sites show: each register, and a badge for each signatory."""
    catalogue, today = pages.catalogue, pages.now.astimezone(LOCAL).date()
    for pledge in catalogue.pledges:
        found = register_data.register(pledge, catalogue, pages.now)
        laying.write(f"embed/{pledge.slug}.json", msgspec.json.encode(found))
        for one in catalogue.register(pledge.slug):
            drawn = badge.badge(one, pledge, today)
            for slug in one.names:  # a picture on another site cannot be told that it has moved
                laying.write(f"embed/{pledge.slug}/{slug}.svg", drawn)


def _open_data(pages: SitePages, laying: Laying) -> bytes:
    """Return the document; a line whose page was not made anew is the same as before."""
    before = open_data.lines(laying.earlier(open_data.FILE))
    records = (
        pages.open_data_lines.get(one.slug) or before.get(one.slug) or pages.open_data_line(one)
        for one in pages.catalogue.activities
    )
    head = open_data.head(
        pages.catalogue.taxonomy, pages.service.name, pages.licence, pages.site_url, pages.now
    )
    return open_data.whole(head, records)


class _Calendars:
    """The calendar of each activity, then those of kinds and places.

    An event is worked out only where a file that holds it is made anew.
    """

    def __init__(self, pages: SitePages, site_url: str, laying: Laying) -> None:
        self._pages = pages
        self._site_url = site_url
        self._laying = laying
        self._today = pages.now.astimezone(LOCAL).date()
        self._shared = build_cache.of((pages.catalogue.taxonomy, self._today.year))
        self._of = {one.slug: build_cache.of(one) for one in pages.catalogue.activities}
        self._events: dict[str, bytes] = {}

    def lay(self) -> None:
        """Lay all of them.

        Each activity has one, be it empty: somebody may have subscribed when its times were sure.
        """
        running = {}
        for activity in self._pages.catalogue.activities:
            self._lay(f"activities/{activity.slug}/", activity.title, (activity,))
            if activity.status in ("active", "unknown"):
                running[activity.slug] = activity
        for url, (title, slugs) in self._listings().items():
            found = tuple(running[slug] for slug in sorted(slugs) if slug in running)
            self._lay(url.lstrip("/"), title, found)

    def _lay(self, folder: str, title: str, activities: tuple[Activity, ...]) -> None:
        path = f"{folder}{calendar.FILE}"
        members = (self._of[one.slug] for one in activities)
        made_of = build_cache.digest(self._shared, title.encode(), *members)
        url = urljoin(self._site_url, path) if self._site_url else ""
        self._laying.lay(
            path, made_of, lambda: calendar.whole(title, url, map(self._event, activities))
        )

    def _event(self, activity: Activity) -> bytes:
        if activity.slug not in self._events:
            terms = self._pages.catalogue.taxonomy
            found = calendar.events(activity, terms, self._today, self._site_url)
            self._events[activity.slug] = found
        return self._events[activity.slug]

    def _listings(self) -> dict[str, tuple[str, set[str]]]:
        """Return by address the title and the activities of each kind and place that has one."""
        found: dict[str, tuple[str, set[str]]] = {}
        for part in self._pages.listings.pages():
            if part.calendar:
                _, slugs = found.setdefault(part.url, (part.title, set()))
                slugs.update(card.slug for card in part.cards)
        return found

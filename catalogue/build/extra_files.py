"""Writes the files of a site that are no pages: calendars, feed, open data, registers, badges.

It decides which files there are; `catalogue/outputs` makes their content.
"""

from urllib.parse import urljoin

import msgspec

from catalogue.build.incremental_output import IncrementalOutput
from catalogue.build.pages import SitePages
from catalogue.model.activity import Activity
from catalogue.outputs.feeds import atom, calendar
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.open_data import activities as open_data
from catalogue.outputs.pledges import badge, register_data
from catalogue.read import build_cache


def write_extra_files(pages: SitePages, output: IncrementalOutput) -> None:
    """Write every file that is no page."""
    _Calendars(pages, output).write()
    catalogue = pages.catalogue
    feed = atom.feed(catalogue.activities, catalogue.taxonomy, pages.service.name, pages.site_url)
    output.write(atom.FILE, feed)
    output.write(open_data.FILE, _open_data(pages, output))
    write_embeds(pages, output)


def write_embeds(pages: SitePages, output: IncrementalOutput) -> None:
    """Write what other sites embed: each register, and a badge for each signatory."""
    catalogue, today = pages.catalogue, pages.now.astimezone(LOCAL).date()
    for pledge in catalogue.pledges:
        register = register_data.register(pledge, catalogue, pages.now)
        output.write(f"embed/{pledge.slug}.json", msgspec.json.encode(register))
        for signatory in catalogue.register(pledge.slug):
            svg = badge.badge(signatory, pledge, today)
            for slug in signatory.names:  # a badge on another site cannot follow a redirect
                output.write(f"embed/{pledge.slug}/{slug}.svg", svg)


def _open_data(pages: SitePages, output: IncrementalOutput) -> bytes:
    """Return the open data; a line is taken over where the page was not made again."""
    earlier = open_data.lines(output.earlier_content(open_data.FILE))
    lines = (
        pages.open_data_lines.get(activity.slug)
        or earlier.get(activity.slug)
        or pages.open_data_line(activity)
        for activity in pages.catalogue.activities
    )
    head = open_data.head(
        pages.catalogue.taxonomy, pages.service.name, pages.licence, pages.site_url, pages.now
    )
    return open_data.open_data_file(head, lines)


class _Calendars:
    """The calendar of each activity, and of each listing by kind or place.

    An activity stands in several calendars; its events are worked out once, and only if one of
    those files has to be written.
    """

    def __init__(self, pages: SitePages, output: IncrementalOutput) -> None:
        self._pages = pages
        self._output = output
        self._today = pages.now.astimezone(LOCAL).date()
        self._shared_digest = build_cache.digest_value((pages.catalogue.taxonomy, self._today.year))
        self._digests = {
            activity.slug: build_cache.digest_value(activity)
            for activity in pages.catalogue.activities
        }
        self._events: dict[str, bytes] = {}

    def write(self) -> None:
        """Write all calendars.

        Every activity has one, even without events: somebody may have subscribed to it when its
        times were known.
        """
        running = {}
        for activity in self._pages.catalogue.activities:
            self._write(f"activities/{activity.slug}/", activity.title, (activity,))
            if activity.status in ("active", "unknown"):
                running[activity.slug] = activity
        for url, (title, slugs) in self._listings().items():
            members = tuple(running[slug] for slug in sorted(slugs) if slug in running)
            self._write(url.lstrip("/"), title, members)

    def _write(self, folder: str, title: str, activities: tuple[Activity, ...]) -> None:
        path = f"{folder}{calendar.FILE}"
        site_url = self._pages.site_url
        url = urljoin(site_url, path) if site_url else ""
        self._output.reuse_or_write(
            path,
            build_cache.digest(
                self._shared_digest,
                title.encode(),
                *(self._digests[activity.slug] for activity in activities),
            ),
            lambda: calendar.calendar_file(title, url, map(self._events_of, activities)),
        )

    def _events_of(self, activity: Activity) -> bytes:
        if activity.slug not in self._events:
            self._events[activity.slug] = calendar.events(
                activity, self._pages.catalogue.taxonomy, self._today, self._pages.site_url
            )
        return self._events[activity.slug]

    def _listings(self) -> dict[str, tuple[str, set[str]]]:
        """Return the title and the activities' slugs of each listing with a calendar, by address.

        A listing of several pages is one calendar. What is invented is in none beside what is real.
        """
        listings: dict[str, tuple[str, set[str]]] = {}
        for page in self._pages.listings.pages():
            if page.has_calendar_file:
                _, slugs = listings.setdefault(page.url, (page.title, set()))
                slugs.update(card.slug for card in page.cards)
        return listings

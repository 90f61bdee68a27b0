"""A page of the built site: its address, its head and its content, before and after it is made."""

from collections.abc import Callable
from datetime import date

import msgspec
from markupsafe import Markup, escape

from catalogue.build.templates import Frame, Page
from catalogue.read import build_cache


class SitePage(msgspec.Struct, frozen=True):
    """One page. `url` starts and ends with a slash; `content` is what its template prints.

    `calendar` is the address of a calendar of what stands on it, `json_ld` its JSON-LD. `moved_to`
    is where a page that has moved leads; both are empty where there is none. Two pages with the
    same fields, templates and frame are the same to the byte.
    """

    url: str
    title: str
    description: str
    section: str
    content: Page
    calendar: str = ""
    json_ld: str = ""
    moved_to: str = ""

    @property
    def file(self) -> str:
        """Return where it lies in the site's folder."""
        return file_of(self.url)

    def digest(self) -> bytes:
        """Return the digest of everything that the page depends on but templates and frame."""
        head = (self.url, self.title, self.description, self.section)
        more = (self.calendar, self.json_ld, self.moved_to)
        return build_cache.digest_value((head, self.content.template, self.content, more))

    def in_frame(self, frame: Frame, body: Markup, head: str = "") -> str:
        """Return the whole page as it is sent; `head` is HTML that goes first into its head."""
        if self.calendar:
            head += f'<link rel="alternate" type="text/calendar" href="{escape(self.calendar)}">'
        if self.moved_to:
            to = escape(self.moved_to)
            head += f'<meta http-equiv="refresh" content="0; url={to}">'
            head += '<meta name="robots" content="noindex">'
        if self.json_ld:
            head += f'<script type="application/ld+json">{self.json_ld}</script>'
        return frame.fill(
            self.title,
            body,
            description=self.description,
            head=head,
            section=self.section,
            url=self.url,
        )


class PlannedPage(msgspec.Struct, frozen=True):
    """A page that is not made yet: `make()` makes it from what `source_digest` is the digest of.

    Without a `source_digest` the page has to be made before it can be compared with an earlier one.
    `changed_on` is the day on which its facts were last checked or read, None for a page that is no
    entry's. The sitemap names pages that are `listed`.
    """

    url: str
    make: Callable[[], SitePage]
    source_digest: bytes = b""
    changed_on: date | None = None
    listed: bool = True


def file_of(url: str) -> str:
    """Return where the page of an address lies in the site's folder."""
    return f"{url.strip('/')}/index.html".removeprefix("/")

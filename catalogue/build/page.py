"""A page of the site before it is made and as it is made: what it says, put into the frame."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import msgspec
from markupsafe import Markup, escape

from catalogue.build.templates import Frame
from catalogue.read import build_cache


class Page(msgspec.Struct, frozen=True):
    """One page to pour. `url` starts and ends with a slash; `told` is all its template is told.

    `calendar` is the address of a calendar of what stands on it, `linked` the JSON-LD of it. One
    that has moved leads on to `moved_to`. Two pages that say the same in the same templates and
    frame are the same to the byte.
    """

    url: str
    title: str
    description: str
    section: str
    template: str
    told: Mapping[str, Any]
    calendar: str = ""
    linked: str = ""
    moved_to: str = ""

    @property
    def file(self) -> str:
        """Return where it lies in the site's folder."""
        return file_of(self.url)

    def says(self) -> bytes:
        """Return the digest of all that it says."""
        head = (self.url, self.title, self.description, self.section, self.template)
        return build_cache.of((head, self.told, self.calendar, self.linked, self.moved_to))

    def in_frame(self, frame: Frame, body: Markup, head: str = "") -> str:
        """Return the page as it is sent, of its body."""
        if self.calendar:
            head += f'<link rel="alternate" type="text/calendar" href="{escape(self.calendar)}">'
        if self.moved_to:
            to = escape(self.moved_to)
            head += f'<meta http-equiv="refresh" content="0; url={to}">'
            head += '<meta name="robots" content="noindex">'
        if self.linked:
            head += f'<script type="application/ld+json">{self.linked}</script>'
        return frame.pour(
            self.title, body, description=self.description, head=head, section=self.section
        )


class Sheet(msgspec.Struct, frozen=True):
    """A page before it is made: `page()` works it out from what `made_of` is the digest of.

    An empty `made_of` is not known: the page has to be worked out to learn what it says. On
    `changed_on` its facts were last checked or read; None for a page that is no entry's. The
    sitemap names what is `listed`.
    """

    url: str
    page: Callable[[], Page]
    made_of: bytes = b""
    changed_on: date | None = None
    listed: bool = True


def file_of(url: str) -> str:
    """Return where the page of an address lies in the site's folder."""
    return f"{url.strip('/')}/index.html".removeprefix("/")

"""Files for search engines: sitemap.xml with all pages, and robots.txt.

An entry's page is dated by the day its facts were checked or read, which stands in its file: the
same from a shallow clone, a copy or a fresh checkout. Other pages have no day.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from urllib.parse import urljoin
from xml.sax.saxutils import escape

FILE = "sitemap.xml"
ROBOTS = "robots.txt"
UNLISTED = frozenset({"/offline/", "/put-right/"})  # pages nobody looks for: what is left of others
LEFT_ALONE = (
    "/api/",
    "/ask?activity=",  # the form once more for every activity
    "/ask/received/",
    "/confirm/",
    "/put-right",
    "/search",
    "/staff",
)
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"


def sitemap(site_url: str, changed_on: Mapping[str, date | None], today: date) -> bytes:
    """Return the map of these addresses, each with the day it changed (None: not known).

    A day after `today` is left out. `site_url` is the public address.
    """
    listed = sorted(url for url in changed_on if url not in UNLISTED)
    lines = (_entry(urljoin(site_url, url), changed_on[url], today) for url in listed)
    head = ('<?xml version="1.0" encoding="UTF-8"?>', f'<urlset xmlns="{SPACE}">')
    return "\n".join([*head, *lines, "</urlset>\n"]).encode()


def _entry(address: str, changed_on: date | None, today: date) -> str:
    is_past = changed_on is not None and changed_on <= today
    lastmod = f"<lastmod>{changed_on}</lastmod>" if is_past else ""
    return f"<url><loc>{escape(address)}</loc>{lastmod}</url>"


def robots(site_url: str, left_alone: Iterable[str] = LEFT_ALONE) -> bytes:
    """Return what search engines may read; where the sitemap is, if the public address is known."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in left_alone)]
    if site_url:
        lines.append(f"Sitemap: {urljoin(site_url, FILE)}")
    return "".join(f"{line}\n" for line in lines).encode()

"""New and changed activities as an Atom feed (RFC 4287), the latest first.

Days are those of the change, never of a check or of a build. Invented activities are in it only
where no real one is.
"""

from collections.abc import Iterable
from datetime import date
from xml.sax.saxutils import escape

from catalogue.i18n import languages
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import worlds
from catalogue.outputs.activity.plain_facts import facts
from catalogue.outputs.listings.news import latest, what_changed

FILE = "feed.xml"
SIGNS_XML_CANNOT_HOLD = {code: None for code in range(32) if code not in (9, 10, 13)}


def feed(activities: Iterable[Activity], taxonomy: Taxonomy, name: str, site_url: str) -> bytes:
    """Return the feed of a directory looked after by `name`; `site_url` is its public address."""
    entries, base = latest(activities)[0], site_url.rstrip("/")
    updated = _day(entries[0]) if entries else date(2000, 1, 1)
    lines = [
        '<?xml version="1.0" encoding="utf-8"?>',
        '<feed xmlns="http://www.w3.org/2005/Atom">',
        f"<title>{_words(_('New and changed'))}</title>",
        f"<id>{_words(base)}/{FILE}</id>",
        f'<link rel="self" type="application/atom+xml" href="{_words(base)}/{FILE}"/>',
        f'<link href="{_words(base)}/new/"/>',
        f"<updated>{updated}T00:00:00Z</updated>",
        f"<author><name>{_words(name)}</name></author>",
        *(_entry(activity, taxonomy, base) for activity in entries),
        "</feed>\n",
    ]
    return "\n".join(lines).encode()


def _entry(activity: Activity, taxonomy: Taxonomy, base: str) -> str:
    url = _words(f"{base}/activities/{activity.slug}/")
    summary = _words("\n".join(facts(activity, taxonomy)))
    return (
        f"<entry{_language(activity)}><title>{_words(worlds.title(activity))}</title><id>{url}</id>"
        f'<link href="{url}"/><category term="{_words(what_changed(activity))}"/>'
        f"<updated>{_day(activity)}T00:00:00Z</updated>"
        f"<summary>{_words(activity.summary)}</summary>"
        f'<content type="text">{summary}</content></entry>'
    )


def _language(activity: Activity) -> str:
    tag = languages.lang_tag(activity.language)
    return f' xml:lang="{tag}"' if tag else ""


def _day(activity: Activity) -> date:
    return activity.news_on or date.min


def _words(text: str) -> str:
    return escape(text.translate(SIGNS_XML_CANNOT_HOLD), {'"': "&quot;"})

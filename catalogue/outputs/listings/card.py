"""One activity as a card in a list: when first, then its title, one sentence, where, and tags.

Made from a search document, so that a card on a page, in an answer of the API and in the browser's
search say the same.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec

from catalogue.i18n.gettext import _
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting as words
from catalogue.outputs.search.documents import SearchDocument

ACCESS_TAGS = 2
FAR_OFF = datetime.max.replace(tzinfo=words.LOCAL)
PRICE = re.compile(r"£\d+(?:\.\d\d)?")

TagLook = Literal["plain", "sun", "ask"]


class Tag(msgspec.Struct, frozen=True):
    """A fact in two or three words; "ask" is a fact not known, "sun" a welcome."""

    words: str
    style: TagLook = "plain"


class Card(msgspec.Struct, frozen=True):
    """One activity in a list. `starts_at` is ISO 8601, empty where no session is known."""

    slug: str
    title: str
    url: str
    summary: str
    when: str
    starts_at: str
    where: str
    tags: tuple[Tag, ...]
    demonstration: bool
    lang: str = ""
    """The tag of title and summary, where they are not in the site's language."""


def card(document: SearchDocument, taxonomy: Taxonomy, today: date | None = None) -> Card:
    """Return the card of one document; days are named, for the page may be read next week.

    With `today` (in London) a day of another year says its year.
    """
    return Card(
        slug=document.slug,
        title=document.title,
        url=document.url,
        summary=document.summary,
        when=_when(document, today),
        starts_at=document.next_session or "",
        where=document.venue,
        tags=tuple(_tags(document, taxonomy)),
        demonstration=document.demonstration,
        lang=document.lang,
    )


def soonest_first(documents: Iterable[SearchDocument]) -> list[SearchDocument]:
    """Return the documents by next session; those without a known time come last, by title."""
    return sorted(documents, key=lambda document: (starts_at(document), document.title))


def starts_at(document: SearchDocument) -> datetime:
    """Return when its next session starts (aware), or the end of time where none is known."""
    return datetime.fromisoformat(document.next_session) if document.next_session else FAR_OFF


def span(starts: datetime, ends: datetime | None, today: date | None = None) -> str:
    """Return "Tuesday 24 November, 10:30 to 12:00" of local time.

    A session without hours, and one that goes round the clock, is named by its day alone; one that
    lasts for days says when it ends in full.
    """
    local = starts.astimezone(words.LOCAL)
    another_year = today is not None and local.year != today.year
    day_words = words.day_and_year if another_year else words.day
    day = sentence(day_words(local.date()))
    opens = words.clock(local)
    if ends is None:
        return day if opens == "00:00" else _("%(day)s, %(opens)s", day=day, opens=opens)
    closes = words.clock(ends)
    if ends - starts >= timedelta(days=1):
        if opens == closes:
            return _("%(day)s, day and night", day=day)
        last = sentence(day_words(ends.astimezone(words.LOCAL).date()))
        return _(
            "%(day)s, %(opens)s to %(last)s, %(closes)s",
            day=day,
            opens=opens,
            last=last,
            closes=closes,
        )
    return _("%(day)s, %(opens)s to %(closes)s", day=day, opens=opens, closes=closes)


def sentence(text: str) -> str:
    """Return the text with a capital first letter, the rest untouched."""
    return text[:1].upper() + text[1:]


def without_session(document: SearchDocument) -> str:
    """Return what a card says when no session lies ahead: its rule, without the note."""
    if document.status == "temporarily closed":
        return _("Not running at the moment")
    return sentence(document.when.partition(" (")[0])


def _when(document: SearchDocument, today: date | None) -> str:
    if document.status == "temporarily closed" or not document.next_session:
        return without_session(document)
    ends = datetime.fromisoformat(document.next_ends) if document.next_ends else None
    return span(datetime.fromisoformat(document.next_session), ends, today)


def _tags(document: SearchDocument, taxonomy: Taxonomy) -> Iterator[Tag]:
    yield _cost_tag(document)
    yield from _access_tags(document, taxonomy)
    if document.welcomes_newcomers_alone == "yes":
        yield Tag(_("Greets newcomers"), "sun")
    if document.lift_offered == "yes":
        yield Tag(_("Lift offered"), "sun")


def _cost_tag(document: SearchDocument) -> Tag:
    if document.free == "yes":
        return Tag(_("Free"))
    prices = PRICE.findall(document.cost)
    if not prices:
        return Tag(_("Cost not known, ask"), "ask")
    return Tag(_("From %(price)s", price=prices[0]) if len(prices) > 1 else prices[0])


def _access_tags(document: SearchDocument, taxonomy: Taxonomy) -> Iterator[Tag]:
    """Yield the way in: the taxonomy's first access fact is the one asked about first."""
    if "in person" not in document.ways:
        yield Tag(_("No travel"))
        return
    short = {fact.slug: fact.short or fact.label for fact in taxonomy.access}
    labels = [short[slug] for slug in short if slug in document.access_yes][:ACCESS_TAGS]
    yield from (Tag(words) for words in labels)
    first = next(iter(short), "")
    if first in document.access_unknown:
        yield Tag(_("%(fact)s: ask", fact=short[first]), "ask")

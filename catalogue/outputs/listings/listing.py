"""Pages that list activities: by kind, by place, by day.

Knows which activity stands on which list and on which page of it; the cards are `card.py`'s.
"""

from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Area, Taxonomy
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.listings.card import Card, card, soonest_first, starts_at
from catalogue.outputs.search.documents import DAYS, Day, SearchDocument, as_of

A_PAGE = 48  # cards on one page of a listing: two, three and four columns divide it
FIRST_CARDS = 24  # on the search page, before a search
HOME_CARDS = 6
HOME_LINKS = 12
CALENDAR_MOST = 500  # activities in one calendar file: more would be half a megabyte

Sort = Literal["kinds", "places", "days"]
SORTS = {
    "kinds": gettext_noop("By kind"),
    "places": gettext_noop("By place"),
    "days": gettext_noop("By day"),
}
ON_DAYS: dict[Day, tuple[str, str]] = {
    "monday": (gettext_noop("Mondays"), gettext_noop("Things to do on Mondays.")),
    "tuesday": (gettext_noop("Tuesdays"), gettext_noop("Things to do on Tuesdays.")),
    "wednesday": (gettext_noop("Wednesdays"), gettext_noop("Things to do on Wednesdays.")),
    "thursday": (gettext_noop("Thursdays"), gettext_noop("Things to do on Thursdays.")),
    "friday": (gettext_noop("Fridays"), gettext_noop("Things to do on Fridays.")),
    "saturday": (gettext_noop("Saturdays"), gettext_noop("Things to do on Saturdays.")),
    "sunday": (gettext_noop("Sundays"), gettext_noop("Things to do on Sundays.")),
}


class Link(msgspec.Struct, frozen=True):
    """A way to another page; `count` is how many activities stand there, if that is known."""

    words: str
    url: str
    count: int = 0


class Group(msgspec.Struct, frozen=True):
    """Listings of one sort under a heading."""

    title: str
    links: tuple[Link, ...]


class Listing(msgspec.Struct, frozen=True):
    """One page of a listing. `page` counts from 1; `url` is that of its first page.

    `timed` says whether a session of anything on it is known.
    """

    sort: Sort
    title: str
    summary: str
    url: str
    cards: tuple[Card, ...]
    total: int
    page: int
    pages: int
    wider: tuple[Link, ...] = ()
    narrower: tuple[Link, ...] = ()
    demonstration: bool = False
    timed: bool = False

    @property
    def calendar(self) -> str:
        """Return the address of the calendar of its activities, or nothing: days have none."""
        has = self.sort != "days" and self.timed and self.total <= CALENDAR_MOST
        return f"{self.url}calendar.ics" if has else ""

    def url_of(self, page: int) -> str:
        """Return the address of one of its pages; the first is the listing's own."""
        return self.url if page == 1 else f"{self.url}{page}/"


class _UncutListing(msgspec.Struct):
    """A listing before it is cut into pages."""

    sort: Sort
    title: str
    summary: str
    url: str
    documents: list[SearchDocument]
    wider: tuple[Link, ...] = ()
    narrower: tuple[Link, ...] = ()


class Listings:
    """All listings of a directory, worked out once. `documents` are those of its catalogue."""

    def __init__(
        self, catalogue: Catalogue, documents: list[SearchDocument], now: datetime
    ) -> None:
        self.terms = catalogue.taxonomy
        self.documents = soonest_first(documents)
        self._activities = {activity.slug: activity for activity in catalogue.activities}
        self._at = self._by_place()
        self._now = now
        self._today = now.astimezone(LOCAL).date()
        self._cards = {one.slug: card(one, self.terms, self._today) for one in documents}
        self._listings = [*self._kinds(), *self._places(), *self._days()]

    def pages(self) -> Iterator[Listing]:
        """Yield every page of every listing."""
        for listing in self._listings:
            yield from self._cut(listing)

    def largest(self) -> tuple[Group, ...]:
        """Return links to the listings with most on them, for home, in the order of all."""
        return tuple(Group(group.title, _largest(group.links)) for group in self.groups())

    def groups(self) -> tuple[Group, ...]:
        """Return links to all listings, for the index."""
        return tuple(
            Group(
                _(title),
                tuple(
                    Link(listing.title, listing.url, len(listing.documents))
                    for listing in self._listings
                    if listing.sort == sort
                ),
            )
            for sort, title in SORTS.items()
        )

    def cards(self, documents: list[SearchDocument]) -> tuple[Card, ...]:
        """Return the cards of these documents, in their order."""
        return tuple(self._cards[document.slug] for document in documents)

    def soon(self, now: datetime) -> tuple[Card, ...]:
        """Return the cards of what is on within seven days of `now` (aware), soonest first."""
        week = now + timedelta(days=7)
        return self.cards(
            [document for document in self.documents if starts_at(document) < week][:HOME_CARDS]
        )

    def first(self) -> tuple[Card, ...]:
        """Return the cards the find page shows before anything is asked."""
        return self.cards(self.documents[:FIRST_CARDS])

    def _cards_of(self, sort: Sort, documents: list[SearchDocument]) -> tuple[Card, ...]:
        """Return the cards of a listing: one by day speaks of the next session on that day."""
        if sort != "days":
            return self.cards(documents)
        return tuple(card(document, self.terms, self._today) for document in documents)

    def _cut(self, listing: _UncutListing) -> Iterator[Listing]:
        total = len(listing.documents)
        pages = max(1, -(-total // A_PAGE))
        for page in range(1, pages + 1):
            shown = listing.documents[(page - 1) * A_PAGE : page * A_PAGE]
            yield Listing(
                sort=listing.sort,
                title=listing.title,
                summary=listing.summary,
                url=listing.url,
                cards=self._cards_of(listing.sort, shown),
                total=total,
                page=page,
                pages=pages,
                wider=listing.wider,
                narrower=listing.narrower,
                demonstration=any(one.demonstration for one in shown),
                timed=any(document.next_session for document in listing.documents),
            )

    def _kinds(self) -> Iterator[_UncutListing]:
        at = defaultdict(list)
        for document in self.documents:
            for slug in document.kinds:
                at[slug].append(document)
        for kind in self.terms.kinds:
            if found := at[kind.slug]:
                kind_of = _lower(kind.label)
                summary = _("Every %(kind)s we know of, the soonest first.", kind=kind_of)
                yield _UncutListing("kinds", kind.plural, summary, f"/kinds/{kind.slug}/", found)

    def _places(self) -> Iterator[_UncutListing]:
        for area in self.terms.areas:
            if not self._at[area.name]:
                continue
            yield _UncutListing(
                sort="places",
                title=area.name,
                summary=_(
                    "What is on in %(place)s, and what reaches people there.", place=area.name
                ),
                url=place_url(area),
                documents=self._at[area.name],
                wider=self._links(self.terms.around(area.name)[1:]),
                narrower=self._links(one for one in self.terms.areas if one.within == area.name),
            )

    def _links(self, areas: "Iterator[Area] | tuple[Area, ...]") -> tuple[Link, ...]:
        return tuple(
            Link(area.name, place_url(area), len(self._at[area.name]))
            for area in areas
            if self._at[area.name]
        )

    def _days(self) -> Iterator[_UncutListing]:
        for day in DAYS:
            on = (one for one in self.documents if day in one.days)
            if found := soonest_first(as_of(one, self._now, (day,)) for one in on):
                title, summary = map(_, ON_DAYS[day])
                yield _UncutListing("days", title, summary, f"/days/{day}/", found)

    def _by_place(self) -> dict[str, list[SearchDocument]]:
        at: dict[str, list[SearchDocument]] = defaultdict(list)
        inside = _inside(self.terms)
        for document in self.documents:
            for name in _reaches(self._activities[document.slug], document, inside):
                at[name].append(document)
        return at


def _largest(links: tuple[Link, ...]) -> tuple[Link, ...]:
    kept = sorted(links, key=lambda link: -link.count)[:HOME_LINKS]
    return tuple(link for link in links if link in kept)


def place_url(area: Area) -> str:
    """Return the address of an area's listing."""
    return f"/places/{area.slug}/"


def _lower(label: str) -> str:
    """Return the label inside a sentence, but "LGBT" as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _inside(taxonomy: Taxonomy) -> dict[str, set[str]]:
    """Return the names of all areas within each area, itself included."""
    found: dict[str, set[str]] = defaultdict(set)
    for area in taxonomy.areas:
        for wider in taxonomy.around(area.name):
            found[wider.name].add(area.name)
    return found


def _reaches(activity: Activity, document: SearchDocument, inside: dict[str, set[str]]) -> set[str]:
    """Return the areas on whose lists it stands: where it is, and where it comes to people."""
    names = {*document.places, *document.area_served}
    if any(way != "in person" for way in activity.ways):
        for name in activity.area_served:
            names |= inside[name]
    return names

"""Pages that list activities: by kind, by place, by day.

Knows which activity stands on which list and on which page of it; the cards are `card.py`'s.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
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
from catalogue.outputs.worlds import split_worlds

A_PAGE = 48  # cards on one page of a listing: two, three and four columns divide it
FIRST_CARDS = 24  # on the search page, before a search
HOME_CARDS = 6
HOME_LINKS = 12
CALENDAR_MOST = 500  # activities in one calendar file: more would be half a megabyte

Sort = Literal["kinds", "places", "days"]
SORTS: dict[Sort, str] = {
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
    tiles: tuple["Tile", ...] = ()


class Tile(msgspec.Struct, frozen=True):
    """Links that belong together. A tile with a `url` of its own leads there, others are opened.

    `picture` is a name in `parts/pictures.html`, or empty.
    """

    words: str
    picture: str
    links: tuple[Link, ...]
    url: str = ""
    count: int = 0


class Listing(msgspec.Struct, frozen=True):
    """One page of a listing. `page` counts from 1; `url` is that of its first page.

    Where a listing holds real activities and some of the demonstration, `cards` and `total` are of
    the real ones; the others stand in `invented`, after all of them. `timed` says whether a session
    of anything that `total` counts is known, `timed_examples` of any of the others.
    """

    sort: Sort
    title: str
    summary: str
    url: str
    cards: tuple[Card, ...]
    invented: tuple[Card, ...]
    total: int
    invented_total: int
    page: int
    pages: int
    wider: tuple[Link, ...] = ()
    narrower: tuple[Link, ...] = ()
    demonstration: bool = False
    timed: bool = False
    timed_examples: bool = False

    @property
    def calendar(self) -> str:
        """Return the address of the calendar of its `cards`, or nothing where it would be empty."""
        return f"{self.url}calendar.ics" if self.timed and self.has_calendar_file else ""

    @property
    def has_calendar_file(self) -> bool:
        """Say whether a calendar is written; days have none.

        One that held only examples stays as an empty one, so that whoever follows it loses them.
        """
        may_be_followed = self.timed or self.timed_examples
        return self.sort != "days" and may_be_followed and self.total <= CALENDAR_MOST

    def url_of(self, page: int) -> str:
        """Return the address of one of its pages; the first is the listing's own."""
        return self.url if page == 1 else f"{self.url}{page}/"


class FirstCards(msgspec.Struct, frozen=True):
    """The first cards of all activities, with how many there are; invented ones apart."""

    cards: tuple[Card, ...]
    total: int
    invented: tuple[Card, ...]
    invented_total: int


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
        self._cards = {
            document.slug: card(document, self.terms, self._today) for document in documents
        }
        self._listings = [*self._kinds(), *self._places(), *self._days()]

    def pages(self) -> Iterator[Listing]:
        """Yield every page of every listing."""
        for listing in self._listings:
            yield from self._cut(listing)

    def largest(self) -> tuple[Group, ...]:
        """Return links to the listings with most on them, for home, in the order of all."""
        return tuple(
            Group(group.title, _largest(group.links), group.tiles) for group in self.groups()
        )

    def groups(self) -> tuple[Group, ...]:
        """Return links to all listings, for the index."""
        return tuple(self._group(sort, _(title)) for sort, title in SORTS.items())

    def _group(self, sort: Sort, title: str) -> Group:
        listings = [listing for listing in self._listings if listing.sort == sort]
        links = {
            listing.url: Link(listing.title, listing.url, _shown_count(listing.documents))
            for listing in listings
        }
        if sort == "kinds":
            tiles = tuple(self._kind_tiles(links))
        elif sort == "places":
            tiles = tuple(self._place_tiles(links))
        else:
            tiles = tuple(Tile(link.words, "", (), link.url, link.count) for link in links.values())
        return Group(title, tuple(links.values()), tiles)

    def _kind_tiles(self, links: dict[str, Link]) -> Iterator[Tile]:
        """Yield a tile for each group of kinds, those in no group in a last one."""
        remaining = dict(links)
        for group in self.terms.kind_groups:
            urls = [f"/kinds/{slug}/" for slug in group.kinds]
            if group_links := tuple(remaining.pop(url) for url in urls if url in remaining):
                yield Tile(
                    group.label, group.picture, group_links, count=self._kinds_count(group.kinds)
                )
        if remaining:
            label = _("Other kinds") if self.terms.kind_groups else _("All kinds")
            yield Tile(
                label,
                "",
                tuple(remaining.values()),
                count=self._kinds_count(tuple(url.split("/")[2] for url in remaining)),
            )

    def _kinds_count(self, slugs: tuple[str, ...]) -> int:
        kinds = set(slugs)
        return _shown_count(
            document for document in self.documents if not kinds.isdisjoint(document.kinds)
        )

    def _place_tiles(self, links: dict[str, Link]) -> Iterator[Tile]:
        """Yield a tile for each outermost area: with its places, or leading to it alone."""
        for area in self.terms.areas:
            link = links.get(place_url(area))
            if area.within or link is None:
                continue
            within = [
                narrower_area
                for narrower_area in self.terms.areas
                if area in self.terms.around(narrower_area.name)[1:]
            ]
            narrower = [
                links[url] for narrower_area in within if (url := place_url(narrower_area)) in links
            ]
            links_inside = (link, *narrower) if narrower else ()
            yield Tile(area.name, "", links_inside, "" if links_inside else link.url, link.count)

    def cards(self, documents: list[SearchDocument]) -> tuple[Card, ...]:
        """Return the cards of these documents, in their order."""
        return tuple(self._cards[document.slug] for document in documents)

    def soon(self, now: datetime) -> tuple[Card, ...]:
        """Return the cards of what is on within seven days of `now` (aware), soonest first."""
        week = now + timedelta(days=7)
        documents, _invented = split_worlds(
            [document for document in self.documents if starts_at(document) < week]
        )
        return self.cards(documents[:HOME_CARDS])

    def first(self) -> FirstCards:
        """Return what the find page shows before anything is asked."""
        real, invented = split_worlds(self.documents)
        return FirstCards(
            self.cards(real[:FIRST_CARDS]), len(real), self.cards(invented[:FIRST_CARDS]),
            len(invented),
        )  # fmt: skip

    def _cards_of(self, sort: Sort, documents: list[SearchDocument]) -> tuple[Card, ...]:
        """Return the cards of a listing: one by day speaks of the next session on that day."""
        if sort != "days":
            return self.cards(documents)
        return tuple(card(document, self.terms, self._today) for document in documents)

    def _cut(self, listing: _UncutListing) -> Iterator[Listing]:
        first, invented = split_worlds(listing.documents)
        in_order = [*first, *invented]
        pages = max(1, -(-len(in_order) // A_PAGE))
        for page in range(1, pages + 1):
            start, end = (page - 1) * A_PAGE, page * A_PAGE
            documents = in_order[start:end]
            yield Listing(
                sort=listing.sort,
                title=listing.title,
                summary=listing.summary,
                url=listing.url,
                cards=self._cards_of(listing.sort, first[start:end]),
                invented=self._cards_of(
                    listing.sort, invented[max(0, start - len(first)) : max(0, end - len(first))]
                ),
                total=len(first),
                invented_total=len(invented),
                page=page,
                pages=pages,
                wider=listing.wider,
                narrower=listing.narrower,
                demonstration=any(document.demonstration for document in documents),
                timed=any(document.next_session for document in first),
                timed_examples=any(document.next_session for document in invented),
            )

    def _kinds(self) -> Iterator[_UncutListing]:
        at = defaultdict(list)
        for document in self.documents:
            for slug in document.kinds:
                at[slug].append(document)
        for kind in self.terms.kinds:
            if documents := at[kind.slug]:
                kind_of = _lower(kind.label)
                summary = _("Every %(kind)s we know of, the soonest first.", kind=kind_of)
                yield _UncutListing(
                    "kinds", kind.plural, summary, f"/kinds/{kind.slug}/", documents
                )

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
                narrower=self._links(
                    narrower_area
                    for narrower_area in self.terms.areas
                    if narrower_area.within == area.name
                ),
            )

    def _links(self, areas: "Iterator[Area] | tuple[Area, ...]") -> tuple[Link, ...]:
        return tuple(
            Link(area.name, place_url(area), _shown_count(self._at[area.name]))
            for area in areas
            if self._at[area.name]
        )

    def _days(self) -> Iterator[_UncutListing]:
        for day in DAYS:
            on = (document for document in self.documents if day in document.days)
            if documents := soonest_first(as_of(document, self._now, (day,)) for document in on):
                title, summary = map(_, ON_DAYS[day])
                yield _UncutListing("days", title, summary, f"/days/{day}/", documents)

    def _by_place(self) -> dict[str, list[SearchDocument]]:
        at: dict[str, list[SearchDocument]] = defaultdict(list)
        areas_inside = _inside(self.terms)
        for document in self.documents:
            for name in _reaches(self._activities[document.slug], document, areas_inside):
                at[name].append(document)
        return at


def _shown_count(documents: Iterable[SearchDocument]) -> int:
    """Return how many activities a listing of these counts: never real and invented together."""
    return len(split_worlds(documents)[0])


def _largest(links: tuple[Link, ...]) -> tuple[Link, ...]:
    largest = sorted(links, key=lambda link: -link.count)[:HOME_LINKS]
    return tuple(link for link in links if link in largest)


def place_url(area: Area) -> str:
    """Return the address of an area's listing."""
    return f"/places/{area.slug}/"


def _lower(label: str) -> str:
    """Return the label inside a sentence, but "LGBT" as it is."""
    return label[:1].lower() + label[1:] if label[1:2].islower() else label


def _inside(taxonomy: Taxonomy) -> dict[str, set[str]]:
    """Return the names of all areas within each area, itself included."""
    areas_inside: dict[str, set[str]] = defaultdict(set)
    for area in taxonomy.areas:
        for wider in taxonomy.around(area.name):
            areas_inside[wider.name].add(area.name)
    return areas_inside


def _reaches(
    activity: Activity, document: SearchDocument, areas_inside: dict[str, set[str]]
) -> set[str]:
    """Return the areas on whose lists it stands: where it is, and where it comes to people."""
    names = {*document.places, *document.area_served}
    if any(way != "in person" for way in activity.ways):
        for name in activity.area_served:
            names |= areas_inside[name]
    return names

"""Every page made from the catalogue, as (address, words for the head, HTML): what a build pours.

Which pages there are is told here; what they say is in `outputs`, how it looks in the templates.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime

import msgspec
from markupsafe import Markup

from catalogue.catalogue import Catalogue
from catalogue.outputs import map as drawn_map
from catalogue.outputs import page, register
from catalogue.outputs.asked import Asked
from catalogue.outputs.card import Card
from catalogue.outputs.choices import choices
from catalogue.outputs.form import Form, ask_choices, sign_choices
from catalogue.outputs.listing import Listing, Listings
from catalogue.outputs.search import SearchDocument
from catalogue.prose import Section
from catalogue.render import Frame, Service, Templates
from catalogue.tongue import _, later, listed
from catalogue.words import LOCAL


class Words(msgspec.Struct, frozen=True):
    """What an editor wrote for a page that Kith pours: title, summary and prose in its parts."""

    title: str
    description: str = ""
    intro: Markup = Markup()
    sections: tuple[Section, ...] = ()


class Page(msgspec.Struct, frozen=True):
    """One page to pour. `url` starts and ends with a slash."""

    url: str
    title: str
    description: str
    body: Markup
    section: str = ""

    def in_frame(self, frame: Frame, head: str = "") -> str:
        """Return the page as it is sent."""
        return frame.pour(
            self.title, self.body, description=self.description, head=head, section=self.section
        )


OWN_WORDS: dict[str, Words] = {
    "/": Words(
        later("Find company near you"),
        later("Groups, calls and walks where somebody will be glad you came."),
    ),
    "/find/": Words(
        later("Find company"), later("Say what you would like and where. We look for it with you.")
    ),
    "/activities/": Words(
        later("All there is"), later("Every activity by kind, by place and by day.")
    ),
    "/map/": Words(later("The map"), later("Where there is company, place by place.")),
    "/ask/": Words(
        later("Ask for help"), later("Tell us a little, and a person rings or writes to you.")
    ),
    "/pledges/": Words(
        later("Pledges"),
        later("Promises people and organisations make so that nobody stays a stranger."),
    ),
}


def own_words() -> dict[str, Words]:
    """Return by address what stands on our own pages where no editor wrote anything."""
    return {url: Words(_(told.title), _(told.description)) for url, told in OWN_WORDS.items()}


def invented_areas(catalogue: Catalogue) -> str:
    """Return the names of the outermost invented areas that are used, or nothing."""
    used = any(one.demonstration for one in catalogue.activities)
    used = used or any(one.demonstration for one in catalogue.signatories)
    areas = [area for area in catalogue.taxonomy.areas if area.demonstration == "yes"]
    return listed(area.name for area in areas if not area.within) if used else ""


class WholeSite:
    """All pages of one catalogue at one moment; `documents` are its search documents then.

    `words` are an editor's, by address; `tiles` the address of a map's tiles on our own origin.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        documents: list[SearchDocument],
        now: datetime,
        templates: Templates,
        service: Service,
        words: Mapping[str, Words],
        tiles: str = "",
    ) -> None:
        self.catalogue = catalogue
        self.now = now
        self.templates = templates
        self.service = service
        self.words = {**own_words(), **words}
        self.documents = documents
        self.tiles = tiles
        self.listings = Listings(catalogue, self.documents, now)
        self.choices = choices(catalogue, now.astimezone(LOCAL).date())
        self.demonstration = invented_areas(catalogue)
        self._cards: dict[str, Markup] = {}

    @property
    def at_least(self) -> int:
        """Return how many pages there are, the further pages of listings not counted."""
        return len(self.catalogue.activities) + len(self.catalogue.signatories)

    def pages(self) -> Iterator[Page]:
        """Yield every page once."""
        yield self._home()
        yield self._find()
        yield self._ask()
        yield from self._activities()
        yield self._index()
        yield self._map()
        yield from map(self._listing, self.listings.pages())
        yield from self._pledges()

    def _page(self, url: str, template: str, section: str, **context: object) -> Page:
        told = self.words[url]
        body = self.templates.render(
            template, words=told, service=self.service, demonstration=self.demonstration, **context
        )
        return Page(url, told.title, told.description, body, section)

    def _home(self) -> Page:
        return self._page(
            "/",
            "home.html",
            "",
            choices=self.choices,
            asked=Asked(),
            soon=self.listings.soon(self.now),
            groups=self.listings.largest(),
        )

    def _find(self) -> Page:
        return self._page(
            "/find/",
            "find.html",
            "find",
            choices=self.choices,
            asked=Asked(),
            cards=self._in_html(self.listings.first()),
            total=len(self.documents),
        )

    def _ask(self) -> Page:
        terms = self.catalogue.taxonomy
        return self._page("/ask/", "ask.html", "ask", form=Form("/ask"), choices=ask_choices(terms))

    def _index(self) -> Page:
        return self._page("/activities/", "index.html", "find", groups=self.listings.groups())

    def _map(self) -> Page:
        drawn = drawn_map.maps(self.catalogue, self.documents)
        return self._page("/map/", "map.html", "find", maps=drawn, tiles=self.tiles)

    def _activities(self) -> Iterator[Page]:
        for activity in self.catalogue.activities:
            view = page.activity_page(activity, self.catalogue, self.now)
            body = self.templates.render("activity.html", page=view, service=self.service)
            yield Page(view.url, view.title, view.summary, body, "find")

    def _listing(self, part: Listing) -> Page:
        body = self.templates.render(
            "listing.html",
            listing=part,
            cards=self._in_html(part.cards),
            demonstration=self.demonstration if part.demonstration else "",
        )
        title = part.title
        if part.page > 1:
            title = _("%(title)s, page %(page)s", title=part.title, page=part.page)
        return Page(part.url_of(part.page), title, part.summary, body, "find")

    def _in_html(self, cards: tuple[Card, ...]) -> list[Markup]:
        """Return the cards as HTML, each rendered once however many lists it stands on."""
        for card in cards:
            if card.slug not in self._cards:
                self._cards[card.slug] = self.templates.render("card.html", card=card)
        return [self._cards[card.slug] for card in cards]

    def _pledges(self) -> Iterator[Page]:
        views = [
            register.pledge_page(pledge, self.catalogue, self.now)
            for pledge in self.catalogue.pledges
        ]
        yield self._page("/pledges/", "pledges.html", "pledges", pledges=views)
        for view in views:
            invented = self.demonstration if view.demonstration else ""
            body = self.templates.render("pledge.html", pledge=view, demonstration=invented)
            yield Page(view.url, view.title, view.summary, body, "pledges")
            if view.open:
                yield self._sign(view)
        for signatory in self.catalogue.signatories:
            if signatory.status == "published":
                one = register.signatory_page(signatory, self.catalogue, self.now)
                body = self.templates.render("signatory.html", signatory=one)
                title = f"{one.name}: {one.pledge.words}"
                yield Page(one.url, title, f"{one.about}: {one.pledge.words}", body, "pledges")

    def _sign(self, view: register.PledgePage) -> Page:
        body = self.templates.render(
            "sign.html",
            form=Form(f"/pledges/{view.slug}/sign"),
            pledge=view,
            choices=sign_choices(view, self.catalogue.taxonomy),
        )
        title = _("Make the promise: %(pledge)s", pledge=view.title)
        return Page(view.sign_url, title, view.summary, body, "pledges")

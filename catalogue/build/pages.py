"""Every page made from the catalogue, as (address, words for the head, values): what a build pours.

Which pages there are is told here; what they say is in `outputs`, how it looks in the templates.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from urllib.parse import urljoin

import msgspec
from markupsafe import Markup

from catalogue.build.default_texts import Words, own_words
from catalogue.build.page import Page, Sheet
from catalogue.build.signatory_pages import signatory_pages
from catalogue.build.templates import Service, Templates
from catalogue.i18n.gettext import _, format_list
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.outputs import training
from catalogue.outputs.activity import page
from catalogue.outputs.activity.dates import Coming
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.forms import Form, ask_choices
from catalogue.outputs.listings import map as drawn_map
from catalogue.outputs.listings.card import Card
from catalogue.outputs.listings.listing import Listing, Listings
from catalogue.outputs.open_data import activities
from catalogue.outputs.pledges import register
from catalogue.outputs.pointing_form import point_choices
from catalogue.outputs.search.choices import choices
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.form import Asked
from catalogue.read import build_cache


def invented_areas(catalogue: Catalogue) -> str:
    """Return the names of the outermost invented areas that are used, or nothing."""
    used = any(one.demonstration for one in catalogue.activities)
    used = used or any(one.demonstration for one in catalogue.signatories)
    areas = [area for area in catalogue.taxonomy.areas if area.demonstration == "yes"]
    return format_list(area.name for area in areas if not area.within) if used else ""


class WholeSite:
    """All pages of one catalogue at one moment; `documents` are its search documents then.

    `words` are an editor's, by address; `tiles` the address of a map's tiles on our own origin;
    `address` the site's own, in public, `licence` that of the words; both may be empty. `records`
    fills while sheets are worked out: what open data says of their activities, by slug.
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
        address: str = "",
        licence: str = "",
    ) -> None:
        self.catalogue = catalogue
        self.now = now
        self.templates = templates
        self.service = service
        self.words = {**own_words(), **words}
        self.address = address
        self.licence = licence
        self.sharing = Sharing(address) if address else None
        self.records: dict[str, bytes] = {}
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

    def sheets(self) -> Iterator[Sheet]:
        """Yield every page once."""
        yield from self._activities()
        for made in self._others():
            yield Sheet(made.url, partial(_itself, made), listed=not made.moved_to)

    def body(self, made: Page) -> Markup:
        """Return what stands in the frame of a page."""
        told = dict(made.told)
        if "cards" in told:
            told["cards"] = self._in_html(told["cards"])
        return self.templates.render(made.template, **told)

    def _others(self) -> Iterator[Page]:
        yield self._home()
        yield self._find()
        yield self._ask()
        yield self._put_right()
        yield self._index()
        yield self._map()
        yield self._page("/list/", "list.html", "")
        yield self._page("/offline/", "offline.html", "")
        yield self._page(
            "/pledges/manage/", "manage_ask.html", "pledges", form=Form("/pledges/manage")
        )
        yield from map(self._listing, self.listings.pages())
        yield from self._pledges()
        yield from self._courses()
        told = {"choices": point_choices(self.catalogue.taxonomy), "once_more": False}
        yield self._page("/point/", "point.html", "point", form=Form("/point"), **told)

    def _page(self, url: str, template: str, section: str, **context: object) -> Page:
        told = self.words[url]
        more = {"words": told, "service": self.service, "demonstration": self.demonstration}
        return Page(url, told.title, told.description, section, template, {**more, **context})

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
            cards=self.listings.first(),
            total=len(self.documents),
        )

    def _ask(self) -> Page:
        terms = self.catalogue.taxonomy
        return self._page(
            "/ask/",
            "ask.html",
            "ask",
            form=Form("/ask"),
            choices=ask_choices(terms),
            activity="",
            gone=False,
        )

    def _put_right(self) -> Page:
        """Return what stands where the service would fill in a form, if it does not answer."""
        title, told = _("Put something right"), {"gone": False, "service": self.service}
        words = _("Tell us what has changed.")
        return Page("/put-right/", title, words, "find", "put_right_which.html", told)

    def _index(self) -> Page:
        return self._page("/activities/", "index.html", "find", groups=self.listings.groups())

    def _map(self) -> Page:
        drawn = drawn_map.maps(self.catalogue, self.documents)
        return self._page("/map/", "map.html", "find", maps=drawn, tiles=self.tiles)

    def _activities(self) -> Iterator[Sheet]:
        """Yield the pages of entries, made from all but the other entries.

        They are handed no other entry: then what a page was made from is quickly told, and it is
        worked out anew only where its own words, a pledge, the closed lists or the day are others.
        """
        around = msgspec.structs.replace(self.catalogue, activities=())
        shared = build_cache.of((around, self.service, self.now))
        for activity in self.catalogue.activities:
            url = f"/activities/{activity.slug}/"
            made_of = build_cache.digest(shared, build_cache.of(activity))
            make = partial(self._activity, activity, around)
            yield Sheet(url, make, made_of, activity.checked_on)

    def _activity(self, activity: Activity, around: Catalogue) -> Page:
        coming = page.coming(activity, around.taxonomy, self.now)
        view = page.with_sessions(activity, coming, around, self.now, self.sharing)
        self.records[activity.slug] = self._record(activity, coming)
        told = {"page": view, "service": self.service}
        return Page(
            view.url,
            view.title,
            view.summary,
            "find",
            "activity.html",
            told,
            view.calendar,
            view.linked,
        )

    def record(self, activity: Activity) -> bytes:
        """Return what open data says of an activity."""
        if activity.slug not in self.records:
            coming = page.coming(activity, self.catalogue.taxonomy, self.now)
            self.records[activity.slug] = self._record(activity, coming)
        return self.records[activity.slug]

    def _record(self, activity: Activity, coming: tuple[Coming, ...]) -> bytes:
        address = urljoin(self.address, f"/activities/{activity.slug}/")
        return activities.record(activity, self.catalogue.taxonomy, coming, address)

    def _listing(self, part: Listing) -> Page:
        told = {
            "listing": part,
            "cards": part.cards,
            "demonstration": self.demonstration if part.demonstration else "",
        }
        title = part.title
        if part.page > 1:
            title = _("%(title)s, page %(page)s", title=part.title, page=part.page)
        url = part.url_of(part.page)
        return Page(url, title, part.summary, "find", "listing.html", told, part.calendar)

    def _in_html(self, cards: tuple[Card, ...]) -> list[Markup]:
        """Return the cards as HTML, each rendered once however many lists it stands on."""
        for card in cards:
            if card.slug not in self._cards:
                self._cards[card.slug] = self.templates.render("card.html", card=card)
        return [self._cards[card.slug] for card in cards]

    def _pledges(self) -> Iterator[Page]:
        views = [
            register.pledge_view(pledge, self.catalogue, self.now, self.sharing)
            for pledge in self.catalogue.pledges
        ]
        yield self._page("/pledges/", "pledges.html", "pledges", pledges=views)
        for view in views:
            invented = self.demonstration if view.demonstration else ""
            told = {"pledge": view, "demonstration": invented}
            yield Page(view.url, view.title, view.summary, "pledges", "pledge.html", told)
            if view.open:
                yield self._sign(view)
        yield from signatory_pages(self.catalogue, self.now, self.sharing)

    def _courses(self) -> Iterator[Page]:
        for view in map(training.course_view, self.catalogue.courses):
            told = {"course": view, "form": Form(view.questions_url.rstrip("/"))}
            yield Page(view.url, view.title, view.summary, "point", "course.html", told)
            for step in view.steps:
                title = _("%(step)s: %(course)s", step=step.title, course=view.title)
                more = {"course": view, "step": step}
                yield Page(step.url, title, step.summary, "point", "course_step.html", more)
            title = _("The questions: %(course)s", course=view.title)
            yield Page(
                view.questions_url, title, view.summary, "point", "course_questions.html", told
            )
            title = _("All on paper: %(course)s", course=view.title)
            yield Page(view.booklet_url, title, view.summary, "point", "course_booklet.html", told)

    def _sign(self, view: register.PledgeView) -> Page:
        told = {
            "form": Form(f"/pledges/{view.slug}/sign"),
            "pledge": view,
            "service": self.service,
        }
        title = _("Make the promise: %(pledge)s", pledge=view.title)
        return Page(view.sign_url, title, view.summary, "pledges", "sign.html", told)


def _itself(made: Page) -> Page:
    return made

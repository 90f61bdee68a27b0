"""Which pages the catalogue makes, each with its address, its head and its content.

What a page says is worked out in `catalogue/outputs`; how it looks is up to the templates.
"""

from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import partial
from urllib.parse import urljoin

import msgspec

from catalogue.build import page_types
from catalogue.build.default_texts import PageText, default_texts
from catalogue.build.page import PlannedPage, SitePage
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, format_list
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Signatory
from catalogue.outputs import training
from catalogue.outputs.activity import page
from catalogue.outputs.activity.dates import UpcomingSession
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.forms import Form, ask_choices, point_choices
from catalogue.outputs.listings import map as drawn_map
from catalogue.outputs.listings import news
from catalogue.outputs.listings.listing import Listing, Listings
from catalogue.outputs.open_data import activities
from catalogue.outputs.pledges import register
from catalogue.outputs.pledges.register import PledgeView
from catalogue.outputs.pledges.signatory import SignatoryView, signatory_view
from catalogue.outputs.search.choices import choices
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.form import SearchForm
from catalogue.outputs.training import CourseView
from catalogue.read import build_cache
from catalogue.read.site_settings import Service


def invented_areas(catalogue: Catalogue) -> str:
    """Return the names of the outermost invented areas that are used, or nothing."""
    used = any(activity.demonstration for activity in catalogue.activities)
    used = used or any(signatory.demonstration for signatory in catalogue.signatories)
    areas = [area for area in catalogue.taxonomy.areas if area.demonstration == "yes"]
    return format_list(area.name for area in areas if not area.within) if used else ""


class SitePages:
    """All pages of one catalogue at one moment (aware).

    `open_data_lines` fills while pages are made: the line of each activity in the open data, by
    slug.

    Args:
        documents: The search documents of the catalogue at `now`.
        texts: What editors wrote for pages at fixed addresses, by address.
        tiles: The address of map tiles on our own origin, or empty.
        site_url: The public address of the site, or empty.
        licence: The address of the content's licence, or empty.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        documents: list[SearchDocument],
        now: datetime,
        service: Service,
        texts: Mapping[str, PageText],
        tiles: str = "",
        site_url: str = "",
        licence: str = "",
    ) -> None:
        self.catalogue = catalogue
        self.documents = documents
        self.now = now
        self.service = service
        self.texts = {**default_texts(), **texts}
        self.tiles = tiles
        self.site_url = site_url
        self.licence = licence
        self.sharing = Sharing(site_url) if site_url else None
        self.open_data_lines: dict[str, bytes] = {}
        self.listings = Listings(catalogue, documents, now)
        self._choices = choices(catalogue, now.astimezone(LOCAL).date())
        self._invented_areas = invented_areas(catalogue)

    @property
    def least_count(self) -> int:
        """Return how many pages there are at least: those of entries."""
        return len(self.catalogue.activities) + len(self.catalogue.signatories)

    def planned(self) -> Iterator[PlannedPage]:
        """Yield every page once."""
        yield from self._activities()
        for ready in self._others():
            yield PlannedPage(ready.url, partial(_return_page, ready), listed=not ready.moved_to)

    def _others(self) -> Iterator[SitePage]:
        """Yield the pages that are not an activity's own."""
        yield from self._fixed_pages()
        yield from map(self._listing, self.listings.pages())
        yield from self._pledges()
        for course in map(training.course_view, self.catalogue.courses):
            yield from _course_pages(course)

    def _fixed_pages(self) -> Iterator[SitePage]:
        """Yield the pages at fixed addresses, most of which an editor may write a text for."""
        invented, service, texts = self._invented_areas, self.service, self.texts
        terms = self.catalogue.taxonomy
        yield self._text_page(
            "/",
            "",
            page_types.HomePage(
                text=texts["/"],
                demonstration=invented,
                choices=self._choices,
                form=SearchForm(),
                soon=self.listings.soon(self.now),
                groups=self.listings.largest(),
            ),
        )
        yield self._text_page(
            "/find/",
            "find",
            page_types.FindPage(
                text=texts["/find/"],
                demonstration=invented,
                service=service,
                choices=self._choices,
                form=SearchForm(),
                first=self.listings.first(),
            ),
        )
        yield self._text_page(
            "/ask/",
            "ask",
            page_types.AskPage(
                text=texts["/ask/"],
                service=service,
                form=Form("/ask"),
                choices=ask_choices(terms),
                activity="",
                activity_missing=False,
            ),
        )
        yield SitePage(  # stands where the service fills in a form, in case it does not answer
            "/put-right/",
            _("Put something right"),
            _("Tell us what has changed."),
            "find",
            page_types.PutRightWhichPage(service=service, activity_missing=False),
        )
        yield self._text_page(
            "/activities/",
            "find",
            page_types.ActivityIndexPage(
                text=texts["/activities/"],
                demonstration=invented,
                groups=self.listings.groups(),
            ),
        )
        yield self._text_page(
            "/map/",
            "find",
            page_types.MapPage(
                text=texts["/map/"],
                demonstration=invented,
                maps=drawn_map.maps(self.catalogue, self.documents),
                tiles=self.tiles,
            ),
        )
        yield self._text_page(
            "/new/",
            "find",
            page_types.NewPage(
                text=texts["/new/"],
                demonstration=invented,
                news=news.news(self.catalogue.activities),
            ),
        )
        yield self._text_page(
            "/list/", "", page_types.ListPage(text=texts["/list/"], service=service)
        )
        yield self._text_page(
            "/offline/", "", page_types.OfflinePage(text=texts["/offline/"], service=service)
        )
        yield self._text_page(
            "/pledges/manage/",
            "pledges",
            page_types.ManageAskPage(form=Form("/pledges/manage"), service=service),
        )
        yield self._text_page(
            "/point/",
            "point",
            page_types.PointPage(
                form=Form("/point"), choices=point_choices(terms), once_more=False
            ),
        )

    def _text_page(self, url: str, section: str, content: Page) -> SitePage:
        text = self.texts[url]
        return SitePage(url, text.title, text.description, section, content)

    def _activities(self) -> Iterator[PlannedPage]:
        """Yield the pages of activities, each made from the catalogue without other activities.

        So the digest of its sources is cheap, and changes only with its own entry, a pledge, the
        taxonomy, the service or the day.
        """
        around = msgspec.structs.replace(self.catalogue, activities=())
        shared = build_cache.digest_value((around, self.service, self.now))
        for activity in self.catalogue.activities:
            url = f"/activities/{activity.slug}/"
            digest = build_cache.digest(shared, build_cache.digest_value(activity))
            make = partial(self._activity, activity, around)
            yield PlannedPage(url, make, digest, activity.checked_on)

    def _activity(self, activity: Activity, around: Catalogue) -> SitePage:
        sessions = page.upcoming_sessions(activity, around.taxonomy, self.now)
        view = page.with_sessions(activity, sessions, around, self.now, self.sharing)
        served = self.service.serves(activity, around.taxonomy)
        service = self.service.for_activity(activity, around.taxonomy)
        self.open_data_lines[activity.slug] = self._open_data_line(activity, sessions)
        return SitePage(
            view.url,
            view.title,
            view.summary,
            "find",
            page_types.ActivityPage(page=view, service=service, served=served),
            view.calendar,
            view.json_ld,
        )

    def open_data_line(self, activity: Activity) -> bytes:
        """Return the line of an activity in the open data."""
        if activity.slug not in self.open_data_lines:
            sessions = page.upcoming_sessions(activity, self.catalogue.taxonomy, self.now)
            self.open_data_lines[activity.slug] = self._open_data_line(activity, sessions)
        return self.open_data_lines[activity.slug]

    def _open_data_line(self, activity: Activity, sessions: tuple[UpcomingSession, ...]) -> bytes:
        address = urljoin(self.site_url, f"/activities/{activity.slug}/")
        return activities.activity_line(activity, self.catalogue.taxonomy, sessions, address)

    def _listing(self, listing: Listing) -> SitePage:
        title = listing.title
        if listing.page > 1:
            title = _("%(title)s, page %(page)s", title=listing.title, page=listing.page)
        invented = self._invented_areas if listing.demonstration else ""
        content = page_types.ListingPage(
            listing=listing, demonstration=invented, service=self.service
        )
        url = listing.url_of(listing.page)
        return SitePage(url, title, listing.summary, "find", content, listing.calendar)

    def _pledges(self) -> Iterator[SitePage]:
        views = tuple(
            register.pledge_view(pledge, self.catalogue, self.now, self.sharing)
            for pledge in self.catalogue.pledges
        )
        yield self._text_page(
            "/pledges/",
            "pledges",
            page_types.PledgesPage(text=self.texts["/pledges/"], pledges=views),
        )
        for view in views:
            invented = self._invented_areas if view.demonstration else ""
            content = page_types.PledgePage(pledge=view, demonstration=invented)
            yield SitePage(view.url, view.title, view.summary, "pledges", content)
            if view.open:
                yield self._sign_start(view)
        for signatory in self.catalogue.signatories:
            if signatory.status == "published":
                signatory_page = signatory_view(signatory, self.catalogue, self.now, self.sharing)
                yield from _signatory_pages(signatory_page)
                yield from _moved(signatory, signatory_page, self.catalogue)

    def _sign_start(self, view: PledgeView) -> SitePage:
        content = page_types.SignStartPage(
            form=Form(f"/pledges/{view.slug}/sign"), pledge=view, service=self.service
        )
        title = _("Make the promise: %(pledge)s", pledge=view.title)
        return SitePage(view.sign_url, title, view.summary, "pledges", content)


def _return_page(page: SitePage) -> SitePage:
    return page


def _signatory_pages(view: SignatoryView) -> Iterator[SitePage]:
    """Yield a signatory's page and, as long as the promise holds, what is printed and hung up."""
    pledge = view.pledge.words
    title, description = f"{view.name}: {pledge}", f"{view.about}: {pledge}"
    content = page_types.SignatoryPage(signatory=view)
    yield SitePage(view.url, title, description, "pledges", content)
    if view.print_materials is None:
        return
    sheets: tuple[tuple[str, str, Page], ...] = (
        (
            view.print_materials.certificate_url,
            _("Certificate"),
            page_types.CertificatePage(signatory=view),
        ),
        (view.print_materials.poster_url, _("Poster"), page_types.PosterPage(signatory=view)),
    )
    for url, kind, sheet in sheets:
        yield SitePage(url, f"{kind}: {view.name}, {pledge}", view.about, "pledges", sheet)


def _moved(signatory: Signatory, view: SignatoryView, catalogue: Catalogue) -> Iterator[SitePage]:
    """Yield a page at each former address, unless a signatory of now has it."""
    slugs = {other.slug for other in catalogue.signatories if other.pledge == signatory.pledge}
    content = page_types.MovedPage(signatory=view)
    for slug in signatory.former_slugs:
        if slug not in slugs:
            former = f"/pledges/{signatory.pledge}/{slug}/"
            for url, to in _former_addresses(former, view).items():
                yield SitePage(url, view.name, "", "pledges", content, moved_to=to)


def _former_addresses(former: str, view: SignatoryView) -> dict[str, str]:
    """Return where the pages of a signatory were, and where each is now, or the nearest to it."""
    materials = view.print_materials
    return {
        former: view.url,
        f"{former}certificate/": materials.certificate_url if materials else view.url,
        f"{former}poster/": materials.poster_url if materials else view.url,
    }


def _course_pages(view: CourseView) -> Iterator[SitePage]:
    """Yield every page of a course."""
    yield SitePage(view.url, view.title, view.summary, "point", page_types.CoursePage(course=view))
    for step in view.steps:
        title = _("%(step)s: %(course)s", step=step.title, course=view.title)
        content = page_types.CourseStepPage(course=view, step=step)
        yield SitePage(step.url, title, step.summary, "point", content)
    yield SitePage(
        view.questions_url,
        _("The questions: %(course)s", course=view.title),
        view.summary,
        "point",
        page_types.CourseQuestionsPage(course=view, form=Form(view.questions_url.rstrip("/"))),
    )
    yield SitePage(
        view.booklet_url,
        _("All on paper: %(course)s", course=view.title),
        view.summary,
        "point",
        page_types.CourseBookletPage(course=view),
    )

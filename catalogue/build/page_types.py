"""The structs that the templates of built pages print, one a template (see `templates.Page`).

`text` is what an editor wrote for the page, else our default. `demonstration` names the invented
areas that occur on the page, and is empty where there are none. The API fills some of the same
templates: those with a form or a register.
"""

from catalogue.build.default_texts import PageText
from catalogue.build.templates import Page
from catalogue.outputs.activity.page import ActivityView
from catalogue.outputs.forms import AskChoices, Form, PointChoices
from catalogue.outputs.listings.card import Card
from catalogue.outputs.listings.listing import FirstCards, Group, Listing
from catalogue.outputs.listings.map import Map
from catalogue.outputs.listings.news import News
from catalogue.outputs.pledges.register import PledgeView
from catalogue.outputs.pledges.signatory import SignatoryView
from catalogue.outputs.search.choices import Choices
from catalogue.outputs.search.form import SearchForm
from catalogue.outputs.training import CourseStepView, CourseView
from catalogue.read.site_settings import Service


class TextPage(Page, frozen=True, kw_only=True):
    """A page at a fixed address, whose title and prose an editor may write."""

    text: PageText


class HomePage(TextPage, frozen=True, kw_only=True):
    """The first page: search form, what is on within a week, links to the largest listings."""

    template = "home.html"
    demonstration: str
    choices: Choices
    form: SearchForm
    soon: tuple[Card, ...]
    groups: tuple[Group, ...]


class FindPage(TextPage, frozen=True, kw_only=True):
    """The search page before anything was asked, with the first cards of all activities."""

    template = "find.html"
    demonstration: str
    service: Service
    choices: Choices
    form: SearchForm
    first: FirstCards


class ActivityIndexPage(TextPage, frozen=True, kw_only=True):
    """Links to all listings."""

    template = "index.html"
    demonstration: str
    groups: tuple[Group, ...]


class MapPage(TextPage, frozen=True, kw_only=True):
    """The maps drawn at build, those of the demonstration last.

    `tiles` is the address of map tiles on our origin, or empty.
    """

    template = "map.html"
    demonstration: str
    maps: tuple[Map, ...]
    tiles: str


class NewPage(TextPage, frozen=True, kw_only=True):
    """What is new and changed, day by day."""

    template = "new.html"
    demonstration: str
    news: News


class ListPage(TextPage, frozen=True, kw_only=True):
    """A visitor's own list, which a script fills from the page's address."""

    template = "list.html"
    service: Service


class OfflinePage(TextPage, frozen=True, kw_only=True):
    """What the service worker shows without a connection."""

    template = "offline.html"
    service: Service


class AskPage(TextPage, frozen=True, kw_only=True):
    """The form that asks for help.

    `activity` is the title of the activity somebody came from, empty where there is none;
    `activity_missing` says that it is not in the directory any more.
    """

    template = "ask.html"
    service: Service
    form: Form
    choices: AskChoices
    activity: str
    activity_missing: bool


class PutRightWhichPage(Page, frozen=True, kw_only=True):
    """The way to a correction where no activity was named, or one that is not there."""

    template = "put_right_which.html"
    service: Service
    activity_missing: bool


class ActivityPage(Page, frozen=True, kw_only=True):
    """One activity."""

    template = "activity.html"
    page: ActivityView
    service: Service
    served: bool = True
    """Whether people of the service go there with somebody."""


class ListingPage(Page, frozen=True, kw_only=True):
    """One page of a listing by kind, place or day."""

    template = "listing.html"
    listing: Listing
    demonstration: str
    service: Service


class PledgesPage(TextPage, frozen=True, kw_only=True):
    """All pledges."""

    template = "pledges.html"
    pledges: tuple[PledgeView, ...]


class PledgePage(Page, frozen=True, kw_only=True):
    """One pledge with its register."""

    template = "pledge.html"
    pledge: PledgeView
    demonstration: str


class SignStartPage(Page, frozen=True, kw_only=True):
    """The first page of signing a pledge, and the form on paper."""

    template = "sign.html"
    form: Form
    pledge: PledgeView
    service: Service


class ManageAskPage(Page, frozen=True, kw_only=True):
    """The form that sends a signatory the link to their promise."""

    template = "manage_ask.html"
    form: Form
    service: Service


class SignatoryPage(Page, frozen=True, kw_only=True):
    """One signatory."""

    template = "signatory.html"
    signatory: SignatoryView


class CertificatePage(Page, frozen=True, kw_only=True):
    """The certificate of a signatory, to print. Its `print_materials` are never None."""

    template = "certificate.html"
    signatory: SignatoryView


class PosterPage(Page, frozen=True, kw_only=True):
    """The poster of a signatory, to print. Its `print_materials` are never None."""

    template = "poster.html"
    signatory: SignatoryView


class MovedPage(Page, frozen=True, kw_only=True):
    """What stands at a former address of a signatory, and leads to the present one."""

    template = "moved.html"
    signatory: SignatoryView


class CoursePage(Page, frozen=True, kw_only=True):
    """The first page of a course."""

    template = "course.html"
    course: CourseView


class CourseStepPage(Page, frozen=True, kw_only=True):
    """One page of a course."""

    template = "course_step.html"
    course: CourseView
    step: CourseStepView


class CourseQuestionsPage(Page, frozen=True, kw_only=True):
    """The questions of a course as a form."""

    template = "course_questions.html"
    course: CourseView
    form: Form


class CourseBookletPage(Page, frozen=True, kw_only=True):
    """A whole course on one page, to print."""

    template = "course_booklet.html"
    course: CourseView


class PointPage(Page, frozen=True, kw_only=True):
    """The form of a connector who pointed somebody on; `once_more`: nothing was counted yet."""

    template = "point.html"
    form: Form
    choices: PointChoices
    once_more: bool

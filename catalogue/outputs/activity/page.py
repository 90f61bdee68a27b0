"""Everything on the page of one activity, in words; what is not known is named as not known.

A static page may be read tomorrow, so days are named and never "today". Templates print these
structs and compute nothing.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from markupsafe import Markup

from catalogue.i18n import languages
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity, FirstVisit
from catalogue.model.catalogue import Catalogue
from catalogue.model.phone import dialled
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.activity import dates, first_visit, freshness, jsonld
from catalogue.outputs.activity.dates import DateTile, TimetableView, UpcomingSession
from catalogue.outputs.activity.first_visit import Answer, GettingThere
from catalogue.outputs.activity.freshness import Freshness
from catalogue.outputs.activity.sharing import Facts, Share, Sharing, readable_address
from catalogue.outputs.activity.venue import (
    GettingIn,
    VenueView,
    getting_in,
    place_in_words,
    venue_views,
)
from catalogue.outputs.listings.card import sentence
from catalogue.outputs.listings.listing import Link, place_url
from catalogue.outputs.pledges.signatory import ProviderPromise, provider_promise
from catalogue.outputs.search import documents
from catalogue.read import body

CROWDED = 3  # venues, from which a sheet of paper has room for little else


class Ask(msgspec.Struct, frozen=True):
    """Whom to ask. `tel` is the number as a link needs it, `on_paper` a website one can copy out.

    `on_paper` is empty where there is a better way.
    """

    name: str
    phone: str
    tel: str
    email: str
    website: str
    on_paper: str
    hours: str


class ActivityView(msgspec.Struct, frozen=True):
    """Everything that the page of one activity prints; `json_ld` is its JSON-LD for machines."""

    slug: str
    url: str
    title: str
    summary: str
    kinds: tuple[Link, ...]
    place: Link | None
    notice: str
    ways: str
    otherwise: bool
    when: tuple[TimetableView, ...]
    next: DateTile | None
    dates: tuple[DateTile, ...]
    where: tuple[VenueView, ...]
    serves: str
    getting_in: tuple[GettingIn, ...]
    cost: str
    cost_known: bool
    places: tuple[str, ...]
    languages: str
    ask: Ask
    freshness: Freshness
    greeter: str
    what_happens: str
    answers: tuple[Answer, ...]
    body: Markup
    lang: str
    """The tag of an editor's words, where they are not in the site's language."""
    getting_there: GettingThere
    online_help: str
    who: tuple[str, ...]
    not_for: str
    provider: str
    provider_website: str
    provider_numbers: str
    promise: ProviderPromise | None
    demonstration: bool
    running: bool
    ended: bool
    ask_words: str
    visit_unknown: bool
    calendar: str
    crowded: bool
    share: Share | None
    json_ld: str


def activity_view(
    activity: Activity, catalogue: Catalogue, now: datetime, sharing: Sharing | None = None
) -> ActivityView:
    """Return the page of one activity as it stands at `now` (aware).

    Without `sharing` (the site has no public address) the page has no ways to hand it on.
    """
    return with_sessions(
        activity, upcoming_sessions(activity, catalogue.taxonomy, now), catalogue, now, sharing
    )


def upcoming_sessions(
    activity: Activity, taxonomy: Taxonomy, now: datetime
) -> tuple[UpcomingSession, ...]:
    """Return the next sessions of an activity that runs, as far as anybody knows."""
    return dates.upcoming_sessions(activity, taxonomy, now) if is_running(activity) else ()


def is_running(activity: Activity) -> bool:
    """Say whether one might go there."""
    return activity.status in ("active", "unknown")


def with_sessions(
    activity: Activity,
    sessions: tuple[UpcomingSession, ...],
    catalogue: Catalogue,
    now: datetime,
    sharing: Sharing | None = None,
) -> ActivityView:
    """Return the page of an activity whose next `sessions` are known."""
    terms = catalogue.taxonomy
    running = is_running(activity)
    checked = freshness.freshness(activity, now)
    tiles = dates.tiles(sessions, now)
    url = f"/activities/{activity.slug}/"
    share = sharing.of(url, _facts(activity, terms, tiles)) if sharing else None
    return ActivityView(
        slug=activity.slug,
        url=url,
        title=activity.title,
        summary=activity.summary,
        kinds=tuple(Link(terms.kind[kind].plural, f"/kinds/{kind}/") for kind in activity.kinds),
        place=_place(activity, terms),
        notice=freshness.notice(activity) or _past(activity, terms, now) or checked.advice,
        ways=sentence(formatting.ways(activity.ways)),
        otherwise=activity.ways != ("in person",),
        when=tuple(dates.timetables(activity)),
        next=dates.next_held(tiles),
        dates=tiles,
        where=venue_views(activity, terms),
        serves=formatting.together(activity.area_served),
        getting_in=getting_in(activity, terms),
        cost=formatting.cost(activity.cost),
        cost_known=bool(activity.cost),
        places=tuple(first_visit.booking_lines(activity)),
        languages=formatting.together(activity.languages),
        ask=_ask(activity),
        freshness=checked,
        greeter=activity.first_visit.greeter,
        what_happens=activity.first_visit.what_happens,
        answers=tuple(first_visit.newcomer_answers(activity)),
        lang=languages.lang_tag(activity.language),
        body=Markup(body.to_html(activity.body)),  # noqa: S704 - cleaned by nh3 there
        getting_there=first_visit.getting_there(activity),
        online_help=activity.online_help,
        who=tuple(first_visit.eligibility_lines(activity)),
        not_for=activity.eligibility.not_for,
        provider=activity.provider.name,
        provider_website=activity.provider.website,
        provider_numbers=", ".join(_numbers(activity)),
        promise=provider_promise(activity.provider.signatory, catalogue, now),
        demonstration=activity.demonstration,
        running=running,
        ended=activity.status == "defunct",
        ask_words=_("Ask someone to go with me") if activity.venues else _("Ask us about this"),
        visit_unknown=activity.first_visit == FirstVisit(),
        crowded=len(activity.venues) >= CROWDED,
        share=share,
        json_ld=jsonld.json_ld(activity, terms, sessions, now, share.address if share else url),
        calendar=f"{url}calendar.ics" if tiles else "",
    )


def _facts(activity: Activity, taxonomy: Taxonomy, tiles: tuple[DateTile, ...]) -> Facts:
    """Return the facts for messages that hand the activity on."""
    first = dates.next_held(tiles)
    rule = "" if first else _rule(activity)
    return Facts(
        title=activity.title,
        summary=activity.summary,
        when=first.in_full if first else rule,
        begins=first.begins if first else rule,
        where=place_in_words(activity, taxonomy),
        place=next(iter(activity.place_names), sentence(formatting.ways(activity.ways))),
        phone=activity.contact.phone,
    )


def _past(activity: Activity, taxonomy: Taxonomy, now: datetime) -> str:
    if not documents.is_past(activity, taxonomy, now):
        return ""
    return _("The dates we know of are past. Please ask whether it still runs, and when.")


def _rule(activity: Activity) -> str:
    return "; ".join(timetable.words for timetable in dates.timetables(activity)) or _(
        "Time not known, ask"
    )


def _place(activity: Activity, taxonomy: Taxonomy) -> Link | None:
    name = next(iter((*activity.place_names, *activity.area_served)), "")
    return Link(name, place_url(taxonomy.area[name])) if name in taxonomy.area else None


def _ask(activity: Activity) -> Ask:
    contact = activity.contact
    website = contact.website or activity.provider.website
    return Ask(
        name=contact.name,
        phone=contact.phone,
        tel=dialled(contact.phone),
        email=contact.email,
        website=website,
        on_paper="" if contact.phone or contact.email else readable_address(website),
        hours=contact.hours,
    )


def _numbers(activity: Activity) -> Iterator[str]:
    if activity.provider.charity_number:
        yield _("registered charity %(number)s", number=activity.provider.charity_number)
    if activity.provider.company_number:
        yield _("company %(number)s", number=activity.provider.company_number)

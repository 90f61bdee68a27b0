"""One activity as its page says it: every fact in words, and what is not known said so.

A static page may be read tomorrow, so days are named and never "today". Templates print these
structs and compute nothing.
"""

from collections.abc import Iterator
from datetime import datetime

import msgspec
from markupsafe import Markup

from catalogue import body, schedule, words
from catalogue.activity import Activity, FirstVisit, YesNoUnknown
from catalogue.catalogue import Catalogue
from catalogue.outputs import freshness, search
from catalogue.outputs.card import sentence, span
from catalogue.outputs.freshness import Freshness
from catalogue.outputs.listing import Link, place_url
from catalogue.outputs.register import ProviderPromise, provider_promise
from catalogue.outputs.venue import GettingIn, Where, getting_in, where
from catalogue.taxonomy import Taxonomy

DATE_TILES = 6
FAR_DAYS = 183  # from half a year on a tile says its year


class DateTile(msgspec.Struct, frozen=True):
    """One session as a tile. `starts_at` is ISO 8601; `in_full` names day and times."""

    starts_at: str
    day: str
    month: str
    in_full: str
    cancelled: bool
    why: str


class When(msgspec.Struct, frozen=True):
    """One timetable in words, with its note and, where there are several, its venue."""

    words: str
    note: str
    venue: str


class Ask(msgspec.Struct, frozen=True):
    """Whom to ask. `tel` is the number as a link needs it."""

    name: str
    phone: str
    tel: str
    email: str
    website: str
    hours: str


class Way(msgspec.Struct, frozen=True):
    """One way of getting there: by what, and how; `by` is empty for plain directions."""

    by: str
    words: str


class Answer(msgspec.Struct, frozen=True):
    """A question a newcomer has, and the answer: yes, no, or that it must be asked."""

    question: str
    words: str
    known: YesNoUnknown


class ActivityPage(msgspec.Struct, frozen=True):
    """All a page of one activity prints."""

    slug: str
    url: str
    title: str
    summary: str
    kinds: tuple[Link, ...]
    place: Link | None
    notice: str
    ways: str
    when: tuple[When, ...]
    dates: tuple[DateTile, ...]
    where: tuple[Where, ...]
    serves: str
    getting_in: tuple[GettingIn, ...]
    cost: str
    places: tuple[str, ...]
    languages: str
    ask: Ask
    freshness: Freshness
    greeter: str
    what_happens: str
    answers: tuple[Answer, ...]
    body: Markup
    getting_there: tuple[Way, ...]
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


def activity_page(activity: Activity, catalogue: Catalogue, now: datetime) -> ActivityPage:
    """Return the page of one activity as it stands at `now` (aware)."""
    terms = catalogue.taxonomy
    running = activity.status in ("active", "unknown")
    visit = activity.first_visit
    dates = tuple(_dates(activity, terms, now)) if running else ()
    url = f"/activities/{activity.slug}/"
    return ActivityPage(
        slug=activity.slug,
        url=url,
        title=activity.title,
        summary=activity.summary,
        kinds=tuple(Link(terms.kind[kind].plural, f"/kinds/{kind}/") for kind in activity.kinds),
        place=_place(activity, terms),
        notice=freshness.notice(activity),
        ways=sentence(words.together(activity.ways, "or")),
        when=tuple(_when(activity)),
        dates=dates,
        where=where(activity, terms),
        serves=words.together(activity.area_served),
        getting_in=getting_in(activity, terms),
        cost=words.cost(activity.cost),
        places=tuple(_places(activity)),
        languages=words.together(activity.languages),
        ask=_ask(activity),
        freshness=freshness.freshness(activity, now),
        greeter=visit.greeter,
        what_happens=visit.what_happens,
        answers=tuple(_answers(activity)),
        body=Markup(body.to_html(activity.body)),  # noqa: S704 - cleaned by nh3 there
        getting_there=tuple(_getting_there(activity)),
        online_help=activity.online_help,
        who=tuple(_who(activity)),
        not_for=activity.eligibility.not_for,
        provider=activity.provider.name,
        provider_website=activity.provider.website,
        provider_numbers=", ".join(_numbers(activity)),
        promise=provider_promise(activity.provider.signatory, catalogue, now),
        demonstration=activity.demonstration,
        running=running,
        ended=activity.status == "defunct",
        ask_words="Ask someone to go with me" if activity.venues else "Ask us about this",
        visit_unknown=visit == FirstVisit(),
        calendar=f"{url}calendar.ics" if dates else "",
    )


def _place(activity: Activity, terms: Taxonomy) -> Link | None:
    name = next(iter((*activity.place_names, *activity.area_served)), "")
    return Link(name, place_url(terms.area[name])) if name in terms.area else None


def _when(activity: Activity) -> Iterator[When]:
    several = len(activity.venues) > 1
    for rule in activity.schedule:
        said = schedule.parse(rule.when, rule.except_).in_words()
        yield When(sentence(said), rule.note, rule.venue if several else "")


def _dates(activity: Activity, terms: Taxonomy, now: datetime) -> Iterator[DateTile]:
    today = now.astimezone(words.LOCAL).date()
    for session in search.sessions(activity, terms, now, DATE_TILES):
        starts = session.starts_at.astimezone(words.LOCAL)
        soon = (starts.date() - today).days < FAR_DAYS
        yield DateTile(
            starts_at=session.starts_at.isoformat(),
            day=str(starts.day),
            month=f"{starts:%b}" if soon else f"{starts:%b %Y}",
            in_full=span(session.starts_at, session.ends_at, today),
            cancelled=session.cancelled,
            why=session.why,
        )


def _ask(activity: Activity) -> Ask:
    contact = activity.contact
    return Ask(
        name=contact.name,
        phone=contact.phone,
        tel="".join(sign for sign in contact.phone if sign.isdigit() or sign == "+"),
        email=contact.email,
        website=contact.website or activity.provider.website,
        hours=contact.hours,
    )


def _places(activity: Activity) -> Iterator[str]:
    """Yield whether to book and whether there is room, and the day that was true."""
    told = activity.places
    booking = {
        "not needed": "Just come, there is no need to book.",
        "needed": "Please book a place first.",
        "ring first": "Please ring before you come.",
        "unknown": f"Whether to book: {words.NOT_KNOWN}.",
    }
    yield booking[told.booking] + (f" {told.how}" if told.how else "")
    waiting = {
        "open": "There is a waiting list, and you can join it",
        "full": "There is no room at the moment, and the waiting list is closed",
        "none": "There is no waiting list",
    }
    if said := waiting.get(told.waiting_list):
        yield f"{said} ({words.long_date(told.as_of)})." if told.as_of else f"{said}."


def _answers(activity: Activity) -> Iterator[Answer]:
    visit = activity.first_visit
    asked = (
        ("Can I come on my own?", visit.welcomes_newcomers_alone, "Yes, people do.", "No."),
        (
            "May I bring someone?",
            visit.bring_someone,
            "Yes, bring somebody.",
            "No, please come alone.",
        ),
        ("Can a buddy meet me first?", visit.buddy_can_meet_you, "Yes, ask for one.", "No."),
    )
    for question, known, yes, no in asked:
        yield Answer(
            question, {"yes": yes, "no": no}.get(known, sentence(words.NOT_KNOWN) + "."), known
        )


def _getting_there(activity: Activity) -> Iterator[Way]:
    way = activity.getting_there
    lift = way.lift
    if not lift and way.lift_offered != "unknown":
        lift = "One can be arranged." if way.lift_offered == "yes" else "None are offered."
    told = (("", way.directions), ("By bus", way.bus), ("Parking", way.parking), ("Lifts", lift))
    yield from (Way(by, text) for by, text in told if text)


def _who(activity: Activity) -> Iterator[str]:
    who = activity.eligibility
    if who.who:
        yield who.who
    if who.minimum_age is not None and who.maximum_age is not None:
        yield f"For people aged {who.minimum_age} to {who.maximum_age}."
    elif who.minimum_age is not None:
        yield f"For people aged {who.minimum_age} and over."
    elif who.maximum_age is not None:
        yield f"For people up to the age of {who.maximum_age}."
    referral = {
        "not needed": "Nobody has to refer you.",
        "self or anyone": "You can refer yourself, or anybody can refer you.",
        "professional only": "A professional has to refer you: your GP, or a social worker.",
    }
    if said := referral.get(who.referral):
        yield said


def _numbers(activity: Activity) -> Iterator[str]:
    if activity.provider.charity_number:
        yield f"registered charity {activity.provider.charity_number}"
    if activity.provider.company_number:
        yield f"company {activity.provider.company_number}"

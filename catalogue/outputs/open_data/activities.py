"""All activities as open data: `activities.json`, one document with a line for each activity.

What is not known is null, never "no"; a hidden venue is its place alone. The shape is described in
docs/open-data.md: a field may be added, anything else needs another VERSION.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urljoin

import msgspec

from catalogue.i18n.gettext import active_language
from catalogue.i18n.languages import lang_tag
from catalogue.model.activity import Activity, Venue, YesNoUnknown
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.activity.dates import TILES, UpcomingSession, timetables
from catalogue.outputs.activity.venue import place_in_words
from catalogue.outputs.open_data.shape import (
    Access,
    Head,
    OpenActivity,
    OpenContact,
    OpenEligibility,
    OpenNewcomers,
    OpenPrice,
    OpenProvider,
    OpenSession,
    OpenSource,
    OpenTimetable,
    OpenVenue,
    Term,
)

FILE = "activities.json"
VERSION = 1
ANSWERS: dict[YesNoUnknown, bool | None] = {"yes": True, "no": False, "unknown": None}


def activity_line(
    activity: Activity, taxonomy: Taxonomy, coming: Sequence[UpcomingSession], address: str
) -> bytes:
    """Return its line, without the line's end; `address` is that of its page.

    `coming` are its next sessions as `dates.coming` has them, none for one that does not run.
    """
    return msgspec.json.encode(_published(activity, taxonomy, coming, address))


def head(taxonomy: Taxonomy, publisher: str, licence: str, address: str, as_of: datetime) -> Head:
    """Return what is said of the whole; `address` is the site's own, in public, or empty."""
    return Head(
        version=VERSION,
        publisher=publisher,
        about=urljoin(address, "/about/") if address else None,
        licence=licence or None,
        as_of=as_of,
        time_zone="Europe/London",
        language=active_language().language,
        kinds=tuple(Term(kind.slug, kind.label) for kind in taxonomy.kinds),
        needs=tuple(Term(need.slug, need.label) for need in taxonomy.needs),
        access=tuple(Term(fact.slug, fact.label) for fact in taxonomy.access),
    )


def open_data_file(head: Head, records: Iterable[bytes]) -> bytes:
    """Return the document; `records` are its lines in order of slug."""
    opening = msgspec.json.encode(head).removesuffix(b"}")
    return opening + b',"activities":[\n' + b",\n".join(records) + b"\n]}\n"


def lines(document: bytes) -> dict[str, bytes]:
    """Return the lines of a document that was written earlier, by slug."""
    entry_lines = (line.removesuffix(b",") for line in document.split(b"\n"))
    return {_slug(line): line for line in entry_lines if line.startswith(b'{"slug":"')}


def _slug(line: bytes) -> str:
    return line.split(b'"', 4)[3].decode()


def _published(
    activity: Activity, taxonomy: Taxonomy, coming: Sequence[UpcomingSession], address: str
) -> OpenActivity:
    access = [_facts({**activity.access, **venue.access}, taxonomy) for venue in activity.venues]
    shared = _shared(access or [_facts(activity.access, taxonomy)])
    return OpenActivity(
        slug=activity.slug,
        url=address,
        calendar=f"{address}calendar.ics",
        title=activity.title,
        summary=activity.summary,
        demonstration=activity.demonstration,
        status=None if activity.status == "unknown" else activity.status,
        kinds=activity.kinds,
        needs=activity.needs,
        ways=activity.ways,
        when=tuple(_rules(activity)),
        sessions=tuple(map(_session, coming[:TILES])),
        where_in_words=place_in_words(activity, taxonomy),
        where=tuple(_venues(activity, access, shared)),
        area_served=activity.area_served,
        cost_in_words=formatting.cost(activity.cost),
        cost=tuple(
            OpenPrice(option.price_pence, option.condition or None) for option in activity.cost
        )
        or None,
        free=ANSWERS[activity.free],
        access=shared,
        booking=None if activity.places.booking == "unknown" else activity.places.booking,
        contact=_whom(activity),
        eligibility=_for(activity),
        newcomers=_newcomers(activity),
        languages=activity.languages,
        language=lang_tag(activity.language) or active_language().language,
        provider=_runs(activity),
        checked_on=activity.assured_on,
        sources=tuple(
            OpenSource(source.name, source.website or None, source.read_on)
            for source in activity.sources
        ),
    )


def _rules(activity: Activity) -> Iterator[OpenTimetable]:
    for timetable in timetables(activity):
        yield OpenTimetable(timetable.words, timetable.note or None, timetable.venue or None)


def _session(upcoming: UpcomingSession) -> OpenSession:
    session = upcoming.session
    return OpenSession(
        session.starts_at,
        session.ends_at,
        session.cancelled,
        session.why or None,
        session.doubt or None,
        upcoming.venue or None,
    )


def _facts(answers: dict[str, YesNoUnknown], taxonomy: Taxonomy) -> Access:
    return {fact.slug: ANSWERS[answers.get(fact.slug, "unknown")] for fact in taxonomy.access}


def _shared(facts_by_venue: list[Access]) -> Access:
    """Return what holds at all venues; null where they differ, which each then tells by itself."""
    first, *other_venues = facts_by_venue
    return {
        slug: answer if all(other[slug] is answer for other in other_venues) else None
        for slug, answer in first.items()
    }


def _venues(activity: Activity, access: list[Access], shared: Access) -> Iterator[OpenVenue]:
    for venue, facts in zip(activity.venues, access, strict=True):
        yield _somewhere(
            venue,
            activity.demonstration,
            {slug: answer for slug, answer in facts.items() if answer is not shared[slug]},
        )


def _somewhere(venue: Venue, invented: bool, access: Access) -> OpenVenue:
    if venue.hidden == "yes":
        return OpenVenue(venue.place, None, None, None, None, None, True, access)
    return OpenVenue(
        place=venue.place,
        name=venue.name or None,
        address=venue.address or None,
        postcode=venue.postcode or None,
        latitude=None if invented else venue.latitude,
        longitude=None if invented else venue.longitude,
        hidden=False,
        access=access,
    )


def _whom(activity: Activity) -> OpenContact:
    contact = activity.contact
    return OpenContact(
        contact.name or None,
        contact.phone or None,
        contact.email or None,
        contact.website or None,
        contact.hours or None,
    )


def _for(activity: Activity) -> OpenEligibility:
    eligibility = activity.eligibility
    return OpenEligibility(
        eligibility.minimum_age,
        eligibility.maximum_age,
        eligibility.who or None,
        eligibility.not_for or None,
        None if eligibility.referral == "unknown" else eligibility.referral,
    )


def _newcomers(activity: Activity) -> OpenNewcomers:
    visit = activity.first_visit
    return OpenNewcomers(
        visit.greeter or None,
        visit.what_happens or None,
        ANSWERS[visit.welcomes_newcomers_alone],
        ANSWERS[visit.bring_someone],
        ANSWERS[visit.buddy_can_meet_you],
        ANSWERS[activity.getting_there.lift_offered],
    )


def _runs(activity: Activity) -> OpenProvider:
    provider = activity.provider
    return OpenProvider(
        provider.name,
        provider.website or None,
        provider.charity_number or None,
        provider.company_number or None,
    )

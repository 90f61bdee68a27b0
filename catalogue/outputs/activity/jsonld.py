"""One activity as JSON-LD in the head of its page: what search engines and other machines read.

It says what the page says, of schema.org's terms those that fit; a hidden venue is its place alone.
What has no session to come that is known by its date (somebody rings, lends something, "roughly
weekly") is a Service: an Event without a startDate is none. What has ended is not told at all.
A page has room for some 3 kB of it: of many venues it gives the places alone.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Literal

import msgspec

from catalogue.i18n import languages
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity, Venue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import worlds
from catalogue.outputs.activity import jsonld_schedule, schema_org
from catalogue.outputs.activity.dates import TILES, UpcomingSession
from catalogue.outputs.activity.schema_org import CONTEXT, Event, NodeReference, Place, Service

CROWDED = 3  # venues, from which what is known about getting in is left to the page
COUNTRY, CURRENCY = "GB", "GBP"
STATUS = {
    "active": f"{CONTEXT}/EventScheduled",
    "temporarily closed": f"{CONTEXT}/EventPostponed",
    "inactive": f"{CONTEXT}/EventCancelled",
}
CANCELLED = f"{CONTEXT}/EventCancelled"
FROM_HOME = "#from-home"
Mode = Literal["Offline", "Online", "Mixed"]


def json_ld(
    activity: Activity,
    taxonomy: Taxonomy,
    coming: Sequence[UpcomingSession],
    now: datetime,
    url: str,
) -> str:
    """Return it as JSON that can stand in a script element; `url` is the address of its page.

    `coming` are its next sessions as `dates.coming` has them, none for one that does not run.
    Nothing is returned of one that has ended.
    """
    if activity.status == "defunct":
        return ""
    next_held = next((upcoming for upcoming in coming if not upcoming.session.cancelled), None)
    node = (
        _event(activity, taxonomy, coming, next_held, now, url)
        if next_held
        else _service(activity, url, taxonomy)
    )
    # "<" is all that could end the element or open a comment in it
    return msgspec.json.encode(node).decode().replace("<", "\\u003c")


def _event(
    activity: Activity,
    taxonomy: Taxonomy,
    coming: Sequence[UpcomingSession],
    next_held: UpcomingSession,
    now: datetime,
    url: str,
) -> Event:
    """Return an event that starts with the session that is `held` next."""
    return Event(
        context=CONTEXT,
        name=worlds.title(activity),
        description=activity.summary,
        url=url,
        start_date=next_held.session.starts_at,
        end_date=next_held.session.ends_at,
        event_status=STATUS.get(activity.status, ""),
        event_attendance_mode=f"{CONTEXT}/{_mode(activity)}EventAttendanceMode",
        location=tuple(_locations(activity, taxonomy, url)),
        organizer=_organisation(activity),
        offers=tuple(_offers(activity)),
        is_accessible_for_free=_free(activity),
        typical_age_range=_ages(activity),
        keywords=_kinds(activity, taxonomy),
        in_language=_spoken(activity),
        event_schedule=tuple(jsonld_schedule.rules(activity, taxonomy, now)),
        sub_event=tuple(_sessions(activity, coming)),
    )


def _service(activity: Activity, url: str, taxonomy: Taxonomy) -> Service:
    where = activity.area_served or activity.place_names
    venues = tuple(
        _place(activity, venue, taxonomy, f"#place-{number}")
        for number, venue in enumerate(activity.venues, 1)
    )
    return Service(
        context=CONTEXT,
        name=worlds.title(activity),
        description=activity.summary,
        url=url,
        service_type=_kinds(activity, taxonomy),
        provider=_organisation(activity),
        area_served=tuple(Place(name=name) for name in where),
        offers=tuple(_offers(activity)),
        available_channel=schema_org.ServiceChannel(_spoken(activity), venues)
        if activity.languages or venues
        else None,
    )


def _spoken(activity: Activity) -> tuple[str, ...]:
    """Return the tags of the languages spoken there, as far as they are written down."""
    return tuple(languages.tags().get(name, name) for name in activity.languages)


def _kinds(activity: Activity, taxonomy: Taxonomy) -> tuple[str, ...]:
    return tuple(taxonomy.kind[kind].label for kind in activity.kinds)


def _mode(activity: Activity) -> Mode:
    remote_ways = {"online", "by phone"} & set(activity.ways)
    local_ways = {"in person", "comes to you"} & set(activity.ways)
    return "Mixed" if remote_ways and local_ways else "Online" if remote_ways else "Offline"


def _locations(
    activity: Activity, taxonomy: Taxonomy, url: str
) -> Iterator[Place | schema_org.VirtualLocation]:
    """Yield its venues, or where it comes to, and how to join from afar."""
    for number, venue in enumerate(activity.venues, 1):
        yield _place(activity, venue, taxonomy, f"#place-{number}")
    for number, name in enumerate(_homes(activity), 1):
        yield Place(id=f"#place-{number}", name=name)
    if _mode(activity) != "Offline":
        yield schema_org.VirtualLocation(id=FROM_HOME, url=url)


def _homes(activity: Activity) -> tuple[str, ...]:
    """Return the areas it comes to, for an activity without a venue."""
    comes = "comes to you" in activity.ways and not activity.venues
    return activity.area_served if comes else ()


def _place(activity: Activity, venue: Venue, taxonomy: Taxonomy, node: str) -> Place:
    if venue.hidden == "yes":
        return Place(
            id=node,
            name=venue.place,
            description=_("The address is not shown. You are told it when you ask."),
            address=schema_org.PostalAddress(venue.place, COUNTRY),
            amenity_feature=tuple(_access(activity, venue, taxonomy)),
        )
    return Place(
        id=node,
        name=venue.name or venue.address or venue.place,
        address=schema_org.PostalAddress(
            venue.place, COUNTRY, street_address=venue.address, postal_code=venue.postcode
        ),
        geo=None if activity.demonstration else _point(venue),
        amenity_feature=tuple(_access(activity, venue, taxonomy)),
    )


def _point(venue: Venue) -> schema_org.GeoCoordinates | None:
    if venue.latitude is None or venue.longitude is None:
        return None
    return schema_org.GeoCoordinates(latitude=venue.latitude, longitude=venue.longitude)


def _access(
    activity: Activity, venue: Venue, taxonomy: Taxonomy
) -> Iterator[schema_org.LocationFeatureSpecification]:
    """Yield what is known about getting in, in the order of the taxonomy."""
    if len(activity.venues) >= CROWDED:
        return
    answers = {**activity.access, **venue.access}
    for fact in taxonomy.access:
        if (answer := answers.get(fact.slug, "unknown")) != "unknown":
            name = fact.short or fact.label
            yield schema_org.LocationFeatureSpecification(name=name, value=answer == "yes")


def _organisation(activity: Activity) -> schema_org.Organization:
    contact = activity.contact
    contact_point = schema_org.ContactPoint(
        name=contact.name, telephone=contact.phone, email=contact.email
    )
    return schema_org.Organization(
        name=activity.provider.name,
        url=activity.provider.website or contact.website,
        contact_point=contact_point if contact.phone or contact.email else None,
    )


def _offers(activity: Activity) -> Iterator[schema_org.Offer]:
    for option in activity.cost:
        pounds, pence = divmod(option.price_pence, 100)
        yield schema_org.Offer(f"{pounds}.{pence:02}", CURRENCY, description=option.condition)


def _free(activity: Activity) -> bool | None:
    """Say whether nobody pays, or nobody comes free; None where that hangs on who comes."""
    free_answers = {option.price_pence == 0 for option in activity.cost}
    return free_answers.pop() if len(free_answers) == 1 else None


def _ages(activity: Activity) -> str:
    least, most = activity.eligibility.minimum_age, activity.eligibility.maximum_age
    if least is None and most is None:
        return ""
    return f"{'' if least is None else least}-{'' if most is None else most}"


def _sessions(activity: Activity, coming: Sequence[UpcomingSession]) -> Iterator[Event]:
    """Yield the next sessions. One that may be held is not said to be: schools have their terms."""
    name, places = worlds.title(activity), _nodes(activity)
    everywhere = tuple(node for _venue, node in places)
    for upcoming in coming[:TILES]:
        nodes_here = tuple(node for venue, node in places if venue in (upcoming.venue, ""))
        yield Event(
            name=name,
            start_date=upcoming.session.starts_at,
            end_date=upcoming.session.ends_at,
            event_status=CANCELLED if upcoming.session.cancelled else "",
            location=nodes_here if upcoming.venue else everywhere,
        )


def _nodes(activity: Activity) -> tuple[tuple[str, NodeReference], ...]:
    """Return what its locations are called in this node, each with the name of its venue."""
    names = [venue.name for venue in activity.venues] or ["" for _name in _homes(activity)]
    places = ((name, NodeReference(f"#place-{number}")) for number, name in enumerate(names, 1))
    from_home = (("", NodeReference(FROM_HOME)),) if _mode(activity) != "Offline" else ()
    return (*places, *from_home)

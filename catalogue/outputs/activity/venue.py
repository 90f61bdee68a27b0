"""Where an activity happens and what is known about getting in, venue by venue.

A hidden address stays hidden, an invented one is on no map, a fact nobody wrote down is unknown.
"""

from urllib.parse import quote

import msgspec

from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity, Venue, YesNoUnknown
from catalogue.model.geo import Point
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.listings.base_map import Frame, Landmark, land_path, landmarks, square
from catalogue.outputs.listings.listing import Link, place_url

Facts = dict[str, YesNoUnknown]
DIRECTIONS = "https://www.openstreetmap.org/directions?to="
SPOT_WIDTH, SPOT_HEIGHT = 320, 200  # of the small map
SPOT_KILOMETRES_WIDE = 32
SPOT_STEP = 0.05  # degrees between the middles of frames
SPOT_DOT, SPOT_ABOUT = 8, 20  # radius of a spot, and of one somewhere there: two kilometres
DEGREE_KM = 111.2  # of latitude


class Access(msgspec.Struct, frozen=True):
    """What is known about getting in: labels that hold, short ones that do not, and what to ask.

    Labels are sentences: "No steps: no" would be understood by nobody, "Step-free: no" is.
    `in_short` is all that is known, for paper.
    """

    yes: tuple[str, ...]
    no: tuple[str, ...]
    unknown: tuple[str, ...]
    in_short: tuple[str, ...]


class Spot(msgspec.Struct, frozen=True):
    """A spot drawn; `land` is the shape of the land as a path, `about` is true for a middle."""

    width: int
    height: int
    land: str
    landmarks: tuple[Landmark, ...]
    x: float
    y: float
    radius: int
    about: bool


class VenueView(msgspec.Struct, frozen=True):
    """One venue. `directions_url` leads to a map of another site with the way there.

    It is empty, and `spot` None, where the address is hidden, not known or invented.
    """

    name: str
    address: str
    place: Link
    directions_url: str
    hidden: bool
    spot: Spot | None


class GettingIn(msgspec.Struct, frozen=True):
    """Access to one venue; `venue` is empty where there is nothing to tell apart."""

    venue: str
    access: Access


def venue_views(activity: Activity, taxonomy: Taxonomy) -> tuple[VenueView, ...]:
    """Return its venues in the order written."""
    return tuple(_venue(activity, venue, taxonomy) for venue in activity.venues)


def getting_in(activity: Activity, taxonomy: Taxonomy) -> tuple[GettingIn, ...]:
    """Return access: first what holds at all venues, then what is particular to each.

    Without a venue only the facts that are known.
    """
    if not activity.venues:
        access = _access(activity.access, taxonomy)
        return (GettingIn("", access),) if access.in_short else ()
    unknown: Facts = {fact.slug: "unknown" for fact in taxonomy.access}
    answers_by_venue = [{**unknown, **activity.access, **venue.access} for venue in activity.venues]
    shared = {
        slug: answer
        for slug, answer in answers_by_venue[0].items()
        if _alike(slug, answers_by_venue)
    }
    if len(shared) == len(answers_by_venue[0]):
        return (GettingIn("", _access(shared, taxonomy)),)
    everywhere = (GettingIn(_("At each of them"), _access(shared, taxonomy)),) if shared else ()
    return *everywhere, *(
        GettingIn(
            venue.name or venue.place,
            _access({slug: facts[slug] for slug in facts if slug not in shared}, taxonomy),
        )
        for venue, facts in zip(activity.venues, answers_by_venue, strict=True)
    )


def _alike(slug: str, answers_by_venue: list[Facts]) -> bool:
    return len({facts[slug] for facts in answers_by_venue}) == 1


def place_in_words(activity: Activity, taxonomy: Taxonomy, venue: str = "") -> str:
    """Return on one line where it happens: at the venue of this name, or at all of them."""
    views = [view for view in venue_views(activity, taxonomy) if not venue or view.name == venue]
    if not views:
        return formatting.ways(activity.ways).capitalize()
    return "; ".join(map(_on_one_line, views))


def _on_one_line(view: VenueView) -> str:
    if view.hidden:
        return _(
            "%(place)s (the address is not shown, you are told it when you ask)",
            place=view.place.words,
        )
    return ", ".join(filter(None, (view.name, view.address)))


def _venue(activity: Activity, venue: Venue, taxonomy: Taxonomy) -> VenueView:
    parts = (venue.address, venue.place, venue.postcode)
    may_show = not activity.demonstration and venue.hidden != "yes"
    return VenueView(
        name=venue.name,
        address=", ".join(part for part in parts if part and part != venue.name),
        place=Link(venue.place, place_url(taxonomy.area[venue.place])),
        directions_url=_directions_url(venue) if may_show else "",
        hidden=venue.hidden == "yes",
        spot=_spot(venue, taxonomy) if may_show else None,
    )


def _spot(venue: Venue, taxonomy: Taxonomy) -> Spot | None:
    point, area = taxonomy.venue_point(venue), taxonomy.area[venue.place]
    is_wide = point == area.point and any(
        area_inside.within == area.name for area_inside in taxonomy.areas
    )
    return _draw_spot(point) if point and not is_wide else None


def _directions_url(venue: Venue) -> str:
    if venue.point:
        return f"{DIRECTIONS}{venue.point.latitude},{venue.point.longitude}"
    if venue.address or venue.postcode:
        parts = (venue.name, venue.address, venue.place, venue.postcode)
        return DIRECTIONS + quote(", ".join(part for part in parts if part))
    return ""


def _access(facts: Facts, taxonomy: Taxonomy) -> Access:
    """Sort the facts by what is known, in the order of the taxonomy."""
    of = {
        answer: [fact for fact in taxonomy.access if facts.get(fact.slug) == answer]
        for answer in ("yes", "no", "unknown")
    }
    labels = tuple(fact.short or fact.label for fact in of["yes"])
    lacks = tuple(fact.short or fact.label for fact in of["no"])
    return Access(
        yes=tuple(fact.label for fact in of["yes"]),
        no=lacks,
        unknown=tuple(fact.label for fact in of["unknown"]),
        in_short=(*labels, *(_("%(fact)s: no", fact=fact) for fact in lacks)),
    )


def _draw_spot(point: Point) -> Spot | None:
    """Draw where a venue is; None where no place around is known: a dot says nothing.

    Venues of one town share a frame, whose land is then drawn once.
    """
    frame = Frame(
        width=SPOT_WIDTH,
        height=SPOT_HEIGHT,
        latitude=_to_step(point.latitude),
        longitude=_to_step(point.longitude),
        unit=DEGREE_KM * SPOT_WIDTH / SPOT_KILOMETRES_WIDE,
    )
    x, y = frame.position(point.longitude, point.latitude)
    radius = SPOT_ABOUT if point.about else SPOT_DOT
    landmarks_near = tuple(landmarks(frame, (), [square(x, y, radius + 4)]))
    if not landmarks_near:
        return None
    return Spot(
        width=SPOT_WIDTH,
        height=SPOT_HEIGHT,
        land=land_path(frame),
        landmarks=landmarks_near,
        x=round(x, 1),
        y=round(y, 1),
        radius=radius,
        about=point.about,
    )


def _to_step(degrees: float) -> float:
    return round(round(degrees / SPOT_STEP) * SPOT_STEP, 2)

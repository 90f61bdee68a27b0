"""Maps drawn at build as SVG: a dot for each place, sized by its number of activities, and a list.

They need no tiles and no request to others. East to west is shrunk by the latitude, so that
distances are true in the middle of the map. Positions are in the drawing's own units.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import cos, radians, sqrt
from typing import Literal

import msgspec

from catalogue.model.catalogue import Catalogue
from catalogue.model.geo import Point, kilometres
from catalogue.model.taxonomy import Area, Taxonomy
from catalogue.outputs.listings.listing import Link, place_url
from catalogue.outputs.search.documents import SearchDocument

WIDTH = 480
MARGIN = 56
LEAST_HEIGHT, MOST_HEIGHT = 220, 720
SMALLEST, LARGEST = 6.0, 18.0  # radius of a dot
LETTER, LINE = 8.6, 18.0  # how wide a letter and how high a line of a label is
MILE_KM = 1.609344
SCALE_MILES = (1, 2, 5, 10, 25, 50)


Anchor = Literal["start", "middle", "end"]


class Dot(msgspec.Struct, frozen=True):
    """A place on the map. Its name stands at `label_x` and `label_y`; "" is no room for it.

    `anchor` is which end of the name that spot is, as SVG says it.
    """

    name: str
    url: str
    count: int
    x: float
    y: float
    radius: float
    label: str = ""
    label_x: float = 0.0
    label_y: float = 0.0
    anchor: Anchor = "start"


class Scale(msgspec.Struct, frozen=True):
    """A bar that says how long some miles are."""

    miles: int
    width: float
    x: float
    y: float


class Map(msgspec.Struct, frozen=True):
    """One wide area drawn, and the same as a list."""

    title: str
    url: str
    width: int
    height: int
    dots: tuple[Dot, ...]
    scale: Scale
    places: tuple[Link, ...]
    demonstration: bool


class Marker(msgspec.Struct, frozen=True):
    """A venue on a map that can be moved, with the activity that happens there."""

    title: str
    url: str
    latitude: float
    longitude: float


class _Box(msgspec.Struct, frozen=True):
    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "_Box") -> bool:
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def maps(catalogue: Catalogue, documents: Iterable[SearchDocument]) -> tuple[Map, ...]:
    """Return a map of every outermost area in which something is on in person, as listed."""
    terms = catalogue.taxonomy
    return draw_maps(terms, _counts(documents, terms), place_url)


def draw_maps(
    taxonomy: Taxonomy, counts: Mapping[str, int], url: Callable[[Area], str]
) -> tuple[Map, ...]:
    """Return a map of every outermost area with something counted in it, place by place.

    `url` says where a dot leads.
    """
    found = []
    for area in taxonomy.areas:
        if not area.within and (inside := _inside(area, taxonomy, counts)):
            found.append(_map(area, inside, counts, url))
    return tuple(found)


def points(documents: Iterable[SearchDocument]) -> tuple[Marker, ...]:
    """Return a marker for each venue whose spot is known, not only the middle of its place."""
    return tuple(
        Marker(document.title, document.url, point.latitude, point.longitude)
        for document in documents
        for point in document.points
        if not point.about
    )


def _counts(documents: Iterable[SearchDocument], taxonomy: Taxonomy) -> dict[str, int]:
    """Return how many activities happen in each narrowest place, one in two places in both."""
    counts: dict[str, int] = defaultdict(int)
    for document in documents:
        wider = {one.name for name in document.places for one in taxonomy.around(name)[1:]}
        for name in document.places:
            counts[name] += name not in wider
    return counts


def _inside(area: Area, taxonomy: Taxonomy, counts: Mapping[str, int]) -> list[Area]:
    """Return the places of an area that have something on and are known to lie somewhere."""
    return [
        one
        for one in taxonomy.areas
        if area in taxonomy.around(one.name) and counts.get(one.name) and one.point
    ]


def _map(
    area: Area, inside: list[Area], counts: Mapping[str, int], url: Callable[[Area], str]
) -> Map:
    points = [one.point for one in inside if one.point]
    south, north = _ends([point.latitude for point in points])
    west, east = _ends([point.longitude for point in points])
    narrow = cos(radians((south + north) / 2))
    wide, high = (east - west) * narrow, north - south
    unit = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
    height = max(LEAST_HEIGHT, round(high * unit) + 2 * MARGIN)
    left, top = (WIDTH - wide * unit) / 2, (height - high * unit) / 2
    most = max(counts[one.name] for one in inside)
    dots = [
        Dot(
            name=one.name,
            url=url(one),
            count=counts[one.name],
            x=round(left + (point.longitude - west) * narrow * unit, 1),
            y=round(top + (north - point.latitude) * unit, 1),
            radius=round(max(SMALLEST, LARGEST * sqrt(counts[one.name] / most)), 1),
        )
        for one, point in zip(inside, points, strict=True)
    ]
    kilometre = unit * narrow / kilometres(Point(south, 0.0), Point(south, 1.0))
    return Map(
        title=area.name,
        url=url(area),
        width=WIDTH,
        height=height,
        dots=tuple(_labelled(dots)),
        scale=_scale(kilometre, height),
        places=tuple(
            Link(one.name, one.url, one.count) for one in sorted(dots, key=lambda dot: dot.name)
        ),
        demonstration=area.demonstration == "yes",
    )


def _ends(degrees: list[float]) -> tuple[float, float]:
    """Return the least and the most, some way apart even where all lie in one spot."""
    least, most = min(degrees), max(degrees)
    apart = max(most - least, 0.02)
    centre = (least + most) / 2
    return centre - apart / 2, centre + apart / 2


def _labelled(dots: list[Dot]) -> Iterator[Dot]:
    """Yield the dots, the largest first, each with its name beside it where there is room."""
    taken = [
        _Box(dot.x - dot.radius, dot.y - dot.radius, dot.x + dot.radius, dot.y + dot.radius)
        for dot in dots
    ]
    for dot in sorted(dots, key=lambda one: (-one.count, one.name)):
        room = next((one for one in _beside(dot) if _is_free(one[1], taken)), None)
        if room is None:
            yield dot
            continue
        anchor, box = room
        taken.append(box)
        x = {"start": box.left, "middle": dot.x, "end": box.right}[anchor]
        yield msgspec.structs.replace(
            dot,
            label=dot.name,
            label_x=round(x, 1),
            label_y=round(box.bottom - 4, 1),
            anchor=anchor,
        )


def _beside(dot: Dot) -> Iterator[tuple[Anchor, _Box]]:
    """Yield where a name could stand: right, left, below, above, then at a slant."""
    wide, away = len(dot.name) * LETTER, dot.radius + 5
    middle = dot.y - LINE / 2
    spots: tuple[tuple[Anchor, float, float], ...] = (
        ("start", dot.x + away, middle),
        ("end", dot.x - away - wide, middle),
        ("middle", dot.x - wide / 2, dot.y + away - 4),
        ("middle", dot.x - wide / 2, dot.y - away - LINE + 4),
        ("end", dot.x - dot.radius - wide, dot.y + 2),
        ("start", dot.x + dot.radius, dot.y + 2),
        ("end", dot.x - dot.radius - wide, dot.y - LINE - 2),
        ("start", dot.x + dot.radius, dot.y - LINE - 2),
    )
    for anchor, left, top in spots:
        yield anchor, _Box(left, top, left + wide, top + LINE)


def _is_free(box: _Box, taken: list[_Box]) -> bool:
    return box.left >= 4 and box.right <= WIDTH - 4 and not any(map(box.meets, taken))


def _scale(kilometre: float, height: int) -> Scale:
    """Return the longest bar of round miles that takes less than a third of the width."""
    fitting = [miles for miles in SCALE_MILES if miles * MILE_KM * kilometre < WIDTH / 3]
    miles = max(fitting, default=SCALE_MILES[0])
    return Scale(miles, round(miles * MILE_KM * kilometre, 1), 24, height - 28)

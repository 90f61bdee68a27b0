"""Maps drawn at build as SVG: a dot for each place, sized by its number of activities, and a list.

Below the dots lie the coast and the main places around, where they are real. Maps need no tiles and
no request to others. Positions are in the drawing's own units.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import cos, radians, sqrt

import msgspec

from catalogue.model.catalogue import Catalogue
from catalogue.model.geo import Point
from catalogue.model.taxonomy import Area, Taxonomy
from catalogue.outputs.listings.base_map import (
    LINE,
    Anchor,
    Frame,
    Landmark,
    Rectangle,
    land_path,
    landmarks,
    place_label,
    square,
)
from catalogue.outputs.listings.listing import Link, place_url
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.worlds import split_worlds, title

WIDTH = 480
MARGIN = 76
LEAST_HEIGHT, MOST_HEIGHT = 220, 720
SMALLEST, LARGEST = 6.0, 18.0  # radius of a dot
MILE_KM = 1.609344
SCALE_MILES = (1, 2, 5, 10, 25, 50)
LEAST_HIGH, LEAST_WIDE = 0.2, 0.27  # degrees of latitude: what is less wide shows no coast


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
    """One wide area drawn, and the same as a list.

    `land` is the shape of the land as a path, empty where none is known.
    """

    title: str
    url: str
    width: int
    height: int
    land: str
    landmarks: tuple[Landmark, ...]
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


def maps(catalogue: Catalogue, documents: Iterable[SearchDocument]) -> tuple[Map, ...]:
    """Return a map of every outermost area in which something is on in person, as listed.

    An area is real or invented as a whole; those of the demonstration come last.
    """
    terms = catalogue.taxonomy
    real, invented = split_worlds(draw_maps(terms, _counts(documents, terms), place_url))
    return (*real, *invented)


def draw_maps(
    taxonomy: Taxonomy, counts: Mapping[str, int], url: Callable[[Area], str]
) -> tuple[Map, ...]:
    """Return a map of every outermost area with something counted in it, place by place.

    `url` says where a dot leads.
    """
    maps = []
    for area in taxonomy.areas:
        if not area.within and (areas := _inside(area, taxonomy, counts)):
            maps.append(_map(area, areas, counts, url))
    return tuple(maps)


def points(documents: Iterable[SearchDocument]) -> tuple[Marker, ...]:
    """Return a marker for each venue whose spot is known, not only the middle of its place.

    Invented venues are on it only where none is real.
    """
    exact = [
        document for document in documents if not all(point.about for point in document.points)
    ]
    shown, _invented = split_worlds(exact)
    return tuple(
        Marker(title(document), document.url, point.latitude, point.longitude)
        for document in shown
        for point in document.points
        if not point.about
    )


def _counts(documents: Iterable[SearchDocument], taxonomy: Taxonomy) -> dict[str, int]:
    """Return how many activities happen in each narrowest place, one in two places in both.

    What is invented is counted in no real place.
    """
    counts: dict[str, int] = defaultdict(int)
    for document in documents:
        wider = {area.name for name in document.places for area in taxonomy.around(name)[1:]}
        for name in document.places:
            is_invented = any(area.demonstration == "yes" for area in taxonomy.around(name))
            counts[name] += name not in wider and is_invented == document.demonstration
    return counts


def _inside(area: Area, taxonomy: Taxonomy, counts: Mapping[str, int]) -> list[Area]:
    """Return the places of an area that have something on and are known to lie somewhere."""
    return [
        narrower
        for narrower in taxonomy.areas
        if area in taxonomy.around(narrower.name) and counts.get(narrower.name) and narrower.point
    ]


def _map(
    area: Area, areas: list[Area], counts: Mapping[str, int], url: Callable[[Area], str]
) -> Map:
    demonstration = area.demonstration == "yes"
    points = [narrower.point for narrower in areas if narrower.point]
    frame = _frame(points)
    most = max(counts[narrower.name] for narrower in areas)
    dots = []
    for narrower, point in zip(areas, points, strict=True):
        x, y = frame.position(point.longitude, point.latitude)
        radius = max(SMALLEST, LARGEST * sqrt(counts[narrower.name] / most))
        dots.append(
            Dot(
                narrower.name,
                url(narrower),
                counts[narrower.name],
                round(x, 1),
                round(y, 1),
                round(radius, 1),
            )
        )
    scale = _scale(frame)
    filled = [square(dot.x, dot.y, dot.radius) for dot in dots]
    filled.append(Rectangle(0, scale.y - LINE - 8, scale.x + scale.width, frame.height))
    labelled = tuple(_labelled(dots, frame, filled))
    dot_boxes = [(dot.name, dot.x, dot.y) for dot in dots]
    return Map(
        title=area.name,
        url=url(area),
        width=frame.width,
        height=frame.height,
        land="" if demonstration else land_path(frame),
        landmarks=() if demonstration else tuple(landmarks(frame, dot_boxes, filled)),
        dots=labelled,
        scale=scale,
        places=tuple(
            Link(dot.name, dot.url, dot.count) for dot in sorted(dots, key=lambda dot: dot.name)
        ),
        demonstration=demonstration,
    )


def _frame(points: list[Point]) -> Frame:
    """Return a drawing that shows all points, some way from its edges."""
    south, north = _ends([point.latitude for point in points], LEAST_HIGH)
    latitude = (south + north) / 2
    narrow = cos(radians(latitude))
    west, east = _ends([point.longitude for point in points], LEAST_WIDE / narrow)
    wide, high = (east - west) * narrow, north - south
    unit = min((WIDTH - 2 * MARGIN) / wide, (MOST_HEIGHT - 2 * MARGIN) / high)
    height = max(LEAST_HEIGHT, round(high * unit) + 2 * MARGIN)
    return Frame(WIDTH, height, latitude, (west + east) / 2, unit)


def _ends(degrees: list[float], apart: float) -> tuple[float, float]:
    """Return the least and the most, some way apart even where all lie in one spot."""
    least, most = min(degrees), max(degrees)
    apart = max(most - least, apart)
    centre = (least + most) / 2
    return centre - apart / 2, centre + apart / 2


def _labelled(dots: list[Dot], frame: Frame, filled: list[Rectangle]) -> Iterator[Dot]:
    """Yield the dots, the largest first, each with its name beside it where there is room."""
    for dot in sorted(dots, key=lambda item: (-item.count, item.name)):
        label = place_label(dot.name, (dot.x, dot.y), dot.radius, frame, filled)
        if label is None:
            yield dot
            continue
        filled.append(label.filled)
        yield msgspec.structs.replace(
            dot, label=dot.name, label_x=label.x, label_y=label.y, anchor=label.anchor
        )


def _scale(frame: Frame) -> Scale:
    """Return the longest bar of round miles that takes less than a third of the width."""
    mile = MILE_KM * frame.kilometre
    miles = max(
        (miles for miles in SCALE_MILES if miles * mile < WIDTH / 3), default=SCALE_MILES[0]
    )
    return Scale(miles, round(miles * mile, 1), 24, frame.height - 28)

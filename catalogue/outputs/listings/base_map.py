"""What a map shows below its own dots: the land as a shape, and the main places for orientation.

East to west is shrunk by the latitude, so that distances are true in the middle of the map.
Positions are in the drawing's own units, downwards from the top.
"""

from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians
from typing import Literal

import msgspec

from catalogue.model.coast import Box, Outline, land
from catalogue.model.geo import Point, kilometres
from catalogue.model.uk_places import uk_places

LETTER, LINE = 10.2, 18.0  # how wide a letter and how high a line of a label is
LANDMARKS = 3
LANDMARK_RADIUS = 3.0
APART = (
    70.0  # a landmark this far from every other dot is neither the same place nor a suburb of it
)
BEYOND = 4  # how far the land reaches past the edge, so that the edge is not drawn as a coast
CANDIDATES = 40

Anchor = Literal["start", "middle", "end"]


class Frame(msgspec.Struct, frozen=True):
    """The size of a drawing and the spot on earth that its middle shows.

    `unit` is how long a degree of latitude is.
    """

    width: int
    height: int
    latitude: float
    longitude: float
    unit: float

    @property
    def kilometre(self) -> float:
        """Return how long a kilometre is, measured east to west."""
        degree = kilometres(Point(self.latitude, 0.0), Point(self.latitude, 1.0))
        return self.unit * self._narrow / degree

    @property
    def _narrow(self) -> float:
        return cos(radians(self.latitude))

    def position(self, longitude: float, latitude: float) -> tuple[float, float]:
        """Return where a spot on earth lies in the drawing."""
        return (
            self.width / 2 + (longitude - self.longitude) * self._narrow * self.unit,
            self.height / 2 + (self.latitude - latitude) * self.unit,
        )

    def box(self, beyond: float = 0) -> Box:
        """Return what it shows of the earth, and some way `beyond` its edges."""
        east = (self.width / 2 + beyond) / (self._narrow * self.unit)
        north = (self.height / 2 + beyond) / self.unit
        return Box(
            self.longitude - east,
            self.latitude - north,
            self.longitude + east,
            self.latitude + north,
        )


class Rectangle(msgspec.Struct, frozen=True):
    """A part of the drawing that a label or a dot fills."""

    left: float
    top: float
    right: float
    bottom: float

    def meets(self, other: "Rectangle") -> bool:
        """Say whether they overlap."""
        return (
            self.left < other.right
            and other.left < self.right
            and self.top < other.bottom
            and other.top < self.bottom
        )


def square(x: float, y: float, radius: float) -> Rectangle:
    """Return the square around a dot."""
    return Rectangle(x - radius, y - radius, x + radius, y + radius)


class Label(msgspec.Struct, frozen=True):
    """Where a name stands; `anchor` is which end of it that is, as SVG says it."""

    x: float
    y: float
    anchor: Anchor
    filled: Rectangle


class Landmark(msgspec.Struct, frozen=True):
    """A main place to know the map by, with its name beside it."""

    name: str
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: Anchor


@lru_cache(1024)
def land_path(frame: Frame) -> str:
    """Return the land as a path of whole units; empty in the open sea and far from here."""
    return "".join(_path(outline, frame) for outline in land(frame.box(BEYOND)))


def _path(outline: Outline, frame: Frame) -> str:
    corners = [(round(x), round(y)) for x, y in (frame.position(*position) for position in outline)]
    steps = [
        (x - before_x, y - before_y)
        for (before_x, before_y), (x, y) in pairwise(corners)
        if (x, y) != (before_x, before_y)
    ]
    if len(steps) < 2:  # too small to be seen
        return ""
    steps_drawn = "".join(f"l{x}{y}" if y < 0 else f"l{x} {y}" for x, y in steps)
    return f"M{corners[0][0]} {corners[0][1]}{steps_drawn}z"


def landmarks(
    frame: Frame, dots: Iterable[tuple[str, float, float]], filled: list[Rectangle]
) -> Iterator[Landmark]:
    """Yield the largest places, away from the dots (name, x, y), whose names have room."""
    placed = list(dots)
    count = 0
    for name, x, y in _places(frame):
        near = any(
            name == other or hypot(x - other_x, y - other_y) < APART
            for other, other_x, other_y in placed
        )
        label = None if near else place_label(name, (x, y), LANDMARK_RADIUS, frame, filled)
        if label:
            placed.append((name, x, y))
            filled.append(label.filled)
            yield Landmark(name, x, y, label.x, label.y, label.anchor)
            count += 1
        if count == LANDMARKS:
            return


@lru_cache(1024)
def _places(frame: Frame) -> tuple[tuple[str, float, float], ...]:
    """Return the largest places that the drawing shows, those with most people first."""
    box = frame.box(-LANDMARK_RADIUS * 2)
    places_shown = (
        place
        for place in uk_places().places
        if box.holds(place.point.longitude, place.point.latitude)
    )
    return tuple(
        (place.label.split(", ")[0], round(x, 1), round(y, 1))
        for place, _ in zip(places_shown, range(CANDIDATES), strict=False)
        for x, y in [frame.position(place.point.longitude, place.point.latitude)]
    )


def place_label(
    name: str, at: tuple[float, float], radius: float, frame: Frame, filled: list[Rectangle]
) -> Label | None:
    """Return where beside a dot its name has room among what is filled; None without room."""
    for anchor, room in _beside(name, *at, radius):
        if _is_free(room, frame, filled):
            x = {"start": room.left, "middle": at[0], "end": room.right}[anchor]
            return Label(round(x, 1), round(room.bottom - 4, 1), anchor, room)
    return None


def _beside(name: str, x: float, y: float, radius: float) -> Iterator[tuple[Anchor, Rectangle]]:
    """Yield where a name could stand: right, left, below, above, then at a slant."""
    wide, gap = len(name) * LETTER, radius + 5
    middle = y - LINE / 2
    spots: tuple[tuple[Anchor, float, float], ...] = (
        ("start", x + gap, middle),
        ("end", x - gap - wide, middle),
        ("middle", x - wide / 2, y + gap - 4),
        ("middle", x - wide / 2, y - gap - LINE + 4),
        ("end", x - radius - wide, y + 2),
        ("start", x + radius, y + 2),
        ("end", x - radius - wide, y - LINE - 2),
        ("start", x + radius, y - LINE - 2),
    )
    for anchor, x_start, top in spots:
        yield anchor, Rectangle(x_start, top, x_start + wide, top + LINE)


def _is_free(room: Rectangle, frame: Frame, filled: list[Rectangle]) -> bool:
    return (
        room.left >= 4
        and room.right <= frame.width - 4
        and room.top >= 2
        and room.bottom <= frame.height - 2
        and not any(map(room.meets, filled))
    )

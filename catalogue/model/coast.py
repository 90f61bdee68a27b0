"""The coast of the British Isles as outlines of land, and the part of it that lies in a box.

Data of Natural Earth in `uk_coast.txt`, which `tools/make_uk_coast.py` writes. Elsewhere no coast
is known.
"""

from functools import lru_cache
from pathlib import Path

import msgspec

FILE = Path(__file__).with_name("uk_coast.txt")

Position = tuple[float, float]
"""A longitude and a latitude in degrees."""
Outline = tuple[Position, ...]
"""The corners of a piece of land; the last is joined to the first."""
LEAST_AREA = 1e-9  # in square degrees: less is no land, only the line of a cut


class Box(msgspec.Struct, frozen=True):
    """A part of the earth between two meridians and two parallels, in degrees."""

    west: float
    south: float
    east: float
    north: float

    def holds(self, longitude: float, latitude: float) -> bool:
        """Say whether a position lies in it."""
        return self.west <= longitude <= self.east and self.south <= latitude <= self.north


@lru_cache(1)
def _coast() -> tuple[tuple[Box, Outline], ...]:
    """Return the outlines of the file, each with the box that it fills."""
    lines = FILE.read_text("utf-8").splitlines()
    outlines = [_outline(line) for line in lines if not line.startswith("#")]
    return tuple((_box(outline), outline) for outline in outlines)


def _outline(line: str) -> Outline:
    pairs = (corner.split(",") for corner in line.split())
    return tuple((float(longitude), float(latitude)) for longitude, latitude in pairs)


def _box(outline: Outline) -> Box:
    longitudes, latitudes = zip(*outline, strict=True)
    return Box(min(longitudes), min(latitudes), max(longitudes), max(latitudes))


def land(box: Box) -> tuple[Outline, ...]:
    """Return the land in a box, none in the open sea; inland the box as a whole."""
    pieces = (clip(outline, box) for filled, outline in _coast() if _meet(filled, box))
    return tuple(piece for piece in pieces if area(piece) > LEAST_AREA)


def _meet(box: Box, other: Box) -> bool:
    return (
        box.west < other.east
        and other.west < box.east
        and box.south < other.north
        and other.south < box.north
    )


def area(outline: Outline) -> float:
    """Return the area in square degrees."""
    following = (*outline[1:], *outline[:1])
    pairs = zip(outline, following, strict=True)
    return abs(sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in pairs)) / 2


def clip(outline: Outline, box: Box) -> Outline:
    """Return the part of an outline in a box, edge by edge (Sutherland and Hodgman's way).

    Pieces that an edge parts stay joined along it, which is not seen where only land is filled.
    """
    for axis, edge, sign in (
        (0, box.west, 1),
        (0, box.east, -1),
        (1, box.south, 1),
        (1, box.north, -1),
    ):
        outline = _cut(outline, axis, edge, sign)
    return outline


def _cut(outline: Outline, axis: int, edge: float, sign: int) -> Outline:
    """Keep what lies beyond an edge (sign 1) or before it (-1) along an axis of the positions."""
    corners: list[Position] = []
    for before, corner in zip((*outline[-1:], *outline[:-1]), outline, strict=True):
        depth_before, depth = sign * (before[axis] - edge), sign * (corner[axis] - edge)
        if (depth >= 0) != (depth_before >= 0):
            share = depth_before / (depth_before - depth)
            x, y = (
                start + share * (end - start) for start, end in zip(before, corner, strict=True)
            )
            corners.append((x, y))
        if depth >= 0:
            corners.append(corner)
    return tuple(corners)

"""Points in degrees (WGS 84) and the distances between them."""

from collections.abc import Iterable
from math import asin, cos, fsum, radians, sin, sqrt

import msgspec

EARTH_KM = 6371.0


class Point(msgspec.Struct, frozen=True):
    """A position in degrees (WGS 84); `about` if it is only the middle of an area."""

    latitude: float
    longitude: float
    about: bool = False


def point_of(latitude: float | None, longitude: float | None, about: bool = False) -> Point | None:
    """Return the point of two numbers, or None where one is missing."""
    if latitude is None or longitude is None:
        return None
    return Point(latitude, longitude, about)


def kilometres(start: Point, end: Point) -> float:
    """Return the distance as the crow flies."""
    south, north = radians(start.latitude), radians(end.latitude)
    east = radians(end.longitude - start.longitude)
    half = sin((north - south) / 2) ** 2 + cos(south) * cos(north) * sin(east / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def middle(points: Iterable[Point]) -> Point | None:
    """Return the middle of some points, whatever their order; None without one."""
    positions = tuple(points)
    if not positions:
        return None
    return Point(
        fsum(point.latitude for point in positions) / len(positions),
        fsum(point.longitude for point in positions) / len(positions),
        about=True,
    )

"""A small map of where something happens: its dot, the coast near it, the main places around.

Many spots of one town share a frame, whose land is then drawn once.
"""

import msgspec

from catalogue.model.geo import Point
from catalogue.outputs.listings.base_map import Frame, Landmark, land_path, landmarks, square

WIDTH, HEIGHT = 320, 200
KILOMETRES_WIDE = 32
STEP = 0.05  # degrees between the middles of frames
DOT = 8.0
DEGREE_KM = 111.2  # of latitude


class Spot(msgspec.Struct, frozen=True):
    """A spot drawn; `land` is the shape of the land as a path."""

    width: int
    height: int
    land: str
    landmarks: tuple[Landmark, ...]
    x: float
    y: float


def spot(point: Point) -> Spot | None:
    """Return the map of a spot; None where no place around is known: a dot says nothing."""
    frame = Frame(
        width=WIDTH,
        height=HEIGHT,
        latitude=_step(point.latitude),
        longitude=_step(point.longitude),
        unit=DEGREE_KM * WIDTH / KILOMETRES_WIDE,
    )
    x, y = frame.position(point.longitude, point.latitude)
    landmarks_near = tuple(landmarks(frame, (), [square(x, y, DOT + 4)]))
    if not landmarks_near:
        return None
    return Spot(WIDTH, HEIGHT, land_path(frame), landmarks_near, round(x, 1), round(y, 1))


def _step(degrees: float) -> float:
    return round(round(degrees / STEP) * STEP, 2)

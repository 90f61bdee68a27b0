"""The layouts that lists of postcodes are published in, each read a row at a time.

An ONS postcode directory (ONSPD) and a list of outward codes have a heading; the lists of
Code-Point Open have none. Whether a whole list can be used is decided in `importer.py`.
"""

import re
from collections.abc import Sequence
from typing import Literal, Protocol

import msgspec

from api.search.postcodes.national_grid import to_degrees
from catalogue.model.text import OUTWARD_CODE, POSTCODE, postcode_area

NAMES = ("pcds", "pcd8", "pcd7", "pcd", "postcode")
"""What editions of the directory call the postcode, the tidiest spelling first."""
LATITUDES, LONGITUDES = ("lat", "latitude"), ("long", "longitude")
NO_POSITION = 99.0  # degrees; the directory writes 99.999999 where a postcode has no grid reference
SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -9.0, 2.5
"""Degrees around the British Isles: a postcode outside them was misread."""
EASTINGS, NORTHINGS = 700_000, 1_300_000  # metres: what the National Grid covers
OTHER_GRIDS = frozenset({"BT", "GY", "JE"})
"""Postcode areas whose eastings and northings, where there are any, are of another grid."""

Outcome = Literal["kept", "ended", "nowhere", "wrong"]
Row = Sequence[str]


class UnknownLayout(Exception):
    """A list has none of the layouts; the reason is in words."""


class Line(msgspec.Struct, frozen=True):
    """One postcode of a list. `number` is the line it ends on; a heading counts.

    `ended`: no longer in use. `nowhere`: has no position. `wrong`: `why` says what is wrong, and
    `name` in which file. Degrees are WGS 84, and 0 but for what is kept.
    """

    number: int
    outcome: Outcome
    postcode: str = ""
    latitude: float = 0
    longitude: float = 0
    why: str = ""
    name: str = ""


class Layout(Protocol):
    """Reads the rows of a list."""

    @property
    def has_heading(self) -> bool:
        """Say whether the first row is one."""

    @property
    def is_part(self) -> bool:
        """Say whether the list is one of several that belong together."""

    def line(self, number: int, row: Row) -> Line:
        """Read one row."""


def layout_of(first_row: Row) -> Layout:
    """Return the layout of a list from its first row. Raises UnknownLayout."""
    if CodePoint.fits(first_row):
        return CodePoint()
    at = {name.strip().casefold(): place for place, name in enumerate(first_row)}
    if "latitude" not in at and {"postcode", "eastings", "northings"} <= at.keys():
        return GridList(at["postcode"], at["eastings"], at["northings"])
    return _directory(at)


def _directory(at: dict[str, int]) -> "Directory":
    postcode, latitude, longitude = (
        next((at[name] for name in names if name in at), None)
        for names in (NAMES, LATITUDES, LONGITUDES)
    )
    is_outward = "postcode" in at and "latitude" in at
    missing = [
        name
        for name, place in (("pcds", postcode), ("lat", latitude), ("long", longitude))
        if place is None
    ]
    if "doterm" not in at and not is_outward:
        missing.append("doterm")
    if postcode is None or latitude is None or longitude is None or missing:
        raise UnknownLayout(
            f"This is no ONS postcode directory: it has no column {', '.join(missing)}. "
            "Nor is it a list of Code-Point Open."
        )
    return Directory(postcode, latitude, longitude, at.get("doterm"))


class Directory(msgspec.Struct, frozen=True):
    """A directory of the ONS, or a list of outward codes with degrees: where its columns stand."""

    postcode: int
    latitude: int
    longitude: int
    ended: int | None
    has_heading: bool = True
    is_part: bool = False

    def line(self, number: int, row: Row) -> Line:
        """Read one row."""
        if len(row) <= max(self.postcode, self.latitude, self.longitude, self.ended or 0):
            return _too_short(number)
        if self.ended is not None and row[self.ended].strip():
            return Line(number, "ended")
        postcode = _postcode(row[self.postcode], outward=self.ended is None)
        if not postcode:
            return _no_postcode(number)
        return _at_degrees(number, postcode, row[self.latitude], row[self.longitude])


class GridList(msgspec.Struct, frozen=True):
    """A list with eastings and northings under a heading and no degrees, as of outward codes."""

    postcode: int
    easting: int
    northing: int
    has_heading: bool = True
    is_part: bool = False

    def line(self, number: int, row: Row) -> Line:
        """Read one row."""
        if len(row) <= max(self.postcode, self.easting, self.northing):
            return _too_short(number)
        postcode = _postcode(row[self.postcode], outward=True)
        if not postcode:
            return _no_postcode(number)
        return _on_grid(number, postcode, row[self.easting], row[self.northing])


class CodePoint(msgspec.Struct, frozen=True):
    """A list of Code-Point Open, which has one for each postcode area.

    Its columns are postcode, quality, easting, northing and codes of areas. What has no position
    has quality 90 and lies at 0, 0.
    """

    has_heading: bool = False
    is_part: bool = True

    @staticmethod
    def fits(row: Row) -> bool:
        """Say whether a first row is one of such a list."""
        return len(row) >= 4 and bool(_postcode(row[0])) and all(map(_is_whole, row[1:4]))

    def line(self, number: int, row: Row) -> Line:
        """Read one row."""
        if len(row) < 4:
            return _too_short(number)
        postcode = _postcode(row[0])
        return _on_grid(number, postcode, row[2], row[3]) if postcode else _no_postcode(number)


def _postcode(text: str, outward: bool = False) -> str:
    """Return a postcode in capitals without its space; nothing of what is none."""
    together = re.sub(r"\s+", "", text).upper()
    is_known = POSTCODE.fullmatch(together) or (outward and OUTWARD_CODE.fullmatch(together))
    return together if is_known else ""


def _is_whole(text: str) -> bool:
    return text.strip().isdecimal()


def _on_grid(number: int, postcode: str, east: str, north: str) -> Line:
    try:
        easting, northing = float(east or 0), float(north or 0)
    except ValueError:
        return Line(number, "wrong", why="easting or northing is no number")
    if not (easting or northing) or postcode_area(postcode) in OTHER_GRIDS:
        return Line(number, "nowhere")
    if not (0 <= easting <= EASTINGS and 0 <= northing <= NORTHINGS):
        return Line(number, "wrong", why="the position lies outside the National Grid")
    return Line(number, "kept", postcode, *to_degrees(easting, northing))


def _at_degrees(number: int, postcode: str, north: str, east: str) -> Line:
    if not north.strip() and not east.strip():
        return Line(number, "nowhere")
    try:
        latitude, longitude = float(north), float(east)
    except ValueError:
        return Line(number, "wrong", why="latitude or longitude is no number")
    if latitude > NO_POSITION:
        return Line(number, "nowhere")
    if not (SOUTH <= latitude <= NORTH and WEST <= longitude <= EAST):
        return Line(number, "wrong", why="the position lies outside the British Isles")
    return Line(number, "kept", postcode, latitude, longitude)


def _too_short(number: int) -> Line:
    return Line(number, "wrong", why="the line is too short")


def _no_postcode(number: int) -> Line:
    return Line(number, "wrong", why="that is no postcode")

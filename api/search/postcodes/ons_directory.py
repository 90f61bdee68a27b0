"""Reads a postcode directory as the ONS publishes it (ONSPD): a CSV of all postcodes, or its zip.

A CSV of outward codes with their middles (`postcode,latitude,longitude`) is read as well.

A line at a time, whatever the size of the file. Each line has an outcome; whether the whole file
can be used is decided in `importer.py`.
"""

import csv
import io
import re
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Literal

import msgspec

from catalogue.model.text import OUTWARD_CODE, POSTCODE
from catalogue.progress import Progress

NAMES = ("pcds", "pcd8", "pcd7", "pcd", "postcode")
"""What editions of the file call the postcode, the tidiest spelling first."""
LATITUDES, LONGITUDES = ("lat", "latitude"), ("long", "longitude")
NO_POSITION = 99.0  # degrees; the file writes 99.999999 where a postcode has no grid reference
SOUTH, NORTH, WEST, EAST = 49.0, 61.5, -9.0, 2.5
"""Degrees around the British Isles: a postcode outside them was misread."""
ZIP = b"PK\x03\x04"
STEP = 20_000  # lines between two reports of progress

Outcome = Literal["kept", "ended", "nowhere", "wrong"]


class NotAPostcodeDirectory(Exception):
    """The file is no postcode directory, or cannot be read to its end; the reason is in words."""


class Line(msgspec.Struct, frozen=True):
    """One postcode of the file. `number` is the line it ends on, the heading being the first.

    `ended`: no longer in use. `nowhere`: has no position. `wrong`: `why` says what is wrong.
    Degrees are WGS 84, and 0 but for what is kept.
    """

    number: int
    outcome: Outcome
    postcode: str = ""
    latitude: float = 0
    longitude: float = 0
    why: str = ""


class _Columns(msgspec.Struct, frozen=True):
    """Where in a row the four columns stand that are read."""

    postcode: int
    latitude: int
    longitude: int
    ended: int | None


def lines(file: Path, progress: Progress) -> Iterator[Line]:
    """Yield every postcode of the file. Raises NotAPostcodeDirectory, also halfway."""
    number = 1
    try:
        with _csv(file) as (stream, size):
            rows = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", "replace", newline=""))
            columns = _columns(next(rows, []))
            for count, row in enumerate(rows):
                number = rows.line_num
                if count % STEP == 0:
                    progress("Reading postcodes", stream.tell(), size)
                if row:
                    yield _line(number, row, columns)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise NotAPostcodeDirectory(
            f"{file.name} is a broken zip, or was cut short: fetch it again."
        ) from error
    except (csv.Error, RuntimeError, NotImplementedError) as error:
        raise NotAPostcodeDirectory(
            f"{file.name} cannot be read after line {number}: {error}."
        ) from error
    except OSError as error:
        raise NotAPostcodeDirectory(f"{file.name} cannot be read: {error.strerror}.") from error


@contextmanager
def _csv(file: Path) -> Iterator[tuple[IO[bytes], int]]:
    """Open the CSV, or the one in the zip that is a directory; yield it with its size in bytes."""
    with file.open("rb") as raw:
        if raw.read(len(ZIP)) != ZIP:
            raw.seek(0)
            yield raw, file.stat().st_size
            return
    with zipfile.ZipFile(file) as folder:
        largest = _largest(folder)
        if largest is None:
            raise NotAPostcodeDirectory(
                f"{file.name} holds no CSV with the columns of a postcode directory."
            )
        with folder.open(largest) as inside:
            yield inside, largest.file_size


def _largest(folder: zipfile.ZipFile) -> zipfile.ZipInfo | None:
    """Return the largest CSV whose heading fits: the zip also holds the file again, in parts."""
    for entry in sorted(folder.infolist(), key=lambda one: one.file_size, reverse=True):
        if entry.filename.lower().endswith(".csv"):
            with folder.open(entry) as inside:
                heading = inside.readline(10_000).decode("utf-8-sig", "replace")
            try:
                _columns(next(csv.reader([heading]), []))
            except NotAPostcodeDirectory:
                continue
            return entry
    return None


def _columns(heading: Sequence[str]) -> _Columns:
    at = {name.strip().casefold(): place for place, name in enumerate(heading)}
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
        raise NotAPostcodeDirectory(
            f"This is no ONS postcode directory: it has no column {', '.join(missing)}."
        )
    return _Columns(postcode, latitude, longitude, at.get("doterm"))


def _line(number: int, row: Sequence[str], at: _Columns) -> Line:
    if len(row) <= max(at.postcode, at.latitude, at.longitude, at.ended or 0):
        return Line(number, "wrong", why="the line is too short")
    if at.ended is not None and row[at.ended].strip():
        return Line(number, "ended")
    together = re.sub(r"\s+", "", row[at.postcode]).upper()
    is_outward = at.ended is None and OUTWARD_CODE.fullmatch(together)
    if not is_outward and not POSTCODE.fullmatch(together):
        return Line(number, "wrong", why="that is no postcode")
    return _placed(number, together, row[at.latitude], row[at.longitude])


def _placed(number: int, postcode: str, north: str, east: str) -> Line:
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

"""Opens what an operator fetched: a CSV, a zip as it is published, or the folder out of the zip.

A line at a time, whatever the size. `layouts.py` knows what the lines say.
"""

import csv
import io
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import IO

import msgspec

from api.search.postcodes.layouts import Layout, Line, UnknownLayout, layout_of
from catalogue.progress import Progress

ZIP = b"PK\x03\x04"
STEP = 20_000  # lines between two reports of progress
HEADING = 10_000  # bytes of a first line at most


class UnreadableSource(Exception):
    """There is no list of postcodes in it, or it cannot be read to its end; why is in words."""


class _List(msgspec.Struct, frozen=True):
    """A CSV of some layout: its name, its size in bytes, and how to open it."""

    name: str
    size: int
    layout: Layout
    open: Callable[[], IO[bytes]]


def lines(source: Path, progress: Progress) -> Iterator[Line]:
    """Yield every postcode of a source. Raises UnreadableSource, also halfway."""
    try:
        with _lists(source) as lists:
            size, before = sum(part.size for part in lists), 0
            for part in lists:
                yield from _lines(part, partial(_report, progress, before, size))
                before += part.size
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        raise UnreadableSource(
            f"{source.name} is a broken zip, or was cut short: fetch it again."
        ) from error
    except UnknownLayout as error:
        raise UnreadableSource(str(error)) from error
    except (RuntimeError, NotImplementedError) as error:
        raise UnreadableSource(f"{source.name} cannot be read: {error}.") from error
    except OSError as error:
        raise UnreadableSource(f"{source.name} cannot be read: {error.strerror}.") from error


def _report(progress: Progress, before: int, size: int, read: int) -> None:
    progress("Reading postcodes", before + read, size)


def _lines(part: _List, report: Callable[[int], None]) -> Iterator[Line]:
    number = 0
    with part.open() as stream:
        rows = csv.reader(io.TextIOWrapper(stream, "utf-8-sig", "replace", newline=""))
        try:
            if part.layout.has_heading:
                next(rows, None)
            for count, row in enumerate(rows):
                number = rows.line_num
                if count % STEP == 0:
                    report(stream.tell())
                if row:
                    line = part.layout.line(number, row)
                    yield msgspec.structs.replace(line, name=part.name) if line.why else line
        except csv.Error as error:
            why = f"{part.name} cannot be read after line {max(number, 1)}: {error}."
            raise UnreadableSource(why) from error


@contextmanager
def _lists(source: Path) -> Iterator[list[_List]]:
    """Open a source; yield the lists in it that count."""
    if source.is_dir():
        files = sorted(source.rglob("*.[cC][sS][vV]"))
        yield _chosen(
            source, [_list(file.name, file.stat().st_size, _opener(file)) for file in files]
        )
    elif not _is_zip(source):
        yield [_List(source.name, source.stat().st_size, _layout(_opener(source)), _opener(source))]
    else:
        with zipfile.ZipFile(source) as packed:
            lists = [
                _list(Path(entry.filename).name, entry.file_size, partial(packed.open, entry))
                for entry in sorted(packed.infolist(), key=lambda entry: entry.filename)
                if entry.filename.lower().endswith(".csv")
            ]
            yield _chosen(source, lists)


def _is_zip(file: Path) -> bool:
    with file.open("rb") as raw:
        return raw.read(len(ZIP)) == ZIP


def _opener(file: Path) -> Callable[[], IO[bytes]]:
    def opened() -> IO[bytes]:
        return file.open("rb")

    return opened


def _list(name: str, size: int, open_list: Callable[[], IO[bytes]]) -> _List | None:
    """Return a list, None of what has no layout: folders also hold notes and codes of areas."""
    try:
        return _List(name, size, _layout(open_list), open_list)
    except UnknownLayout:
        return None


def _layout(open_list: Callable[[], IO[bytes]]) -> Layout:
    with open_list() as stream:
        first = stream.readline(HEADING).decode("utf-8-sig", "replace")
    try:
        return layout_of(next(csv.reader([first]), []))
    except csv.Error:
        return layout_of([])


def _chosen(source: Path, candidates: list[_List | None]) -> list[_List]:
    """Return all parts of a list, or the largest whole one: the ONS adds the same list in parts."""
    known_lists = [candidate for candidate in candidates if candidate]
    whole_lists = [candidate for candidate in known_lists if not candidate.layout.is_part]
    if not known_lists:
        raise UnreadableSource(
            f"{source.name} holds no CSV of an ONS postcode directory or of Code-Point Open."
        )
    return [max(whole_lists, key=lambda candidate: candidate.size)] if whole_lists else known_lists

"""The import of a postcode directory: Kith beside a bare loop that judges nothing, in one run."""

import csv
import sqlite3
import tempfile
import time
import tracemalloc
from collections.abc import Callable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path

from api.search.postcodes import importer
from benchmarks.table import Row, at_most

LINES = 100_000
LETTERS = "ABDEFGHJLN"
HEADING = ("pcds", "dointr", "doterm", "lat", "long")
TURNS = 3


def run() -> list[Row]:
    """Measure; returns the rows of the table."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        small, all_lines = _directory(folder, LINES // 10), _directory(folder, LINES)
        kith = _cpu(lambda: importer.from_file(all_lines, folder / "kith.sqlite3"))
        bare_loop = _cpu(lambda: _bare_loop(all_lines, folder / "bare.sqlite3"))
        peaks = [_peak(file, folder / "kith.sqlite3") for file in (small, all_lines)]
    note = f"{kith:.2f} CPU-s for {LINES:,} lines"
    return [
        at_most(
            "import of postcodes / bare csv + sqlite3 loop, CPU", kith / bare_loop, 3, note=note
        ),
        at_most("memory of an import, ten times the lines", peaks[1] / peaks[0], 1.5),
    ]


def _directory(folder: Path, lines: int) -> Path:
    file = folder / f"{lines}.csv"
    with file.open("w", newline="") as output:
        writer = csv.writer(output, quoting=csv.QUOTE_ALL)
        writer.writerow(HEADING)
        writer.writerows(islice(_rows(), lines))
    return file


def _rows() -> Iterator[tuple[str, ...]]:
    for n in range(900_000):
        first, second, third, fourth = (LETTERS[n // 10**place % 10] for place in (5, 4, 1, 0))
        code = f"{first}{second}{n // 1_000 % 9 + 1} {n // 100 % 10}{third}{fourth}"
        yield code, "198001", "199606" if n % 3 == 0 else "", f"5{n % 9}.7{n:06d}", "-1.80030"


def _bare_loop(file: Path, into: Path) -> None:
    into.unlink(missing_ok=True)
    with file.open(newline="") as read, closing(sqlite3.connect(into)) as connection:
        connection.execute("create table postcode (code text primary key, north real, east real)")
        rows = csv.DictReader(read)
        in_use = ((row["pcds"], row["lat"], row["long"]) for row in rows if not row["doterm"])
        connection.executemany("insert or ignore into postcode values (?, ?, ?)", in_use)
        connection.commit()


def _cpu(work: Callable[[], object]) -> float:
    """Return the CPU seconds of the best turn."""
    turns = []
    for _ in range(TURNS):
        started_at = time.process_time()
        work()
        turns.append(time.process_time() - started_at)
    return min(turns)


def _peak(file: Path, into: Path) -> int:
    tracemalloc.start()
    importer.from_file(file, into)
    _now, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most

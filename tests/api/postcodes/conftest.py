"""A postcode directory in the published format, invented: real letters, no real street."""

import csv
import io
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

HEADING = ("pcd", "pcd2", "pcds", "dointr", "doterm", "oscty", "usertype", "lat", "long", "imd")
Row = Sequence[str]


def row(postcode: str, north: str, east: str, ends_on: str = "") -> Row:
    """One line as the ONS writes it: `pcd` filled to seven signs, `pcds` with one space."""
    half = postcode[:-3].strip()
    postcode_in_full = f"{half} {postcode[-3:]}"
    seven = f"{half:<4}{postcode[-3:]}"
    return (
        seven,
        postcode_in_full,
        postcode_in_full,
        "198001",
        ends_on,
        "E99999999",
        "0",
        north,
        east,
        "1",
    )


ROWS: list[Row] = [
    row("ZZ11AA", "54.700100", "1.800300"),
    row("ZZ11AB", "54.702100", "1.804300"),
    row("ZZ31AA", "54.672400", "1.743100"),
    row("ZZ31AB", "54.670000", "1.740000", ends_on="199606"),
    row("BT11AA", "", ""),
    row("JE23AB", "99.999999", "0.000000"),
    row("QQ75XY", "54.750000", "1.500000"),
]


def csv_of(rows: Iterable[Row], heading: Row = HEADING) -> bytes:
    output = io.StringIO()
    writer = csv.writer(output, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerows([heading, *rows])
    return output.getvalue().encode()


def zipped(to: Path, **members: bytes) -> Path:
    """Write a zip; a member's name is its key with `__` for a slash."""
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as folder:
        for name, content in members.items():
            folder.writestr(name.replace("__", "/") + ".csv", content)
    return to

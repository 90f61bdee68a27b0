"""`kith gaps`: where there was nothing, for those who can do something about it.

Small numbers are not printed: in a village, one is a neighbour.
"""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from api.context import open_context
from api.features.gaps import store
from api.features.gaps.store import ANY, GapCount
from catalogue.faults import Fault
from catalogue.model.taxonomy import Taxonomy
from catalogue.read import load
from catalogue.read.taxonomy import read_taxonomy

SMALLEST_PRINTED = 5
TOO_FEW = f"fewer than {SMALLEST_PRINTED}"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class GapRow(msgspec.Struct, frozen=True):
    """A gap as it is printed: every column as text."""

    month: str
    area: str
    kind: str
    need: str
    times: str


HEADINGS = GapRow("month", "area", "kind", "need", "times")


@click.group()
def gaps() -> None:
    """Read where people found nothing."""


def _check_month(context: click.Context, option: click.Parameter, month: str) -> str:
    if month and not MONTH.fullmatch(month):
        raise click.BadParameter("write a month as 2026-01")
    return month


@gaps.command("list")
@click.option(
    "--since", default="", callback=_check_month, help="The first month, such as 2026-01."
)
@click.option("--csv", "as_csv", is_flag=True, help="As a file for a spreadsheet.")
@click.pass_obj
def list_(project: Path, since: str, as_csv: bool) -> None:
    """List what was missing, by month, area, kind and need. Fewer than five are not told apart."""
    with open_context(project) as context:
        counts = context.database.read_now(lambda connection: store.list_gaps(connection, since))
    rows = [HEADINGS, *_rows(counts, _taxonomy(project))]
    if as_csv:
        click.echo(_csv(rows), nl=False)
    else:
        click.echo("\n".join(_table(rows)) if counts else "No gap was counted.")


def _taxonomy(project: Path) -> Taxonomy | None:
    """Return the closed lists, for their labels; without them slugs are printed."""
    faults: list[Fault] = []
    return read_taxonomy(project / load.CONTENT / "taxonomy.yml", project, faults)


def _rows(counts: list[GapCount], terms: Taxonomy | None) -> Iterator[GapRow]:
    kinds = {slug: kind.label for slug, kind in terms.kind.items()} if terms else {}
    needs = {slug: need.label for slug, need in terms.need.items()} if terms else {}
    for entry in counts:
        gap = entry.gap
        yield GapRow(
            gap.month,
            "not said" if gap.area == ANY else gap.area,
            # Before needs had a column of their own they stood in this one.
            "any" if gap.kind == ANY else {**needs, **kinds}.get(gap.kind, gap.kind),
            needs.get(gap.need, gap.need),
            str(entry.count) if entry.count >= SMALLEST_PRINTED else TOO_FEW,
        )


def _table(rows: list[GapRow]) -> Iterator[str]:
    lines = [msgspec.structs.astuple(row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        yield "  ".join(cells).rstrip()


def _csv(rows: list[GapRow]) -> str:
    output = io.StringIO()
    csv.writer(output).writerows(map(_cells, rows))
    return output.getvalue()


def _cells(row: GapRow) -> list[str]:
    """Return the cells of a row, none of which a spreadsheet takes for a formula."""
    cells = msgspec.structs.astuple(row)
    return [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]

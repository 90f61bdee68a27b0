"""`kith gaps`: where there was nothing, for those who can do something about it.

Small numbers are not printed: in a village, one is a neighbour.
"""

from collections.abc import Iterator
from pathlib import Path

import click
import msgspec

from api.context import open_context
from api.features.gaps import report, store
from api.features.gaps.report import HEADINGS, MONTH, GapRow
from catalogue.faults import Fault
from catalogue.model.taxonomy import Taxonomy
from catalogue.read import load
from catalogue.read.taxonomy import read_taxonomy


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
    rows = list(report.gap_rows(counts, _taxonomy(project)))
    if as_csv:
        click.echo(report.as_csv(rows), nl=False)
    else:
        click.echo("\n".join(_table([HEADINGS, *rows])) if counts else "No gap was counted.")


def _taxonomy(project: Path) -> Taxonomy | None:
    """Return the closed lists, for their labels; without them slugs are printed."""
    faults: list[Fault] = []
    return read_taxonomy(project / load.CONTENT / "taxonomy.yml", project, faults)


def _table(rows: list[GapRow]) -> Iterator[str]:
    lines = [msgspec.structs.astuple(row) for row in rows]
    widths = [max(len(cell) for cell in column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths, strict=True)]
        yield "  ".join(cells).rstrip()

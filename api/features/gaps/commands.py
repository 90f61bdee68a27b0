"""`kith gaps`: where there was nothing, for those who can do something about it.

Small numbers are not told: in a village, one is a neighbour.
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
from api.features.gaps.store import ANY, Counted
from catalogue.faults import Fault
from catalogue.model.taxonomy import Taxonomy
from catalogue.read import load
from catalogue.read.taxonomy import read_taxonomy

TOLD_FROM = 5
FEW = f"fewer than {TOLD_FROM}"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


class Row(msgspec.Struct, frozen=True):
    """A gap as it is printed: words all of it."""

    month: str
    area: str
    kind: str
    need: str
    times: str


HEAD = Row("month", "area", "kind", "need", "times")


@click.group()
def gaps() -> None:
    """Read where people found nothing."""


def _month(context: click.Context, option: click.Parameter, typed: str) -> str:
    if typed and not MONTH.fullmatch(typed):
        raise click.BadParameter("write a month as 2026-01")
    return typed


@gaps.command("list")
@click.option("--since", default="", callback=_month, help="The first month, such as 2026-01.")
@click.option("--csv", "as_csv", is_flag=True, help="As a file for a spreadsheet.")
@click.pass_obj
def list_(project: Path, since: str, as_csv: bool) -> None:
    """List what was missing, by month, area, kind and need. Fewer than five are not told apart."""
    with open_context(project) as at:
        found = at.database.read_now(lambda look: store.since(look, since))
    rows = [HEAD, *_rows(found, _terms(project))]
    if as_csv:
        click.echo(_csv(rows), nl=False)
    else:
        click.echo("\n".join(_table(rows)) if found else "No gap was counted.")


def _terms(project: Path) -> Taxonomy | None:
    """Return the closed lists, for their words; without them slugs will do."""
    faults: list[Fault] = []
    return read_taxonomy(project / load.CONTENT / "taxonomy.yml", project, faults)


def _rows(found: list[Counted], terms: Taxonomy | None) -> Iterator[Row]:
    kinds = {slug: kind.label for slug, kind in terms.kind.items()} if terms else {}
    needs = {slug: need.label for slug, need in terms.need.items()} if terms else {}
    for one in found:
        gap = one.gap
        yield Row(
            gap.month,
            "not said" if gap.area == ANY else gap.area,
            # Before needs had a column of their own they stood in this one.
            "any" if gap.kind == ANY else {**needs, **kinds}.get(gap.kind, gap.kind),
            needs.get(gap.need, gap.need),
            str(one.count) if one.count >= TOLD_FROM else FEW,
        )


def _table(rows: list[Row]) -> Iterator[str]:
    lines = [msgspec.structs.astuple(row) for row in rows]
    widths = [max(len(words) for words in column) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [words.ljust(width) for words, width in zip(line, widths, strict=True)]
        yield "  ".join(cells).rstrip()


def _csv(rows: list[Row]) -> str:
    written = io.StringIO()
    csv.writer(written).writerows(map(_cells, rows))
    return written.getvalue()


def _cells(row: Row) -> list[str]:
    """Return the cells of a row, none of which a spreadsheet takes for a formula."""
    cells = msgspec.structs.astuple(row)
    return [f"'{words}" if words.startswith(FORMULA) else words for words in cells]

"""Where people found nothing, as rows of text for a page, a table or a spreadsheet.

Small numbers are never shown, nor told by the order: in a village, one is a neighbour.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator

import msgspec

from api.features.gaps.store import ANY, GapCount
from catalogue.i18n.gettext import _
from catalogue.model.taxonomy import Taxonomy

SMALLEST_PRINTED = 5
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
FORMULA = ("=", "+", "-", "@", "\t", "\r")
SORTS = ("month", "area", "kind", "times")


class GapRow(msgspec.Struct, frozen=True):
    """A gap as it is printed: every column as text."""

    month: str
    area: str
    kind: str
    need: str
    times: str


HEADINGS = GapRow("month", "area", "kind", "need", "times")


def gap_rows(counts: Iterable[GapCount], terms: Taxonomy | None) -> Iterator[GapRow]:
    """Yield gaps in words; without `terms` slugs are printed."""
    kinds = {slug: kind.label for slug, kind in terms.kind.items()} if terms else {}
    needs = {slug: need.label for slug, need in terms.need.items()} if terms else {}
    too_few = _("fewer than %(count)s", count=SMALLEST_PRINTED)
    for entry in counts:
        gap = entry.gap
        yield GapRow(
            gap.month,
            _("not said") if gap.area == ANY else gap.area,
            # Before needs had a column of their own they stood in this one.
            _("any") if gap.kind == ANY else {**needs, **kinds}.get(gap.kind, gap.kind),
            needs.get(gap.need, gap.need),
            str(entry.count) if entry.count >= SMALLEST_PRINTED else too_few,
        )


def in_order(rows: Iterable[GapRow], sort: str) -> list[GapRow]:
    """Return rows by one of `SORTS`, the newest month first within it; `times` the most first."""
    newest = sorted(rows, key=lambda row: row.month, reverse=True)
    if sort == "times":  # those that are too few are alike
        return sorted(newest, key=lambda row: -int(row.times) if row.times.isdigit() else 0)
    if sort == "area":
        return sorted(newest, key=lambda row: row.area.casefold())
    if sort == "kind":
        return sorted(newest, key=lambda row: (row.kind.casefold(), row.need.casefold()))
    return newest


def as_csv(rows: Iterable[GapRow]) -> str:
    """Return rows as a file for a spreadsheet, with their headings."""
    output = io.StringIO()
    csv.writer(output).writerows(map(_cells, (HEADINGS, *rows)))
    return output.getvalue()


def _cells(row: GapRow) -> list[str]:
    """Return the cells of a row, none of which a spreadsheet takes for a formula."""
    cells = msgspec.structs.astuple(row)
    return [f"'{cell}" if cell.startswith(FORMULA) else cell for cell in cells]

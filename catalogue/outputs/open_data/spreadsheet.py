"""Tables for spreadsheets, which take a cell that begins like a formula for one and run it.

Such a cell gets an apostrophe in front, which spreadsheets hide (OWASP, "CSV Injection").
"""

import csv
import io
from collections.abc import Iterable, Sequence

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
BOM = "\ufeff"
"""Without it Excel reads UTF-8 as the code page of the country."""


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Return a table as CSV (RFC 4180) in UTF-8; None is an empty cell."""
    output = io.StringIO()
    writer = csv.writer(output, lineterminator="\r\n")
    writer.writerow([safe(name) for name in head])
    writer.writerows([safe("" if cell is None else str(cell)) for cell in row] for row in rows)
    return (BOM + output.getvalue()).encode()


def safe(cell: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{cell}" if cell.startswith(FORMULAS) else cell

"""The table of limits: what was measured, what the limit is, and whether it is met.

A row that could not be measured says unknown; it is never counted as met.
"""

from collections.abc import Iterable
from typing import Literal

import msgspec

Met = Literal["yes", "no", "unknown", "-"]


class Row(msgspec.Struct, frozen=True):
    """One line: what was measured and its limit, in words with their unit, and if it is met."""

    name: str
    measured: str
    limit: str = ""
    met: Met = "-"


def at_most(name: str, value: float, limit: float, unit: str = "", note: str = "") -> Row:
    """Return a row whose value must not be above the limit."""
    return _row(name, value, limit, unit, note, "<=", value <= limit)


def at_least(name: str, value: float, limit: float, unit: str = "", note: str = "") -> Row:
    """Return a row whose value must not be below the limit."""
    return _row(name, value, limit, unit, note, ">=", value >= limit)


def unknown(name: str, why: str, limit: str = "") -> Row:
    """Return a row for what could not be measured here."""
    return Row(name, f"unknown: {why}", limit, "unknown")


def _row(
    name: str, value: float, limit: float, unit: str, note: str, sign: str, is_met: bool
) -> Row:
    tail = f" ({note})" if note else ""
    return Row(
        name,
        f"{_number(value)}{unit}{tail}",
        f"{sign} {_number(limit)}{unit}",
        "yes" if is_met else "no",
    )


def _number(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.3g}"


def markdown(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = ["| what | measured | limit | met |", "|---|---|---|---|"]
    lines += [f"| {row.name} | {row.measured} | {row.limit} | {row.met} |" for row in rows]
    return "\n".join(lines)

"""SQL of gaps: a month, names off the closed lists, and a number; nothing about anybody."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from api.store import schema

ANY = "any"
"""Stands for an area or a kind that was not said, or that our lists do not know."""

_gap = schema.gap


class Gap(msgspec.Struct, frozen=True):
    """What there was nothing of. `month` is `2026-11`; `need` is empty where none was said."""

    month: str
    area: str
    kind: str
    need: str


class GapCount(msgspec.Struct, frozen=True):
    """A gap, and how many times it was met in its month."""

    gap: Gap
    count: int


def add_gaps(connection: Connection, counts: Mapping[Gap, int]) -> None:
    """Add to the count of each gap; other processes may do so at the same time."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for gap, count in counts.items():
        new = insert(_gap).values(**msgspec.structs.asdict(gap), count=count)
        total = {"count": _gap.c.count + count}
        connection.execute(
            new.on_conflict_do_update(index_elements=[*_gap.primary_key], set_=total)
        )


def list_gaps(connection: Connection, since_month: str) -> list[GapCount]:
    """Return the gaps of a month and after, the newest month first."""
    query = (
        select(_gap)
        .where(_gap.c.month >= since_month)
        .order_by(_gap.c.month.desc(), _gap.c.area, _gap.c.kind, _gap.c.need)
    )
    return [
        GapCount(Gap(row["month"], row["area"], row["kind"], row["need"]), row["count"])
        for row in connection.execute(query).mappings()
    ]

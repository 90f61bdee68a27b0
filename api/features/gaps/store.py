"""Gaps as the store keeps them: a month, names off the closed lists, and a number; nobody."""

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


class Counted(msgspec.Struct, frozen=True):
    """A gap, and how many times it was met in its month."""

    gap: Gap
    count: int


def add(connection: Connection, met: Mapping[Gap, int]) -> None:
    """Count each gap so many times more, whoever else counts at this moment."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    for gap, times in met.items():
        new = insert(_gap).values(**msgspec.structs.asdict(gap), count=times)
        more = {"count": _gap.c.count + times}
        connection.execute(new.on_conflict_do_update(index_elements=[*_gap.primary_key], set_=more))


def since(connection: Connection, month: str) -> list[Counted]:
    """Return the gaps of a month and after, the newest month first."""
    wanted = (
        select(_gap)
        .where(_gap.c.month >= month)
        .order_by(_gap.c.month.desc(), _gap.c.area, _gap.c.kind, _gap.c.need)
    )
    return [
        Counted(Gap(row["month"], row["area"], row["kind"], row["need"]), row["count"])
        for row in connection.execute(wanted).mappings()
    ]

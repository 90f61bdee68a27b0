"""The SQL for visitors' feedback: answers counted by signatory, commitment and month, and doubts.

Nothing stored here is about the visitor who answered.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from api.store import database, schema

_feedback = schema.was_it_true
_doubt = schema.doubt


class FeedbackCount(msgspec.Struct, frozen=True):
    """The answers about one commitment; `unreviewed_no` are those that staff have not reviewed."""

    commitment: str
    yes: int
    no: int
    unreviewed_no: int


class Doubt(msgspec.Struct, frozen=True):
    """Three visitors have answered no about an entry: staff are to review it."""

    id: str
    pledge: str
    slug: str
    opened_at: datetime


def add_answer(
    connection: Connection, month: str, pledge: str, slug: str, commitment: str, answer: str
) -> None:
    """Count one visitor's answer (`yes` or `no`), also while other processes count."""
    insert = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    key = {"month": month, "pledge": pledge, "who": slug, "commitment": commitment}
    counts = {"yes": int(answer == "yes"), "no": int(answer == "no")}
    increments = {name: _feedback.c[name] + count for name, count in counts.items()}
    statement = insert(_feedback).values(**key, **counts, looked_at=0)
    connection.execute(
        statement.on_conflict_do_update(index_elements=[*_feedback.primary_key], set_=increments)
    )


def feedback_counts(
    connection: Connection, pledge: str, slugs: Sequence[str], first_month: str
) -> list[FeedbackCount]:
    """Return the answers about an entry under all its slugs since a month, by commitment."""
    query = (
        select(
            _feedback.c.commitment,
            func.sum(_feedback.c.yes).label("yes"),
            func.sum(_feedback.c.no).label("no"),
            func.sum(_feedback.c.no - _feedback.c.looked_at).label("unreviewed_no"),
        )
        .where(_is_entry(_feedback, pledge, slugs), _feedback.c.month >= first_month)
        .group_by(_feedback.c.commitment)
        .order_by(_feedback.c.commitment)
    )
    return [
        FeedbackCount(row.commitment, int(row.yes), int(row.no), int(row.unreviewed_no))
        for row in connection.execute(query)
    ]


def has_open_doubt(connection: Connection, pledge: str, slugs: Sequence[str]) -> bool:
    """Say whether there is an open doubt about an entry, under any of its slugs."""
    query = select(_doubt.c.id).where(
        _is_entry(_doubt, pledge, slugs), _doubt.c.closed_at.is_(None)
    )
    return connection.execute(query.limit(1)).first() is not None


def open_doubts(connection: Connection) -> list[Doubt]:
    """Return the open doubts, the oldest first."""
    query = select(_doubt).where(_doubt.c.closed_at.is_(None)).order_by(_doubt.c.opened_at)
    return [_to_doubt(row) for row in connection.execute(query)]


def find_open_doubt(connection: Connection, doubt_id: str) -> Doubt | None:
    """Return an open doubt by its id."""
    query = select(_doubt).where(_doubt.c.id == doubt_id, _doubt.c.closed_at.is_(None))
    row = connection.execute(query).first()
    return _to_doubt(row) if row else None


def doubt_row(doubt: Doubt) -> database.Row:
    """Return the row of a new doubt."""
    return _doubt, {
        "id": doubt.id,
        "pledge": doubt.pledge,
        "who": doubt.slug,
        "opened_at": doubt.opened_at,
    }


def close_doubts(
    connection: Connection, pledge: str, slugs: Sequence[str], outcome: str, now: datetime
) -> None:
    """Close the open doubts about an entry, and mark all its answers so far as reviewed."""
    doubts = update(_doubt).where(_is_entry(_doubt, pledge, slugs), _doubt.c.closed_at.is_(None))
    connection.execute(doubts.values(closed_at=now, outcome=outcome))
    answers = update(_feedback).where(_is_entry(_feedback, pledge, slugs))
    connection.execute(answers.values(looked_at=_feedback.c.no))


def _is_entry(table: Table, pledge: str, slugs: Sequence[str]) -> ColumnElement[bool]:
    return and_(table.c.pledge == pledge, table.c.who.in_(slugs))


def _to_doubt(row: Row[Any]) -> Doubt:
    return Doubt(row.id, row.pledge, row.who, row.opened_at)

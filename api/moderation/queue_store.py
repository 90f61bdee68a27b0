"""The queue of any kind of record: in which order it is read, how it is paged and counted."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, Table, and_, func, or_, select

PAGE_SIZE = 50

AnyRecord = TypeVar("AnyRecord")


class QueuePage(msgspec.Struct, Generic[AnyRecord], frozen=True):
    """Some of the records that were asked for; `more` says whether there are others after them."""

    records: tuple[AnyRecord, ...]
    more: bool


class Queue(msgspec.Struct, Generic[AnyRecord], frozen=True):
    """The queue of one kind of record.

    Args:
        table: with the columns `id`, `reference`, `state`, `created_at` and `decided_at`.
        read: returns the record of a row.
    """

    table: Table
    read: Callable[[Row[Any]], AnyRecord]

    def page(
        self,
        connection: Connection,
        states: Sequence[str],
        *filters: ColumnElement[bool],
        decided: bool = False,
        number: int = 1,
        after: str = "",
    ) -> QueuePage[AnyRecord]:
        """Return one page of the records in some states, the oldest first.

        Args:
            filters: conditions that must hold besides.
            decided: begin with the latest decision instead.
            number: which page, from 1.
            after: the reference of the last record before the page, so that what is decided
                meanwhile shifts nothing. An unknown one begins at the beginning.
        """
        columns = self.table.c
        moment = columns.decided_at if decided else columns.created_at
        query = select(self.table).where(columns.state.in_(states), *filters)
        if after:
            query = query.where(*self._after(connection, moment, decided, after))
        query = query.order_by(moment.desc() if decided else moment, columns.id)
        rows = connection.execute(query.limit(PAGE_SIZE + 1).offset((number - 1) * PAGE_SIZE)).all()
        return QueuePage(tuple(map(self.read, rows[:PAGE_SIZE])), len(rows) > PAGE_SIZE)

    def count(self, connection: Connection, states: Sequence[str]) -> int:
        """Count the records in some states."""
        query = select(func.count()).where(self.table.c.state.in_(states))
        return connection.execute(query).scalar_one()

    def count_by_state(self, connection: Connection) -> dict[str, int]:
        """Count the records in each state that there is one in."""
        state = self.table.c.state
        query = select(state, func.count()).group_by(state)
        return {row[0]: row[1] for row in connection.execute(query)}

    def _after(
        self, connection: Connection, moment: ColumnElement[Any], decided: bool, reference: str
    ) -> list[ColumnElement[bool]]:
        """Return the condition that a row comes after that of a reference."""
        columns = self.table.c
        query = select(moment, columns.id).where(columns.reference == reference)
        last = connection.execute(query).first()
        if last is None or last[0] is None:
            return []
        further = moment < last[0] if decided else moment > last[0]
        return [or_(further, and_(moment == last[0], columns.id > last[1]))]

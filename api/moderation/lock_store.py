"""One reviewer at a time: who opens a record holds it for half an hour, and looking renews it.

Whoever comes second sees who holds it and cannot decide; they may take it over, which is written
down. For records whose decision cannot be made twice without harm, such as one that sends a letter.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import Column, Connection, Table, delete, or_, select, update

from api.errors import Conflict
from api.moderation.decisions import Guard, Record, unchanged_since
from api.moderation.history import HistoryRules
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop

LOCK_DURATION = timedelta(minutes=30)


class NotHeld(Conflict):
    """Somebody else holds the record, or nobody does any more."""

    code = "not-held"
    sentence = gettext_noop("Somebody else is reading this one, or your half hour is over.")


class Lock(msgspec.Struct, frozen=True):
    """Who holds a record, until when."""

    staff_id: str
    ends_at: datetime


class Locks(msgspec.Struct, frozen=True):
    """The locks of one kind of record.

    Args:
        table: with the columns `staff_id`, `taken_at` and `ends_at`; its primary key is the id of
            the record.
        take_over_action: what the audit trail calls it that somebody takes one over.
    """

    table: Table
    take_over_action: str

    def take(self, connection: Connection, record_id: str, staff_id: str, now: datetime) -> Lock:
        """Hold a record, or return who holds it already. Holding it again renews it."""
        columns, own_lock = self.table.c, Lock(staff_id, now + LOCK_DURATION)
        is_free = or_(columns.staff_id == staff_id, columns.ends_at <= now)
        values = {"staff_id": staff_id, "taken_at": now, "ends_at": own_lock.ends_at}
        renewed = update(self.table).where(self._record_id == record_id, is_free).values(**values)
        if connection.execute(renewed).rowcount:
            return own_lock
        if other := self.holder(connection, record_id, now):
            return other
        insert_rows(connection, [(self.table, {self._record_id.name: record_id, **values})])
        return own_lock

    def take_over(
        self, connection: Connection, record: Record, staff_id: str, actor: str, now: datetime
    ) -> None:
        """Hold a record whoever held it, and write down from whom it was taken."""
        other = self.holder(connection, record.id, now)
        connection.execute(delete(self.table).where(self._record_id == record.id))
        self.take(connection, record.id, staff_id, now)
        if other and other.staff_id != staff_id:
            detail = {"from": f"staff {other.staff_id}"}
            line = audit.new_event(
                self.take_over_action, record.reference, actor=actor, at=now, **detail
            )
            insert_rows(connection, [line])

    def release(self, connection: Connection, record_id: str, staff_id: str) -> None:
        """Let others have a record that one holds."""
        own_lock = (self._record_id == record_id, self.table.c.staff_id == staff_id)
        connection.execute(delete(self.table).where(*own_lock))

    def holder(self, connection: Connection, record_id: str, now: datetime) -> Lock | None:
        """Return who holds a record at this moment."""
        columns = self.table.c
        query = select(columns.staff_id, columns.ends_at).where(
            self._record_id == record_id, columns.ends_at > now
        )
        row = connection.execute(query).first()
        return Lock(row.staff_id, row.ends_at) if row else None

    def holders(
        self, connection: Connection, record_ids: Sequence[str], now: datetime
    ) -> dict[str, str]:
        """Return who (staff id) holds which of these records."""
        columns = self.table.c
        query = select(self._record_id, columns.staff_id).where(
            self._record_id.in_(record_ids), columns.ends_at > now
        )
        return {row[0]: row[1] for row in connection.execute(query)}

    def guard(self, staff_id: str, shown_version: int, rules: HistoryRules, now: datetime) -> Guard:
        """Return what must hold for a reviewer's decision: their lock, and the version they saw.

        It raises `ChangedSinceShown` first: what has changed matters more than who holds it now.
        """
        expect_unchanged = unchanged_since(shown_version, rules)

        def guard(connection: Connection, record: Record) -> None:
            expect_unchanged(connection, record)
            lock = self.holder(connection, record.id, now)
            if lock is None or lock.staff_id != staff_id:
                raise NotHeld

        return guard

    @property
    def _record_id(self) -> Column[Any]:
        return next(iter(self.table.primary_key))

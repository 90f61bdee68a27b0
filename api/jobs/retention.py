"""Deletes what is past its retention period: the personal data of records, and temporary rows.

Records stay, without their personal data, so that they can be counted. A wrong clock must not empty
the store: if more than a tenth of the records is due at once, or half of any other table, nothing
is erased unless forced.
"""

from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Table

from api.context import Context
from api.features.pledges.register.entry_file import take_away_withdrawn
from api.jobs import store
from api.mail import transports
from api.staff import people
from api.store import audit, erasure, erasure_ledger, schema
from api.store.engines import allow_long_statements
from api.store.writer import insert_rows

_RECORDS = (schema.signposting_request, schema.sign_up, schema.correction)

MAX_SHARE = 0.10
ALWAYS_ALLOWED = 20  # few records are no sign of a wrong clock
MAX_ROWS_SHARE = 0.50
ROWS_ALWAYS_ALLOWED = 500  # rows that are kept for a time only: a busy day's go together


class TooManyAtOnce(Exception):
    """More would be erased than a day brings: the clock may be wrong."""


class Erased(msgspec.Struct, frozen=True):
    """How many records lost their personal half, and how many small ones went altogether."""

    requests: int
    sign_ups: int
    others: int
    corrections: int = 0


def erase_due(
    connection: Connection, now: datetime, force: bool = False, ledger: Path | None = None
) -> Erased:
    """Erase what is due at `now` (aware UTC), in the caller's transaction, with an audit line.

    The ids are in the ledger before anything is erased. Raises TooManyAtOnce, having changed
    nothing, unless forced.
    """
    allow_long_statements(connection)
    if not force:
        refuse_too_many(connection, now)
    others = _delete_temporary_rows(connection, now, force)
    due = {table.name: store.due_ids(connection, table, now) for table in _RECORDS}
    due["sign_up"] = [*dict.fromkeys((*due["sign_up"], *erasure.half_erased(connection)))]
    if ledger:
        erasure_ledger.append(ledger, now, due)
    counts = {name: erasure.erase(connection, name, ids) for name, ids in due.items()}
    erased = Erased(
        requests=counts["signposting_request"],
        sign_ups=counts["sign_up"],
        others=others,
        corrections=counts["correction"],
    )
    store.clear_decision_texts(connection)
    store.clear_sources(connection, now)
    if erased.requests or erased.sign_ups or erased.corrections:
        said = {
            "requests": erased.requests,
            "sign_ups": erased.sign_ups,
            "corrections": erased.corrections,
        }
        line = audit.new_event("retention.erased", None, actor="retention", at=now, **said)
        insert_rows(connection, [line])
    return erased


def _delete_temporary_rows(connection: Connection, now: datetime, force: bool) -> int:
    """Delete rows whose time is over; what goes is counted against a ceiling for every table."""
    before = store.count_rows(connection)
    deleted = store.delete_temporary_rows(connection, now)
    for name, remaining in store.count_rows(connection).items() if not force else ():
        gone = before[name] - remaining
        if gone > ROWS_ALWAYS_ALLOWED and gone > before[name] * MAX_ROWS_SHARE:
            raise TooManyAtOnce(f"{gone} of {before[name]} rows of {name} would go at once.")
    return deleted


def refuse_too_many(connection: Connection, now: datetime) -> None:
    """Raise TooManyAtOnce if more than a tenth of the records of a kind is due."""
    for table in _RECORDS:
        _refuse_too_many(connection, table, now)


def erase_due_records(context: Context, force: bool = False) -> Erased:
    """Erase what is due, and take the files of withdrawn entries out of the content.

    The files go first: after a crash in between the next night does the rest. Raises TooManyAtOnce.
    """
    database, now, settings = context.database, context.now, context.settings

    def due_paths(connection: Connection) -> list[str]:
        if not force:
            refuse_too_many(connection, now)
        ids = store.due_ids(connection, schema.sign_up, now)
        return erasure.withdrawn_paths(connection, [*ids, *erasure.half_erased(connection)])

    take_away_withdrawn(context.project, database.read_now(due_paths))
    ledger = settings.erasure_ledger
    erased = database.write_now(lambda connection: erase_due(connection, now, force, ledger))
    database.write_now(lambda connection: people.forget_former_staff(connection, context))
    erasure_ledger.shorten(ledger, now)
    database.empty_wal_now()
    transports.sweep_folder(settings.mail_folder, now - store.LETTERS_KEPT)
    return erased


def _refuse_too_many(connection: Connection, table: Table, now: datetime) -> None:
    due, all_held = store.count_records(connection, table, now)
    if due > ALWAYS_ALLOWED and due > all_held * MAX_SHARE:
        raise TooManyAtOnce(f"{due} of {all_held} records in {table.name} would be erased at once.")

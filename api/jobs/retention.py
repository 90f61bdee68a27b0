"""Deletes what is past its retention period: the personal data of records, and temporary rows.

Records stay, without their personal data, so that they can be counted. A wrong clock must not empty
the store: if more than a tenth of the records is due at once, nothing is erased unless forced.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection, Table

from api.jobs import store
from api.store import audit, schema
from api.store.writer import insert_rows

MAX_SHARE = 0.10
ALWAYS_ALLOWED = 20  # few records are no sign of a wrong clock


class TooManyAtOnce(Exception):
    """More than a tenth of the records would be erased: the clock may be wrong."""


class Erased(msgspec.Struct, frozen=True):
    """How many records lost their personal half, and how many small ones went altogether."""

    requests: int
    sign_ups: int
    others: int
    corrections: int = 0


def erase_due(connection: Connection, now: datetime, force: bool = False) -> Erased:
    """Erase what is due at `now` (aware UTC), in the caller's transaction, with an audit line.

    Raises TooManyAtOnce, having changed nothing, unless forced.
    """
    if not force:
        for table in (schema.signposting_request, schema.sign_up, schema.correction):
            _refuse_too_many(connection, table, now)
    erased = Erased(
        requests=store.clear_personal_data(
            connection, schema.signposting_request, now, "contact_lookup"
        ),
        sign_ups=store.clear_personal_data(connection, schema.sign_up, now, "contact_lookup"),
        others=store.delete_temporary_rows(connection, now),
        corrections=store.clear_personal_data(
            connection, schema.correction, now, "before_text", "sent_text"
        ),
    )
    store.clear_decision_texts(connection)
    store.clear_sources(connection, now)
    if erased.requests or erased.sign_ups or erased.corrections:
        counts = {
            "requests": erased.requests,
            "sign_ups": erased.sign_ups,
            "corrections": erased.corrections,
        }
        line = audit.new_event("retention.erased", None, actor="retention", at=now, **counts)
        insert_rows(connection, [line])
    return erased


def _refuse_too_many(connection: Connection, table: Table, now: datetime) -> None:
    due, all_held = store.count_records(connection, table, now)
    if due > ALWAYS_ALLOWED and due > all_held * MAX_SHARE:
        raise TooManyAtOnce(f"{due} of {all_held} records in {table.name} would be erased at once.")

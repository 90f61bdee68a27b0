"""Idempotency keys: a repeated request with the same key and body gets the first answer again.

A double click, a lost answer, a retry after `StoreUnavailable`: one record, one set of letters.
The key's row is written in the record's own transaction, so there is no moment between them.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import Connection, select

from api.errors import FieldFault, Invalid
from api.security.encryption import Encryption
from api.store import schema
from api.store.database import Database, Row
from api.store.errors import UniqueViolation
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _

VALID_FOR = timedelta(hours=24)
"""So long a key is known at least. It is known as long as its row is there, which `retention.py`
deletes later: a clock that is ahead for a while makes no new key of an old one."""

_REFERENCE_ATTEMPTS = 5

Prepare = Callable[[], tuple[str, list[Row]]]
"""Draws a reference and makes the rows of the record that bears it."""


async def insert_once(
    database: Database,
    encryption: Encryption,
    prepare: Prepare,
    *,
    route: str,
    key: str | None,
    body: bytes,
    now: datetime,
) -> str:
    """Keep the rows of `prepare`, unless `key` was used at `route` before; give the reference.

    `body` is what was asked, in one canonical writing (`msgspec.json.encode(asked)`). Without a
    key the rows are simply kept. A reference that is taken is drawn again. Raises `Invalid` for
    a key that cannot be one, or that came with another body before.
    """
    if key is None:
        return await _insert(database, prepare, None)
    if not (key.isascii() and key.isprintable() and 8 <= len(key) <= 200):
        raise Invalid(FieldFault("idempotency_key", _("This needs 8 to 200 plain characters.")))
    digest = sha256(body).hexdigest()
    key_row = {
        "route": route,
        "key_digest": sha256(key.encode()).hexdigest(),
        "body_digest": encryption.lookup(digest),
        "created_at": now,
    }
    try:
        return await _insert(database, prepare, key_row)
    except UniqueViolation as error:
        if error.table != schema.repeat.name:
            raise
    return await database.write(
        lambda connection: _insert_or_repeat(connection, encryption, prepare, key_row, digest)
    )


async def _insert(database: Database, prepare: Prepare, key_row: dict[str, object] | None) -> str:
    for attempts_left in reversed(range(_REFERENCE_ATTEMPTS)):
        reference, rows = prepare()
        try:
            await database.insert([*rows, *_key_rows(key_row, reference)])
        except UniqueViolation as error:
            if not attempts_left or not error.constraint.endswith("_reference"):
                raise
        else:
            return reference
    raise AssertionError("unreachable")


def _key_rows(key_row: dict[str, object] | None, reference: str) -> list[Row]:
    return [(schema.repeat, {**key_row, "reference": reference})] if key_row else []


def _insert_or_repeat(
    connection: Connection,
    encryption: Encryption,
    prepare: Prepare,
    key_row: dict[str, object],
    digest: str,
) -> str:
    """Answer a used key: with the first reference, or afresh if its time is over."""
    table = schema.repeat
    same_request = (table.c.route == key_row["route"], table.c.key_digest == key_row["key_digest"])
    before = connection.execute(select(table).where(*same_request)).first()
    if before is None:  # deleted since: its time was over
        reference, rows = prepare()
        insert_rows(connection, [*rows, *_key_rows(key_row, reference)])
        return reference
    if before.body_digest not in encryption.lookups(digest):
        raise Invalid(FieldFault("idempotency_key", "This key came with another request before."))
    return str(before.reference)

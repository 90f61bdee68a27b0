"""Encrypts everything with the current key, and makes its digests again: an old key can then go.

A batch is a transaction, and what is done no longer counts as to do: after a kill it goes on where
it was. The service may run meanwhile, provided that it was started with the current key.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table

from api.context import Context
from api.features.pledges import SignUpPersonalData
from api.features.signposting.store import PersonalDetails
from api.features.signposting.submit import contact_lookups
from api.security.encryption import Encryption, EncryptionError
from api.security.normalise import canonical_email, lookup_of, name_key
from api.staff.store import PersonalData
from api.store import keys, schema
from catalogue.progress import Progress

BATCH = 200

Digests = Mapping[str, str | None]


class Resealed(msgspec.Struct):
    """How many values were done, and how many no key opens any more."""

    done: int = 0
    unreadable: int = 0


def reseal(context: Context, progress: Progress) -> Resealed:
    """Bring everything to the current key, in batches."""
    result = Resealed()
    current = context.encryption.current
    total = context.database.read_now(lambda connection: keys.count_to_reseal(connection, current))

    def report() -> None:
        progress("Sealing", result.done + result.unreadable, total)

    # Digests first: they are made of what is sealed beside them.
    for table, make in _MAKE_DIGESTS.items():
        _in_batches(context, result, report, _digest_batch(table, make, context.encryption))
    for column in keys.SEALED:
        _in_batches(context, result, report, _blob_batch(column, context.encryption))
    return result


Batch = Callable[[Connection, str, Resealed], str]
"""Does one batch of rows behind an id, and returns the last one's id, "" where there is none."""


def _in_batches(
    context: Context, result: Resealed, report: Callable[[], None], batch: Batch
) -> None:
    after = ""

    def act(connection: Connection) -> tuple[str, Resealed]:
        batch_counts = Resealed()
        return batch(connection, after, batch_counts), batch_counts

    while True:
        last, counted = context.database.write_now(act)
        result.done += counted.done
        result.unreadable += counted.unreadable
        report()
        if not last:
            return
        after = last


def _blob_batch(column: keys.SealedColumn, encryption: Encryption) -> Batch:
    def batch(connection: Connection, after: str, counts: Resealed) -> str:
        rows = keys.sealed_with_other_key(
            connection, column, encryption.current, after=after, most=BATCH
        )
        for row_id, blob in rows:
            try:
                resealed = encryption.reencrypt(f"{row_id}{column.suffix}", blob)
            except EncryptionError:
                counts.unreadable += 1
                continue
            keys.replace_blob(connection, column, row_id, blob, resealed)
            counts.done += 1
        return rows[-1][0] if rows else ""

    return batch


def _digest_batch(
    table: Table, make: Callable[[Row[Any], Encryption], Digests], encryption: Encryption
) -> Batch:
    names = keys.DIGESTS[table]

    def batch(connection: Connection, after: str, counts: Resealed) -> str:
        rows = keys.digested_with_other_key(
            connection, table, encryption.current, after=after, most=BATCH
        )
        for row in rows:
            try:
                digests = make(row, encryption)
            except EncryptionError:
                counts.unreadable += 1
                continue
            # Where the same digest stands elsewhere, this row is found by it no longer.
            if not keys.replace_digests(connection, table, row.id, digests):
                stand_ins = {name: _stand_in(row, name, encryption) for name in names}
                keys.replace_digests(connection, table, row.id, stand_ins)
            counts.done += 1
        return str(rows[-1].id) if rows else ""

    return batch


def _of_request(row: Row[Any], encryption: Encryption) -> Digests:
    if row.sealed is None:
        return {"contact_lookup": None}
    private = encryption.decrypt_as(row.id, row.sealed, PersonalDetails)
    lookups = contact_lookups(private.reach_by, private.reach_at, encryption)
    return {"contact_lookup": next(iter(lookups), None)}


def _of_sign_up(row: Row[Any], encryption: Encryption) -> Digests:
    contact, name = None, row.public_name or ""
    if row.sealed is not None:
        private = encryption.decrypt_as(row.id, row.sealed, SignUpPersonalData)
        contact = lookup_of(encryption, private)
        name = private.name or name
    key = name_key(name, row.place or "")
    is_current = row.canonical_key in encryption.lookups(key)
    return {
        "contact_lookup": row.contact_lookup and contact,
        "canonical_key": encryption.lookup(key)
        if is_current
        else _stand_in(row, "canonical_key", encryption),
    }


def _of_staff(row: Row[Any], encryption: Encryption) -> Digests:
    private = encryption.decrypt_as(row.id, row.sealed, PersonalData)
    return {"email_lookup": encryption.lookup(canonical_email(private.email))}


def _stand_in(row: Row[Any], name: str, encryption: Encryption) -> str | None:
    """Return a digest by which nobody is found: for a name that is not known any more."""
    before = getattr(row, name)
    return encryption.lookup(f"{row.id} {before}") if before else None


_MAKE_DIGESTS: Mapping[Table, Callable[[Row[Any], Encryption], Digests]] = {
    schema.signposting_request: _of_request,
    schema.sign_up: _of_sign_up,
    schema.staff: _of_staff,
}

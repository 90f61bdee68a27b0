"""Which sealing keys the database needs, and whether they are here.

Lists every column that is encrypted and every keyed digest. A start looks whether all keys are
here; a key is made only for a database that holds nothing sealed.
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from filelock import FileLock
from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    LargeBinary,
    Row,
    Table,
    and_,
    delete,
    func,
    not_,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from api.security.encryption import (
    Encryption,
    EncryptionError,
    key_header,
    key_id_of,
    make_key_file,
    read_keys,
)
from api.settings import Settings
from api.store import audit, schema
from api.store.database import Database


class KeyMissing(EncryptionError):
    """The database was sealed with a key that is not here. Names the id."""


class SealedColumn(msgspec.Struct, frozen=True):
    """A column of encrypted blobs, each bound to its row's id and `suffix`."""

    table: Table
    name: str = "sealed"
    suffix: str = ""

    @property
    def row_id(self) -> Column[Any]:
        """What a row is named by, and its blob bound to."""
        (key_column,) = self.table.primary_key.columns
        return key_column

    @property
    def column(self) -> Column[Any]:
        """The column itself."""
        return self.table.c[self.name]


SEALED = (
    SealedColumn(schema.signposting_request),
    SealedColumn(schema.correction),
    SealedColumn(schema.sign_up),
    SealedColumn(schema.sign_up_decision),
    SealedColumn(schema.dispute),
    SealedColumn(schema.check_in),
    SealedColumn(schema.promise_change),
    SealedColumn(schema.invalidation),
    SealedColumn(schema.letter),
    SealedColumn(schema.staff),
    SealedColumn(schema.staff, "second_factor", "/second-factor"),
    SealedColumn(schema.installation),
)

DIGESTS: Mapping[Table, tuple[str, ...]] = {
    schema.signposting_request: ("contact_lookup",),
    schema.sign_up: ("contact_lookup", "canonical_key"),
    schema.staff: ("email_lookup",),
}
"""Keyed digests that can be made again from what is sealed beside them."""

SHORT_LIVED = (
    (schema.repeat, "body_digest", timedelta(days=3)),
    (schema.sign_up, "source_lookup", timedelta(days=30)),
    (schema.sign_in_event, "source_lookup", timedelta(days=30)),
)
"""Keyed digests that cannot be made again, and how long they are kept: a key waits for them."""

_CURRENT_KEY = "current key"
_AUDIT_KEY = "audit key"


class KeyUse(msgspec.Struct):
    """What needs one key: encrypted values, digests, and digests that go by themselves."""

    sealed: int = 0
    digests: int = 0
    short_lived: int = 0
    needed_until: datetime | None = None


def open_encryption(settings: Settings, database: Database) -> Encryption:
    """Return the encryption of a migrated database, all keys that it needs being here.

    Without a key file one is made, where nothing is sealed yet. Raises `KeyMissing` with the id,
    `EncryptionError` for a key that is not the one of its id.
    """
    keys = read_keys(settings)
    if not keys:
        settings.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        with FileLock(settings.data / ".keys.lock", fallback_to_soft=False):
            keys = read_keys(settings)  # another first start may have been faster
            if not keys:
                needed = database.read_now(first_unknown_key)
                if needed:
                    raise _missing(needed, settings)
                keys = make_key_file(settings.key_file)
    encryption = Encryption(keys)
    database.read_now(lambda connection: expect_keys(connection, encryption, settings))
    chain = database.read_now(lambda connection: find_chain_key(connection, encryption))
    if chain is None:
        chain = database.write_now(lambda connection: _make_chain_key(connection, encryption))
    database.chain_audit_with(chain)
    return encryption


def first_unknown_key(connection: Connection, known_keys: Sequence[str] = ()) -> str | None:
    """Return the id of a key that something was sealed with and that is not among these."""
    for sealed_column in SEALED:
        query = select(sealed_column.column).where(
            sealed_column.column.is_not(None), *_sealed_otherwise(sealed_column, known_keys)
        )
        blob = connection.execute(query.limit(1)).scalar()
        if blob is not None:
            return key_id_of(blob)
    for table, names in DIGESTS.items():
        for name in names:
            column = table.c[name]
            query = select(column).where(*_digested_otherwise(column, known_keys))
            digest = connection.execute(query.limit(1)).scalar()
            if digest is not None:
                return str(digest).partition(":")[0]
    return None


def uses(connection: Connection) -> dict[str, KeyUse]:
    """Return what needs each key, by its id."""
    uses: dict[str, KeyUse] = {}
    for column in SEALED:
        for key_id, count in _sealed_by_key(connection, column).items():
            uses.setdefault(key_id, KeyUse()).sealed += count
    for table, names in DIGESTS.items():
        for name in names:
            for key_id, count, _newest in _digests_by_key(connection, table, name):
                uses.setdefault(key_id, KeyUse()).digests += count
    for table, name, retention in SHORT_LIVED:
        for key_id, count, newest in _digests_by_key(connection, table, name):
            use = uses.setdefault(key_id, KeyUse())
            use.short_lived += count
            use.needed_until = max(filter(None, (use.needed_until, newest + retention)))
    return uses


def count_to_reseal(connection: Connection, current: str) -> int:
    """Return how many values and rows of digests are not of the current key."""
    queries = [
        select(func.count()).where(
            column.column.is_not(None), *_sealed_otherwise(column, [current])
        )
        for column in SEALED
    ]
    queries += [
        select(func.count()).select_from(table).where(_any_digest_otherwise(table, current))
        for table in DIGESTS
    ]
    return sum(connection.execute(query).scalar_one() for query in queries)


def sealed_with_other_key(
    connection: Connection, column: SealedColumn, current: str, *, after: str, most: int
) -> list[tuple[str, bytes]]:
    """Return id and blob of rows that are not sealed with the current key, by id."""
    row_id = column.row_id
    query = (
        select(row_id, column.column)
        .where(row_id > after, column.column.is_not(None), *_sealed_otherwise(column, [current]))
        .order_by(row_id)
        .limit(most)
    )
    return [(row[0], row[1]) for row in connection.execute(query)]


def replace_blob(
    connection: Connection, column: SealedColumn, row_id: str, before: bytes, after: bytes
) -> None:
    """Put a blob in the place of another, if that one is still there."""
    same_value = (column.row_id == row_id, column.column == before)
    connection.execute(update(column.table).where(*same_value).values({column.name: after}))


def digested_with_other_key(
    connection: Connection, table: Table, current: str, *, after: str, most: int
) -> list[Row[Any]]:
    """Return rows with a digest that is not of the current key, by id."""
    query = (
        select(table)
        .where(table.c.id > after, _any_digest_otherwise(table, current))
        .order_by(table.c.id)
        .limit(most)
    )
    return [*connection.execute(query)]


def replace_digests(
    connection: Connection, table: Table, row_id: str, digests: Mapping[str, str | None]
) -> bool:
    """Give a row other digests; return whether no other row stands in the way."""
    try:
        with connection.begin_nested():
            changing = update(table).where(table.c.id == row_id).values(dict(digests))
            connection.execute(changing)
    except IntegrityError:
        return False
    return True


def find_chain_key(connection: Connection, encryption: Encryption) -> audit.ChainKey | None:
    """Return the key of the audit trail, None where there is none yet."""
    table = schema.installation
    query = select(table.c.sealed).where(table.c.name == _AUDIT_KEY)
    sealed = connection.execute(query).scalar()
    return sealed and encryption.decrypt_as(_AUDIT_KEY, sealed, audit.ChainKey)


def _make_chain_key(connection: Connection, encryption: Encryption) -> audit.ChainKey:
    """Draw the key of the audit trail, for the lines to come; another process may have."""
    first_seq = audit.last_seq(connection) + 1
    chain_key = find_chain_key(connection, encryption)
    if chain_key:
        return chain_key
    key = audit.ChainKey(secrets.token_bytes(32), first_seq)
    row = {"name": _AUDIT_KEY, "sealed": encryption.encrypt(_AUDIT_KEY, key)}
    connection.execute(schema.installation.insert().values(**row, changed_at=datetime.now(UTC)))
    return key


def note_current_key(connection: Connection, key_id: str, now: datetime) -> None:
    """Note with which key a service seals from now on."""
    table = schema.installation
    if current_key(connection) == key_id:
        return
    connection.execute(delete(table).where(table.c.name == _CURRENT_KEY))
    connection.execute(table.insert().values(name=_CURRENT_KEY, value=key_id, changed_at=now))


def current_key(connection: Connection) -> str | None:
    """Return the key that the service which started last seals with; None if none ever did."""
    table = schema.installation
    query = select(table.c.value).where(table.c.name == _CURRENT_KEY)
    return connection.execute(query).scalar()


def expect_keys(connection: Connection, encryption: Encryption, settings: Settings) -> None:
    """Raise `KeyMissing` or `EncryptionError` unless the keys are those that it was sealed with."""
    missing = first_unknown_key(connection, encryption.key_ids)
    if missing:
        raise _missing(missing, settings)
    for key_id in encryption.key_ids:
        samples = [*_samples(connection, key_id)]
        if samples and not any(_opens(encryption, *sample) for sample in samples):
            raise EncryptionError(
                f"The key {key_id!r} is not the one that the database was sealed with: it opens "
                "nothing. Put the right one back; nothing was changed."
            )


def _missing(key_id: str, settings: Settings) -> KeyMissing:
    place = "KITH_KEYS" if settings.keys is not None else str(settings.key_file)
    return KeyMissing(
        f"The sealing key {key_id!r} is missing, and the database holds what was sealed with it. "
        f"Put it back into {place}; no new key was made, and nothing was changed."
    )


def _samples(connection: Connection, key_id: str) -> list[tuple[str, bytes]]:
    """Return one blob of each column that was sealed with a key, with what it is bound to."""
    blobs = []
    for column in SEALED:
        query = select(column.row_id, column.column).where(_has_header(column, key_id)).limit(1)
        row = connection.execute(query).first()
        if row:
            blobs.append((f"{row[0]}{column.suffix}", row[1]))
    return blobs


def _opens(encryption: Encryption, record_id: str, blob: bytes) -> bool:
    try:
        encryption.decrypt(record_id, blob)
    except EncryptionError:
        return False
    return True


def _sealed_by_key(connection: Connection, column: SealedColumn) -> dict[str, int]:
    """Count the blobs of a column by key: one more query for each key that turns up."""
    counts: dict[str, int] = {}
    while True:
        other_blobs = select(column.column).where(
            column.column.is_not(None), *_sealed_otherwise(column, [*counts])
        )
        blob = connection.execute(other_blobs.limit(1)).scalar()
        if blob is None:
            return counts
        key_id = key_id_of(blob)
        query = select(func.count()).where(_has_header(column, key_id))
        counts[key_id] = connection.execute(query).scalar_one()


def _digests_by_key(
    connection: Connection, table: Table, name: str
) -> list[tuple[str, int, datetime]]:
    rows_found: list[tuple[str, int, datetime]] = []
    column = table.c[name]
    while True:
        known_keys = [key_id for key_id, *_ in rows_found]
        other_digests = select(column).where(*_digested_otherwise(column, known_keys))
        digest = connection.execute(other_digests.limit(1)).scalar()
        if digest is None:
            return rows_found
        key_id = str(digest).partition(":")[0]
        query = select(func.count(), func.max(table.c.created_at, type_=table.c.created_at.type))
        row = connection.execute(query.where(column.startswith(f"{key_id}:"))).one()
        rows_found.append((key_id, row[0], row[1]))


def _has_header(column: SealedColumn, key_id: str) -> ColumnElement[bool]:
    header = key_header(key_id)
    return func.substr(column.column, 1, len(header), type_=LargeBinary()) == header


def _sealed_otherwise(column: SealedColumn, known_keys: Sequence[str]) -> list[ColumnElement[bool]]:
    return [not_(_has_header(column, key_id)) for key_id in known_keys]


def _digested_otherwise(
    column: Column[Any], known_keys: Sequence[str]
) -> list[ColumnElement[bool]]:
    is_digest = column.like("%:" + "_" * 64)  # what stands for an erased name is none
    return [is_digest, *(not_(column.startswith(f"{key_id}:")) for key_id in known_keys)]


def _any_digest_otherwise(table: Table, current: str) -> ColumnElement[bool]:
    return or_(*(and_(*_digested_otherwise(table.c[name], [current])) for name in DIGESTS[table]))

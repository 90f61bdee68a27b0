"""The audit trail: who did what to which reference, in a hash chain that shows missing lines.

A feature writes a `line` among its rows; the writer links it to the line before, inside the same
transaction. The database refuses to change or delete a line. Lines hold no content and no names of
people who asked: a reference stands for them.

Each hash is an HMAC under a key that lies sealed in the database (`use_key`), so whoever can write
to the database but has no sealing key can add or rewrite no line. Cutting off the end needs no key:
`audit_heads` notes every day where it was. Lines from before there was a key are plain SHA-256; the
first one after it vouches for them.
"""

import hmac
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

import msgspec
from sqlalchemy import Connection, Engine, func, select, text

from api.store import schema
from api.store.columns import utc_text
from api.store.engines import allow_long_statements

FIRST_HASH = "0" * 64
_KEY = "kith_audit_key"
EVER = 2**31 - 1
"""After every line: the largest number that the column holds on PostgreSQL."""

Detail = str | int | bool | None
Row = tuple[Any, Mapping[str, Any]]


class ChainKey(msgspec.Struct, frozen=True):
    """The secret under which lines are chained, from one number on."""

    secret: bytes
    first_seq: int


class AuditEvent(msgspec.Struct, frozen=True):
    """A line of the trail as it is read."""

    seq: int
    at: datetime
    actor: str
    action: str
    subject: str | None
    detail: dict[str, Detail]


def new_event(
    action: str, subject: str | None, *, actor: str, at: datetime, **detail: Detail
) -> Row:
    """One line among a transaction's rows.

    `action` is `<feature>.<past participle>` such as `signposting_request.closed`; `subject` a
    reference, or `<pledge>/<slug>` of an entry without one, of which a digest is kept; `actor` is
    `visitor`, `outbox` or a staff login's name. `detail` holds states and counts, never content.
    """
    ordered = dict(sorted(detail.items()))
    return schema.audit, {
        "at": at,
        "actor": actor,
        "action": action,
        "subject": subject and reference_of(subject),
        "detail": msgspec.json.encode(ordered).decode(),
    }


def reference_of(subject: str) -> str:
    """Return how the trail calls a subject. The slug of an entry may be a person's name."""
    pledge, slash, slug = subject.partition("/")
    if not slash or slug.startswith("#"):
        return subject
    return f"{pledge}/#{sha256(subject.encode()).hexdigest()[:12]}"


def link_lines(connection: Connection, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Complete lines with `seq`, `previous_hash` and `hash`; runs in the writing transaction."""
    seq, previous = _last(connection)
    key = _key_of(connection)
    completed = []
    for line in lines:
        seq += 1
        complete = {**line, "seq": seq, "previous_hash": previous}
        previous = complete["hash"] = _hash(complete, key)
        completed.append(complete)
    return completed


def verify(connection: Connection) -> int | None:
    """Walk the chain; give the `seq` of the first line that does not fit, None if all do."""
    allow_long_statements(connection)
    previous, key = FIRST_HASH, _key_of(connection)
    for seq, row in enumerate(_lines(connection), 1):
        expected = _hash(row, key)
        if row["seq"] != seq or row["previous_hash"] != previous or row["hash"] != expected:
            return seq
        previous = row["hash"]
    return None


def use_key(options: Connection | Engine, key: ChainKey) -> None:
    """Have lines chained and verified under a key, on a connection or on all of an engine."""
    if isinstance(options, Connection):
        options.execution_options(**{_KEY: key})
    else:
        options.update_execution_options(**{_KEY: key})


def last_seq(connection: Connection) -> int:
    """Return the number of the last line, with every other writer kept out until the commit."""
    return _last(connection)[0]


def hash_of(connection: Connection, seq: int) -> str | None:
    """Return the hash of a line, None where there is no such line."""
    query = select(schema.audit.c.hash).where(schema.audit.c.seq == seq)
    return connection.execute(query).scalar()


def head(connection: Connection) -> tuple[int, str]:
    """Number and hash of the last line: what to note elsewhere."""
    last = select(schema.audit.c.seq, schema.audit.c.hash).order_by(schema.audit.c.seq.desc())
    row = connection.execute(last.limit(1)).first()
    return (row.seq, row.hash) if row else (0, FIRST_HASH)


def newest(connection: Connection, most: int, *, before: int, about: str = "") -> list[AuditEvent]:
    """Return lines, the newest first, from below a number; all, or those about one subject."""
    table = schema.audit
    query = select(table).where(table.c.seq < before).order_by(table.c.seq.desc()).limit(most)
    if about:
        query = query.where(table.c.subject.in_(_subjects(about)))
    return [_read(row) for row in connection.execute(query)]


def last_change(connection: Connection, subject: str, quiet: Sequence[str]) -> int:
    """Return the number of the last line about a subject, 0 where there is none.

    `quiet` are actions that change nothing of it, such as reading it.
    """
    table = schema.audit
    query = select(func.max(table.c.seq)).where(
        table.c.subject.in_(_subjects(subject)), table.c.action.not_in(quiet)
    )
    return connection.execute(query).scalar() or 0


def _subjects(about: str) -> tuple[str, str]:
    """Return what a subject is called in new lines, and in those of Kith 0.1."""
    return reference_of(about), about


def _read(row: Any) -> AuditEvent:
    detail = msgspec.json.decode(row.detail, type=dict[str, Detail])
    return AuditEvent(row.seq, row.at, row.actor, row.action, row.subject, detail)


def _last(connection: Connection) -> tuple[int, str]:
    """The end of the chain, with every other writer kept out until this transaction ends.

    On SQLite `BEGIN IMMEDIATE` has done that already.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(text("select pg_advisory_xact_lock(hashtext('kith.audit'))"))
    return head(connection)


def _lines(connection: Connection) -> Iterator[Mapping[str, Any]]:
    ordered = select(schema.audit).order_by(schema.audit.c.seq)
    for row in connection.execute(ordered):
        yield row._asdict()


def _key_of(connection: Connection) -> ChainKey | None:
    key: ChainKey | None = connection.get_execution_options().get(_KEY)
    return key


def _hash(row: Mapping[str, Any], key: ChainKey | None) -> str:
    parts = [
        row["previous_hash"],
        row["seq"],
        utc_text(row["at"]),
        row["actor"],
        row["action"],
        row["subject"],
        row["detail"],
    ]
    written = msgspec.json.encode(parts)
    if key is None or row["seq"] < key.first_seq:
        return sha256(written).hexdigest()
    return hmac.new(key.secret, written, sha256).hexdigest()

"""What is held about one person: written out for them, and erased when they ask.

Which fields that are stands in `catalogue.model.personal_data`, and nowhere else.
"""

from collections.abc import Sequence
from pathlib import PurePath
from typing import Any

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import Missing
from api.features.pledges.register.entry_file import take_away_withdrawn
from api.features.pledges.store import change_state
from api.features.renewals.self_service import withdraw
from api.features.signposting.close import Closure, close_request
from api.features.signposting.store import OPEN
from api.mail import transports
from api.operations import person_store
from api.operations.person_store import Record
from api.security import normalise
from api.security.encryption import EncryptionError
from api.security.references import ReferenceFault, parse
from api.store import audit, erasure, erasure_ledger, schema
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.personal_data import FIELDS

_WAITING = ("awaiting_confirmation", "confirmed", "held")


class NobodyFound(Missing):
    """Nothing is held under this reference or contact."""

    code = "nobody"
    sentence = gettext_noop("Nothing is held under this reference or contact.")


class HeldRecord(msgspec.Struct, frozen=True):
    """One row: where it is, when it came, and every personal field of it, opened."""

    kind: str
    reference: str
    created_at: str
    fields: dict[str, Any]


def export(who: str, context: Context) -> bytes:
    """Return all that is held about a person as JSON. Raises `NobodyFound`.

    What others wrote about them is in it too: somebody looks before it is handed out.
    """

    def read(connection: Connection) -> list[HeldRecord]:
        records = _find(connection, who, context)
        records += [
            other for record in tuple(records) for other in _related_records(connection, record)
        ]
        return [_held(record, context) for record in records]

    return msgspec.json.format(msgspec.json.encode(context.database.read_now(read)))


def erase(who: str, context: Context) -> list[str]:
    """Erase all that is held about a person, and return the references. Raises `NobodyFound`.

    A promise that stands on the register is withdrawn first. The ledger knows before the database.
    """
    database, now = context.database, context.now
    records = database.read_now(lambda connection: _find(connection, who, context))
    for record in records:
        if record.table is schema.sign_up and record.row.state == "published":
            path = PurePath(record.row.entry_path)
            withdraw(path.parent.name, path.stem, context)

    def end(connection: Connection) -> list[str]:
        for record in records:
            _end(connection, record, context)
        sign_ups = [record.row.id for record in records if record.table is schema.sign_up]
        return erasure.withdrawn_paths(connection, sign_ups)

    paths = database.write_now(end)
    letters = database.read_now(lambda connection: _letter_ids(connection, records))
    transports.delete_from_folder(context.settings.mail_folder, letters)
    take_away_withdrawn(context.project, paths)
    ids: dict[str, list[str]] = {}
    for record in records:
        ids.setdefault(record.table.name, []).append(record.row.id)
    erasure_ledger.append(context.settings.erasure_ledger, now, ids)

    def act(connection: Connection) -> None:
        for table, some in ids.items():
            erasure.erase(connection, table, some)
        insert_rows(
            connection,
            [
                audit.new_event("person.erased", record.row.reference, actor=context.actor, at=now)
                for record in records
            ],
        )

    database.write_now(act)
    database.empty_wal_now()
    return [record.row.reference for record in records]


def _find(connection: Connection, who: str, context: Context) -> list[Record]:
    try:
        reference, lookups = parse(who), list[str]()
    except ReferenceFault:
        reference, lookups = "", _lookups(who, context)
    records = person_store.find(connection, reference, lookups)
    if not records:
        raise NobodyFound
    return records


def _lookups(who: str, context: Context) -> list[str]:
    if "@" in who:
        return normalise.lookups(context.encryption, who)
    return normalise.phone_lookups(context.encryption, who)


def _related_records(connection: Connection, record: Record) -> list[Record]:
    return [*person_store.related_records(connection, record), *_of_entry(connection, record)]


def _letter_ids(connection: Connection, records: Sequence[Record]) -> list[str]:
    related = [other for record in records for other in _related_records(connection, record)]
    return [other.row.id for other in related if other.table is schema.letter]


def _of_entry(connection: Connection, record: Record) -> list[Record]:
    """Return the rows about the entry that a sign-up became."""
    if record.table is not schema.sign_up or not record.row.entry_path:
        return []
    path = PurePath(record.row.entry_path)
    names = erasure.names_of_entry(connection, path.parent.name, path.stem)
    rows_by_table = erasure.rows_of_entry(connection, path.parent.name, names)
    return [
        Record(person_store.rows_of(name), row)
        for name, rows in rows_by_table.items()
        for row in rows
    ]


def _end(connection: Connection, record: Record, context: Context) -> None:
    """Let nothing of a person wait for anybody any more."""
    row = record.row
    if record.table is schema.signposting_request and row.state in OPEN:
        closure = Closure(row.reference, "withdrawn", (), context.actor)
        close_request(connection, closure, context.now)
    if record.table is schema.sign_up:
        change_state(connection, row.id, from_states=_WAITING, to_state="withdrawn")


def _held(record: Record, context: Context) -> HeldRecord:
    table, row = record.table, record.row._mapping
    fields: dict[str, Any] = {}
    for field in FIELDS:
        if field.table != table.name or row[field.name] is None:
            continue
        value = row[field.name]
        fields[field.name] = _opened(value, str(row["id"]), context) if field.sealed else value
    return HeldRecord(
        kind=str(table.name),
        reference=str(row.get("reference") or row.get("about") or ""),
        created_at=str(row.get("created_at") or ""),
        fields={name: _plain(value) for name, value in fields.items()},
    )


def _opened(blob: bytes, record_id: str, context: Context) -> Any:
    try:
        content = context.encryption.decrypt(record_id, blob)
    except EncryptionError as error:
        return str(error)
    try:
        return msgspec.msgpack.decode(content)
    except msgspec.DecodeError:
        return content.decode(errors="replace")


def _plain(value: Any) -> Any:
    return value.decode(errors="replace") if isinstance(value, bytes) else value

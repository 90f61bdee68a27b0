"""The SQL of what is held about one person, found by a reference or by how they are reached."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, Table, or_, select

from api.store import schema

RECORDS = (schema.signposting_request, schema.sign_up, schema.correction)
_OF_SIGN_UP = (schema.sign_up_decision, schema.dispute)


class Record(msgspec.Struct, frozen=True):
    """A row, and the table it is of."""

    table: Table
    row: Row[Any]


def find(connection: Connection, reference: str, lookups: Sequence[str]) -> list[Record]:
    """Return the records with a reference, or with one of these digests of a contact."""
    records = []
    for table in RECORDS:
        conditions = [table.c.reference == reference]
        if "contact_lookup" in table.c and lookups:
            conditions.append(table.c.contact_lookup.in_(lookups))
        for row in connection.execute(select(table).where(or_(*conditions))):
            records.append(Record(table, row))
    return records


def related_records(connection: Connection, record: Record) -> list[Record]:
    """Return what hangs on a record: decisions, disputes, letters."""
    letter = schema.letter
    records = [
        Record(letter, row)
        for row in connection.execute(select(letter).where(letter.c.about == record.row.reference))
    ]
    if record.table is schema.sign_up:
        for table in _OF_SIGN_UP:
            query = select(table).where(table.c.sign_up_id == record.row.id)
            records += [Record(table, row) for row in connection.execute(query)]
    return records


def rows_of(table_name: str) -> Table:
    """Return a table by its name."""
    return schema.metadata.tables[table_name]

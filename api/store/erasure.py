"""Erases what is personal of records: rows stay to be counted, as tombstones without names.

What a tombstone loses are the fields of `catalogue.model.personal_data`. Rows that belong to the
entry of an erased sign-up, and letters about it, go altogether.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    delete,
    or_,
    select,
    update,
)

from api.store import audit, schema
from catalogue.model.personal_data import FIELDS

TOMBSTONE = "erased "
"""What a name's digest is replaced by, with the row's id."""

_EMPTY: Mapping[str, object] = {"sign_up.commitments": "{}"}
"""What a field that must hold something is replaced by."""

_PRIVATE_HALF = ("sealed", "contact_lookup", "source_lookup")
_OF_ENTRIES = (
    schema.check_in,
    schema.keeping_link,
    schema.reminder,
    schema.promise_change,
    schema.was_it_true,
    schema.doubt,
)
_IDS_AT_ONCE = 500


def erase(connection: Connection, table: str, ids: Sequence[str]) -> int:
    """Erase what is personal of records by their ids; return how many rows there were.

    Of a sign-up that stands on the register only the private half goes. Harmless when repeated.
    """
    act = _ERASE[table]
    parts = (ids[start : start + _IDS_AT_ONCE] for start in range(0, len(ids), _IDS_AT_ONCE))
    return sum(act(connection, part) for part in parts)


TABLES = ("signposting_request", "correction", "sign_up")
"""Tables whose records are erased by id."""


def withdrawn_paths(connection: Connection, ids: Sequence[str]) -> list[str]:
    """Return the paths of entries that belong to these sign-ups alone, none of them published."""
    table = schema.sign_up
    query = select(table.c.entry_path).where(
        table.c.id.in_(ids), table.c.state != "published", table.c.entry_path.is_not(None)
    )
    paths = {*connection.execute(query).scalars()}
    others = select(table.c.entry_path).where(table.c.entry_path.in_(paths), table.c.id.not_in(ids))
    return sorted(paths - {*connection.execute(others).scalars()})


def half_erased(connection: Connection) -> list[str]:
    """Return sign-ups whose private half is gone and whose name is not: Kith 0.1 left it."""
    table = schema.sign_up
    query = select(table.c.id).where(
        table.c.sealed.is_(None),
        table.c.state != "published",
        table.c.canonical_key.not_like(f"{TOMBSTONE}%"),
    )
    return [*connection.execute(query).scalars()]


def names_of_entry(connection: Connection, pledge: str, slug: str) -> set[str]:
    """Return the slugs that an entry has and had."""
    table = schema.register_change
    names = {slug}
    query = select(table.c.who, table.c.into).where(table.c.pledge == pledge)
    changes = [*connection.execute(query.order_by(table.c.created_at.desc()))]
    for before, after in changes:
        if after in names:
            names.add(before)
    return names


def references_of_entry(pledge: str, names: set[str]) -> list[str]:
    """Return how letters and the audit trail call an entry."""
    return [audit.reference_of(f"{pledge}/{name}") for name in names]


def rows_of_entry(connection: Connection, pledge: str, names: set[str]) -> dict[str, list[Any]]:
    """Return the rows about an entry, by table: for the export for a person."""
    rows_by_table = {}
    for table in _OF_ENTRIES:
        rows = connection.execute(select(table).where(_is_of_entry(table, pledge, names)))
        rows_by_table[table.name] = [*rows]
    letter = schema.letter
    about = letter.c.about.in_(references_of_entry(pledge, names))
    rows_by_table[letter.name] = [*connection.execute(select(letter).where(about))]
    return rows_by_table


def _erase_plainly(table: Table) -> Callable[[Connection, Sequence[str]], int]:
    columns = [field.name for field in FIELDS if field.table == table.name]
    besides = [name for name in ("before_text", "sent_text") if name in table.c]
    emptied = dict.fromkeys((*columns, *besides))

    def act(connection: Connection, ids: Sequence[str]) -> int:
        rows = _references(connection, table, ids)
        connection.execute(update(table).where(table.c.id.in_(ids)).values(emptied))
        _delete_letters(connection, [row.reference for row in rows])
        return len(rows)

    return act


def _erase_sign_ups(connection: Connection, ids: Sequence[str]) -> int:
    table, decision = schema.sign_up, schema.sign_up_decision
    rows = _references(connection, table, ids)
    public = [row.id for row in rows if row.state == "published"]
    ended = [row for row in rows if row.state != "published"]
    private = dict.fromkeys(_PRIVATE_HALF)
    connection.execute(update(table).where(table.c.id.in_(public)).values(private))
    connection.execute(
        update(decision).where(decision.c.sign_up_id.in_(public)).values(sealed=None)
    )
    paths = withdrawn_paths(connection, [row.id for row in ended])
    for path in paths:
        _delete_rows_of_entry(connection, path)
    ended_ids = [row.id for row in ended]
    for of_sign_up in (
        decision,
        schema.dispute,
        schema.connector,
        schema.confirmation_token,
        schema.sign_up_lock,
    ):
        connection.execute(delete(of_sign_up).where(of_sign_up.c.sign_up_id.in_(ended_ids)))
    _delete_letters(connection, [row.reference for row in rows])
    for row in ended:
        connection.execute(update(table).where(table.c.id == row.id).values(_tombstone(row)))
    return len(rows)


def _tombstone(row: Row[Any]) -> dict[str, object]:
    """Return what a sign-up that ended is replaced by."""
    emptied = {field.name: _EMPTY.get(field.column) for field in FIELDS if field.table == "sign_up"}
    lapsed = {"state": "lapsed"} if row.state == "awaiting_confirmation" else {}
    return {**emptied, "canonical_key": f"{TOMBSTONE}{row.id}", "text_sha256": None, **lapsed}


def _references(connection: Connection, table: Table, ids: Sequence[str]) -> list[Row[Any]]:
    query = select(table.c.id, table.c.reference, table.c.state).where(table.c.id.in_(ids))
    return [*connection.execute(query)]


def _delete_letters(connection: Connection, references: Sequence[str]) -> None:
    """Delete letters about records; one that waits for somebody else's reading goes too."""
    letter = schema.letter
    connection.execute(delete(letter).where(letter.c.about.in_(references)))


def _delete_rows_of_entry(connection: Connection, path: str) -> None:
    pledge, slug = PurePath(path).parent.name, PurePath(path).stem
    names = names_of_entry(connection, pledge, slug)
    _delete_letters(connection, references_of_entry(pledge, names))
    for table in (*_OF_ENTRIES, schema.dispute):
        connection.execute(delete(table).where(_is_of_entry(table, pledge, names)))
    change = schema.register_change
    renamed = or_(change.c.who.in_(names), change.c.into.in_(names))
    connection.execute(delete(change).where(change.c.pledge == pledge, renamed))


def _is_of_entry(table: Table, pledge: str, names: set[str]) -> ColumnElement[bool]:
    return and_(table.c.pledge == pledge, table.c.who.in_(names))


_ERASE: Mapping[str, Callable[[Connection, Sequence[str]], int]] = {
    "signposting_request": _erase_plainly(schema.signposting_request),
    "correction": _erase_plainly(schema.correction),
    "sign_up": _erase_sign_ups,
}

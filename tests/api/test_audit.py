"""The audit trail notices whoever rewrites it."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from api.security.encryption import Encryption, Key, parse_keys
from api.settings import from_environ
from api.store import audit, audit_heads, keys, schema
from api.store.database import Database
from api.store.writer import insert_rows
from tests.api.conftest import Clock

ALL_LINES = select(schema.audit).order_by(schema.audit.c.seq)


@pytest.fixture
def trail(tmp_path: Path, database: Database, clock: Clock) -> Path:
    """A file with five lines, whose guards an intruder has taken away."""
    for number in range(5):
        actor = "visitor" if number % 2 else "sam"
        line = audit.new_event("test.done", f"R-{number}", actor=actor, at=clock(), turn=number)
        database.insert_now([line])
        clock.advance(minutes=1)
    assert database.read_now(audit.verify) is None
    path = tmp_path / "kith.sqlite3"
    with sqlite3.connect(path) as intruder:
        for trigger in ("audit_no_update", "audit_no_delete"):
            intruder.execute(f"drop trigger {trigger}")
    intruder.close()
    return path


@pytest.mark.parametrize(
    ("change", "found_at"),
    [
        ("update audit set actor = 'nobody' where seq = 3", 3),
        ("update audit set at = '2026-11-22T09:31:00.000001Z' where seq = 2", 2),
        ("""update audit set detail = '{"turn":9}' where seq = 4""", 4),
        ("update audit set subject = null where seq = 1", 1),
        ("delete from audit where seq = 3", 3),
        ("delete from audit where seq = 1", 1),
    ],
)
def test_a_changed_or_missing_line_is_found(
    trail: Path, database: Database, change: str, found_at: int
) -> None:
    with sqlite3.connect(trail) as intruder:
        intruder.execute(change)
    intruder.close()
    assert database.read_now(audit.verify) == found_at


def test_lines_cut_off_the_end_show_against_a_noted_head(trail: Path, database: Database) -> None:
    noted = database.read_now(audit.head)
    with sqlite3.connect(trail) as intruder:
        intruder.execute("delete from audit where seq = 5")
    intruder.close()
    assert noted[0] == 5
    assert database.read_now(audit.verify) is None
    assert database.read_now(audit.head) != noted


def test_an_empty_trail_is_whole(database: Database) -> None:
    assert database.read_now(audit.verify) is None
    assert database.read_now(audit.head) == (0, audit.FIRST_HASH)


def test_the_newest_lines_are_read_from_behind_the_last_one(store: Database, clock: Clock) -> None:
    for number in range(3):
        store.insert_now(
            [audit.new_event("thing.done", f"R-{number}", actor="visitor", at=clock())]
        )
    lines = store.read_now(lambda connection: audit.newest(connection, 2, before=audit.EVER))
    assert [line.subject for line in lines] == ["R-2", "R-1"]


@pytest.fixture
def chained(tmp_path: Path, database: Database, clock: Clock) -> Path:
    """A trail of two lines from before there was a key, and three under it."""
    settings = from_environ(tmp_path, {"KITH_DATABASE_URL": f"sqlite:///{tmp_path}/kith.sqlite3"})
    for number in range(5):
        if number == 2:
            keys.open_encryption(settings, database)
        line = audit.new_event("test.done", f"R-{number}", actor="visitor", at=clock(), turn=number)
        database.insert_now([line])
    assert database.read_now(audit.verify) is None
    path = tmp_path / "kith.sqlite3"
    with sqlite3.connect(path) as intruder:
        for trigger in ("audit_no_update", "audit_no_delete"):
            intruder.execute(f"drop trigger {trigger}")
    intruder.close()
    return path


@pytest.mark.parametrize("first", [1, 4])
def test_whoever_rewrites_all_that_follows_is_found_without_the_key(
    chained: Path, database: Database, first: int
) -> None:
    """An intruder who has the database and this program, but no sealing key."""
    with Database(f"sqlite:///{chained}") as without_key:
        lines = without_key.read_now(lambda c: [row._asdict() for row in c.execute(ALL_LINES)])
        earlier_rows = [line for line in lines if line["seq"] < first]
        forged = [
            {name: line[name] for name in ("at", "actor", "action", "subject", "detail")}
            for line in lines[first - 1 :]
        ]
        forged[0]["actor"] = "somebody else"

        def rewrite(connection: Connection) -> None:
            connection.execute(schema.audit.delete().where(schema.audit.c.seq >= first))
            insert_rows(connection, [(schema.audit, row) for row in forged])

        without_key.write_now(rewrite)
        assert without_key.read_now(audit.head)[0] == 5
    assert len(earlier_rows) == first - 1
    assert database.read_now(audit.verify) == max(first, 3)


def test_a_line_under_the_key_is_added_by_who_has_it_alone(
    chained: Path, database: Database, clock: Clock
) -> None:
    with Database(f"sqlite:///{chained}") as without_key:
        line = audit.new_event("test.done", "R-9", actor="visitor", at=clock(), turn=9)
        without_key.insert_now([line])
    assert database.read_now(audit.verify) == 6


def test_an_end_that_was_cut_off_is_found_by_what_was_noted(
    chained: Path, database: Database, tmp_path: Path, clock: Clock
) -> None:
    assert database.read_now(lambda c: audit_heads.note(c, tmp_path, clock())) is not None
    assert database.read_now(lambda c: audit_heads.note(c, tmp_path, clock())) is None
    assert database.read_now(lambda c: audit_heads.first_missing(c, tmp_path)) is None
    with sqlite3.connect(chained) as intruder:
        intruder.execute("delete from audit where seq = 5")
    intruder.close()
    assert database.read_now(audit.verify) is None
    cut = database.read_now(lambda c: audit_heads.first_missing(c, tmp_path))
    assert cut is not None
    assert cut.seq == 5
    audit_heads.note_restored(tmp_path, 4, clock())
    assert database.read_now(lambda c: audit_heads.first_missing(c, tmp_path)) is None


def test_a_new_sealing_key_changes_no_line(
    chained: Path, database: Database, tmp_path: Path, clock: Clock
) -> None:
    """The key of the chain is sealed anew, and stays the same."""
    (sealed,) = database.read_now(
        lambda c: [*c.execute(select(schema.installation.c.sealed)).scalars()]
    )
    assert keys.SEALED[-1].row_id.name == "name"
    old = Encryption(parse_keys((tmp_path / "var" / "keys").read_text()))
    again = Encryption(
        [Key("new", bytes(range(32))), *parse_keys((tmp_path / "var" / "keys").read_text())]
    ).reencrypt("audit key", sealed)
    assert old.decrypt_as("audit key", sealed, audit.ChainKey).first_seq == 3
    new = Encryption([Key("new", bytes(range(32)))])
    assert new.decrypt_as("audit key", again, audit.ChainKey) == old.decrypt_as(
        "audit key", sealed, audit.ChainKey
    )

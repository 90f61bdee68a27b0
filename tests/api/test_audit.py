"""The audit trail notices whoever rewrites it."""

import sqlite3
from pathlib import Path

import pytest

from api.store import audit
from api.store.database import Database
from tests.api.conftest import Clock


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

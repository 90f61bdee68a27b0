"""A start sees that data is gone or pages are damaged, before it changes anything."""

import os
import shutil
import threading
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from api.store import audit, last_seen
from api.store.database import Database
from api.store.errors import StoreDamaged
from api.store.last_seen import DataLost
from api.store.migrate import migrate, revision
from api.store.schema import REVISION
from tests.api.conftest import Clock


def add_lines(store: Database, clock: Clock, count: int) -> None:
    for _ in range(count):
        store.insert_now([audit.new_event("test.done", None, actor="visitor", at=clock())])


def note(store: Database, url: str, data: Path, clock: Clock) -> bool:
    return last_seen.write_note(url, data, store.read_now(last_seen.count_lines), clock())


def test_a_database_without_its_wal_is_refused_until_the_file_is_back(
    sqlite_url: str, tmp_path: Path, clock: Clock
) -> None:
    file, wal = tmp_path / "kith.sqlite3", tmp_path / "kith.sqlite3-wal"
    with Database(sqlite_url) as store:
        add_lines(store, clock, 3)
        assert note(store, sqlite_url, tmp_path, clock)
        assert not note(store, sqlite_url, tmp_path, clock)
        copies = shutil.copy(file, tmp_path / "copy"), shutil.copy(wal, tmp_path / "copy-wal")
    for path in tmp_path.glob("kith.sqlite3*"):
        path.unlink()
    shutil.copy(copies[0], file)
    with pytest.raises(DataLost, match=r"held 3 audit lines on 2026-11-22 09:30 UTC and holds 0"):
        last_seen.expect_sound(sqlite_url, tmp_path)
    shutil.copy(copies[1], wal)
    last_seen.expect_sound(sqlite_url, tmp_path)


def test_a_database_that_is_not_there_any_more_is_refused_and_not_made(
    sqlite_url: str, tmp_path: Path, clock: Clock
) -> None:
    with Database(sqlite_url) as store:
        add_lines(store, clock, 2)
        note(store, sqlite_url, tmp_path, clock)
    (tmp_path / "kith.sqlite3").unlink()
    with pytest.raises(DataLost, match=last_seen.NAME):
        last_seen.expect_sound(sqlite_url, tmp_path)
    assert not (tmp_path / "kith.sqlite3").exists()
    last_seen.forget(tmp_path)
    last_seen.expect_sound(sqlite_url, tmp_path)


def test_another_database_is_no_loss(sqlite_url: str, tmp_path: Path, clock: Clock) -> None:
    with Database(sqlite_url) as store:
        add_lines(store, clock, 2)
        note(store, sqlite_url, tmp_path, clock)
    last_seen.expect_sound(f"sqlite:///{tmp_path / 'other.sqlite3'}", tmp_path)


def test_fewer_lines_are_seen_on_either_database(
    store_url: str, store: Database, tmp_path: Path, clock: Clock
) -> None:
    add_lines(store, clock, 2)
    last_seen.expect_sound(store_url, tmp_path)
    last_seen.write_note(store_url, tmp_path, 3, clock())
    with pytest.raises(DataLost):
        last_seen.expect_sound(store_url, tmp_path)


def test_a_note_that_a_full_disk_cut_short_stops_nobody(sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / last_seen.NAME).write_bytes(b"")
    last_seen.expect_sound(sqlite_url, tmp_path)


@pytest.mark.parametrize("first_page", [0, 1])
def test_damaged_pages_are_refused(sqlite_url: str, tmp_path: Path, first_page: int) -> None:
    file = tmp_path / "kith.sqlite3"
    with file.open("r+b") as pages:
        pages.seek(first_page * 4096)
        pages.write(os.urandom(file.stat().st_size - first_page * 4096))
    with pytest.raises(StoreDamaged):
        last_seen.expect_sound(sqlite_url, tmp_path)


@pytest.mark.postgres
def test_first_starts_at_once_migrate_one_after_the_other(
    postgres_url: str, postgres_server: str
) -> None:
    engine = create_engine(postgres_server.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text("drop database if exists at_once"))
        connection.execute(text("create database at_once"))
    url, errors = postgres_server.format(name="at_once"), list[BaseException]()

    def start() -> None:
        try:
            migrate(url)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=start) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    with Database(url) as store:
        assert store.read_now(revision) == REVISION
    with engine.connect() as connection:
        connection.execute(text("drop database at_once with (force)"))
    engine.dispose()

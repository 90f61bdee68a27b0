"""The migrations make what the schema says, once, and know a database from the future."""

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine, text

from api.store import audit, schema
from api.store.database import Database
from api.store.errors import StoreFault, StoreTooNew, StoreUnavailable
from api.store.migrate import FOLDER, alembic_config, migrate, revision
from tests.api.conftest import Clock

KEPT = "select month, area, kind, need, count from gap order by month"


def test_the_schema_and_the_migrations_say_the_same(store: Database) -> None:
    def differences(connection: Connection) -> list[object]:
        compared = MigrationContext.configure(connection, opts={"compare_type": True})
        return list(compare_metadata(compared, schema.metadata))

    assert store.read_now(differences) == []
    assert store.read_now(revision) == schema.REVISION


def test_the_schema_names_the_last_migration() -> None:
    assert ScriptDirectory(str(FOLDER)).get_current_head() == schema.REVISION


def test_migrating_again_changes_nothing(store_url: str) -> None:
    migrate(store_url)
    with Database(store_url) as store:
        assert store.read_now(revision) == schema.REVISION


def test_gaps_counted_before_needs_had_a_column_are_kept(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'kith.sqlite3'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        command.upgrade(alembic_config(connection), "0001")
        connection.execute(text("insert into gap values ('unknown', 'unknown', '2026-10', 2)"))
        connection.execute(text("insert into gap values ('Temeford', 'choir', '2026-11', 3)"))
    engine.dispose()
    migrate(url)
    with Database(url) as store:
        rows = store.read_now(
            lambda connection: [tuple(row) for row in connection.execute(text(KEPT))]
        )
    assert rows == [("2026-10", "any", "any", "", 2), ("2026-11", "Temeford", "choir", "", 3)]


def test_a_database_of_a_later_kith_is_refused_in_one_line(store_url: str) -> None:
    engine = create_engine(store_url)
    with engine.begin() as connection:
        connection.execute(text("update alembic_version set version_num = '9999'"))
    engine.dispose()
    with pytest.raises(StoreTooNew, match="revision 9999") as error:
        migrate(store_url)
    assert "\n" not in str(error.value)


def test_a_migration_cut_short_leaves_the_database_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = f"sqlite:///{tmp_path / 'kith.sqlite3'}"
    with monkeypatch.context() as broken:
        broken.setattr("alembic.op.execute", lambda *args: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            migrate(url)
    with Database(url) as store:
        assert store.read_now(revision) is None
    migrate(url)


def test_a_database_that_cannot_be_reached_is_unavailable() -> None:
    with pytest.raises(StoreUnavailable):
        migrate("postgresql+psycopg://nobody@127.0.0.1:1/none")


@pytest.mark.parametrize(
    "change", ["update audit set actor = 'somebody else'", "delete from audit"]
)
def test_the_database_itself_keeps_the_audit_trail(
    store: Database, clock: Clock, change: str
) -> None:
    store.insert_now([audit.new_event("test.done", None, actor="visitor", at=clock())])
    with pytest.raises(StoreFault, match=r"append only|P0001"):
        store.write_now(lambda connection: connection.execute(text(change)))


def test_only_the_owner_can_read_the_database_file(tmp_path: Path) -> None:
    path = tmp_path / "new" / "kith.sqlite3"
    migrate(f"sqlite:///{path}")
    with Database(f"sqlite:///{path}"):
        modes = {file.stat().st_mode & 0o077 for file in path.parent.iterdir()}
    assert modes == {0}
    assert path.parent.stat().st_mode & 0o077 == 0


def test_every_commit_reaches_the_disk(sqlite_url: str) -> None:
    def pragmas(connection: Connection) -> tuple[object, ...]:
        names = ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
        return tuple(connection.exec_driver_sql(f"pragma {name}").scalar() for name in names)

    with Database(sqlite_url) as store:
        assert store.write_now(pragmas) == ("wal", 2, 1, 1)
    assert sqlite3.threadsafety > 0

"""Migrates a database to the schema of this version, or says in one line why it cannot.

Alembic is loaded only when there is something to do: a start on a current database stays quick.
"""

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from api.store import schema
from api.store.engines import allow_long_statements, writing_engine
from api.store.errors import StoreTooNew, translate_error

if TYPE_CHECKING:
    from alembic.config import Config

WAIT_MS = 60_000
"""How long to wait for another process that migrates the same database."""
FOLDER = Path(__file__).parent / "migrations"


def migrate(url: str) -> None:
    """Run the missing migrations, all in one transaction; a second run changes nothing.

    Raises `StoreTooNew` if a later Kith has been here, `StoreUnavailable` if it cannot be reached.
    """
    engine = writing_engine(url, busy_ms=WAIT_MS)
    try:
        with engine.begin() as connection:
            _wait_for_others(connection)
            if revision(connection) != schema.REVISION:
                migrate_to(connection, schema.REVISION)
    except Exception as error:
        refusal = translate_error(error)
        if refusal is error:
            raise
        raise refusal from None
    finally:
        engine.dispose()


def _wait_for_others(connection: Connection) -> None:
    """Let one process migrate at a time. On SQLite `BEGIN IMMEDIATE` has done that already."""
    allow_long_statements(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"set local lock_timeout = {WAIT_MS}"))
        connection.execute(text("select pg_advisory_xact_lock(hashtext('kith.migrate'))"))


def revision(connection: Connection) -> str | None:
    """The revision a database is at; None for an empty one."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    return connection.execute(text("select version_num from alembic_version")).scalar()


def migrate_to(connection: Connection, target: str) -> None:
    """Run the migrations up to a revision, in the caller's transaction. Raises `StoreTooNew`."""
    from alembic import command
    from alembic.script import ScriptDirectory

    config = alembic_config(connection)
    current = revision(connection)
    revisions = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    for unknown in {current, target} - revisions - {None}:
        raise StoreTooNew(
            f"The database is at revision {unknown}, which this Kith does not know (it knows "
            f"{schema.REVISION}): a later Kith has used it. Start that version instead."
        )
    command.upgrade(config, target)


def alembic_config(connection: Connection) -> "Config":
    """Return how Alembic runs the migrations on a connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config

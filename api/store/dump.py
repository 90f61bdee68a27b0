"""The rows of a whole database, read at one moment and put into an empty one: for backups.

Both databases give and take the same rows, so a backup of one can be restored into the other.
What a machine notes about itself (when its jobs ran) is left out.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, Text, column, func, inspect, select, table
from sqlalchemy.types import TypeEngine

from api.store import schema
from api.store.columns import SlugList, UtcDateTime
from api.store.engines import allow_long_statements, reading_engine, writing_engine
from api.store.errors import translate_error
from api.store.migrate import migrate_to

CHUNK_ROWS = 1000
OF_THE_MACHINE = frozenset({"background_job", "write_probe"})

Rows = Sequence[Sequence[Any]]


@contextmanager
def snapshot(url: str) -> Iterator[Connection]:
    """Yield a connection that sees one moment of the database for as long as it is open."""
    engine = reading_engine(url)
    if engine.dialect.name == "postgresql":
        engine = engine.execution_options(isolation_level="REPEATABLE READ")
    try:
        with engine.connect() as connection, connection.begin():
            allow_long_statements(connection)
            connection.execute(select(func.count()).select_from(schema.audit))  # takes the snapshot
            yield connection
    except Exception as error:
        translated = translate_error(error, reading=True)
        if translated is error:
            raise
        raise translated from None
    finally:
        engine.dispose()


def tables() -> list[Table]:
    """Return the tables of a backup, those first that others point at."""
    return [one for one in schema.metadata.sorted_tables if one.name not in OF_THE_MACHINE]


def chunks(connection: Connection, of: Table) -> Iterator[list[list[Any]]]:
    """Yield the rows of a table, some at a time, each in the order of its columns."""
    streamed = connection.execution_options(stream_results=True).execute(select(of))
    for some in streamed.partitions(CHUNK_ROWS):
        yield [list(row) for row in some]


def is_empty(url: str) -> bool:
    """Say whether nothing was ever written to a database, or its tables are not even made."""
    engine = writing_engine(url)  # which makes a file that is not there
    try:
        with engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            tables_to_ask = [
                one for one in tables() if one.name in there and one.name != "installation"
            ]
            return not any(
                connection.execute(select(one).limit(1)).first() for one in tables_to_ask
            )
    except Exception as error:
        translated = translate_error(error)
        if translated is error:
            raise
        raise translated from None
    finally:
        engine.dispose()


@contextmanager
def filling(url: str, revision: str) -> Iterator[Connection]:
    """Yield a connection to an empty database of a revision: all of it is kept, or nothing.

    At the end its schema is brought to that of this version. Raises `StoreTooNew`.
    """
    engine = writing_engine(url)
    try:
        with engine.begin() as connection:
            allow_long_statements(connection)
            migrate_to(connection, revision)
            if inspect(connection).has_table(schema.installation.name):
                connection.execute(schema.installation.delete())
            yield connection
            migrate_to(connection, schema.REVISION)
    except Exception as error:
        translated = translate_error(error)
        if translated is error:
            raise
        raise translated from None
    finally:
        engine.dispose()


def insert(connection: Connection, name: str, columns: Sequence[str], rows: Rows) -> None:
    """Insert rows of a table, which may be one of an earlier revision."""
    if not rows:
        return
    table_known = schema.metadata.tables.get(name)
    types: Mapping[str, TypeEngine[Any]] = {
        column_name: table_known.c[column_name].type
        if table_known is not None and column_name in table_known.c
        else _type_of(rows, place)
        for place, column_name in enumerate(columns)
    }
    into = table(name, *(column(column_, types[column_]) for column_ in columns))
    connection.execute(
        into.insert(), [dict(zip(columns, map(_value, row), strict=True)) for row in rows]
    )


def _value(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _type_of(rows: Rows, place: int) -> TypeEngine[Any]:
    """Return the type of a column that this version does not know, by what is in it."""
    value = next((row[place] for row in rows if row[place] is not None), None)
    if isinstance(value, datetime):
        return UtcDateTime()
    if isinstance(value, bytes):
        return LargeBinary()
    return SlugList() if isinstance(value, list) else Text()

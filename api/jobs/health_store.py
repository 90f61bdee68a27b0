"""The SQL of the health check: a trial write, a look at every table, a check of all pages."""

import secrets

from sqlalchemy import Connection, delete, insert, select

from api.store import schema
from api.store.engines import first_damage
from api.store.errors import StoreDamaged

FILLER_BYTES = 16 * 1024
"""Several pages: more than a database that is full finds room for."""


def insert_filler(connection: Connection) -> None:
    """Write some pages, as a real record would."""
    filler = secrets.token_bytes(FILLER_BYTES)
    connection.execute(insert(schema.write_probe).values(filler=filler))


def delete_fillers(connection: Connection) -> None:
    """Delete them again, also those that a crash has left."""
    connection.execute(delete(schema.write_probe))


def read_a_row_of_each_table(connection: Connection) -> None:
    """Read from each table: a damaged page that many requests would meet is met here."""
    for table in schema.metadata.sorted_tables:
        connection.execute(select(table).limit(1)).first()


def expect_sound(connection: Connection) -> None:
    """Check all pages. Raises StoreDamaged."""
    if first_damage(connection):
        raise StoreDamaged

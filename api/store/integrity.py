"""Whether the pages of an SQLite database are sound. PostgreSQL looks after its own."""

from sqlalchemy import Connection


def first_damage(connection: Connection) -> str | None:
    """Return the first fault that SQLite's quick check finds; None where all is sound."""
    if connection.dialect.name != "sqlite":
        return None
    report = str(connection.exec_driver_sql("pragma quick_check(1)").scalar())
    return None if report == "ok" else report.splitlines()[0]

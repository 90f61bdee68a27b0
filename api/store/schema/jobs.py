"""What background jobs leave behind: their last success and failure, and the clock they went by."""

from sqlalchemy import Column, Integer, LargeBinary, Table, Text

from api.store.columns import UtcDateTime
from api.store.schema.base import metadata

background_job = Table(
    "background_job",
    metadata,
    Column("name", Text, primary_key=True),
    Column("succeeded_at", UtcDateTime),
    Column("failed_at", UtcDateTime),
    Column("error", Text),
    Column("clock_at", UtcDateTime),
    Column("stopped_at", UtcDateTime),
)
"""`clock_at` is the time of the last round of a job that erases or reminds; `stopped_at` is when
such a job found that the clock had jumped, until a person says that it may go on."""

write_probe = Table(
    "write_probe",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("filler", LargeBinary, nullable=False),
)
"""Written and deleted again by the health check, to see that there is room."""

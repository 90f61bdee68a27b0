"""Facts about the installation itself, such as the key it seals with: one row each."""

from sqlalchemy import Column, LargeBinary, Table, Text

from api.store.columns import UtcDateTime
from api.store.schema.base import metadata

installation = Table(
    "installation",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text),
    Column("sealed", LargeBinary),
    Column("changed_at", UtcDateTime, nullable=False),
)

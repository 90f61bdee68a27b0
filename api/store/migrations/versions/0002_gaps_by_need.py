"""Gaps are counted by need as well; what was "unknown" is "any" from now on."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

BEFORE = sa.table("gap", *map(sa.column, ("month", "area", "kind", "count")))


def upgrade() -> None:
    """Make the table anew, for SQLite changes no primary key, and put what was counted back."""
    connection = op.get_bind()
    counted = [row._asdict() for row in connection.execute(sa.select(BEFORE))]
    op.drop_table("gap")
    gap = op.create_table(
        "gap",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("area", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("need", sa.Text(), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(month) = 7", name=op.f("ck_gap_month")),
        sa.PrimaryKeyConstraint("month", "area", "kind", "need", name=op.f("pk_gap")),
    )
    if counted:
        connection.execute(sa.insert(gap), [_as_now(row) for row in counted])


def _as_now(row: dict[str, object]) -> dict[str, object]:
    words = {name: "any" if row[name] == "unknown" else row[name] for name in ("area", "kind")}
    return {**row, **words, "need": ""}

"""What all tables share: one metadata with names for constraints, and closed lists of words."""

from sqlalchemy import CheckConstraint, MetaData

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def one_of(column: str, *words: str) -> CheckConstraint:
    """Return the rule that a column holds one of these words."""
    return CheckConstraint(f"{column} in ({', '.join(repr(word) for word in words)})", name=column)

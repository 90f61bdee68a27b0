"""The SQL of retention: what is due, and how long rows without a date of their own are kept."""

from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from sqlalchemy import ColumnElement, Connection, Table, and_, delete, func, select, update

from api.features.renewals import store as renewals
from api.jobs.steady_clock import MAX_JUMP
from api.staff import store as staff
from api.store import schema
from api.store.idempotency import VALID_FOR
from catalogue.model.personal_data import kept_for
from catalogue.outputs.formatting import LOCAL

REPEATS_KEPT = VALID_FOR + MAX_JUMP  # a clock ahead by less than the jump forgets no live key
TOKENS_KEPT_AFTER_EXPIRY = timedelta(days=30)  # so that an old link can still say it is too late
LETTERS_KEPT = kept_for("letter")  # of a sent one its kind and times, of a failed one all of it
GAPS_KEPT_MONTHS = 36
LOGINS_KEPT = kept_for("login")
SOURCES_KEPT = kept_for("source")  # where sign-ups came from: long enough to clear a flood away
REVISIONS_KEPT = timedelta(days=90)  # so long an entry that staff wrote can be put back
INVALIDATIONS_KEPT = kept_for("invalidation")  # longer than what they refused


def _due(table: Table, now: datetime) -> ColumnElement[bool]:
    return and_(table.c.delete_after <= now, table.c.sealed.is_not(None))


def count_records(connection: Connection, table: Table, now: datetime) -> tuple[int, int]:
    """Return how many records are due at `now`, and how many hold personal data at all.

    Sign-ups that staff refused together do not count as due: they go together.
    """
    statement = select(func.count()).where(table.c.sealed.is_not(None))
    condition = _due(table, now)
    if table is schema.sign_up:
        member = schema.invalidation_member
        together = select(member.c.sign_up_id).where(member.c.state == "done")
        condition = and_(condition, table.c.id.not_in(together))
    due = connection.scalar(select(func.count()).where(condition)) or 0
    return due, connection.scalar(statement) or 0


def count_rows(connection: Connection) -> dict[str, int]:
    """Return how many rows each table holds."""
    return {
        table.name: connection.scalar(select(func.count()).select_from(table)) or 0
        for table in schema.metadata.sorted_tables
    }


def due_ids(connection: Connection, table: Table, now: datetime) -> list[str]:
    """Return the ids of the records whose personal data is due."""
    return [*connection.execute(select(table.c.id).where(_due(table, now))).scalars()]


def clear_decision_texts(connection: Connection) -> None:
    """Clear the text of decisions about sign-ups whose personal data was erased."""
    decision, sign_up = schema.sign_up_decision, schema.sign_up
    erased = select(sign_up.c.id).where(sign_up.c.sealed.is_(None))
    words = (decision.c.sealed.is_not(None), decision.c.sign_up_id.in_(erased))
    connection.execute(update(decision).where(*words).values(sealed=None))


def clear_sources(connection: Connection, now: datetime) -> None:
    """Clear the network that sign-ups came from."""
    sign_up = schema.sign_up
    condition = (sign_up.c.source_lookup.is_not(None), sign_up.c.created_at <= now - SOURCES_KEPT)
    connection.execute(update(sign_up).where(*condition).values(source_lookup=None))


def delete_temporary_rows(connection: Connection, now: datetime) -> int:
    """Delete rows that are kept for a time only, and return how many went."""
    letters, tokens, repeats = schema.letter, schema.confirmation_token, schema.repeat
    first_month = f"{now.astimezone(LOCAL) - relativedelta(months=GAPS_KEPT_MONTHS):%Y-%m}"
    statements = (
        delete(repeats).where(repeats.c.created_at <= now - REPEATS_KEPT),
        delete(tokens).where(tokens.c.expires_at <= now - TOKENS_KEPT_AFTER_EXPIRY),
        delete(letters).where(
            letters.c.state.in_(("sent", "failed")), letters.c.created_at <= now - LETTERS_KEPT
        ),
        delete(schema.invalidation).where(
            schema.invalidation.c.turn.is_(None),
            schema.invalidation.c.created_at <= now - INVALIDATIONS_KEPT,
        ),
        delete(schema.entry_revision).where(
            schema.entry_revision.c.created_at <= now - REVISIONS_KEPT
        ),
        delete(schema.dispute).where(schema.dispute.c.delete_after <= now),
        delete(schema.gap).where(schema.gap.c.month < first_month),
        delete(schema.signpost).where(schema.signpost.c.day < first_month),
        delete(schema.connector_link).where(
            schema.connector_link.c.expires_at <= now - TOKENS_KEPT_AFTER_EXPIRY
        ),
    )
    expired_rows = staff.delete_expired(connection, now - LOGINS_KEPT) + renewals.erase_due(
        connection, now
    )
    return expired_rows + sum(connection.execute(statement).rowcount for statement in statements)

"""The SQL for check-ins, links in letters, reminders and text changes.

Rows name an entry by its pledge and slug, since an entry written by an editor has no sign-up.
"""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    delete,
    func,
    or_,
    select,
    update,
)

from api.store import database, schema
from catalogue.model.personal_data import kept_for

AnswerState = Literal["doing", "not yet", "stopped"]
LinkPurpose = Literal["check_in", "manage"]

LINKS_RETAINED = kept_for("entry_link")
ROWS_RETAINED = kept_for("reminder")
"""For reminders and visitors' answers."""

_check_in = schema.check_in
_link = schema.keeping_link
_reminder = schema.reminder
_text_change = schema.promise_change
_TABLES_BY_ENTRY = (
    _check_in,
    _link,
    _reminder,
    _text_change,
    schema.was_it_true,
    schema.doubt,
)


class CommitmentAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """The answer about one commitment. `by` is the day from which a "not yet" will hold."""

    state: AnswerState
    by: date | None = None


class CommitmentTexts(msgspec.Struct, frozen=True):
    """Sentences by commitment, as they are encrypted in the store."""

    by_commitment: dict[str, str] = msgspec.field(name="said")


class CheckIn(msgspec.Struct, frozen=True):
    """One renewal. Without `answers` everything was as before."""

    id: str
    pledge: str
    slug: str
    until_before: date
    until_after: date
    answers: dict[str, CommitmentAnswer]
    by_staff: bool
    encrypted_texts: bytes | None
    created_at: datetime
    written_at: datetime | None


class EntryLink(msgspec.Struct, frozen=True):
    """What a link in a letter is for; `confirmed_until` is the promise's end when it was sent."""

    pledge: str
    slug: str
    purpose: str
    confirmed_until: date
    expires_at: datetime


class Reminder(msgspec.Struct, frozen=True):
    """A reminder that was due. `channel` is `letter` (by e-mail) or `post`."""

    pledge: str
    slug: str
    confirmed_until: date
    kind: str
    channel: str
    letter_failed: bool
    created_at: datetime
    posted_at: datetime | None


class TextChange(msgspec.Struct, frozen=True):
    """New sentences for an entry, which staff review: `waiting`, or what became of them."""

    id: str
    pledge: str
    slug: str
    state: str
    encrypted_texts: bytes | None
    created_at: datetime


def check_in_row(check_in: CheckIn, *, delete_after: datetime) -> database.Row:
    """Return the row of a check-in whose entry is about to be written."""
    return _check_in, {
        "id": check_in.id,
        "pledge": check_in.pledge,
        "who": check_in.slug,
        "until_before": check_in.until_before.isoformat(),
        "until_after": check_in.until_after.isoformat(),
        "answers": msgspec.json.encode(check_in.answers).decode(),
        "by_staff": check_in.by_staff,
        "sealed": check_in.encrypted_texts,
        "created_at": check_in.created_at,
        "written_at": check_in.written_at,
        "delete_after": delete_after,
    }


def find_check_in(
    connection: Connection, pledge: str, slug: str, until_before: date
) -> CheckIn | None:
    """Return the check-in of the period that ended on a day."""
    query = select(_check_in).where(
        _is_entry(_check_in, pledge, [slug]),
        _check_in.c.until_before == until_before.isoformat(),
    )
    row = connection.execute(query).first()
    return _to_check_in(row) if row else None


def check_ins(connection: Connection, pledge: str, slugs: Sequence[str]) -> list[CheckIn]:
    """Return an entry's check-ins under all its slugs, the newest first."""
    query = select(_check_in).where(_is_entry(_check_in, pledge, slugs))
    rows = connection.execute(query.order_by(_check_in.c.created_at.desc()))
    return [_to_check_in(row) for row in rows]


def unfinished_check_ins(connection: Connection) -> list[CheckIn]:
    """Return the check-ins whose entry is not known to be written."""
    query = select(_check_in).where(_check_in.c.written_at.is_(None))
    return [_to_check_in(row) for row in connection.execute(query)]


def mark_check_in_written(connection: Connection, check_in_id: str, now: datetime) -> bool:
    """Record that the entry is written; say whether it was not recorded before."""
    statement = update(_check_in).where(
        _check_in.c.id == check_in_id, _check_in.c.written_at.is_(None)
    )
    return connection.execute(statement.values(written_at=now)).rowcount == 1


def link_row(token_hash: str, link: EntryLink, *, now: datetime) -> database.Row:
    """Return the row of a link in a letter."""
    return _link, {
        "token_hash": token_hash,
        "pledge": link.pledge,
        "who": link.slug,
        "purpose": link.purpose,
        "until": link.confirmed_until.isoformat(),
        "expires_at": link.expires_at,
        "created_at": now,
    }


def find_link(connection: Connection, token_hash: str) -> EntryLink | None:
    """Return a link by the hash of its token."""
    row = connection.execute(select(_link).where(_link.c.token_hash == token_hash)).first()
    if row is None:
        return None
    until = date.fromisoformat(row.until)
    return EntryLink(row.pledge, row.who, row.purpose, until, row.expires_at)


def was_reminded(
    connection: Connection, pledge: str, slugs: Sequence[str], confirmed_until: date, kind: str
) -> bool:
    """Say whether a reminder of a kind was made for a period, under any of the entry's slugs."""
    query = select(_reminder.c.kind).where(
        _is_entry(_reminder, pledge, slugs),
        _reminder.c.until == confirmed_until.isoformat(),
        _reminder.c.kind == kind,
    )
    return connection.execute(query).first() is not None


def reminder_row(reminder: Reminder, letter_id: str | None) -> database.Row:
    """Return the row of a reminder; it is unique by entry, period and kind."""
    return _reminder, {
        "pledge": reminder.pledge,
        "who": reminder.slug,
        "until": reminder.confirmed_until.isoformat(),
        "kind": reminder.kind,
        "way": reminder.channel,
        "letter_id": letter_id,
        "created_at": reminder.created_at,
        "posted_at": reminder.posted_at,
    }


def reminders_to_post(connection: Connection) -> list[Reminder]:
    """Return the reminders to be sent by post: without an e-mail address, or undelivered."""
    letter = schema.letter
    has_failed = letter.c.state == "failed"
    query = (
        select(_reminder, letter.c.state.label("letter_state"))
        .outerjoin(letter, letter.c.id == _reminder.c.letter_id)
        .where(_reminder.c.posted_at.is_(None), or_(_reminder.c.way == "post", has_failed))
        .order_by(_reminder.c.created_at, _reminder.c.pledge, _reminder.c.who)
    )
    return [
        Reminder(
            pledge=row.pledge,
            slug=row.who,
            confirmed_until=date.fromisoformat(row.until),
            kind=row.kind,
            channel=row.way,
            letter_failed=row.letter_state == "failed",
            created_at=row.created_at,
            posted_at=row.posted_at,
        )
        for row in connection.execute(query)
    ]


def mark_posted(connection: Connection, pledge: str, slugs: Sequence[str], now: datetime) -> int:
    """Record that an entry's reminders were sent by post; return how many there were."""
    statement = update(_reminder).where(
        _is_entry(_reminder, pledge, slugs), _reminder.c.posted_at.is_(None)
    )
    return connection.execute(statement.values(posted_at=now)).rowcount


def text_change_row(change: TextChange, *, delete_after: datetime) -> database.Row:
    """Return the row of new sentences."""
    return _text_change, {
        "id": change.id,
        "pledge": change.pledge,
        "who": change.slug,
        "state": change.state,
        "sealed": change.encrypted_texts,
        "created_at": change.created_at,
        "delete_after": delete_after,
    }


def find_text_change(connection: Connection, change_id: str) -> TextChange | None:
    """Return a text change by its id."""
    row = connection.execute(select(_text_change).where(_text_change.c.id == change_id)).first()
    return _to_text_change(row) if row else None


def waiting_text_changes(connection: Connection) -> list[TextChange]:
    """Return the text changes that nobody has decided about, the oldest first."""
    query = select(_text_change).where(_text_change.c.state == "waiting")
    rows = connection.execute(query.order_by(_text_change.c.created_at))
    return [_to_text_change(row) for row in rows]


def settle_text_change(
    connection: Connection, change_id: str, state: str, now: datetime, delete_after: datetime
) -> bool:
    """Move a waiting text change into a state; say whether it was waiting."""
    same_id = _text_change.c.id == change_id
    return _settle_waiting(connection, same_id, state, now, delete_after) == 1


def replace_text_changes(
    connection: Connection, pledge: str, slugs: Sequence[str], now: datetime, delete_after: datetime
) -> None:
    """Mark the waiting text changes of an entry as replaced."""
    same_entry = _is_entry(_text_change, pledge, slugs)
    _settle_waiting(connection, same_entry, "replaced", now, delete_after)


def count_waiting(connection: Connection) -> int:
    """Return how much waits for staff: doubts of visitors, and text changes."""
    doubt = schema.doubt
    queries = (
        select(func.count()).where(doubt.c.closed_at.is_(None)),
        select(func.count()).where(_text_change.c.state == "waiting"),
    )
    return sum(connection.execute(query).scalar_one() for query in queries)


def rename_entry(connection: Connection, pledge: str, old_slug: str, new_slug: str) -> None:
    """Move all rows of an entry to its new slug; rows left there by an earlier entry go."""
    for table in _TABLES_BY_ENTRY:
        connection.execute(delete(table).where(_is_entry(table, pledge, [new_slug])))
        own_rows = update(table).where(_is_entry(table, pledge, [old_slug]))
        connection.execute(own_rows.values(who=new_slug))


def erase_due(connection: Connection, now: datetime) -> int:
    """Erase texts whose retention is over, and old links, reminders and visitors' answers.

    Return how many rows were changed or deleted.
    """
    first_month = f"{now - ROWS_RETAINED:%Y-%m}"
    feedback = schema.was_it_true
    updates = [
        update(table)
        .where(table.c.delete_after <= now, table.c.sealed.is_not(None))
        .values(sealed=None)
        for table in (_check_in, _text_change)
    ]
    deletions = (
        delete(_link).where(_link.c.expires_at <= now - LINKS_RETAINED),
        delete(_reminder).where(_reminder.c.created_at <= now - ROWS_RETAINED),
        delete(feedback).where(feedback.c.month < first_month),
    )
    return sum(connection.execute(statement).rowcount for statement in (*updates, *deletions))


def _is_entry(table: Table, pledge: str, slugs: Sequence[str]) -> ColumnElement[bool]:
    return and_(table.c.pledge == pledge, table.c.who.in_(slugs))


def _settle_waiting(
    connection: Connection,
    condition: ColumnElement[bool],
    state: str,
    now: datetime,
    delete_after: datetime,
) -> int:
    statement = update(_text_change).where(_text_change.c.state == "waiting", condition)
    values = {"state": state, "decided_at": now, "delete_after": delete_after}
    return connection.execute(statement.values(values)).rowcount


def _to_check_in(row: Row[Any]) -> CheckIn:
    return CheckIn(
        id=row.id,
        pledge=row.pledge,
        slug=row.who,
        until_before=date.fromisoformat(row.until_before),
        until_after=date.fromisoformat(row.until_after),
        answers=msgspec.json.decode(row.answers, type=dict[str, CommitmentAnswer]),
        by_staff=row.by_staff,
        encrypted_texts=row.sealed,
        created_at=row.created_at,
        written_at=row.written_at,
    )


def _to_text_change(row: Row[Any]) -> TextChange:
    return TextChange(row.id, row.pledge, row.who, row.state, row.sealed, row.created_at)

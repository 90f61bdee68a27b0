"""Reminders: each once, by letter where we have an address, else on the list for the post.

The row that says so comes in one transaction with the letter and its link: after a crash there are
either all three or none. Before anybody is written to, the entry on the disk is asked, for the
catalogue may be a build behind.
"""

from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.signatory_files import EntryGone
from api.context import Context
from api.features.renewals import store
from api.features.renewals.contact import Contact, contact_of
from api.features.renewals.renewal_rules import Kind, due, link_until
from api.features.renewals.store import Link, Reminder
from api.mail import letters, outbox
from api.mail.letters import LetterFault
from api.security import tokens
from api.store import audit
from api.store.database import Row
from api.store.errors import UniqueViolation
from api.store.writer import insert_rows
from catalogue.model.pledge import GRACE, Pledge, Signatory
from catalogue.outputs.formatting import LOCAL, long_date


def send_due(context: Context) -> int:
    """Make the reminders that are due and were not made; return how many there were."""
    return sum(
        _send(signatory, pledge, context)
        for pledge in context.catalogue.pledges
        for signatory in context.catalogue.register(pledge.slug)
        if due(signatory, pledge, context.today)
    )


def link_rows(of: Signatory, purpose: str, until: datetime, context: Context) -> tuple[str, Row]:
    """Return a new link's address, and the row that has it open the promise until then."""
    token = tokens.new_token()
    path = "check-in" if purpose == "check_in" else "manage"
    opens = Link(of.pledge, of.slug, purpose, of.confirmed_until, until)
    row = store.link_row(tokens.token_hash(token), opens, now=context.now)
    return f"{context.settings.base_url}/{path}/{token}", row


def _send(of: Signatory, pledge: Pledge, context: Context) -> bool:
    try:
        fresh = signatory_files.read(context.project, of.pledge, of.slug).signatory
    except EntryGone:
        return False
    kind = due(fresh, pledge, context.today)
    if kind is None:
        return False
    try:
        return bool(context.database.write_now(lambda write: _remind(write, fresh, kind, context)))
    except UniqueViolation:  # another process was quicker
        return False


def _remind(connection: Connection, of: Signatory, kind: Kind, context: Context) -> bool:
    if store.was_reminded(connection, of.pledge, of.names, of.confirmed_until, kind):
        return False
    contact = contact_of(connection, of.pledge, of.slug, context.encryption)
    rows = _letter_rows(of, kind, contact, context) if contact and contact.email else []
    letter_id = str(rows[0][1]["id"]) if rows else None
    reminder = Reminder(
        pledge=of.pledge,
        who=of.slug,
        until=of.confirmed_until,
        kind=kind,
        way="letter" if rows else "post",
        failed=False,
        created_at=context.now,
        posted_at=None,
    )
    about = contact.reference if contact else f"{of.pledge}/{of.slug}"
    line = audit.line(
        "promise.reminded", about, actor=context.actor, at=context.now, kind=kind, way=reminder.way
    )
    insert_rows(connection, [*rows, store.reminder_row(reminder, letter_id), line])
    return True


def _letter_rows(of: Signatory, kind: Kind, contact: Contact, context: Context) -> list[Row]:
    """Return the letter first, then its link; nothing for an address no letter can go to."""
    works_until = link_until(of, context.today)
    ends = datetime.combine(works_until + timedelta(days=1), time(), LOCAL)
    link, row = link_rows(of, "check_in", ends, context)
    pledge = context.catalogue.pledge(of.pledge)
    try:
        written = letters.compose(
            "keeping/remind",
            to=contact.email,
            values={
                "past": kind == "past",
                "again": kind == "second",
                "pledge": pledge.title if pledge else of.pledge,
                "name": of.name,
                "until": long_date(of.confirmed_until),
                "past_from": long_date(of.confirmed_until + GRACE + timedelta(days=1)),
                "works_until": long_date(works_until),
                "link": link,
                "manage": f"{context.settings.base_url}/pledges/manage/",
            },
        )
    except LetterFault:
        return []
    return [
        outbox.letter_row(context.encryption, written, now=context.now, about=contact.reference),
        row,
    ]

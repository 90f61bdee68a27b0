"""The nightly job of the register: finish what a crash interrupted, and send the reminders due.

Each reminder is made once: by e-mail where there is an address, else for the list of letters to
post. Its row is committed together with the letter and the link, so that a crash leaves all three
or none. The entry is read from the disk first, since the catalogue may be one build behind.
"""

import asyncio
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.signatory_files import EntryGone
from api.context import Context
from api.features.renewals import check_in, store
from api.features.renewals.contact import Contact, find_contact
from api.features.renewals.renaming import rename_and_merge
from api.features.renewals.renewal_rules import ReminderKind, link_valid_until, reminder_due
from api.features.renewals.store import EntryLink, LinkPurpose, Reminder
from api.mail.letters import LetterFault
from api.security import tokens
from api.store import audit
from api.store.database import Row
from api.store.errors import UniqueViolation
from api.store.writer import insert_rows
from catalogue.model.pledge import GRACE, Pledge, Signatory
from catalogue.outputs.formatting import LOCAL, long_date

LINK_PATHS: dict[LinkPurpose, str] = {"check_in": "check-in", "manage": "manage"}


async def run_nightly_job(context: Context) -> None:
    """Finish interrupted check-ins, renames and merges, then send the reminders due."""
    context = context.as_actor("reminders")
    finished = await asyncio.to_thread(check_in.finish_interrupted, context)
    finished += await asyncio.to_thread(rename_and_merge.finish_interrupted, context)
    if finished:
        context.rebuild_queue.request()
    if await asyncio.to_thread(send_due, context):
        context.outbox.nudge()


def send_due(context: Context) -> int:
    """Make the reminders that are due and were not made; return how many there were."""
    return sum(
        _send(signatory, pledge, context)
        for pledge in context.catalogue.pledges
        for signatory in context.catalogue.register(pledge.slug)
        if reminder_due(signatory, pledge, context.today)
    )


def skip_due(context: Context) -> int:
    """Note the reminders that are due as made, without a letter; return how many there were.

    For a restored database: they were sent between the backup and today, or somebody rings. The
    next one of the same promise is sent as usual.
    """
    due = [
        (signatory, kind)
        for pledge in context.catalogue.pledges
        for signatory in context.catalogue.register(pledge.slug)
        if (kind := reminder_due(signatory, pledge, context.today))
    ]

    def skip(connection: Connection) -> int:
        skipped = 0
        for signatory, kind in due:
            pledge, until = signatory.pledge, signatory.confirmed_until
            if store.was_reminded(connection, pledge, signatory.names, until, kind):
                continue
            reminder = Reminder(
                pledge=pledge,
                slug=signatory.slug,
                confirmed_until=until,
                kind=kind,
                channel="letter",
                letter_failed=False,
                created_at=context.now,
                posted_at=context.now,
            )
            insert_rows(connection, [store.reminder_row(reminder, None)])
            skipped += 1
        return skipped

    return context.database.write_now(skip)


def new_link(
    signatory: Signatory, purpose: LinkPurpose, expires_at: datetime, context: Context
) -> tuple[str, Row]:
    """Return the URL of a new link to a promise, and the row to insert for it."""
    token = tokens.new_token()
    link = EntryLink(
        pledge=signatory.pledge,
        slug=signatory.slug,
        purpose=purpose,
        confirmed_until=signatory.confirmed_until,
        expires_at=expires_at,
    )
    row = store.link_row(tokens.token_hash(token), link, now=context.now)
    return f"{context.settings.base_url}/{LINK_PATHS[purpose]}/{token}", row


def _send(signatory: Signatory, pledge: Pledge, context: Context) -> bool:
    try:
        entry = signatory_files.read(context.project, signatory.pledge, signatory.slug)
    except EntryGone:
        return False
    kind = reminder_due(entry.signatory, pledge, context.today)
    if kind is None:
        return False
    try:
        return bool(
            context.database.write_now(
                lambda connection: _insert_reminder(connection, entry.signatory, kind, context)
            )
        )
    except UniqueViolation:  # another process made it first
        return False


def _insert_reminder(
    connection: Connection, signatory: Signatory, kind: ReminderKind, context: Context
) -> bool:
    pledge, until = signatory.pledge, signatory.confirmed_until
    if store.was_reminded(connection, pledge, signatory.names, until, kind):
        return False
    contact = find_contact(connection, pledge, signatory.slug, context.encryption)
    rows = _letter_rows(signatory, kind, contact, context) if contact and contact.email else []
    letter_id = str(rows[0][1]["id"]) if rows else None
    reminder = Reminder(
        pledge=pledge,
        slug=signatory.slug,
        confirmed_until=until,
        kind=kind,
        channel="letter" if rows else "post",
        letter_failed=False,
        created_at=context.now,
        posted_at=None,
    )
    line = audit.new_event(
        "promise.reminded",
        contact.reference if contact else f"{pledge}/{signatory.slug}",
        actor=context.actor,
        at=context.now,
        kind=kind,
        way=reminder.channel,
    )
    insert_rows(connection, [*rows, store.reminder_row(reminder, letter_id), line])
    return True


def _letter_rows(
    signatory: Signatory, kind: ReminderKind, contact: Contact, context: Context
) -> list[Row]:
    """Return the letter's row, then its link's; none if no letter can go to the address."""
    valid_until = link_valid_until(signatory, context.today)
    expires_at = datetime.combine(valid_until + timedelta(days=1), time(), LOCAL)
    url, link_row = new_link(signatory, "check_in", expires_at, context)
    pledge = context.catalogue.pledge(signatory.pledge)
    try:
        letter = context.letter_row(
            "keeping/remind",
            to=contact.email,
            values={
                "past": kind == "past",
                "again": kind == "second",
                "pledge": pledge.title if pledge else signatory.pledge,
                "name": signatory.name,
                "until": long_date(signatory.confirmed_until),
                "past_from": long_date(signatory.confirmed_until + GRACE + timedelta(days=1)),
                "works_until": long_date(valid_until),
                "check_in": url,
                "manage": f"{context.settings.base_url}/pledges/manage/",
            },
            about=contact.reference,
        )
    except LetterFault:
        return []
    return [letter, link_row]

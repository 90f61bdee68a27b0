"""A connector's own page: the letters with a link to it, what the link opens, and leaving.

A link works for two years and a little, or until its connector leaves: people carry it in a cab or
keep it behind a bar. The store keeps a digest of its token. The page shows nothing about anybody
else, nor the connector's address.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec
from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.context import Context
from api.errors import LinkExpired
from api.features.connectors import signposts, store
from api.features.connectors.store import Connector
from api.features.pledges import SignUpPersonalData
from api.mail import store as mail_store
from api.security import normalise, tokens
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.model.training import Course
from catalogue.outputs.formatting import LOCAL, long_date

LINK_LIFETIME = timedelta(days=800)
LETTERS_EVERY_SECONDS = 30


class OwnRecord(msgspec.Struct, frozen=True):
    """A connector, their course, and how often they pointed somebody on.

    `refresh_on` is the day from which the course should be taken again, None before it was taken.
    """

    connector: Connector
    course: Course
    refresh_on: date | None
    this_month: int
    this_year: int


def connector_pledges(context: Context) -> list[str]:
    """Return the pledges whose signatories are connectors: those with a course."""
    return [course.pledge for course in context.catalogue.courses]


def course_of(context: Context, connector: Connector) -> Course:
    """Return the course somebody takes. Raises LinkExpired where there is none any more."""
    for course in context.catalogue.courses:
        if course.pledge == connector.pledge:
            return course
    raise LinkExpired


def refresh_on(connector: Connector, course: Course) -> date | None:
    """Return the day from which the course should be taken again; None before it was taken."""
    months = relativedelta(months=course.refresh_months)
    return connector.completed_on + months if connector.completed_on else None


async def open_link(token: str, context: Context) -> OwnRecord:
    """Return what a link opens, and change nothing. Raises LinkExpired."""

    def read(connection: Connection) -> OwnRecord:
        connector = _find_by_link(connection, token, context.now)
        month, year = signposts.count_month_and_year(connection, context.now, connector.id)
        course = course_of(context, connector)
        return OwnRecord(connector, course, refresh_on(connector, course), month, year)

    return await context.database.read(read)


async def complete_course(token: str, context: Context) -> None:
    """Note that whoever has the link completed the course today. Raises LinkExpired."""

    def write(connection: Connection) -> None:
        connector = _find_by_link(connection, token, context.now)
        if store.record_completion(connection, connector.id, context.today, "self"):
            event = _audit_event("course_completed", connector, "visitor", context.now)
            insert_rows(connection, [event])

    await context.database.write(write)


async def leave(token: str, context: Context) -> None:
    """End somebody's time as a connector, and write to the team. Raises LinkExpired.

    The team takes the promise off the register.
    """

    def write(connection: Connection) -> None:
        connector = _find_by_link(connection, token, context.now)
        reference = connector.reference
        store.record_leaving(connection, connector.id, context.now)
        letter = context.letter_row(
            "connectors/left",
            to=context.settings.staff_mail,
            values={
                "reference": reference,
                "link_to_staff": f"{context.settings.base_url}/staff/sign-ups/{reference}",
            },
            about=reference,
        )
        event = _audit_event("left", connector, "visitor", context.now)
        insert_rows(connection, [event, letter])

    await context.database.write(write)


async def send_link(contact_email: str, context: Context) -> None:
    """Write to whoever is a connector with this address. The caller does not learn who is one."""
    lookups = normalise.lookups(context.encryption, contact_email)

    def welcome_and_find(connection: Connection) -> list[Connector]:
        welcome(connection, context)
        connectors = store.find_by_contact(connection, lookups)
        for connector in connectors:  # who asks for their page knows that they are published
            mail_store.release(connection, connector.reference, context.now)
        return connectors

    published = await context.database.write(welcome_and_find)
    # Those who were welcomed just now have a letter already.
    connectors = [connector for connector in published if connector.created_at < context.now]
    if connectors and context.may_write_to(normalise.mailbox(contact_email)):
        rows = [row for connector in connectors for row in _letter_rows("link", connector, context)]
        events = [
            _audit_event("link_sent", connector, "visitor", context.now) for connector in connectors
        ]
        await context.database.insert([*rows, *events])


async def write_letters(context: Context) -> int:
    """Welcome those newly published, remind those whose course is due, and return how many.

    It reads who waits from the store each time, so that a crash between two steps loses nobody. A
    store where nobody waits is not written to.
    """
    context = context.at_present()
    if not await context.database.read(lambda connection: _letters_are_due(connection, context)):
        return 0
    count = await context.database.write(
        lambda connection: welcome(connection, context) + remind(connection, context)
    )
    context.outbox.nudge()
    return count


def welcome(connection: Connection, context: Context) -> int:
    """Make connectors of those whose promise was published, with a letter each; say how many."""
    added = [
        connector
        for sign_up_id in store.sign_ups_to_welcome(connection, connector_pledges(context))
        if (connector := store.add_connector(connection, sign_up_id, context.now))
    ]
    for connector in added:
        event = _audit_event("welcomed", connector, "service", context.now)
        insert_rows(connection, [*_letter_rows("welcome", connector, context), event])
    return len(added)


def remind(connection: Connection, context: Context) -> int:
    """Write once to those whose course is to be taken again; say to how many."""
    count = 0
    for course, connector in [*_to_remind(connection, context)]:
        count += store.record_reminder(connection, connector.id, context.now)
        rows = _letter_rows("refresh", connector, context, months=course.refresh_months)
        event = _audit_event("reminded", connector, "service", context.now)
        insert_rows(connection, [*rows, event])
    return count


def _letters_are_due(connection: Connection, context: Context) -> bool:
    return bool(
        store.sign_ups_to_welcome(connection, connector_pledges(context))
        or [*_to_remind(connection, context)]
    )


def _to_remind(connection: Connection, context: Context) -> Iterator[tuple[Course, Connector]]:
    for course in context.catalogue.courses:
        before = context.today - relativedelta(months=course.refresh_months)
        for connector in store.connectors_to_remind(connection, course.pledge, before):
            yield course, connector


def _find_by_link(connection: Connection, token: str, now: datetime) -> Connector:
    connector = store.find_by_link(connection, token, now)
    if connector is None:
        raise LinkExpired
    return connector


def _letter_rows(kind: str, connector: Connector, context: Context, **more: object) -> list[Row]:
    """Return a letter with a link of its own; nothing for somebody who gave no address."""
    private = (
        context.encryption.decrypt_as(connector.sign_up_id, connector.sealed, SignUpPersonalData)
        if connector.sealed
        else None
    )
    if private is None or not private.contact_email:
        return []
    token, expires_at = tokens.new_token(), context.now + LINK_LIFETIME
    values = {
        "name": connector.public_name,
        "own_page": f"{context.settings.base_url}/connectors/me/{token}",
        "ask": f"{context.settings.base_url}/connectors/me",
        "until": long_date(expires_at.astimezone(LOCAL).date()),
        **more,
    }
    letter = context.letter_row(
        f"connectors/{kind}",
        to=private.contact_email,
        values=values,
        about=connector.reference,
    )
    return [
        letter,
        store.link_row(connector.id, token, now=context.now, expires_at=expires_at),
    ]


def _audit_event(action: str, connector: Connector, actor: str, at: datetime) -> Row:
    return audit.new_event(f"connector.{action}", connector.reference, actor=actor, at=at)

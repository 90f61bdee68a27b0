"""A connector's own page: welcomed to it by letter, opened by a link, and left by a press.

A link works until one leaves, for it lies in a cab or behind a bar: two years and a little. Of its
token the store keeps a digest. The page shows nothing about anybody, the connector's address least.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec
from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.context import Context
from api.errors import LinkExpired
from api.features.connectors import point, store
from api.features.connectors.store import Connector
from api.features.pledges import Private
from api.mail import letters, outbox
from api.security import normalise, tokens
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.model.training import Course
from catalogue.outputs.formatting import LOCAL, long_date

LINK_WORKS = timedelta(days=800)


def connector_pledges(context: Context) -> list[str]:
    """Return the pledges whose signatories are connectors: those with a course."""
    return [course.pledge for course in context.catalogue.courses]


def course_of(context: Context, connector: Connector) -> Course:
    """Return the course somebody takes. Raises LinkExpired where there is none any more."""
    for course in context.catalogue.courses:
        if course.pledge == connector.pledge:
            return course
    raise LinkExpired


class Own(msgspec.Struct, frozen=True):
    """What a connector's own page tells: their course, and how often they pointed somebody on."""

    connector: Connector
    course: Course
    refresh_on: date | None
    this_month: int
    this_year: int


async def look(token: str, context: Context) -> Own:
    """Return what a link opens, and change nothing. Raises LinkExpired."""

    def looking(connection: Connection) -> Own:
        found = _open(connection, token, context.now)
        month, year = point.told(connection, context.now, found.id)
        course = course_of(context, found)
        return Own(found, course, refresh_on(found, course), month, year)

    return await context.database.read(looking)


def refresh_on(of: Connector, course: Course) -> date | None:
    """Return the day from which the course should be taken again; None before it was taken."""
    months = relativedelta(months=course.refresh_months)
    return of.completed_on + months if of.completed_on else None


async def complete(token: str, context: Context) -> None:
    """Note that whoever has the link completed the course today. Raises LinkExpired."""

    def act(connection: Connection) -> None:
        found = _open(connection, token, context.now)
        if store.complete(connection, found.id, context.today, "self"):
            insert_rows(connection, [_line("course_completed", found, "visitor", context.now)])

    await context.database.write(act)


async def leave(token: str, context: Context) -> None:
    """Let them go, and tell the team, who take the promise off the register. Raises LinkExpired."""

    def act(connection: Connection) -> None:
        found = _open(connection, token, context.now)
        store.leave(connection, found.id, context.now)
        told = letters.compose(
            "connectors/left",
            to=context.settings.staff_mail,
            values={"reference": found.reference},
        )
        row = outbox.queued(context.encryption, told, now=context.now, about=found.reference)
        insert_rows(connection, [_line("left", found, "visitor", context.now), row])

    await context.database.write(act)


async def send_link(contact_email: str, context: Context) -> None:
    """Write to whoever is a connector with this address. Nothing tells the caller who is."""
    await context.database.write(lambda connection: welcome(connection, context))
    lookups = normalise.lookups(context.encryption, contact_email)
    found = await context.database.read(lambda looking: store.of_contact(looking, lookups))
    known = [
        one for one in found if one.created_at < context.now
    ]  # the others have a letter already
    if known and context.may_write_to(normalise.mailbox(contact_email)):
        rows = [row for one in known for row in _link_rows("link", one, context)]
        lines = [_line("link_sent", one, "visitor", context.now) for one in known]
        await context.database.insert([*rows, *lines])


def welcome(connection: Connection, context: Context) -> int:
    """Make connectors of those whose promise was published, with a letter each; say how many."""
    added = [
        one
        for sign_up_id in store.to_welcome(connection, connector_pledges(context))
        if (one := store.add(connection, sign_up_id, context.now))
    ]
    for one in added:
        line = _line("welcomed", one, "service", context.now)
        insert_rows(connection, [*_link_rows("welcome", one, context), line])
    return len(added)


def remind(connection: Connection, context: Context) -> int:
    """Write once to those whose course is to be taken again; say to how many."""
    many = 0
    for course, one in [*_to_remind(connection, context)]:
        many += store.remind(connection, one.id, context.now)
        rows = _link_rows("refresh", one, context, months=course.refresh_months)
        insert_rows(connection, [*rows, _line("reminded", one, "service", context.now)])
    return many


def somebody_waits(connection: Connection, context: Context) -> bool:
    """Say whether anybody is to be welcomed or reminded."""
    return bool(
        store.to_welcome(connection, connector_pledges(context))
        or [*_to_remind(connection, context)]
    )


def _to_remind(connection: Connection, context: Context) -> Iterator[tuple[Course, Connector]]:
    for course in context.catalogue.courses:
        before = context.today - relativedelta(months=course.refresh_months)
        for one in store.to_remind(connection, course.pledge, before):
            yield course, one


def _open(connection: Connection, token: str, now: datetime) -> Connector:
    found = store.linked(connection, token, now)
    if found is None:
        raise LinkExpired
    return found


def _link_rows(kind: str, of: Connector, context: Context, **more: object) -> list[Row]:
    """Return a letter with a link of its own; nothing for somebody who gave no address."""
    private = (
        context.encryption.decrypt_as(of.sign_up_id, of.sealed or b"", Private)
        if of.sealed
        else None
    )
    if private is None or not private.contact_email:
        return []
    token, until = tokens.new_token(), context.now + LINK_WORKS
    values = {
        "name": of.public_name,
        "link": f"{context.settings.base_url}/connectors/me/{token}",
        "ask": f"{context.settings.base_url}/connectors/me",
        "until": long_date(until.astimezone(LOCAL).date()),
        **more,
    }
    written = letters.compose(f"connectors/{kind}", to=private.contact_email, values=values)
    return [
        outbox.queued(context.encryption, written, now=context.now, about=of.reference),
        store.link_row(of.id, token, now=context.now, until=until),
    ]


def _line(done: str, of: Connector, actor: str, at: datetime) -> Row:
    return audit.line(f"connector.{done}", of.reference, actor=actor, at=at)

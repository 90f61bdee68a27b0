"""A connector's own page: welcomed to it by letter, opened by a link, and left by a press.

A link works until one leaves, for it lies in a cab or behind a bar: two years and a little. Of its
token the store keeps a digest. The page shows nothing about anybody, the connector's address least.
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import msgspec
from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.errors import Expired
from api.features.connectors import point, store
from api.features.connectors.store import Connector
from api.features.pledges.store import Private
from api.mail import letters, outbox
from api.security import mailbox, tokens
from api.security.encryption import Vault
from api.settings import Settings
from api.store import audit
from api.store.database import Database, Row
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.training import Course
from catalogue.outputs.formatting import LOCAL, long_date

LINK_WORKS = timedelta(days=800)


class LinkExpired(Expired):
    """Too old, cut short, of somebody who left, or invented: one answer for all."""

    sentence = gettext_noop("This link no longer works.")


class Means(msgspec.Struct, frozen=True):
    """What connectors are worked with, at one moment. `may_write` counts letters to an address."""

    database: Database
    vault: Vault
    settings: Settings
    catalogue: Catalogue
    may_write: Callable[[str], bool]
    now: datetime

    @property
    def pledges(self) -> list[str]:
        """The pledges whose signatories are connectors: those with a course."""
        return [course.pledge for course in self.catalogue.courses]

    @property
    def today(self) -> date:
        """Return the day in London."""
        return self.now.astimezone(LOCAL).date()

    def course(self, of: Connector) -> Course:
        """Return the course somebody takes. Raises LinkExpired where there is none any more."""
        found = next((one for one in self.catalogue.courses if one.pledge == of.pledge), None)
        if found is None:
            raise LinkExpired
        return found


class Own(msgspec.Struct, frozen=True):
    """What a connector's own page tells: their course, and how often they pointed somebody on."""

    connector: Connector
    course: Course
    refresh_on: date | None
    this_month: int
    this_year: int


async def look(token: str, means: Means) -> Own:
    """Return what a link opens, and change nothing. Raises LinkExpired."""

    def looking(connection: Connection) -> Own:
        found = _open(connection, token, means.now)
        month, year = point.told(connection, means.now, found.id)
        course = means.course(found)
        return Own(found, course, refresh_on(found, course), month, year)

    return await means.database.read(looking)


def refresh_on(of: Connector, course: Course) -> date | None:
    """Return the day from which the course should be taken again; None before it was taken."""
    months = relativedelta(months=course.refresh_months)
    return of.completed_on + months if of.completed_on else None


async def complete(token: str, means: Means) -> None:
    """Note that whoever has the link completed the course today. Raises LinkExpired."""

    def act(connection: Connection) -> None:
        found = _open(connection, token, means.now)
        if store.complete(connection, found.id, means.today, "self"):
            insert_rows(connection, [_line("course_completed", found, "visitor", means.now)])

    await means.database.write(act)


async def leave(token: str, means: Means) -> None:
    """Let them go, and tell the team, who take the promise off the register. Raises LinkExpired."""

    def act(connection: Connection) -> None:
        found = _open(connection, token, means.now)
        store.leave(connection, found.id, means.now)
        told = letters.compose(
            "connectors/left",
            to=means.settings.staff_mail,
            context={"reference": found.reference},
        )
        row = outbox.queued(means.vault, told, now=means.now, about=found.reference)
        insert_rows(connection, [_line("left", found, "visitor", means.now), row])

    await means.database.write(act)


async def send_link(contact_email: str, means: Means) -> None:
    """Write to whoever is a connector with this address. Nothing tells the caller who is."""
    await means.database.write(lambda connection: welcome(connection, means))
    lookups = mailbox.lookups(means.vault, contact_email)
    found = await means.database.read(lambda looking: store.of_contact(looking, lookups))
    known = [one for one in found if one.created_at < means.now]  # the others have a letter already
    if known and means.may_write(mailbox.mailbox(contact_email)):
        rows = [row for one in known for row in _link_rows("link", one, means)]
        lines = [_line("link_sent", one, "visitor", means.now) for one in known]
        await means.database.insert([*rows, *lines])


def welcome(connection: Connection, means: Means) -> int:
    """Make connectors of those whose promise was published, with a letter each; say how many."""
    added = [
        one
        for sign_up_id in store.to_welcome(connection, means.pledges)
        if (one := store.add(connection, sign_up_id, means.now))
    ]
    for one in added:
        line = _line("welcomed", one, "service", means.now)
        insert_rows(connection, [*_link_rows("welcome", one, means), line])
    return len(added)


def remind(connection: Connection, means: Means) -> int:
    """Write once to those whose course is to be taken again; say to how many."""
    many = 0
    for course, one in [*_to_remind(connection, means)]:
        many += store.remind(connection, one.id, means.now)
        rows = _link_rows("refresh", one, means, months=course.refresh_months)
        insert_rows(connection, [*rows, _line("reminded", one, "service", means.now)])
    return many


def somebody_waits(connection: Connection, means: Means) -> bool:
    """Say whether anybody is to be welcomed or reminded."""
    return bool(store.to_welcome(connection, means.pledges) or [*_to_remind(connection, means)])


def _to_remind(connection: Connection, means: Means) -> Iterator[tuple[Course, Connector]]:
    for course in means.catalogue.courses:
        before = means.today - relativedelta(months=course.refresh_months)
        for one in store.to_remind(connection, course.pledge, before):
            yield course, one


def _open(connection: Connection, token: str, now: datetime) -> Connector:
    found = store.linked(connection, token, now)
    if found is None:
        raise LinkExpired
    return found


def _link_rows(kind: str, of: Connector, means: Means, **more: object) -> list[Row]:
    """Return a letter with a link of its own; nothing for somebody who gave no address."""
    private = means.vault.open_as(of.sign_up_id, of.sealed or b"", Private) if of.sealed else None
    if private is None or not private.contact_email:
        return []
    token, until = tokens.new_token(), means.now + LINK_WORKS
    context = {
        "name": of.public_name,
        "link": f"{means.settings.base_url}/connectors/me/{token}",
        "ask": f"{means.settings.base_url}/connectors/me",
        "until": long_date(until.astimezone(LOCAL).date()),
        **more,
    }
    written = letters.compose(f"connectors/{kind}", to=private.contact_email, context=context)
    return [
        outbox.queued(means.vault, written, now=means.now, about=of.reference),
        store.link_row(of.id, token, now=means.now, until=until),
    ]


def _line(done: str, of: Connector, actor: str, at: datetime) -> Row:
    return audit.line(f"connector.{done}", of.reference, actor=actor, at=at)

"""A trainer's list, from paper: who sat in the course, by reference or by name, on which day.

A name is held against what was signed; where none or several fit, staff are told, and nothing is
guessed. Entering the same list again changes nothing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import FieldFault, Invalid
from api.features.connectors import self_service, store
from api.features.connectors.self_service import connector_pledges
from api.features.connectors.store import Connector
from api.features.pledges import Private
from api.security import references
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _

LINES_AT_MOST = 200
LINE_CHARACTERS = 200
FIRST_DAY = date(2000, 1, 1)

Outcome = Literal["noted", "known", "several", "nobody"]


class Line(msgspec.Struct, frozen=True):
    """What became of one line; `as_` is how the connector stands in public."""

    said: str
    outcome: Outcome
    as_: str = ""


def read(names: str, day: str, today: date) -> tuple[list[str], date]:
    """Return the lines of a list and its day. Raises Invalid with what is wrong."""
    lines = [" ".join(line.split()) for line in names.splitlines() if line.strip()]
    faults = [*_of_lines(lines), *_of_day(day, today)]
    if faults:
        raise Invalid(*faults)
    return lines, date.fromisoformat(day)


def note(
    connection: Connection, lines: list[str], on: date, context: Context, actor: str
) -> list[Line]:
    """Note the course as completed on a day for everybody who was found, in one transaction."""
    self_service.welcome(connection, context)
    standing = [one for one in store.listed(connection, connector_pledges(context)) if _stands(one)]
    names = [(one, _names(one, context)) for one in standing]
    return [_noted(connection, line, names, on, context, actor) for line in lines]


def _noted(
    connection: Connection,
    said: str,
    names: list[tuple[Connector, set[str]]],
    on: date,
    context: Context,
    actor: str,
) -> Line:
    key = _key(said)
    found = [one for one, known in names if key in known]
    if len(found) != 1:
        return Line(said, "several" if found else "nobody")
    one = found[0]
    if not store.complete(connection, one.id, on, "trainer"):
        return Line(said, "known", one.public_name)
    line = audit.line(
        "connector.course_completed", one.reference, actor=actor, at=context.now, by="trainer"
    )
    insert_rows(connection, [line])
    return Line(said, "noted", one.public_name)


def _stands(one: Connector) -> bool:
    return one.left_at is None and one.state == "published"


def _names(one: Connector, context: Context) -> set[str]:
    """Return all that a trainer may have written down for somebody."""
    private = (
        context.encryption.decrypt_as(one.sign_up_id, one.sealed, Private) if one.sealed else None
    )
    names = (private.name, private.signer_name) if private else ()
    return {_key(name) for name in (*names, one.public_name, one.reference) if name.strip()}


def _key(said: str) -> str:
    """Return a reference in its one writing, or a name in small letters and single spaces."""
    try:
        return references.parse(said, "P")
    except references.ReferenceFault:
        return " ".join(said.casefold().split())


def _of_lines(lines: list[str]) -> Iterator[FieldFault]:
    if not lines:
        yield FieldFault("names", _("Write at least one reference or name."))
    if len(lines) > LINES_AT_MOST or any(len(line) > LINE_CHARACTERS for line in lines):
        message = _("Write one person a line, at most %(most)s at once.", most=LINES_AT_MOST)
        yield FieldFault("names", message)


def _of_day(day: str, today: date) -> Iterator[FieldFault]:
    try:
        read_day = date.fromisoformat(day)
    except ValueError:
        yield FieldFault("day", _("Write the day of the course."))
        return
    if not FIRST_DAY <= read_day <= today:
        yield FieldFault("day", _("The course cannot have been on that day."))

"""A trainer's list, from paper: who sat in the course, by reference or by name, on which day.

A name is compared with what was signed; where no connector or several fit, staff see so, and
nothing is guessed. Entering the same list again changes nothing.
"""

from collections.abc import Iterator
from datetime import date
from typing import Literal

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import FieldFault, Invalid
from api.features.connectors import self_service, store
from api.features.connectors.store import Connector
from api.features.pledges import SignUpPersonalData
from api.security import references
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _

MAX_LINES = 200
LINE_CHARACTERS = 200
FIRST_DAY = date(2000, 1, 1)

Outcome = Literal["noted", "known", "several", "nobody"]


class AttendanceResult(msgspec.Struct, frozen=True):
    """What became of one line; `public_name` is empty where it fits no connector or several."""

    line: str
    outcome: Outcome
    public_name: str = ""


def parse_list(names: str, day: str, today: date) -> tuple[list[str], date]:
    """Return the lines of a list and its day. Raises Invalid with what is wrong."""
    lines = [" ".join(line.split()) for line in names.splitlines() if line.strip()]
    faults = [*_line_faults(lines), *_day_faults(day, today)]
    if faults:
        raise Invalid(*faults)
    return lines, date.fromisoformat(day)


def record_attendance(
    connection: Connection, lines: list[str], attended_on: date, context: Context, actor: str
) -> list[AttendanceResult]:
    """Note the course as completed on a day for everybody who was found, in one transaction."""
    self_service.welcome(connection, context)
    connectors = store.list_connectors(connection, self_service.connector_pledges(context))
    keys = [
        (connector, _name_keys(connector, context))
        for connector in connectors
        if _is_active(connector)
    ]
    return [_record_line(connection, line, keys, attended_on, context, actor) for line in lines]


def _record_line(
    connection: Connection,
    line: str,
    keys: list[tuple[Connector, set[str]]],
    attended_on: date,
    context: Context,
    actor: str,
) -> AttendanceResult:
    key = _name_key(line)
    matches = [connector for connector, line_keys in keys if key in line_keys]
    if len(matches) != 1:
        return AttendanceResult(line, "several" if matches else "nobody")
    connector = matches[0]
    if not store.record_completion(connection, connector.id, attended_on, "trainer"):
        return AttendanceResult(line, "known", connector.public_name)
    event = audit.new_event(
        "connector.course_completed",
        connector.reference,
        actor=actor,
        at=context.now,
        by="trainer",
    )
    insert_rows(connection, [event])
    return AttendanceResult(line, "noted", connector.public_name)


def _is_active(connector: Connector) -> bool:
    return connector.left_at is None and connector.state == "published"


def _name_keys(connector: Connector, context: Context) -> set[str]:
    """Return the keys of all that a trainer may have written down for somebody."""
    private = (
        context.encryption.decrypt_as(connector.sign_up_id, connector.sealed, SignUpPersonalData)
        if connector.sealed
        else None
    )
    private_names = (private.name, private.signer_name) if private else ()
    names = (*private_names, connector.public_name, connector.reference)
    return {_name_key(name) for name in names if name.strip()}


def _name_key(text: str) -> str:
    """Return a reference in its one spelling, or a name in small letters and single spaces."""
    try:
        return references.parse(text, "P")
    except references.ReferenceFault:
        return " ".join(text.casefold().split())


def _line_faults(lines: list[str]) -> Iterator[FieldFault]:
    if not lines:
        yield FieldFault("names", _("Write at least one reference or name."))
    if len(lines) > MAX_LINES or any(len(line) > LINE_CHARACTERS for line in lines):
        message = _(
            "Write each person on a line of their own, at most %(most)s at once.", most=MAX_LINES
        )
        yield FieldFault("names", message)


def _day_faults(day: str, today: date) -> Iterator[FieldFault]:
    try:
        attended_on = date.fromisoformat(day)
    except ValueError:
        yield FieldFault("day", _("Write the day of the course."))
        return
    if not FIRST_DAY <= attended_on <= today:
        yield FieldFault("day", _("The course cannot have been on that day."))

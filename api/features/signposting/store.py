"""SQL of signposting requests: what is personal in one encrypted blob, the rest in clear."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, select, update

from api.store import database, schema
from catalogue.model.personal_data import kept_for

RETENTION = kept_for("request")
"""How long the personal half of a request is kept, from the day it was closed (`retention.py`)."""

OPEN = ("received", "assigned", "answered")

_request = schema.signposting_request


class PersonalDetails(msgspec.Struct, frozen=True):
    """All that is personal in a request. `place` and `other_needs` are as typed."""

    name: str
    reach_by: str
    reach_at: str
    safe_when: str
    leave_message: str
    consent: bool
    place: str
    other_needs: tuple[str, ...]
    matters: str
    activity: str
    trapped: bool = False
    """Whether the honeypot was filled in. A request for help is kept even so."""


class RequestSummary(msgspec.Struct, frozen=True):
    """A request as a list shows it: nothing personal."""

    id: str
    reference: str
    state: str
    who_asks: str
    place: str | None
    needs: tuple[str, ...]
    created_at: datetime
    outcome: str | None


def request_row(
    request_id: str,
    reference: str,
    *,
    who_asks: str,
    area: str | None,
    needs: Sequence[str],
    sealed: bytes,
    contact_lookup: str | None,
    now: datetime,
) -> database.Row:
    """Return the row of a new request."""
    return _request, {
        "id": request_id,
        "reference": reference,
        "state": "received",
        "who_asks": who_asks,
        "place": area,
        "needs": tuple(needs),
        "sealed": sealed,
        "contact_lookup": contact_lookup,
        "created_at": now,
        "delete_after": None,  # counted from the day it is closed
    }


def received_at(connection: Connection, reference: str) -> datetime | None:
    """Return when a request was received; None where there is none."""
    query = select(_request.c.created_at).where(_request.c.reference == reference)
    return connection.execute(query).scalar()


def change_reach(
    connection: Connection, request_id: str, *, sealed: bytes, contact_lookup: str | None
) -> bool:
    """Replace what is personal in a request nobody has taken up; say whether that was done."""
    changed = (
        update(_request)
        .where(_request.c.id == request_id, _request.c.state == "received")
        .values(sealed=sealed, contact_lookup=contact_lookup)
    )
    return connection.execute(changed).rowcount == 1


def list_requests(connection: Connection, *, include_closed: bool = False) -> list[RequestSummary]:
    """Return the open requests, or all of them, the oldest first."""
    query = select(_request).order_by(_request.c.created_at)
    if not include_closed:
        query = query.where(_request.c.state.in_(OPEN))
    return [_summary(row) for row in connection.execute(query)]


def find_request(
    connection: Connection, reference: str
) -> tuple[RequestSummary, bytes | None] | None:
    """Return one request and its encrypted part, which is None once that was deleted."""
    row = connection.execute(select(_request).where(_request.c.reference == reference)).first()
    return (_summary(row), row.sealed) if row else None


def find_same_contact(
    connection: Connection, reference: str, contact_lookups: Sequence[str]
) -> list[str]:
    """Return the references of other requests that gave the same number or address."""
    statement = (
        select(_request.c.reference)
        .where(_request.c.contact_lookup.in_(contact_lookups))
        .where(_request.c.reference != reference)
        .order_by(_request.c.created_at)
    )
    return [*connection.execute(statement).scalars()]


def close_request(
    connection: Connection, reference: str, *, state: str, outcome: str, now: datetime
) -> bool:
    """Close an open request; say whether it was open."""
    closed = (
        update(_request)
        .where(_request.c.reference == reference, _request.c.state.in_(OPEN))
        .values(state=state, outcome=outcome, closed_at=now, delete_after=now + RETENTION)
    )
    return connection.execute(closed).rowcount == 1


def _summary(row: Row[Any]) -> RequestSummary:
    return RequestSummary(
        row.id,
        row.reference,
        row.state,
        row.who_asks,
        row.place,
        row.needs,
        row.created_at,
        row.outcome,
    )

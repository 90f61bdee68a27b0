"""Jobs that invalidate many sign-ups, and each sign-up they take in turn, as they are kept."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, Row, func, select, update

from api.features.pledges import store
from api.features.pledges.bulk.conditions import Conditions
from api.features.pledges.store import SignUp
from api.store import database, schema

AT_A_TIME = 1_000
"""Sign-ups that are read at once while they are matched."""
AT_WORK = ("running", "undoing")
SHOWN = 10
"""Jobs on the list."""

_job = schema.invalidation
_member = schema.invalidation_member
_sign_up = schema.sign_up


class BulkRequest(msgspec.Struct, frozen=True):
    """What is sealed of a job: which sign-ups were meant, and a remark for colleagues."""

    conditions: Conditions
    words: str


class Job(msgspec.Struct, frozen=True):
    """A job. The codes say why: of those refused, and of those taken off the register."""

    id: str
    state: str
    refused_why: str
    removed_why: str
    sealed: bytes
    actor: str
    created_at: datetime
    ended_at: datetime | None = None
    undone_by: str = ""

    @property
    def is_active(self) -> bool:
        """Say whether there are batches to come."""
        return self.state in AT_WORK


class Match(msgspec.Struct, frozen=True):
    """One sign-up that is meant, and what it was when it was counted."""

    id: str
    stage: str
    pledge: str


class Member(msgspec.Struct, frozen=True):
    """A sign-up in a job. `stage` is what it was when it was counted."""

    sign_up: SignUp
    stage: str
    decision_id: str


def candidates(
    connection: Connection, conditions: Conditions, at: datetime, source_lookup: str | None
) -> Iterator[SignUp]:
    """Yield the sign-ups until a moment for which all holds that can be asked in the clear.

    They come the oldest first. `source_lookup` stands for `conditions.like`; None is any.
    """
    columns = _sign_up.c
    query = select(_sign_up).where(columns.created_at <= at, columns.state.in_(conditions.states))
    if conditions.pledge:
        query = query.where(columns.pledge == conditions.pledge)
    if conditions.received_from:
        query = query.where(columns.created_at >= conditions.received_from)
    if conditions.received_before:
        query = query.where(columns.created_at < conditions.received_before)
    if conditions.held_why:
        query = query.where(columns.held_why == conditions.held_why)
    if source_lookup is not None:
        query = query.where(columns.source_lookup == source_lookup)
    ordered = query.order_by(columns.created_at, columns.id)
    for row in connection.execute(ordered.execution_options(yield_per=AT_A_TIME)):
        yield store.sign_up_from_row(row)


def source_lookup(connection: Connection, reference: str) -> str | None:
    """Return what stands for the connection a sign-up came by; None once it is forgotten."""
    query = select(_sign_up.c.source_lookup).where(_sign_up.c.reference == reference)
    return connection.execute(query).scalar()


def rows(new: Job, matches: Sequence[Match]) -> list[database.Row]:
    """Return the rows of a job that is to begin. A unique column refuses a second one at work."""
    job = {
        "id": new.id,
        "state": "running",
        "turn": 1,
        "refused_why": new.refused_why or None,
        "removed_why": new.removed_why or None,
        "sealed": new.sealed,
        "actor": new.actor,
        "created_at": new.created_at,
    }
    members = (
        {
            "invalidation_id": new.id,
            "sign_up_id": match.id,
            "stage": match.stage,
            "state": "waiting",
        }
        for match in matches
    )
    return [(_job, job), *((_member, member) for member in members)]


def find(connection: Connection, job_id: str, *, alone: bool = False) -> Job | None:
    """Return one job; `alone` keeps every other process off it until this transaction ends."""
    query = select(_job).where(_job.c.id == job_id)
    row = connection.execute(query.with_for_update() if alone else query).first()
    return _read(row) if row else None


def find_active(connection: Connection) -> Job | None:
    """Return the job that has batches to come, if there is one."""
    row = connection.execute(select(_job).where(_job.c.state.in_(AT_WORK))).first()
    return _read(row) if row else None


def latest(connection: Connection) -> list[Job]:
    """Return the latest jobs, the newest first."""
    query = select(_job).order_by(_job.c.created_at.desc(), _job.c.id).limit(SHOWN)
    return [_read(row) for row in connection.execute(query)]


def counts(connection: Connection, job_id: str) -> dict[str, int]:
    """Count a job's sign-ups by what became of them."""
    query = select(_member.c.state, func.count()).where(_member.c.invalidation_id == job_id)
    return {row[0]: row[1] for row in connection.execute(query.group_by(_member.c.state))}


def members(
    connection: Connection, job_id: str, state: str, most: int, *, alone: bool = False
) -> list[Member]:
    """Return some of a job's sign-ups in a state; `alone` keeps other processes off them."""
    query = (
        select(_sign_up, _member.c.stage, _member.c.decision_id)
        .join(_member, _member.c.sign_up_id == _sign_up.c.id)
        .where(_member.c.invalidation_id == job_id, _member.c.state == state)
        .order_by(_member.c.sign_up_id)
        .limit(most)
    )
    if alone:
        query = query.with_for_update(of=_sign_up)
    return [
        Member(store.sign_up_from_row(row), row.stage, row.decision_id or "")
        for row in connection.execute(query)
    ]


def mark_member(
    connection: Connection, job_id: str, sign_up_id: str, state: str, **more: object
) -> None:
    """Note what became of one sign-up."""
    one_member = (_member.c.invalidation_id == job_id, _member.c.sign_up_id == sign_up_id)
    connection.execute(update(_member).where(*one_member).values(state=state, **more))


def retry_busy(connection: Connection, job_id: str) -> None:
    """Let an undoing begun anew try what somebody was reading at the last one."""
    busy_members = (_member.c.invalidation_id == job_id, _member.c.state == "busy")
    connection.execute(update(_member).where(*busy_members).values(state="done"))


def change(connection: Connection, job_id: str, state: str, **more: object) -> None:
    """Move a job into a state; it has the turn as long as it is at work."""
    slot = 1 if state in AT_WORK else None
    moved = update(_job).where(_job.c.id == job_id).values(state=state, turn=slot, **more)
    connection.execute(moved)


def place_taken(connection: Connection, of: SignUp, contact_lookups: Sequence[str]) -> bool:
    """Say whether another one stands by now where a sign-up stood."""
    key = select(_sign_up.c.canonical_key).where(_sign_up.c.id == of.id).scalar_subquery()
    other = select(_sign_up.c.id).where(
        _sign_up.c.pledge == of.pledge,
        _sign_up.c.version == str(of.version),
        _sign_up.c.state.in_(store.ACTIVE_STATES),
        _sign_up.c.id != of.id,
        (_sign_up.c.canonical_key == key) | _sign_up.c.contact_lookup.in_(contact_lookups),
    )
    return connection.execute(other.limit(1)).first() is not None


def _read(row: Row[Any]) -> Job:
    return Job(
        id=row.id,
        state=row.state,
        refused_why=row.refused_why or "",
        removed_why=row.removed_why or "",
        sealed=row.sealed,
        actor=row.actor,
        created_at=row.created_at,
        ended_at=row.ended_at,
        undone_by=row.undone_by or "",
    )

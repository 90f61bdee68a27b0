"""The SQL of what background jobs left behind: when each last succeeded, and last failed."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from sqlalchemy import Connection, insert, select, update

from api.jobs.scheduler import JobStatus
from api.store import schema

_job = schema.background_job


class RecordedJob(msgspec.Struct, frozen=True):
    """What is recorded of a job, by any process. `error` is None where its last run succeeded."""

    name: str
    succeeded_at: datetime | None
    failed_at: datetime | None
    error: str | None


def record_statuses(connection: Connection, statuses: Sequence[JobStatus]) -> None:
    """Record how jobs stand. What another process recorded later is kept."""
    recorded = {job.name: job for job in recorded_jobs(connection)}
    for status in statuses:
        if status.name not in recorded:
            connection.execute(insert(_job).values(name=status.name))
        before = recorded.get(status.name) or RecordedJob(status.name, None, None, None)
        succeeded_at = _later(before.succeeded_at, status.succeeded_at)
        failed_at = _later(before.failed_at, status.failed_at)
        has_failed = failed_at and (not succeeded_at or failed_at > succeeded_at)
        error = (status.error or before.error) if has_failed else None
        values = {"succeeded_at": succeeded_at, "failed_at": failed_at, "error": error}
        connection.execute(update(_job).where(_job.c.name == status.name).values(values))


def recorded_jobs(connection: Connection) -> list[RecordedJob]:
    """Return all jobs that were recorded, by name."""
    columns = (_job.c.name, _job.c.succeeded_at, _job.c.failed_at, _job.c.error)
    return [RecordedJob(*row) for row in connection.execute(select(*columns).order_by(_job.c.name))]


def clock_of(connection: Connection, name: str) -> datetime | None:
    """Return the time that a job's last round went by; None before the first."""
    return connection.execute(select(_job.c.clock_at).where(_job.c.name == name)).scalar()


def note_clock(connection: Connection, name: str, now: datetime) -> None:
    """Note the time that a round goes by."""
    noting = update(_job).where(_job.c.name == name).values(clock_at=now)
    if not connection.execute(noting).rowcount:
        connection.execute(insert(_job).values(name=name, clock_at=now))


def resume_rounds(connection: Connection, now: datetime) -> list[str]:
    """Let all rounds go on from now, whatever the clock said before; return their names."""
    rounds = _job.c.clock_at.is_not(None)
    names = connection.execute(select(_job.c.name).where(rounds).order_by(_job.c.name)).scalars()
    resumed = [*names]
    connection.execute(update(_job).where(rounds).values(clock_at=now))
    return resumed


def _later(moment: datetime | None, other: datetime | None) -> datetime | None:
    return max(filter(None, (moment, other)), default=None)

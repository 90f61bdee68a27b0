"""Stops what erases or reminds when the clock has jumped, until a person says that it is right.

A clock that is a year ahead for a minute makes everything due at once. Each such round notes the
time that it went by; the next one compares. A machine that was off for longer than `MAX_JUMP` looks
the same: then somebody says `kith jobs resume`.
"""

from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from api.context import Context
from api.jobs import status_store

MAX_JUMP = timedelta(days=2)
NOTE_AFTER = timedelta(hours=1)
"""A round that runs every few seconds notes the time no more often than this."""

Round = Callable[[], Awaitable[object]]


class ClockJumped(Exception):
    """The clock moved further since the last round than a clock does. Says both times."""


def steadily(context: Context, name: str, run: Round) -> Round:
    """Return a round that runs only where the clock has not jumped since the last one.

    It raises `ClockJumped` otherwise. `name` is the job's, and the same at every start.
    """

    async def run_steadily() -> object:
        now = context.clock()
        before = await context.database.read(
            lambda connection: status_store.clock_of(connection, name)
        )
        if before is None or abs(now - before) > NOTE_AFTER:
            await context.database.write(lambda connection: expect_steady(connection, name, now))
        return await run()

    return run_steadily


def expect_steady(connection: Connection, name: str, now: datetime) -> None:
    """Note the time of a round. Raises `ClockJumped`, having noted nothing."""
    before = status_store.clock_of(connection, name)
    if before is not None and abs(now - before) > MAX_JUMP:
        raise ClockJumped(
            f"The last round was at {before:%Y-%m-%d %H:%M} UTC, and the clock says "
            f"{now:%Y-%m-%d %H:%M} UTC now."
        )
    status_store.note_clock(connection, name, now)

"""Letters to connectors: newly published ones get theirs, and those whose course is to be taken
again a reminder.

It asks the store rather than being told, so that a crash between two acts loses nobody.
"""

from sqlalchemy import Connection

from api.context import Context
from api.features.connectors import self_service

EVERY_SECONDS = 30


async def write_letters(context: Context) -> int:
    """Write to those who wait for it, and return how many; a store without any is only read."""
    context = context.at_present()
    if not await context.database.read(lambda look: self_service.somebody_waits(look, context)):
        return 0
    written = await context.database.write(lambda act: _write(act, context))
    context.outbox.nudge()
    return written


def _write(connection: Connection, context: Context) -> int:
    return self_service.welcome(connection, context) + self_service.remind(connection, context)

"""Every half minute, while the service runs: newly published connectors get their letter, and those
whose course is to be taken again a reminder.

It asks the store rather than being told, so that a crash between two acts loses nobody.
"""

import asyncio
import logging
from collections.abc import Callable

from sqlalchemy import Connection

from api.context import Context
from api.features.connectors import self_service

EVERY_SECONDS = 30

logger = logging.getLogger("kith.connectors")


class Rounds:
    """Goes round until cancelled; `nudge` tells the outbox that letters wait."""

    def __init__(self, context: Callable[[], Context], nudge: Callable[[], None]) -> None:
        self._context = context
        self._nudge = nudge

    async def run(self) -> None:
        """Look now and then; what fails is logged and tried at the next look."""
        while True:
            try:
                await self.look()
            except Exception as error:  # whatever it is, the next round must still be gone
                logger.error("connectors were not written to: %s", type(error).__name__)
            await asyncio.sleep(EVERY_SECONDS)

    async def look(self) -> None:
        """Write to those who wait for it; a store without any is only read."""
        context = self._context()
        if await context.database.read(lambda look: self_service.somebody_waits(look, context)):
            await context.database.write(lambda act: _write(act, context))
            self._nudge()


def _write(connection: Connection, context: Context) -> int:
    return self_service.welcome(connection, context) + self_service.remind(connection, context)

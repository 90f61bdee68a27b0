"""Does the batches of the job at work, one after the other, in the service's own background.

What a job has come to stands in the store, so that whoever starts next goes on with it.
"""

import asyncio
import logging
from contextlib import suppress

from api.context import Context
from api.features.pledges.bulk import batch, store
from api.features.pledges.bulk.job import JobBegun

LOOK_EVERY_SECONDS = 30.0
BREATHE_SECONDS = 0.05
"""Between two batches, for those who sign meanwhile."""

logger = logging.getLogger("kith.pledges")


class Rounds:
    """One for the process; `JobBegun` is set when a job begins."""

    def __init__(self, context: Context) -> None:
        self._context = context

    async def run(self) -> None:
        """Work as long as there is something to do, then wait for more, until cancelled."""
        while True:
            self._context.state.get(JobBegun).clear()
            if await self._safely():
                await asyncio.sleep(BREATHE_SECONDS)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._context.state.get(JobBegun).wait(), LOOK_EVERY_SECONDS)

    async def look(self) -> bool:
        """Do one batch; say whether there was a job at work."""
        context = self._context
        job = await context.database.read(store.at_work)
        if job is None:
            return False
        context = context.as_actor(job.undone_by if job.state == "undoing" else job.actor)
        if await asyncio.to_thread(batch.run, job, context, context.catalogue):
            context.rebuild_queue.ask()
        return True

    async def _safely(self) -> bool:
        try:
            return await self.look()
        except Exception as error:  # whatever it is, it is tried again
            logger.error("sign-ups could not be invalidated: %s", type(error).__name__)
            return False

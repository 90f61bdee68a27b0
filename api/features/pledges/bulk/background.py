"""Does the batches of the job at work, one after the other, in the service's own background.

What a job has come to stands in the store, so that whoever starts next goes on with it.
"""

import asyncio
import logging
from contextlib import suppress

from api.context import House
from api.features.pledges.bulk import batch, store

LOOK_EVERY_SECONDS = 30.0
BREATHE_SECONDS = 0.05
"""Between two batches, for those who sign meanwhile."""

logger = logging.getLogger("kith.pledges")


class Rounds:
    """One for the process; `house.invalidating` is set when a job begins."""

    def __init__(self, house: House) -> None:
        self._house = house

    async def run(self) -> None:
        """Work as long as there is something to do, then wait for more, until cancelled."""
        while True:
            self._house.invalidating.clear()
            if await self._safely():
                await asyncio.sleep(BREATHE_SECONDS)
                continue
            with suppress(TimeoutError):
                await asyncio.wait_for(self._house.invalidating.wait(), LOOK_EVERY_SECONDS)

    async def look(self) -> bool:
        """Do one batch; say whether there was a job at work."""
        house = self._house
        job = await house.database.read(store.at_work)
        if job is None:
            return False
        desk = house.desk(job.undone_by if job.state == "undoing" else job.actor)
        if await asyncio.to_thread(batch.run, job, desk, house.catalogue):
            house.builds.ask()
        return True

    async def _safely(self) -> bool:
        try:
            return await self.look()
        except Exception as error:  # whatever it is, it is tried again
            logger.error("sign-ups could not be invalidated: %s", type(error).__name__)
            return False

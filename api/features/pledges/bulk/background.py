"""Does the batches of the job at work, one after the other, in the service's own background.

What a job has come to stands in the store, so that whoever starts next goes on with it.
"""

import asyncio

from api.context import Context
from api.features.pledges.bulk import batch, store

LOOK_EVERY_SECONDS = 30.0
BREATHE_SECONDS = 0.05
"""Between two batches, for those who sign meanwhile."""


async def run_batches(context: Context) -> int:
    """Work as long as there is something to do, and return how many batches that were."""
    batches = 0
    while await run_batch(context):
        batches += 1
        await asyncio.sleep(BREATHE_SECONDS)
    return batches


async def run_batch(context: Context) -> bool:
    """Do one batch; say whether there was a job at work."""
    job = await context.database.read(store.find_active)
    if job is None:
        return False
    context = context.as_actor(job.undone_by if job.state == "undoing" else job.actor)
    if await asyncio.to_thread(batch.run, job, context, context.catalogue):
        context.rebuild_queue.request()
    return True

"""What the register needs once a day: answers that a crash cut off, and reminders."""

import asyncio

from api.context import Context
from api.features.renewals.check_in import finish_begun
from api.features.renewals.reminders import send_due
from api.features.renewals.renaming import rename_and_merge


async def day_of_keeping(context: Context) -> None:
    """Do the day's work; harmless when repeated."""
    context = context.as_actor("reminders")
    finished = await asyncio.to_thread(finish_begun, context)
    if finished + await asyncio.to_thread(rename_and_merge.finish_interrupted, context):
        context.rebuild_queue.request()
    if await asyncio.to_thread(send_due, context):
        context.outbox.nudge()

"""What the register needs once a day: answers that a crash cut off, and reminders."""

import asyncio

from api.context import House
from api.features.renewals import rename_and_merge
from api.features.renewals.check_in import finish_begun
from api.features.renewals.reminders import send_due
from api.features.renewals.renewal_context import Means


def means_of(house: House, actor: str) -> Means:
    """Return all that an act is worked with, as of now."""
    return Means(house.settings, house.database, house.vault, house.catalogue, house.clock(), actor)


async def day_of_keeping(house: House) -> None:
    """Do the day's work; harmless when repeated."""
    means = means_of(house, "reminders")
    finished = await asyncio.to_thread(finish_begun, means)
    if finished + await asyncio.to_thread(rename_and_merge.finish_begun, means):
        house.builds.ask()
    if await asyncio.to_thread(send_due, means):
        house.outbox.nudge()

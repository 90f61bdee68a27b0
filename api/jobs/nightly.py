"""Nightly jobs: erase personal data that is due, and rebuild the site.

Pages show the next sessions, so a site that was built yesterday is out of date. The build runs in a
process of its own; `releases.current_release` loads the release when it is finished.
"""

import asyncio
import logging

from api.context import Context
from api.jobs import retention
from api.releases import build_process

logger = logging.getLogger("kith.daily")


async def erase(context: Context) -> bool:
    """Erase what is due; return whether that could be done."""
    try:
        erased = await asyncio.to_thread(retention.erase_due_records, context.at_present())
    except retention.TooManyAtOnce as error:
        logger.error("nothing was erased today: %s", error)
        return False
    logger.info("erased requests=%d sign_ups=%d", erased.requests, erased.sign_ups)
    return True


async def rebuild(context: Context) -> bool:
    """Build the site for the new day; return whether that could be done."""
    built, _ = await build_process.build(context.project)
    if not built:
        logger.error("the site could not be built for the new day; yesterday's stands")
    return built

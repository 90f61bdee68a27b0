"""Once a day: records whose time is over lose their personal half, and the site is built anew.

A page names its next sessions, so a site built yesterday is wrong today. The build is a process of
its own: requests are answered meanwhile, and `releases.current_release` loads it when it is done.
"""

import logging

from api.context import Context
from api.jobs import retention
from api.releases import build_process

logger = logging.getLogger("kith.daily")


async def erase(context: Context) -> bool:
    """Erase what is due; say whether that could be done."""
    now = context.clock()
    try:
        erased = await context.database.write(lambda store: retention.erase_due(store, now))
    except retention.TooManyAtOnce as error:
        logger.error("nothing was erased today: %s", error)
        return False
    logger.info("erased requests=%d sign_ups=%d", erased.requests, erased.sign_ups)
    return True


async def rebuild(context: Context) -> bool:
    """Build the site for the new day; say whether that could be done."""
    built, _ = await build_process.build(context.project)
    if not built:
        logger.error("the site could not be built for the new day; yesterday's stands")
    return built

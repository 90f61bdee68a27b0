"""What an installation does every night by itself besides erasing and reminding."""

import asyncio
import logging

from api.context import Context
from api.operations import reconcile
from api.store import audit_heads

logger = logging.getLogger("kith.operations")


async def reconcile_content(context: Context) -> bool:
    """Tell in the log where database and content disagree, and mend what shows too much.

    A file that is gone is not written again: an editor may have deleted it.
    """
    context = context.as_actor("reconcile")
    disagreements = await asyncio.to_thread(reconcile.find, context)
    if not disagreements:
        return True
    logger.warning("database and content disagree: %d", len(disagreements))
    left = await asyncio.to_thread(lambda: reconcile.mend(context, write_missing=False))
    if len(left) < len(disagreements):
        context.rebuild_queue.request()
    if left:
        logger.error("left as it is: %d; kith reconcile says what, and --mend mends", len(left))
    return True


async def note_audit_head(context: Context) -> bool:
    """Note where the audit trail ends, in its file and in the log, which lies elsewhere."""
    data, now = context.settings.data, context.clock()
    head = await context.database.read(lambda connection: audit_heads.note(connection, data, now))
    if head:
        logger.info("audit trail ends seq=%d hash=%s", head.seq, head.digest)
    return True

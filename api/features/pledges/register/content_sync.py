"""The content follows the store: an entry whose promise was taken off or hidden stands no more.

A decision is made in the store, in one transaction; the entry is changed right after it, and a
look twice a minute finishes what a crash or a full disk left undone. An entry that stands again is
written before the store says so, so that a crash errs on the side of showing too little.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit, alone
from api.context import Context
from api.features.pledges import store
from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.register.entry_file import PUBLISHED, WITHDRAWN, put_aside, set_status
from api.features.pledges.review import decisions_store
from api.features.pledges.review.decide import (
    DECISION_TYPES,
    DecisionNote,
    SignUpAlreadyDecided,
    decision_rows,
    find_sign_up,
)
from api.moderation.decisions import Guard, no_condition
from api.store.database import Database
from api.store.writer import insert_rows
from catalogue.model.catalogue import Catalogue

LOOK_EVERY_SECONDS = 30.0
LOOKED_BACK = timedelta(days=2)
EVER = datetime(2000, 1, 1, tzinfo=UTC)

logger = logging.getLogger("kith.pledges")


def unpublish_entries(project: Path, database: Database, since: datetime = EVER) -> int:
    """Take out of the content what the store says is off since a moment; return how many were."""
    with alone(project):
        paths = database.read_now(lambda look: store.unpublished_paths(look, since))
        return sum(_taken_off(project, path) for path in paths)


def _taken_off(project: Path, path: str) -> bool:
    try:
        return set_status(project, path, WITHDRAWN)
    except (Unfit, UnicodeDecodeError):
        logger.error("an entry that cannot be changed was taken off and put aside: %s", path)
        return put_aside(project, path)


def show_again(
    reference: str, words: str, context: Context, catalogue: Catalogue, guard: Guard = no_condition
) -> None:
    """Let a hidden entry stand again, as it was.

    Raises `SignUpNotFound`, `SignUpAlreadyDecided`, `Unfit`, and what `guard` raises.
    """

    def expect(connection: Connection) -> str:
        found = find_sign_up(connection, reference)
        guard(connection, found)
        if found.stage != "hidden":
            raise SignUpAlreadyDecided
        return found.entry_path

    def act(connection: Connection) -> None:
        expect(connection)
        found = find_sign_up(connection, reference)
        said = DecisionNote(words=words)
        rows = decision_rows(connection, found, DECISION_TYPES["show"], said, context, catalogue)
        insert_rows(connection, rows)
        decisions_store.change(connection, found.id, hidden_at=None)
        dispute_store.settle_of_sign_up(connection, found.id, context.now)

    with alone(context.project):
        path = context.database.read_now(expect)
        set_status(context.project, path, PUBLISHED)
        context.database.write_now(act)


class ContentSync:
    """The service's own look, at the start at all there is and then at what is new."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._since = EVER

    async def look(self) -> int:
        """Take off what is left over, have the site built, and return how many entries it was."""
        context = self._context
        taken = await asyncio.to_thread(
            unpublish_entries, context.project, context.database, self._since
        )
        self._since = context.clock() - LOOKED_BACK
        if taken:
            context.rebuild_queue.request()
        return taken

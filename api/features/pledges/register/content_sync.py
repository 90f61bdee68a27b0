"""Keep the content in step with the store: unpublish the entry of a removed or hidden promise.

A decision is made in the store, in one transaction; the entry is changed right after it, and a job
twice a minute finishes what a crash or a full disk left undone. Showing an entry again changes the
store and the file under one lock, the file first.
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
OVERLAP = timedelta(days=2)
BEGINNING = datetime(2000, 1, 1, tzinfo=UTC)

logger = logging.getLogger("kith.pledges")


def unpublish_entries(project: Path, database: Database, since: datetime = BEGINNING) -> int:
    """Unpublish the entries that the store has taken off or hidden since a moment.

    Return how many files changed.
    """
    with alone(project):
        paths = database.read_now(lambda connection: store.unpublished_paths(connection, since))
        return sum(_unpublish(project, path) for path in paths)


def _unpublish(project: Path, path: str) -> bool:
    try:
        return set_status(project, path, WITHDRAWN)
    except (Unfit, UnicodeDecodeError):
        logger.error("an entry that cannot be changed was taken off and put aside: %s", path)
        return put_aside(project, path)


def show_again(
    reference: str, words: str, context: Context, catalogue: Catalogue, guard: Guard = no_condition
) -> None:
    """Publish a hidden entry again, as it was.

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
    """The background job: checks all entries at the start, and then what is new."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._since = BEGINNING

    async def sync_now(self) -> int:
        """Unpublish what is left over, request a build, and return how many entries it was."""
        context = self._context
        changed = await asyncio.to_thread(
            unpublish_entries, context.project, context.database, self._since
        )
        self._since = context.clock() - OVERLAP
        if changed:
            context.rebuild_queue.request()
        return changed

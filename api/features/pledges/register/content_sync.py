"""Keep the content in step with the store: unpublish the entry of a removed or hidden promise.

A decision is made in the store, in one transaction; the entry is changed right after it, and a job
twice a minute finishes what a crash or a full disk left undone. Showing an entry again changes the
store and the file under one lock, the file first.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
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


class StillPublished(Exception):
    """Entries that the store has taken off still stand in the content; they are tried again."""


class SyncResult(msgspec.Struct, frozen=True):
    """How many files were changed, and how many could not be."""

    changed: int = 0
    failed: int = 0


def unpublish_entries(project: Path, database: Database, since: datetime = BEGINNING) -> SyncResult:
    """Unpublish the entries that the store has taken off or hidden since a moment.

    One that cannot be changed keeps no other; it is logged, and the background job tries again.
    """
    changed, failed_count = 0, 0
    with alone(project):
        for path in database.read_now(
            lambda connection: store.unpublished_paths(connection, since)
        ):
            try:
                changed += _unpublish(project, path)
            except Exception as error:
                failed_count += 1
                logger.error("could not be taken off: %s (%s)", path, type(error).__name__)
    return SyncResult(changed, failed_count)


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
        sign_up = find_sign_up(connection, reference)
        guard(connection, sign_up)
        if sign_up.stage != "hidden":
            raise SignUpAlreadyDecided
        return sign_up.entry_path

    def act(connection: Connection) -> None:
        expect(connection)
        sign_up = find_sign_up(connection, reference)
        note = DecisionNote(words=words)
        rows = decision_rows(connection, sign_up, DECISION_TYPES["show"], note, context, catalogue)
        insert_rows(connection, rows)
        decisions_store.change(connection, sign_up.id, hidden_at=None)
        dispute_store.settle_of_sign_up(connection, sign_up.id, context.now)

    with alone(context.project):
        path = context.database.read_now(expect)
        set_status(context.project, path, PUBLISHED)
        context.database.write_now(act)


class ContentSync:
    """The background job: checks all entries at the start, and then what is new.

    All are checked again where the clock was set back: what was taken off meanwhile has an earlier
    time than the last check.
    """

    def __init__(self, context: Context) -> None:
        self._context = context
        self._checked_at = BEGINNING

    async def sync_now(self) -> int:
        """Unpublish what is left over, request a build, and return how many entries it was.

        Raises `StillPublished` where some could not be changed: the next run tries them again.
        """
        context, now = self._context, self._context.clock()
        since = self._checked_at - OVERLAP if BEGINNING < self._checked_at <= now else BEGINNING
        result = await asyncio.to_thread(
            unpublish_entries, context.project, context.database, since
        )
        if result.changed:
            context.rebuild_queue.request()
        if result.failed:
            raise StillPublished
        self._checked_at = now
        return result.changed

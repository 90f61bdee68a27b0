"""One batch of a job: up to a hundred sign-ups decided, or put back, in one transaction.

Where a job has come to stands in its sign-ups' own rows: a crash loses the batch it fell into, and
the next start goes on with the same ones. Each is left alone that somebody else has open just now,
and each that is not any more what it was.
"""

import logging
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit, alone
from api.context import Context
from api.errors import Conflict
from api.features.pledges.bulk import job as jobs
from api.features.pledges.bulk import store
from api.features.pledges.bulk.job import REMOVING, Why
from api.features.pledges.bulk.store import BulkRequest, Job, Member
from api.features.pledges.register.content_sync import unpublish_entries
from api.features.pledges.register.entry_file import PUBLISHED, WITHDRAWN, set_status
from api.features.pledges.review import decide, decisions_store
from api.features.pledges.review.queue_store import LOCKS
from api.features.pledges.review.undo import Undoable, undoable
from api.features.pledges.store import ACTIVE_STATES, Private
from api.moderation.undo import UNDO_WITHIN
from api.security import normalise
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.model.catalogue import Catalogue

SIZE = 100

logger = logging.getLogger("kith.pledges")


def run(job: Job, context: Context, catalogue: Catalogue) -> bool:
    """Do the next batch in the name of whoever asked; say whether an entry was changed by it."""
    if job.state == "undoing":
        return _put_back(job, context)
    if context.database.write_now(lambda write: _decide(write, job.id, context, catalogue)):
        unpublish_entries(context.project, context.database, context.now)
        return True
    return False


def _decide(connection: Connection, job_id: str, context: Context, catalogue: Catalogue) -> bool:
    """Invalidate some; say whether one of them stood on the register."""
    job = jobs.job_of(connection, job_id, alone=True)
    if job.state != "running":  # stopped since
        return False
    found = store.members(connection, job.id, "waiting", SIZE, alone=True)
    if not found:
        jobs.end(connection, job, "finished", context)
        return False
    words = context.encryption.decrypt_as(job.id, job.sealed, BulkRequest).words
    why = Why(job.refused_why, job.removed_why, words)
    rows: list[Row] = []
    off = False
    for one, state in _looked_at(connection, found, context):
        decision_id = None
        if state == "done":
            act = jobs.act_on(one.stage)
            said = why.said(act)
            told = decide.apply_decision(
                connection, one.sign_up, act, said, context, catalogue, invalidation=job.id
            )
            decision_id, off = told[0][1]["id"], off or act.name == REMOVING
            rows += told
        store.mark(connection, job.id, one.sign_up.id, state, decision_id=decision_id)
    insert_rows(connection, rows)
    return off


def _looked_at(
    connection: Connection, found: Sequence[Member], context: Context
) -> Iterator[tuple[Member, str]]:
    """Yield what becomes of each: done, or left because it is read or is not what it was."""
    readers = _readers(connection, found, context)
    for one in found:
        if one.sign_up.id in readers:
            yield one, "locked"
        else:
            yield one, "done" if one.sign_up.stage == one.stage else "moved"


def _readers(connection: Connection, found: Sequence[Member], context: Context) -> set[str]:
    """Return which of them somebody else has open: one's own reading is in nobody's way."""
    own = context.actor.partition(" ")[2]
    holders = LOCKS.holders(connection, [one.sign_up.id for one in found], context.now)
    return {sign_up_id for sign_up_id, staff_id in holders.items() if staff_id != own}


class Back(msgspec.Struct, frozen=True):
    """A sign-up that can go back to what it was, and how."""

    member: Member
    undoable: Undoable

    @property
    def path(self) -> str:
        """Where its entry stands, where undoing brings one back."""
        taken_off = self.undoable.decision.act == REMOVING
        return self.member.sign_up.entry_path if taken_off else ""

    @property
    def status(self) -> str:
        """The status of its entry before."""
        return WITHDRAWN if self.undoable.decision.before.hidden_at else PUBLISHED


def _put_back(job: Job, context: Context) -> bool:
    """Put some back. Entries stand again before the store says so: a crash shows too little."""
    with alone(context.project):
        coming = context.database.read_now(lambda look: [*_backs(look, job.id, context)])
        stands = {
            one.member.sign_up.id: one.path
            for one in coming
            if one.path and _stands_again(context.project, one.path, one.status)
        }
        back = context.database.write_now(lambda write: _undo(write, job.id, stands, context))
        for sign_up_id, path in stands.items():
            if sign_up_id not in back:  # somebody opened it this very moment
                set_status(context.project, path, WITHDRAWN)
    return bool(stands)


def _stands_again(project: Path, path: str, status: str) -> bool:
    """Let an entry stand again; False where an editor has deleted it or left it unreadable."""
    try:
        set_status(project, path, status)
    except (Unfit, UnicodeDecodeError):
        logger.error("an entry could not be shown again, mend it by hand: %s", path)
        return False
    return (project / path).is_file()


def _undo(
    connection: Connection, job_id: str, stands: dict[str, str], context: Context
) -> set[str]:
    """Put some back in the store, and return which."""
    job = jobs.job_of(connection, job_id, alone=True)
    if job.state != "undoing":
        return set()
    found = store.members(connection, job.id, "done", SIZE, alone=True)
    if not found:
        jobs.end(connection, job, "undone", context)
        return set()
    readers, back, lines = _readers(connection, found, context), set[str](), list[audit.Row]()
    for one in found:
        state = "busy" if one.sign_up.id in readers else "left"
        can = _can_go_back(connection, one, context) if state == "left" else None
        if can and (not can.path or one.sign_up.id in stands):
            state = "undone"
            back.add(one.sign_up.id)
            lines.append(_go_back(connection, can, job, context))
        store.mark(connection, job.id, one.sign_up.id, state)
    insert_rows(connection, lines)
    return back


def _backs(connection: Connection, job_id: str, context: Context) -> Iterator[Back]:
    found = store.members(connection, job_id, "done", SIZE)
    readers = _readers(connection, found, context)
    for one in found:
        can = None if one.sign_up.id in readers else _can_go_back(connection, one, context)
        if can:
            yield can


def _can_go_back(connection: Connection, one: Member, context: Context) -> Back | None:
    """Return how one goes back; None where it moved on, was erased, or its place is taken."""
    if one.sign_up.sealed is None:
        return None
    try:
        # The time to undo counts for the job as a whole, which was looked at when it began.
        last = undoable(connection, one.sign_up, context.now, within=2 * UNDO_WITHIN)
    except Conflict:
        return None
    was = last.decision.before.state
    if last.decision.id != one.decision_id:
        return None
    private = context.encryption.decrypt_as(one.sign_up.id, one.sign_up.sealed, Private)
    lookups = normalise.lookups_of(context.encryption, private)
    if was in ACTIVE_STATES and store.place_taken(connection, one.sign_up, lookups):
        return None
    return Back(one, last)


def _go_back(connection: Connection, back: Back, job: Job, context: Context) -> audit.Row:
    of, decision = back.member.sign_up, back.undoable.decision
    decisions_store.restore(connection, of.id, decision.before)
    decisions_store.mark_undone(connection, decision.id, context.now)
    detail = {"act": decision.act, "invalidation": job.id}
    return audit.line("sign_up.undone", of.reference, actor=context.actor, at=context.now, **detail)

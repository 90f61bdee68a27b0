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
from api.features.pledges.bulk.job import REMOVING, JobReasons
from api.features.pledges.bulk.store import BulkRequest, Job, Member
from api.features.pledges.register.content_sync import unpublish_entries
from api.features.pledges.register.entry_file import PUBLISHED, WITHDRAWN, set_status
from api.features.pledges.review import decide, decisions_store
from api.features.pledges.review.queue_store import LOCKS
from api.features.pledges.review.undo import Undoable, undoable
from api.features.pledges.store import ACTIVE_STATES, SignUpPersonalData
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
    if context.database.write_now(
        lambda connection: _decide(connection, job.id, context, catalogue)
    ):
        unpublish_entries(context.project, context.database, context.now)
        return True
    return False


def _decide(connection: Connection, job_id: str, context: Context, catalogue: Catalogue) -> bool:
    """Invalidate some; say whether one of them stood on the register."""
    job = jobs.find_job(connection, job_id, alone=True)
    if job.state != "running":  # stopped since
        return False
    members = store.members(connection, job.id, "waiting", SIZE, alone=True)
    if not members:
        jobs.end(connection, job, "finished", context)
        return False
    words = context.encryption.decrypt_as(job.id, job.sealed, BulkRequest).words
    reasons = JobReasons(job.refused_why, job.removed_why, words)
    rows: list[Row] = []
    took_off = False
    for member, state in _outcomes(connection, members, context):
        decision_id = None
        if state == "done":
            decision_type = jobs.decision_type_for(member.stage)
            decision_rows = decide.apply_decision(
                connection,
                member.sign_up,
                decision_type,
                reasons.note_for(decision_type),
                context,
                catalogue,
                invalidation=job.id,
            )
            decision_id = decision_rows[0][1]["id"]
            took_off = took_off or decision_type.name == REMOVING
            rows += decision_rows
        store.mark_member(connection, job.id, member.sign_up.id, state, decision_id=decision_id)
    insert_rows(connection, rows)
    return took_off


def _outcomes(
    connection: Connection, members: Sequence[Member], context: Context
) -> Iterator[tuple[Member, str]]:
    """Yield what becomes of each: done, or left because it is read or is not what it was."""
    readers = _readers(connection, members, context)
    for member in members:
        if member.sign_up.id in readers:
            yield member, "locked"
        else:
            yield member, "done" if member.sign_up.stage == member.stage else "moved"


def _readers(connection: Connection, members: Sequence[Member], context: Context) -> set[str]:
    """Return which of them somebody else has open: one's own reading is in nobody's way."""
    own_id = context.actor.partition(" ")[2]
    holders = LOCKS.holders(connection, [member.sign_up.id for member in members], context.now)
    return {sign_up_id for sign_up_id, staff_id in holders.items() if staff_id != own_id}


class Restorable(msgspec.Struct, frozen=True):
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
        members = context.database.read_now(
            lambda connection: [*_restorables(connection, job.id, context)]
        )
        entries = {
            restorable.member.sign_up.id: restorable.path
            for restorable in members
            if restorable.path
            and _restore_entry(context.project, restorable.path, restorable.status)
        }
        undone = context.database.write_now(
            lambda connection: _undo(connection, job.id, entries, context)
        )
        for sign_up_id, path in entries.items():
            if sign_up_id not in undone:  # somebody opened it this very moment
                set_status(context.project, path, WITHDRAWN)
    return bool(entries)


def _restore_entry(project: Path, path: str, status: str) -> bool:
    """Let an entry stand again; False where an editor has deleted it or left it unreadable."""
    try:
        set_status(project, path, status)
    except (Unfit, UnicodeDecodeError):
        logger.error("an entry could not be shown again, mend it by hand: %s", path)
        return False
    return (project / path).is_file()


def _undo(
    connection: Connection, job_id: str, entries: dict[str, str], context: Context
) -> set[str]:
    """Put some back in the store, and return which; `entries` are the paths that stand again."""
    job = jobs.find_job(connection, job_id, alone=True)
    if job.state != "undoing":
        return set()
    members = store.members(connection, job.id, "done", SIZE, alone=True)
    if not members:
        jobs.end(connection, job, "undone", context)
        return set()
    readers, undone, lines = _readers(connection, members, context), set[str](), list[audit.Row]()
    for member in members:
        sign_up_id = member.sign_up.id
        state = "busy" if sign_up_id in readers else "left"
        restorable = _restorable(connection, member, context) if state == "left" else None
        if restorable and (not restorable.path or sign_up_id in entries):
            state = "undone"
            undone.add(sign_up_id)
            lines.append(_restore(connection, restorable, job, context))
        store.mark_member(connection, job.id, sign_up_id, state)
    insert_rows(connection, lines)
    return undone


def _restorables(connection: Connection, job_id: str, context: Context) -> Iterator[Restorable]:
    members = store.members(connection, job_id, "done", SIZE)
    readers = _readers(connection, members, context)
    for member in members:
        if member.sign_up.id not in readers:
            restorable = _restorable(connection, member, context)
            if restorable:
                yield restorable


def _restorable(connection: Connection, member: Member, context: Context) -> Restorable | None:
    """Return how one goes back; None where it moved on, was erased, or its place is taken."""
    if member.sign_up.sealed is None:
        return None
    try:
        # The time to undo counts for the job as a whole, which was looked at when it began.
        last = undoable(connection, member.sign_up, context.now, within=2 * UNDO_WITHIN)
    except Conflict:
        return None
    previous_state = last.decision.before.state
    if last.decision.id != member.decision_id:
        return None
    private = context.encryption.decrypt_as(
        member.sign_up.id, member.sign_up.sealed, SignUpPersonalData
    )
    lookups = normalise.lookups_of(context.encryption, private)
    if previous_state in ACTIVE_STATES and store.place_taken(connection, member.sign_up, lookups):
        return None
    return Restorable(member, last)


def _restore(
    connection: Connection, restorable: Restorable, job: Job, context: Context
) -> audit.Row:
    sign_up, decision = restorable.member.sign_up, restorable.undoable.decision
    decisions_store.restore(connection, sign_up.id, decision.before)
    decisions_store.mark_undone(connection, decision.id, context.now)
    detail = {"act": decision.act, "invalidation": job.id}
    return audit.new_event(
        "sign_up.undone", sign_up.reference, actor=context.actor, at=context.now, **detail
    )

"""Taking a decision about a correction back: what was accepted, and what was rejected.

What was written is put back to the byte, and only while the entry still is what was written: a
word that an editor wrote since is never taken away. Either way the correction waits again.
"""

from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit, alone, put_in_place
from api.context import Context
from api.errors import Conflict
from api.features.corrections import store
from api.features.corrections.change import EntryChange, EntryGone, faults_of
from api.features.corrections.decide import (
    ChangedSince,
    DecidedBefore,
    Guard,
    correction,
    digest,
    finish,
    no_condition,
)
from api.features.corrections.store import KEPT_DECIDED, Correction
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue


class NothingLeft(Conflict):
    """What the visitor wrote is deleted: there is nothing to decide about any more."""

    sentence = gettext_noop("Its time is over: what the visitor wrote is deleted.")


def undo(
    of: Correction,
    context: Context,
    catalogue: Catalogue,
    reason: str = "",
    guard: Guard = no_condition,
) -> bool:
    """Put the old text back, and the correction into the queue; False where nothing was to undo.

    Raises ChangedSince where somebody has changed the entry after that, DecidedBefore where it was
    never accepted or the time to undo is over, EntryGone, Unfit where the old text has faults by
    now, and what `guard` raises.
    """
    if of.state == "undone":
        return False
    if of.state != "accepted" or of.before_text is None:
        raise DecidedBefore
    activity = catalogue.activity(of.activity)
    if activity is None:
        raise EntryGone
    with alone(context.project):
        context.database.read_now(lambda look: guard(look, correction(look, of.reference)))
        file = context.project / activity.path
        if not file.is_file():
            raise EntryGone
        back = EntryChange(activity.path, file.read_bytes(), of.before_text)
        if back.before_digest not in (of.after_digest, of.before_digest):
            raise ChangedSince
        faults = faults_of(back, context.project, catalogue)
        if faults:
            raise Unfit(faults)
        put_in_place(file, of.before_text)
        finish(of, context, "undone", of.after_digest, of.before_digest, reason)
    return True


def stands_as_written(of: Correction, raw: bytes | None) -> bool:
    """Say whether an entry (None: it is gone) still is what accepting wrote: undoing is safe."""
    kept = of.state == "accepted" and of.before_text is not None
    return kept and raw is not None and digest(raw) == of.after_digest


def reopen(reference: str, context: Context, guard: Guard = no_condition) -> None:
    """Let a rejected correction wait again.

    Raises NotThere, DecidedBefore, NothingLeft, and what `guard` raises.
    """

    def act(connection: Connection) -> None:
        found = correction(connection, reference)
        guard(connection, found)
        if found.state == "rejected" and found.sealed is None:
            raise NothingLeft
        values = {"decided_at": context.now, "delete_after": context.now + KEPT_DECIDED}
        if not store.change(connection, found.id, of=("rejected",), state="undone", **values):
            raise DecidedBefore
        line = audit.line("correction.undone", reference, actor=context.actor, at=context.now)
        insert_rows(connection, [line])

    context.database.write_now(act)

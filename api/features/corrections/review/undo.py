"""Taking a decision about a correction back: what was accepted, and what was rejected.

What was written is put back to the byte, and only while the entry still is what was written: a
word that an editor wrote since is never taken away. Either way the correction waits again.
"""

from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit, alone, put_in_place
from api.content_files.entry_change import EntryChange, find_faults
from api.context import Context
from api.errors import Conflict
from api.features.corrections import store
from api.features.corrections.change import EntryGone
from api.features.corrections.review.decide import (
    CorrectionAlreadyDecided,
    EntryChanged,
    digest,
    find_correction,
    finish,
)
from api.features.corrections.store import KEPT_DECIDED, Correction
from api.moderation import decisions
from api.moderation.decisions import Guard, no_condition
from api.store import audit
from api.store.database import Row
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue


class TextDeleted(Conflict):
    """What the visitor wrote is deleted: there is nothing to decide about any more."""

    code = "nothing-left"
    sentence = gettext_noop("What the visitor wrote was deleted because it was old.")


def undo(
    correction: Correction,
    context: Context,
    catalogue: Catalogue,
    reason: str = "",
    guard: Guard = no_condition,
) -> bool:
    """Put the old text back, and the correction into the queue; False where nothing was to undo.

    Raises EntryChanged where somebody has changed the entry after that, CorrectionAlreadyDecided
    where it was never accepted or the time to undo is over, EntryGone, Unfit where the old text has
    faults by now, and what `guard` raises.
    """
    if correction.state == "undone":
        return False
    if correction.state != "accepted" or correction.before_text is None:
        raise CorrectionAlreadyDecided
    activity = catalogue.activity(correction.activity)
    if activity is None:
        raise EntryGone
    with alone(context.project):
        context.database.read_now(
            lambda connection: guard(connection, find_correction(connection, correction.reference))
        )
        file = context.project / activity.path
        if not file.is_file():
            raise EntryGone
        reversal = EntryChange(activity.path, file.read_bytes(), correction.before_text)
        if reversal.before_digest not in (correction.after_digest, correction.before_digest):
            raise EntryChanged
        faults = find_faults(reversal, context.project, catalogue)
        if faults:
            raise Unfit(faults)
        put_in_place(file, correction.before_text)
        finish(
            correction, context, "undone", correction.after_digest, correction.before_digest, reason
        )
    return True


def stands_as_written(correction: Correction, raw: bytes | None) -> bool:
    """Say whether an entry (None: it is gone) still is what accepting wrote: undoing is safe."""
    can_restore = correction.state == "accepted" and correction.before_text is not None
    return can_restore and raw is not None and digest(raw) == correction.after_digest


def reopen(reference: str, context: Context, guard: Guard = no_condition) -> None:
    """Let a rejected correction wait again.

    Raises CorrectionNotFound, CorrectionAlreadyDecided, TextDeleted, and what `guard` raises.
    """

    def change(connection: Connection, correction: Correction) -> list[Row]:
        if correction.state == "rejected" and correction.sealed is None:
            raise TextDeleted
        values = {"decided_at": context.now, "delete_after": context.now + KEPT_DECIDED}
        if not store.change(
            connection, correction.id, from_states=("rejected",), state="undone", **values
        ):
            raise CorrectionAlreadyDecided
        return [
            audit.new_event("correction.undone", reference, actor=context.actor, at=context.now)
        ]

    decisions.decide(context, reference, find_correction, guard, change)

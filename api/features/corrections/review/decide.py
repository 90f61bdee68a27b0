"""What staff decide about a correction: write the change, or leave the entry as it is.

The order survives a crash: the store notes both digests and the old text, then the file is swapped
whole, then the correction is called accepted. Repeating finishes what was begun. A lock keeps two
deciders apart, and a file that changed since it was shown is never written over.
"""

import hashlib
import re

from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit, alone, put_in_place
from api.content_files.entry_change import EntryChange, find_faults
from api.context import Context
from api.errors import Conflict, Missing
from api.features.corrections import store
from api.features.corrections.store import KEPT_DECIDED, OPEN, Correction, CorrectionPersonalData
from api.moderation import decisions
from api.moderation.decisions import Guard, no_condition
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue


class CorrectionNotFound(Missing):
    """No correction bears this reference."""

    code = "not-there"
    sentence = gettext_noop("There is no correction with this reference.")


class EntryChanged(Conflict):
    """The file is another one than the operator saw."""

    code = "changed-since"
    sentence = gettext_noop(
        "The entry has changed since you saw it. Show the correction again, then decide."
    )


class CorrectionAlreadyDecided(Conflict):
    """It was accepted or rejected already."""

    code = "decided-before"
    sentence = gettext_noop("It has been decided before. Nothing was changed.")


class NothingToWrite(Conflict):
    """There is no change to make."""

    code = "nothing-to-write"
    sentence = gettext_noop("That would change nothing: say what to write.")


class PrivateContactInChange(Conflict):
    """The change holds the number or address a visitor gave to be asked back at."""

    code = "theirs-to-keep"
    sentence = gettext_noop(
        "The change holds what the visitor gave us to be reached at. Publish it only if they "
        "agreed."
    )


def find_correction(connection: Connection, reference: str) -> Correction:
    """Return the correction of a reference. Raises CorrectionNotFound."""
    correction = store.find(connection, reference)
    if correction is None:
        raise CorrectionNotFound
    return correction


def note_reading(
    connection: Connection, correction: Correction, entry_digest: str, context: Context
) -> None:
    """Write down that somebody reads it, and the digest of the entry that they see."""
    store.change(connection, correction.id, from_states=OPEN, seen_digest=entry_digest)
    line = audit.new_event(
        "correction.read", correction.reference, actor=context.actor, at=context.now
    )
    insert_rows(connection, [line])


def accept(
    correction: Correction,
    change: EntryChange,
    context: Context,
    catalogue: Catalogue,
    *,
    reason: str = "",
    they_agreed: bool = False,
    guard: Guard = no_condition,
) -> None:
    """Write a change that was shown. Harmless when repeated.

    Raises EntryChanged, NothingToWrite, Unfit, PrivateContactInChange or CorrectionAlreadyDecided,
    and what `guard` raises, with nothing written.
    """
    if change.before == change.after:
        raise NothingToWrite
    if not they_agreed:
        _expect_no_private_contact(correction, change, context)
    faults = find_faults(change, context.project, catalogue)
    if faults:
        raise Unfit(faults)
    with alone(context.project):
        context.database.read_now(
            lambda connection: guard(connection, find_correction(connection, correction.reference))
        )
        file = context.project / change.path
        if not file.is_file() or file.read_bytes() != change.before:
            raise EntryChanged
        context.database.write_now(lambda connection: _begin(connection, correction, change, guard))
        put_in_place(file, change.after)
        finish(correction, context, "accepted", change.before_digest, change.after_digest, reason)


def finish_begun(correction: Correction, context: Context, catalogue: Catalogue) -> bool:
    """Call a correction accepted whose change was written before a crash; say whether it was so."""
    activity = catalogue.activity(correction.activity)
    with alone(context.project):
        correction = context.database.read_now(
            lambda connection: find_correction(connection, correction.reference)
        )
        if correction.state not in OPEN or not correction.after_digest or activity is None:
            return False
        file = context.project / activity.path
        if not file.is_file() or digest(file.read_bytes()) != correction.after_digest:
            return False
        finish(
            correction, context, "accepted", correction.before_digest, correction.after_digest, ""
        )
        return True


def reject(reference: str, reason: str, context: Context, guard: Guard = no_condition) -> None:
    """Leave the entry as it is.

    Raises CorrectionNotFound, CorrectionAlreadyDecided, and what `guard` raises.
    """

    def change(connection: Connection, correction: Correction) -> list[Row]:
        values = {"decided_at": context.now, "delete_after": context.now + KEPT_DECIDED}
        if not store.change(
            connection, correction.id, from_states=OPEN, state="rejected", **values
        ):
            raise CorrectionAlreadyDecided
        action, detail = "correction.rejected", {"reason": reason}
        return [audit.new_event(action, reference, actor=context.actor, at=context.now, **detail)]

    decisions.decide(context, reference, find_correction, guard, change)


def digest(raw: bytes) -> str:
    """Return the SHA-256 of an entry's file."""
    return hashlib.sha256(raw).hexdigest()


def _begin(
    connection: Connection, correction: Correction, change: EntryChange, guard: Guard
) -> None:
    """Note what is about to be written, if it is what was shown and nobody was quicker."""
    current = find_correction(connection, correction.reference)
    guard(connection, current)
    if current.state not in OPEN:
        raise CorrectionAlreadyDecided
    if current.seen_digest != change.before_digest:
        raise EntryChanged
    store.change(
        connection,
        correction.id,
        from_states=OPEN,
        before_text=change.before,
        before_digest=change.before_digest,
        after_digest=change.after_digest,
    )


def finish(
    correction: Correction, context: Context, state: str, before: str, after: str, reason: str
) -> None:
    """Call a correction accepted or undone, now that its entry is written, with the audit line."""

    delete_after = context.now + KEPT_DECIDED

    def act(connection: Connection) -> None:
        states: tuple[str, ...] = OPEN
        values: dict[str, object] = {"decided_at": context.now, "delete_after": delete_after}
        if state == "undone":
            states, values = ("accepted",), {**values, "before_text": None, "after_digest": None}
        if store.change(connection, correction.id, from_states=states, state=state, **values):
            line = audit.new_event(
                f"correction.{state}",
                correction.reference,
                actor=context.actor,
                at=context.now,
                before=before,
                after=after,
                reason=reason,
            )
            insert_rows(connection, [line])

    context.database.write_now(act)


def _expect_no_private_contact(
    correction: Correction, change: EntryChange, context: Context
) -> None:
    """Refuse to publish what a visitor gave only to be asked back at."""
    if correction.sealed is None:
        return
    contact = context.encryption.decrypt_as(
        correction.id, correction.sealed, CorrectionPersonalData
    ).reach_at
    added = [line[1:] for line in change.diff.splitlines() if line.startswith("+")]
    number = re.sub(r"\D", "", contact)
    mailboxes = re.findall(r"\S+@\S+", contact)
    if any(mailbox in line for mailbox in mailboxes for line in added) or (
        len(number) >= 6 and any(number in re.sub(r"\D", "", line) for line in added)
    ):
        raise PrivateContactInChange

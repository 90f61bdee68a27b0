"""What staff decide about a correction: write the change, or leave the entry as it is.

The order survives a crash: the store notes both digests and the old text, then the file is swapped
whole, then the correction is called accepted. Repeating finishes what was begun. A lock keeps two
deciders apart, and a file that changed since it was shown is never written over.
"""

import hashlib
import re
from collections.abc import Callable

from sqlalchemy import Connection

from api.content_files.atomic_write import Unfit, alone, put_in_place
from api.context import Context
from api.errors import Conflict, Missing
from api.features.corrections import store
from api.features.corrections.change import EntryChange, faults_of
from api.features.corrections.store import KEPT_DECIDED, OPEN, Correction, Private
from api.moderation.decisions import expect_unchanged
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue

QUIET = ("correction.read",)
"""Lines about a correction that change nothing of it."""

Guard = Callable[[Connection, Correction], None]
"""What else must hold for whoever decides, asked in its transaction; raises a DomainError."""


class NotThere(Missing):
    """No correction bears this reference."""

    sentence = gettext_noop("There is no correction with this reference.")


class ChangedSince(Conflict):
    """The file is another one than the operator saw."""

    sentence = gettext_noop(
        "The entry was not shown as it stands now. Show the correction again, then decide."
    )


class DecidedBefore(Conflict):
    """It was accepted or rejected already."""

    sentence = gettext_noop("It has been decided before. Nothing was changed.")


class NothingToWrite(Conflict):
    """There is no change to make."""

    sentence = gettext_noop("That would change nothing: say what to write.")


class TheirsToKeep(Conflict):
    """The change holds the number or address a visitor gave to be asked back at."""

    sentence = gettext_noop(
        "The change holds what the visitor gave us to be reached at. Publish it only if they "
        "agreed."
    )


def no_condition(connection: Connection, of: Correction) -> None:
    """Ask for nothing: an operator at the machine has just looked."""


def as_seen(seen: int) -> Guard:
    """Return what holds for a page: nobody decided since the line of the trail it was made of."""

    def guard(connection: Connection, of: Correction) -> None:
        expect_unchanged(connection, of.reference, seen, QUIET)

    return guard


def correction(connection: Connection, reference: str) -> Correction:
    """Return the correction of a reference. Raises NotThere."""
    found = store.find(connection, reference)
    if found is None:
        raise NotThere
    return found


def note_seen(of: Correction, context: Context, file: EntryChange | None) -> None:
    """Write down that somebody reads it, and which text of the entry they see."""
    seen = file.before_digest if file else ""
    context.database.write_now(lambda write: seen_by(write, of, seen, context))


def seen_by(connection: Connection, of: Correction, entry_digest: str, context: Context) -> None:
    """Write the same down in the caller's transaction, by the digest of the entry."""
    store.change(connection, of.id, of=OPEN, seen_digest=entry_digest)
    line = audit.line("correction.read", of.reference, actor=context.actor, at=context.now)
    insert_rows(connection, [line])


def accept(
    of: Correction,
    change: EntryChange,
    context: Context,
    catalogue: Catalogue,
    *,
    reason: str = "",
    they_agreed: bool = False,
    guard: Guard = no_condition,
) -> None:
    """Write a change that was shown. Harmless when repeated.

    Raises ChangedSince, NothingToWrite, Unfit, TheirsToKeep or DecidedBefore, and what `guard`
    raises, with nothing written.
    """
    if change.before == change.after:
        raise NothingToWrite
    _keep_theirs(of, change, context, they_agreed)
    faults = faults_of(change, context.project, catalogue)
    if faults:
        raise Unfit(faults)
    with alone(context.project):
        context.database.read_now(lambda look: guard(look, correction(look, of.reference)))
        file = context.project / change.path
        if not file.is_file() or file.read_bytes() != change.before:
            raise ChangedSince
        context.database.write_now(lambda write: _begin(write, of, change, guard))
        put_in_place(file, change.after)
        finish(of, context, "accepted", change.before_digest, change.after_digest, reason)


def finish_begun(of: Correction, context: Context, catalogue: Catalogue) -> bool:
    """Call a correction accepted whose change was written before a crash; say whether it was so."""
    activity = catalogue.activity(of.activity)
    with alone(context.project):
        of = context.database.read_now(lambda look: correction(look, of.reference))
        if of.state not in OPEN or not of.after_digest or activity is None:
            return False
        file = context.project / activity.path
        if not file.is_file() or digest(file.read_bytes()) != of.after_digest:
            return False
        finish(of, context, "accepted", of.before_digest, of.after_digest, "")
        return True


def reject(reference: str, reason: str, context: Context, guard: Guard = no_condition) -> None:
    """Leave the entry as it is. Raises NotThere, DecidedBefore, and what `guard` raises."""

    def act(connection: Connection) -> None:
        found = correction(connection, reference)
        guard(connection, found)
        values = {"decided_at": context.now, "delete_after": context.now + KEPT_DECIDED}
        if not store.change(connection, found.id, of=OPEN, state="rejected", **values):
            raise DecidedBefore
        line = audit.line(
            "correction.rejected", reference, actor=context.actor, at=context.now, reason=reason
        )
        insert_rows(connection, [line])

    context.database.write_now(act)


def digest(raw: bytes) -> str:
    """Return the SHA-256 of an entry's file."""
    return hashlib.sha256(raw).hexdigest()


def _begin(connection: Connection, of: Correction, change: EntryChange, guard: Guard) -> None:
    """Note what is about to be written, if it is what was shown and nobody was quicker."""
    now = correction(connection, of.reference)
    guard(connection, now)
    if now.state not in OPEN:
        raise DecidedBefore
    if now.seen_digest != change.before_digest:
        raise ChangedSince
    store.change(
        connection,
        of.id,
        of=OPEN,
        before_text=change.before,
        before_digest=change.before_digest,
        after_digest=change.after_digest,
    )


def finish(
    of: Correction, context: Context, state: str, before: str, after: str, reason: str
) -> None:
    """Call a correction accepted or undone, now that its entry is written, with the audit line."""

    def act(connection: Connection) -> None:
        kept = context.now + KEPT_DECIDED
        was: tuple[str, ...] = OPEN
        values: dict[str, object] = {"decided_at": context.now, "delete_after": kept}
        if state == "undone":
            was, values = ("accepted",), {**values, "before_text": None, "after_digest": None}
        if store.change(connection, of.id, of=was, state=state, **values):
            line = audit.line(
                f"correction.{state}",
                of.reference,
                actor=context.actor,
                at=context.now,
                before=before,
                after=after,
                reason=reason,
            )
            insert_rows(connection, [line])

    context.database.write_now(act)


def _keep_theirs(of: Correction, change: EntryChange, context: Context, they_agreed: bool) -> None:
    """Refuse to publish what a visitor gave only to be asked back at."""
    if they_agreed or of.sealed is None:
        return
    reach = context.encryption.decrypt_as(of.id, of.sealed, Private).reach_at
    new = [one[1:] for one in change.diff.splitlines() if one.startswith("+")]
    number = re.sub(r"\D", "", reach)
    digits = [re.sub(r"\D", "", one) for one in new]
    mails = re.findall(r"\S+@\S+", reach)
    if any(mail in one for mail in mails for one in new) or (
        len(number) >= 6 and any(number in one for one in digits)
    ):
        raise TheirsToKeep

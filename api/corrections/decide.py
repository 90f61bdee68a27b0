"""What an operator decides about a correction: write the change, leave it, or take it back.

The order survives a crash: the store notes both digests and the old text, then the file is swapped
whole, then the correction is called accepted. Repeating finishes what was begun. A lock keeps two
deciders apart, and a file that changed since it was shown is never written over.
"""

import hashlib
import re

from sqlalchemy import Connection

from api.access import audit
from api.corrections import store
from api.corrections.change import Mending, faults_of
from api.corrections.store import KEPT_DECIDED, OPEN, Correction, Private
from api.desk import Desk
from api.entries import Unfit, alone, put_in_place
from api.refusals import Conflict, Missing
from api.store.writer import insert_rows
from catalogue.catalogue import Catalogue


class NotThere(Missing):
    """No correction bears this reference."""

    sentence = "There is no correction with this reference."


class ChangedSince(Conflict):
    """The file is another one than the operator saw."""

    sentence = "The entry was not shown as it stands now. Show the correction again, then decide."


class DecidedBefore(Conflict):
    """It was accepted or rejected already."""

    sentence = "It has been decided before. Nothing was changed."


class NothingToWrite(Conflict):
    """There is no change to make."""

    sentence = (
        "That would change nothing. Say what to write, such as --set cost[0].price_pence=300."
    )


class TheirsToKeep(Conflict):
    """The change holds the number or address a visitor gave to be asked back at."""

    sentence = (
        "The change holds what the visitor gave us to be reached at. If that is what is to be "
        "published, and they agreed, say --they-agreed."
    )


def correction(connection: Connection, reference: str) -> Correction:
    """Return the correction of a reference. Raises NotThere."""
    found = store.find(connection, reference)
    if found is None:
        raise NotThere
    return found


def note_seen(of: Correction, desk: Desk, file: Mending | None) -> None:
    """Write down that an operator read it, and which text of the entry they saw."""

    def act(connection: Connection) -> None:
        seen = file.before_digest if file else ""
        store.change(connection, of.id, of=OPEN, seen_digest=seen)
        line = audit.line("correction.read", of.reference, actor=desk.operator, at=desk.now)
        insert_rows(connection, [line])

    desk.database.write_now(act)


def accept(
    of: Correction,
    change: Mending,
    desk: Desk,
    catalogue: Catalogue,
    *,
    reason: str = "",
    they_agreed: bool = False,
) -> None:
    """Write a change that was shown. Harmless when repeated.

    Raises ChangedSince, NothingToWrite, Unfit, TheirsToKeep or DecidedBefore, with nothing written.
    """
    if change.before == change.after:
        raise NothingToWrite
    _keep_theirs(of, change, desk, they_agreed)
    faults = faults_of(change, desk.project, catalogue)
    if faults:
        raise Unfit(faults)
    with alone(desk.project):
        file = desk.project / change.path
        if not file.is_file() or file.read_bytes() != change.before:
            raise ChangedSince
        desk.database.write_now(lambda write: _begin(write, of, change))
        put_in_place(file, change.after)
        _finish(of, desk, "accepted", change.before_digest, change.after_digest, reason)


def finish_begun(of: Correction, desk: Desk, catalogue: Catalogue) -> bool:
    """Call a correction accepted whose change was written before a crash; say whether it was so."""
    activity = catalogue.activity(of.activity)
    with alone(desk.project):
        if of.state not in OPEN or not of.after_digest or activity is None:
            return False
        written = hashlib.sha256((desk.project / activity.path).read_bytes()).hexdigest()
        if written != of.after_digest:
            return False
        _finish(of, desk, "accepted", of.before_digest, of.after_digest, "")
        return True


def reject(reference: str, reason: str, desk: Desk) -> None:
    """Leave the entry as it is. Raises NotThere or DecidedBefore."""

    def act(connection: Connection) -> None:
        found = correction(connection, reference)
        values = {"decided_at": desk.now, "delete_after": desk.now + KEPT_DECIDED}
        if not store.change(connection, found.id, of=OPEN, state="rejected", **values):
            raise DecidedBefore
        line = audit.line(
            "correction.rejected", reference, actor=desk.operator, at=desk.now, reason=reason
        )
        insert_rows(connection, [line])

    desk.database.write_now(act)


def undo(of: Correction, desk: Desk, catalogue: Catalogue, reason: str = "") -> bool:
    """Put the old text back, and the correction into the queue; False where nothing was to undo.

    Raises ChangedSince where somebody has changed the entry after that, DecidedBefore where it was
    never accepted or the time to undo is over, Unfit where the old text has faults by now.
    """
    if of.state == "undone":
        return False
    activity = catalogue.activity(of.activity)
    if of.state != "accepted" or of.before_text is None or activity is None:
        raise DecidedBefore
    file = desk.project / activity.path
    with alone(desk.project):
        now = file.read_bytes()
        back = Mending(activity.path, now, of.before_text)
        if back.before_digest not in (of.after_digest, of.before_digest):
            raise ChangedSince
        faults = faults_of(back, desk.project, catalogue)
        if faults:
            raise Unfit(faults)
        put_in_place(file, of.before_text)
        _finish(of, desk, "undone", of.after_digest, of.before_digest, reason)
    return True


def _begin(connection: Connection, of: Correction, change: Mending) -> None:
    """Note what is about to be written, if it is what was shown and nobody was quicker."""
    now = correction(connection, of.reference)
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


def _finish(of: Correction, desk: Desk, state: str, before: str, after: str, reason: str) -> None:
    def act(connection: Connection) -> None:
        kept = desk.now + KEPT_DECIDED
        was: tuple[str, ...] = OPEN
        values: dict[str, object] = {"decided_at": desk.now, "delete_after": kept}
        if state == "undone":
            was, values = ("accepted",), {**values, "before_text": None, "after_digest": None}
        if store.change(connection, of.id, of=was, state=state, **values):
            line = audit.line(
                f"correction.{state}",
                of.reference,
                actor=desk.operator,
                at=desk.now,
                before=before,
                after=after,
                reason=reason,
            )
            insert_rows(connection, [line])

    desk.database.write_now(act)


def _keep_theirs(of: Correction, change: Mending, desk: Desk, they_agreed: bool) -> None:
    """Refuse to publish what a visitor gave only to be asked back at."""
    if they_agreed or of.sealed is None:
        return
    reach = desk.vault.open_as(of.id, of.sealed, Private).reach_at
    new = [one[1:] for one in change.diff.splitlines() if one.startswith("+")]
    number = re.sub(r"\D", "", reach)
    digits = [re.sub(r"\D", "", one) for one in new]
    mails = re.findall(r"\S+@\S+", reach)
    if any(mail in one for mail in mails for one in new) or (
        len(number) >= 6 and any(number in one for one in digits)
    ):
        raise TheirsToKeep

"""Taking a decision back, as long as nothing irreversible has gone out.

What was decided with a letter can be undone until the letter leaves; it is called back unread. A
letter that has left cannot be, and that is said. Where no letter tells of it, there is a week.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from api.content_files import atomic_write
from api.content_files.atomic_write import alone
from api.context import Context
from api.errors import Conflict
from api.features.pledges.register.entry_file import PUBLISHED, WITHDRAWN, set_status, take_away
from api.features.pledges.register.publish import REPLACES
from api.features.pledges.review import decisions_store
from api.features.pledges.review.decide import Guard, no_condition, sign_up
from api.features.pledges.review.decisions_store import Decision
from api.features.pledges.store import SignUp
from api.mail import outbox
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop

UNDONE_WITHIN = timedelta(days=7)
LEADS_TO = {
    "publish": "published",
    "ask": "asked",
    "hold": "held",
    "reject": "rejected",
    "remove": "withdrawn",
    "hide": "hidden",
    "show": "published",
}
"""The stage each act leads to: whoever moved on from there has nothing to undo."""


class NothingToUndo(Conflict):
    """Nothing was decided, or something else has happened since."""

    sentence = gettext_noop(
        "There is nothing to undo: it has moved on since, or too much time has gone."
    )


class TookAPlace(Conflict):
    """Publishing it ended an older promise of the same signatory, whose entry it took."""

    sentence = gettext_noop(
        "It took the place of an older promise, and cannot be undone: take it off."
    )


class LetterLeft(Conflict):
    """The signer has been told."""

    sentence = gettext_noop("The letter about it has left and cannot be called back: decide anew.")


class Undoable(msgspec.Struct, frozen=True):
    """The decision that could be undone now, and until when; None where no letter sets an end."""

    decision: Decision
    until: datetime


def undoable(
    connection: Connection, of: SignUp, now: datetime, *, within: timedelta = UNDONE_WITHIN
) -> Undoable:
    """Return what could be undone. Raises `NothingToUndo`, `TookAPlace` or `LetterLeft`."""
    last = next(iter(decisions_store.of_sign_up(connection, of.id)), None)
    if last is None or last.undone_at or LEADS_TO.get(last.act) != of.stage:
        raise NothingToUndo
    if last.code == REPLACES:
        raise TookAPlace
    until = last.decided_at + within
    if last.letter_id:
        leaves = outbox.leaves_at(connection, last.letter_id)
        if leaves is None:
            raise LetterLeft
        until = leaves
    elif until <= now:
        raise NothingToUndo
    return Undoable(last, until)


def undo(reference: str, context: Context, guard: Guard = no_condition) -> str:
    """Take the last decision back, and return which act it was.

    What it did to the entry is done first: a crash in between is mended by undoing again. Raises
    `NotThere`, `NothingToUndo`, `LetterLeft`, `Unfit`, `AlreadyThere` where another one stands in
    its place by now, and what `guard` raises.
    """

    def look(connection: Connection) -> tuple[SignUp, Undoable]:
        found = sign_up(connection, reference)
        guard(connection, found)
        return found, undoable(connection, found, context.now)

    with alone(context.project):
        found, last = context.database.read_now(look)
        file = context.project / found.entry_path if found.entry_path else None
        stood = file.read_bytes() if file and file.is_file() else None
        _mend_entry(found, last.decision, context)
        try:
            context.database.write_now(lambda write: _put_back(write, reference, context, guard))
        except Exception:
            if file and stood is not None:  # such as a letter that left this very moment
                atomic_write.put_in_place(file, stood)
            raise
    return last.decision.act


def _put_back(connection: Connection, reference: str, context: Context, guard: Guard) -> None:
    found = sign_up(connection, reference)
    guard(connection, found)
    last = undoable(connection, found, context.now).decision
    if last.letter_id and not outbox.call_back(connection, last.letter_id):
        raise LetterLeft
    was = last.before
    if last.act == "publish":  # the name is free again
        was = msgspec.structs.replace(was, entry_path=None)
    decisions_store.put_back(connection, found.id, was)
    decisions_store.note_undone(connection, last.id, context.now)
    line = audit.line(
        "sign_up.undone", reference, actor=context.actor, at=context.now, act=last.act
    )
    insert_rows(connection, [line])


def _mend_entry(of: SignUp, last: Decision, context: Context) -> None:
    """Make the entry again what it was before the decision."""
    if not of.entry_path:
        return
    if last.act == "publish":
        take_away(context.project, of.entry_path)
    elif last.act in ("remove", "hide"):
        status = WITHDRAWN if last.before.hidden_at else PUBLISHED
        set_status(context.project, of.entry_path, status)
    elif last.act == "show":
        set_status(context.project, of.entry_path, WITHDRAWN)

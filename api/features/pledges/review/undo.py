"""Taking a decision back, as long as nothing irreversible has gone out.

What was decided with a letter can be undone until the letter leaves; it is called back unread. A
letter that has left cannot be, and that is said. Where no letter tells of it, there is a week: see
`api/moderation/undo.py`.
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
from api.features.pledges.review.decide import find_sign_up
from api.features.pledges.review.decisions_store import Decision
from api.features.pledges.store import SignUp
from api.moderation import decisions
from api.moderation.decisions import Guard, no_condition
from api.moderation.undo import UNDO_WITHIN, NothingToUndo, call_letter_back, undo_until
from api.store import audit
from api.store.database import Row
from catalogue.i18n.gettext import gettext_noop

LEADS_TO = {
    "publish": "published",
    "ask": "asked",
    "hold": "held",
    "reject": "rejected",
    "remove": "withdrawn",
    "hide": "hidden",
    "show": "published",
}
"""The stage each decision leads to: whoever moved on from there has nothing to undo."""


class PlaceTaken(Conflict):
    """Publishing it ended an older promise of the same signatory, whose entry it took."""

    code = "took-a-place"
    sentence = gettext_noop(
        "It took the place of an older promise, and cannot be undone: take it off."
    )


class Undoable(msgspec.Struct, frozen=True):
    """The decision that could be undone now, and until when; None where no letter sets an end."""

    decision: Decision
    until: datetime


def undoable(
    connection: Connection, sign_up: SignUp, now: datetime, *, within: timedelta = UNDO_WITHIN
) -> Undoable:
    """Return what could be undone. Raises `NothingToUndo`, `PlaceTaken` or `LetterLeft`."""
    last = next(iter(decisions_store.of_sign_up(connection, sign_up.id)), None)
    if last is None or last.undone_at or LEADS_TO.get(last.act) != sign_up.stage:
        raise NothingToUndo
    if last.code == REPLACES:
        raise PlaceTaken
    until = undo_until(connection, last.decided_at, last.letter_id, now, within)
    return Undoable(last, until)


def undo(reference: str, context: Context, guard: Guard = no_condition) -> str:
    """Take the last decision back, and return which one it was.

    What it did to the entry is done first: a crash in between is mended by undoing again. Raises
    `SignUpNotFound`, `NothingToUndo`, `LetterLeft`, `Unfit`, `UniqueViolation` where another one
    stands in its place by now, and what `guard` raises.
    """

    def read_rows(connection: Connection) -> tuple[SignUp, Decision]:
        sign_up = find_sign_up(connection, reference)
        guard(connection, sign_up)
        return sign_up, undoable(connection, sign_up, context.now).decision

    def change(connection: Connection, sign_up: SignUp) -> list[Row]:
        return _restore_sign_up(connection, sign_up, context)

    with alone(context.project):
        sign_up, last = context.database.read_now(read_rows)
        file = context.project / sign_up.entry_path if sign_up.entry_path else None
        text = file.read_bytes() if file and file.is_file() else None
        _restore_entry(sign_up, last, context)
        try:
            decisions.decide(context, reference, find_sign_up, guard, change)
        except Exception:
            if file and text is not None:  # such as a letter that left this very moment
                atomic_write.put_in_place(file, text)
            raise
    return last.act


def _restore_sign_up(connection: Connection, sign_up: SignUp, context: Context) -> list[Row]:
    last = undoable(connection, sign_up, context.now).decision
    call_letter_back(connection, last.letter_id)
    before = last.before
    if last.act == "publish":  # the name is free again
        before = msgspec.structs.replace(before, entry_path=None)
    decisions_store.restore(connection, sign_up.id, before)
    decisions_store.mark_undone(connection, last.id, context.now)
    action, detail = "sign_up.undone", {"act": last.act}
    return [
        audit.new_event(action, sign_up.reference, actor=context.actor, at=context.now, **detail)
    ]


def _restore_entry(sign_up: SignUp, last: Decision, context: Context) -> None:
    """Make the entry again what it was before the decision."""
    if not sign_up.entry_path:
        return
    if last.act == "publish":
        take_away(context.project, sign_up.entry_path)
    elif last.act in ("remove", "hide"):
        status = WITHDRAWN if last.before.hidden_at else PUBLISHED
        set_status(context.project, sign_up.entry_path, status)
    elif last.act == "show":
        set_status(context.project, sign_up.entry_path, WITHDRAWN)

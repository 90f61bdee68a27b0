"""One look at a sign-up: it is held for who looks, and that it was read is written down."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.disputes.store import Dispute
from api.features.pledges.review import decide, decisions_store, locks
from api.features.pledges.review.history import history
from api.features.pledges.review.locks import Lock
from api.features.pledges.review.undo import (
    LetterLeft,
    NothingToUndo,
    TookAPlace,
    Undoable,
    undoable,
)
from api.features.pledges.store import SignUp
from api.moderation.history import HistoryEntry, lines
from api.security.encryption import Encryption
from api.staff import people
from api.staff.sign_in import SignedInStaff
from api.store import audit
from api.store.writer import insert_rows


class OpenedSignUp(msgspec.Struct, frozen=True):
    """All that one look at a sign-up finds, at one moment."""

    sign_up: SignUp
    lock: Lock
    version: int
    decisions: tuple[decisions_store.Decision, ...]
    history: tuple[HistoryEntry, ...]
    names: dict[str, str]
    disputes: tuple[Dispute, ...]
    undoable: Undoable | None
    letter_left: bool


def read(
    connection: Connection,
    reference: str,
    staff: SignedInStaff,
    encryption: Encryption,
    now: datetime,
) -> OpenedSignUp:
    """Hold a sign-up, write down that it is read, and return all there is about it.

    Raises `NotThere`.
    """
    found = decide.sign_up(connection, reference)
    lock = locks.take(connection, found, staff.id, now)
    line = audit.line("sign_up.read", reference, actor=staff.actor, at=now)
    insert_rows(connection, [line])
    names = people.names_by_id(connection, encryption)
    last, left = None, False
    try:
        last = undoable(connection, found, now)
    except LetterLeft:
        left = True
    except (NothingToUndo, TookAPlace):
        pass
    return OpenedSignUp(
        sign_up=found,
        lock=lock,
        version=locks.version(connection, reference),
        decisions=tuple(decisions_store.of_sign_up(connection, found.id)),
        history=history(lines(connection, reference), names),
        names=names,
        disputes=tuple(dispute_store.of_sign_up(connection, found.id)),
        undoable=last,
        letter_left=left,
    )

"""One look at a sign-up: it is held for who looks, and that it was read is written down."""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.disputes.store import Dispute
from api.features.pledges.review import decide, decisions_store
from api.features.pledges.review.history import HISTORY_RULES
from api.features.pledges.review.queue_store import LOCKS
from api.features.pledges.review.undo import PlaceTaken, Undoable, undoable
from api.features.pledges.store import SignUp
from api.moderation.decisions import version
from api.moderation.history import HistoryEntry, history, lines
from api.moderation.lock_store import Lock
from api.moderation.undo import LetterLeft, NothingToUndo
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

    Raises `SignUpNotFound`.
    """
    sign_up = decide.find_sign_up(connection, reference)
    lock = LOCKS.take(connection, sign_up.id, staff.id, now)
    line = audit.new_event("sign_up.read", reference, actor=staff.actor, at=now)
    insert_rows(connection, [line])
    names = people.names_by_id(connection, encryption)
    last, letter_left = None, False
    try:
        last = undoable(connection, sign_up, now)
    except LetterLeft:
        letter_left = True
    except (NothingToUndo, PlaceTaken):
        pass
    return OpenedSignUp(
        sign_up=sign_up,
        lock=lock,
        version=version(connection, reference, HISTORY_RULES),
        decisions=tuple(decisions_store.of_sign_up(connection, sign_up.id)),
        history=history(lines(connection, reference), names, HISTORY_RULES),
        names=names,
        disputes=tuple(dispute_store.of_sign_up(connection, sign_up.id)),
        undoable=last,
        letter_left=letter_left,
    )

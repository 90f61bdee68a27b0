"""One reviewer at a time: who opens a sign-up holds it for half an hour, and looking renews it.

Whoever comes second sees who holds it and cannot decide; they may take it over, which is written
down. A decision also says which state of things it was taken on, and is refused on any other.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection, delete, or_, select, update

from api.errors import Conflict
from api.features.pledges.review.decide import Guard
from api.features.pledges.store import SignUp
from api.moderation.decisions import expect_unchanged
from api.store import audit, schema
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop

HELD_FOR = timedelta(minutes=30)
QUIET = (
    "sign_up.read",
    "sign_up.lock_taken_over",
    "sign_up.repeated",
    "sign_up.link_sent_again",
)
"""Lines about a sign-up that change nothing of it."""

_lock = schema.sign_up_lock


class Lock(msgspec.Struct, frozen=True):
    """Who holds a sign-up, until when."""

    staff_id: str
    ends_at: datetime


class NotHeld(Conflict):
    """Somebody else holds the sign-up, or nobody does any more."""

    sentence = gettext_noop("Somebody else is reading this one, or your half hour is over.")


def take(connection: Connection, of: SignUp, staff_id: str, now: datetime) -> Lock:
    """Hold a sign-up, or return who holds it already. Holding it again renews it."""
    mine = Lock(staff_id, now + HELD_FOR)
    free = or_(_lock.c.staff_id == staff_id, _lock.c.ends_at <= now)
    values = {"staff_id": staff_id, "taken_at": now, "ends_at": mine.ends_at}
    renewed = update(_lock).where(_lock.c.sign_up_id == of.id, free).values(**values)
    if connection.execute(renewed).rowcount:
        return mine
    if other := holder(connection, of.id, now):
        return other
    insert_rows(connection, [(_lock, {"sign_up_id": of.id, **values})])
    return mine


def take_over(connection: Connection, of: SignUp, staff_id: str, actor: str, now: datetime) -> None:
    """Hold a sign-up whoever held it, and write down from whom it was taken."""
    other = holder(connection, of.id, now)
    connection.execute(delete(_lock).where(_lock.c.sign_up_id == of.id))
    take(connection, of, staff_id, now)
    if other and other.staff_id != staff_id:
        taken = {"from": f"staff {other.staff_id}"}
        line = audit.line("sign_up.lock_taken_over", of.reference, actor=actor, at=now, **taken)
        insert_rows(connection, [line])


def let_go(connection: Connection, of: SignUp, staff_id: str) -> None:
    """Let others have it."""
    own = (_lock.c.sign_up_id == of.id, _lock.c.staff_id == staff_id)
    connection.execute(delete(_lock).where(*own))


def holder(connection: Connection, sign_up_id: str, now: datetime) -> Lock | None:
    """Return who holds a sign-up at this moment."""
    wanted = select(_lock.c.staff_id, _lock.c.ends_at).where(
        _lock.c.sign_up_id == sign_up_id, _lock.c.ends_at > now
    )
    found = connection.execute(wanted).first()
    return Lock(found.staff_id, found.ends_at) if found else None


def holders(connection: Connection, sign_up_ids: Sequence[str], now: datetime) -> dict[str, str]:
    """Return who (staff id) holds which of these sign-ups."""
    wanted = select(_lock.c.sign_up_id, _lock.c.staff_id).where(
        _lock.c.sign_up_id.in_(sign_up_ids), _lock.c.ends_at > now
    )
    return {found.sign_up_id: found.staff_id for found in connection.execute(wanted)}


def version(connection: Connection, reference: str) -> int:
    """Return the number of the last line in the audit trail that changed a sign-up."""
    return audit.last_change(connection, reference, QUIET)


def held_by(staff_id: str, seen: int, now: datetime) -> Guard:
    """Return what must hold for a reviewer's decision: their lock, and the version they saw.

    It raises `ChangedSinceShown` first: what has changed matters more than who holds it now.
    """

    def guard(connection: Connection, of: SignUp) -> None:
        expect_unchanged(connection, of.reference, seen, QUIET)
        lock = holder(connection, of.id, now)
        if lock is None or lock.staff_id != staff_id:
            raise NotHeld

    return guard

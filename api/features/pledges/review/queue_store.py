"""What waits for a reviewer, who reads what, and what was decided lately: the public half only."""

from sqlalchemy import Connection, select

from api.features.pledges import store
from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.disputes.store import Dispute
from api.features.pledges.store import SignUp
from api.moderation.lock_store import Locks
from api.moderation.queue_store import PAGE_SIZE, Queue, QueuePage
from api.store import schema

WAITING = ("confirmed", "held")
DECIDED = ("published", "rejected", "withdrawn")

LOCKS = Locks(schema.sign_up_lock, take_over_action="sign_up.lock_taken_over")
_QUEUE = Queue(schema.sign_up, store.sign_up_from_row)
_sign_up = schema.sign_up


def list_waiting(connection: Connection, page: int) -> QueuePage[SignUp]:
    """Return what waits, the oldest first. Pages count from 1."""
    return _QUEUE.page(connection, WAITING, number=page)


def decided(connection: Connection, page: int) -> QueuePage[SignUp]:
    """Return what was decided, the latest first."""
    return _QUEUE.page(connection, DECIDED, decided=True, number=page)


def disputed(connection: Connection) -> list[tuple[Dispute, SignUp | None]]:
    """Return the open disputes, the oldest first, each with the sign-up it is about."""
    disputes = dispute_store.open_disputes(connection, PAGE_SIZE)
    ids = {dispute.sign_up_id for dispute in disputes if dispute.sign_up_id}
    rows = connection.execute(select(_sign_up).where(_sign_up.c.id.in_(ids)))
    by_id = {row.id: store.sign_up_from_row(row) for row in rows}
    return [(dispute, by_id.get(dispute.sign_up_id or "")) for dispute in disputes]


def count_waiting(connection: Connection) -> int:
    """Count what waits for staff: it is read, or an answer is awaited."""
    return _QUEUE.count(connection, WAITING) + dispute_store.count_open(connection)

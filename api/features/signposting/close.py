"""Closing a request: with one outcome of a closed list, and a gap where nothing fitted."""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.errors import Conflict, Missing
from api.features import gaps
from api.features.gaps import ANY, Gap
from api.features.signposting import store
from api.store import audit
from api.store.writer import insert_rows
from catalogue.outputs.formatting import LOCAL

OUTCOMES: Mapping[str, str] = {
    "connected": "the person goes along to something, or has somebody now",
    "signposted": "the person knows where to go",
    "answered": "a question was answered, nothing more was wanted",
    "referred_on": "another service took over, with the person's yes",
    "no_answer": "nobody could be reached, after several tries",
    "not_wanted": "the person did not want what was offered",
    "no_longer_needed": "the person had found something already",
    "not_eligible": "it is for others than this person",
    "no_capacity": "there is something, and it is full",
    "no_match": "there is nothing that fits: counted as a gap",
    "moved_away": "the person moved away",
    "died": "the person died",
    "duplicate": "the same request came before",
    "withdrawn": "the person took it back",
}
"""Outcome codes and what they mean. One person's refusal is not a provider's, nor is it a gap."""


class RequestNotFound(Missing):
    """No request has this reference."""

    code = "not-there"


class AlreadyClosed(Conflict):
    """It was closed already; the first outcome stands."""

    code = "closed-before"
    sentence = "This request was closed before. The first outcome stands."


class Closure(msgspec.Struct, frozen=True):
    """The outcome of a request. `kinds` (slugs) are what was missing, for `no_match`."""

    reference: str
    outcome: str
    kinds: tuple[str, ...]
    actor: str


def close_request(connection: Connection, closure: Closure, now: datetime) -> None:
    """Close a request in the caller's transaction. Raises `RequestNotFound` or `AlreadyClosed`."""
    request = store.find_request(connection, closure.reference)
    if request is None:
        raise RequestNotFound
    missing = closure.outcome == "no_match"
    state = "no_match" if missing else "closed"
    if not store.close_request(
        connection, closure.reference, state=state, outcome=closure.outcome, now=now
    ):
        raise AlreadyClosed
    if missing:
        _count_gaps(connection, request[0], closure.kinds, now)
    event = audit.new_event(
        "signposting_request.closed",
        closure.reference,
        actor=closure.actor,
        at=now,
        outcome=closure.outcome,
    )
    insert_rows(connection, [event])


def _count_gaps(
    connection: Connection, request: store.RequestSummary, kinds: tuple[str, ...], now: datetime
) -> None:
    """Count what was missing, by area and month: the kinds named, else the needs ticked."""
    month = f"{now.astimezone(LOCAL):%Y-%m}"
    area = request.place or ANY
    missing = [(kind, "") for kind in kinds] or [(ANY, need) for need in request.needs]
    counts = {Gap(month, area, kind, need): 1 for kind, need in missing or [(ANY, "")]}
    gaps.add_gaps(connection, counts)

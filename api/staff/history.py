"""The audit trail about one reference as its reviewers read it: when, who, what, in words.

What an action of a feature is called is the feature's affair: it brings its own table of it.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from api.security.encryption import Encryption
from api.staff import people
from api.store import audit
from api.store.audit import Line
from catalogue.i18n.gettext import _
from catalogue.outputs.formatting import LOCAL, clock, day

LINES_AT_MOST = 200
EVER = audit.EVER


class Happened(msgspec.Struct, frozen=True):
    """One line of the history. `seq` is its number in the trail."""

    seq: int
    at: str
    who: str
    what: str


def lines(connection: Connection, reference: str) -> list[Line]:
    """Return the trail about one reference, the newest first."""
    return audit.newest(connection, LINES_AT_MOST, before=EVER, about=reference)


def staff_names(connection: Connection, encryption: Encryption) -> dict[str, str]:
    """Return the names of all who ever worked here, by id."""
    return {one.id: one.name for one in people.entries(connection, encryption)}


def told(
    trail: Sequence[Line], names: Mapping[str, str], read: str, what: Callable[[Line], str]
) -> tuple[Happened, ...]:
    """Return a trail in words; one person's readings (`read`) running are told once."""
    shown: list[Happened] = []
    for one in trail:
        happened = Happened(
            seq=one.seq,
            at=f"{day(one.at.astimezone(LOCAL).date())}, {clock(one.at)}",
            who=who(one.actor, names),
            what=what(one),
        )
        if one.action == read and shown and _same(shown[-1], happened):
            continue
        shown.append(happened)
    return tuple(shown)


def who(actor: str, names: Mapping[str, str]) -> str:
    """Return the name of who acted: of staff their own, of the rest what they are."""
    kind, _sep, staff_id = actor.partition(" ")
    if kind == "staff":
        return names.get(staff_id, _("Somebody who worked here"))
    return _("A visitor") if actor == "visitor" else actor


def _same(one: Happened, other: Happened) -> bool:
    return (one.who, one.what) == (other.who, other.what)

"""What happened to a sign-up, as the audit trail has it, in words: when, who, what."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from api.access import audit, people
from api.access.audit import Line
from api.pledges import reasons
from api.vault import Vault
from catalogue.tongue import _, later
from catalogue.words import LOCAL, clock, day

LINES_AT_MOST = 200
EVER = 2**31

SAID: Mapping[str, str] = {
    "sign_up.received": later("Signed."),
    "sign_up.held": later("Signed, and held."),
    "sign_up.confirmed": later("Confirmed by the link in the letter."),
    "sign_up.repeated": later("Signed again. Nothing was changed."),
    "sign_up.link_sent_again": later("Asked for the letter again."),
    "sign_up.lapsed": later("Nobody confirmed it in time."),
    "sign_up.released": later("Let it go on."),
    "sign_up.read": later("Read all of it."),
    "sign_up.lock_taken_over": later("Took it over from somebody else."),
    "sign_up.published": later("Published it."),
    "sign_up.asked": later("Asked the signer a question."),
    "sign_up.put_on_hold": later("Put it on hold."),
    "sign_up.rejected": later("Refused it."),
    "sign_up.removed": later("Took it off the register."),
    "sign_up.hidden": later("Hid it."),
    "sign_up.disputed": later("Said that it is not right."),
    "sign_up.dispute_settled": later("Looked at what was said against it, and left it."),
    "promise.renewed": later("Renewed."),
    "promise.withdrawn": later("Withdrawn by whoever made it."),
    "promise.reminded": later("Reminded of it."),
    "promise.change_proposed": later("Sent new words."),
    "sign_up.shown_again": later("Showed it again."),
    "sign_up.undone": later("Took the last decision back."),
    "sign_up.replaced": later("A promise to newer words took its place."),
    "letter.failed": later("A letter could not be delivered."),
}


class Happened(msgspec.Struct, frozen=True):
    """One line of the history. `seq` is its number in the trail."""

    seq: int
    at: str
    who: str
    what: str


def lines(connection: Connection, reference: str) -> list[Line]:
    """Return the trail about one reference, the newest first."""
    return audit.newest(connection, LINES_AT_MOST, before=EVER, about=reference)


def staff_names(connection: Connection, vault: Vault) -> dict[str, str]:
    """Return the names of all who ever worked here, by id."""
    return {one.id: one.name for one in people.entries(connection, vault)}


def told(trail: Sequence[Line], names: Mapping[str, str]) -> tuple[Happened, ...]:
    """Return a trail in words; the same thing done twice running by one person is told once."""
    shown: list[Happened] = []
    for one in trail:
        happened = Happened(
            seq=one.seq,
            at=f"{day(one.at.astimezone(LOCAL).date())}, {clock(one.at)}",
            who=who(one.actor, names),
            what=_what(one),
        )
        if one.action == "sign_up.read" and shown and _same(shown[-1], happened):
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


def _what(one: Line) -> str:
    said = _(SAID[one.action]) if one.action in SAID else one.action
    why = reasons.title(str(one.detail.get("reason", "")))
    return f"{said} {_(why)}." if why else said

"""What a moderator decides besides publishing: to refuse a sign-up, or to let a held one go on.

A refusal keeps its reason. Whoever never confirmed an address is not written to at it.
"""

from datetime import timedelta

from sqlalchemy import Connection

from api.access import audit
from api.desk import Desk
from api.mail import letter, outbox
from api.pledges import store
from api.pledges.confirm import public_name
from api.pledges.links import Means, confirm_rows
from api.pledges.store import Private, SignUp
from api.refusals import Conflict, Missing
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.catalogue import Catalogue

KEPT_REFUSED = timedelta(days=90)
OPEN = ("awaiting_confirmation", "confirmed", "held")


class NotThere(Missing):
    """No sign-up bears this reference."""

    sentence = "There is no sign-up with this reference."


class NotConfirmed(Conflict):
    """Nobody has pressed the button in the letter yet."""

    sentence = "It is not confirmed yet: only its signer can do that, by the link in the letter."


class Held(Conflict):
    """A hidden field was filled in, and nobody has been written to."""

    sentence = "It is held: see whether a person sent it, then release it or reject it."


class DecidedBefore(Conflict):
    """It was published, refused, withdrawn, or its time ran out."""

    sentence = "It has been decided before, or its time ran out. Nothing was changed."


def sign_up(connection: Connection, reference: str) -> SignUp:
    """Return the sign-up of a reference. Raises `NotThere`."""
    found = store.find(connection, reference)
    if found is None:
        raise NotThere
    return found


def reject(reference: str, why: str, desk: Desk, catalogue: Catalogue) -> None:
    """Refuse a sign-up with a reason, which its signer is told if the address was confirmed.

    Raises `NotThere` or `DecidedBefore`.
    """

    def act(connection: Connection) -> None:
        found = sign_up(connection, reference)
        _settle(connection, found, why, desk)
        rows = [
            audit.line(
                "sign_up.rejected", reference, actor=desk.operator, at=desk.now, was=found.state
            )
        ]
        if found.state == "confirmed" and found.sealed is not None:
            rows.append(_refusal(found, why, desk, catalogue))
        insert_rows(connection, rows)

    desk.database.write_now(act)


def release(reference: str, desk: Desk, catalogue: Catalogue) -> None:
    """Let a held sign-up go on: its signer gets the letter that everybody gets.

    Raises `NotThere`, `DecidedBefore`, or `AlreadyThere` where another one stands by now.
    """

    def act(connection: Connection) -> None:
        found = sign_up(connection, reference)
        if not store.move(connection, found.id, of=("held",), to="awaiting_confirmation"):
            raise DecidedBefore
        waiting = sign_up(connection, reference)
        private = desk.vault.open_as(found.id, found.sealed or b"", Private)
        means = Means(
            desk.database, desk.vault, desk.settings, catalogue, lambda address: True, desk.now
        )
        line = audit.line("sign_up.released", reference, actor=desk.operator, at=desk.now)
        insert_rows(connection, [line, *confirm_rows(waiting, private, means)])

    desk.database.write_now(act)


def _settle(connection: Connection, of: SignUp, why: str, desk: Desk) -> None:
    refused = store.move(
        connection,
        of.id,
        of=OPEN,
        to="rejected",
        decided_at=desk.now,
        decision_why=why,
        entry_path=None,
        delete_after=desk.now + KEPT_REFUSED,
    )
    if not refused:
        raise DecidedBefore


def _refusal(of: SignUp, why: str, desk: Desk, catalogue: Catalogue) -> Row:
    private = desk.vault.open_as(of.id, of.sealed or b"", Private)
    pledge = catalogue.pledge(of.pledge)
    written = letter.compose(
        "pledges/rejected",
        to=private.contact_email,
        context={
            "pledge": pledge.title if pledge else of.pledge,
            "name": public_name(of, private, catalogue.taxonomy),
            "why": why,
        },
    )
    return outbox.queued(desk.vault, written, now=desk.now, about=of.reference)

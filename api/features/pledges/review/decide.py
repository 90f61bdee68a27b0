"""What a moderator decides besides publishing, one table of it: ask, hold, refuse, take off, hide.

A decision, its audit line and its letter are one transaction. The letter waits `CALLED_BACK_FOR`
before it leaves; until then the decision can be undone (`undo.py`). Whoever never confirmed an
address is not written to at it.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict, FieldFault, Invalid, Missing
from api.features.pledges import store
from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.review import decisions_store, reasons
from api.features.pledges.review.decisions_store import Decision, Words
from api.features.pledges.signing.confirm import public_name
from api.features.pledges.signing.confirmation_letters import confirm_rows
from api.features.pledges.store import Private, SignUp
from api.mail import letters as letter
from api.mail import outbox
from api.security.contact_text import is_plain
from api.security.references import new_id
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.build.templates import service
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue

CALLED_BACK_FOR = timedelta(minutes=10)
"""So long a letter about a decision waits: what was decided by mistake is undone unread."""
KEPT_REFUSED = timedelta(days=90)
KEPT_HELD = timedelta(days=180)
WORDS_CHARACTERS = 500


class NotThere(Missing):
    """No sign-up bears this reference."""

    sentence = gettext_noop("There is no sign-up with this reference.")


class NotConfirmed(Conflict):
    """Nobody has pressed the button in the letter yet."""

    sentence = gettext_noop(
        "It is not confirmed yet: only its signer can do that, by the link we sent."
    )


class Held(Conflict):
    """Something about it looks wrong, and it must be let go on first."""

    sentence = gettext_noop(
        "It is held: see whether a person sent it, then release it or reject it."
    )


class DecidedBefore(Conflict):
    """It was published, refused, withdrawn, or its time ran out."""

    sentence = gettext_noop("It has been decided before, or its time ran out. Nothing was changed.")


class DecisionNote(msgspec.Struct, frozen=True):
    """What goes with a decision: a reason's code, and words (a question, or a remark)."""

    code: str = ""
    words: str = ""


class DecisionType(msgspec.Struct, frozen=True):
    """One kind of decision: from which stages, what is written down, which letter tells of it."""

    name: str
    of: tuple[str, ...]
    action: str
    letter: str = ""
    needs: str = ""
    """`words`, or `reason`: one off its list in `reasons.py`."""


DECISION_TYPES: Mapping[str, DecisionType] = {
    one.name: one
    for one in (
        DecisionType("ask", ("confirmed", "asked"), "sign_up.asked", "pledges/question", "words"),
        DecisionType("hold", ("confirmed", "asked"), "sign_up.put_on_hold"),
        DecisionType(
            "reject",
            ("awaiting_confirmation", "confirmed", "asked", "held"),
            "sign_up.rejected",
            "pledges/rejected",
            "reason",
        ),
        DecisionType(
            "remove", ("published", "hidden"), "sign_up.removed", "pledges/removed", "reason"
        ),
        DecisionType("hide", ("published",), "sign_up.hidden", "pledges/hidden"),
        DecisionType("show", ("hidden",), "sign_up.shown_again", "pledges/shown"),
    )
}

Guard = Callable[[Connection, SignUp], None]
"""What else must hold for whoever decides, asked in its transaction; raises a DomainError."""


def no_condition(connection: Connection, of: SignUp) -> None:
    """Ask for nothing: an operator at the machine needs no lock."""


def sign_up(connection: Connection, reference: str) -> SignUp:
    """Return the sign-up of a reference. Raises `NotThere`."""
    found = store.find(connection, reference)
    if found is None:
        raise NotThere
    return found


def decide(
    reference: str,
    name: str,
    said: DecisionNote,
    context: Context,
    catalogue: Catalogue,
    guard: Guard = no_condition,
) -> None:
    """Decide about a sign-up by one of `DECISION_TYPES`.

    Raises `NotThere`, `DecidedBefore` where it is in no stage for it, `Invalid` without the reason
    or the words it needs, and what `guard` raises. `content_sync.py` shows
    again what is hidden, and takes out of the content what is taken off.
    """
    act = DECISION_TYPES[name]
    expect_sound(act, said)

    def acting(connection: Connection) -> None:
        found = sign_up(connection, reference)
        guard(connection, found)
        if found.stage not in act.of:
            raise DecidedBefore
        insert_rows(connection, taken(connection, found, act, said, context, catalogue))

    context.database.write_now(acting)


def taken(
    connection: Connection,
    of: SignUp,
    act: DecisionType,
    said: DecisionNote,
    context: Context,
    catalogue: Catalogue,
    **detail: audit.Detail,
) -> list[Row]:
    """Change a sign-up by an act; return the rows that tell of it, the decision's own first.

    Whoever calls has looked at its stage in this transaction, and inserts the rows in it.
    """
    rows = decision_rows(connection, of, act, said, context, catalogue, detail=detail)
    if act.name == "remove":
        dispute_store.settle_of_sign_up(connection, of.id, context.now)
    decisions_store.change(connection, of.id, **_changes(act.name, said, context.now))
    return rows


def settle(
    reference: str, context: Context, catalogue: Catalogue, guard: Guard = no_condition
) -> None:
    """Leave a disputed promise as it stands. Raises `NotThere`, `DecidedBefore` for none open."""

    def act(connection: Connection) -> None:
        found = sign_up(connection, reference)
        guard(connection, found)
        if not dispute_store.settle_of_sign_up(connection, found.id, context.now):
            raise DecidedBefore
        line = audit.line("sign_up.dispute_settled", reference, actor=context.actor, at=context.now)
        insert_rows(connection, [line])

    context.database.write_now(act)


def reject(reference: str, why: str, context: Context, catalogue: Catalogue) -> None:
    """Refuse a sign-up in words of one's own, which its signer is told if it was confirmed."""
    decide(reference, "reject", DecisionNote(reasons.OTHER, why), context, catalogue)


def release(
    reference: str, context: Context, catalogue: Catalogue, guard: Guard = no_condition
) -> None:
    """Let a held sign-up go on: to be read, or first to its signer with the usual letter.

    Raises `NotThere`, `DecidedBefore`, or `AlreadyThere` where another one stands by now.
    """

    def act(connection: Connection) -> None:
        found = sign_up(connection, reference)
        guard(connection, found)
        to = "confirmed" if found.confirmed_at else "awaiting_confirmation"
        if not store.move(connection, found.id, of=("held",), to=to):
            raise DecidedBefore
        line = audit.line("sign_up.released", reference, actor=context.actor, at=context.now)
        if found.confirmed_at:
            decisions_store.change(connection, found.id, delete_after=None)
            return insert_rows(connection, [line])
        waiting = sign_up(connection, reference)
        private = context.encryption.decrypt_as(found.id, found.sealed or b"", Private)
        return insert_rows(connection, [line, *confirm_rows(waiting, private, context)])

    context.database.write_now(act)


def decision_rows(
    connection: Connection,
    of: SignUp,
    act: DecisionType,
    said: DecisionNote,
    context: Context,
    catalogue: Catalogue,
    letter_context: Mapping[str, str] | None = None,
    detail: Mapping[str, audit.Detail] | None = None,
) -> list[Row]:
    """Return the rows of a decision: itself, its audit line, and its letter where there is one.

    `detail` stands in the audit line besides.
    """
    told = _letter(of, act, said, context, catalogue, letter_context or {})
    decision_id = new_id()
    decision = Decision(
        id=decision_id,
        sign_up_id=of.id,
        act=act.name,
        code=said.code,
        sealed=context.encryption.encrypt(decision_id, Words(said.words)) if said.words else None,
        before=decisions_store.before(connection, of.id),
        letter_id=str(told[0][1]["id"]) if told else "",
        actor=context.actor,
        decided_at=context.now,
    )
    reason = {"reason": said.code} if said.code else {}
    told_by = {"was": of.stage, **reason, **(detail or {})}
    line = audit.line(act.action, of.reference, actor=context.actor, at=context.now, **told_by)
    return [decisions_store.row(decision), line, *told]


def expect_sound(act: DecisionType, said: DecisionNote) -> None:
    """Raise `Invalid` for a decision that says too little, or more than a letter holds."""
    faults = []
    if act.needs == "words" and not said.words.strip():
        faults.append(FieldFault("words", _("Write the question.")))
    if act.needs == "reason" and reasons.reason(act.name, said.code) is None:
        faults.append(FieldFault("code", _("Choose a reason.")))
    if said.code == reasons.OTHER and not said.words.strip():
        faults.append(FieldFault("words", _("Write the reason.")))
    if len(said.words) > WORDS_CHARACTERS or not is_plain(said.words, lines=True):
        faults.append(FieldFault("words", _("Write it shorter, in plain letters.")))
    if faults:
        raise Invalid(*faults)


def _changes(name: str, said: DecisionNote, now: datetime) -> dict[str, object]:
    """Return what an act changes of a sign-up."""
    decided = {"decided_at": now, "decision_why": said.code, "asked_at": None, "hidden_at": None}
    refused = {**decided, "delete_after": now + KEPT_REFUSED}
    changes: dict[str, dict[str, object]] = {
        "ask": {"asked_at": now},
        "hold": {"state": "held", "asked_at": None, "delete_after": now + KEPT_HELD},
        "reject": {**refused, "state": "rejected", "entry_path": None},
        "remove": {**refused, "state": "withdrawn"},
        "hide": {"hidden_at": now},
        "show": {"hidden_at": None},
    }
    return changes[name]


def _letter(
    of: SignUp,
    act: DecisionType,
    said: DecisionNote,
    context: Context,
    catalogue: Catalogue,
    more: Mapping[str, str],
) -> list[Row]:
    if not act.letter or of.confirmed_at is None or of.sealed is None:
        return []
    private = context.encryption.decrypt_as(of.id, of.sealed, Private)
    if not private.contact_email:  # who signed on paper may have none
        return []
    pledge = catalogue.pledge(of.pledge)
    reason = reasons.reason(act.name, said.code)
    written = letter.compose(
        act.letter,
        to=private.contact_email,
        values={
            "pledge": pledge.title if pledge else of.pledge,
            "name": public_name(of, private, catalogue.taxonomy),
            "reference": of.reference,
            "why": _(reason.text) if reason and reason.text else "",
            "words": said.words.strip(),
            "phone": service(context.project).phone,
            **more,
        },
    )
    later_on = context.now + CALLED_BACK_FOR
    return [
        outbox.letter_row(
            context.encryption, written, now=context.now, about=of.reference, not_before=later_on
        )
    ]

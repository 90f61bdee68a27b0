"""What a moderator decides besides publishing, one table of it: ask, hold, refuse, take off, hide.

A decision, its audit line and its letter are one transaction. The letter waits `LETTER_DELAY`
before it leaves; until then the decision can be undone (`undo.py`). Whoever never confirmed an
address is not written to at it.
"""

from collections.abc import Mapping
from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict, FieldFault, Invalid, Missing
from api.features.pledges import store
from api.features.pledges.disputes import store as dispute_store
from api.features.pledges.review import decisions_store, reasons
from api.features.pledges.review.decisions_store import Decision, DecisionText
from api.features.pledges.signing.confirm import public_name
from api.features.pledges.signing.confirmation_letters import confirm_rows
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.moderation import decisions
from api.moderation.decisions import Guard, no_condition
from api.moderation.undo import LETTER_DELAY
from api.security.contact_text import is_plain
from api.security.references import new_id
from api.store import audit
from api.store.database import Row
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.personal_data import kept_for

KEPT_REFUSED = kept_for("refused")
KEPT_HELD = kept_for("held")
WORDS_CHARACTERS = 500


class SignUpNotFound(Missing):
    """No sign-up bears this reference."""

    code = "not-there"
    sentence = gettext_noop("There is no sign-up with this reference.")


class NotConfirmed(Conflict):
    """Nobody has pressed the button in the letter yet."""

    code = "not-confirmed"
    sentence = gettext_noop(
        "It is not confirmed yet: only its signer can do that, by the link we sent."
    )


class SignUpHeld(Conflict):
    """Something about it looks wrong, and it must be let go on first."""

    code = "held"
    sentence = gettext_noop(
        "It is held: see whether a person sent it, then release it or reject it."
    )


class SignUpAlreadyDecided(Conflict):
    """It was published, refused, withdrawn, or its time ran out."""

    code = "decided-before"
    sentence = gettext_noop("It has been decided before, or its time ran out. Nothing was changed.")


class DecisionNote(msgspec.Struct, frozen=True):
    """What goes with a decision: a reason's code, and words (a question, or a remark)."""

    code: str = ""
    words: str = ""


class DecisionType(msgspec.Struct, frozen=True):
    """One kind of decision: from which stages, what is written down, which letter tells of it."""

    name: str
    from_stages: tuple[str, ...]
    action: str
    letter: str = ""
    needs: str = ""
    """`words`, or `reason`: one off its list in `reasons.py`."""


DECISION_TYPES: Mapping[str, DecisionType] = {
    decision_type.name: decision_type
    for decision_type in (
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


def find_sign_up(connection: Connection, reference: str) -> SignUp:
    """Return the sign-up of a reference. Raises `SignUpNotFound`."""
    sign_up = store.find(connection, reference)
    if sign_up is None:
        raise SignUpNotFound
    return sign_up


def decide(
    reference: str,
    name: str,
    note: DecisionNote,
    context: Context,
    catalogue: Catalogue,
    guard: Guard = no_condition,
) -> None:
    """Decide about a sign-up by one of `DECISION_TYPES`.

    Raises `SignUpNotFound`, `SignUpAlreadyDecided` where it is in no stage for it, `Invalid`
    without the reason or the words it needs, and what `guard` raises. `content_sync.py` shows again
    what is hidden, and takes out of the content what is taken off.
    """
    decision_type = DECISION_TYPES[name]
    expect_valid_note(decision_type, note)

    def change(connection: Connection, sign_up: SignUp) -> list[Row]:
        if sign_up.stage not in decision_type.from_stages:
            raise SignUpAlreadyDecided
        return apply_decision(connection, sign_up, decision_type, note, context, catalogue)

    decisions.decide(context, reference, find_sign_up, guard, change)


def apply_decision(
    connection: Connection,
    sign_up: SignUp,
    decision_type: DecisionType,
    note: DecisionNote,
    context: Context,
    catalogue: Catalogue,
    **detail: audit.Detail,
) -> list[Row]:
    """Change a sign-up; return the rows that tell of it, the decision's own first.

    Whoever calls has looked at its stage in this transaction, and inserts the rows in it.
    """
    rows = decision_rows(
        connection, sign_up, decision_type, note, context, catalogue, detail=detail
    )
    if decision_type.name == "remove":
        dispute_store.settle_of_sign_up(connection, sign_up.id, context.now)
    changes = _changes(decision_type.name, note, context.now)
    decisions_store.change(connection, sign_up.id, **changes)
    return rows


def settle(
    reference: str, context: Context, catalogue: Catalogue, guard: Guard = no_condition
) -> None:
    """Leave a disputed promise as it stands.

    Raises `SignUpNotFound`, or `SignUpAlreadyDecided` where no dispute is open.
    """

    def change(connection: Connection, sign_up: SignUp) -> list[Row]:
        if not dispute_store.settle_of_sign_up(connection, sign_up.id, context.now):
            raise SignUpAlreadyDecided
        action = "sign_up.dispute_settled"
        return [audit.new_event(action, reference, actor=context.actor, at=context.now)]

    decisions.decide(context, reference, find_sign_up, guard, change)


def reject(reference: str, reason: str, context: Context, catalogue: Catalogue) -> None:
    """Refuse a sign-up in words of one's own, which its signer is told if it was confirmed."""
    decide(reference, "reject", DecisionNote(reasons.OTHER, reason), context, catalogue)


def release(
    reference: str, context: Context, catalogue: Catalogue, guard: Guard = no_condition
) -> None:
    """Let a held sign-up go on: to be read, or first to its signer with the usual letter.

    Raises `SignUpNotFound`, `SignUpAlreadyDecided`, or `UniqueViolation` where another one stands
    by now.
    """

    def change(connection: Connection, sign_up: SignUp) -> list[Row]:
        to = "confirmed" if sign_up.confirmed_at else "awaiting_confirmation"
        if not store.change_state(connection, sign_up.id, from_states=("held",), to_state=to):
            raise SignUpAlreadyDecided
        line = audit.new_event("sign_up.released", reference, actor=context.actor, at=context.now)
        if sign_up.confirmed_at:
            decisions_store.change(connection, sign_up.id, delete_after=None)
            return [line]
        released = find_sign_up(connection, reference)
        private = context.encryption.decrypt_as(
            sign_up.id, sign_up.sealed or b"", SignUpPersonalData
        )
        return [line, *confirm_rows(released, private, context)]

    decisions.decide(context, reference, find_sign_up, guard, change)


def decision_rows(
    connection: Connection,
    sign_up: SignUp,
    decision_type: DecisionType,
    note: DecisionNote,
    context: Context,
    catalogue: Catalogue,
    letter_context: Mapping[str, str] | None = None,
    detail: Mapping[str, audit.Detail] | None = None,
) -> list[Row]:
    """Return the rows of a decision: itself, its audit line, and its letter where there is one.

    Args:
        letter_context: more values for the letter's template.
        detail: what else the audit line holds.
    """
    letter_rows = _letter_rows(
        sign_up, decision_type, note, context, catalogue, letter_context or {}
    )
    decision_id = new_id()
    decision = Decision(
        id=decision_id,
        sign_up_id=sign_up.id,
        act=decision_type.name,
        code=note.code,
        sealed=_encrypted_text(decision_id, note, context),
        before=decisions_store.state_before(connection, sign_up.id),
        letter_id=str(letter_rows[0][1]["id"]) if letter_rows else "",
        actor=context.actor,
        decided_at=context.now,
    )
    reason = {"reason": note.code} if note.code else {}
    line = audit.new_event(
        decision_type.action,
        sign_up.reference,
        actor=context.actor,
        at=context.now,
        **{"was": sign_up.stage, **reason, **(detail or {})},
    )
    return [decisions_store.decision_row(decision), line, *letter_rows]


def _encrypted_text(decision_id: str, note: DecisionNote, context: Context) -> bytes | None:
    if not note.words:
        return None
    return context.encryption.encrypt(decision_id, DecisionText(note.words))


def expect_valid_note(decision_type: DecisionType, note: DecisionNote) -> None:
    """Raise `Invalid` for a decision that says too little, or more than a letter holds."""
    faults = []
    if decision_type.needs == "words" and not note.words.strip():
        faults.append(FieldFault("words", _("Write the question.")))
    if decision_type.needs == "reason" and reasons.reason(decision_type.name, note.code) is None:
        faults.append(FieldFault("code", _("Choose a reason.")))
    if note.code == reasons.OTHER and not note.words.strip():
        faults.append(FieldFault("words", _("Write the reason.")))
    if len(note.words) > WORDS_CHARACTERS or not is_plain(note.words, lines=True):
        faults.append(FieldFault("words", _("Write it shorter, in plain letters.")))
    if faults:
        raise Invalid(*faults)


def _changes(name: str, note: DecisionNote, now: datetime) -> dict[str, object]:
    """Return what a decision changes of a sign-up."""
    decided = {"decided_at": now, "decision_why": note.code, "asked_at": None, "hidden_at": None}
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


def _letter_rows(
    sign_up: SignUp,
    decision_type: DecisionType,
    note: DecisionNote,
    context: Context,
    catalogue: Catalogue,
    letter_context: Mapping[str, str],
) -> list[Row]:
    if not decision_type.letter or sign_up.confirmed_at is None or sign_up.sealed is None:
        return []
    private = context.encryption.decrypt_as(sign_up.id, sign_up.sealed, SignUpPersonalData)
    if not private.contact_email:  # who signed on paper may have none
        return []
    pledge = catalogue.pledge(sign_up.pledge)
    reason = reasons.reason(decision_type.name, note.code)
    letter = context.letter_row(
        decision_type.letter,
        to=private.contact_email,
        values={
            "pledge": pledge.title if pledge else sign_up.pledge,
            "name": public_name(sign_up, private, catalogue.taxonomy),
            "reference": sign_up.reference,
            "why_text": _(reason.text) if reason and reason.text else "",
            "words": note.words.strip(),
            "phone": context.service.phone,
            "sign_again": f"{context.settings.base_url}/pledges/{sign_up.pledge}/sign/",
            **letter_context,
        },
        about=sign_up.reference,
        not_before=context.now + LETTER_DELAY,
    )
    return [letter]

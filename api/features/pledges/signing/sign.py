"""Receive a sign-up: store it, or write to its contact where the same one is stored already.

The answer is the same for a new sign-up, a repeated one and a held one; only a letter tells them
apart, and it goes to the stored contact.
"""

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict
from api.features.pledges import store
from api.features.pledges.signing import store as signing_store
from api.features.pledges.signing.bodies import SignUpRequest
from api.features.pledges.signing.confirmation_letters import already_signed_rows, confirm_rows
from api.features.pledges.signing.hold_reasons import BY_A_PROGRAM, moderation_flags
from api.features.pledges.signing.store import ExistingSignUp
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.security import normalise
from api.security.encryption import Encryption
from api.security.normalise import name_key
from api.security.references import make, new_id
from api.store import audit, idempotency, schema
from api.store.database import Row
from api.store.errors import StoreUnavailable, UniqueViolation
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.gazetteer import area_named
from catalogue.model.personal_data import kept_for
from catalogue.model.pledge import Pledge, Promise

KEPT_UNCONFIRMED = kept_for("unconfirmed")
WHAT_HAPPENS_NEXT = gettext_noop(
    "We have sent a letter to the address you gave. Open the page it names and press the button "
    "on it within seven days. Then a person reads the promise, and it goes on the register."
)
_TRIES = 5


class PledgeEnded(Conflict):
    """The pledge takes no more signatures."""

    code = "pledge-ended"
    sentence = gettext_noop("This pledge has ended. Nobody can sign it any more.")


class IncomingSignUp(msgspec.Struct, frozen=True):
    """One sign-up before it is stored; `held_why` is a key of `hold_reasons.HELD_WHY`, or empty.

    `source` is the network it came from, empty where that is unknown.
    """

    body: SignUpRequest
    pledge: Pledge
    place: str
    held_why: str
    source: str

    @property
    def name_key(self) -> str:
        """The normal form of name and place, by which a repeated sign-up is recognised."""
        return name_key(self.body.name, self.place)


async def sign(
    body: SignUpRequest,
    pledge: Pledge,
    context: Context,
    *,
    key: str | None = None,
    held_why: str = "",
    source: str = "",
) -> str:
    """Store a sign-up that has no `bodies.pledge_faults`; return a reference after the commit.

    Where an active one has this name and place, or this contact, no second is made: the stored
    contact gets a letter, and the reference returned is found in the audit trail alone. A new one
    with a `held_why` is held, and nobody is written to; more like it are not stored.

    Args:
        key: the idempotency key of the request.
        held_why: a key of `hold_reasons.HELD_WHY`.
        source: the network that the request came from.

    Raises `PledgeEnded`, `Invalid` for a key that came with another body, `StoreUnavailable` if
    nothing was stored.
    """
    if pledge.status == "ended":
        raise PledgeEnded
    place = area_named(body.place, context.catalogue.taxonomy) or ""
    incoming = IncomingSignUp(body, pledge, place, held_why, source)
    for _ in range(_TRIES):  # of two at once, the slower one finds the faster one's rows
        existing = None if held_why in BY_A_PROGRAM else await _find_existing(incoming, context)
        if held_why and existing is None and held_why not in BY_A_PROGRAM:
            # Once more, after what is being written: no constraint keeps a held one from a second.
            existing = await _find_existing(incoming, context, after_writes=True)
        if existing and _has_lapsed(existing):
            await _mark_lapsed(existing.sign_up, context)
        elif reference := await _write(incoming, existing, context, key):
            return reference
    raise StoreUnavailable


async def _write(
    incoming: IncomingSignUp, existing: ExistingSignUp | None, context: Context, key: str | None
) -> str:
    """Write a sign-up, or a letter about the existing one, and return the reference.

    Return "" if another one was written since we looked.
    """

    def prepare() -> tuple[str, list[Row]]:
        return _rows_of_repeated(existing, context) if existing else _rows_of_new(incoming, context)

    route, body = f"sign-ups/{incoming.pledge.slug}", msgspec.json.encode(incoming.body)
    if incoming.held_why and not existing:
        route, key, body = f"held {route}", _held_key(incoming, context.encryption), b""
    try:
        return await idempotency.insert_once(
            context.database,
            context.encryption,
            prepare,
            route=route,
            key=key,
            body=body,
            now=context.now,
        )
    except UniqueViolation as error:
        if error.table != schema.sign_up.name:
            raise
        return ""


async def _find_existing(
    incoming: IncomingSignUp, context: Context, *, after_writes: bool = False
) -> ExistingSignUp | None:
    """Find the sign-up that this one would repeat; `after_writes` waits for those under way."""
    keys = context.encryption.lookups(incoming.name_key)
    contacts = normalise.lookups(context.encryption, incoming.body.contact_email)
    look = context.database.write if after_writes else context.database.read
    return await look(
        lambda connection: signing_store.find_existing(
            connection,
            incoming.pledge.slug,
            version=incoming.pledge.current.version,
            canonical_keys=keys,
            contact_lookups=contacts,
            now=context.now,
        )
    )


def _held_key(incoming: IncomingSignUp, encryption: Encryption) -> str:
    """Return one key for all held sign-ups of one contact in one name: staff read it once."""
    is_program = incoming.held_why in BY_A_PROGRAM
    mailbox = normalise.mailbox(incoming.body.contact_email)
    version = incoming.pledge.current.version
    return encryption.lookup(f"held {version} {is_program} {mailbox} {incoming.name_key}")


def _has_lapsed(existing: ExistingSignUp) -> bool:
    """Return whether nobody confirmed it while its links worked."""
    return existing.sign_up.state == "awaiting_confirmation" and not existing.has_live_link


async def _mark_lapsed(sign_up: SignUp, context: Context) -> None:
    """End an unconfirmed sign-up, so that the new one can take its place."""

    def write(connection: Connection) -> None:
        if store.change_state(
            connection, sign_up.id, from_states=("awaiting_confirmation",), to_state="lapsed"
        ):
            line = audit.new_event(
                "sign_up.lapsed", sign_up.reference, actor="visitor", at=context.now
            )
            insert_rows(connection, [line])

    await context.database.write(write)


def _rows_of_repeated(existing: ExistingSignUp, context: Context) -> tuple[str, list[Row]]:
    """Return a new reference as a new sign-up would get; the audit line leads to the stored one."""
    reference, existing_reference = make("P"), existing.sign_up.reference
    line = audit.new_event(
        "sign_up.repeated", existing_reference, actor="visitor", at=context.now, told=reference
    )
    return reference, [line, *already_signed_rows(existing, context)]


def _rows_of_new(incoming: IncomingSignUp, context: Context) -> tuple[str, list[Row]]:
    private = _private(incoming.body)
    new = _sign_up(incoming, private, context)
    row = signing_store.sign_up_row(
        new,
        canonical_key=context.encryption.lookup(incoming.name_key),
        contact_lookup=normalise.lookup(context.encryption, private.contact_email),
        until=context.now + KEPT_UNCONFIRMED,
        source_lookup=source_lookup(context.encryption, incoming.source),
    )
    action = "sign_up.held" if incoming.held_why else "sign_up.received"
    line = audit.new_event(action, new.reference, actor="visitor", at=context.now)
    letters = [] if incoming.held_why else confirm_rows(new, private, context)
    return new.reference, [row, line, *letters]


def _sign_up(incoming: IncomingSignUp, private: SignUpPersonalData, context: Context) -> SignUp:
    body, sign_up_id = incoming.body, new_id()
    return SignUp(
        id=sign_up_id,
        reference=make("P"),
        pledge=incoming.pledge.slug,
        version=int(body.version),
        state="held" if incoming.held_why else "awaiting_confirmation",
        signer=body.signer,
        kind=body.kind,
        place=incoming.place,
        public_name=body.name.strip() if body.signer == "organisation" else "",
        promises=promises_of(body, incoming.pledge),
        text_sha256=incoming.pledge.current.text_sha256,
        held_why=incoming.held_why,
        flags=(*moderation_flags(body.kind, body.contact_email),),
        sealed=context.encryption.encrypt(sign_up_id, private),
        created_at=context.now,
    )


def source_lookup(encryption: Encryption, source: str) -> str | None:
    """Return the digest of a network, by which staff find all sign-ups from there."""
    return encryption.lookup(f"source {source}") if source else None


def _private(body: SignUpRequest) -> SignUpPersonalData:
    person = body.signer == "person"
    return SignUpPersonalData(
        contact_email=body.contact_email,
        signer_name=(body.signer_name or body.name).strip(),
        signer_role=body.signer_role.strip(),
        name=body.name.strip() if person else "",
        show_name=person and body.show_name == "yes",
    )


def promises_of(body: SignUpRequest, pledge: Pledge) -> dict[str, Promise]:
    """Return the promises in the pledge's own order; only a "starting" one keeps its day."""
    return {
        commitment.id: Promise(
            state=promise.state,
            by=promise.by if promise.state == "starting" else None,
            how=promise.how.strip(),
        )
        for commitment in pledge.current.commitments
        if (promise := body.promises.get(commitment.id))
    }

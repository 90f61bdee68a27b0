"""Signing: what is kept of a sign-up, and what happens where one stands already.

The answer is the same for a new sign-up, for one that stands and for one that is held; only a
letter tells them apart, and it goes to the contact we have.
"""

from datetime import timedelta

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import Conflict
from api.features.pledges import store
from api.features.pledges.signing import store as arriving_store
from api.features.pledges.signing.bodies import SignUpRequest
from api.features.pledges.signing.confirmation_letters import again_rows, confirm_rows
from api.features.pledges.signing.eligibility import canonical_place
from api.features.pledges.signing.hold_reasons import BY_A_PROGRAM, moderation_flags
from api.features.pledges.signing.store import ExistingSignUp
from api.features.pledges.store import Private, SignUp
from api.security import normalise
from api.security.encryption import Encryption
from api.security.normalise import name_key
from api.security.references import make, new_id
from api.store import audit, idempotency, schema
from api.store.database import Row
from api.store.errors import StoreUnavailable, UniqueViolation
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.pledge import Pledge, Promise

KEPT_UNCONFIRMED = timedelta(days=30)
WHAT_HAPPENS_NEXT = gettext_noop(
    "We have sent a letter to the address you gave. Open the page it names and press the button "
    "on it within seven days. Then a person reads the promise, and it goes on the register."
)
_TRIES = 5


class PledgeEnded(Conflict):
    """The pledge takes no more signatures."""

    sentence = gettext_noop("This pledge has ended. Nobody can sign it any more.")


class IncomingSignUp(msgspec.Struct, frozen=True):
    """One sign-up on its way in; `held_why` is a slug of `hold_reasons.py`, or empty.

    `source` is the network it came from, empty where nobody can tell.
    """

    asked: SignUpRequest
    pledge: Pledge
    place: str
    held_why: str
    source: str

    @property
    def mark(self) -> str:
        """What another sign-up for the same name and place would have too."""
        return name_key(self.asked.name, self.place)


async def sign(
    asked: SignUpRequest,
    pledge: Pledge,
    context: Context,
    *,
    key: str | None = None,
    held_why: str = "",
    source: str = "",
) -> str:
    """Keep a sign-up that `eligibility` has nothing against; give a reference after the commit.

    Where one stands already for this name and place, or this contact, no second is made: the
    contact we have is told, and the reference is one that only the audit trail knows. A new one
    with a `held_why` is held, and nobody is written to. Raises `PledgeEnded`, `Invalid` for an
    unfit key, `StoreUnavailable` if nothing was kept.
    """
    if pledge.status == "ended":
        raise PledgeEnded
    place = canonical_place(asked.place, context.catalogue.taxonomy) or ""
    signing = IncomingSignUp(asked, pledge, place, held_why, source)
    for _ in range(_TRIES):  # of two at once, the slower one finds the faster one's rows
        found = None if held_why in BY_A_PROGRAM else await _standing(signing, context)
        if found and _has_lapsed(found):
            await _lapse(found.sign_up, context)
        elif reference := await _keep(signing, found, context, key):
            return reference
    raise StoreUnavailable


async def _keep(
    signing: IncomingSignUp, found: ExistingSignUp | None, context: Context, key: str | None
) -> str:
    """Write a sign-up or a letter about the standing one; nothing if one stands since we looked."""

    def prepare() -> tuple[str, list[Row]]:
        return _again(found, context) if found else _new(signing, context)

    try:
        return await idempotency.insert_once(
            context.database,
            context.encryption,
            prepare,
            route=f"sign-ups/{signing.pledge.slug}",
            key=key,
            body=msgspec.json.encode(signing.asked),
            now=context.now,
        )
    except UniqueViolation as error:
        if error.table != schema.sign_up.name:
            raise
        return ""


async def _standing(signing: IncomingSignUp, context: Context) -> ExistingSignUp | None:
    keys = context.encryption.lookups(signing.mark)
    contacts = normalise.lookups(context.encryption, signing.asked.contact_email)
    return await context.database.read(
        lambda look: arriving_store.find_existing(
            look,
            signing.pledge.slug,
            version=signing.pledge.current.version,
            canonical_keys=keys,
            contact_lookups=contacts,
            now=context.now,
        )
    )


def _has_lapsed(found: ExistingSignUp) -> bool:
    """Say whether nobody confirmed it while its links worked."""
    return found.sign_up.state == "awaiting_confirmation" and not found.has_live_link


async def _lapse(of: SignUp, context: Context) -> None:
    """Make room for whoever signs now."""

    def act(connection: Connection) -> None:
        if store.move(connection, of.id, of=("awaiting_confirmation",), to="lapsed"):
            line = audit.line("sign_up.lapsed", of.reference, actor="visitor", at=context.now)
            insert_rows(connection, [line])

    await context.database.write(act)


def _again(found: ExistingSignUp, context: Context) -> tuple[str, list[Row]]:
    """Draw a reference as a new one would have; who reads it out is found by the audit trail."""
    reference, known = make("P"), found.sign_up.reference
    line = audit.line("sign_up.repeated", known, actor="visitor", at=context.now, told=reference)
    return reference, [line, *again_rows(found, context)]


def _new(signing: IncomingSignUp, context: Context) -> tuple[str, list[Row]]:
    private = _private(signing.asked)
    new = _sign_up(signing, private, context)
    row = arriving_store.sign_up_row(
        new,
        canonical_key=context.encryption.lookup(signing.mark),
        contact_lookup=normalise.lookup(context.encryption, private.contact_email),
        until=context.now + KEPT_UNCONFIRMED,
        source_lookup=source_lookup(context.encryption, signing.source),
    )
    action = "sign_up.held" if signing.held_why else "sign_up.received"
    line = audit.line(action, new.reference, actor="visitor", at=context.now)
    letters = [] if signing.held_why else confirm_rows(new, private, context)
    return new.reference, [row, line, *letters]


def _sign_up(signing: IncomingSignUp, private: Private, context: Context) -> SignUp:
    asked, sign_up_id = signing.asked, new_id()
    return SignUp(
        id=sign_up_id,
        reference=make("P"),
        pledge=signing.pledge.slug,
        version=int(asked.version),
        state="held" if signing.held_why else "awaiting_confirmation",
        signer=asked.signer,
        kind=asked.kind,
        place=signing.place,
        public_name=asked.name.strip() if asked.signer == "organisation" else "",
        promises=promises_of(asked, signing.pledge),
        text_sha256=signing.pledge.current.text_sha256,
        held_why=signing.held_why,
        flags=(*moderation_flags(asked.kind, asked.contact_email),),
        sealed=context.encryption.encrypt(sign_up_id, private),
        created_at=context.now,
    )


def source_lookup(encryption: Encryption, source: str) -> str | None:
    """Return the digest of where a sign-up came from: a flood from there is found by it."""
    return encryption.lookup(f"source {source}") if source else None


def _private(asked: SignUpRequest) -> Private:
    person = asked.signer == "person"
    return Private(
        contact_email=asked.contact_email,
        signer_name=(asked.signer_name or asked.name).strip(),
        signer_role=asked.signer_role.strip(),
        name=asked.name.strip() if person else "",
        show_name=person and asked.show_name == "yes",
    )


def promises_of(asked: SignUpRequest, pledge: Pledge) -> dict[str, Promise]:
    """Return what was promised, in the pledge's own order; only a start has a day."""
    return {
        one.id: Promise(
            state=said.state,
            by=said.by if said.state == "starting" else None,
            how=said.how.strip(),
        )
        for one in pledge.current.commitments
        if (said := asked.promises.get(one.id))
    }

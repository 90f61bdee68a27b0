"""The letters with a link: please confirm, and you have signed before. A link works for a week.

A stranger can cause such a letter, so there are few of them: some about a sign-up, some to an
address, and none within minutes of another. The address is always the one we have.
"""

from collections.abc import Callable
from datetime import timedelta

from api.context import Context
from api.features.pledges.signing import store
from api.features.pledges.signing.store import ExistingSignUp
from api.features.pledges.store import Private, SignUp
from api.mail import letters, outbox
from api.security import normalise, tokens
from api.store import audit
from api.store.database import Row
from catalogue.outputs.formatting import LOCAL, day

LINK_WORKS = timedelta(days=7)
LETTERS_AT_MOST = 5
NO_LETTER_WITHIN = timedelta(minutes=10)

MayWrite = Callable[[str], bool]
"""Says whether one more letter may go to a mailbox, and counts it (`http/rate_limits.py`)."""


def confirm_rows(of: SignUp, private: Private, context: Context) -> list[Row]:
    """Return the letter that asks for a confirmation, and the token its link bears."""
    return _letter_rows("pledges/confirm", of, private, context)


def again_rows(found: ExistingSignUp, context: Context) -> list[Row]:
    """Return what tells the contact of a standing sign-up that it stands; nothing if too often."""
    of, last = found.sign_up, found.last_letter_at
    if last is not None and context.now - last < NO_LETTER_WITHIN:
        return []
    if found.letters >= LETTERS_AT_MOST or of.sealed is None:
        return []
    private = context.encryption.decrypt_as(of.id, of.sealed, Private)
    if not private.contact_email or not context.may_write_to(
        normalise.mailbox(private.contact_email)
    ):
        return []
    return _letter_rows("pledges/already", of, private, context)


async def send_again(contact_email: str, context: Context) -> None:
    """Write once more to whoever signed with this address and has not confirmed.

    Nothing tells the caller whether anybody did.
    """
    lookups = normalise.lookups(context.encryption, contact_email)
    waiting = await context.database.read(
        lambda look: store.unconfirmed_of_contact(look, lookups, context.now)
    )
    for found in waiting:
        rows = again_rows(found, context)
        if rows:
            line = audit.line(
                "sign_up.link_sent_again", found.sign_up.reference, actor="visitor", at=context.now
            )
            await context.database.insert([*rows, line])


def _letter_rows(kind: str, of: SignUp, private: Private, context: Context) -> list[Row]:
    """Return a letter, and for what is not confirmed yet a token of its own."""
    token = tokens.new_token() if of.state == "awaiting_confirmation" else ""
    until = context.now + LINK_WORKS
    pledge = context.catalogue.pledge(of.pledge)
    written = letters.compose(
        kind,
        to=private.contact_email,
        values={
            "pledge": pledge.title if pledge else of.pledge,
            "name": of.public_name or private.name,
            "day": day(of.created_at.astimezone(LOCAL).date()),
            "link": f"{context.settings.base_url}/confirm/{token}" if token else "",
            "until": day(until.astimezone(LOCAL).date()),
            "manage": f"{context.settings.base_url}/pledges/manage/",
        },
    )
    rows = [outbox.letter_row(context.encryption, written, now=context.now, about=of.reference)]
    if token:
        digest = tokens.token_hash(token)
        rows.append(store.token_row(of.id, digest, now=context.now, until=until))
    return rows

"""The letters with a link: please confirm, and you have signed before. A link works for a week.

A stranger can cause such a letter, so there are few of them: some about a sign-up, some to an
address, and none within minutes of another. The address is always the one we have.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

import msgspec

from api.features.pledges.signing import store
from api.features.pledges.signing.store import Standing
from api.features.pledges.store import Private, SignUp
from api.mail import letters, outbox
from api.security import mailbox, tokens
from api.security.encryption import Vault
from api.settings import Settings
from api.store import audit
from api.store.database import Database, Row
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import LOCAL, day

LINK_WORKS = timedelta(days=7)
LETTERS_AT_MOST = 5
NO_LETTER_WITHIN = timedelta(minutes=10)

MayWrite = Callable[[str], bool]
"""Says whether one more letter may go to a mailbox, and counts it (`http/rate_limits.py`)."""


class Means(msgspec.Struct, frozen=True):
    """What a sign-up is worked on with, at one moment."""

    database: Database
    vault: Vault
    settings: Settings
    catalogue: Catalogue
    may_write: MayWrite
    now: datetime


def confirm_rows(of: SignUp, private: Private, means: Means) -> list[Row]:
    """Return the letter that asks for a confirmation, and the token its link bears."""
    return _letter_rows("pledges/confirm", of, private, means)


def again_rows(found: Standing, means: Means) -> list[Row]:
    """Return what tells the contact of a standing sign-up that it stands; nothing if too often."""
    of, last = found.sign_up, found.last_letter_at
    if last is not None and means.now - last < NO_LETTER_WITHIN:
        return []
    if found.letters >= LETTERS_AT_MOST or of.sealed is None:
        return []
    private = means.vault.open_as(of.id, of.sealed, Private)
    if not private.contact_email or not means.may_write(mailbox.mailbox(private.contact_email)):
        return []
    return _letter_rows("pledges/already", of, private, means)


async def send_again(contact_email: str, means: Means) -> None:
    """Write once more to whoever signed with this address and has not confirmed.

    Nothing tells the caller whether anybody did.
    """
    lookups = mailbox.lookups(means.vault, contact_email)
    waiting = await means.database.read(lambda look: store.awaiting(look, lookups, means.now))
    for found in waiting:
        rows = again_rows(found, means)
        if rows:
            line = audit.line(
                "sign_up.link_sent_again", found.sign_up.reference, actor="visitor", at=means.now
            )
            await means.database.insert([*rows, line])


def _letter_rows(kind: str, of: SignUp, private: Private, means: Means) -> list[Row]:
    """Return a letter, and for what is not confirmed yet a token of its own."""
    token = tokens.new_token() if of.state == "awaiting_confirmation" else ""
    until = means.now + LINK_WORKS
    pledge = means.catalogue.pledge(of.pledge)
    written = letters.compose(
        kind,
        to=private.contact_email,
        context={
            "pledge": pledge.title if pledge else of.pledge,
            "name": of.public_name or private.name,
            "day": day(of.created_at.astimezone(LOCAL).date()),
            "link": f"{means.settings.base_url}/confirm/{token}" if token else "",
            "until": day(until.astimezone(LOCAL).date()),
            "manage": f"{means.settings.base_url}/pledges/manage/",
        },
    )
    rows = [outbox.queued(means.vault, written, now=means.now, about=of.reference)]
    if token:
        digest = tokens.token_hash(token)
        rows.append(store.token_row(of.id, digest, now=means.now, until=until))
    return rows

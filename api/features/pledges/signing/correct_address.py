"""Somebody typed a wrong address and noticed at once: the letter goes to the right one instead.

Whoever has the page that came after the form may do it, for a day, until the promise is confirmed.
"""

import re
from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from api.context import Context
from api.features.pledges.signing import store
from api.features.pledges.signing.confirmation_letters import LETTERS_AT_MOST, confirm_rows
from api.features.pledges.signing.hold_reasons import moderation_flags
from api.features.pledges.store import Private
from api.security import contact_text, normalise, signed_timestamps
from api.store import audit
from api.store.errors import UniqueViolation
from api.store.writer import insert_rows

WORKS = timedelta(hours=24)


def purpose(reference: str) -> str:
    """Return what the stamp of a sign-up's page is for."""
    return f"address {reference}"


async def put_right(reference: str, stamp: str, typed: str, context: Context) -> None:
    """Write to another address, and let the links sent so far end. Nothing tells if it did."""
    at = signed_timestamps.signed_time(context.encryption, purpose(reference), stamp)
    if at is None or context.now - at > WORKS or not re.search(contact_text.EMAIL, typed):
        return

    def act(connection: Connection) -> None:
        _move(connection, reference, typed, context)

    try:
        await context.database.write(act)
    except UniqueViolation:  # somebody with this address stands on the register
        return


def _move(connection: Connection, reference: str, typed: str, context: Context) -> None:
    found = store.find_unconfirmed(connection, reference, context.now)
    if found is None or found.sign_up.sealed is None or found.letters >= LETTERS_AT_MOST:
        return
    of = found.sign_up
    private = context.encryption.decrypt_as(of.id, found.sign_up.sealed, Private)
    same = normalise.mailbox(typed) == normalise.mailbox(private.contact_email)
    if same or not context.may_write_to(normalise.mailbox(typed)):
        return
    right = replace(private, contact_email=typed)
    store.change_contact(
        connection,
        of.id,
        sealed=context.encryption.encrypt(of.id, right),
        contact_lookup=normalise.lookup(context.encryption, typed),
        flags=(*moderation_flags(of.kind, typed),),
    )
    line = audit.line("sign_up.readdressed", reference, actor="visitor", at=context.now)
    insert_rows(connection, [line, *confirm_rows(of, right, context)])

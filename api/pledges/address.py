"""Somebody typed a wrong address and noticed at once: the letter goes to the right one instead.

Whoever has the page that came after the form may do it, for a day, until the promise is confirmed.
"""

import re
from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from api import contact, text
from api.access import audit
from api.pledges import arriving_store, stamps
from api.pledges.links import LETTERS_AT_MOST, Means, confirm_rows
from api.pledges.store import Private
from api.pledges.suspect import flags
from api.store.faults import AlreadyThere
from api.store.writer import insert_rows

WORKS = timedelta(hours=24)


def purpose(reference: str) -> str:
    """Return what the stamp of a sign-up's page is for."""
    return f"address {reference}"


async def put_right(reference: str, stamp: str, typed: str, means: Means) -> None:
    """Write to another address, and let the links sent so far end. Nothing tells if it did."""
    at = stamps.stamped_at(means.vault, purpose(reference), stamp)
    if at is None or means.now - at > WORKS or not re.search(text.EMAIL, typed):
        return

    def act(connection: Connection) -> None:
        _move(connection, reference, typed, means)

    try:
        await means.database.write(act)
    except AlreadyThere:  # somebody with this address stands on the register
        return


def _move(connection: Connection, reference: str, typed: str, means: Means) -> None:
    found = arriving_store.waiting(connection, reference, means.now)
    if found is None or found.sign_up.sealed is None or found.letters >= LETTERS_AT_MOST:
        return
    of = found.sign_up
    private = means.vault.open_as(of.id, found.sign_up.sealed, Private)
    same = contact.mailbox(typed) == contact.mailbox(private.contact_email)
    if same or not means.may_write(contact.mailbox(typed)):
        return
    right = replace(private, contact_email=typed)
    arriving_store.readdress(
        connection,
        of.id,
        sealed=means.vault.seal(of.id, right),
        contact_lookup=contact.lookup(means.vault, typed),
        flags=(*flags(of.kind, typed),),
    )
    line = audit.line("sign_up.readdressed", reference, actor="visitor", at=means.now)
    insert_rows(connection, [line, *confirm_rows(of, right, means)])

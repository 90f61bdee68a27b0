"""The letters to who signed: "please confirm" and "you have signed before", again or corrected.

A stranger can cause such a letter, so their number is limited by sign-up, by mailbox and by time.
They go to the address that is stored. Who typed a wrong one may correct it for a day, from the page
that came after the form, until the promise is confirmed.
"""

import re
from datetime import timedelta

from msgspec.structs import replace
from sqlalchemy import Connection

from api.context import Context
from api.features.pledges.signing import store
from api.features.pledges.signing.hold_reasons import moderation_flags
from api.features.pledges.signing.store import ExistingSignUp
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.mail import store as mail_store
from api.security import contact_text, normalise, signed_timestamps, tokens
from api.store import audit
from api.store.database import Row
from api.store.errors import UniqueViolation
from api.store.writer import insert_rows
from catalogue.outputs.formatting import LOCAL, day

LINK_WORKS = timedelta(days=7)
LETTERS_AT_MOST = 5
NO_LETTER_WITHIN = timedelta(minutes=10)
CORRECTION_ALLOWED_FOR = timedelta(hours=24)


def confirm_rows(sign_up: SignUp, private: SignUpPersonalData, context: Context) -> list[Row]:
    """Return the letter that asks for a confirmation, and the token of its link."""
    return _letter_rows("pledges/confirm", sign_up, private, context)


def already_signed_rows(existing: ExistingSignUp, context: Context) -> list[Row]:
    """Return the letter that says that a sign-up exists already; nothing if sent too often."""
    sign_up, last = existing.sign_up, existing.last_letter_at
    if last is not None and context.now - last < NO_LETTER_WITHIN:
        return []
    if existing.letters >= LETTERS_AT_MOST or sign_up.sealed is None:
        return []
    private = context.encryption.decrypt_as(sign_up.id, sign_up.sealed, SignUpPersonalData)
    if not private.contact_email or not context.may_write_to(
        normalise.mailbox(private.contact_email)
    ):
        return []
    return _letter_rows("pledges/already", sign_up, private, context)


async def send_again(contact_email: str, context: Context) -> None:
    """Write once more to whoever signed with this address and has not confirmed.

    The caller is not told whether anybody did.
    """
    lookups = normalise.lookups(context.encryption, contact_email)
    unconfirmed = await context.database.read(
        lambda connection: store.unconfirmed_of_contact(connection, lookups, context.now)
    )
    for existing in unconfirmed:
        rows = already_signed_rows(existing, context)
        if rows:
            line = audit.new_event(
                "sign_up.link_sent_again",
                existing.sign_up.reference,
                actor="visitor",
                at=context.now,
            )
            await context.database.insert([*rows, line])


def correction_purpose(reference: str) -> str:
    """Return the purpose of the signed time that lets a page correct the address of a sign-up."""
    return f"address {reference}"


async def correct_address(reference: str, stamp: str, address: str, context: Context) -> None:
    """Write to another address, and end the links sent so far.

    The caller is not told whether it was done. `stamp` is the signed time of the page.
    """
    signed_at = signed_timestamps.signed_time(
        context.encryption, correction_purpose(reference), stamp
    )
    if signed_at is None or context.now - signed_at > CORRECTION_ALLOWED_FOR:
        return
    if not re.search(contact_text.EMAIL, address) or not normalise.ascii_email(address):
        return
    try:
        await context.database.write(
            lambda connection: _change_address(connection, reference, address, context)
        )
    except UniqueViolation:  # somebody with this address stands on the register
        return


def _change_address(connection: Connection, reference: str, address: str, context: Context) -> None:
    existing = store.find_unconfirmed(connection, reference, context.now)
    if existing is None or existing.letters >= LETTERS_AT_MOST:
        return
    sign_up = existing.sign_up
    if sign_up.sealed is None:
        return
    private = context.encryption.decrypt_as(sign_up.id, sign_up.sealed, SignUpPersonalData)
    is_same_mailbox = normalise.mailbox(address) == normalise.mailbox(private.contact_email)
    if is_same_mailbox or not context.may_write_to(normalise.mailbox(address)):
        return
    corrected = replace(private, contact_email=address)
    store.change_contact(
        connection,
        sign_up.id,
        sealed=context.encryption.encrypt(sign_up.id, corrected),
        contact_lookup=normalise.lookup(context.encryption, address),
        flags=(*moderation_flags(sign_up.kind, address),),
    )
    line = audit.new_event("sign_up.readdressed", reference, actor="visitor", at=context.now)
    # What still waits for the wrong address would lead to nothing, and hold up the right one.
    mail_store.delete_queued(connection, reference, ("pledges/confirm", "pledges/already"))
    insert_rows(connection, [line, *confirm_rows(sign_up, corrected, context)])


def _letter_rows(
    kind: str, sign_up: SignUp, private: SignUpPersonalData, context: Context
) -> list[Row]:
    """Return a letter, and for an unconfirmed sign-up a token of its own."""
    token = tokens.new_token() if sign_up.state == "awaiting_confirmation" else ""
    until = context.now + LINK_WORKS
    pledge = context.catalogue.pledge(sign_up.pledge)
    letter = context.letter_row(
        kind,
        to=private.contact_email,
        values={
            "pledge": pledge.title if pledge else sign_up.pledge,
            "reference": sign_up.reference,
            "name": sign_up.public_name or private.name,
            "day": day(sign_up.created_at.astimezone(LOCAL).date()),
            "confirm": f"{context.settings.base_url}/confirm/{token}" if token else "",
            "until": day(until.astimezone(LOCAL).date()),
            "manage": f"{context.settings.base_url}/pledges/manage/",
        },
        about=sign_up.reference,
    )
    rows = [letter]
    if token:
        digest = tokens.token_hash(token)
        rows.append(store.token_row(sign_up.id, digest, now=context.now, until=until))
    return rows

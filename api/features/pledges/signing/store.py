"""Sign-ups on their way in, as they are kept: one that stands already, links, letters."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import Connection, and_, delete, func, not_, or_, select, update

from api.features.pledges.store import ACTIVE_STATES, SignUp, find, sign_up_from_row
from api.store import database, schema

_sign_up = schema.sign_up
_token = schema.confirmation_token
_letter = schema.letter


class ExistingSignUp(msgspec.Struct, frozen=True):
    """An active sign-up that another one would repeat; `letters` counts those about it."""

    sign_up: SignUp
    letters: int
    last_letter_at: datetime | None
    has_live_link: bool
    """Whether a letter of it is out whose link still works."""


def sign_up_row(
    new: SignUp,
    *,
    canonical_key: str,
    contact_lookup: str,
    until: datetime | None,
    source_lookup: str | None = None,
) -> Any:
    """Return the row of a new sign-up, kept `until` then unless it is confirmed.

    `source_lookup` is the digest of where it came from, `retention.SOURCES_KEPT` long.
    """
    return _sign_up, {
        "id": new.id,
        "reference": new.reference,
        "pledge": new.pledge,
        "version": str(new.version),
        "state": new.state,
        "signer_kind": new.signer,
        "kind": new.kind,
        "place": new.place,
        "public_name": new.public_name or None,
        "commitments": msgspec.json.encode(new.promises).decode(),
        "sealed": new.sealed,
        "text_sha256": new.text_sha256 or None,
        "held_why": new.held_why or None,
        "flags": new.flags,
        "contact_lookup": contact_lookup,
        "canonical_key": canonical_key,
        "source_lookup": source_lookup,
        "created_at": new.created_at,
        "confirmed_at": new.confirmed_at,
        "delete_after": until,
    }


def token_row(sign_up_id: str, token_hash: str, *, now: datetime, until: datetime) -> database.Row:
    """Return the row of a token for the link in a letter."""
    return _token, {
        "token_hash": token_hash,
        "sign_up_id": sign_up_id,
        "created_at": now,
        "expires_at": until,
    }


def find_existing(
    connection: Connection,
    pledge: str,
    *,
    version: int,
    canonical_keys: Sequence[str],
    contact_lookups: Sequence[str],
    now: datetime,
) -> ExistingSignUp | None:
    """Return the sign-up that has this name and place, or this contact, on a pledge's register.

    One that stands published to another wording is in nobody's way but its own contact's, who may
    sign this one too.
    """
    contact = _sign_up.c.contact_lookup.in_(contact_lookups)
    older = and_(_sign_up.c.state == "published", _sign_up.c.version != str(version), contact)
    wanted = (
        select(_sign_up)
        .where(
            _sign_up.c.pledge == pledge,
            _sign_up.c.state.in_(ACTIVE_STATES),
            or_(_sign_up.c.canonical_key.in_(canonical_keys), contact),
            not_(older),
        )
        .order_by(_sign_up.c.created_at)
        .limit(1)
    )
    row = connection.execute(wanted).first()
    return _with_letters(connection, sign_up_from_row(row), now) if row else None


def unconfirmed_of_contact(
    connection: Connection, contact_lookups: Sequence[str], now: datetime
) -> list[ExistingSignUp]:
    """Return what one contact has signed and not yet confirmed."""
    wanted = select(_sign_up).where(
        _sign_up.c.contact_lookup.in_(contact_lookups),
        _sign_up.c.state == "awaiting_confirmation",
    )
    return [
        _with_letters(connection, sign_up_from_row(row), now) for row in connection.execute(wanted)
    ]


def find_unconfirmed(
    connection: Connection, reference: str, now: datetime
) -> ExistingSignUp | None:
    """Return a sign-up that nobody has confirmed yet, with its letters so far."""
    found = find(connection, reference)
    if found is None or found.state != "awaiting_confirmation":
        return None
    return _with_letters(connection, found, now)


def change_contact(
    connection: Connection,
    sign_up_id: str,
    *,
    sealed: bytes,
    contact_lookup: str,
    flags: tuple[str, ...],
) -> None:
    """Give a sign-up another contact; the links in letters to the former one end."""
    connection.execute(delete(_token).where(_token.c.sign_up_id == sign_up_id))
    changed = {"sealed": sealed, "contact_lookup": contact_lookup, "flags": flags}
    connection.execute(update(_sign_up).where(_sign_up.c.id == sign_up_id).values(changed))


def _with_letters(connection: Connection, found: SignUp, now: datetime) -> ExistingSignUp:
    letters = connection.execute(
        select(func.count(), func.max(_letter.c.created_at)).where(
            _letter.c.about == found.reference,
            _letter.c.kind.in_(("pledges/confirm", "pledges/already")),
        )
    ).one()
    live = select(func.count()).where(_token.c.sign_up_id == found.id, _token.c.expires_at > now)
    return ExistingSignUp(found, letters[0], letters[1], bool(connection.execute(live).scalar()))


def sign_up_of_token(connection: Connection, token_hash: str) -> tuple[SignUp, datetime] | None:
    """Return the sign-up a token belongs to, and when the token ends."""
    wanted = (
        select(_sign_up, _token.c.expires_at)
        .join(_token, _token.c.sign_up_id == _sign_up.c.id)
        .where(_token.c.token_hash == token_hash)
    )
    row = connection.execute(wanted).first()
    return (sign_up_from_row(row), row.expires_at) if row else None


def mark_token_used(connection: Connection, token_hash: str, now: datetime) -> None:
    """Note when a token was first used."""
    first = _token.c.spent_at.is_(None)
    used = update(_token).where(_token.c.token_hash == token_hash, first).values(spent_at=now)
    connection.execute(used)

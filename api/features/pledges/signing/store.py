"""SQL for sign-ups until they are confirmed: rows, an existing one, tokens of links, letters."""

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
    """Return the row of a new sign-up, deleted after `until` unless it is confirmed.

    `source_lookup` is the digest of its network, kept for `retention.SOURCES_KEPT`.
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
    """Return the row of a token, which a letter's link holds."""
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
    """Return the active sign-up to a pledge that has this name and place, or this contact.

    One that this contact has published to another wording does not count: they may sign this
    wording too.
    """
    contact = _sign_up.c.contact_lookup.in_(contact_lookups)
    older = and_(_sign_up.c.state == "published", _sign_up.c.version != str(version), contact)
    query = (
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
    row = connection.execute(query).first()
    return _with_letters(connection, sign_up_from_row(row), now) if row else None


def unconfirmed_of_contact(
    connection: Connection, contact_lookups: Sequence[str], now: datetime
) -> list[ExistingSignUp]:
    """Return the unconfirmed sign-ups of one contact."""
    query = select(_sign_up).where(
        _sign_up.c.contact_lookup.in_(contact_lookups),
        _sign_up.c.state == "awaiting_confirmation",
    )
    return [
        _with_letters(connection, sign_up_from_row(row), now) for row in connection.execute(query)
    ]


def find_unconfirmed(
    connection: Connection, reference: str, now: datetime
) -> ExistingSignUp | None:
    """Return an unconfirmed sign-up by its reference."""
    sign_up = find(connection, reference)
    if sign_up is None or sign_up.state != "awaiting_confirmation":
        return None
    return _with_letters(connection, sign_up, now)


def change_contact(
    connection: Connection,
    sign_up_id: str,
    *,
    sealed: bytes,
    contact_lookup: str,
    flags: tuple[str, ...],
) -> None:
    """Give a sign-up another contact, and end the links sent to the former one."""
    connection.execute(delete(_token).where(_token.c.sign_up_id == sign_up_id))
    changed = {"sealed": sealed, "contact_lookup": contact_lookup, "flags": flags}
    connection.execute(update(_sign_up).where(_sign_up.c.id == sign_up_id).values(changed))


def _with_letters(connection: Connection, sign_up: SignUp, now: datetime) -> ExistingSignUp:
    letters = connection.execute(
        select(func.count(), func.max(_letter.c.created_at)).where(
            _letter.c.about == sign_up.reference,
            _letter.c.kind.in_(("pledges/confirm", "pledges/already")),
        )
    ).one()
    live = select(func.count()).where(_token.c.sign_up_id == sign_up.id, _token.c.expires_at > now)
    return ExistingSignUp(sign_up, letters[0], letters[1], bool(connection.execute(live).scalar()))


def sign_up_of_token(connection: Connection, token_hash: str) -> tuple[SignUp, datetime] | None:
    """Return the sign-up that a token belongs to, and when the token expires."""
    query = (
        select(_sign_up, _token.c.expires_at)
        .join(_token, _token.c.sign_up_id == _sign_up.c.id)
        .where(_token.c.token_hash == token_hash)
    )
    row = connection.execute(query).first()
    return (sign_up_from_row(row), row.expires_at) if row else None


def mark_token_used(connection: Connection, token_hash: str, now: datetime) -> None:
    """Note when a token was first used."""
    first = _token.c.spent_at.is_(None)
    used = update(_token).where(_token.c.token_hash == token_hash, first).values(spent_at=now)
    connection.execute(used)

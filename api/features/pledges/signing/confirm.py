"""Confirm a sign-up: the link in a letter shows the promise, and only its button confirms it.

Mail programs open links by themselves, some in whole browsers, so opening the link changes nothing.
Confirming again changes nothing either.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import LinkExpired
from api.features.pledges import store
from api.features.pledges.signing import store as signing_store
from api.features.pledges.store import SignUp, SignUpPersonalData
from api.security import tokens
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge
from catalogue.model.taxonomy import Taxonomy

CONFIRMED_STATES = ("confirmed", "published")


class LinkedSignUp(msgspec.Struct, frozen=True):
    """The sign-up that a letter's link leads to; `name` is the one it would be published under."""

    sign_up: SignUp
    pledge: Pledge
    name: str

    @property
    def is_confirmed(self) -> bool:
        """Whether the button was pressed before."""
        return self.sign_up.state in CONFIRMED_STATES


async def read_link(token: str, context: Context) -> LinkedSignUp:
    """Return the sign-up of a link, and change nothing. Raises `LinkExpired`."""
    digest = tokens.token_hash(token)
    sign_up = await context.database.read(lambda connection: _find(connection, digest, context.now))
    return _with_name(sign_up, context)


async def confirm(token: str, context: Context) -> LinkedSignUp:
    """Confirm the sign-up of a link; again does nothing. Raises `LinkExpired`."""
    digest = tokens.token_hash(token)

    def write(connection: Connection) -> SignUp:
        sign_up = _find(connection, digest, context.now)
        changed = store.change_state(
            connection,
            sign_up.id,
            from_states=("awaiting_confirmation",),
            to_state="confirmed",
            confirmed_at=context.now,
            delete_after=None,
        )
        if changed:
            signing_store.mark_token_used(connection, digest, context.now)
            _notify_team(connection, sign_up, context)
        return sign_up

    sign_up = await context.database.write(write)
    return _with_name(sign_up, context)


def public_name(sign_up: SignUp, private: SignUpPersonalData, taxonomy: Taxonomy) -> str:
    """Return the name to publish a sign-up under: a person's own only if they allowed it."""
    if sign_up.public_name:
        return sign_up.public_name
    if private.show_name:
        return private.name
    kind = taxonomy.signer_kind.get(sign_up.kind)
    return _("%(kind)s in %(place)s", kind=kind.a if kind else _("Somebody"), place=sign_up.place)


def _find(connection: Connection, token_hash: str, now: datetime) -> SignUp:
    """Return the sign-up of a link that works: in time, or confirmed already."""
    linked = signing_store.sign_up_of_token(connection, token_hash)
    if linked is None:
        raise LinkExpired
    sign_up, until = linked
    in_time = sign_up.state == "awaiting_confirmation" and now < until
    if sign_up.sealed is None or not (in_time or sign_up.state in CONFIRMED_STATES):
        raise LinkExpired
    return sign_up


def _notify_team(connection: Connection, sign_up: SignUp, context: Context) -> None:
    """Write the audit line, and the letter that says that a sign-up waits for review."""
    notice = context.letter_row(
        "pledges/to_review",
        to=context.settings.staff_mail,
        values={
            "reference": sign_up.reference,
            "pledge": _pledge(sign_up, context.catalogue).title,
            "link_to_staff": f"{context.settings.base_url}/staff/sign-ups/{sign_up.reference}",
        },
        about=sign_up.reference,
    )
    line = audit.new_event("sign_up.confirmed", sign_up.reference, actor="visitor", at=context.now)
    insert_rows(connection, [line, notice])


def _with_name(sign_up: SignUp, context: Context) -> LinkedSignUp:
    private = context.encryption.decrypt_as(sign_up.id, sign_up.sealed or b"", SignUpPersonalData)
    name = public_name(sign_up, private, context.catalogue.taxonomy)
    return LinkedSignUp(sign_up, _pledge(sign_up, context.catalogue), name)


def _pledge(sign_up: SignUp, catalogue: Catalogue) -> Pledge:
    pledge = catalogue.pledge(sign_up.pledge)
    if pledge is None:  # its folder was taken away since
        raise LinkExpired
    return pledge

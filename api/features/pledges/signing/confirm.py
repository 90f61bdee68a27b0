"""Confirming: the link in a letter shows a promise, and only its button makes it count.

Mail programs open links by themselves, some in whole browsers; looking therefore changes nothing.
Pressing the button again finds it done.
"""

from datetime import datetime

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import LinkExpired
from api.features.pledges import store
from api.features.pledges.signing import store as arriving_store
from api.features.pledges.store import Private, SignUp
from api.mail import letters, outbox
from api.security import tokens
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge
from catalogue.model.taxonomy import Taxonomy

DONE = ("confirmed", "published")


class LinkedSignUp(msgspec.Struct, frozen=True):
    """What a link shows: the promise as it would be published."""

    sign_up: SignUp
    pledge: Pledge
    name: str

    @property
    def done(self) -> bool:
        """Whether somebody has confirmed it."""
        return self.sign_up.state in DONE


async def read_link(token: str, context: Context) -> LinkedSignUp:
    """Return what a link shows, and change nothing. Raises `LinkExpired`."""
    digest = tokens.token_hash(token)
    found = await context.database.read(lambda connection: _open(connection, digest, context.now))
    return _shown(found, context)


async def confirm(token: str, context: Context) -> LinkedSignUp:
    """Make the promise count, once however often it is asked. Raises `LinkExpired`."""
    digest = tokens.token_hash(token)

    def act(connection: Connection) -> SignUp:
        found = _open(connection, digest, context.now)
        changed = store.move(
            connection,
            found.id,
            of=("awaiting_confirmation",),
            to="confirmed",
            confirmed_at=context.now,
            delete_after=None,
        )
        if changed:
            arriving_store.mark_token_used(connection, digest, context.now)
            _tell(connection, found, context)
        return found

    found = await context.database.write(act)
    return _shown(found, context)


def public_name(of: SignUp, private: Private, terms: Taxonomy) -> str:
    """Return the name a sign-up stands under: a person's own only if they said so."""
    if of.public_name:
        return of.public_name
    if private.show_name:
        return private.name
    kind = terms.signer_kind.get(of.kind)
    return _("%(kind)s in %(place)s", kind=kind.a if kind else _("Somebody"), place=of.place)


def _open(connection: Connection, token_hash: str, now: datetime) -> SignUp:
    """Return the sign-up of a link that works: in time, or done already."""
    found = arriving_store.sign_up_of_token(connection, token_hash)
    if found is None:
        raise LinkExpired
    sign_up, until = found
    in_time = sign_up.state == "awaiting_confirmation" and now < until
    if sign_up.sealed is None or not (in_time or sign_up.state in DONE):
        raise LinkExpired
    return sign_up


def _tell(connection: Connection, of: SignUp, context: Context) -> None:
    """Write the audit line, and the letter that tells the team that there is something to read."""
    notice = letters.compose(
        "pledges/to_review",
        to=context.settings.staff_mail,
        values={
            "reference": of.reference,
            "pledge": _pledge(of, context.catalogue).title,
            "link": f"{context.settings.base_url}/staff/sign-ups/{of.reference}",
        },
    )
    line = audit.line("sign_up.confirmed", of.reference, actor="visitor", at=context.now)
    row = outbox.letter_row(context.encryption, notice, now=context.now, about=of.reference)
    insert_rows(connection, [line, row])


def _shown(of: SignUp, context: Context) -> LinkedSignUp:
    private = context.encryption.decrypt_as(of.id, of.sealed or b"", Private)
    terms = context.catalogue.taxonomy
    return LinkedSignUp(of, _pledge(of, context.catalogue), public_name(of, private, terms))


def _pledge(of: SignUp, catalogue: Catalogue) -> Pledge:
    pledge = catalogue.pledge(of.pledge)
    if pledge is None:  # its folder was taken away since
        raise LinkExpired
    return pledge

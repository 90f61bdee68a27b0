"""Saying that a published promise is not true, or was never made. Nothing happens by itself:
staff see it at the top of their queue, and hide the entry with one click if it looks so."""

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import FieldFault, Invalid, Missing
from api.features.pledges import store
from api.features.pledges.register import dispute_store
from api.features.pledges.register.dispute_store import Dispute, DisputeText
from api.mail import letters, outbox
from api.security.contact_text import is_plain
from api.security.references import new_id
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Signatory

WORDS_CHARACTERS = 500
REACH_CHARACTERS = 200


class Disputed(msgspec.Struct, frozen=True):
    """What came by the form."""

    words: str
    reach_at: str


def find_signatory(pledge: str, who: str, catalogue: Catalogue) -> Signatory:
    """Return the published entry that is spoken of. Raises `Missing`."""
    signatory = catalogue.signatory(pledge, who)
    if signatory is None:
        raise Missing
    return signatory


async def dispute(of: Signatory, said: Disputed, context: Context) -> None:
    """Keep a dispute and tell the team; returns only after the commit. Raises `Invalid`."""
    _expect_sound(said)
    now, dispute_id = context.now, new_id()
    sealed = context.encryption.encrypt(dispute_id, DisputeText(said.words, said.reach_at))

    def act(connection: Connection) -> None:
        found = store.published_sign_up_at(connection, of.path)
        about = found.reference if found else f"{of.pledge}/{of.slug}"
        new = Dispute(dispute_id, of.pledge, of.slug, found.id if found else None, sealed, now)
        notice = letters.compose(
            "pledges/disputed",
            to=context.settings.staff_mail,
            values={"about": about, "link": f"{context.settings.base_url}/staff/sign-ups"},
        )
        line = audit.line("sign_up.disputed", about, actor="visitor", at=now)
        told = outbox.letter_row(context.encryption, notice, now=now, about=about)
        insert_rows(connection, [dispute_store.dispute_row(new), line, told])

    await context.database.write(act)


def _expect_sound(said: Disputed) -> None:
    faults = []
    if not said.words.strip():
        faults.append(FieldFault("words", _("Say what is not right.")))
    if len(said.words) > WORDS_CHARACTERS or not is_plain(said.words, lines=True):
        faults.append(FieldFault("words", _("Write it shorter, in plain letters.")))
    if len(said.reach_at) > REACH_CHARACTERS or not is_plain(said.reach_at):
        faults.append(FieldFault("reach_at", _("Write it shorter, in plain letters.")))
    if faults:
        raise Invalid(*faults)

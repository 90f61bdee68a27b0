"""Receive a dispute: somebody says that a published promise is not true, or was never made.

Nothing happens by itself: staff see it at the top of their queue and may hide the entry.
"""

from sqlalchemy import Connection

from api.context import Context
from api.errors import FieldFault, Invalid, Missing
from api.features.pledges.disputes import store
from api.features.pledges.disputes.store import Dispute, DisputeText
from api.features.pledges.store import published_sign_up_at
from api.security.contact_text import is_plain
from api.security.references import new_id
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Signatory

WORDS_CHARACTERS = 500
REACH_CHARACTERS = 200


def find_signatory(pledge: str, slug: str, catalogue: Catalogue) -> Signatory:
    """Return the published entry that a dispute is about, by its present or a former slug.

    Raises `Missing`.
    """
    signatory = catalogue.signatory(pledge, slug)
    if signatory is None:
        raise Missing
    return signatory


async def dispute(signatory: Signatory, text: DisputeText, context: Context) -> None:
    """Store a dispute and tell the team; returns only after the commit. Raises `Invalid`."""
    _check_text(text)
    now, dispute_id = context.now, new_id()
    sealed = context.encryption.encrypt(dispute_id, text)

    def write(connection: Connection) -> None:
        sign_up = published_sign_up_at(connection, signatory.path)
        about = sign_up.reference if sign_up else f"{signatory.pledge}/{signatory.slug}"
        new = Dispute(
            id=dispute_id,
            pledge=signatory.pledge,
            who=signatory.slug,
            sign_up_id=sign_up.id if sign_up else None,
            sealed=sealed,
            created_at=now,
        )
        letter = context.letter_row(
            "pledges/disputed",
            to=context.settings.staff_mail,
            values={"about": about, "link_to_staff": f"{context.settings.base_url}/staff/sign-ups"},
            about=about,
        )
        line = audit.new_event("sign_up.disputed", about, actor="visitor", at=now)
        insert_rows(connection, [store.dispute_row(new), line, letter])

    await context.database.write(write)


def _check_text(text: DisputeText) -> None:
    faults = []
    if not text.words.strip():
        faults.append(FieldFault("words", _("Say what is not right.")))
    if len(text.words) > WORDS_CHARACTERS or not is_plain(text.words, lines=True):
        faults.append(FieldFault("words", _("Write it shorter, in plain letters.")))
    if len(text.reach_at) > REACH_CHARACTERS or not is_plain(text.reach_at):
        faults.append(FieldFault("reach_at", _("Write it shorter, in plain letters.")))
    if faults:
        raise Invalid(*faults)

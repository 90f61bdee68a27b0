"""New sentences for an entry, once somebody of the staff has read them: put in, or sent back."""

from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import alone, put_in_place
from api.content_files.signatory_files import EntryGone
from api.context import Context
from api.errors import Conflict, Missing
from api.features.renewals import store
from api.features.renewals.contact import contact_of, running_pledge
from api.features.renewals.self_service import CHANGE_KEPT
from api.features.renewals.store import Change, Words
from api.mail import letters, outbox
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop


class NoChange(Missing):
    """There is no such change."""

    sentence = gettext_noop("There are no such new words.")


class ReadBefore(Conflict):
    """It was decided, or newer sentences came."""

    sentence = gettext_noop(
        "These words were decided before, or newer ones came. Nothing was changed."
    )


def said_in(of: Change, context: Context) -> dict[str, str]:
    """Return the new sentences by commitment; none once they are erased."""
    return context.encryption.decrypt_as(of.id, of.sealed, Words).said if of.sealed else {}


def accept(change_id: str, context: Context) -> None:
    """Put the sentences into the entry. Raises `NoChange`, `ReadBefore`, `EntryGone`, `Unfit`.

    The file first, then the store: after a crash between, accepting again writes the same file.
    """
    of = _waiting(change_id, context)
    running_pledge(context, of.pledge)
    with alone(context.project):
        at = signatory_files.find(context.project, of.pledge, of.who)
        if at.signatory.status == "withdrawn":
            raise EntryGone
        changes = {
            f"promises.{name}.how": said
            for name, said in said_in(of, context).items()
            if name in at.signatory.promises and said != at.signatory.promises[name].how
        }
        if changes:
            raw = signatory_files.changed(at, changes, context.catalogue)
            put_in_place(context.project / at.path, raw)
        context.database.write_now(lambda write: _settle(write, of, "accepted", "", context))


def refuse(change_id: str, why: str, context: Context) -> None:
    """Leave the entry as it is, and tell its signer why. Raises `NoChange` or `ReadBefore`."""
    of = _waiting(change_id, context)
    context.database.write_now(lambda write: _settle(write, of, "refused", why, context))


def _waiting(change_id: str, context: Context) -> Change:
    found = context.database.read_now(lambda look: store.change(look, change_id))
    if found is None:
        raise NoChange
    if found.state != "waiting":
        raise ReadBefore
    return found


def _settle(connection: Connection, of: Change, state: str, why: str, context: Context) -> None:
    if not store.settle_change(connection, {"id": of.id}, state, context.now, CHANGE_KEPT):
        raise ReadBefore
    about = f"{of.pledge}/{of.who}"
    line = audit.line(f"promise.change_{state}", about, actor=context.actor, at=context.now)
    insert_rows(connection, [line, *_letters(connection, of, why, context)])


def _letters(connection: Connection, of: Change, why: str, context: Context) -> list[Row]:
    contact = contact_of(connection, of.pledge, of.who, context.encryption)
    if contact is None or not contact.email:
        return []
    origin = context.settings.base_url
    written = letters.compose(
        "keeping/sentences",
        to=contact.email,
        values={
            "why": why,
            "manage": f"{origin}/pledges/manage/",
            "link": f"{origin}/pledges/{of.pledge}/{of.who}/",
        },
    )
    return [
        outbox.letter_row(context.encryption, written, now=context.now, about=contact.reference)
    ]

"""New sentences for an entry: sent by its signatory, then accepted or refused by staff."""

from collections.abc import Mapping

from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import Unfit, alone, put_in_place
from api.content_files.signatory_files import EntryGone, SignatoryFile
from api.context import Context
from api.errors import Conflict, FieldFault, Invalid, Missing
from api.features.renewals import store
from api.features.renewals.contact import find_contact
from api.features.renewals.renewal_rules import find_running_pledge
from api.features.renewals.store import CommitmentTexts, TextChange
from api.mail import store as mail_store
from api.security.references import new_id
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.personal_data import kept_for
from catalogue.model.pledge import Signatory

RETAINED_AFTER_DECISION = kept_for("text_change")
RETAINED_UNDECIDED = kept_for("text_change_open")
MAX_TEXT_CHARACTERS = 300


class TextChangeNotFound(Missing):
    """There is no such text change."""

    code = "no-change"
    sentence = gettext_noop("There are no such new words.")


class TextChangeDecided(Conflict):
    """It was decided before, or replaced by newer sentences."""

    code = "read-before"
    sentence = gettext_noop(
        "Somebody has decided on these words already, or newer ones came. Nothing was changed."
    )


def propose(entry: SignatoryFile, texts: Mapping[str, str], context: Context) -> bool:
    """Store new sentences, by commitment, for staff to review; say whether any was new.

    Raises `Invalid` with the faults of each sentence, and `PledgeEnded`.
    """
    signatory = entry.signatory
    find_running_pledge(context, signatory.pledge)
    trimmed = {name: " ".join(text.split()) for name, text in texts.items()}
    new = {
        name: text
        for name, text in trimmed.items()
        if name in signatory.promises and text != signatory.promises[name].how
    }
    faults = [
        FieldFault(f"how-{name}", _("Leave out addresses, telephone numbers, postcodes, < and >."))
        for name, text in new.items()
        if not _is_publishable(entry, name, text, context)
    ]
    if faults:
        raise Invalid(*faults)
    if new:
        context.database.write_now(
            lambda connection: _insert_change(connection, signatory, new, context)
        )
    return bool(new)


def replace_waiting(connection: Connection, signatory: Signatory, context: Context) -> None:
    """Take the text changes of an entry off the queue, under whichever slug they were sent."""
    store.replace_text_changes(
        connection,
        signatory.pledge,
        signatory.names,
        context.now,
        context.now + RETAINED_AFTER_DECISION,
    )


def decrypt_texts(change: TextChange, context: Context) -> dict[str, str]:
    """Return the new sentences by commitment; none once they are erased."""
    if not change.encrypted_texts:
        return {}
    texts = context.encryption.decrypt_as(change.id, change.encrypted_texts, CommitmentTexts)
    return texts.by_commitment


def accept(change_id: str, context: Context) -> None:
    """Write the sentences into the entry.

    The file is written before the store: after a crash between them, accepting again writes the
    same file. Raises `TextChangeNotFound`, `TextChangeDecided`, `EntryGone` or `Unfit`.
    """
    change = _find_waiting(change_id, context)
    find_running_pledge(context, change.pledge)
    with alone(context.project):
        entry = signatory_files.find(context.project, change.pledge, change.slug)
        promises = entry.signatory.promises
        if entry.signatory.status == "withdrawn":
            raise EntryGone
        edits = {
            f"promises.{name}.how": text
            for name, text in decrypt_texts(change, context).items()
            if name in promises and text != promises[name].how
        }
        if edits:
            raw = signatory_files.changed(entry, edits, context.catalogue)
            put_in_place(context.project / entry.path, raw)
        context.database.write_now(
            lambda connection: _settle(connection, change, "accepted", "", context)
        )


def refuse(change_id: str, reason: str, context: Context) -> None:
    """Leave the entry as it is, and write the reason to its signatory.

    Raises `TextChangeNotFound` or `TextChangeDecided`.
    """
    change = _find_waiting(change_id, context)
    context.database.write_now(
        lambda connection: _settle(connection, change, "refused", reason, context)
    )


def _is_publishable(entry: SignatoryFile, name: str, text: str, context: Context) -> bool:
    if len(text) > MAX_TEXT_CHARACTERS:
        return False
    try:
        signatory_files.changed(entry, {f"promises.{name}.how": text}, context.catalogue)
    except Unfit:
        return False
    return True


def _insert_change(
    connection: Connection, signatory: Signatory, texts: Mapping[str, str], context: Context
) -> None:
    replace_waiting(connection, signatory, context)
    change_id = new_id()
    change = TextChange(
        id=change_id,
        pledge=signatory.pledge,
        slug=signatory.slug,
        state="waiting",
        encrypted_texts=context.encryption.encrypt(change_id, CommitmentTexts(dict(texts))),
        created_at=context.now,
    )
    entry_name = f"{signatory.pledge}/{signatory.slug}"
    letter = context.letter_row(
        "keeping/to_read",
        to=context.settings.staff_mail,
        values={
            "doubt": False,
            "entry": entry_name,
            "link_to_staff": f"{context.settings.base_url}/staff/keeping",
        },
        about=entry_name,
    )
    rows = [
        store.text_change_row(change, delete_after=context.now + RETAINED_UNDECIDED),
        audit.new_event("promise.change_proposed", entry_name, actor=context.actor, at=context.now),
        letter,
    ]
    insert_rows(connection, rows)


def _find_waiting(change_id: str, context: Context) -> TextChange:
    change = context.database.read_now(
        lambda connection: store.find_text_change(connection, change_id)
    )
    if change is None:
        raise TextChangeNotFound
    if change.state != "waiting":
        raise TextChangeDecided
    return change


def _settle(
    connection: Connection, change: TextChange, state: str, reason: str, context: Context
) -> None:
    delete_after = context.now + RETAINED_AFTER_DECISION
    if not store.settle_text_change(connection, change.id, state, context.now, delete_after):
        raise TextChangeDecided
    line = audit.new_event(
        f"promise.change_{state}",
        f"{change.pledge}/{change.slug}",
        actor=context.actor,
        at=context.now,
    )
    insert_rows(connection, [line, *_letter_rows(connection, change, reason, context)])


def _letter_rows(
    connection: Connection, change: TextChange, reason: str, context: Context
) -> list[Row]:
    contact = find_contact(connection, change.pledge, change.slug, context.encryption)
    if contact is None or not contact.email:
        return []
    base_url = context.settings.base_url
    letter = context.letter_row(
        "keeping/sentences",
        to=contact.email,
        values={
            "why_not": reason,
            "manage": f"{base_url}/pledges/manage/",
            "link_to_page": f"{base_url}/pledges/{change.pledge}/{change.slug}/",
        },
        about=contact.reference,
    )
    mail_store.release(connection, contact.reference, context.now)
    return [letter]

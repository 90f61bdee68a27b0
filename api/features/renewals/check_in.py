"""Renew a promise, with the signatory's answers to the yearly question.

The order survives a crash. First the store records the check-in, one for each period; then the
entry is written; then the check-in is marked as written, together with a letter that says so. What
a crash interrupts is finished when the form is sent again, or by the nightly job. Sending the form
again changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime, time

from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import alone, put_in_place
from api.content_files.signatory_files import EntryGone, SignatoryFile
from api.context import Context
from api.errors import Conflict
from api.features import pledges
from api.features.renewals import store
from api.features.renewals.contact import Contact, find_contact
from api.features.renewals.renewal_rules import (
    find_running_pledge,
    renewable_from,
    renewed_until,
)
from api.features.renewals.store import CheckIn, CommitmentAnswer, CommitmentTexts
from api.security.references import new_id
from api.store import audit
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.personal_data import kept_for
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.formatting import LOCAL, long_date

TEXTS_RETAINED = kept_for("check_in")
"""How long sentences for the team are kept after the promise ends, as the address is."""


class NothingPromised(Conflict):
    """Every commitment was stopped: that is a withdrawal, not a renewal."""

    code = "nothing-left"
    sentence = gettext_noop("Nothing of the promise is left. You can withdraw it instead.")


def renew(
    pledge_slug: str,
    slug: str,
    answers: Mapping[str, CommitmentAnswer],
    texts: Mapping[str, str],
    context: Context,
) -> Signatory:
    """Renew a promise, and return the signatory after that.

    A promise that cannot be renewed yet is left as it is.

    Args:
        pledge_slug: The pledge.
        slug: The signatory's present slug.
        answers: By commitment; empty if all is as it was.
        texts: By commitment: what they did, or what stopped them. For the team only.
        context: Its actor is recorded.

    Raises `EntryGone`, `NothingPromised`, `PledgeEnded`, `PledgeNotFound`, or `Unfit` where the
    entry on the disk has faults.
    """
    pledge = find_running_pledge(context, pledge_slug)
    with alone(context.project):
        entry = signatory_files.read(context.project, pledge_slug, slug)
        if entry.signatory.status == "withdrawn":
            raise EntryGone
        if context.today < renewable_from(entry.signatory, pledge):
            return entry.signatory
        if answers and not keeps_any_commitment(answers):
            raise NothingPromised
        new = _new_check_in(entry.signatory, pledge, answers, texts, context)
        check_in = context.database.write_now(lambda connection: _record_once(connection, new))
        return _apply(entry, check_in, context)


def finish_interrupted(context: Context) -> int:
    """Write the entries of check-ins that a crash interrupted; return how many there were."""
    finished = 0
    for check_in in context.database.read_now(store.unfinished_check_ins):
        with alone(context.project):
            try:
                entry = signatory_files.read(context.project, check_in.pledge, check_in.slug)
            except EntryGone:
                continue
            _apply(entry, check_in, context)
            finished += 1
    return finished


def keeps_any_commitment(answers: Mapping[str, CommitmentAnswer]) -> bool:
    """Say whether anything is still promised."""
    return any(answer.state != "stopped" for answer in answers.values())


def _new_check_in(
    signatory: Signatory,
    pledge: Pledge,
    answers: Mapping[str, CommitmentAnswer],
    texts: Mapping[str, str],
    context: Context,
) -> CheckIn:
    check_in_id = new_id()
    texts_given = CommitmentTexts({name: text for name, text in texts.items() if text})
    encrypted = (
        context.encryption.encrypt(check_in_id, texts_given) if texts_given.by_commitment else None
    )
    return CheckIn(
        id=check_in_id,
        pledge=signatory.pledge,
        slug=signatory.slug,
        until_before=signatory.confirmed_until,
        until_after=renewed_until(signatory, pledge, context.today),
        answers=dict(answers),
        by_staff=context.actor.startswith("staff"),
        encrypted_texts=encrypted,
        created_at=context.now,
        written_at=None,
    )


def _record_once(connection: Connection, new: CheckIn) -> CheckIn:
    """Insert a check-in unless its period has one; return the one that is stored."""
    stored = store.find_check_in(connection, new.pledge, new.slug, new.until_before)
    if stored is None:
        delete_after = datetime.combine(new.until_after, time(), LOCAL) + TEXTS_RETAINED
        insert_rows(connection, [store.check_in_row(new, delete_after=delete_after)])
    return stored or new


def _apply(entry: SignatoryFile, check_in: CheckIn, context: Context) -> Signatory:
    """Write the entry as the check-in says, and record that it is written."""
    if entry.signatory.confirmed_until == check_in.until_before:
        changes = {"confirmed_until": check_in.until_after.isoformat()}
        changes |= _promise_changes(entry.signatory, check_in.answers)
        raw = signatory_files.changed(entry, changes, context.catalogue)
        put_in_place(context.project / entry.path, raw)
    context.database.write_now(lambda connection: _finish(connection, entry, check_in, context))
    return signatory_files.read(context.project, check_in.pledge, check_in.slug).signatory


def _promise_changes(
    signatory: Signatory, answers: Mapping[str, CommitmentAnswer]
) -> dict[str, str]:
    """Return the fields that answers change; a commitment that stopped loses its `how`."""
    changes: dict[str, str] = {}
    for name, answer in answers.items():
        promise, field = signatory.promises.get(name), f"promises.{name}"
        if promise is None:  # the entry was changed by hand meanwhile
            continue
        if answer.state == "stopped":
            changes[f"{field}.state"] = "not for us"
        elif answer.state == "not yet" and answer.by:
            changes |= {f"{field}.state": "starting", f"{field}.by": answer.by.isoformat()}
        elif answer.state == "doing":
            changes[f"{field}.state"] = "doing"
        if answer.state != "not yet" and promise.by:
            changes[f"{field}.by"] = ""
        if answer.state == "stopped" and promise.how and promise.state != "not for us":
            changes[f"{field}.how"] = ""
    return changes


def _finish(
    connection: Connection, entry: SignatoryFile, check_in: CheckIn, context: Context
) -> None:
    if not store.mark_check_in_written(connection, check_in.id, context.now):
        return
    contact = find_contact(connection, check_in.pledge, check_in.slug, context.encryption)
    line = audit.new_event(
        "promise.renewed",
        contact.reference if contact else f"{check_in.pledge}/{check_in.slug}",
        actor=context.actor,
        at=context.now,
        until=check_in.until_after.isoformat(),
        all_as_it_was=not check_in.answers,
    )
    rows = [line]
    if contact:
        pledges.extend_retention(connection, contact.sign_up_id, check_in.until_after)
        if contact.email:
            rows.append(_letter_row(contact, entry, check_in, context))
    insert_rows(connection, rows)


def _letter_row(contact: Contact, entry: SignatoryFile, check_in: CheckIn, context: Context) -> Row:
    pledge = context.catalogue.pledge(check_in.pledge)
    base_url = context.settings.base_url
    return context.letter_row(
        "keeping/renewed",
        to=contact.email,
        values={
            "pledge": pledge.title if pledge else check_in.pledge,
            "name": entry.signatory.name,
            "until": long_date(check_in.until_after),
            "page": f"{base_url}/pledges/{check_in.pledge}/{check_in.slug}/",
            "manage": f"{base_url}/pledges/manage/",
        },
        about=contact.reference,
    )

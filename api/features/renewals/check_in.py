"""The yearly question, answered: a promise is renewed, and its entry says so.

The order survives a crash. First the store notes the answer, one a period; then the entry is
written; then the answer is called written, and a letter tells it. What a crash left in between is
finished by the next press of the button, or by the day's work. Pressing again changes nothing.
"""

from collections.abc import Mapping
from datetime import datetime, time, timedelta

from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import alone, put_in_place
from api.content_files.signatory_files import EntryGone, Standing
from api.context import Context
from api.errors import Conflict
from api.features import pledges
from api.features.renewals import store
from api.features.renewals.contact import contact_of, running_pledge
from api.features.renewals.renewal_rules import opens_on, renewed_until
from api.features.renewals.store import Answered, CheckIn, Words
from api.mail import letters, outbox
from api.security.references import new_id
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.formatting import LOCAL, long_date

WORDS_KEPT = timedelta(days=365)
"""What somebody wrote for us is kept a year longer than the promise, as their address is."""


class NothingLeft(Conflict):
    """No commitment is kept any more: that is no renewal."""

    sentence = gettext_noop("Nothing of the promise is left. You can withdraw it instead.")


def renew(
    pledge: str,
    who: str,
    answers: Mapping[str, Answered],
    words: Mapping[str, str],
    context: Context,
) -> Signatory:
    """Renew a promise and return it as it stands then; with no answers all is as it was.

    A promise that needs no renewing yet stays as it is. Raises `EntryGone`, `NothingLeft`,
    `PledgeEnded`, `NoPledge`, or `Unfit` where the entry on the disk has faults.
    """
    of = running_pledge(context, pledge)
    with alone(context.project):
        at = signatory_files.read(context.project, pledge, who)
        if at.signatory.status == "withdrawn":
            raise EntryGone
        if context.today < opens_on(at.signatory, of):
            return at.signatory
        if answers and not keeps_something(answers):
            raise NothingLeft
        new = _check_in(at.signatory, of, answers, words, context)
        noted = context.database.write_now(lambda write: _note(write, new))
        return _carry_out(at, noted, context)


def finish_begun(context: Context) -> int:
    """Write the entries of answers that a crash came after; return how many there were."""
    done = 0
    for one in context.database.read_now(store.begun):
        with alone(context.project):
            try:
                at = signatory_files.read(context.project, one.pledge, one.who)
            except EntryGone:
                continue
            _carry_out(at, one, context)
            done += 1
    return done


def keeps_something(answers: Mapping[str, Answered]) -> bool:
    """Say whether anything is still promised."""
    return any(one.state != "stopped" for one in answers.values())


def _check_in(
    of: Signatory,
    pledge: Pledge,
    answers: Mapping[str, Answered],
    words: Mapping[str, str],
    context: Context,
) -> CheckIn:
    check_in_id = new_id()
    said = {name: one for name, one in words.items() if one}
    return CheckIn(
        id=check_in_id,
        pledge=of.pledge,
        who=of.slug,
        until_before=of.confirmed_until,
        until_after=renewed_until(of, pledge, context.today),
        answers=dict(answers),
        by_staff=context.actor.startswith("staff"),
        sealed=context.encryption.encrypt(check_in_id, Words(said)) if said else None,
        created_at=context.now,
        written_at=None,
    )


def _note(connection: Connection, new: CheckIn) -> CheckIn:
    """Keep an answer, unless there is one for this period; return the one that counts."""
    found = store.check_in(connection, new.pledge, new.who, new.until_before)
    if found is None:
        kept = datetime.combine(new.until_after, time(), LOCAL) + WORDS_KEPT
        insert_rows(connection, [store.check_in_row(new, delete_after=kept)])
    return found or new


def _carry_out(at: Standing, noted: CheckIn, context: Context) -> Signatory:
    """Write the entry as the answer has it, and say that it is written."""
    if at.signatory.confirmed_until == noted.until_before:
        changes = {"confirmed_until": noted.until_after.isoformat()}
        changes |= _of_promises(at.signatory, noted.answers)
        raw = signatory_files.changed(at, changes, context.catalogue)
        put_in_place(context.project / at.path, raw)
    context.database.write_now(lambda write: _finish(write, at, noted, context))
    return signatory_files.read(context.project, noted.pledge, noted.who).signatory


def _of_promises(of: Signatory, answers: Mapping[str, Answered]) -> dict[str, str]:
    """Return the fields an answer changes: what stopped says no longer how it is done."""
    changes: dict[str, str] = {}
    for name, said in answers.items():
        promise, field = of.promises.get(name), f"promises.{name}"
        if promise is None:  # the entry was changed by hand meanwhile
            continue
        if said.state == "stopped":
            changes[f"{field}.state"] = "not for us"
        elif said.state == "not yet" and said.by:
            changes |= {f"{field}.state": "starting", f"{field}.by": said.by.isoformat()}
        elif said.state == "doing":
            changes[f"{field}.state"] = "doing"
        if said.state != "not yet" and promise.by:
            changes[f"{field}.by"] = ""
        if said.state == "stopped" and promise.how and promise.state != "not for us":
            changes[f"{field}.how"] = ""
    return changes


def _finish(connection: Connection, at: Standing, noted: CheckIn, context: Context) -> None:
    if not store.mark_written(connection, noted.id, context.now):
        return
    about = f"{noted.pledge}/{noted.who}"
    contact = contact_of(connection, noted.pledge, noted.who, context.encryption)
    until = noted.until_after.isoformat()
    line = audit.line(
        "promise.renewed",
        contact.reference if contact else about,
        actor=context.actor,
        at=context.now,
        until=until,
        all_as_it_was=not noted.answers,
    )
    rows = [line]
    if contact:
        pledges.extend_retention(connection, contact.sign_up_id, noted.until_after)
        if contact.email:
            rows.append(_letter(contact.email, contact.reference, at, noted, context))
    insert_rows(connection, rows)


def _letter(
    email: str, reference: str, at: Standing, noted: CheckIn, context: Context
) -> tuple[object, Mapping[str, object]]:
    pledge = context.catalogue.pledge(noted.pledge)
    written = letters.compose(
        "keeping/renewed",
        to=email,
        values={
            "pledge": pledge.title if pledge else noted.pledge,
            "name": at.signatory.name,
            "until": long_date(noted.until_after),
            "link": f"{context.settings.base_url}/pledges/{noted.pledge}/{noted.who}/",
            "manage": f"{context.settings.base_url}/pledges/manage/",
        },
    )
    return outbox.letter_row(context.encryption, written, now=context.now, about=reference)

"""Compares published sign-ups with the content, and mends what disagrees, in both directions.

After a restore, and after a crash or a wrong hand at the files, the database may say that a promise
stands where no file is, and a file may stand that the database knows nothing of. What is mended
publishes nothing that somebody took off: where the two disagree, less is shown.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import PurePath

import msgspec
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import Unfit, alone
from api.content_files.signatory_files import EntryGone
from api.context import Context
from api.errors import DomainError
from api.features.pledges import store
from api.features.pledges.register import content_sync
from api.features.pledges.register.publish import (
    find_path,
    is_entry_of,
    public_entry,
    write_missing_entry,
)
from api.features.pledges.review import decisions_store
from api.features.pledges.store import SignUp
from api.features.renewals import store as renewals
from api.store import audit
from api.store.writer import insert_rows

MISSING = "stands in the database, and its file is gone"
STILL_THERE = "was taken off or hidden, and its file still shows it"
WITHDRAWN = "stands in the database, and its file is withdrawn"
NOT_MARKED = "waits to be published, and its file is there already"


class Disagreement(msgspec.Struct, frozen=True):
    """A promise of which database and content say different things."""

    what: str
    reference: str
    path: str

    def __str__(self) -> str:
        return f"{self.reference or 'an entry'} {self.what}: {self.path}"


def find(context: Context) -> list[Disagreement]:
    """Return where database and content disagree. Changes nothing."""
    with alone(context.project):
        return [*_disagreements(context)]


def mend(context: Context, *, write_missing: bool = True) -> list[Disagreement]:
    """Mend what disagrees, and return what could not be, or was not to be, mended.

    Without `write_missing` no file is written again: an editor may have deleted it on purpose.
    """
    left = []
    content_sync.unpublish_entries(context.project, context.database)
    for disagreement in find(context):
        if disagreement.what == MISSING and not write_missing:
            left.append(disagreement)
            continue
        try:
            _mend(disagreement, context)
        except DomainError:
            left.append(disagreement)
    return left


def _disagreements(context: Context) -> Iterator[Disagreement]:
    database, project = context.database, context.project
    published = database.read_now(lambda c: store.list_in_states(c, ("published",)))
    for sign_up in published:
        status = _status(sign_up.entry_path, context)
        if not sign_up.hidden_at and status is None:
            yield Disagreement(MISSING, sign_up.reference, sign_up.entry_path)
        if not sign_up.hidden_at and status == "withdrawn":
            yield Disagreement(WITHDRAWN, sign_up.reference, sign_up.entry_path)
    off = database.read_now(lambda c: store.unpublished_paths(c, content_sync.BEGINNING))
    stand = {sign_up.entry_path for sign_up in published if not sign_up.hidden_at}
    for path in sorted(set(off) - stand):
        if _status(path, context) == "published":
            yield Disagreement(STILL_THERE, "", path)
    for sign_up in database.read_now(lambda c: store.list_in_states(c, ("confirmed",))):
        if sign_up.sealed is None or sign_up.entry_path:
            continue
        front = public_entry(sign_up, context, context.catalogue)
        path = find_path(project, sign_up, front, _taken(sign_up, context))
        if is_entry_of(project, path, front):
            yield Disagreement(NOT_MARKED, sign_up.reference, path)


def _taken(of: SignUp, context: Context) -> set[str]:
    return context.database.read_now(lambda c: store.taken_paths(c, of.pledge))


def _status(path: str, context: Context) -> str | None:
    """Return the status of an entry; None without a file, "" where it cannot be read."""
    if not path or not (context.project / path).is_file():
        return None
    try:
        where = PurePath(path)
        return signatory_files.read(context.project, where.parent.name, where.stem).signatory.status
    except EntryGone:
        return ""


def _mend(disagreement: Disagreement, context: Context) -> None:
    database = context.database
    if not disagreement.reference:
        return
    of = database.read_now(lambda connection: store.find(connection, disagreement.reference))
    if of is None:
        return
    if disagreement.what == MISSING:
        if not of.entry_path or not of.public_name:
            raise Unfit([])
        write_missing_entry(of, context, context.catalogue, _renewed_until(of, context))
    changes: dict[str, object] = {}
    if disagreement.what == WITHDRAWN:  # staff can show it again
        changes = {"hidden_at": context.now}
    if disagreement.what == NOT_MARKED:
        front = public_entry(of, context, context.catalogue)
        changes = {
            "state": "published",
            "asked_at": None,
            "decided_at": context.now,
            "entry_path": disagreement.path,
            "public_name": front.name,
            "delete_after": store.retained_until(front.confirmed_until),
        }

    def act(connection: Connection) -> None:
        if changes:
            decisions_store.change(connection, of.id, **changes)
        line = audit.new_event(
            "sign_up.reconciled",
            disagreement.reference,
            actor=context.actor,
            at=context.now,
            what=disagreement.what,
        )
        insert_rows(connection, [line])

    database.write_now(act)


def _renewed_until(of: SignUp, context: Context) -> date | None:
    """Return until when a promise was renewed last, None where it never was."""
    where = PurePath(of.entry_path)
    sign_ups = context.database.read_now(
        lambda connection: renewals.check_ins(connection, where.parent.name, [where.stem])
    )
    return max((sign_up.until_after for sign_up in sign_ups), default=None)

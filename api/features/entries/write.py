"""Writes an entry's file for staff, and takes that back: once, and never over the work of others.

The order survives a crash: the store notes the file before, then the file is put in place whole or
deleted, then the change is called written, with its audit line. What was begun is finished, or
forgotten, when the entry is next written. A lock keeps all writers of the content apart.
"""

import hashlib
from functools import partial
from pathlib import Path

from sqlalchemy import Connection

from api.content_files import activity_files
from api.content_files.atomic_write import Unfit, alone, flush, put_in_place
from api.content_files.entry_change import EntryChange, find_faults
from api.context import Context
from api.errors import Conflict, Missing
from api.features.entries import store
from api.features.entries.store import Action, EntryRevision
from api.security.references import make, new_id
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop
from catalogue.model.catalogue import Catalogue


class RevisionNotFound(Missing):
    """No change bears this reference, or it is too old to be undone."""

    code = "not-there"
    sentence = gettext_noop("There is no change with this reference, or not any more.")


class EntryFileChanged(Conflict):
    """The file is another one than the change was made from."""

    code = "changed-since"
    sentence = gettext_noop("The entry was changed in the meantime. Nothing was written.")


class NameTaken(Conflict):
    """An entry of that name has come in since the preview."""

    code = "address-taken"
    sentence = gettext_noop("Another entry has this address by now. Nothing was written.")


def write(change: EntryChange, action: Action, context: Context, catalogue: Catalogue) -> str:
    """Write a change that was looked at, or take the entry off where nothing comes after it.

    Returns the reference of the change. Raises EntryFileChanged, NameTaken or Unfit, with nothing
    written.
    """
    if change.after and (faults := find_faults(change, context.project, catalogue)):
        raise Unfit(faults)
    slug = Path(change.path).stem
    with alone(context.project):
        _settle(slug, context)
        current = activity_files.read_file(context.project, change.path) or b""
        if current != change.before:
            raise EntryFileChanged if change.before else NameTaken
        if not change.before and activity_files.find_path(context.project, slug):
            raise NameTaken
        revision = EntryRevision(
            id=new_id(),
            reference=make("E"),
            activity=slug,
            path=change.path,
            action=action,
            actor=context.actor,
            before=change.before or None,
            after_digest=digest(change.after),
            created_at=context.now,
        )
        context.database.insert_now([store.revision_row(revision)])
        _put(context.project, change.path, change.after)
        _note_written(revision, context)
    return revision.reference


def find_revision(reference: str, context: Context) -> EntryRevision:
    """Return the change of a reference. Raises RevisionNotFound."""
    revision = context.database.read_now(lambda connection: store.find(connection, reference))
    if revision is None or revision.written_at is None:
        raise RevisionNotFound
    return revision


def undo(reference: str, context: Context, catalogue: Catalogue) -> EntryRevision:
    """Put back what stood before a change, as long as the file is what it wrote. Returns it.

    Harmless when repeated. Raises RevisionNotFound, EntryFileChanged, and Unfit where the old text
    has faults by now.
    """
    with alone(context.project):
        revision = find_revision(reference, context)
        if revision.undone_at:
            return revision
        current = activity_files.read_file(context.project, revision.path) or b""
        before = revision.before or b""
        if current != before:
            came_since = not current and activity_files.find_path(
                context.project, revision.activity
            )
            if came_since or not stands_as_written(revision, current):
                raise EntryFileChanged
            reversal = EntryChange(revision.path, current, before)
            if before and (faults := find_faults(reversal, context.project, catalogue)):
                raise Unfit(faults)
            _put(context.project, revision.path, before)

        def act(connection: Connection) -> None:
            if store.mark_undone(connection, revision.id, context.now):
                line = audit.new_event(
                    "entry.undone",
                    reference,
                    actor=context.actor,
                    at=context.now,
                    before=revision.after_digest,
                    after=digest(before),
                )
                insert_rows(connection, [line])

        context.database.write_now(act)
    return revision


def stands_as_written(revision: EntryRevision, raw: bytes | None) -> bool:
    """Say whether a file (None: there is none) still is what a change wrote: undoing is safe."""
    return revision.undone_at is None and digest(raw or b"") == revision.after_digest


def digest(raw: bytes) -> str:
    """Return the SHA-256 of a file, "" where there is none."""
    return hashlib.sha256(raw).hexdigest() if raw else ""


def _put(project: Path, path: str, raw: bytes) -> None:
    file = project / path
    if raw:
        file.parent.mkdir(parents=True, exist_ok=True)
        put_in_place(file, raw)
    else:
        file.unlink(missing_ok=True)
        flush(file.parent)


def _settle(slug: str, context: Context) -> None:
    """Call changes written that a crash left in the file, and forget those it kept out of it."""
    revisions = context.database.read_now(lambda connection: store.unfinished(connection, slug))
    for revision in revisions:
        current = activity_files.read_file(context.project, revision.path) or b""
        if stands_as_written(revision, current):
            _note_written(revision, context)
        else:
            context.database.write_now(partial(store.forget, revision_id=revision.id))


def _note_written(revision: EntryRevision, context: Context) -> None:
    def act(connection: Connection) -> None:
        if store.mark_written(connection, revision.id, context.now):
            line = audit.new_event(
                f"entry.{revision.action}",
                revision.reference,
                actor=revision.actor,
                at=context.now,
                before=digest(revision.before or b""),
                after=revision.after_digest,
            )
            insert_rows(connection, [line])

    context.database.write_now(act)

"""Rename an entry of the register, merge two entries into one, and undo either.

Several files change together: the entry, and the activities that name it. The store records all of
them, before and after, before the first is written; the nightly job finishes what a crash
interrupted. Undoing restores the files byte for byte, unless one of them was changed since.

A rename moves the rows stored for the entry to its new slug. After a merge the rows of the entry
that went stay under its old slug and are read together with the other's, so that an undo can
separate them again.
"""

import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import Unfit, alone, flush, put_in_place
from api.content_files.signatory_files import SignatoryFile
from api.context import Context
from api.errors import Conflict, FieldFault, Invalid, Missing
from api.features import pledges
from api.features.renewals import store as renewals_store
from api.features.renewals.renaming import store
from api.features.renewals.renaming.store import Files, RegisterChange, WrittenFiles
from api.security.normalise import name_key
from api.security.references import new_id
from api.store import audit
from api.store.writer import insert_rows
from catalogue.faults import Fault
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import NO_SIGNATORY
from catalogue.model.text import is_slug, slug_of
from catalogue.read.front_matter_edit import CannotEdit, set_fields


class ChangeNotFound(Missing):
    """There is no such change, or it was undone before."""

    code = "no-renaming"
    sentence = gettext_noop("There is no such change.")


class FilesChangedSince(Conflict):
    """A file differs from what the change wrote."""

    code = "changed-since"
    sentence = gettext_noop("Something was changed after that, so it cannot be undone as a whole.")


def rename(pledge: str, slug: str, name: str, new_slug: str, context: Context) -> str:
    """Give an entry another name, and return its slug after that.

    With an empty `new_slug` it is made from the name; with the present one only the name changes.
    Raises `Invalid`, `EntryGone` or `Unfit`.
    """
    new_slug = new_slug.strip() or _slug_from_name(name)
    with alone(context.project):
        entry = signatory_files.read(context.project, pledge, slug)
        _check_slug_is_free(entry, new_slug, context)
        _check_name_is_free(entry, name, context)
        text = _edit_fields(entry.path, entry.raw.decode(), {"name": " ".join(name.split())})
        path = signatory_files.path_of(pledge, new_slug)
        files: dict[str, str | None] = {path: text}
        if new_slug != slug:
            former_slugs = (*entry.signatory.former_slugs, slug)
            text = _set_former_slugs(entry, text, former_slugs, new_slug)
            activities = _repointed_activities(pledge, slug, new_slug, context)
            files = {path: text, entry.path: None, **activities}
        signatory_files.check(path, text.encode(), context.catalogue)
        files_written = WrittenFiles(files, sign_up_moves=new_slug != slug)
        change = _record_change(pledge, slug, new_slug, "rename", files_written, context)
        _apply_change(change, context)
    return new_slug


def merge(pledge: str, slug: str, into_slug: str, context: Context) -> None:
    """Merge the entry `slug` into another one of the same pledge, which keeps its own promises.

    The earlier of the two `since` days is kept. Raises `Invalid`, `EntryGone` or `Unfit`.
    """
    if slug == into_slug:
        raise Invalid(FieldFault("other", _("Choose another entry.")))
    with alone(context.project):
        source = signatory_files.read(context.project, pledge, slug)
        target = signatory_files.read(context.project, pledge, into_slug)
        if "withdrawn" in (source.signatory.status, target.signatory.status):
            raise Invalid(FieldFault("other", _("One of them is withdrawn.")))
        since = min(source.signatory.since, target.signatory.since)
        text = _edit_fields(target.path, target.raw.decode(), {"since": since.isoformat()})
        former_slugs = (*target.signatory.former_slugs, slug, *source.signatory.former_slugs)
        text = _set_former_slugs(target, text, former_slugs, into_slug)
        activities = _repointed_activities(pledge, slug, into_slug, context)
        files = {target.path: text, source.path: None, **activities}
        signatory_files.check(target.path, text.encode(), context.catalogue)
        target_sign_up = context.database.read_now(
            lambda connection: pledges.published_sign_up_at(connection, target.path)
        )
        files_written = WrittenFiles(files, sign_up_moves=target_sign_up is None)
        change = _record_change(pledge, slug, into_slug, "merge", files_written, context)
        _apply_change(change, context)


def undo(change_id: str, context: Context) -> RegisterChange:
    """Restore all files of a change. Raises `ChangeNotFound` or `FilesChangedSince`."""
    with alone(context.project):
        change = context.database.read_now(
            lambda connection: store.find_change(connection, change_id)
        )
        if change is None or change.undone_at or change.written_at is None:
            raise ChangeNotFound
        present = {path: _read_text(context.project / path) for path in change.after.files}
        if present not in (change.after.files, change.before):
            raise FilesChangedSince
        _write_files(change.before, context.project)
        context.database.write_now(lambda connection: _finish_undo(connection, change, context))
    return change


def finish_interrupted(context: Context) -> int:
    """Write the changes that a crash interrupted; return how many there were."""
    changes = context.database.read_now(store.unfinished_changes)
    for change in changes:
        with alone(context.project):
            _apply_change(change, context)
    return len(changes)


def _check_slug_is_free(entry: SignatoryFile, new_slug: str, context: Context) -> None:
    signatory = entry.signatory
    if not is_slug(new_slug) or new_slug in NO_SIGNATORY:
        raise Invalid(FieldFault("slug", _("Use small letters, digits and single dashes.")))
    if new_slug == signatory.slug:
        return
    if new_slug in signatory.former_slugs:
        if context.database.read_now(
            lambda connection: store.was_merged_away(connection, signatory.pledge, new_slug)
        ):
            raise Invalid(FieldFault("slug", _("Another entry had this address. Undo that first.")))
        return
    path = signatory_files.path_of(signatory.pledge, new_slug)
    taken_paths = context.database.read_now(
        lambda connection: pledges.taken_paths(connection, signatory.pledge)
    )
    if (
        path in taken_paths
        or new_slug in signatory_files.former(context.project, signatory.pledge)
        or (context.project / path).exists()
    ):
        raise Invalid(FieldFault("slug", _("This address is taken by another entry.")))


def _check_name_is_free(entry: SignatoryFile, name: str, context: Context) -> None:
    """Refuse a name that another sign-up has: staff decide about that sign-up first."""
    keys = context.encryption.lookups(name_key(name, entry.signatory.place))
    pledge = entry.signatory.pledge
    own_paths = [signatory_files.path_of(pledge, slug) for slug in entry.signatory.names]
    if context.database.read_now(
        lambda connection: pledges.is_name_taken(connection, pledge, keys, own_paths)
    ):
        message = _("There is a sign-up with this name. Decide about it first.")
        raise Invalid(FieldFault("name", message))


def _slug_from_name(name: str) -> str:
    ascii_name = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return slug_of(ascii_name)


def _set_former_slugs(
    entry: SignatoryFile, text: str, former_slugs: tuple[str, ...], own_slug: str
) -> str:
    """Return the entry's text with its former slugs replaced, each once and without its own."""
    old_count = len(entry.signatory.former_slugs)
    slugs = [slug for slug in dict.fromkeys(former_slugs) if slug != own_slug]
    removals = {f"former_slugs[{index}]": "" for index in reversed(range(old_count))}
    additions = {f"former_slugs[{index}]": slug for index, slug in enumerate(slugs)}
    return _edit_fields(entry.path, _edit_fields(entry.path, text, removals), additions)


def _repointed_activities(pledge: str, old_slug: str, new_slug: str, context: Context) -> Files:
    """Return the text of each activity that names the entry, with the new slug in it."""
    old_reference, new_reference = f"{pledge}/{old_slug}", f"{pledge}/{new_slug}"
    files: dict[str, str | None] = {}
    for activity in context.catalogue.activities:
        if activity.provider.signatory == old_reference:
            text = _read_text(context.project / activity.path) or ""
            changes = {"provider.signatory": new_reference}
            files[activity.path] = _edit_fields(activity.path, text, changes)
    return files


def _edit_fields(path: str, text: str, changes: Mapping[str, str]) -> str:
    try:
        return set_fields(text, changes)
    except CannotEdit as error:
        raise Unfit([Fault(path, 1, "", str(error))]) from error


def _record_change(
    pledge: str,
    old_slug: str,
    new_slug: str,
    kind: Literal["rename", "merge"],
    files_written: WrittenFiles,
    context: Context,
) -> RegisterChange:
    change = RegisterChange(
        id=new_id(),
        pledge=pledge,
        old_slug=old_slug,
        new_slug=new_slug,
        kind=kind,
        before={path: _read_text(context.project / path) for path in files_written.files},
        after=files_written,
        created_at=context.now,
        written_at=None,
        undone_at=None,
    )
    context.database.insert_now([store.change_row(change)])
    return change


def _apply_change(change: RegisterChange, context: Context) -> None:
    _write_files(change.after.files, context.project)
    context.database.write_now(lambda connection: _finish_change(connection, change, context))


def _write_files(files: Files, project: Path) -> None:
    """Write the files that stay before deleting those that go: one of them always exists."""
    for path, text in files.items():
        if text is not None:
            put_in_place(project / path, text.encode())
    for path, text in files.items():
        if text is None:
            (project / path).unlink(missing_ok=True)
            flush((project / path).parent)


def _read_text(file: Path) -> str | None:
    return file.read_bytes().decode() if file.is_file() else None


def _finish_change(connection: Connection, change: RegisterChange, context: Context) -> None:
    if not store.mark_change(connection, change.id, "written_at", context.now):
        return
    _move_records(connection, change, change.old_slug, change.new_slug)
    _rename_sign_up(connection, change, change.new_slug, change.after.files, context)
    _insert_audit_line(connection, change, f"register.{change.kind}d", context)


def _finish_undo(connection: Connection, change: RegisterChange, context: Context) -> None:
    if store.mark_change(connection, change.id, "undone_at", context.now):
        _move_records(connection, change, change.new_slug, change.old_slug)
        _rename_sign_up(connection, change, change.old_slug, change.before, context)
        _insert_audit_line(connection, change, f"register.{change.kind}_undone", context)


def _move_records(
    connection: Connection, change: RegisterChange, from_slug: str, to_slug: str
) -> None:
    """Have the rows stored for an entry follow it to its new slug."""
    if from_slug == to_slug:
        return
    if change.kind == "rename":
        renewals_store.rename_entry(connection, change.pledge, from_slug, to_slug)
    if change.after.sign_up_moves:
        pledges.move_entry(
            connection,
            signatory_files.path_of(change.pledge, from_slug),
            signatory_files.path_of(change.pledge, to_slug),
        )


def _rename_sign_up(
    connection: Connection, change: RegisterChange, slug: str, files: Files, context: Context
) -> None:
    """Give the sign-up of a renamed entry the name that is in its file."""
    path = signatory_files.path_of(change.pledge, slug)
    if change.kind == "rename" and (text := files.get(path)):
        signatory = signatory_files.parsed(path, text.encode())
        key = context.encryption.lookup(name_key(signatory.name, signatory.place))
        pledges.rename_signatory(connection, path, signatory.name, key)


def _insert_audit_line(
    connection: Connection, change: RegisterChange, action: str, context: Context
) -> None:
    line = audit.new_event(
        action,
        f"{change.pledge}/{change.old_slug}",
        actor=context.actor,
        at=context.now,
        into=audit.reference_of(f"{change.pledge}/{change.new_slug}"),
    )
    insert_rows(connection, [line])

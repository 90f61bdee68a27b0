"""An organisation gets another name, or stands on a register twice and becomes one.

Several files change together: the entry, and the activities that name it. The store notes all of
them, as they were and as they will be, before the first is written; what a crash leaves half done
is finished by the day's work. Undoing puts back the files to the letter, unless one was changed.
What the store keeps of a renamed entry goes with it; of one that went into another it stays under
the old name, and is read with the other's: nothing is lost, and nothing counts twice.
"""

import unicodedata
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy import Connection

from api.content_files import signatory_files
from api.content_files.atomic_write import Unfit, alone, flush, put_in_place
from api.content_files.signatory_files import Standing
from api.context import Context
from api.errors import Conflict, FieldFault, Invalid, Missing
from api.features import pledges
from api.features.renewals import store
from api.features.renewals.renaming import store as rename_store
from api.features.renewals.renaming.store import Files, Renaming, Written
from api.security.normalise import name_key
from api.security.references import new_id
from api.store import audit
from api.store.writer import insert_rows
from catalogue.faults import Fault
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import NO_SIGNATORY
from catalogue.model.text import is_slug, slug_of
from catalogue.read.front_matter_edit import CannotEdit, set_fields


class NoRenaming(Missing):
    """There is no such change."""

    sentence = gettext_noop("There is no such change.")


class ChangedSince(Conflict):
    """A file is not as the change left it."""

    sentence = gettext_noop("Something was changed after that, so it cannot be undone as a whole.")


def rename(pledge: str, who: str, name: str, slug: str, context: Context) -> str:
    """Give an entry another name, and return the slug it stands under.

    Without a slug it is made of the name; the same as before changes the name alone. Raises
    `Invalid`, `EntryGone` or `Unfit`.
    """
    new = slug.strip() or _slug_of(name)
    with alone(context.project):
        at = signatory_files.read(context.project, pledge, who)
        _expect_free(at, new, context)
        _expect_own(at, name, context)
        text = _mended(at.path, at.raw.decode(), {"name": " ".join(name.split())})
        path = signatory_files.path_of(pledge, new)
        files: dict[str, str | None] = {path: text}
        if new != who:
            text = _with_former(at, text, (*at.signatory.former_slugs, who), new)
            files = {path: text, at.path: None, **_activities(pledge, who, new, context)}
        signatory_files.check(path, text.encode(), context.catalogue)
        _write(_noted(pledge, who, new, "rename", Written(files, new != who), context), context)
    return new


def merge(pledge: str, who: str, into: str, context: Context) -> None:
    """Have the entry `who` go into another one of the same pledge, which keeps its own promises.

    The older `since` stays. Raises `Invalid`, `EntryGone` or `Unfit`.
    """
    if who == into:
        raise Invalid(FieldFault("other", _("Choose another entry.")))
    with alone(context.project):
        goes = signatory_files.read(context.project, pledge, who)
        stays = signatory_files.read(context.project, pledge, into)
        if "withdrawn" in (goes.signatory.status, stays.signatory.status):
            raise Invalid(FieldFault("other", _("One of them is withdrawn.")))
        since = min(goes.signatory.since, stays.signatory.since)
        text = _mended(stays.path, stays.raw.decode(), {"since": since.isoformat()})
        former = (*stays.signatory.former_slugs, who, *goes.signatory.former_slugs)
        text = _with_former(stays, text, former, into)
        files = {stays.path: text, goes.path: None, **_activities(pledge, who, into, context)}
        signatory_files.check(stays.path, text.encode(), context.catalogue)
        kept = context.database.read_now(
            lambda look: pledges.published_sign_up_at(look, stays.path)
        )
        _write(_noted(pledge, who, into, "merge", Written(files, kept is None), context), context)


def undo(change_id: str, context: Context) -> Renaming:
    """Put everything back as it was. Raises `NoRenaming` or `ChangedSince`."""
    with alone(context.project):
        found = context.database.read_now(lambda look: rename_store.find(look, change_id))
        if found is None or found.undone_at or found.written_at is None:
            raise NoRenaming
        stand = {path: _text(context.project / path) for path in found.after.files}
        if stand not in (found.after.files, found.before):
            raise ChangedSince
        _lay(found.before, context.project)
        context.database.write_now(lambda write: _finish_undo(write, found, context))
    return found


def finish_begun(context: Context) -> int:
    """Write what a crash left half done; return how many changes there were."""
    begun = context.database.read_now(rename_store.begun)
    for one in begun:
        with alone(context.project):
            _write(one, context)
    return len(begun)


def _expect_free(at: Standing, slug: str, context: Context) -> None:
    of = at.signatory
    if not is_slug(slug) or slug in NO_SIGNATORY:
        raise Invalid(FieldFault("slug", _("Use small letters, digits and single dashes.")))
    if slug == of.slug:
        return
    if slug in of.former_slugs:
        if context.database.read_now(
            lambda at: rename_store.went_into_another(at, of.pledge, slug)
        ):
            raise Invalid(FieldFault("slug", _("Another entry had this address. Undo that first.")))
        return
    path = signatory_files.path_of(of.pledge, slug)
    taken = context.database.read_now(lambda look: pledges.taken_paths(look, of.pledge))
    if (
        path in taken
        or slug in signatory_files.former(context.project, of.pledge)
        or (context.project / path).exists()
    ):
        raise Invalid(FieldFault("slug", _("This address is taken by another entry.")))


def _expect_own(at: Standing, name: str, context: Context) -> None:
    """Refuse a name that somebody else has signed with: that one is to be decided about first."""
    keys = context.encryption.lookups(name_key(name, at.signatory.place))
    pledge = at.signatory.pledge
    own = [signatory_files.path_of(pledge, one) for one in at.signatory.names]
    if context.database.read_now(lambda look: pledges.is_name_taken(look, pledge, keys, own)):
        said = _("There is a sign-up with this name. Decide about it first.")
        raise Invalid(FieldFault("name", said))


def _slug_of(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    return slug_of(plain)


def _with_former(at: Standing, text: str, former: tuple[str, ...], own: str) -> str:
    """Return the text with its former names listed anew, each once and never its own."""
    old = at.signatory.former_slugs
    names = [one for one in dict.fromkeys(former) if one != own]
    gone = {f"former_slugs[{place}]": "" for place in reversed(range(len(old)))}
    new = {f"former_slugs[{place}]": name for place, name in enumerate(names)}
    return _mended(at.path, _mended(at.path, text, gone), new)


def _activities(pledge: str, old: str, new: str, context: Context) -> Files:
    """Return the activities that name the entry, as they name it by its new name."""
    named = f"{pledge}/{old}"
    changed: dict[str, str | None] = {}
    for activity in context.catalogue.activities:
        if activity.provider.signatory == named:
            text = _text(context.project / activity.path) or ""
            told = {"provider.signatory": f"{pledge}/{new}"}
            changed[activity.path] = _mended(activity.path, text, told)
    return changed


def _mended(path: str, text: str, changes: Mapping[str, str]) -> str:
    try:
        return set_fields(text, changes)
    except CannotEdit as error:
        raise Unfit([Fault(path, 1, "", str(error))]) from error


def _noted(
    pledge: str, who: str, into: str, kind: str, after: Written, context: Context
) -> Renaming:
    before = {path: _text(context.project / path) for path in after.files}
    new = Renaming(
        id=new_id(),
        pledge=pledge,
        who=who,
        into=into,
        kind=kind,
        before=before,
        after=after,
        created_at=context.now,
        written_at=None,
        undone_at=None,
    )
    context.database.insert_now([rename_store.row_of(new)])
    return new


def _write(of: Renaming, context: Context) -> None:
    _lay(of.after.files, context.project)
    context.database.write_now(lambda write: _finish(write, of, context))


def _lay(files: Files, project: Path) -> None:
    """Write what stands before deleting what goes: no moment has neither."""
    for path, text in files.items():
        if text is not None:
            put_in_place(project / path, text.encode())
    for path, text in files.items():
        if text is None:
            (project / path).unlink(missing_ok=True)
            flush((project / path).parent)


def _text(file: Path) -> str | None:
    return file.read_bytes().decode() if file.is_file() else None


def _finish(connection: Connection, of: Renaming, context: Context) -> None:
    if not rename_store.mark(connection, of.id, "written_at", context.now):
        return
    _move(connection, of, of.who, of.into)
    _name(connection, of, of.into, of.after.files, context)
    _tell(connection, of, f"register.{of.kind}d", context)


def _finish_undo(connection: Connection, of: Renaming, context: Context) -> None:
    if rename_store.mark(connection, of.id, "undone_at", context.now):
        _move(connection, of, of.into, of.who)
        _name(connection, of, of.who, of.before, context)
        _tell(connection, of, f"register.{of.kind}_undone", context)


def _move(connection: Connection, of: Renaming, old: str, new: str) -> None:
    """Have what the store keeps of an entry follow it."""
    if old == new:
        return
    if of.kind == "rename":
        store.renamed(connection, of.pledge, old, new)
    if of.after.sign_up_moves:
        paths = (signatory_files.path_of(of.pledge, one) for one in (old, new))
        pledges.move_entry(connection, *paths)


def _name(connection: Connection, of: Renaming, who: str, files: Files, context: Context) -> None:
    """Have the sign-up of a renamed entry go by the name that its file has."""
    path = signatory_files.path_of(of.pledge, who)
    if of.kind == "rename" and (text := files.get(path)):
        now = signatory_files.parsed(path, text.encode())
        key = context.encryption.lookup(name_key(now.name, now.place))
        pledges.rename_signatory(connection, path, now.name, key)


def _tell(connection: Connection, of: Renaming, action: str, context: Context) -> None:
    about = f"{of.pledge}/{of.who}"
    insert_rows(
        connection,
        [audit.line(action, about, actor=context.actor, at=context.now, into=of.into)],
    )

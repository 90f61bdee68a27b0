"""What the buttons of an entry's pages do: look, write, end, take off, take back.

Each returns a page with its status, or the address to go on to once something was written.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from api.content_files import activity_files
from api.content_files.atomic_write import Unfit
from api.content_files.entry_change import EntryChange
from api.content_files.entry_fields import fields_of
from api.context import Context
from api.errors import Conflict, Missing
from api.features.entries import form, pages, preview, propose, write
from api.features.entries.form import TypedEntry, Values
from api.features.entries.pages import URL, EntryGonePage, EntryTrail
from api.features.entries.propose import ProposedEntry
from api.features.entries.write import EntryFileChanged, NameTaken
from api.security.references import ReferenceFault, parse
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.forms import FieldError
from catalogue.read.entry import UnreadableEntry, parse_entry
from catalogue.read.front_matter_edit import CannotEdit

PUT, MORE = "put", "more-"
"""Values of the button that writes, and of those that add a line; any other looks."""
NEW: Values = {"status": "active"}

CHANGED = gettext_noop(
    "A colleague has changed this entry while you wrote. Nothing was written. Here is how it "
    "stands now, with what you typed: look at it once more."
)
LOOK_AGAIN = gettext_noop("This is not what you looked at. Look at it once more, then put it in.")
NOTHING_YET = gettext_noop("Nothing would change yet: write what is right into a field.")
TAKEN = gettext_noop(
    "Another entry of this name has just come in. Nothing was written. Yours would get the "
    "address below."
)
NOT_UNDONE = gettext_noop(
    "The entry is not what was written any more, so nothing was put back. Change it below."
)
UNFIT = gettext_noop("This would not pass the checks, so nothing was written:")

Answers: TypeAlias = Mapping[str, Sequence[str]]
Answer: TypeAlias = tuple[Page, int] | str
"""A page with its status, or where to go on."""


def add_entry(answers: Answers, context: Context) -> Answer:
    """Show what a new entry would be, or put it in the directory."""
    typed = form.read(answers, context.catalogue.taxonomy)
    button = _first(answers, "act")
    if button.startswith(MORE):
        return new_page(typed.values, (), context, more=button.removeprefix(MORE)), 200
    proposed = propose.propose_new(typed, context)
    if proposed.errors:
        return new_page(typed.values, proposed.errors, context), 422
    if button != PUT:
        return new_page(typed.values, (), context, proposed), 200
    slug, slug_shown = Path(proposed.change.path).stem, _first(answers, "slug")
    is_looked_at = _first(answers, "looked") == write.digest(proposed.change.after)
    if is_looked_at and slug_shown != slug and _stands(slug_shown, proposed.change.after, context):
        return pages.edit_url(slug_shown)  # the button was pressed twice
    if not is_looked_at:
        return new_page(typed.values, (), context, proposed, notice=_(LOOK_AGAIN)), 200
    if slug_shown != slug:
        return new_page(typed.values, (), context, proposed, notice=_(TAKEN)), 409
    try:
        write.write(proposed.change, "added", context, context.catalogue)
    except NameTaken:
        if _stands(slug, proposed.change.after, context):
            return pages.edit_url(slug)
        proposed = propose.propose_new(typed, context)
        return new_page(typed.values, proposed.errors, context, proposed, notice=_(TAKEN)), 409
    return pages.edit_url(slug)


def edit_entry(slug: str, answers: Answers, context: Context) -> Answer:
    """Show what would change in an entry, or write it."""
    path, raw = _read(slug, context)
    terms = context.catalogue.taxonomy
    if raw is None:
        return entry_page(slug, context), 409
    typed, values_shown = form.read(answers, terms), _shown(answers)
    if _first(answers, "entry") != write.digest(raw):
        return _stale_page(slug, path, raw, typed, values_shown, context)
    button = _first(answers, "act")
    if button.startswith(MORE):
        more = button.removeprefix(MORE)
        return entry_page(slug, context, values=typed.values, more=more), 200
    proposed = propose.propose_change(path, raw, typed, context)
    if proposed.errors:
        return entry_page(slug, context, values=typed.values, errors=proposed.errors), 422
    if button == PUT and _first(answers, "looked") == write.digest(proposed.change.after):
        try:
            write.write(proposed.change, "changed", context, context.catalogue)
        except EntryFileChanged:
            path, raw = _read(slug, context)
            return _stale_page(slug, path, raw or b"", typed, values_shown, context)
        return pages.edit_url(slug)
    notice = _(LOOK_AGAIN) if button == PUT else ""
    if proposed.change.before == proposed.change.after:
        notice = _(NOTHING_YET)
    return entry_page(slug, context, values=typed.values, proposed=proposed, notice=notice), 200


def _stale_page(
    slug: str, path: str, raw: bytes, typed: TypedEntry, values_shown: Values, context: Context
) -> Answer:
    """Show the entry as it stands now with what was typed; or go on, where that stands already."""
    now = _values(path, raw, context)
    merged, conflicts = form.merge(values_shown, now, typed.values)
    if form.comparable(merged) == form.comparable(now) and not typed.errors:
        return pages.edit_url(slug)  # the button was pressed twice
    theirs = tuple(_what_they_wrote(name, now, context) for name in conflicts)
    return entry_page(slug, context, values=merged, notice=_(CHANGED), conflicts=theirs), 409


def _what_they_wrote(name: str, now: Values, context: Context) -> str:
    """Return a field that both have changed, with what the file says where that is one line."""
    field, value = form.group_label(name, context.catalogue.taxonomy), now.get(name, "")
    return f"{field}: {value}" if isinstance(value, str) and value and name != "body" else field


def act_on_entry(slug: str, act: str, answers: Answers, context: Context) -> Answer:
    """Say that an activity has ended or runs again, or take its entry off."""
    path, raw = _read(slug, context)
    if raw is None or _first(answers, "entry") != write.digest(raw):
        return entry_page(slug, context, notice=_(CHANGED) if raw else ""), 409
    try:
        if act == "removed":
            write.write(EntryChange(path, raw, b""), "removed", context, context.catalogue)
        elif act == "ended":
            change = propose.change_status(path, raw, "defunct", context)
            write.write(change, "ended", context, context.catalogue)
        else:
            change = propose.change_status(path, raw, "active", context)
            write.write(change, "reopened", context, context.catalogue)
    except (Unfit, CannotEdit, Conflict) as error:
        return _refused(slug, error, context)
    return pages.edit_url(slug)


def undo_change(reference: str, context: Context) -> Answer:
    """Take a change back, as long as the entry is what it wrote. Raises Missing."""
    try:
        sound = parse(reference, "E")
    except ReferenceFault:
        raise Missing from None
    slug = write.find_revision(sound, context).activity
    try:
        revision = write.undo(sound, context, context.catalogue)
    except (Unfit, Conflict) as error:
        return _refused(slug, error, context, otherwise=_(NOT_UNDONE))
    return URL if revision.before is None else pages.edit_url(slug)


def _refused(
    slug: str, error: Exception, context: Context, otherwise: str = ""
) -> tuple[Page, int]:
    """Show the entry, and why nothing was done."""
    if isinstance(error, Unfit | CannotEdit):
        faults = error.faults if isinstance(error, Unfit) else (error,)
        notice_text = " ".join((_(UNFIT), *map(str, faults)))
        return entry_page(slug, context, notice=notice_text), 409
    return entry_page(slug, context, notice=otherwise or _(CHANGED)), 409


def new_page(
    values: Values,
    errors: Sequence[FieldError],
    context: Context,
    proposed: ProposedEntry | None = None,
    more: str = "",
    notice: str = "",
) -> Page:
    """Return the form of a new entry with what is typed."""
    hidden_fields = {}
    shown = _preview(proposed, context)
    if proposed and shown:
        slug = Path(proposed.change.path).stem
        hidden_fields = {"slug": slug, "looked": write.digest(proposed.change.after)}
    return pages.form_page(
        heading=_("Add an activity"),
        slug="",
        values=values,
        errors=errors,
        hidden_fields=hidden_fields,
        context=context,
        preview=shown,
        notice=notice,
        more=more,
    )


def entry_page(
    slug: str,
    context: Context,
    values: Values | None = None,
    errors: Sequence[FieldError] = (),
    proposed: ProposedEntry | None = None,
    notice: str = "",
    conflicts: tuple[str, ...] = (),
    more: str = "",
) -> Page:
    """Return the form of an entry as it stands, or with what was typed. Raises Missing."""
    path, raw = _read(slug, context)
    trail = context.database.read_now(
        lambda connection: pages.read_trail(connection, slug, context)
    )
    if raw is None:
        return _gone_page(slug, trail, notice)
    front, unsupported_fields = _front(path, raw, context)
    now = _values(path, raw, context)
    digest = write.digest(raw)
    as_shown = {**now, "body": form.digest(now.get("body", ""))}
    hidden_fields = {"entry": digest, "shown": msgspec.json.encode(as_shown).decode()}
    shown = _preview(proposed, context)
    if proposed and shown:
        hidden_fields["looked"] = write.digest(proposed.change.after)
    return pages.form_page(
        heading=str(front.get("title") or slug),
        slug=slug,
        values=now if values is None else values,
        errors=errors,
        hidden_fields=hidden_fields,
        context=context,
        preview=shown,
        notice=notice,
        conflicts=conflicts,
        unsupported_fields=unsupported_fields,
        more=more,
        path=path,
        raw=raw,
        trail=trail,
        digest=digest,
        ended=front.get("status") == "defunct",
    )


def _gone_page(slug: str, trail: EntryTrail, notice: str) -> Page:
    last = pages.last_change(trail, None)
    if not trail.changes:
        raise Missing
    before = next((revision.before for revision, _told in trail.changes if revision.before), b"")
    slug = fields_of(before).get("title", slug)
    return EntryGonePage(heading=slug, notice=notice, last_change=last, history=trail.history)


def _preview(proposed: ProposedEntry | None, context: Context) -> preview.EntryPreview | None:
    if proposed is None or proposed.activity is None or proposed.errors:
        return None
    if proposed.change.before == proposed.change.after:
        return None
    return preview.preview(proposed.change, proposed.activity, context)


def _read(slug: str, context: Context) -> tuple[str, bytes | None]:
    """Return where an entry stands, and its file; None where there is none."""
    path = activity_files.find_path(context.project, slug)
    return path, activity_files.read_file(context.project, path) if path else None


def _front(path: str, raw: bytes, context: Context) -> tuple[Mapping[str, Any], tuple[str, ...]]:
    """Return the front matter of a file, and what of it this form cannot write."""
    try:
        written = parse_entry(raw, path)
    except UnreadableEntry as error:
        return {}, (error.fault.message,)
    terms = context.catalogue.taxonomy
    return written.front, form.unknown_fields(written.front, written.body, terms)


def _values(path: str, raw: bytes, context: Context) -> Values:
    try:
        written = parse_entry(raw, path)
    except UnreadableEntry:
        return {}
    return form.values_of(written.front, written.body, context.catalogue.taxonomy)


def _stands(slug: str, raw: bytes, context: Context) -> bool:
    return _read(slug, context)[1] == raw


def _shown(answers: Answers) -> Values:
    """Return what stood in the inputs when the form was shown; nothing where that is no form's."""
    try:
        fields: dict[str, str | list[str]] = msgspec.json.decode(
            _first(answers, "shown") or "{}", type=dict[str, str | list[str]]
        )
    except msgspec.DecodeError:
        return {}
    return {
        name: value if isinstance(value, str) else tuple(value) for name, value in fields.items()
    }


def _first(answers: Answers, name: str) -> str:
    return next(iter(answers.get(name, ())), "")

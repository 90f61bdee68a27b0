"""The change that a form makes to the content: a new entry, or other values in one that stands.

Every entry is held to the checks of the content before anybody can write it, and what people go by
is dated, as a correction does.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from api.content_files import activity_files
from api.content_files.entry_change import EntryChange, check_change
from api.content_files.entry_news import news_fields
from api.context import Context
from api.features.entries import form
from api.features.entries.form import TypedEntry
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.outputs.forms import FieldError
from catalogue.read.entry import FENCE, UnreadableEntry, parse_entry
from catalogue.read.entry_edit import Front, changed_entry, new_entry, reads_alike
from catalogue.read.front_matter_edit import CannotEdit, set_fields


class ProposedEntry(msgspec.Struct, frozen=True):
    """What would be written, the entry as it would be read, and all that is wrong with it."""

    change: EntryChange
    activity: Activity | None
    errors: tuple[FieldError, ...]


def propose_new(typed: TypedEntry, context: Context) -> ProposedEntry:
    """Return a new entry, in a file that nobody has, with the day it came in."""
    venues: Sequence[Mapping[str, str]] = typed.front.get("venues", ())
    places = [*(venue.get("place", "") for venue in venues), *typed.front.get("area_served", ())]
    slug = activity_files.free_slug(
        context.project,
        str(typed.front.get("title", "")),
        next(filter(None, places), ""),
        next(iter(typed.front.get("kinds", ())), ""),
    )
    front = dict(typed.front)
    if not {"changed_on", "changed"} & front.keys():
        front |= {"changed_on": context.today.isoformat(), "changed": _("New here")}
    text = new_entry(front, typed.body)
    change = EntryChange(activity_files.path_of(slug), b"", text.encode())
    return _checked(change, typed, context)


def propose_change(path: str, raw: bytes, typed: TypedEntry, context: Context) -> ProposedEntry:
    """Return an entry that stands with what was typed instead."""
    try:
        old = parse_entry(raw, path).front
        after = changed_entry(raw.decode(), form.in_order_of(typed.front, old), typed.body)
        after = set_fields(after, _news(raw, after, old, typed.front, context))
    except CannotEdit as error:
        return ProposedEntry(
            EntryChange(path, raw, raw), None, (*typed.errors, FieldError("", str(error)))
        )
    return _checked(EntryChange(path, raw, after.encode()), typed, context)


def change_status(path: str, raw: bytes, status: str, context: Context) -> EntryChange:
    """Return the change that an entry gets when it ends or runs again. Raises CannotEdit."""
    try:
        written = parse_entry(raw, path)
    except UnreadableEntry as error:
        raise CannotEdit(error.fault.message) from None
    front = {**written.front, "status": status}
    after = changed_entry(raw.decode(), front, written.body)
    after = set_fields(after, _news(raw, after, written.front, front, context))
    return EntryChange(path, raw, after.encode())


def _news(raw: bytes, after: str, old: Front, new: Front, context: Context) -> dict[str, str]:
    """Return the fields that date a change, but for what an editor has written there just now."""
    own: dict[str, Any] = {
        name: new.get(name, "")
        for name in ("changed_on", "changed")
        if not reads_alike(old.get(name), new.get(name))
    }
    news = news_fields(raw, after.encode(), own, context.today.isoformat())
    return {name: value for name, value in news.items() if name not in own}


def _checked(change: EntryChange, typed: TypedEntry, context: Context) -> ProposedEntry:
    terms = context.catalogue.taxonomy
    checked = check_change(change, context.project, context.catalogue)
    fields_with_errors = {error.field for error in typed.errors}
    further_errors = form.field_errors(
        checked.faults, typed.values, terms, _body_line(change.after)
    )
    errors = (
        *typed.errors,
        *(error for error in further_errors if error.field not in fields_with_errors),
    )
    return ProposedEntry(change, checked.activity, _in_order(errors, typed, context))


def _body_line(raw: bytes) -> int:
    text = raw.decode().replace("\r\n", "\n").removeprefix("\ufeff")
    fence = FENCE.match(text)
    return text.count("\n", 0, fence.end()) + 1 if fence else 1


def _in_order(
    errors: Sequence[FieldError], typed: TypedEntry, context: Context
) -> tuple[FieldError, ...]:
    """Return the errors in the order of the form."""
    order = {name: place for place, name in enumerate(form.input_names(context.catalogue.taxonomy))}

    def place(error: FieldError) -> tuple[int, str]:
        first_line = form.ROW.sub(r"\1[0]", error.field)
        return order.get(first_line, -1), error.field

    return tuple(sorted(errors, key=place))

"""What a reviewer has typed into the fields of an entry, and the change it makes.

A field that was left as the page showed it is not part of the change: whatever a colleague has
written there meanwhile stays.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from api.content_files.atomic_write import Unfit
from api.content_files.entry_change import EntryChange, check_change
from api.content_files.entry_fields import Difference, Fields, differences, fields_of, label
from api.context import Context
from api.features.corrections import change, fields
from api.features.corrections.fields import EntryField
from api.features.corrections.store import Correction
from catalogue.faults import Fault
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.activity.timetable_preview import (
    TimetablePreview,
    changes_times,
    preview_timetables,
)
from catalogue.outputs.forms import FieldError
from catalogue.read.load import CheckedActivity

SET, WAS = "set.", "was."
"""Before a field's name in the form: what is typed, and what the page had shown there."""


class Proposal(msgspec.Struct, frozen=True):
    """The fields that were changed, and what goes with them. `entry` is the digest of the text
    that was looked at, "" where a page was opened anew."""

    values: Mapping[str, str] = {}
    checked: bool = False
    they_agreed: bool = False
    entry: str = ""


class ProposalView(msgspec.Struct, frozen=True):
    """A proposal as the page shows it: what would change, why not, and the fields to type in."""

    differences: tuple[Difference, ...]
    diff: str
    first: tuple[EntryField, ...]
    remaining: tuple[EntryField, ...]
    timetables: tuple[TimetablePreview, ...]
    """What the times would mean; none where they do not change."""
    hidden_fields: tuple[tuple[str, str], ...]
    """Names and values that the button which accepts sends along unseen."""
    errors: tuple[FieldError, ...]


def read_proposal(answers: Mapping[str, Sequence[str]]) -> Proposal:
    """Return what a form says. A field without an answer was emptied, or was empty before."""
    first = {name: next(iter(values), "") for name, values in answers.items()}
    names = [name[len(SET) :] for name in first if name.startswith((SET, WAS))]
    typed = {name: (first.get(WAS + name, ""), first.get(SET + name, "")) for name in names}
    return Proposal(
        values={name: new for name, (old, new) in typed.items() if old != new},
        checked="checked" in first,
        they_agreed="they_agreed" in first,
        entry=first.get("entry", ""),
    )


def proposal_view(
    correction: Correction, proposal: Proposal, context: Context, catalogue: Catalogue
) -> ProposalView:
    """Return a proposal with the change it makes to the entry as it stands. Raises EntryGone."""
    entry = change.read_entry(correction, context.project, catalogue)
    terms = catalogue.taxonomy
    first, remaining = fields.split_fields(
        correction.about, fields_of(entry.raw, entry.path), terms
    )
    errors = tuple(_missing_fields(proposal.values, (*first, *remaining), terms))
    change_made, checked = _build_change(correction, proposal, context, catalogue)
    names = {field.name for field in (*first, *remaining)}
    errors += tuple(_error(fault, names) for fault in checked.faults)
    return ProposalView(
        differences=differences(change_made.before, change_made.after, change_made.path, terms)
        if change_made
        else (),
        diff=change_made.diff if change_made else "",
        first=_as_typed(first, proposal.values),
        remaining=_as_typed(remaining, proposal.values),
        timetables=_timetables(change_made, checked.activity, context, terms),
        hidden_fields=tuple(_hidden_fields(proposal, (*first, *remaining))),
        errors=errors,
    )


def _hidden_fields(
    proposal: Proposal, entry_fields: Sequence[EntryField]
) -> Iterator[tuple[str, str]]:
    for field in entry_fields:
        typed = proposal.values.get(field.name, field.previous_value)
        if typed != field.previous_value:
            pairs = ((SET + field.name, typed), (WAS + field.name, field.previous_value))
            yield from (pair for pair in pairs if pair[1])
    if proposal.checked:
        yield "checked", "yes"


def _build_change(
    correction: Correction, proposal: Proposal, context: Context, catalogue: Catalogue
) -> tuple[EntryChange | None, CheckedActivity]:
    """Return the change, if it can be made, and the entry as it would be read."""
    try:
        change_made = change.build_change(
            correction, proposal.values, context, catalogue, checked=proposal.checked
        )
    except Unfit as error:
        return None, CheckedActivity(None, tuple(error.faults))
    if change_made.before == change_made.after:
        return change_made, CheckedActivity(None, ())
    return change_made, check_change(change_made, context.project, catalogue)


def _timetables(
    change_made: EntryChange | None, activity: Activity | None, context: Context, terms: Taxonomy
) -> tuple[TimetablePreview, ...]:
    """Return what the times of a changed entry would mean; nothing where they do not change."""
    if change_made is None or activity is None:
        return ()
    before, after = fields_of(change_made.before), fields_of(change_made.after)
    if not changes_times(before, after):
        return ()
    return preview_timetables(activity, terms, context.now)


def _as_typed(entry_fields: Sequence[EntryField], values: Fields) -> tuple[EntryField, ...]:
    return tuple(
        msgspec.structs.replace(field, value=values.get(field.name, field.value))
        for field in entry_fields
    )


def _missing_fields(
    values: Fields, entry_fields: Sequence[EntryField], terms: Taxonomy
) -> list[FieldError]:
    """Return what was typed into fields that the entry, as it stands now, has no place for."""
    names = {field.name for field in entry_fields}
    return [
        FieldError(
            "",
            _(
                "The entry has no such place any more: %(field)s",
                field=label(name, terms),
            ),
        )
        for name in values
        if name not in names
    ]


def _error(fault: Fault, names: set[str]) -> FieldError:
    if fault.field in names:
        return FieldError(f"{SET}{fault.field}", fault.message)
    return FieldError("", f"{fault.field}: {fault.message}" if fault.field else fault.message)

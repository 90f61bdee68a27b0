"""What a reviewer has typed into the fields of an entry, and the change it makes.

A field that was left as the page showed it is not part of the change: whatever a colleague has
written there meanwhile stays.
"""

from collections.abc import Iterator, Mapping, Sequence

import msgspec

from api.content_files.atomic_write import Unfit
from api.context import Context
from api.features.corrections import change as changing
from api.features.corrections import fields
from api.features.corrections.change import EntryChange
from api.features.corrections.fields import Difference, Field, Fields
from api.features.corrections.store import Correction
from catalogue.faults import Fault
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.forms import FieldError

SET, WAS = "set.", "was."
"""Before a field's name: what is typed, and what the page had shown there."""


class Proposal(msgspec.Struct, frozen=True):
    """The fields that were changed, and what goes with them. `entry` is the digest of the text
    that was looked at, "" where a page was opened anew."""

    given: Mapping[str, str] = {}
    checked: bool = False
    they_agreed: bool = False
    entry: str = ""


class ProposalView(msgspec.Struct, frozen=True):
    """A proposal as the page shows it: what would change, why not, and the fields to type in."""

    differences: tuple[Difference, ...]
    diff: str
    first: tuple[Field, ...]
    rest: tuple[Field, ...]
    carried: tuple[tuple[str, str], ...]
    """Names and values that the button which accepts sends along unseen."""
    errors: tuple[FieldError, ...]


def proposal(answers: Mapping[str, Sequence[str]]) -> Proposal:
    """Return what a form says. A field without an answer was emptied, or was empty before."""
    first = {name: next(iter(given), "") for name, given in answers.items()}
    names = [name[len(SET) :] for name in first if name.startswith((SET, WAS))]
    typed = {one: (first.get(WAS + one, ""), first.get(SET + one, "")) for one in names}
    return Proposal(
        given={name: now for name, (was, now) in typed.items() if was != now},
        checked="checked" in first,
        they_agreed="they_agreed" in first,
        entry=first.get("entry", ""),
    )


def shown(of: Correction, asked: Proposal, context: Context, catalogue: Catalogue) -> ProposalView:
    """Return a proposal with the change it makes to the entry as it stands. Raises EntryGone."""
    stands = changing.standing(of, context.project, catalogue)
    terms = catalogue.taxonomy
    first, rest = fields.offered(of.about, fields.fields_of(stands.raw, stands.path), terms)
    errors = tuple(_nowhere(asked.given, (*first, *rest), terms))
    made, faults = _made(of, asked, context, catalogue)
    names = {field.name for field in (*first, *rest)}
    errors += tuple(_error(fault, names) for fault in faults)
    return ProposalView(
        differences=fields.differences(made.before, made.after, made.path, terms) if made else (),
        diff=made.diff if made else "",
        first=_as_typed(first, asked.given),
        rest=_as_typed(rest, asked.given),
        carried=tuple(_carried(asked, (*first, *rest))),
        errors=errors,
    )


def _carried(asked: Proposal, offered: Sequence[Field]) -> Iterator[tuple[str, str]]:
    for one in offered:
        typed = asked.given.get(one.name, one.was)
        pairs = ((SET + one.name, typed), (WAS + one.name, one.was)) if typed != one.was else ()
        yield from (pair for pair in pairs if pair[1])
    if asked.checked:
        yield "checked", "yes"


def _made(
    of: Correction, asked: Proposal, context: Context, catalogue: Catalogue
) -> tuple[EntryChange | None, Sequence[Fault]]:
    """Return the change, if it can be made, and what the checks would say of it."""
    try:
        made = changing.mending(of, asked.given, context, catalogue, checked=asked.checked)
    except Unfit as error:
        return None, error.faults
    if made.before == made.after:
        return made, ()
    return made, changing.faults_of(made, context.project, catalogue)


def _as_typed(offered: Sequence[Field], given: Fields) -> tuple[Field, ...]:
    return tuple(
        msgspec.structs.replace(one, value=given.get(one.name, one.value)) for one in offered
    )


def _nowhere(given: Fields, offered: Sequence[Field], terms: Taxonomy) -> list[FieldError]:
    """Return what was typed into fields that the entry, as it stands now, has no place for."""
    names = {one.name for one in offered}
    return [
        FieldError(
            "",
            _(
                "The entry has no such place any more: %(field)s",
                field=fields.label(name, terms),
            ),
        )
        for name in given
        if name not in names
    ]


def _error(fault: Fault, names: set[str]) -> FieldError:
    if fault.field in names:
        return FieldError(f"{SET}{fault.field}", fault.message)
    return FieldError("", f"{fault.field}: {fault.message}" if fault.field else fault.message)

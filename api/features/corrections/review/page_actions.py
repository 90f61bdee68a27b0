"""What the buttons of a correction's page do, each by the state of things the page was made of."""

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, TypeAlias

from api.content_files.atomic_write import alone
from api.context import Context
from api.errors import FieldFault, Invalid
from api.features.corrections import change as entry_change
from api.features.corrections.proposal import proposal_view, read_proposal
from api.features.corrections.review import decide, undo
from api.features.corrections.review.decide import EntryChanged, find_correction
from api.features.corrections.review.history import HISTORY_RULES
from api.features.corrections.review.reasons import REASONS
from api.features.corrections.store import Correction
from api.moderation.decisions import Guard, unchanged_since, version_shown
from api.moderation.reasons import find
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue

Answers: TypeAlias = Mapping[str, Sequence[str]]
Action: TypeAlias = Callable[[str, Answers, Context, Catalogue], None]


def _accept(reference: str, answers: Answers, context: Context, catalogue: Catalogue) -> None:
    """Write the change that was shown. Raises what `decide.accept` raises, and EntryChanged."""
    proposal, guard = read_proposal(answers), _guard(answers)
    correction = _find_unchanged(reference, context, guard)
    if decide.finish_begun(correction, context, catalogue):
        return
    entry = entry_change.read_entry(correction, context.project, catalogue)
    if entry.digest != proposal.entry:
        _refuse_changed(correction, context, guard)
    change = entry_change.build_change(
        correction, proposal.values, context, catalogue, checked=proposal.checked
    )
    if change.before_digest != proposal.entry:  # it may change at any moment
        _refuse_changed(correction, context, guard)
    if proposal_view(correction, proposal, context, catalogue).errors:
        raise Invalid
    decide.accept(
        correction, change, context, catalogue, they_agreed=proposal.they_agreed, guard=guard
    )


def _reject(reference: str, answers: Answers, context: Context, catalogue: Catalogue) -> None:
    """Leave the entry, for a reason off the list. Raises Invalid without one."""
    code = next(iter(answers.get("reason", ())), "")
    if not find(REASONS, code):
        raise Invalid(FieldFault("reason", _("Choose a reason.")))
    decide.reject(reference, code, context, _guard(answers))


def _undo(reference: str, answers: Answers, context: Context, catalogue: Catalogue) -> None:
    """Put back what stood before, or let what was rejected wait again."""
    guard = _guard(answers)
    correction = _find_unchanged(reference, context, guard)
    if correction.state == "rejected":
        undo.reopen(reference, context, guard)
    else:
        undo.undo(correction, context, catalogue, guard=guard)


ACTIONS: Mapping[str, Action] = {"accept": _accept, "reject": _reject, "undo": _undo}


def _guard(answers: Answers) -> Guard:
    return unchanged_since(version_shown(answers), HISTORY_RULES)


def _find_unchanged(reference: str, context: Context, guard: Guard) -> Correction:
    correction = context.database.read_now(
        lambda connection: find_correction(connection, reference)
    )
    context.database.read_now(lambda connection: guard(connection, correction))
    return correction


def _refuse_changed(correction: Correction, context: Context, guard: Guard) -> NoReturn:
    """Raise what `guard` raises where another decision changed the entry, else EntryChanged.

    Who decides writes the entry first and notes the decision after it, under the lock: without the
    lock a decision that is being noted would look like an editor's change of the file.
    """
    with alone(context.project):
        context.database.read_now(lambda connection: guard(connection, correction))
    raise EntryChanged

"""What the buttons of a correction's page do, each by the state of things the page was made of."""

from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn, TypeAlias

from api.content_files.atomic_write import alone
from api.context import Context
from api.errors import FieldFault, Invalid
from api.features.corrections import change as changing
from api.features.corrections import decide
from api.features.corrections import undo as undoing
from api.features.corrections.decide import ChangedSince, Guard
from api.features.corrections.proposal import proposal, shown
from api.features.corrections.reasons import REASONS
from api.features.corrections.store import Correction
from api.moderation.decisions import version_shown
from api.moderation.reasons import find
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue

Answers: TypeAlias = Mapping[str, Sequence[str]]


def _accept(reference: str, answers: Answers, context: Context, catalogue: Catalogue) -> None:
    """Write the change that was shown. Raises what `decide.accept` raises, and ChangedSince."""
    asked, seen = proposal(answers), decide.as_seen(version_shown(answers))
    of = context.database.read_now(lambda look: decide.correction(look, reference))
    context.database.read_now(lambda look: seen(look, of))
    if decide.finish_begun(of, context, catalogue):
        return
    if changing.standing(of, context.project, catalogue).digest != asked.entry:
        _refuse_changed(of, context, seen)
    change = changing.mending(of, asked.given, context, catalogue, checked=asked.checked)
    if change.before_digest != asked.entry:  # it may change at any moment
        _refuse_changed(of, context, seen)
    if shown(of, asked, context, catalogue).errors:
        raise Invalid
    decide.accept(of, change, context, catalogue, they_agreed=asked.they_agreed, guard=seen)


def _refuse_changed(of: Correction, context: Context, seen: Guard) -> NoReturn:
    """Raise what `seen` raises where another decision changed the entry, else ChangedSince.

    Who decides writes the entry first and notes the decision after it, under the lock: without the
    lock a decision that is being noted would look like an editor's change of the file.
    """
    with alone(context.project):
        context.database.read_now(lambda look: seen(look, of))
    raise ChangedSince


def _reject(reference: str, answers: Answers, context: Context, catalogue: Catalogue) -> None:
    """Leave the entry, for a reason off the list. Raises Invalid without one."""
    code = next(iter(answers.get("reason", ())), "")
    if not find(REASONS, code):
        raise Invalid(FieldFault("reason", _("Choose a reason.")))
    decide.reject(reference, code, context, decide.as_seen(version_shown(answers)))


def _undo(reference: str, answers: Answers, context: Context, catalogue: Catalogue) -> None:
    """Put back what stood before, or let what was rejected wait again."""
    seen = decide.as_seen(version_shown(answers))
    of = context.database.read_now(lambda look: decide.correction(look, reference))
    context.database.read_now(lambda look: seen(look, of))
    if of.state == "rejected":
        return undoing.reopen(reference, context, seen)
    undoing.undo(of, context, catalogue, guard=seen)
    return None


Acting: TypeAlias = Callable[[str, Answers, Context, Catalogue], None]
ACTS: Mapping[str, Acting] = {"accept": _accept, "reject": _reject, "undo": _undo}

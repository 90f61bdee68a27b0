"""A form as a template prints it: what was answered, and what is wrong with it.

The build renders every form empty; the API renders the same templates with answers kept and errors
beside their fields.
"""

from collections.abc import Mapping, Sequence

import msgspec

from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.pledges.register import PledgeView
from catalogue.outputs.search.choices import Choice


class FieldError(msgspec.Struct, frozen=True):
    """One fault of an answer; `field` is the name of its input."""

    field: str
    message: str


class Form(msgspec.Struct, frozen=True):
    """Answers and faults of one form. A value is a text, or several where boxes share a name."""

    action: str
    values: Mapping[str, str | Sequence[str]] = {}
    errors: Sequence[FieldError] = ()
    idempotency_key: str = ""

    def value(self, field: str, otherwise: str = "") -> str:
        """Return the answer to a field, or what stands there before anybody answered."""
        given = self.values.get(field, otherwise)
        return given if isinstance(given, str) else next(iter(given), otherwise)

    def chosen(self, field: str, choice: str) -> bool:
        """Say whether this choice of a field was ticked."""
        given = self.values.get(field, ())
        return choice == given if isinstance(given, str) else choice in given

    def error(self, field: str) -> str:
        """Return what is wrong with the answer to a field, or nothing."""
        return next((error.message for error in self.errors if error.field == field), "")


class AskChoices(msgspec.Struct, frozen=True):
    """What the form that asks for help offers to tick; places only help with spelling."""

    needs: tuple[Choice, ...]
    places: tuple[str, ...]


class SignChoices(msgspec.Struct, frozen=True):
    """What the form of one pledge offers to tick."""

    kinds: tuple[Choice, ...]
    places: tuple[str, ...]


def ask_choices(terms: Taxonomy) -> AskChoices:
    """Return the choices of the form that asks for help."""
    return AskChoices(tuple(Choice(need.slug, need.label) for need in terms.needs), _places(terms))


def sign_choices(pledge: PledgeView, terms: Taxonomy) -> SignChoices:
    """Return the choices of a pledge's form: its own kinds of signatory, or all there are."""
    slugs = pledge.signer_kinds or tuple(terms.signer_kind)
    kinds = tuple(Choice(slug, terms.signer_kind[slug].label) for slug in slugs)
    return SignChoices(kinds, _places(terms))


def _places(terms: Taxonomy) -> tuple[str, ...]:
    return tuple(area.name for area in terms.areas)

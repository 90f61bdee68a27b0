"""Forms as templates print them: the answers given so far, and the errors in them.

The build renders every form empty; the API renders the same templates with the answers and errors
of a request.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from catalogue.i18n.gettext import _
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.pledges.register import PledgeView
from catalogue.outputs.search.choices import Choice

OTHER_KIND = "other"
"""The choice for a kind that the taxonomy does not have: it is counted as a gap."""


class FieldError(msgspec.Struct, frozen=True):
    """One fault of an answer; `field` is the name of its input."""

    field: str
    message: str


class Form(msgspec.Struct, frozen=True):
    """Answers and faults of one form. A value is a text, or several where boxes share a name.

    `is_practice` says that nobody can fail: what does not fit is looked at again, and is no error.
    """

    action: str
    values: Mapping[str, str | Sequence[str]] = {}
    errors: Sequence[FieldError] = ()
    idempotency_key: str = ""
    is_practice: bool = False

    def value(self, field: str, otherwise: str = "") -> str:
        """Return the answer to a field, or what stands there before anybody answered."""
        current = self.values.get(field, otherwise)
        return current if isinstance(current, str) else next(iter(current), otherwise)

    def is_chosen(self, field: str, choice: str) -> bool:
        """Say whether this choice of a field was ticked."""
        current = self.values.get(field, ())
        return choice == current if isinstance(current, str) else choice in current

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


class KindChoice(msgspec.Struct, frozen=True):
    """A kind to choose; `aliases` are what people type for it, in one text."""

    value: str
    words: str
    aliases: str


class KindChoiceGroup(msgspec.Struct, frozen=True):
    """Kinds that belong together; `picture` is a name in `parts/pictures.html`, or empty."""

    label: str
    picture: str
    kinds: tuple[KindChoice, ...]


class PointChoices(msgspec.Struct, frozen=True):
    """What "I pointed someone" offers: kinds and areas by slug; nothing written is sent."""

    groups: tuple[KindChoiceGroup, ...]
    other: str
    places: tuple[Choice, ...]


def ask_choices(taxonomy: Taxonomy) -> AskChoices:
    """Return the choices of the form that asks for help."""
    return AskChoices(
        tuple(Choice(need.slug, need.label) for need in taxonomy.needs), _places(taxonomy)
    )


def sign_choices(pledge: PledgeView, taxonomy: Taxonomy) -> SignChoices:
    """Return the choices of a pledge's form: its own kinds of signatory, or all there are."""
    slugs = pledge.signer_kinds or tuple(taxonomy.signer_kind)
    kinds = tuple(Choice(slug, taxonomy.signer_kind[slug].label) for slug in slugs)
    return SignChoices(kinds, _places(taxonomy))


def point_choices(taxonomy: Taxonomy) -> PointChoices:
    """Return the choices of the form "I pointed someone"."""
    places = {area.slug: area.name for area in reversed(taxonomy.areas)}
    ordered = sorted(places.items(), key=lambda place: place[1])
    return PointChoices(
        tuple(_kind_groups(taxonomy)),
        OTHER_KIND,
        tuple(Choice(slug, name) for slug, name in ordered),
    )


def _kind_groups(taxonomy: Taxonomy) -> Iterator[KindChoiceGroup]:
    """Yield the groups of kinds, those in no group in a last one."""
    grouped = {kind for group in taxonomy.kind_groups for kind in group.kinds}
    ungrouped = [kind.slug for kind in taxonomy.kinds if kind.slug not in grouped]
    for group in taxonomy.kind_groups:
        choices = _kind_choices(group.kinds, taxonomy)
        yield KindChoiceGroup(group.label, group.picture, choices)
    if ungrouped:
        label = _("Other kinds") if taxonomy.kind_groups else _("All kinds")
        yield KindChoiceGroup(label, "", _kind_choices(ungrouped, taxonomy))


def _kind_choices(slugs: Iterable[str], taxonomy: Taxonomy) -> tuple[KindChoice, ...]:
    kinds = (taxonomy.kind[slug] for slug in slugs)
    return tuple(KindChoice(kind.slug, kind.label, " ".join(kind.aliases)) for kind in kinds)


def _places(taxonomy: Taxonomy) -> tuple[str, ...]:
    return tuple(area.name for area in taxonomy.areas)

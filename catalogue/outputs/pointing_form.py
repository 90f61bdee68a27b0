"""What the page "I pointed someone" offers to choose: closed lists, and nothing to write in."""

import msgspec

from catalogue.i18n.gettext import _
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.choices import Choice

OTHER = "other"
"""A kind that is not on our list: what our lists do not know is counted as a gap."""


class PointChoices(msgspec.Struct, frozen=True):
    """Kinds by slug, and areas by slug."""

    kinds: tuple[Choice, ...]
    places: tuple[Choice, ...]


def point_choices(terms: Taxonomy) -> PointChoices:
    """Return all there is to choose."""
    kinds = (Choice(kind.slug, kind.label) for kind in terms.kinds)
    places = {area.slug: area.name for area in reversed(terms.areas)}
    ordered = sorted(places.items(), key=lambda place: place[1])
    return PointChoices(
        (*kinds, Choice(OTHER, _("Something that is not on this list"))),
        tuple(Choice(slug, name) for slug, name in ordered),
    )

"""An activity as an answer to a search shows it: its card, how far it is, and what to ask first."""

from collections.abc import Iterable, Iterator
from datetime import date

import msgspec

from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.listings.card import Card, Tag, card
from catalogue.outputs.search.documents import SearchDocument

ASKS = {
    "free": gettext_noop("Cost not known, ask"),
    "when": gettext_noop("Day and time: ask"),
    "alone": gettext_noop("Coming alone: ask"),
    "lift": gettext_noop("A lift: ask"),
    "buddy": gettext_noop("Met at the door: ask"),
    "area": gettext_noop("Comes to you there: ask"),
}


class SearchResult(msgspec.Struct, frozen=True):
    """A card and how far it is, as "about 3 miles"; empty where nobody asked or knows."""

    card: Card
    distance: str = ""


def search_result(
    document: SearchDocument,
    taxonomy: Taxonomy,
    today: date,
    *,
    ask: Iterable[str] = (),
    distance_km: float | None = None,
    about: bool = False,
) -> SearchResult:
    """Return one hit; `ask` and the distance are as a hit of `api.search.port` has them."""
    plain = card(document, taxonomy, today)
    tags = (*plain.tags, *(Tag(words, "ask") for words in ask_texts(ask, taxonomy)))
    distance = "" if distance_km is None else formatting.distance(distance_km, about)
    return SearchResult(msgspec.structs.replace(plain, tags=tuple(dict.fromkeys(tags))), distance)


def ask_texts(ask: Iterable[str], taxonomy: Taxonomy) -> Iterator[str]:
    """Yield what to ask in words: "Cost not known, ask", "Hearing loop: ask"."""
    for name in ask:
        if name in ASKS:
            yield _(ASKS[name])
        elif fact := taxonomy.access_fact.get(name.removeprefix("access/")):
            yield _("%(fact)s: ask", fact=fact.short or fact.label)

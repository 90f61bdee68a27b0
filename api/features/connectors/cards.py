"""The card a connector hands over: a code, a short address, and numbers for when it cannot wait.

`/c/<code>` leads on: the code is the name of a place or of a pledge, so nobody can be told from it,
and two cards of one town are the same to the letter.
"""

from typing import Any
from urllib.parse import urlencode, urljoin

import msgspec

from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.activity.sharing import readable_address
from catalogue.outputs.print.qr import Code, Codes

ON_A_SHEET = 10
SIZES = ("small", "fold", "large")


class Card(msgspec.Struct, frozen=True):
    """One card: where its code leads, in full and as one reads it out; `place` may be empty."""

    place: str
    shown: str
    code: Code


class Sheet(msgspec.Struct, frozen=True):
    """A sheet of cards of one size."""

    size: str
    place: str
    card: Card
    cards: tuple[Card, ...]


def sheet(slug: str, size: str, catalogue: Catalogue, base_url: str) -> Sheet:
    """Return ten small cards, two that fold, or one in large print, for a place or for none."""
    place = place_of(slug, catalogue.taxonomy)
    address = urljoin(base_url, f"/c/{slug}" if place else "/c/find")
    card = Card(place, readable_address(address), _CODES.code(address))
    size = size if size in SIZES else SIZES[0]
    many = {"small": ON_A_SHEET, "fold": 2, "large": 1}[size]
    return Sheet(size, slug if place else "", card, (card,) * many)


def leads_to(code: str, catalogue: Catalogue) -> str:
    """Return where a card's short address leads: always somewhere, whatever was typed."""
    place = place_of(code, catalogue.taxonomy)
    if place:
        return f"/search?{urlencode({'place': place})}"
    pledge = catalogue.pledge(code)
    return f"/pledges/{pledge.slug}/" if pledge else "/find/"


def place_of(slug: str, terms: Taxonomy) -> str:
    """Return the name of the place a slug stands for, or nothing."""
    return next((area.name for area in terms.areas if area.slug == slug), "")


def context(of: Sheet, catalogue: Catalogue) -> dict[str, Any]:
    """Return what `card_sheet.html` shows."""
    places = sorted((area.name, area.slug) for area in catalogue.taxonomy.areas)
    return {"sheet": of, "places": places}


_CODES = Codes()

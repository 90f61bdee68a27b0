"""The card a connector hands over: a code, a short address, and numbers for when it cannot wait.

`/c/<code>` redirects: the code is the name of a place or of a pledge, so that it identifies nobody,
and two cards of one town are the same to the letter.
"""

from urllib.parse import urlencode, urljoin

import msgspec

from catalogue.build.templates import Page
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.activity.sharing import readable_address
from catalogue.outputs.print.qr import Code, Codes
from catalogue.read.site_settings import Service

CARDS_ON_A_SHEET = {"small": 10, "fold": 2, "large": 1}
DEFAULT_SIZE = "small"


class Card(msgspec.Struct, frozen=True):
    """One card: its code, and the same address as one reads it out; `place` may be empty."""

    place: str
    address: str
    code: Code


class CardSheet(msgspec.Struct, frozen=True):
    """A sheet of cards of one size, for a place (slug) or for none."""

    size: str
    place: str
    cards: tuple[Card, ...]


class CardSheetPage(Page, frozen=True, kw_only=True):
    """Cards to print; `places` are pairs of name and slug."""

    template = "card_sheet.html"
    sheet: CardSheet
    places: tuple[tuple[str, str], ...]
    service: Service


def card_sheet_page(
    slug: str, size: str, catalogue: Catalogue, base_url: str, service: Service
) -> CardSheetPage:
    """Return ten small cards, two that fold, or one in large print, for a place or for none."""
    places = sorted((area.name, area.slug) for area in catalogue.taxonomy.areas)
    sheet = _sheet(slug, size, catalogue.taxonomy, base_url)
    named = service.for_place(_place_name(slug, catalogue.taxonomy), catalogue.taxonomy)
    return CardSheetPage(sheet=sheet, places=tuple(places), service=named)


def card_target(code: str, catalogue: Catalogue) -> str:
    """Return where a card's short address leads: always somewhere, whatever was typed."""
    place = _place_name(code, catalogue.taxonomy)
    if place:
        return f"/search?{urlencode({'place': place})}"
    pledge = catalogue.pledge(code)
    return f"/pledges/{pledge.slug}/" if pledge else "/find/"


def _sheet(slug: str, size: str, terms: Taxonomy, base_url: str) -> CardSheet:
    place = _place_name(slug, terms)
    address = urljoin(base_url, f"/c/{slug}" if place else "/c/find")
    card = Card(place, readable_address(address), _CODES.code(address))
    size = size if size in CARDS_ON_A_SHEET else DEFAULT_SIZE
    return CardSheet(size, slug if place else "", (card,) * CARDS_ON_A_SHEET[size])


def _place_name(slug: str, terms: Taxonomy) -> str:
    """Return the name of the place a slug stands for, or nothing."""
    return next((area.name for area in terms.areas if area.slug == slug), "")


_CODES = Codes()

"""The filters of a register, and the parts that show it: quotes, maps, a snippet to embed."""

from collections import Counter
from datetime import date
from urllib.parse import urlencode

import msgspec
from markupsafe import escape

from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge, Signatory
from catalogue.model.taxonomy import Area, Taxonomy
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.listings import map as drawn_map
from catalogue.outputs.search.choices import Choice

QUOTES = 3


class Quote(msgspec.Struct, frozen=True):
    """How one signatory keeps a commitment, in their own words."""

    words: str
    name: str
    url: str


class RegisterChoices(msgspec.Struct, frozen=True):
    """What a register can be filtered by: values that occur in it, and the present commitments."""

    kinds: tuple[Choice, ...]
    places: tuple[Choice, ...]
    promises: tuple[Choice, ...]


def url(pledge: Pledge) -> str:
    """Return the address of the filtered register, which the API answers."""
    return f"/pledges/{pledge.slug}/register"


def choices(pledge: Pledge, catalogue: Catalogue) -> RegisterChoices:
    """Return the filters of a pledge's register."""
    terms, register = catalogue.taxonomy, catalogue.register(pledge.slug)
    kinds = {signatory.kind for signatory in register}
    places = {area.name for signatory in register for area in terms.around(signatory.place)}
    return RegisterChoices(
        kinds=tuple(
            Choice(kind.slug, kind.label) for kind in terms.signer_kinds if kind.slug in kinds
        ),
        places=tuple(Choice(area.name, area.name) for area in terms.areas if area.name in places),
        promises=tuple(
            Choice(commitment.id, commitment.title) for commitment in pledge.current.commitments
        ),
    )


def snippet(pledge: Pledge, sharing: Sharing | None) -> str:
    """Return HTML that shows a register on another site."""
    script = "/embed/register.js"
    address = sharing.address(script) if sharing else script
    return (
        f'<script type="module" src="{escape(address)}"></script>\n'
        f'<kith-register pledge="{pledge.slug}"></kith-register>'
    )


def quotes(pledge: Pledge, register: tuple[Signatory, ...], today: date) -> tuple[Quote, ...]:
    """Return the newest signatories' own words on what a visitor would notice, one from each."""
    for_visitors = {
        commitment.id
        for commitment in pledge.current.commitments
        if commitment.for_visitors == "yes"
    }
    quotes_found: list[Quote] = []
    newest_first = sorted(register, key=lambda entry: (entry.since, entry.slug), reverse=True)
    for signatory in newest_first:
        own_words = [
            promise.how
            for name, promise in signatory.promises.items()
            if promise.how
            and promise.state == "doing"
            and (not for_visitors or name in for_visitors)
        ]
        if own_words and not signatory.lapsed(today):
            quotes_found.append(Quote(own_words[0], signatory.name, signatory.url))
    return tuple(quotes_found[:QUOTES])


def maps(
    pledge: Pledge, register: tuple[Signatory, ...], taxonomy: Taxonomy, today: date
) -> tuple[drawn_map.Map, ...]:
    """Return where those are who keep their promise, each dot a way to them in the register."""
    counts = Counter(signatory.place for signatory in register if not signatory.lapsed(today))

    def place_url(area: Area) -> str:
        return f"{url(pledge)}?{urlencode({'place': area.name})}"

    return drawn_map.draw_maps(taxonomy, counts, place_url)

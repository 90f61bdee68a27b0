"""A pledge and its register, as their pages say them.

A promise that has run out is shown as past, never deleted and never as if it still held.
"""

from datetime import date, datetime
from typing import Literal

import msgspec
from markupsafe import Markup

from catalogue.i18n.gettext import _, format_list, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge, Signatory, Version
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.listings import map as drawn_map
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.pledges import register_filters
from catalogue.read import body

Holds = Literal["now", "past"]
COUNTED = {
    "doing": gettext_noop("doing %(numbers)s"),
    "starting": gettext_noop("starting %(numbers)s"),
}
SENTENCES_ON_CARD = 3


class CommitmentView(msgspec.Struct, frozen=True):
    """One commitment of a pledge; `number` is its place in the wording, from 1."""

    number: int
    id: str
    title: str
    text: str
    required: bool
    for_visitors: bool


class SignatoryCard(msgspec.Struct, frozen=True):
    """A signatory in a register.

    `about` is one line for other sites and programs; our pages print `facts` and the sentences of
    the promise, `more` of which stand on the signatory's own page only.
    """

    slug: str
    name: str
    url: str
    about: str
    facts: str
    sentences: tuple[str, ...]
    more: int
    validity: Holds
    demonstration: bool


class PledgeView(msgspec.Struct, frozen=True):
    """All a page of one pledge prints. Counts are of its whole register."""

    slug: str
    url: str
    sign_url: str
    title: str
    summary: str
    statement: str
    version: int
    from_: str
    commitments: tuple[CommitmentView, ...]
    run_by: str
    run_by_website: str
    what_you_get: str
    confirm_months: int
    open: bool
    ended_on: str
    people_may_sign: bool
    organisations_may_sign: bool
    signer_kinds: tuple[str, ...]
    body: Markup
    sources: tuple[Link, ...]
    holding: tuple[SignatoryCard, ...]
    past: tuple[SignatoryCard, ...]
    quotes: tuple[register_filters.Quote, ...]
    choices: register_filters.RegisterChoices
    maps: tuple[drawn_map.Map, ...]
    ask_url: str
    snippet: str
    demonstration: bool


def pledge_view(
    pledge: Pledge, catalogue: Catalogue, now: datetime, sharing: Sharing | None = None
) -> PledgeView:
    """Return the page of one pledge with its register as it stands at `now` (aware)."""
    register, today = catalogue.register(pledge.slug), now.astimezone(formatting.LOCAL).date()
    all_cards = [
        signatory_card(signatory, pledge, catalogue.taxonomy, now) for signatory in register
    ]
    current = pledge.current
    return PledgeView(
        slug=pledge.slug,
        url=f"/pledges/{pledge.slug}/",
        sign_url=sign_url(pledge),
        title=pledge.title,
        summary=pledge.summary,
        statement=current.statement,
        version=current.version,
        from_=formatting.long_date(current.from_),
        commitments=commitments(current),
        run_by=pledge.run_by.name if pledge.run_by else "",
        run_by_website=pledge.run_by.website if pledge.run_by else "",
        what_you_get=pledge.what_you_get,
        confirm_months=pledge.confirm_months,
        open=pledge.status == "open",
        ended_on=ended_on(pledge),
        people_may_sign="person" in pledge.who_may_sign,
        organisations_may_sign="organisation" in pledge.who_may_sign,
        signer_kinds=pledge.signer_kinds,
        body=Markup(body.to_html(pledge.body)),  # noqa: S704 - cleaned by nh3 there
        sources=tuple(
            Link(_read_on(source.name, source.read_on), source.website) for source in pledge.sources
        ),
        holding=tuple(card for card in all_cards if card.validity == "now"),
        past=tuple(card for card in all_cards if card.validity == "past"),
        quotes=register_filters.quotes(pledge, register, today),
        choices=register_filters.choices(pledge, catalogue),
        maps=register_filters.maps(pledge, register, catalogue.taxonomy, today),
        ask_url=register_filters.url(pledge),
        snippet=register_filters.snippet(pledge, sharing),
        demonstration=any(card.demonstration for card in all_cards),
    )


def commitments(version: Version) -> tuple[CommitmentView, ...]:
    """Return the commitments of one version, numbered as they stand."""
    return tuple(
        CommitmentView(
            number,
            commitment.id,
            commitment.title,
            commitment.text,
            commitment.required == "yes",
            commitment.for_visitors == "yes",
        )
        for number, commitment in enumerate(version.commitments, 1)
    )


def signatory_card(
    signatory: Signatory, pledge: Pledge, taxonomy: Taxonomy, now: datetime
) -> SignatoryCard:
    """Return a signatory as the register shows it: kind, since when, what it does.

    Of a past promise it says until when it was one, and not that anything is done.
    """
    wording = commitments(version_of(signatory, pledge))
    states = [
        (commitment, promise.state)
        for commitment in wording
        if (promise := signatory.promises.get(commitment.id))
    ]
    since = _("since %(month)s", month=formatting.month(signatory.since))
    parts = [taxonomy.signer_kind[signatory.kind].label, since]
    if validity_of(signatory, now) == "past":
        parts.append(
            _("promised until %(month)s", month=formatting.month(signatory.confirmed_until))
        )
        states = []
    facts = " · ".join([parts[0], signatory.place, *parts[1:]])
    for state, message in COUNTED.items():
        if in_state := [str(commitment.number) for commitment, of in states if of == state]:
            parts.append(_(message, numbers=format_list(in_state)))
    # What a visitor would notice comes first; a sort keeps the order of the wording otherwise.
    sentences_of = sorted(
        (commitment for commitment, of in states if of == "doing"),
        key=lambda item: not item.for_visitors,
    )
    return SignatoryCard(
        slug=signatory.slug,
        name=signatory.name,
        url=signatory.url,
        about=" · ".join(parts),
        facts=facts,
        sentences=tuple(
            commitment.text or commitment.title for commitment in sentences_of[:SENTENCES_ON_CARD]
        ),
        more=max(0, len(sentences_of) - SENTENCES_ON_CARD),
        validity=validity_of(signatory, now),
        demonstration=signatory.demonstration,
    )


def ended_on(pledge: Pledge) -> str:
    """Return the day a pledge ended, in words; nothing while it is open or where none is known."""
    if pledge.status == "open" or pledge.ended_on is None:
        return ""
    return formatting.long_date(pledge.ended_on)


def _read_on(name: str, day: date) -> str:
    return _("%(source)s, read on %(day)s", source=name, day=formatting.long_date(day))


def validity_of(signatory: Signatory, now: datetime) -> Holds:
    """Say whether a promise holds at `now` (aware)."""
    return "past" if signatory.lapsed(now.astimezone(formatting.LOCAL).date()) else "now"


def sign_url(pledge: Pledge) -> str:
    """Return where a pledge is signed."""
    return f"/pledges/{pledge.slug}/sign/"


def version_of(signatory: Signatory, pledge: Pledge) -> Version:
    """Return the wording that somebody signed."""
    return next(version for version in pledge.versions if version.version == signatory.version)

"""A pledge, its register and each signatory, as their pages say them.

A promise that has run out is shown as past, never deleted and never as if it still held.
"""

from datetime import date, datetime
from typing import Literal

import msgspec
from markupsafe import Markup

from catalogue import body, words
from catalogue.catalogue import Catalogue
from catalogue.outputs import asking_register as asking
from catalogue.outputs import map as drawn_map
from catalogue.outputs.listing import Link, place_url
from catalogue.outputs.papers import Papers
from catalogue.outputs.papers import papers as made_papers
from catalogue.outputs.sharing import Sharing
from catalogue.pledge import Pledge, Promise, Signatory, Version
from catalogue.taxonomy import Taxonomy
from catalogue.tongue import _, later, listed

Holds = Literal["now", "past"]
COUNTED = {"doing": later("doing %(numbers)s"), "starting": later("starting %(numbers)s")}


class CommitmentView(msgspec.Struct, frozen=True):
    """One commitment of a pledge; `number` is its place in the wording, from 1."""

    number: int
    id: str
    title: str
    text: str
    required: bool
    for_visitors: bool


class PromiseView(msgspec.Struct, frozen=True):
    """What one signatory said to one commitment, and how they keep it."""

    id: str
    number: int
    title: str
    text: str
    state: str
    how: str
    kept: bool
    for_visitors: bool


class SignatoryCard(msgspec.Struct, frozen=True):
    """A signatory in a register."""

    slug: str
    name: str
    url: str
    about: str
    holds: Holds
    demonstration: bool


class SignatoryPage(msgspec.Struct, frozen=True):
    """All a page of one signatory prints.

    `newer_version` is the pledge's wording where it is newer than the one signed; `sign_url` is
    where that one can be signed, and empty once nobody can.
    An `overdue` promise has run out and may still be renewed. Visitors are asked whether it was
    true at `ask_at`, empty where nobody is asked. `ended_on` is of its pledge, empty while it runs.
    """

    url: str
    name: str
    about: str
    website: str
    pledge: Link
    place: Link
    version: int
    newer_version: int | None
    sign_url: str
    promises: tuple[PromiseView, ...]
    since: str
    until: str
    holds: Holds
    overdue: bool
    ended_on: str
    ask_at: str
    dispute_url: str
    body: Markup
    runs: tuple[Link, ...]
    papers: Papers | None
    demonstration: bool


class PledgePage(msgspec.Struct, frozen=True):
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
    quotes: tuple[asking.Quote, ...]
    choices: asking.RegisterChoices
    maps: tuple[drawn_map.Map, ...]
    ask_url: str
    snippet: str
    demonstration: bool


class ProviderPromise(msgspec.Struct, frozen=True):
    """The promise of whoever runs an activity, as it stands on the activity's page.

    `promised` is what a visitor would notice, where the pledge says which commitments those are.
    They are asked whether it was true at `ask_at`, empty where nobody is asked.
    """

    name: str
    url: str
    pledge: str
    pledge_url: str
    promised: tuple[PromiseView, ...]
    since: str
    holds: Holds
    until: str
    ask_at: str


def pledge_page(
    pledge: Pledge, catalogue: Catalogue, now: datetime, sharing: Sharing | None = None
) -> PledgePage:
    """Return the page of one pledge with its register as it stands at `now` (aware)."""
    register, today = catalogue.register(pledge.slug), now.astimezone(words.LOCAL).date()
    all_cards = [signatory_card(one, pledge, catalogue.taxonomy, now) for one in register]
    current = pledge.current
    return PledgePage(
        slug=pledge.slug,
        url=f"/pledges/{pledge.slug}/",
        sign_url=_sign_url(pledge),
        title=pledge.title,
        summary=pledge.summary,
        statement=current.statement,
        version=current.version,
        from_=words.long_date(current.from_),
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
        holding=tuple(one for one in all_cards if one.holds == "now"),
        past=tuple(one for one in all_cards if one.holds == "past"),
        quotes=asking.quotes(pledge, register, today),
        choices=asking.choices(pledge, catalogue),
        maps=asking.maps(pledge, register, catalogue.taxonomy, today),
        ask_url=asking.url(pledge),
        snippet=asking.snippet(pledge, sharing),
        demonstration=any(one.demonstration for one in all_cards),
    )


def commitments(version: Version) -> tuple[CommitmentView, ...]:
    """Return the commitments of one version, numbered as they stand."""
    return tuple(
        CommitmentView(
            number, one.id, one.title, one.text, one.required == "yes", one.for_visitors == "yes"
        )
        for number, one in enumerate(version.commitments, 1)
    )


def signatory_page(
    signatory: Signatory, catalogue: Catalogue, now: datetime, sharing: Sharing | None = None
) -> SignatoryPage:
    """Return the page of one signatory as it stands at `now` (aware)."""
    pledge = _pledge_of(signatory, catalogue)
    terms = catalogue.taxonomy
    named = f"{signatory.pledge}/{signatory.slug}"
    return SignatoryPage(
        url=signatory.url,
        dispute_url=f"{signatory.url}dispute",
        name=signatory.name,
        about=_about(signatory, terms),
        website=signatory.website,
        pledge=Link(pledge.title, f"/pledges/{pledge.slug}/"),
        place=Link(signatory.place, place_url(terms.area[signatory.place])),
        version=signatory.version,
        newer_version=(pledge.current.version if signatory.of_older_wording(pledge) else None),
        sign_url=_sign_url(pledge) if pledge.status == "open" else "",
        promises=_promises(signatory, pledge),
        since=words.long_date(signatory.since),
        until=words.long_date(signatory.confirmed_until),
        holds=_holds(signatory, now),
        overdue=signatory.overdue(now.astimezone(words.LOCAL).date()),
        ended_on=ended_on(pledge),
        ask_at=_ask_at(signatory, pledge, now),
        body=Markup(body.to_html(signatory.body)),  # noqa: S704 - cleaned by nh3 there
        runs=tuple(
            Link(activity.title, f"/activities/{activity.slug}/")
            for activity in catalogue.activities
            if activity.provider.signatory == named
            and activity.status not in ("defunct", "inactive")
        ),
        papers=made_papers(signatory, pledge, sharing) if _holds(signatory, now) == "now" else None,
        demonstration=signatory.demonstration,
    )


def signatory_card(
    signatory: Signatory, pledge: Pledge, terms: Taxonomy, now: datetime
) -> SignatoryCard:
    """Return a signatory as the register shows it: kind, since when, what it does."""
    numbers = {one.id: one.number for one in commitments(_version_of(signatory, pledge))}
    said = sorted((numbers[name], promise.state) for name, promise in signatory.promises.items())
    since = _("since %(month)s", month=words.month(signatory.since))
    parts = [terms.signer_kind[signatory.kind].label, since]
    for state, message in COUNTED.items():
        if chosen := [str(number) for number, of in said if of == state]:
            parts.append(_(message, numbers=listed(chosen)))
    return SignatoryCard(
        slug=signatory.slug,
        name=signatory.name,
        url=signatory.url,
        about=" · ".join(parts),
        holds=_holds(signatory, now),
        demonstration=signatory.demonstration,
    )


def provider_promise(named: str, catalogue: Catalogue, now: datetime) -> ProviderPromise | None:
    """Return the promise at "pledge/who"; None where there is none or it was withdrawn."""
    pledge_slug, _, slug = named.partition("/")
    found = [one for one in catalogue.register(pledge_slug) if one.slug == slug] if named else []
    if not found:
        return None
    signatory = found[0]
    pledge = _pledge_of(signatory, catalogue)
    return ProviderPromise(
        name=signatory.name,
        url=signatory.url,
        pledge=pledge.title,
        pledge_url=f"/pledges/{pledge.slug}/",
        promised=_noticed(_promises(signatory, pledge)),
        since=words.month(signatory.since),
        holds=_holds(signatory, now),
        until=words.month(signatory.confirmed_until),
        ask_at=_ask_at(signatory, pledge, now),
    )


def ended_on(pledge: Pledge) -> str:
    """Return the day a pledge ended, in words; nothing while it is open or where none is known."""
    if pledge.status == "open" or pledge.ended_on is None:
        return ""
    return words.long_date(pledge.ended_on)


def _ask_at(signatory: Signatory, pledge: Pledge, now: datetime) -> str:
    """Return where visitors say whether a promise was true: of one that is held, and can be."""
    kept = any(promise.state == "doing" for promise in signatory.promises.values())
    asks = pledge.status == "open" and kept and _holds(signatory, now) == "now"
    return f"/was-it-true/{signatory.pledge}/{signatory.slug}" if asks else ""


def _noticed(promises: tuple[PromiseView, ...]) -> tuple[PromiseView, ...]:
    """Return what is kept and a visitor would notice; all that is kept where none is marked."""
    kept = tuple(one for one in promises if one.kept)
    return tuple(one for one in kept if one.for_visitors) or kept


def _promises(signatory: Signatory, pledge: Pledge) -> tuple[PromiseView, ...]:
    return tuple(
        PromiseView(
            id=one.id,
            number=one.number,
            title=one.title,
            text=one.text,
            state=_state(promise),
            how=promise.how,
            kept=promise.state == "doing",
            for_visitors=one.for_visitors,
        )
        for one in commitments(_version_of(signatory, pledge))
        if (promise := signatory.promises.get(one.id))
    )


def _state(promise: Promise) -> str:
    if promise.state == "starting":
        if promise.by is None:
            return _("Starting")
        return _("Starting by %(day)s", day=words.long_date(promise.by))
    return _("Doing") if promise.state == "doing" else _("Not for us")


def _about(signatory: Signatory, terms: Taxonomy) -> str:
    kind = terms.signer_kind[signatory.kind].label
    return _("%(kind)s in %(place)s", kind=kind, place=signatory.place)


def _read_on(name: str, day: date) -> str:
    return _("%(source)s, read on %(day)s", source=name, day=words.long_date(day))


def _holds(signatory: Signatory, now: datetime) -> Holds:
    return "past" if signatory.lapsed(now.astimezone(words.LOCAL).date()) else "now"


def _sign_url(pledge: Pledge) -> str:
    return f"/pledges/{pledge.slug}/sign/"


def _version_of(signatory: Signatory, pledge: Pledge) -> Version:
    return next(one for one in pledge.versions if one.version == signatory.version)


def _pledge_of(signatory: Signatory, catalogue: Catalogue) -> Pledge:
    pledge = catalogue.pledge(signatory.pledge)
    if pledge is None:  # the loader refuses a signatory whose pledge is missing
        raise LookupError(signatory.pledge)
    return pledge

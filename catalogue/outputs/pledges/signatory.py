"""One signatory: its own page, and its promise as it stands on the activities it runs."""

from datetime import datetime

import msgspec
from markupsafe import Markup

from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge, Promise, Signatory
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.listings.listing import Link, place_url
from catalogue.outputs.pledges.register import (
    Holds,
    commitments,
    ended_on,
    sign_url,
    validity_of,
    version_of,
)
from catalogue.outputs.print.print_materials import PrintMaterials, print_materials
from catalogue.read import body


class PromiseView(msgspec.Struct, frozen=True):
    """What one signatory said to one commitment, and how they keep it.

    `kept` is what they do; `declined` what is "not for us".
    """

    id: str
    number: int
    title: str
    text: str
    state: str
    how: str
    kept: bool
    declined: bool
    for_visitors: bool


class SignatoryView(msgspec.Struct, frozen=True):
    """All a page of one signatory prints.

    `newer_version` is the pledge's wording where it is newer than the one signed; `sign_url` is
    where that one can be signed, and empty once nobody can.
    An `overdue` promise has run out and may still be renewed. Visitors are asked whether it was
    true at `ask_at`, empty where nobody is asked. `ended_on` is of its pledge, empty while it runs.
    `noticed` are the promises that hang in the window: what is kept and a visitor would notice.
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
    noticed: tuple[PromiseView, ...]
    since: str
    until: str
    validity: Holds
    overdue: bool
    ended_on: str
    ask_at: str
    dispute_url: str
    body: Markup
    runs: tuple[Link, ...]
    print_materials: PrintMaterials | None
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
    validity: Holds
    until: str
    ask_at: str


def signatory_view(
    signatory: Signatory, catalogue: Catalogue, now: datetime, sharing: Sharing | None = None
) -> SignatoryView:
    """Return the page of one signatory as it stands at `now` (aware)."""
    pledge = _pledge_of(signatory, catalogue)
    terms = catalogue.taxonomy
    provider_key = f"{signatory.pledge}/{signatory.slug}"
    promises = _promises(signatory, pledge)
    return SignatoryView(
        url=signatory.url,
        dispute_url=f"{signatory.url}dispute",
        name=signatory.name,
        about=_about(signatory, terms),
        website=signatory.website,
        pledge=Link(pledge.title, f"/pledges/{pledge.slug}/"),
        place=Link(signatory.place, place_url(terms.area[signatory.place])),
        version=signatory.version,
        newer_version=(pledge.current.version if signatory.of_older_wording(pledge) else None),
        sign_url=sign_url(pledge) if pledge.status == "open" else "",
        promises=promises,
        noticed=_noticed(promises),
        since=formatting.long_date(signatory.since),
        until=formatting.long_date(signatory.confirmed_until),
        validity=validity_of(signatory, now),
        overdue=signatory.overdue(now.astimezone(formatting.LOCAL).date()),
        ended_on=ended_on(pledge),
        ask_at=_ask_at(signatory, pledge, now),
        body=Markup(body.to_html(signatory.body)),  # noqa: S704 - cleaned by nh3 there
        runs=tuple(
            Link(activity.title, f"/activities/{activity.slug}/")
            for activity in catalogue.activities
            if activity.provider.signatory == provider_key
            and activity.status not in ("defunct", "inactive")
        ),
        print_materials=(
            print_materials(signatory, pledge, sharing)
            if validity_of(signatory, now) == "now"
            else None
        ),
        demonstration=signatory.demonstration,
    )


def provider_promise(
    provider_key: str, catalogue: Catalogue, now: datetime
) -> ProviderPromise | None:
    """Return the promise at "pledge/who"; None where there is none or it was withdrawn."""
    pledge_slug, _, slug = provider_key.partition("/")
    signatories = (
        [candidate for candidate in catalogue.register(pledge_slug) if candidate.slug == slug]
        if provider_key
        else []
    )
    if not signatories:
        return None
    signatory = signatories[0]
    pledge = _pledge_of(signatory, catalogue)
    return ProviderPromise(
        name=signatory.name,
        url=signatory.url,
        pledge=pledge.title,
        pledge_url=f"/pledges/{pledge.slug}/",
        promised=_noticed(_promises(signatory, pledge)),
        since=formatting.month(signatory.since),
        validity=validity_of(signatory, now),
        until=formatting.month(signatory.confirmed_until),
        ask_at=_ask_at(signatory, pledge, now),
    )


def _ask_at(signatory: Signatory, pledge: Pledge, now: datetime) -> str:
    """Return where visitors say whether a promise was true: of one that is held, and can be."""
    is_doing = any(promise.state == "doing" for promise in signatory.promises.values())
    may_ask = pledge.status == "open" and is_doing and validity_of(signatory, now) == "now"
    return f"/was-it-true/{signatory.pledge}/{signatory.slug}" if may_ask else ""


def _noticed(promises: tuple[PromiseView, ...]) -> tuple[PromiseView, ...]:
    """Return what is kept and a visitor would notice; all that is kept where none is marked."""
    kept_promises = tuple(promise for promise in promises if promise.kept)
    return tuple(promise for promise in kept_promises if promise.for_visitors) or kept_promises


def _promises(signatory: Signatory, pledge: Pledge) -> tuple[PromiseView, ...]:
    return tuple(
        PromiseView(
            id=commitment.id,
            number=commitment.number,
            title=commitment.title,
            text=commitment.text,
            state=_state(promise),
            how=promise.how,
            kept=promise.state == "doing",
            declined=promise.state == "not for us",
            for_visitors=commitment.for_visitors,
        )
        for commitment in commitments(version_of(signatory, pledge))
        if (promise := signatory.promises.get(commitment.id))
    )


def _state(promise: Promise) -> str:
    if promise.state == "starting":
        if promise.by is None:
            return _("Starting")
        return _("Starting by %(day)s", day=formatting.long_date(promise.by))
    return _("Doing") if promise.state == "doing" else _("Not for us")


def _about(signatory: Signatory, taxonomy: Taxonomy) -> str:
    kind = taxonomy.signer_kind[signatory.kind].label
    return _("%(kind)s in %(place)s", kind=kind, place=signatory.place)


def _pledge_of(signatory: Signatory, catalogue: Catalogue) -> Pledge:
    pledge = catalogue.pledge(signatory.pledge)
    if pledge is None:  # the loader refuses a signatory whose pledge is missing
        raise LookupError(signatory.pledge)
    return pledge

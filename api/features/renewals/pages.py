"""The pages that signatories see behind the links in their letters."""

from collections.abc import Mapping, Sequence

import msgspec

from api.context import Context
from api.features.renewals.renewal_rules import renewable_from
from catalogue.build.templates import Page
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.formatting import long_date
from catalogue.outputs.forms import Form
from catalogue.read.site_settings import Service

PROMISE_STATE_INPUTS: Mapping[str, str] = {
    "doing": "doing",
    "starting": "not_yet",
    "not for us": "stopped",
}
"""The value of the input that is ticked first, by the state in the entry."""


class CommitmentField(msgspec.Struct, frozen=True):
    """One commitment in a form. `by` is an ISO date or empty."""

    id: str
    title: str
    how: str
    state: str
    by: str


class OwnPromise(msgspec.Struct, frozen=True):
    """A promise as its signatory sees it. `until` and `renewable_from` are days in words."""

    name: str
    url: str
    pledge_title: str
    pledge_url: str
    until: str
    past: bool
    ended: bool
    can_renew: bool
    renewable_from: str
    commitments: Sequence[CommitmentField]


class CheckInPage(Page, frozen=True, kw_only=True):
    """The yearly question: does the promise still hold?"""

    template = "check_in.html"
    promise: OwnPromise
    form: Form


class CheckInDonePage(Page, frozen=True, kw_only=True):
    """After a renewal, and where nothing can be renewed yet."""

    template = "check_in_done.html"
    promise: OwnPromise
    renewed: bool


class ManageLinkSentPage(Page, frozen=True, kw_only=True):
    """After an address was sent, the same whether anybody signed with it."""

    template = "manage_sent.html"
    service: Service


class ManagePage(Page, frozen=True, kw_only=True):
    """One's own promise: renew it, change its sentences, withdraw it. `form` is for sentences."""

    template = "manage.html"
    promise: OwnPromise
    form: Form
    check_in_url: str
    withdraw_url: str


class TextChangeReceivedPage(Page, frozen=True, kw_only=True):
    """After new sentences were sent; `url` is the signatory's page."""

    template = "manage_words.html"
    url: str


class WithdrawnPage(Page, frozen=True, kw_only=True):
    """After a withdrawal, also when it is repeated."""

    template = "withdrawn.html"
    promise: OwnPromise


class ManageExpiredPage(Page, frozen=True, kw_only=True):
    """A link to one's own promise that no longer works."""

    template = "manage_expired.html"
    service: Service


def own_promise(signatory: Signatory, pledge: Pledge, context: Context) -> OwnPromise:
    """Return a promise as its signatory sees it, with the commitments of the version signed."""
    versions = (
        candidate for candidate in pledge.versions if candidate.version == signatory.version
    )
    version = next(versions, pledge.current)
    first_day = renewable_from(signatory, pledge)
    return OwnPromise(
        name=signatory.name,
        url=f"/pledges/{signatory.pledge}/{signatory.slug}/",
        pledge_title=pledge.title,
        pledge_url=f"/pledges/{pledge.slug}/",
        until=long_date(signatory.confirmed_until),
        past=signatory.lapsed(context.today),
        ended=pledge.status == "ended",
        can_renew=pledge.status == "open" and context.today >= first_day,
        renewable_from=long_date(first_day),
        commitments=[
            CommitmentField(
                id=commitment.id,
                title=commitment.title,
                how=promise.how,
                state=PROMISE_STATE_INPUTS[promise.state],
                by=promise.by.isoformat() if promise.by else "",
            )
            for commitment in version.commitments
            if (promise := signatory.promises.get(commitment.id))
        ],
    )

"""What pages about pledges are made from: the public half only."""

import msgspec

from api.features.pledges.signing.confirm import LinkedSignUp
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Pledge, Promise, Version
from catalogue.outputs.formatting import long_date

STATES = {
    "doing": gettext_noop("doing"),
    "starting": gettext_noop("starting"),
    "not for us": gettext_noop("not for us"),
}


class PledgeLink(msgspec.Struct, frozen=True):
    """A pledge as a page names and links it."""

    title: str
    url: str


class SignedPledge(msgspec.Struct, frozen=True):
    """A pledge in the wording that somebody signed."""

    title: str
    statement: str


class PromiseView(msgspec.Struct, frozen=True):
    """What somebody says to one commitment; `state` is in words."""

    title: str
    state: str
    how: str


class ConfirmPage(Page, frozen=True, kw_only=True):
    """A promise as a letter's link shows it, before its button is pressed."""

    template = "confirm.html"
    action: str
    pledge: SignedPledge
    name: str
    promises: tuple[PromiseView, ...]


def pledge_link(pledge: Pledge) -> PledgeLink:
    """Return a pledge as a page names and links it."""
    return PledgeLink(pledge.title, f"/pledges/{pledge.slug}/")


def confirm_page(shown: LinkedSignUp, action: str) -> ConfirmPage:
    """Return the page of a promise: the wording that was signed, and what was said to it."""
    version = _version(shown)
    titles = {commitment.id: commitment.title for commitment in version.commitments}
    return ConfirmPage(
        action=action,
        pledge=SignedPledge(shown.pledge.title, version.statement),
        name=shown.name,
        promises=tuple(
            PromiseView(titles.get(name, name), _state(promise), promise.how)
            for name, promise in shown.sign_up.promises.items()
        ),
    )


def _version(shown: LinkedSignUp) -> Version:
    versions = {one.version: one for one in shown.pledge.versions}
    return versions.get(shown.sign_up.version, shown.pledge.current)


def _state(promise: Promise) -> str:
    if promise.state == "starting" and promise.by:
        return _("starting by %(day)s", day=long_date(promise.by))
    return _(STATES[promise.state])

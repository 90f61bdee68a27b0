"""The queue of a reviewer as values: nothing of a private half (see `review_page.py`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from api.features.pledges.disputes.store import Dispute
from api.features.pledges.signing import hold_reasons
from api.features.pledges.store import SignUp
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.formatting import LOCAL, ago, clock, day

URL = "/staff/sign-ups"

STAGES: Mapping[str, str] = {
    "awaiting_confirmation": gettext_noop("Not confirmed yet"),
    "confirmed": gettext_noop("To be read"),
    "asked": gettext_noop("Asked, waiting for an answer"),
    "held": gettext_noop("Held"),
    "published": gettext_noop("On the register"),
    "hidden": gettext_noop("Hidden"),
    "withdrawn": gettext_noop("Taken off"),
    "rejected": gettext_noop("Refused"),
    "lapsed": gettext_noop("Nobody confirmed it"),
}


class QueuedSignUp(msgspec.Struct, frozen=True):
    """A sign-up in the queue: nothing of its private half. `reader` has it open just now."""

    reference: str
    url: str
    title: str
    about: str
    pledge: str
    stage: str
    since: str
    reader: str
    look_at: tuple[str, ...]


class Disputed(msgspec.Struct, frozen=True):
    """A disputed entry in the queue. `url` is its sign-up's page, or the entry's own."""

    url: str
    title: str
    hidden: bool
    since: str
    by_hand: bool
    """No sign-up stands behind it: an editor wrote the entry, and there is nobody to write to."""


def waiting(
    found: Sequence[SignUp], readers: Mapping[str, str], catalogue: Catalogue, now: datetime
) -> tuple[QueuedSignUp, ...]:
    """Return sign-ups as the queue shows them; `readers` are names by sign-up id."""
    today = now.astimezone(LOCAL).date()
    return tuple(
        QueuedSignUp(
            reference=one.reference,
            url=f"{URL}/{one.reference}",
            title=title(one, catalogue.taxonomy),
            about=about(one, catalogue.taxonomy),
            pledge=pledge_title(one, catalogue),
            stage=_(STAGES[one.stage]),
            since=ago(one.created_at.astimezone(LOCAL).date(), today),
            reader=readers.get(one.id, ""),
            look_at=look_at(one),
        )
        for one in found
    )


def disputed(
    found: Sequence[tuple[Dispute, SignUp | None]], catalogue: Catalogue, now: datetime
) -> tuple[Disputed, ...]:
    """Return disputes for the top of the queue, one line an entry."""
    today = now.astimezone(LOCAL).date()
    served = (one for pledge in catalogue.pledges for one in catalogue.register(pledge.slug))
    shown = {(one.pledge, one.slug) for one in served}
    lines = {
        (one.pledge, one.who): Disputed(
            url=f"{URL}/{of.reference}" if of else f"/staff/register/{one.pledge}/{one.who}/hide",
            title=title(of, catalogue.taxonomy) if of else f"{one.pledge}/{one.who}",
            hidden=of.stage == "hidden" if of else (one.pledge, one.who) not in shown,
            since=ago(one.created_at.astimezone(LOCAL).date(), today),
            by_hand=of is None,
        )
        for one, of in reversed(found)
    }
    return tuple(reversed(lines.values()))


def title(of: SignUp, terms: Taxonomy) -> str:
    """Return what a sign-up is called where nobody's sealed name may stand."""
    if of.public_name:
        return of.public_name
    kind = terms.signer_kind.get(of.kind)
    return _("%(kind)s in %(place)s", kind=kind.a if kind else _("Somebody"), place=of.place)


def look_at(of: SignUp) -> tuple[str, ...]:
    """Return why a sign-up is held, and what else to look at, in words."""
    held = hold_reasons.HELD_WHY.get(of.held_why) if of.state == "held" else None
    flags = (hold_reasons.FLAGS[one] for one in of.flags if one in hold_reasons.FLAGS)
    return tuple(_(one) for one in (held, *flags) if one)


def pledge_title(of: SignUp, catalogue: Catalogue) -> str:
    """Return the pledge's title, or its slug where it was taken away since."""
    pledge = catalogue.pledge(of.pledge)
    return pledge.title if pledge else of.pledge


def moment(at: datetime) -> str:
    """Return a moment as people say it: "Tuesday 24 November, 10:30"."""
    return f"{day(at.astimezone(LOCAL).date())}, {clock(at)}"


def about(of: SignUp, terms: Taxonomy) -> str:
    """Return what kind of signatory it is, and where."""
    kind = terms.signer_kind.get(of.kind)
    return _("%(kind)s in %(place)s", kind=kind.label if kind else of.kind, place=of.place)

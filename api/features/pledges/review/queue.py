"""The queue of a reviewer as values: nothing of a private half (see `review_page.py`)."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import msgspec

from api.features.pledges.disputes.store import Dispute
from api.features.pledges.signing import hold_reasons
from api.features.pledges.store import SignUp
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.formatting import LOCAL, ago, clock, day
from catalogue.outputs.forms import Form

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
    warnings: tuple[str, ...]


class DisputedEntry(msgspec.Struct, frozen=True):
    """A disputed entry in the queue. `url` is its sign-up's page, or the entry's own."""

    url: str
    title: str
    hidden: bool
    since: str
    by_hand: bool
    """No sign-up stands behind it: an editor wrote the entry, and there is nobody to write to."""


class SignUpQueuePage(Page, frozen=True, kw_only=True):
    """What waits, or what was decided. Numbers of pages are 0 where there is no such page."""

    template = "staff/sign_ups.html"

    sign_ups: tuple[QueuedSignUp, ...]
    disputes: tuple[DisputedEntry, ...]
    decided: bool
    previous_page: int
    next_page: int
    form: Form
    """Looks up a reference."""
    build_faults: tuple[str, ...]


def queued_sign_ups(
    sign_ups: Sequence[SignUp], readers: Mapping[str, str], catalogue: Catalogue, now: datetime
) -> tuple[QueuedSignUp, ...]:
    """Return sign-ups as the queue shows them; `readers` are names by sign-up id."""
    today = now.astimezone(LOCAL).date()
    return tuple(
        QueuedSignUp(
            reference=sign_up.reference,
            url=f"{URL}/{sign_up.reference}",
            title=sign_up_title(sign_up, catalogue.taxonomy),
            about=kind_and_place(sign_up, catalogue.taxonomy),
            pledge=pledge_title(sign_up, catalogue),
            stage=_(STAGES[sign_up.stage]),
            since=ago(sign_up.created_at.astimezone(LOCAL).date(), today),
            reader=readers.get(sign_up.id, ""),
            warnings=warnings(sign_up),
        )
        for sign_up in sign_ups
    )


def disputed_entries(
    disputes: Sequence[tuple[Dispute, SignUp | None]], catalogue: Catalogue, now: datetime
) -> tuple[DisputedEntry, ...]:
    """Return disputes for the top of the queue, one line an entry."""
    today = now.astimezone(LOCAL).date()
    published = {
        (entry.pledge, entry.slug)
        for pledge in catalogue.pledges
        for entry in catalogue.register(pledge.slug)
    }
    entries: dict[tuple[str, str], DisputedEntry] = {}
    for dispute, sign_up in reversed(disputes):
        entry = (dispute.pledge, dispute.who)
        path = "/".join(entry)
        entries[entry] = DisputedEntry(
            url=f"{URL}/{sign_up.reference}" if sign_up else f"/staff/register/{path}/hide",
            title=sign_up_title(sign_up, catalogue.taxonomy) if sign_up else path,
            hidden=sign_up.stage == "hidden" if sign_up else entry not in published,
            since=ago(dispute.created_at.astimezone(LOCAL).date(), today),
            by_hand=sign_up is None,
        )
    return tuple(reversed(entries.values()))


def sign_up_title(sign_up: SignUp, terms: Taxonomy) -> str:
    """Return what a sign-up is called where nobody's sealed name may stand."""
    if sign_up.public_name:
        return sign_up.public_name
    kind = terms.signer_kind.get(sign_up.kind)
    name = kind.a if kind else _("Somebody")
    return _("%(kind)s in %(place)s", kind=name, place=sign_up.place)


def warnings(sign_up: SignUp) -> tuple[str, ...]:
    """Return why a sign-up is held, and what else to look at, in words."""
    held_reason = hold_reasons.HELD_WHY.get(sign_up.held_why) if sign_up.state == "held" else None
    flags = (hold_reasons.FLAGS[flag] for flag in sign_up.flags if flag in hold_reasons.FLAGS)
    return tuple(_(text) for text in (held_reason, *flags) if text)


def pledge_title(sign_up: SignUp, catalogue: Catalogue) -> str:
    """Return the pledge's title, or its slug where it was taken away since."""
    pledge = catalogue.pledge(sign_up.pledge)
    return pledge.title if pledge else sign_up.pledge


def moment(at: datetime) -> str:
    """Return a moment as people say it: "Tuesday 24 November, 10:30"."""
    return f"{day(at.astimezone(LOCAL).date())}, {clock(at)}"


def kind_and_place(sign_up: SignUp, terms: Taxonomy) -> str:
    """Return what kind of signatory it is, and where."""
    kind = terms.signer_kind.get(sign_up.kind)
    name = kind.label if kind else sign_up.kind
    return _("%(kind)s in %(place)s", kind=name, place=sign_up.place)

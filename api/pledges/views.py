"""What pages and answers about pledges are made from: the public half, said plainly."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from api.pledges.confirm import Shown
from api.refusals import FieldFault
from catalogue.catalogue import Catalogue
from catalogue.outputs.form import FieldError, Form, sign_choices
from catalogue.outputs.register import pledge_page
from catalogue.pledge import Pledge, Promise, Version
from catalogue.tongue import _, later
from catalogue.words import long_date

STATES = {
    "doing": later("doing"),
    "starting": later("starting"),
    "not for us": later("not for us"),
}
AT_THE_END = ("contact_email", "signer_name", "signer_role", "may_sign")


def commitment_ids(pledge: Pledge) -> tuple[str, ...]:
    """Return the commitments of the wording that is signed now."""
    return tuple(one.id for one in pledge.current.commitments)


def link(pledge: Pledge) -> dict[str, str]:
    """Return a pledge as a page names and links it."""
    return {"title": pledge.title, "url": f"/pledges/{pledge.slug}/"}


def promise(shown: Shown) -> dict[str, Any]:
    """Return what `confirm.html` shows: the wording that was signed, and what was said to it."""
    version = _version(shown)
    titles = {one.id: one.title for one in version.commitments}
    return {
        "pledge": {"title": shown.pledge.title, "statement": version.statement},
        "name": shown.name,
        "promises": [
            {"title": titles.get(name, name), "state": _state(said), "how": said.how}
            for name, said in shown.sign_up.promises.items()
        ],
    }


def _version(shown: Shown) -> Version:
    versions = {one.version: one for one in shown.pledge.versions}
    return versions.get(shown.sign_up.version, shown.pledge.current)


def _state(said: Promise) -> str:
    if said.state == "starting" and said.by:
        return _("starting by %(day)s", day=long_date(said.by))
    return _(STATES[said.state])


def form(
    pledge: Pledge,
    answers: Mapping[str, list[str]],
    faults: Sequence[FieldFault],
    key: str,
    catalogue: Catalogue,
    now: datetime,
) -> dict[str, Any]:
    """Return what `sign.html` shows: the form with its answers and faults."""
    view = pledge_page(pledge, catalogue, now)
    return {
        "form": Form(
            f"/pledges/{pledge.slug}/sign",
            values=answers,
            errors=[FieldError(one.field, one.message) for one in sorted(faults, key=_on_page)],
            idempotency_key=key,
        ),
        "pledge": view,
        "choices": sign_choices(view, catalogue.taxonomy),
    }


def _on_page(fault: FieldFault) -> int:
    """Say how far down the page a fault's input is: who signs, what is promised, whom to write to.

    The list on top is read from the top of the page to its end.
    """
    if fault.field in AT_THE_END:
        return 2 + AT_THE_END.index(fault.field)
    return int("-" in fault.field)  # such as `how-listen`

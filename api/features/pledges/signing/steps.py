"""The form of a pledge, in short steps: which pages there are, and which one comes next.

Nothing is stored between them: every page carries all earlier answers in hidden fields, so a
visitor who never finishes leaves nothing behind, and going back loses nothing.
"""

from collections.abc import Mapping, Sequence

import msgspec

from api.errors import FieldFault, Invalid
from api.features.pledges.signing.bodies import (
    INPUTS,
    SignUpRequest,
    form_fields,
    input_name,
    pledge_faults,
)
from api.http.request_bodies import read_fields
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge

Answers = Mapping[str, list[str]]
START, CHECK = "start", "check"
HIDDEN_FIELDS = ("idempotency_key", "began", "text")
"""Hidden fields besides the answers: the key, when the form began, the digest of its wording."""


class Step(msgspec.Struct, frozen=True):
    """One page of the form; `fields` are the names of its inputs."""

    name: str
    fields: tuple[str, ...]


class NextPage(msgspec.Struct, frozen=True):
    """The page to show after one was sent.

    `returning`: the step was chosen on the last page, and leads back there. `submits`: all answers
    are valid and sent, so the sign-up is to be stored and no page shown.
    """

    step: Step
    faults: tuple[FieldFault, ...] = ()
    returning: bool = False
    submits: bool = False


CHECK_STEP = Step(CHECK, ())
_YOU_PAGES = ("name", "shown", "kind", "place")
EARLIER_PAGES = {**dict.fromkeys(_YOU_PAGES, "you"), "email": "contact", "authority": "contact"}
"""Pages of Kith 0.1, by the page that asks their question now: half-filled forms still come in."""


def ordered_steps(pledge: Pledge, answers: Answers) -> tuple[Step, ...]:
    """Return the pages in order, without the last one, which shows all answers.

    There are as many of a person as of an organisation, so the number of pages never changes.
    """
    person = answer_to(answers, "signer") == "person"
    signer_step = [Step("who", ("signer",))] if len(pledge.who_may_sign) > 1 else []
    promises = tuple(
        f"{part}-{commitment.id}"
        for commitment in pledge.current.commitments
        for part in INPUTS.values()
    )
    signs = () if person else ("signer_name", "signer_role", "may_sign")
    return (
        *signer_step,
        Step("you", ("name", *(("show_name",) if person else ()), "kind", "place")),
        Step("promises", promises),
        Step("contact", ("contact_email", *signs)),
    )


def next_page(answers: Answers, pledge: Pledge, catalogue: Catalogue) -> NextPage:
    """Return the page that follows the one that was sent."""
    ordered = ordered_steps(pledge, answers)
    names = [step.name for step in ordered]
    sent_from, changing = answer_to(answers, "at"), _current_name(answer_to(answers, "change"))
    if changing in names:
        return NextPage(ordered[names.index(changing)], returning=True)
    if sent_from == CHECK:
        if "back" in answers:
            return NextPage(ordered[-1])
        return _check_all(answers, pledge, catalogue, NextPage(CHECK_STEP, submits=True))
    current = _current_name(sent_from)
    if current not in names:
        return NextPage(ordered[0])
    following = _page_after(names.index(current), ordered, answers, pledge, catalogue)
    if current != sent_from and following.faults:  # of what the earlier page did not ask
        return NextPage(following.step, returning=following.returning)
    return following


def _current_name(name: str) -> str:
    return "promises" if name.startswith("promise-") else EARLIER_PAGES.get(name, name)


def _page_after(
    index: int, ordered: Sequence[Step], answers: Answers, pledge: Pledge, catalogue: Catalogue
) -> NextPage:
    returning = "returning" in answers
    if "back" in answers:
        return NextPage(CHECK_STEP) if returning else NextPage(ordered[max(index - 1, 0)])
    step = ordered[index]
    field_faults = faults(answers, pledge, catalogue)
    on_step = tuple(fault for fault in field_faults if fault.field in step.fields)
    if on_step:
        return NextPage(step, on_step, returning)
    if returning or step is ordered[-1]:
        return _check_all(answers, pledge, catalogue, NextPage(CHECK_STEP))
    return NextPage(ordered[index + 1])


def _check_all(
    answers: Answers, pledge: Pledge, catalogue: Catalogue, if_valid: NextPage
) -> NextPage:
    """Return the first page with a fault on it, or `if_valid`."""
    field_faults = faults(answers, pledge, catalogue)
    for step in ordered_steps(pledge, answers):
        on_step = tuple(fault for fault in field_faults if fault.field in step.fields)
        if on_step:
            return NextPage(step, on_step, returning=True)
    return NextPage(CHECK_STEP, field_faults) if field_faults else if_valid


def faults(answers: Answers, pledge: Pledge, catalogue: Catalogue) -> tuple[FieldFault, ...]:
    """Return all faults of the answers, by the names of their inputs."""
    ids = tuple(commitment.id for commitment in pledge.current.commitments)
    try:
        read_sign_up(answers, pledge, catalogue)
    except Invalid as error:
        return tuple(
            FieldFault(input_name(fault.field, ids), fault.message) for fault in error.errors
        )
    return ()


def read_sign_up(answers: Answers, pledge: Pledge, catalogue: Catalogue) -> SignUpRequest:
    """Return the sign-up that the answers of the complete form make.

    Raises `Invalid` with all faults, one of them if the wording has changed since it was read.
    """
    ids = tuple(commitment.id for commitment in pledge.current.commitments)
    wording = pledge.current
    fields = form_fields(answers, ids) | {"version": str(wording.version)}
    if answer_to(answers, "text") != wording.text_sha256:
        fields["version"] = str(
            wording.version + 1
        )  # refused by `pledge_faults`: the wording has changed
    return read_fields(
        fields,
        SignUpRequest,
        also=lambda sound: pledge_faults(sound, pledge, catalogue.taxonomy),
        name_of_key=lambda key: f".{key}",
    )


def answer_to(answers: Answers, name: str) -> str:
    """Return the first answer to a field, or ""."""
    return next(iter(answers.get(name, ())), "")

"""The form of a pledge, one question a page: which pages there are, and which one comes next.

Nothing is kept between them: all answers ride along in hidden fields, so that a visitor who never
finishes leaves nothing behind, and going back loses nothing.
"""

from collections.abc import Mapping, Sequence

import msgspec

from api.errors import FieldFault, Invalid
from api.features.pledges.signing.bodies import INPUTS, SignUpRequest, form_fields, input_name
from api.features.pledges.signing.eligibility import pledge_faults
from api.http.request_bodies import read_fields
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Pledge

Answers = Mapping[str, list[str]]
START, CHECK = "start", "check"
HIDDEN_FIELDS = ("idempotency_key", "began", "text")
"""Hidden fields that are no answers: the key, when the form began, the digest of its wording."""


class Step(msgspec.Struct, frozen=True):
    """One page of the form; `fields` are the names of its inputs."""

    name: str
    fields: tuple[str, ...]


class NextPage(msgspec.Struct, frozen=True):
    """What a page that was sent leads to: a step with its faults, or nothing left but to keep it.

    `returning`: the step was chosen from the last page, and leads back there.
    """

    step: Step
    faults: tuple[FieldFault, ...] = ()
    returning: bool = False
    sends: bool = False


CHECK_STEP = Step(CHECK, ())


def ordered_steps(pledge: Pledge, answers: Answers) -> tuple[Step, ...]:
    """Return the pages in their order, without the last one that shows all answers."""
    person = answer_to(answers, "signer") == "person"
    who = [Step("who", ("signer",))] if len(pledge.who_may_sign) > 1 else []
    shown = [Step("shown", ("show_name",))] if person else []
    promises = [
        Step(f"promise-{one.id}", tuple(f"{part}-{one.id}" for part in INPUTS.values()))
        for one in pledge.current.commitments
    ]
    signs = ("signer_role", "may_sign") if person else ("signer_name", "signer_role", "may_sign")
    return (
        *who,
        Step("name", ("name",)),
        *shown,
        Step("kind", ("kind",)),
        Step("place", ("place",)),
        *promises,
        Step("email", ("contact_email",)),
        Step("authority", signs),
    )


def next_page(answers: Answers, pledge: Pledge, catalogue: Catalogue) -> NextPage:
    """Return what comes after the page that was sent."""
    ordered = ordered_steps(pledge, answers)
    names = [one.name for one in ordered]
    at, changing = answer_to(answers, "at"), answer_to(answers, "change")
    if changing in names:
        return NextPage(ordered[names.index(changing)], returning=True)
    if at == CHECK:
        if "back" in answers:
            return NextPage(ordered[-1])
        return _whole(answers, pledge, catalogue, NextPage(CHECK_STEP, sends=True))
    if at not in names:
        return NextPage(ordered[0])
    return _after(names.index(at), ordered, answers, pledge, catalogue)


def _after(
    at: int, ordered: Sequence[Step], answers: Answers, pledge: Pledge, catalogue: Catalogue
) -> NextPage:
    returning = "returning" in answers
    if "back" in answers:
        return NextPage(CHECK_STEP) if returning else NextPage(ordered[max(at - 1, 0)])
    here = ordered[at]
    wrong = [one for one in faults(answers, pledge, catalogue) if one.field in here.fields]
    wrong += _unsaid(here, answers, pledge)
    if wrong:
        return NextPage(here, tuple(wrong), returning)
    if returning or here is ordered[-1]:
        return _whole(answers, pledge, catalogue, NextPage(CHECK_STEP))
    return NextPage(ordered[at + 1])


def _unsaid(step: Step, answers: Answers, pledge: Pledge) -> list[FieldFault]:
    """Return that a commitment was passed over, which the pledge asks of everybody."""
    asked = {f"promise-{one.id}" for one in pledge.current.commitments if one.required == "yes"}
    if step.name in asked and not any(field in answers for field in step.fields):
        return [FieldFault(step.name, _("Say whether you do this, start it, or not."))]
    return []


def _whole(answers: Answers, pledge: Pledge, catalogue: Catalogue, sound: NextPage) -> NextPage:
    """Return the first page with something wrong on it, or `sound`."""
    found = faults(answers, pledge, catalogue, whole=True)
    for step in ordered_steps(pledge, answers):
        wrong = tuple(one for one in found if one.field in step.fields)
        if wrong:
            return NextPage(step, wrong, returning=True)
    return NextPage(CHECK_STEP, found) if found else sound


def faults(
    answers: Answers, pledge: Pledge, catalogue: Catalogue, *, whole: bool = False
) -> tuple[FieldFault, ...]:
    """Return all that is wrong with the answers, by the names of their inputs.

    Only the `whole` form must promise something; and its wording must be the one that was read.
    """
    ids = tuple(one.id for one in pledge.current.commitments)
    try:
        read_sign_up(answers, pledge, catalogue)
    except Invalid as error:
        found = [one for one in error.errors if whole or one.field != "promises"]
        return tuple(FieldFault(input_name(one.field, ids), one.message) for one in found)
    return ()


def read_sign_up(answers: Answers, pledge: Pledge, catalogue: Catalogue) -> SignUpRequest:
    """Return the answers of the whole form. Raises `Invalid` with all faults."""
    ids = tuple(one.id for one in pledge.current.commitments)
    wording = pledge.current
    fields = form_fields(answers, ids) | {"version": str(wording.version)}
    if answer_to(answers, "text") != wording.text_sha256:
        fields["version"] = str(wording.version + 1)  # the words that were read are no longer these
    return read_fields(
        fields,
        SignUpRequest,
        also=lambda sound: pledge_faults(sound, pledge, catalogue.taxonomy),
        name_of_key=lambda key: f".{key}",
    )


def answer_to(answers: Answers, name: str) -> str:
    """Return the one answer to a field, or nothing."""
    return next(iter(answers.get(name, ())), "")

"""The pages of a pledge's form as structs: one step, or all answers before they are sent."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

import msgspec

from api.features.pledges.signing.bodies import INPUTS, SignUpRequest
from api.features.pledges.signing.steps import (
    CHECK,
    CHECK_STEP,
    HIDDEN_FIELDS,
    Answers,
    NextPage,
    Step,
    answer_to,
    ordered_steps,
)
from api.security import proof_of_work
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.gazetteer import area_named
from catalogue.model.pledge import Pledge
from catalogue.outputs.formatting import long_date
from catalogue.outputs.forms import FieldError, Form, SignChoices, sign_choices
from catalogue.outputs.pledges.register import PledgeView

WHO_SIGNS = ("signer_name", "signer_role", "may_sign")


class Answer(msgspec.Struct, frozen=True):
    """One row of the page that shows all answers.

    `step` is the page where it can be changed, `field` the input on it.
    """

    step: str
    field: str
    question: str
    lines: tuple[str, ...]


class SignStepView(msgspec.Struct, frozen=True):
    """One page of the form. `hidden_answers` are those of other pages, as name and value."""

    name: str
    heading: str
    number: int
    of: int
    person: bool
    questions: Mapping[str, str]
    hidden_answers: tuple[tuple[str, str], ...]
    returning: bool
    answers: tuple[Answer, ...]


class SignStepPage(Page, frozen=True, kw_only=True):
    """One page of a pledge's form: questions that belong together."""

    template = "sign_step.html"
    step: SignStepView
    form: Form
    pledge: PledgeView
    choices: SignChoices


class SignCheckPage(Page, frozen=True, kw_only=True):
    """All answers, before they are sent; `challenge` is what a browser works on in a rush."""

    template = "sign_check.html"
    step: SignStepView
    form: Form
    pledge: PledgeView
    challenge: str
    bits: int


def step_page(
    page: NextPage,
    answers: Answers,
    pledge: Pledge,
    view: PledgeView,
    catalogue: Catalogue,
    challenge: str,
) -> SignStepPage | SignCheckPage:
    """Return the page of one step, or of all answers where `shown` is the last step."""
    errors = [FieldError(_input(fault.field), fault.message) for fault in page.faults]
    form = Form(f"/pledges/{pledge.slug}/sign", answers, errors)
    step = _step_view(page, answers, pledge, view, catalogue)
    if page.step == CHECK_STEP:
        return SignCheckPage(
            step=step, form=form, pledge=view, challenge=challenge, bits=proof_of_work.BITS
        )
    choices = sign_choices(view, catalogue.taxonomy)
    return SignStepPage(step=step, form=form, pledge=view, choices=choices)


def step_title(page: NextPage, pledge: Pledge, view: PledgeView, answers: Answers) -> str:
    """Return the page's title; it begins with "Error" where there are faults."""
    heading = _heading(page.step, view, answers)
    text = _("%(question)s: %(pledge)s", question=heading, pledge=pledge.title)
    return _("Error: %(title)s", title=text) if page.faults else text


def _input(field: str) -> str:
    """Return the input that a fault links to: none for a hidden field."""
    return "" if field in ("version", *HIDDEN_FIELDS) else field


def _step_view(
    page: NextPage, answers: Answers, pledge: Pledge, view: PledgeView, catalogue: Catalogue
) -> SignStepView:
    ordered = ordered_steps(pledge, answers)
    names = [step.name for step in ordered]
    name = page.step.name
    return SignStepView(
        name=name,
        heading=_heading(page.step, view, answers),
        number=names.index(name) + 1 if name in names else len(names) + 1,
        of=len(names) + 1,
        person=answer_to(answers, "signer") == "person",
        questions=questions(person=answer_to(answers, "signer") == "person"),
        hidden_answers=tuple(_hidden_answers(page.step, answers, pledge)),
        returning=page.returning,
        answers=tuple(_answers(ordered, answers, view, catalogue)) if name == CHECK else (),
    )


def _hidden_answers(step: Step, answers: Answers, pledge: Pledge) -> Iterator[tuple[str, str]]:
    """Yield every known answer that is not in one of this page's own fields."""
    promises = [
        f"{part}-{commitment.id}"
        for commitment in pledge.current.commitments
        for part in INPUTS.values()
    ]
    for name in (*SignUpRequest.__struct_fields__, *promises, *HIDDEN_FIELDS):
        if name in answers and name not in step.fields:
            yield name, answer_to(answers, name)


def _heading(step: Step, view: PledgeView, answers: Answers) -> str:
    person = answer_to(answers, "signer") == "person"
    headings: Mapping[str, str] = {
        "who": _("Are you signing for yourself?"),
        "you": _("About you") if person else _("About your organisation"),
        "promises": _("What do you promise?"),
        "contact": _("How do we reach you?")
        if person
        else _("Who signs, and how do we reach you?"),
        CHECK: _("Check your answers"),
    }
    return headings[step.name]


def questions(*, person: bool) -> Mapping[str, str]:
    """Return what the form asks, by the first input that answers it."""
    return {
        "signer": _("Are you signing for yourself?"),
        "name": _("What is your name?") if person else _("What is the organisation called?"),
        "show_name": _("May we show your name?"),
        "kind": _("What do you do?") if person else _("What kind of organisation is it?"),
        "place": _("Where do people meet you?"),
        "contact_email": _("What is your e-mail address?"),
        "signer_name": _("Who signs?"),
    }


def _answers(
    ordered: Sequence[Step], answers: Answers, view: PledgeView, catalogue: Catalogue
) -> Iterator[Answer]:
    texts = questions(person=answer_to(answers, "signer") == "person")
    for step in ordered:
        if step.name == "promises":
            for commitment in view.commitments:
                lines = _promise_lines(commitment.id, answers)
                yield Answer(step.name, f"promise-{commitment.id}", commitment.title, lines)
        for field in step.fields:
            if field in texts:
                fields = WHO_SIGNS if field == "signer_name" else (field,)
                lines = _answer_lines(fields, answers, catalogue)
                yield Answer(step.name, field, texts[field], lines)


def _answer_lines(fields: Sequence[str], answers: Answers, catalogue: Catalogue) -> tuple[str, ...]:
    kind = catalogue.taxonomy.signer_kind.get(answer_to(answers, "kind"))
    place = answer_to(answers, "place")
    labels = {
        ("signer", "person"): _("For myself"),
        ("signer", "organisation"): _("For an organisation"),
        ("show_name", "yes"): _("Yes, show my name"),
        ("show_name", "no"): _("No, do not show my name"),
        ("may_sign", "yes"): _("I may sign for it"),
        ("kind", answer_to(answers, "kind")): kind.label if kind else "",
        ("place", place): area_named(place, catalogue.taxonomy) or place,
    }
    lines = []
    for field in fields:
        answer = answer_to(answers, field)
        lines.append(labels.get((field, answer), answer))
    return tuple(line for line in lines if line) or (_("Not said"),)


def _promise_lines(commitment: str, answers: Answers) -> tuple[str, ...]:
    state = answer_to(answers, f"promise-{commitment}")
    by, method = answer_to(answers, f"by-{commitment}"), answer_to(answers, f"how-{commitment}")
    labels = {"doing": _("Doing it now"), "not_for_us": _("Not for us")}
    if state == "starting":
        labels["starting"] = _("Starting by %(day)s", day=_day(by))
    return tuple(line for line in (labels.get(state, ""), method) if line) or (_("Not said"),)


def _day(text: str) -> str:
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text

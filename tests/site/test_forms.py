"""The forms: empty as built, and with answers kept and faults told as the API shows them."""

import pytest
from markupsafe import Markup

from api.features.pledges.signing.step_pages import SignStepView, questions
from catalogue.build.default_texts import DEFAULT_TEXTS
from catalogue.build.page_types import AskPage, SignStartPage
from catalogue.build.templates import Templates
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.forms import FieldError, Form, ask_choices, sign_choices
from catalogue.outputs.pledges.register import pledge_view
from tests.site.conftest import NOW, SERVICE
from tests.site.reading import Page
from tests.support.print_template import print_template

ASKED = {
    "who_asks", "consent", "name", "reach_by", "reach_at", "safe_when", "leave_message", "place",
    "needs", "matters", "activity", "idempotency_key", "website2",
}  # fmt: skip
STEPS = {
    "who": {"signer"},
    "you": {"name", "kind", "place"},
    "promises": {
        *("promise-welcome", "how-welcome", "by-welcome"),
        *("promise-miss", "how-miss", "by-miss"),
    },
    "contact": {"contact_email", "signer_name", "signer_role", "may_sign"},
}


def ask_page(templates: Templates, catalogue: Catalogue, form: Form) -> Page:
    choices = ask_choices(catalogue.taxonomy)
    text = DEFAULT_TEXTS["/ask/"]
    return Page(
        templates.render(
            AskPage(
                form=form,
                choices=choices,
                text=text,
                service=SERVICE,
                activity="",
                activity_missing=False,
            )
        )
    )


def sign(templates: Templates, catalogue: Catalogue, name: str, form: Form) -> Page:
    pledge = catalogue.pledge("stay-connected")
    assert pledge
    view = pledge_view(pledge, catalogue, NOW)
    choices = sign_choices(view, catalogue.taxonomy)
    answers = (("text", "abc"),)
    step = SignStepView(name, "Who?", 2, 5, False, questions(person=False), answers, False, ())
    values = {"form": form, "pledge": view, "choices": choices, "step": step}
    return Page(print_template(templates, "sign_step.html", **values))


def names(page: Page) -> set[str]:
    return {element.attributes["name"] for element in page.elements if "name" in element.attributes}


def test_asking_asks_these_questions_and_no_others(
    templates: Templates, catalogue: Catalogue
) -> None:
    page = ask_page(templates, catalogue, Form("/ask"))
    assert names(page) == ASKED
    assert page.one("form").attributes["method"] == "post"
    assert page.one("input", name="idempotency_key").attributes["value"] == ""
    assert [field.attributes["value"] for field in page.all("input", name="needs")] == [
        "company",
        "moved-here",
    ]


@pytest.mark.parametrize("name", STEPS)
def test_signing_asks_one_thought_a_page_and_ticks_nothing_beforehand(
    templates: Templates, catalogue: Catalogue, name: str
) -> None:
    page = sign(templates, catalogue, name, Form("/pledges/stay-connected/sign"))
    assert names(page) == STEPS[name] | {"at", "text", "website2", "back"}
    assert page.one("h1").text == "Who?"
    assert page.one("input", name="at").attributes["value"] == name
    assert not [element for element in page.elements if "checked" in element.attributes]
    assert page.all("button")[0].text == "Next"  # what the Enter key presses


def test_the_way_in_says_what_is_needed_and_prints_as_a_form(
    templates: Templates, catalogue: Catalogue
) -> None:
    pledge = catalogue.pledge("stay-connected")
    assert pledge
    view = pledge_view(pledge, catalogue, NOW)
    form = Form("/pledges/stay-connected/sign")
    html = templates.render(SignStartPage(form=form, pledge=view, service=SERVICE))
    page = Page(html)
    assert page.one("form").attributes["action"] == "/pledges/stay-connected/sign"
    assert names(page) == {"at"}
    assert "five minutes" in html
    paper = html.partition('<div class="paper on-paper">')[2]
    for commitment in view.commitments:
        assert commitment.title in paper
    assert paper.count("Doing it now") == len(view.commitments)
    assert SERVICE.name in paper


def test_nothing_is_ticked_for_anybody_beforehand(
    templates: Templates, catalogue: Catalogue
) -> None:
    assert not [
        element
        for element in ask_page(templates, catalogue, Form("/ask")).elements
        if "checked" in element.attributes
    ]


def test_every_fault_is_told_on_top_and_beside_its_field(
    templates: Templates, catalogue: Catalogue
) -> None:
    faults = [
        FieldError("name", "Tell us what to call you."),
        FieldError("reach_by", "Choose one way."),
        FieldError("needs", "Unknown need."),
    ]
    page = ask_page(templates, catalogue, Form("/ask", errors=faults))
    summary = page.one("div", role="alert")
    assert "There is a problem" in summary.text
    for fault in faults:
        assert fault.message in summary.text
        assert page.all("a", href=f"#{fault.field}")
        assert fault.field in page.ids
        assert fault.message in page.one("p", id=f"{fault.field}-error").text
    assert page.one("input", id="name").attributes["aria-invalid"] == "true"
    assert "name-error" in page.one("input", id="name").attributes["aria-describedby"].split()


def test_the_number_to_ring_stands_before_the_form_and_999_stays_when_there_are_faults(
    templates: Templates, catalogue: Catalogue
) -> None:
    choices, text = ask_choices(catalogue.taxonomy), DEFAULT_TEXTS["/ask/"]
    for faults in ((), (FieldError("name", "Tell us what to call you."),)):
        form = Form("/ask", errors=faults)
        page = AskPage(
            form=form,
            choices=choices,
            text=text,
            service=SERVICE,
            activity="",
            activity_missing=False,
        )
        before, _, _ = templates.render(page).partition("<form")
        assert f'href="tel:{SERVICE.tel}"' in before
        assert "data-leave" in before
        assert ('href="tel:999"' in before) or not faults


def test_answers_are_kept(templates: Templates, catalogue: Catalogue) -> None:
    values = {
        "name": ["Bea & Co"],
        "who_asks": ["someone_else"],
        "needs": ["company", "moved-here"],
        "matters": ["Cards.\nNo stairs."],
        "activity": ["coffee-at-the-mill"],
    }
    page = ask_page(templates, catalogue, Form("/ask", values=values, idempotency_key="k-1"))
    assert page.one("input", id="name").attributes["value"] == "Bea & Co"
    assert page.one("textarea", name="matters").text == "Cards.\nNo stairs."
    assert page.one("input", name="activity").attributes["value"] == "coffee-at-the-mill"
    assert page.one("input", name="idempotency_key").attributes["value"] == "k-1"
    ticked = [
        element.attributes["value"] for element in page.elements if "checked" in element.attributes
    ]
    assert ticked == ["someone_else", "company", "moved-here"]


def test_promises_are_kept(templates: Templates, catalogue: Catalogue) -> None:
    values = {"promise-welcome": "starting", "how-welcome": "Soon.", "kind": "taxi"}
    page = sign(templates, catalogue, "promises", Form("/sign", values=values))
    ticked = [element.attributes for element in page.elements if "checked" in element.attributes]
    assert [(field["name"], field["value"]) for field in ticked] == [
        ("promise-welcome", "starting")
    ]
    assert page.one("input", name="how-welcome").attributes["value"] == "Soon."
    page = sign(templates, catalogue, "you", Form("/sign", values=values))
    (option,) = [
        element.attributes for element in page.elements if "selected" in element.attributes
    ]
    assert option["value"] == "taxi"


@pytest.mark.parametrize("status", [404, 410, 422, 429, 500, 503])
def test_every_problem_is_told_calmly_with_a_way_on(templates: Templates, status: int) -> None:
    problem = {"status": status, "title": "T", "detail": "Why & how.", "request_id": "r-1"}
    html = print_template(templates, "problem.html", heading="Oh", problem=problem, service=SERVICE)
    page = Page(html)
    assert page.one("h1").text
    assert {"/find/", "/ask/", "/get-help-now/"} <= {
        link.attributes["href"] for link in page.all("a")
    }
    assert ("r-1" in html) == (status >= 500)
    assert page.all("a", href="tel:999")


def test_the_letters_link_shows_and_only_its_button_confirms(templates: Templates) -> None:
    html = print_template(
        templates,
        "confirm.html",
        action="/confirm/abc",
        pledge={"title": "Stay Connected", "statement": "We promise."},
        name="The Mill",
        promises=[{"title": "Greet them.", "state": "Doing", "how": "Jo."}],
    )
    form = Page(html).one("form")
    assert (form.attributes["action"], form.attributes["method"]) == ("/confirm/abc", "post")


def test_rendering_gives_markup_that_is_not_escaped_again(
    templates: Templates, catalogue: Catalogue
) -> None:
    page = AskPage(
        form=Form("/ask"),
        choices=ask_choices(catalogue.taxonomy),
        text=DEFAULT_TEXTS["/ask/"],
        service=SERVICE,
        activity="",
        activity_missing=False,
    )
    assert isinstance(templates.render(page), Markup)

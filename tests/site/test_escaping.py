"""Words that would run as code: whatever slipped past the loader stays words on the page."""

import msgspec
import pytest
from markupsafe import Markup

from api.features.pledges.signing.step_pages import Answer, SignStepView, questions
from catalogue.build import editor_pages
from catalogue.build.default_texts import DEFAULT_TEXTS
from catalogue.build.page_types import ActivityPage, AskPage, PledgePage, SignatoryPage
from catalogue.build.templates import Templates
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity import page
from catalogue.outputs.forms import FieldError, Form, ask_choices, sign_choices
from catalogue.outputs.listings.card import card
from catalogue.outputs.pledges import register
from catalogue.outputs.pledges.signatory import signatory_view
from catalogue.outputs.search.documents import documents
from tests.site.conftest import NOW, SERVICE, drawn_card
from tests.support.print_template import print_template

ATTACK = '"><script>alert(1)</script>'


def test_an_activity_escapes_every_field(templates: Templates, catalogue: Catalogue) -> None:
    for activity in catalogue.activities:
        view = page.activity_view(activity, catalogue, NOW)
        hostile = _poisoned(view)
        assert "<script>" not in templates.render(ActivityPage(page=hostile, service=SERVICE))  # type: ignore[arg-type]


def test_cards_and_pledges_escape_every_field(templates: Templates, catalogue: Catalogue) -> None:
    for document in documents(catalogue, NOW):
        card_view = _poisoned(card(document, catalogue.taxonomy))
        assert "<script>" not in drawn_card(templates, card_view)  # type: ignore[arg-type]
    for pledge in catalogue.pledges:
        view = _poisoned(register.pledge_view(pledge, catalogue, NOW))
        assert "<script>" not in templates.render(PledgePage(pledge=view, demonstration=ATTACK))  # type: ignore[arg-type]
    for signatory in catalogue.signatories:
        one_page = _poisoned(signatory_view(signatory, catalogue, NOW))
        assert "<script>" not in templates.render(SignatoryPage(signatory=one_page))  # type: ignore[arg-type]


def test_answers_of_a_form_come_back_as_words(templates: Templates, catalogue: Catalogue) -> None:
    form = Form(
        "/ask",
        values={"name": ATTACK, "matters": "</textarea>" + ATTACK, "place": ATTACK},
        errors=[FieldError("name", ATTACK)],
        idempotency_key=ATTACK,
    )
    html = templates.render(
        AskPage(
            form=form,
            text=DEFAULT_TEXTS["/ask/"],
            service=SERVICE,
            choices=ask_choices(catalogue.taxonomy),
            activity=ATTACK,
            activity_missing=False,
        )
    )
    assert "<script>" not in html
    view = register.pledge_view(catalogue.pledges[-1], catalogue, NOW)
    choices = sign_choices(view, catalogue.taxonomy)
    answered = (Answer("you", ATTACK, ATTACK, (ATTACK,)),)
    answers = dict.fromkeys(questions(person=False), ATTACK)
    for name in ("who", "you", "promises", "contact", "check"):
        step = SignStepView(name, ATTACK, 1, 2, False, answers, ((ATTACK, ATTACK),), True, answered)
        html = print_template(
            templates,
            "sign_check.html" if name == "check" else "sign_step.html",
            form=form,
            pledge=_poisoned(view),
            choices=choices,
            step=step,
            challenge=ATTACK,
            bits=1,
        )
        assert "<script>" not in html
        assert ATTACK not in html


def _poisoned(view: msgspec.Struct) -> msgspec.Struct:
    """Return the view with the attack behind every text in it, at any depth."""
    fields = {name: _poison(getattr(view, name)) for name in view.__struct_fields__}
    return type(view)(**fields)


def _poison(value: object) -> object:
    if isinstance(value, Markup):
        return value  # HTML by design, cleaned where it was made
    if isinstance(value, str):
        return value + ATTACK if value else value
    if isinstance(value, tuple):
        return tuple(_poison(item) for item in value)
    return _poisoned(value) if isinstance(value, msgspec.Struct) else value


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>",
        "<p onclick='alert(1)'>x</p>",
        "<a href='javascript:alert(1)'>x</a>",
        "<iframe src='//evil.example'></iframe>",
        "<style>body{display:none}</style>",
        "<img src=x onerror=alert(1)>",
        "<form action='//evil.example'><input></form>",
    ],
)
def test_prose_keeps_nothing_that_runs_loads_or_asks(html: str) -> None:
    clean = editor_pages.clean(html)
    for word in ("script", "alert", "onclick", "evil", "style", "<img", "<form", "<input"):
        assert word not in clean


def test_prose_falls_into_its_parts() -> None:
    intro, parts = editor_pages.sections(
        Markup("<h1>T</h1>\n<p>a</p><h2 id='x'>One</h2><p>b</p><h2>Two</h2>")
    )
    assert intro == "<p>a</p>"
    assert [part.title for part in parts] == ["One", "Two"]
    assert parts[0].html == "<p>b</p>"

"""The search form: what it offers, what it keeps, and the address that holds all of it."""

from urllib.parse import parse_qs, urlsplit

from catalogue.build.templates import Templates
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.search.choices import choices
from catalogue.outputs.search.form import LISTS, TEXTS, SearchForm
from tests.site.conftest import NOW
from tests.site.reading import Page

FULL = SearchForm(
    q="tea & <cake>",
    place="Temeford",
    near="54.7,1.8",
    within_km="8",
    kind="shed",
    need="know-nobody",
    day=("monday", "friday"),
    time=("evening",),
    free="yes",
    alone="yes",
    lift="yes",
    buddy="yes",
    way=("online", "by phone"),
    access=("step-free",),
    promise=("stay-connected/hello",),
    age="74",
    language="English",
    order="nearest",
)


def form(templates: Templates, catalogue: Catalogue, search_form: SearchForm) -> Page:
    template = templates.environment.from_string(
        '{% from "parts/search.html" import search %}{{ search(choices, asked) }}'
    )
    return Page(template.render(choices=choices(catalogue, NOW.date()), asked=search_form))


def test_every_answer_is_in_the_address_and_read_back_from_it() -> None:
    query = parse_qs(urlsplit(FULL.address(page=3)).query)
    texts = {name: query.get(name, [""])[0] for name in TEXTS}
    lists = {name: tuple(query.get(name, [])) for name in LISTS}
    assert SearchForm(**{**texts, **lists}) == FULL  # type: ignore[arg-type]  # by their names
    assert query["page"] == ["3"]
    assert SearchForm().address() == "/search"


def test_an_answer_is_taken_away_alone() -> None:
    remaining = FULL.without("day", "monday").without("free")
    assert (remaining.day, remaining.free, remaining.way) == (("friday",), "", FULL.way)


def test_every_field_of_a_question_stands_in_the_form(
    templates: Templates, catalogue: Catalogue
) -> None:
    page = form(templates, catalogue, SearchForm())
    names = {
        element.attributes.get("name")
        for element in page.elements
        if element.attributes.get("name")
    }
    optional = {"language", "promise", "as_typed"}  # only where there are some
    assert {*TEXTS, *LISTS} - optional <= names
    assert "open" not in page.one("details", id="more").attributes
    assert "hidden" in page.one("button", id="near-me").attributes


def test_what_was_asked_is_shown_again_and_markup_stays_words(
    templates: Templates, catalogue: Catalogue
) -> None:
    page = form(templates, catalogue, FULL)
    assert page.one("input", id="q").attributes["value"] == "tea & <cake>"
    assert page.one("input", id="age").attributes["value"] == "74"
    assert page.one("input", id="near").attributes["value"] == "54.7,1.8"
    marked = [
        element.attributes["value"]
        for element in page.elements
        if "checked" in element.attributes or "selected" in element.attributes
    ]
    expected = {"yes", "online", "by phone", "shed", "monday", "friday", "evening", "8", "nearest"}
    assert expected | {"step-free"} <= set(marked)
    assert "open" in page.one("details", id="more").attributes


def test_needs_are_offered_in_plain_words_and_only_promises_that_are_kept(
    catalogue: Catalogue,
) -> None:
    form_choices = choices(catalogue, NOW.date())
    assert {need.words for need in form_choices.needs} == {
        need.label for need in catalogue.taxonomy.needs
    }
    long_after = NOW.date().replace(year=NOW.year + 20)
    assert choices(catalogue, long_after).promises == ()

"""Words in another language than the page's are marked, and people find the language they speak."""

import msgspec
import pytest

from catalogue.build.page_types import ActivityPage
from catalogue.build.templates import Templates
from catalogue.i18n import languages
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity.page import activity_view
from catalogue.outputs.feeds import atom
from catalogue.outputs.listings.card import card
from catalogue.outputs.search import browser_index, documents
from catalogue.outputs.search.choices import choices
from catalogue.read import body, checks
from tests.site.conftest import NOW, SERVICE, drawn_card
from tests.site.reading import Page


@pytest.fixture
def welsh(catalogue: Catalogue) -> Activity:
    """The coffee morning, written in Welsh."""
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    return msgspec.structs.replace(mill, language="Welsh", body="Dewch â phaned.\n")


def activity_page(templates: Templates, activity: Activity, catalogue: Catalogue) -> Page:
    page = activity_view(activity, catalogue, NOW)
    return Page(templates.render(ActivityPage(page=page, service=SERVICE)))


def test_an_entry_in_another_language_is_marked_where_its_words_stand(
    templates: Templates, welsh: Activity, catalogue: Catalogue
) -> None:
    page = activity_page(templates, welsh, catalogue)
    marked = [element for element in page.elements if element.attributes.get("lang") == "cy"]
    assert {element.name for element in marked} == {"h1", "p", "div"}
    assert [element.text.strip() for element in marked if element.name == "h1"] == [welsh.title]
    assert any(welsh.summary in element.text for element in marked)
    assert any("Dewch â phaned." in element.text for element in marked)
    assert (
        "lang" not in page.one("section", **{"aria-label": "When, where and how much"}).attributes
    )


@pytest.mark.parametrize("language", ["", "English"])
def test_an_entry_in_the_language_of_the_site_is_not_marked(
    templates: Templates, welsh: Activity, catalogue: Catalogue, language: str
) -> None:
    plain = msgspec.structs.replace(welsh, language=language)
    page = activity_page(templates, plain, catalogue)
    assert not [element for element in page.elements if "lang" in element.attributes]


def test_its_card_is_marked_on_pages_in_the_search_and_in_the_feed(
    templates: Templates, welsh: Activity, catalogue: Catalogue
) -> None:
    document = documents.document(welsh, catalogue.taxonomy, NOW)
    card_view = card(document, catalogue.taxonomy)
    card_page = Page(drawn_card(templates, card_view))
    assert [e.name for e in card_page.elements if e.attributes.get("lang") == "cy"] == ["a", "p"]
    plain = documents.document(catalogue.activities[1], catalogue.taxonomy, NOW)
    assert browser_index.columns([plain, document], catalogue.taxonomy).langs == [(1, "cy")]
    feed = atom.feed([welsh], catalogue.taxonomy, "Kith", "https://kith.example.org/")
    assert b'<entry xml:lang="cy"><title>' in feed


@pytest.mark.parametrize(
    ("source", "html"),
    [
        ("[Croeso.](lang:cy) Come in.", '<p><span lang="cy">Croeso.</span> Come in.</p>'),
        (
            "[**Ni hao**](lang:zh-Hans)",
            '<p><span lang="zh-Hans"><strong>Ni hao</strong></span></p>',
        ),
        (
            "[Us](https://example.org) and [Croeso](lang:cy)",
            '<p><a href="https://example.org" rel="noopener">Us</a> and '
            '<span lang="cy">Croeso</span></p>',
        ),
    ],
)
def test_a_passage_of_prose_is_marked(source: str, html: str) -> None:
    assert body.to_html(source).strip() == html
    assert list(body.markdown_faults(source)) == []


@pytest.mark.parametrize("source", ["[x](lang:)", "[x](lang:Welsh)", '[x](<lang:cy" onclick="x>)'])
def test_what_is_no_language_is_a_fault_and_marks_nothing(source: str) -> None:
    assert [line for line, _ in body.markdown_faults(source)] == [1]
    assert "<span" not in body.to_html(source)
    assert "onclick=" not in body.to_html(source)


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Welch", 'not the English name of a language we know. Did you mean "Welsh"?'),
        ("cy", "not the English name"),
    ],
)
def test_a_language_without_a_tag_is_a_fault(
    welsh: Activity, catalogue: Catalogue, name: str, message: str
) -> None:
    wrong = msgspec.structs.replace(welsh, language=name)
    (fault,) = checks.its_language_is_known(wrong, catalogue.taxonomy)
    assert fault[0] == "language"
    assert message in fault[1]
    assert not list(checks.its_language_is_known(welsh, catalogue.taxonomy))


def test_every_language_of_the_demonstration_that_has_words_in_it_has_a_tag() -> None:
    assert {"Welsh", "Polish", "Urdu", "English", "Somali", "Cantonese"} <= languages.tags().keys()


def test_english_is_offered_where_nobody_wrote_that_it_is_spoken(catalogue: Catalogue) -> None:
    first_activity, *other_activities = catalogue.activities
    in_polish = msgspec.structs.replace(first_activity, languages=("Polish",))
    silent = [msgspec.structs.replace(other, languages=()) for other in other_activities]
    mixed = msgspec.structs.replace(catalogue, activities=(in_polish, *silent))
    languages_offered = choices(mixed, NOW.date()).languages
    assert [choice.value for choice in languages_offered] == ["English", "Polish"]
    alike = msgspec.structs.replace(catalogue, activities=tuple(silent))
    assert choices(alike, NOW.date()).languages == ()

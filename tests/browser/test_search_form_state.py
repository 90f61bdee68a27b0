"""Every answer of the search form: chosen, in the address, and in the form again after a reload."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from catalogue.outputs.search.form import LISTS, TEXTS
from tests.support.running_site import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

GIVEN: dict[str, list[str]] = {
    "q": ["tea & <cake>"],
    "place": ["Temeford"],
    "within_km": ["8"],
    "kind": ["choir"],
    "need": ["know-nobody"],
    "free": ["yes"],
    "alone": ["yes"],
    "lift": ["yes"],
    "buddy": ["yes"],
    "age": ["74"],
    "language": ["Polish"],
    "order": ["soonest"],
    "soon": ["yes"],
    "day": ["tuesday", "friday"],
    "time": ["morning", "evening"],
    "way": ["online", "by phone"],
    "access": ["step-free", "hearing-loop"],
    "promise": ["stay-connected/welcome"],
}
ASKED_OF = "(form, name) => new FormData(form).getAll(name).filter(Boolean)"
STANDS = """([name, many]) =>
  new URLSearchParams(location.search).getAll(name).length === many"""
ANSWERED = re.compile(r"^(?!.*(?:the soonest first|Looking…)).*\S", re.DOTALL)
"""What the page says of its answer: neither what it says at first nor while it looks."""
IN_SIGHT = "(one) => one.checkVisibility()"


def choose(page: Page, name: str, values: list[str]) -> None:
    """Give these answers as a visitor does: with the controls that are in sight."""
    for value in values:
        control = page.locator(f"#find [name='{name}']").first
        box = page.locator(f"#find [name='{name}'][value='{value}']")
        if control.evaluate("(one) => one.localName") == "select":
            control.select_option(value)
        elif control.get_attribute("type") == "checkbox":
            box.check()
        else:
            control.fill(value)


def values_shown(page: Page, name: str) -> Any:
    """Return the answers that the form holds."""
    return page.locator("#find").evaluate(ASKED_OF, name)


def in_address(page: Page, name: str) -> Any:
    return page.evaluate("(name) => new URLSearchParams(location.search).getAll(name)", name)


def open_all(page: Page) -> None:
    """Open "More choices", as it is opened without scripts too."""
    if not page.locator("#more").evaluate("(one) => one.open"):
        page.get_by_text("More choices").click()


def test_every_field_but_where_the_device_is_has_its_turn_here() -> None:
    assert {*GIVEN} == {*TEXTS, *LISTS} - {"near", "as_typed"}


@pytest.mark.deep
def test_each_choice_comes_back_from_the_address(open_page: OpenPage) -> None:
    page = open_page("/find/")
    results = {}
    for batch in ({name: values} for name, values in GIVEN.items()):
        page.goto("/find/")
        open_all(page)
        for name, values in batch.items():
            choose(page, name, values)
            page.wait_for_function(STANDS, arg=[name, len(values)])
        before = {name: in_address(page, name) == values for name, values in batch.items()}
        page.reload()
        expect(page.locator("#result-count")).to_have_text(ANSWERED)
        for name, values in batch.items():
            control = page.locator(f"#find [name='{name}']").first
            states = [values_shown(page, name) == values, control.evaluate(IN_SIGHT)]
            results[name] = [before[name], *states, in_address(page, name) == values]
    assert results == dict.fromkeys(GIVEN, [True] * 4)


@pytest.mark.deep
def test_each_choice_comes_back_without_scripts(open_page: OpenPage) -> None:
    page = open_page("/find/", java_script_enabled=False)
    results = {}
    for batch in ({name: values} for name, values in GIVEN.items()):
        page.goto("/find/")
        open_all(page)
        for name, values in batch.items():
            choose(page, name, values)
        page.get_by_role("button", name="Search", exact=True).click()
        page.wait_for_url("**/search?**")
        before = {name: in_address(page, name) == values for name, values in batch.items()}
        page.reload()
        unknown = page.get_by_text("This link has a choice that we no longer offer").count()
        for name, values in batch.items():
            control = page.locator(f"#find [name='{name}']").first
            in_sight = control.evaluate(IN_SIGHT) or page.locator(".more__count").count() == 1
            states = [
                values_shown(page, name) == values,
                in_sight,
            ]  # further choices are closed after use
            results[name] = [before[name], *states, unknown == 0]
    assert results == dict.fromkeys(GIVEN, [True] * 4)


def test_all_of_them_together_come_back_both_ways(open_page: OpenPage) -> None:
    page = open_page("/find/", java_script_enabled=False)
    open_all(page)
    for name, values in GIVEN.items():
        choose(page, name, values)
    page.get_by_role("button", name="Show results").click()
    page.wait_for_url("**/search?**")
    assert {name: values_shown(page, name) for name in GIVEN} == GIVEN
    query = page.url.partition("?")[2]
    page = open_page(f"/find/?{query}")
    expect(page.locator("#result-count")).to_have_text(ANSWERED)
    assert {name: values_shown(page, name) for name in GIVEN} == GIVEN
    assert {name: in_address(page, name) for name in GIVEN} == GIVEN

"""The measuring itself: a page that is made bad must not pass, or a good one means nothing."""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.keyboard import next_stop
from tests.browser.page_faults import (
    NOTE_POLICY_BREACHES,
    ON_A_PHONE,
    axe_faults,
    show,
    with_measures,
)
from tests.support.running_site import RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

HARM = """([words, style]) => {
  document.querySelector("#content").insertAdjacentHTML("beforeend", words);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  document.adoptedStyleSheets = [sheet];
}"""
ADD_SCRIPT = """(words) => {
  const script = document.createElement("script");
  script.textContent = words;
  document.body.append(script);
}"""
A_LONG_WORD = f"<p>{'loneliness' * 6}</p>"


@pytest.fixture
def page(visitor: Page) -> Page:
    visitor.goto("/about/")
    with_measures(visitor)
    show(visitor, 320)
    return visitor


@pytest.mark.parametrize(
    ("measure", "words", "style"),
    [
        ("sideways()", A_LONG_WORD, "* { overflow-wrap: normal !important; }"),
        ("smallTargets(24, 0)", '<p><a href="/">Home</a></p>', "p a { font-size: 8px; }"),
        ("smallTargets(0, 44)", "", ".now { min-height: 0 !important; height: 43px !important; }"),
        ("unseenFocus()", "", "a { outline: none !important; }"),
        (
            "coveredFocus()",
            '<p class="over">Read me first</p>',
            ".over { position: fixed; inset: 0; background: white; }",
        ),
        (
            "coveredTargets()",
            "",
            "footer { position: fixed; inset: 30% 0; background: white; }",
        ),
        ("headingSteps()", "<h5>Below</h5>", ""),
    ],
)
def test_each_fault_is_seen(page: Page, measure: str, words: str, style: str) -> None:
    assert page.evaluate(f"measure.{measure}") == []
    page.evaluate(HARM, [words, style])
    assert page.evaluate(f"measure.{measure}") != []


@pytest.mark.parametrize(
    ("style", "fault"),
    [
        ("a { outline: none !important; }", "no ring"),
        ("#content { position: fixed; inset: 0; z-index: 9; background: white; }", "covered"),
        (".skip:focus { left: -100vw; }", "out of sight"),
    ],
)
def test_a_stop_of_the_keyboard_that_nobody_sees_is_told(
    page: Page, style: str, fault: str
) -> None:
    page.evaluate(HARM, ["", style])
    with pytest.raises(AssertionError, match=fault):
        next_stop(page)


@pytest.mark.parametrize(
    ("directive", "words"),
    [
        ("style-src-attr", '<p style="color: red">Red</p>'),
        ("style-src-elem", "<style>p { color: red }</style>"),
        ("script-src-attr", '<p onclick="alert()">Press</p>'),
        ("img-src", '<img alt="" src="https://elsewhere.example/pixel.gif">'),
        ("img-src", '<img alt="" src="data:image/gif;base64,R0lGODlhAQABAAAAACw=">'),
        ("frame-src", '<iframe title="Far" src="https://elsewhere.example/"></iframe>'),
    ],
)
def test_what_breaks_the_policy_is_seen(
    browser: Browser, running_site: RunningSite, directive: str, words: str
) -> None:
    page = browser.new_page(base_url=running_site.origin)  # not watched: here things do go wrong
    page.add_init_script(NOTE_POLICY_BREACHES)
    page.goto("/about/")
    assert page.evaluate("breaches") == []
    page.evaluate(HARM, [words, ""])
    page.wait_for_function("breaches.length")
    assert page.evaluate("breaches")[0].startswith(directive)
    page.context.close()


def test_a_script_that_comes_in_later_does_not_run(
    browser: Browser, running_site: RunningSite
) -> None:
    page = browser.new_page(base_url=running_site.origin)
    page.add_init_script(NOTE_POLICY_BREACHES)
    page.goto("/about/")
    page.evaluate(ADD_SCRIPT, "window.ran = true")
    page.wait_for_function("breaches.length")
    assert page.evaluate("window.ran") is None
    page.context.close()


def test_axe_sees_a_picture_without_words_and_pale_ones(page: Page) -> None:
    page.evaluate(HARM, ['<img src="/assets/icon.svg">', "h1 { color: #999; }"])
    rules = {fault.split(":")[1].strip() for fault in axe_faults(page)}
    assert {"image-alt", "color-contrast"} <= rules


def test_axe_finds_the_same_wherever_a_page_is_scrolled_to(page: Page) -> None:
    ticks = "".join(f"<p><input type=checkbox aria-label={tick}></p>" for tick in range(90))
    bar = "<div class=bar><button>Show 3 results</button></div>"
    style = ".bar { position: sticky; bottom: 0; } .bar button { width: 100%; height: 44px; }"
    page.evaluate(HARM, [f"<form>{ticks}{bar}</form>", style])
    for place in range(0, 1200, 100):
        page.evaluate("(top) => scrollTo({ top, behavior: 'instant' })", place)
        assert axe_faults(page, ON_A_PHONE) == []
    assert page.evaluate("measure.coveredTargets()") == []
    assert page.evaluate("getComputedStyle(document.querySelector('.bar')).position") == "sticky"


@pytest.mark.parametrize(
    ("only", "where"),
    [
        ("(min-width: 60em)", {"1280 px, light", "1280 px, dark"}),
        ("(max-width: 30em)", {"320 px, light", "320 px, dark"}),
        ("(min-width: 60em) and (prefers-color-scheme: dark)", {"1280 px, dark"}),
        ("(max-width: 30em) and (prefers-color-scheme: dark)", {"320 px, dark"}),
    ],
)
def test_words_that_are_pale_in_one_place_only_are_seen(
    page: Page, only: str, where: set[str]
) -> None:
    page.evaluate(HARM, ["", f"@media {only} {{ p {{ color: #7c7c7c; }} }}"])
    assert {fault.partition(": color-contrast")[0] for fault in axe_faults(page)} == where

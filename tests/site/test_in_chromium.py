"""Pages in a real browser: what axe finds, what fits, what is fetched, what works unscripted."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page

from catalogue.build import default_texts
from catalogue.build.templates import Frame, Templates
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.forms import FieldError, Form, ask_choices
from catalogue.outputs.pledges.register import pledge_view
from tests.chromium import chromium as launched
from tests.serving import served
from tests.site.conftest import NOW, ROOT, SERVICE
from tests.support.print_template import print_template

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("site in chromium")]

AXE = ROOT / "build/npm/node_modules/axe-core/axe.min.js"
EVERYTHING: dict[str, object] = {
    "type": "tag",
    "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
}
OF_THE_LOOK: dict[str, object] = {
    "type": "rule",
    "values": ["color-contrast", "link-in-text-block", "target-size", "region"],
}
PAGES = (
    "/",
    "/find/",
    "/ask/",
    "/about/",
    "/activities/",
    "/activities/coffee-at-the-mill/",
    "/activities/phone-calls/",
    "/activities/net-loft-shed/",
    "/activities/quiet-coffee/",
    "/kinds/coffee-morning/",
    "/places/harrow-vale/",
    "/pledges/",
    "/pledges/stay-connected/",
    "/pledges/stay-connected/sign/",
    "/pledges/stay-connected/the-mill/",
    "/get-help-now/",
    "/404.html",
    "/answers/ask/",
    "/answers/received/",
    "/answers/signed/",
    "/answers/confirm/",
    "/answers/confirmed/",
    "/answers/problem/",
)
ONLY_HERE = ("/answers/problem/",)
"""What is no kind of page of tests/browser/page_kinds.py, where each is measured in `make test`."""
Scheme = Literal["light", "dark"]


@pytest.fixture(scope="module")
def address(
    built: Path,
    templates: Templates,
    catalogue: Catalogue,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[str]:
    """Where a copy of the small site is served, with pages of the API beside its own."""
    site = shutil.copytree(built, tmp_path_factory.mktemp("served") / "site")
    frame = Frame.parse((site / "frame.html").read_text(encoding="utf-8"))
    for name, body in answers(templates, catalogue).items():
        file = site / "answers" / name / "index.html"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(frame.fill(name, body), encoding="utf-8")
    with served(site) as origin:
        yield origin


def answers(templates: Templates, catalogue: Catalogue) -> dict[str, str]:
    """Return pages as the API answers with them, forms with faults in them."""
    pledge = pledge_view(catalogue.pledges[-1], catalogue, NOW)
    wrong = Form(
        "/ask",
        values={"who_asks": ["someone_else"], "promise-welcome": ["starting"]},
        errors=[FieldError(name, f"About {name}.") for name in ("name", "kind", "reach_by")],
    )
    problem = {"status": 500, "title": "T", "detail": "D.", "request_id": "r-1"}
    promise = {"title": "Greet them.", "state": "Doing", "how": "Jo."}
    contexts: dict[str, dict[str, object]] = {
        "ask": {
            "form": wrong,
            "text": default_texts.DEFAULT_TEXTS["/ask/"],
            "choices": ask_choices(catalogue.taxonomy),
            "activity": "Sing anyway",
            "activity_missing": False,
        },
        "received": {
            "reference": "R-7KQ4-XM2P",
            "answer_by": "Tuesday 24 November",
            "activity": "Sing anyway",
            "reach": "",
            "form": wrong,
        },
        "signed": {"pledge": pledge, "reference": "P-7KQ4-XM2P", "action": "/s"},
        "confirm": {"action": "/c", "pledge": pledge, "name": "M", "promises": [promise]},
        "confirmed": {
            "pledge": pledge,
            "name": "M",
            "on_register": False,
            "steps": {"widget": "<a>", "course": ""},
        },
        "problem": {"heading": "Oh", "problem": problem},
    }
    return {
        name: print_template(templates, f"{name}.html", **{"service": SERVICE, **context})
        for name, context in contexts.items()
    }


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with launched() as browser:
        yield browser


def violations(page: Page, rules: dict[str, object] = EVERYTHING) -> list[str]:
    """Return what axe finds, hidden parts opened first."""
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    results = page.evaluate("rules => axe.run(document, {runOnly: rules})", rules)
    return [
        f"{violation['id']}: {violation['nodes'][0]['html'][:120]}"
        for violation in results["violations"]
    ]


@pytest.mark.parametrize(
    ("paths", "width", "scheme", "rules"),
    [
        (ONLY_HERE, 320, "light", EVERYTHING),
        pytest.param(PAGES, 320, "light", EVERYTHING, marks=pytest.mark.deep),
        # what else axe looks at is the same in any light and width
        pytest.param(PAGES, 320, "dark", OF_THE_LOOK, marks=pytest.mark.deep),
        pytest.param(PAGES, 1280, "light", OF_THE_LOOK, marks=pytest.mark.deep),
        pytest.param(PAGES, 1280, "dark", OF_THE_LOOK, marks=pytest.mark.deep),
    ],
)
def test_axe_finds_nothing_and_nothing_runs_off_the_side(
    chromium: Browser,
    address: str,
    paths: tuple[str, ...],
    width: int,
    scheme: Scheme,
    rules: dict[str, object],
) -> None:
    context = chromium.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    page, wrong = context.new_page(), []
    for path in paths:
        page.goto(address + path)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            wrong.append(f"{path}: wider than the screen")
        wrong += [f"{path}: {violation}" for violation in violations(page, rules)]
    context.close()
    assert wrong == []


def test_axe_would_find_something(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.goto(address + "/about/")
    page.evaluate("document.querySelector('h1').outerHTML = '<img src=\"/assets/icon.svg\">'")
    assert any(violation.startswith("image-alt") for violation in violations(page))
    page.close()


@pytest.mark.parametrize("paths", [ONLY_HERE, pytest.param(PAGES, marks=pytest.mark.deep)])
def test_nothing_is_fetched_from_anywhere_else_and_nothing_fails(
    chromium: Browser, address: str, paths: tuple[str, ...]
) -> None:
    page, urls, failures = chromium.new_page(), set(), []
    page.on("request", lambda request: urls.add(request.url))
    page.on("response", lambda got: failures.append(got.url) if got.status >= 400 else None)
    page.on("pageerror", lambda error: failures.append(str(error)))
    for path in paths:
        page.goto(address + path, wait_until="networkidle" if path == "/" else "load")
    page.close()
    assert {url for url in urls if not url.startswith((address, "data:"))} == set()
    assert failures == []


def test_all_ways_on_are_one_tap_away_on_a_phone_without_scripts(
    chromium: Browser, address: str
) -> None:
    context = chromium.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=False
    )
    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Menu").click()  # opens without scripts too
    for words in ("Find company", "Ask for help", "Pledges", "Point someone on", "Get help now"):
        link = page.locator(".header").get_by_role("link", name=words)
        box = link.bounding_box()
        assert box, words
        assert box["x"] >= 0, words
        assert box["x"] + box["width"] <= 390, words
        assert box["height"] >= 44, words
    context.close()


def test_the_keyboard_meets_the_skip_link_first(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.goto(address + "/activities/coffee-at-the-mill/")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the page"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "content"
    page.close()


def test_small_comforts_come_with_scripts(chromium: Browser, address: str) -> None:
    page = chromium.new_page()
    page.clock.set_fixed_time("2026-11-23T22:30:00Z")
    page.goto(address + "/kinds/coffee-morning/")
    card = page.locator(".card", has=page.locator("a[href*='/coffee-at-the-mill/']"))
    assert card.locator(".card__when").inner_text() == "Tomorrow, 10:30 to 12:00"
    page.goto(address + "/ask/?activity=coffee-at-the-mill")
    assert page.locator("[name=activity]").input_value() == "coffee-at-the-mill"
    assert len(page.locator("[name=idempotency_key]").input_value()) == 36
    assert not page.locator("#consent").is_visible()
    page.get_by_label("For somebody else").check()
    assert page.locator("#consent").is_visible()
    page.goto(address + '/ask/?activity="><script>')
    assert page.locator("[name=activity]").input_value() == ""
    page.close()


def test_an_activity_prints_on_one_sheet_with_help_and_without_the_menu(
    chromium: Browser, address: str
) -> None:
    page = chromium.new_page()
    page.goto(address + "/activities/coffee-at-the-mill/")
    assert page.pdf(prefer_css_page_size=True, format="A4").count(b"/Type /Page\n") == 1
    page.emulate_media(media="print")
    assert page.get_by_role("link", name="Get help now").is_visible()
    assert not page.get_by_role("link", name="Find company").is_visible()
    assert (
        page.locator(".facts .phone").evaluate("one => parseFloat(getComputedStyle(one).fontSize)")
        >= 30
    )
    page.close()

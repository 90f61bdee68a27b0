"""A register and a badge on somebody else's website, and our own page that keeps up to date."""

import io
import json
import re
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest
from PIL import Image
from playwright.sync_api import Page, Route, expect

from catalogue.outputs.pledges.badge import HOLDS, PAST
from tests.browser.page_openers import sign_and_follow_letter
from tests.serving import answering
from tests.support.running_site import OpenPage, RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]


@pytest.fixture
def elsewhere(running_site: RunningSite) -> Iterator[str]:
    """Another site, on a port of its own; its pages show the register their address names.

    A browser lets no page of another machine reach into this one, so it stands here as well.
    """

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            badges = f"{running_site.origin}/embed/stay-connected"
            html = f"""<!doctype html><title>Elsewhere</title>
              <kith-register pledge="{self.path.strip("/")}">The list is elsewhere.</kith-register>
              <img id="badge" src="{badges}/the-mill.svg" alt="The Mill">
              <img id="past" src="{badges}/candlebeck-village-shop.svg">
              <img id="withdrawn" src="{badges}/nobody.svg" alt="Nobody">
              <script type="module" src="{running_site.origin}/embed/register.js"></script>"""
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(html.encode())

        def log_message(self, *words: object) -> None:
            """Say nothing."""

    with answering(Answering) as origin:
        yield origin


def test_another_site_shows_a_register_and_a_badge(
    running_site: RunningSite, elsewhere: str, new_page: OpenPage
) -> None:
    page = new_page()
    urls: list[str] = []
    page.on("request", lambda request: urls.append(request.url))
    page.goto(f"{elsewhere}/stay-connected")
    link = page.locator("kith-register").get_by_role("link", name="The Mill")
    expect(link).to_have_attribute(
        "href", f"{running_site.origin}/pledges/stay-connected/the-mill/"
    )
    width = page.evaluate("document.querySelector('#badge').naturalWidth")
    assert width > 100
    assert {url.split("/")[2] for url in urls} == {
        elsewhere.split("/")[2],
        running_site.origin.split("/")[2],
    }
    assert page.context.cookies() == []


def test_a_badge_is_grey_when_its_promise_is_past_and_when_none_stands(
    elsewhere: str, new_page: OpenPage
) -> None:
    """Drawn by a browser on the other site, where a missing picture would leave its words."""
    page = new_page()
    page.goto(f"{elsewhere}/stay-connected")
    expect(page.locator("kith-register li").first).to_be_visible()
    colours = {name: colour_of(page, f"#{name}") for name in ("badge", "past", "withdrawn")}
    assert colours == {"badge": HOLDS, "past": PAST, "withdrawn": PAST}
    assert page.evaluate("document.querySelector('#withdrawn').naturalWidth") > 100


def test_a_past_promise_says_so_in_words_on_the_other_site(
    elsewhere: str, new_page: OpenPage
) -> None:
    page = new_page()
    page.goto(f"{elsewhere}/stay-connected")
    shop = page.locator("kith-register li", has_text="Candlebeck Village Shop")
    expect(shop).to_contain_text("promised until March 2024")
    expect(shop).not_to_contain_text("doing")


def copied(page: Page) -> list[str]:
    """Press each button that copies, and return what can then be pasted."""
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.evaluate("document.querySelectorAll('details').forEach((one) => (one.open = true))")
    texts = []
    buttons = page.locator("[data-copy]")
    expect(buttons.last).to_be_visible()
    for number in range(buttons.count()):
        page.evaluate("navigator.clipboard.writeText('')")
        buttons.nth(number).click()
        expect(buttons.nth(number)).to_have_text("Copied")
        texts.append(page.evaluate("navigator.clipboard.readText()"))
    return texts


BADGE = '<a href="{}/pledges/{}"><img src="{}/embed/'
WIDGET = '<script type="module" src="{}/embed/register.js"></script>\n<kith-register pledge="'
PAGES_TO_COPY_FROM = {
    "/pledges/stay-connected/": WIDGET,
    "/pledges/stay-connected/the-mill/": BADGE,
    "/activities/tuesday-coffee-morning-at-the-mill/": "{}/activities/tuesday-",
}


def test_each_copy_button_copies_what_stands_beside_it(
    open_page: OpenPage, running_site: RunningSite
) -> None:
    page, origin = open_page("/offline/"), running_site.origin
    for path, text in PAGES_TO_COPY_FROM.items():
        page.goto(path)
        (copy,) = copied(page)
        assert copy.startswith(text.format(origin, path.removeprefix("/pledges/"), origin))


@pytest.mark.deep
def test_what_is_given_after_publishing_is_copied(
    open_page: OpenPage, running_site: RunningSite
) -> None:
    page, origin = open_page("/"), running_site.origin
    sign_and_follow_letter(page, running_site, "Copy")
    page.get_by_role("button", name="Yes, confirm the promise").click()
    (widget,) = copied(page)
    assert widget.startswith(WIDGET.format(origin))
    listed = running_site.kith("sign-ups", "list")
    reference = re.findall(r"(P-\w{4}-\w{4}) .* confirmed +community-connector", listed)[-1]
    running_site.kith("sign-ups", "approve", reference, "--no-build")
    page.reload()  # the button once more
    badge, again = copied(page)
    assert badge.startswith(f'<a href="{origin}/pledges/community-connector/')
    assert again == widget


def test_without_scripts_no_button_offers_to_copy(open_page: OpenPage) -> None:
    page = open_page("/offline/", java_script_enabled=False)
    for path in PAGES_TO_COPY_FROM:
        page.goto(path)
        expect(page.locator("[data-copy]")).to_have_count(1)
        for fold in page.locator("main details > summary").all():
            fold.click()
        expect(page.locator("[data-address]")).to_be_visible()
        expect(page.locator("[data-copy]")).to_be_hidden()


def colour_of(page: Page, picture: str) -> str:
    """Return the ground of a badge as it is drawn: a dot near its lower edge, in the middle."""
    shot = Image.open(io.BytesIO(page.locator(picture).screenshot())).convert("RGB")
    red, green, blue = shot.getpixel((shot.width // 2, shot.height - 3))  # type: ignore[misc]
    return f"#{red:02x}{green:02x}{blue:02x}"


def test_a_register_that_is_not_there_leaves_the_words_between_the_tags(
    elsewhere: str, new_page: OpenPage
) -> None:
    page = new_page()
    page.goto(f"{elsewhere}/no-such-pledge")
    expect(page.locator("kith-register")).to_have_text("The list is elsewhere.")


def test_the_page_of_a_pledge_takes_over_what_changed(open_page: OpenPage) -> None:
    def answer(route: Route) -> None:
        register = route.fetch().json()
        signatories = [
            signatory for signatory in register["signatories"] if signatory["slug"] != "the-mill"
        ]
        new = {**signatories[0], "slug": "new", "name": "<b>New</b>", "past": False}
        route.fulfill(body=json.dumps({**register, "signatories": [*signatories, new]}))

    page = open_page("/")
    page.route("**/embed/*.json", answer)
    page.goto("/pledges/stay-connected/")
    wall = page.locator("[data-register]")
    expect(wall.get_by_role("link", name="<b>New</b>")).to_be_visible()
    expect(wall.get_by_role("link", name="The Mill")).to_have_count(0)
    expect(wall.get_by_role("link", name="Vale Voices")).to_have_count(1)

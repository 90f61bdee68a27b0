"""A list gathered while looking around: it goes along in the address, and is told to nobody."""

import pytest
from playwright.sync_api import Browser, Page, Request, expect

from tests.browser.test_keyboard import past_the_header, tab_to
from tests.support.running_site import OpenPage, RunningSite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("running site")]

MILL, SHED, QUIZ = (
    "tuesday-coffee-morning-at-the-mill",
    "net-loft-shed",
    "bess-weekly-online-quiz",
)
THREE = f"#list={MILL},{SHED},{QUIZ}"


def titles(page: Page) -> list[str]:
    return page.locator(".list__title a").all_inner_texts()


def wait_until_drawn(page: Page, count: int) -> None:
    """Wait for a list to be drawn whole."""
    expect(page.locator(".list__entry")).to_have_count(count)


def test_a_list_goes_along_from_the_search_to_an_activity_and_back(open_page: OpenPage) -> None:
    page = open_page("/find/?q=coffee")
    card = page.locator(".card", has_text="coffee morning at the Mill")
    card.get_by_role("button", name="Keep this one").click()
    expect(card.get_by_role("button", name="Kept. Take it off")).to_be_visible()
    assert page.url.endswith(f"/find/?q=coffee#list={MILL}")
    page.locator(".card__title a").nth(1).click()
    expect(page.get_by_role("link", name="Your list (1)")).to_be_visible()
    page.get_by_role("button", name="Keep this one").click()
    page.go_back()
    expect(page.locator("#result-count")).to_contain_text("thing")
    expect(page.get_by_role("link", name="Your list (2)")).to_be_visible()
    expect(page.get_by_role("button", name="Kept. Take it off")).to_have_count(2)
    page.get_by_role("link", name="Your list (2)").click()
    wait_until_drawn(page, 2)
    assert titles(page)[0] == "Tuesday coffee morning at the Mill"


def test_typing_a_new_question_keeps_the_list(open_page: OpenPage) -> None:
    page = open_page(f"/find/{THREE}")
    page.get_by_label("What would you like?").fill("choir")
    expect(page).to_have_url(f"/find/?q=choir{THREE}")
    page.get_by_label("Free", exact=True).check()
    expect(page).to_have_url(f"/find/?q=choir&free=yes{THREE}")


def test_forms_carry_the_list_through_to_their_answer(open_page: OpenPage) -> None:
    page = open_page(f"/{THREE}")
    page.get_by_label("What would you like?").fill("choir")
    page.keyboard.press("Enter")
    expect(page).to_have_url(f"/find/?q=choir{THREE}")
    page.get_by_role("link", name="Ask for help").first.click()
    page.get_by_role("button", name="Send this to a person").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()
    expect(page.get_by_role("link", name="Your list (3)")).to_be_visible()


def test_a_link_pressed_before_scripts_run_does_not_lose_the_list(open_page: OpenPage) -> None:
    page = open_page(f"/about/{THREE}")
    page.evaluate("location.assign('/privacy/')")  # as a link nobody has touched
    expect(page).to_have_url(f"/privacy/{THREE}")
    page.goto("/about/")  # typed, or from a bookmark: somebody begins anew
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.locator(".menu__list").count() == 0


def test_the_skip_link_still_works_and_the_place_is_found_again(open_page: OpenPage) -> None:
    page = open_page(f"/find/{THREE}")
    page.get_by_role("link", name="Skip to the page").press("Enter")
    expect(page.locator("#content")).to_be_focused()
    assert page.url.endswith(f"/find/{THREE}&to=content")
    page.reload()
    expect(page.locator("#content")).to_be_focused()
    expect(page.get_by_role("link", name="Your list (3)")).to_be_visible()
    page.go_back()
    expect(page).to_have_url(f"/find/{THREE}")


def test_an_address_without_a_list_stays_as_it_is(open_page: OpenPage) -> None:
    page = open_page("/find/#some=thing&else")
    page.get_by_role("link", name="Browse by kind").click()
    expect(page).to_have_url("/activities/")
    assert page.locator(".menu__list").count() == 0


def test_a_list_that_an_editor_links_to_is_not_overwritten(open_page: OpenPage) -> None:
    page = open_page(f"/about/#list={MILL}")
    page.evaluate("""() => document.querySelector("#content").insertAdjacentHTML(
        "afterbegin", '<a href="/list/#list=net-loft-shed">A list of ours</a>')""")
    page.get_by_role("link", name="A list of ours").click()
    wait_until_drawn(page, 1)
    assert titles(page) == ["The net loft shed"]


def test_another_list_opened_in_the_same_page_takes_its_place(open_page: OpenPage) -> None:
    page = open_page(f"/list/#list={MILL}")
    wait_until_drawn(page, 1)
    page.goto(f"/list/#list={SHED},{QUIZ}")
    wait_until_drawn(page, 2)
    assert titles(page)[0] == "The net loft shed"
    page.get_by_role("button", name="Take off: The net loft shed").click()
    expect(page.get_by_role("button", name="Put it back")).to_be_visible()
    page.goto(f"/list/#list={MILL},{SHED},{QUIZ}")
    wait_until_drawn(page, 3)
    expect(page.get_by_role("button", name="Put it back")).to_have_count(0)


def test_nothing_is_stored_and_no_request_tells_the_list(open_page: OpenPage) -> None:
    page, requests = open_page("/about/"), list[Request]()
    page.on("request", lambda request: requests.append(request))
    page.goto(f"/find/?q=coffee{THREE}")
    expect(page.locator("#result-count")).to_contain_text("thing")
    page.get_by_role("link", name="Your list (3)").click()
    wait_until_drawn(page, 3)
    expect(page.locator("[data-list=code]")).to_be_visible()
    addresses = [
        f"{address.url} {address.all_headers().get('referer', '')} {address.post_data or ''}"
        for address in requests
    ]
    assert len(addresses) > 10
    assert [
        request
        for request in addresses
        if "list=" in request or sum(s in request for s in (MILL, SHED, QUIZ)) > 1
    ] == []
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length + window.name.length") == 0
    assert page.evaluate("indexedDB.databases().then((all) => all.length)") == 0


def test_entries_are_moved_taken_off_and_put_back_by_keyboard_alone(open_page: OpenPage) -> None:
    page = open_page("/activities/net-loft-shed/")
    past_the_header(page)
    tab_to(page, page.get_by_role("button", name="Keep this one"))
    page.keyboard.press("Space")
    expect(page.get_by_role("status").last).to_have_text("Kept. 1 thing on your list.")
    page.goto(f"/list/#list={SHED},{MILL},{QUIZ}")
    wait_until_drawn(page, 3)
    past_the_header(page)
    tab_to(page, page.get_by_role("button", name="Move down: The net loft shed"))
    page.keyboard.press("Enter")
    assert titles(page)[1] == "The net loft shed"
    page.keyboard.press("Enter")
    assert titles(page)[2] == "The net loft shed"
    expect(page.get_by_role("button", name="Move up: The net loft shed")).to_be_focused()
    assert f"#list={MILL},{QUIZ},{SHED}" in page.url
    tab_to(page, page.get_by_role("button", name="Take off: The net loft shed"))
    page.keyboard.press("Enter")
    wait_until_drawn(page, 2)
    expect(page.get_by_role("button", name="Take off: BESS weekly online quiz")).to_be_focused()
    page.get_by_role("button", name="Put it back").press("Enter")
    wait_until_drawn(page, 3)
    assert f"#list={MILL},{QUIZ},{SHED}" in page.url


def test_taking_the_last_one_off_leaves_a_page_that_says_what_to_do(open_page: OpenPage) -> None:
    page = open_page(f"/list/#list={MILL}")
    wait_until_drawn(page, 1)
    page.get_by_role("button", name="Take off").click()
    expect(page.get_by_text("There is nothing on your list")).to_be_visible()
    assert page.url.endswith("/list/")
    assert page.locator(".menu__list").count() == 0
    assert not page.locator("[data-list=out]").is_visible()


def test_a_list_has_room_for_twenty(open_page: OpenPage) -> None:
    names = ",".join(f"thing-{number}" for number in range(19))
    page = open_page(f"/kinds/coffee-morning/#list={names}")
    page.get_by_role("button", name="Keep this one").first.click()
    expect(page.get_by_role("link", name="Your list (20)")).to_be_visible()
    button = page.get_by_role("button", name="Your list is full: 20 things").first
    button.click()
    expect(page.get_by_role("status").last).to_have_text("20 things on your list.")


@pytest.mark.parametrize(
    "fragment",
    [
        "<img src=x onerror=alert(1)>",
        "%3Cscript%3Ealert(1)%3C/script%3E",
        "../../admin",
        "%E0%A4%A",
        "a" * 81,
        "javascript:alert(1)",
    ],
)
def test_what_is_no_activity_is_counted_and_never_drawn(open_page: OpenPage, fragment: str) -> None:
    page, urls = open_page("/about/"), list[str]()
    page.on("request", lambda request: urls.append(request.url))
    page.goto(f"/list/#list={MILL},{fragment}")
    wait_until_drawn(page, 1)
    expect(page.get_by_text("One thing on your list is not here any more.")).to_be_visible()
    html = page.locator("main").inner_html()
    assert page.locator("main img, main script:not([src])").count() == 0
    assert "alert(1)" not in html
    assert "admin" not in html
    assert [url for url in urls if "/activities/" in url and MILL not in url] == []
    assert page.url.endswith(f"/list/#list={MILL}")


def test_an_address_that_a_message_has_wrapped_is_read_all_the_same(open_page: OpenPage) -> None:
    page = open_page(f"/list/#list={MILL}%2C{SHED.upper()},{MILL}.)")
    wait_until_drawn(page, 2)
    assert page.locator(".list__notes p").count() == 0


def test_a_thing_that_has_gone_is_said_plainly(browser: Browser, running_site: RunningSite) -> None:
    page = browser.new_page(base_url=running_site.origin)  # a 404 is what this is about
    page.goto(f"/list/#list=long-gone,{MILL}")
    wait_until_drawn(page, 1)
    expect(page.get_by_text("One thing on your list is not here any more.")).to_be_visible()
    page.get_by_role("button", name="Tidy the list").click()
    expect(page).to_have_url(f"/list/#list={MILL}")
    assert page.locator(".list__notes p").count() == 0
    page.close()


def test_what_cannot_be_fetched_is_not_called_gone(
    browser: Browser, running_site: RunningSite
) -> None:
    page = browser.new_page(base_url=running_site.origin, service_workers="block")
    page.route(f"**/activities/{SHED}/", lambda route: route.abort())
    page.goto(f"/list/{THREE}")
    wait_until_drawn(page, 2)
    expect(page.get_by_text("One thing could not be loaded. Are you online?")).to_be_visible()
    page.unroute(f"**/activities/{SHED}/")
    page.get_by_role("button", name="Try again").click()
    wait_until_drawn(page, 3)
    page.close()


def test_without_scripts_nothing_is_offered_that_does_not_work(open_page: OpenPage) -> None:
    page = open_page(f"/kinds/coffee-morning/{THREE}", java_script_enabled=False)
    assert page.get_by_role("button", name="Keep this one").count() == 0
    page.goto(f"/activities/{MILL}/")
    assert page.get_by_role("button", name="Keep this one").count() == 0
    page.goto(f"/list/{THREE}")
    text = page.locator(".list").inner_text()
    assert "your browser does not run scripts" in text
    assert "prints on one sheet in large type" in text
    assert page.locator(".list button:visible").count() == 0
    page.locator(".list").get_by_role("link", name="All activities").click()
    expect(page).to_have_url("/activities/")

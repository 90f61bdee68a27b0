"""search.js in a real browser, on a page with a strict policy, served from a folder."""

import pytest
from playwright.sync_api import Page, expect

from tests.search_browser.conftest import asked_for

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("search in chromium")]


def titles(page: Page) -> list[str]:
    return page.locator("#results a").all_text_contents()


def test_nothing_is_fetched_before_the_field_is_touched(page: Page, site: str) -> None:
    urls = asked_for(page)
    page.goto(f"{site}/find/", wait_until="networkidle")
    assert not [url for url in urls if "/search/" in url]
    expect(page.locator("#built")).to_be_visible()
    with page.expect_response("**/search/index.json"):
        page.get_by_label("What").focus()


def test_a_misspelt_word_is_answered_while_one_types(page: Page, site: str) -> None:
    urls = asked_for(page)
    page.goto(f"{site}/find/")
    page.get_by_label("What").press_sequentially("cofee mornng")
    expect(page.get_by_role("status")).to_have_text("1 thing. We also looked for coffee morning.")
    assert titles(page) == ["Tuesday coffee morning at the Mill"]
    expect(page.locator("#results [data-part=when]")).to_have_text("Tomorrow, 10:30 to 12:00")
    expect(page.locator("#results .tag--ask")).to_have_text("Step-free: ask")
    expect(page.get_by_label("What")).to_be_focused()
    assert page.url == f"{site}/find/?q=cofee+mornng"
    assert not [url for url in urls if "cof" in url], "a word left the device"


def test_an_address_with_a_question_is_answered_and_fills_the_form(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?place=zz3+1aa&way=by+phone&free=yes")
    expect(page.get_by_role("status")).to_have_text("1 thing within reach of ZZ3.")
    expect(page.get_by_label("Near")).to_have_value("ZZ3 1AA")
    expect(page.get_by_label("By phone")).to_be_checked()
    expect(page.get_by_label("In person")).not_to_be_checked()
    page.get_by_text("More choices").click()
    page.get_by_label("Kind").select_option("choir")
    expect(page.get_by_role("status")).to_have_text("Nothing found within reach of ZZ3.")
    page.get_by_role("link", name="1 thing of any kind").click()
    expect(page.get_by_role("status")).to_have_text("1 thing within reach of ZZ3.")


def test_a_postcode_is_written_as_everybody_does_once_its_field_is_left(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/find/")
    place = page.get_by_label("Near")
    place.fill("zz31aa")
    expect(page.get_by_role("status")).to_contain_text("within reach of ZZ3")
    expect(place).to_have_value("zz31aa")  # somebody may still be typing
    page.get_by_label("What").fill("coffee")
    expect(place).to_have_value("ZZ3 1AA")


def test_enter_asks_without_leaving_the_page(page: Page, site: str) -> None:
    page.goto(f"{site}/find/")
    page.get_by_text("More choices").click()
    page.get_by_label("Kind").select_option("choir")
    page.get_by_label("Near").press("Enter")
    expect(page.get_by_role("status")).to_have_text("1 thing.")
    assert page.url == f"{site}/find/?kind=choir"
    assert (
        page.get_by_role("link", name="Sing anyway").get_attribute("href") == "/activities/choir/"
    )


def test_a_card_in_another_language_says_so_and_the_next_one_does_not(
    page: Page, site: str
) -> None:
    page.goto(f"{site}/find/?q=choir")
    expect(page.get_by_role("link", name="Sing anyway")).to_have_attribute("lang", "cy")
    expect(page.locator("#results [data-part=summary]").first).to_have_attribute("lang", "cy")
    page.get_by_label("What").fill("coffee morning")
    expect(page.locator("#results [data-part=title]").first).to_contain_text("coffee")
    assert page.locator("#results [data-part=title]").first.get_attribute("lang") in (None, "")


def test_on_a_small_screen_the_answer_comes_into_sight(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 60})
    page.goto(f"{site}/find/")
    expect(page.get_by_role("status")).not_to_be_in_viewport()
    page.get_by_label("What").fill("choir")
    page.get_by_label("What").press("Enter")
    expect(page.get_by_role("status")).to_contain_text("1 thing")
    expect(page.get_by_role("status")).to_be_in_viewport()


def test_hostile_words_stay_words(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?q=%3Cimg+src%3Dx%3E+wood+work")
    expect(page.locator("#results h2").first).to_have_text("<img src=x onerror=alert(1)> & friends")
    assert page.locator("#results img, #results script, #results b").count() == 0


def test_a_place_parts_the_cards_under_headings_in_order(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?place=Temeford&free=yes")
    expect(page.get_by_role("status")).to_have_text(
        "1 thing within reach of Temeford. 1 more may fit: ask."
    )
    headings = page.locator("#results :is(h2, h3)").evaluate_all(
        "all => all.map(one => [one.tagName, one.textContent])"
    )
    assert headings == [
        ["H2", "Near Temeford"],
        ["H3", "<img src=x onerror=alert(1)> & friends"],
        ["H2", "Online or by phone"],
        ["H3", "A friendly ring"],
    ]
    cost = page.locator(".tag--ask", has_text="Cost")
    expect(cost).to_have_text("Cost not known, ask")


def test_every_filter_is_kept_in_the_address_and_restored_from_it(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?place=Temeford&day=tuesday&day=wednesday&age=74")
    expect(page.get_by_label("Wednesday")).to_be_checked()
    expect(page.get_by_label("Tuesday")).to_be_visible()
    expect(page.get_by_label("Age")).to_have_value("74")
    page.get_by_label("Tuesday").uncheck()
    page.wait_for_url(f"{site}/find/?place=Temeford&age=74&day=wednesday")


def test_values_of_an_old_link_are_left_out_and_said_once(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?kind=sky-diving&need=fame&day=someday&q=choir")
    status = page.get_by_role("status")
    expect(status).to_contain_text("the link says about: kind, need, day. We left it out.")
    assert titles(page)[0] == "Sing anyway"
    assert page.url == f"{site}/find/?q=choir"
    page.get_by_label("What").fill("choirs")
    page.wait_for_url("**/find/?q=choirs")
    expect(status).not_to_contain_text("the link")


def test_the_back_button_leads_back_to_the_question(page: Page, site: str) -> None:
    choir = '<link rel="icon" href="data:,"><h1>Sing anyway</h1>'
    page.route(
        "**/activities/choir/", lambda route: route.fulfill(body=choir, content_type="text/html")
    )
    page.goto(f"{site}/find/?q=choir&place=Temeford")
    page.get_by_role("link", name="Sing anyway").click()
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("within reach of Temeford")
    expect(page.get_by_label("What")).to_have_value("choir")


def test_two_slips_and_half_a_postcode_on_a_small_screen_lead_somewhere_near(
    page: Page, site: str
) -> None:
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(f"{site}/find/")
    page.get_by_label("What").fill("cofee mornng")
    page.get_by_label("Near").fill("zz3")
    page.get_by_label("Near").press("Enter")
    expect(page.locator("#results h2")).to_have_text("Near ZZ3")
    card = page.locator("#results li.card")
    expect(card.locator("h3")).to_have_text("Tuesday coffee morning at the Mill")
    expect(card.locator("[data-part=when]")).to_have_text("Tomorrow, 10:30 to 12:00")
    expect(card.locator("[data-part=where]")).to_contain_text("The Mill, Osmery Bridge")
    expect(card.locator(".tag--ask")).to_have_text("Step-free: ask")
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= 390


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("near=0.000,0.000", "that you can get to"),
        ("near=north", "position"),
        ("place=QQ9+9QQ", "We do not know a place called “QQ9 9QQ”"),
        ("q=" + "coffee+" * 1_400, "1 thing."),
        ("q=%22%3E%3Cscript%3Ealert(1)%3C/script%3E", "1 thing."),
        ("page=999999999&age=-4&within_km=1e9", "page, age"),
    ],
)
def test_bad_questions_get_a_helpful_page(
    page: Page, site: str, address: str, expected: str
) -> None:
    page.goto(f"{site}/find/?{address}")
    expect(page.get_by_role("status")).to_contain_text(expected.split(", ")[-1])
    expect(page.locator("#results a, #ways-on a").first).to_be_visible()
    assert page.locator("#results script, #results img").count() == 0


def test_nothing_is_told_without_a_press_and_then_only_names_of_our_lists(
    page: Page, site: str
) -> None:
    page.route("**/gaps/told", lambda route: route.fulfill(body="Thank you"))
    bodies: list[str | None] = []
    page.on(
        "request",
        lambda request: bodies.append(request.post_data) if request.method == "POST" else None,
    )
    page.route("**/gaps", lambda route: route.fulfill(body="Counted"))
    page.goto(f"{site}/find/?q=rainbow&place=Temeford")
    button = page.get_by_role("button", name="Tell us there is nothing")
    expect(button).to_have_text("Tell us there is nothing: only “LGBT+ social”, “Temeford” is sent")
    assert bodies == []
    button.click()
    page.wait_for_url("**/gaps")
    assert bodies == ["place=Temeford&kind=lgbt-social"]


def test_where_no_service_answers_there_is_no_button_to_tell(page: Page, site: str) -> None:
    page.route("**/gaps/told", lambda route: route.fulfill(status=503))
    with page.expect_response("**/gaps/told"):
        page.goto(f"{site}/find/?q=rainbow&place=Temeford")
    expect(page.locator("#ways-on a").first).to_be_visible()
    assert page.locator("#ways-on button").count() == 0


def test_another_page_sends_its_question_to_the_find_page(page: Page, site: str) -> None:
    page.goto(f"{site}/")
    with page.expect_response("**/search/index.json"):
        page.get_by_label("What").fill("choir")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/find/?q=choir**")
    expect(page.get_by_role("status")).to_contain_text("1 thing")


def test_a_search_that_cannot_load_is_answered_by_the_form(page: Page, site: str) -> None:
    page.route("**/search/documents.json", lambda route: route.fulfill(status=503))
    page.route("**/search?*", lambda route: route.fulfill(body="answered by the API"))
    page.goto(f"{site}/find/")
    page.get_by_label("What").fill("choir")
    expect(page.get_by_role("status")).to_contain_text("The search did not load")
    page.get_by_role("button", name="Search").click()
    page.wait_for_url("**/search?q=choir**")


def test_what_words_were_understood_as_is_shown_and_taken_back(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?q=choir+on+wednesdays")
    chips = page.locator("#understood li")
    expect(chips).to_have_text(["Take off: Wednesday ×"])
    assert titles(page) == ["Sing anyway"]
    chips.get_by_role("link").click()
    expect(page.locator("#understood")).to_be_hidden()
    assert page.url == f"{site}/find/?q=choir+on+wednesdays&as_typed=wednesdays"
    expect(page.get_by_role("status")).to_be_focused()


def test_a_pledge_is_found_beside_the_activities(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?q=taxi+drivers")
    expect(page.locator("#found-pages h2")).to_have_text("Pledges, courses and guidance")
    link = page.get_by_role("link", name="Taxi drivers who listen")
    assert link.get_attribute("href") == "/pledges/taxis/"
    expect(page.get_by_role("status")).to_contain_text("page")


def test_the_day_asked_for_is_the_day_shown(page: Page, site: str) -> None:
    page.goto(f"{site}/find/?day=wednesday")
    expect(page.locator("#results [data-part=when]").first).to_contain_text("Wednesday")

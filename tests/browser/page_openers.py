"""How to reach each page: what somebody does, in a real browser, until the page stands there."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path

from playwright.sync_api import Page, expect

from tests.support.running_site import RunningSite

PageOpener = Callable[[Page, RunningSite], None]

PROMISES = ("listen", "point-on", "no-record", "get-help", "card", "learn", "gaps")
DRIVER = {
    "signer": "person",
    "kind": "taxi",
    "place": "Temeford",
    "signer_name": "Sam Example",
    "signer_role": "driver",
    "may_sign": "yes",
    "version": 1,
    "promises": {
        promise: {"state": "doing", "how": "I turn the radio down."} for promise in PROMISES
    },
}
CLUB = {
    "signer": "organisation",
    "name": "The Harrow Vale Allotment, Leek and Late Brassica Society",
    "kind": "club",
    "place": "Temeford",
    **{f"promise-{promise}": "doing" for promise in PROMISES},
    "how-listen": "Somebody sits at the gate on Sundays and has time. " * 5,
    "contact_email": "somebody.with.a.long.name@a-long-name.example.org",
    "signer_name": "Sam Example",
    "may_sign": "yes",
}
"""The answers of a form, as they ride along from page to page."""


MILL = "tuesday-coffee-morning-at-the-mill"
PUT_RIGHT = f"/put-right?activity={MILL}"
ASKED = (
    ("For somebody else", "They know and agree", "Send a text", "No, do not leave a message"),
    {
        "What shall we call you, or them?": "Mrs Example, who likes to be called by all her names",
        "At which number or address?": "07700 900111",
        "When is a good and safe time?": "Mornings, or not when my son is at home",
        "Where do you, or they, live?": "Temeford",
        "What matters to you?": "She sang in the choir for forty years. " * 8,
    },
)
SAID_WRONG = (
    ("The day or the time", "I go there, or tried to"),
    {
        "What is right?": "It starts at eleven now, and there is none in the school holidays.",
        "May we ask you about it?": "somebody.with.a.long.name@a-long-name.example.org",
    },
)


def at(path: str) -> PageOpener:
    return lambda page, running_site: page.goto(path) and None  # type: ignore[return-value]


def activity(slug: str) -> PageOpener:
    return at(f"/activities/{slug}/")


def search_results(words: str, expected: str) -> PageOpener:
    """Search in the page, and wait for what it says."""

    def search(page: Page, running_site: RunningSite) -> None:
        page.goto(f"/find/?q={words}")
        expect(page.locator("#result-count")).to_contain_text(expected)

    return search


def your_list(fragment: str, expected: str) -> PageOpener:
    """Open the page of a list, and wait for what it says."""

    def open_list(page: Page, running_site: RunningSite) -> None:
        page.goto(f"/list/{fragment}")
        expect(page.locator(".list")).to_contain_text(expected)

    return open_list


def sent_empty(path: str, button: str, heading: str = "There is a problem") -> PageOpener:
    """Send a form as it comes: every question that needs an answer complains."""

    def send(page: Page, running_site: RunningSite) -> None:
        page.goto(path)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", name=heading)).to_be_visible()

    return send


def filled_in(path: str, ticked: tuple[str, ...], values: dict[str, str]) -> PageOpener:
    """Open a form and answer it, without sending it."""

    def fill(page: Page, running_site: RunningSite) -> None:
        page.goto(path)
        answer(page, ticked, values)

    return fill


def answer(page: Page, ticked: tuple[str, ...], values: dict[str, str]) -> None:
    """Tick by the words beside a box, write by the words above a line."""
    for words in ticked:
        page.get_by_label(words, exact=True).check()
    for words, value in values.items():
        page.get_by_label(words).fill(value)


def half_put_right(page: Page, running_site: RunningSite) -> None:
    """Send a correction that says too little: what was said comes back, with what is missing."""
    page.goto(PUT_RIGHT)
    answer(
        page, ("The place", "I run it, or help to"), {"May we ask you about it?": "07700 900111"}
    )
    page.get_by_role("button", name="Send this to a person").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


NUMBERS = count(1)


def unused_address(name: str) -> str:
    """Return an e-mail address of its own: few letters go to one address in an hour."""
    return f"{name.lower()}-{next(NUMBERS)}@example.org"


def sign_and_follow_letter(
    page: Page, running_site: RunningSite, name: str, address: str = ""
) -> None:
    """Sign, wait for the letter, and follow its link."""
    address = address or unused_address(name)
    body = {**DRIVER, "name": f"{name} Example", "contact_email": address}
    path = "/api/pledges/community-connector/sign-ups"
    answer_to_sign_up = page.request.post(path, data=body, headers={"origin": running_site.origin})
    assert answer_to_sign_up.status == 202, answer_to_sign_up.text()
    page.goto(running_site.confirmation_link(address, page))


def signing(step: str, **changes: str) -> PageOpener:
    """Open a page of a pledge's form, the one before it answered, as a browser would post it."""

    def open_step(page: Page, running_site: RunningSite) -> None:
        page.goto("/pledges/community-connector/sign/")
        answers = {**CLUB, **changes, "change": step}
        page.evaluate(
            """answers => {
              const form = document.querySelector("form[action$='/sign']")
              for (const [name, value] of Object.entries(answers)) {
                const input = document.createElement("input")
                Object.assign(input, { type: "hidden", name, value })
                form.append(input)
              }
            }""",
            answers,
        )
        page.get_by_role("button", name="Start now").click()
        page.get_by_role("button", name="Next").or_(
            page.get_by_role("button", name="Make the promise")
        ).wait_for()

    return open_step


def to_confirm(page: Page, running_site: RunningSite) -> None:
    sign_and_follow_letter(page, running_site, "Lou")


def confirmed(page: Page, running_site: RunningSite) -> None:
    sign_and_follow_letter(page, running_site, "Con")
    page.get_by_role("button", name="Yes, confirm the promise").click()


def wrongly(step: str, **changes: str) -> PageOpener:
    """Send a page of the form that cannot stand as it is."""

    def send(page: Page, running_site: RunningSite) -> None:
        signing(step, **changes)(page, running_site)
        page.get_by_role("button", name="Next").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")

    return send


def all_answers(page: Page, running_site: RunningSite) -> None:
    signing("you")(page, running_site)
    page.get_by_role("button", name="Next").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")


def sent_again(page: Page, running_site: RunningSite) -> None:
    page.goto("/confirm/of-last-year")
    page.get_by_label("The e-mail address you signed with").fill(unused_address("nobody"))
    page.get_by_role("button", name="Send me a new link").click()


TODAY = datetime.now(UTC).date()
SOON, FAR_AWAY = (str(TODAY + timedelta(days)) for days in (20, 300))


def connector_link_sent(page: Page, running_site: RunningSite) -> None:
    page.goto("/connectors/me")
    page.get_by_label("The e-mail address you signed with").fill(unused_address("nobody"))
    page.get_by_role("button", name="Send me my link").click()


def own_page(page: Page, running_site: RunningSite) -> None:
    """Be signed, confirmed, read and published, and follow the link of the letter that comes."""
    page.goto(connector_in(running_site, page))


def own_button(page: Page, running_site: RunningSite) -> None:
    page.goto(connector_in(running_site, page) + "/point")


def connector_in(running_site: RunningSite, page: Page, address: str = "val@example.org") -> str:
    """Return the path of somebody's own page, made a connector at the first call."""
    own_page_path = r"/connectors/me/\S+"
    if not running_site.newest_link(address, own_page_path):
        sign_and_follow_letter(page, running_site, address.partition("@")[0].title(), address)
        page.get_by_role("button", name="Yes, confirm the promise").click()
        listed = running_site.kith("sign-ups", "list")  # the oldest first
        reference = re.findall(r"(P-\w{4}-\w{4}) .* confirmed +community-connector", listed)[-1]
        running_site.kith("sign-ups", "approve", reference, "--no-build")
        form = {"contact_email": address}
        page.request.post("/connectors/me", form=form, headers={"origin": running_site.origin})  # type: ignore[arg-type]
    return running_site.wait_for_link(address, own_page_path, page)


def pledge_token(page: Page, running_site: RunningSite, address: str) -> str:
    """Return the token of the link to somebody's own promise, signed and published at first."""
    token = r"(?<=/manage/)\S{20,}"
    if not running_site.newest_link(address, token):
        connector_in(running_site, page, address)
        form = {"contact_email": address}
        page.request.post("/pledges/manage", form=form, headers={"origin": running_site.origin})  # type: ignore[arg-type]
    return running_site.wait_for_link(address, token, page)


ENTRIES: dict[str, Path] = {}
"""The file of somebody's published promise, by the link to it."""


def with_promise(path: str, **facts: str) -> PageOpener:
    """Open a page behind the link to a standing promise, once an editor has changed its facts."""

    def open_it(page: Page, running_site: RunningSite) -> None:
        token = pledge_token(page, running_site, "val@example.org")
        if token not in ENTRIES:
            page.goto(f"/manage/{token}")
            entry = page.locator(".lead a").get_attribute("href") or ""
            ENTRIES[token] = running_site.project / "content" / f"{entry.strip('/')}.md"
        words = ENTRIES[token].read_text(encoding="utf-8")
        for field, fact in {"status": "published", "confirmed_until": FAR_AWAY, **facts}.items():
            words = re.sub(f"^{field}: .*\n", "", words, flags=re.M)
            words = words.replace("\nsince:", f"\n{field}: {fact}\nsince:", 1)
        ENTRIES[token].write_text(words, encoding="utf-8")
        page.goto(f"{path}/{token}")

    return open_it


def new_words_with_problems(page: Page, running_site: RunningSite) -> None:
    with_promise("/manage")(page, running_site)
    page.locator("input[name^='how-']").first.fill("a@b")
    page.get_by_role("button", name="Send the new words").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def said_true(page: Page, running_site: RunningSite) -> None:
    page.goto("/pledges/stay-connected/the-mill/")
    page.get_by_text("Is this what you found?").click()
    page.locator("form[action^='/was-it-true/']").get_by_label("A real welcome").check()
    page.get_by_role("button", name="Yes, it was so").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Thank you")

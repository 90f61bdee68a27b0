"""Every kind of page a visitor can meet, in every state that looks different, and the way to it."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from api import references
from tests.town import Town

Way = Callable[[Page, Town], None]

PROMISES = ("listen", "point-on", "no-record", "get-help", "card", "learn", "gaps")
DRIVER = {
    "signer": "person",
    "kind": "taxi",
    "place": "Temeford",
    "signer_name": "Sam Example",
    "signer_role": "driver",
    "may_sign": "yes",
    "version": 1,
    "promises": {one: {"state": "doing", "how": "I turn the radio down."} for one in PROMISES},
}
CLUB = {
    "signer": "organisation",
    "name": "The Harrow Vale Allotment, Leek and Late Brassica Society",
    "kind": "club",
    "place": "Temeford",
    **{f"promise-{one}": "doing" for one in PROMISES},
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
        "May we ask you back?": "somebody.with.a.long.name@a-long-name.example.org",
    },
)


def at(path: str) -> Way:
    return lambda page, town: page.goto(path) and None


def activity(slug: str) -> Way:
    return at(f"/activities/{slug}/")


def found(words: str, said: str) -> Way:
    """Search in the page, and wait for what it says."""

    def search(page: Page, town: Town) -> None:
        page.goto(f"/find/?q={words}")
        expect(page.locator("#result-count")).to_contain_text(said)

    return search


def your_list(fragment: str, said: str) -> Way:
    """Open the page of a list, and wait for what it says."""

    def open_list(page: Page, town: Town) -> None:
        page.goto(f"/list/{fragment}")
        expect(page.locator(".list")).to_contain_text(said)

    return open_list


def sent_empty(path: str, button: str) -> Way:
    """Send a form as it comes: every question that needs an answer complains."""

    def send(page: Page, town: Town) -> None:
        page.goto(path)
        page.get_by_role("button", name=button).click()
        expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()

    return send


def filled_in(path: str, ticked: tuple[str, ...], written: dict[str, str]) -> Way:
    """Open a form and answer it, without sending it."""

    def fill(page: Page, town: Town) -> None:
        page.goto(path)
        answer(page, ticked, written)

    return fill


def answer(page: Page, ticked: tuple[str, ...], written: dict[str, str]) -> None:
    """Tick by the words beside a box, write by the words above a line."""
    for words in ticked:
        page.get_by_label(words, exact=True).check()
    for words, said in written.items():
        page.get_by_label(words).fill(said)


def half_put_right(page: Page, town: Town) -> None:
    """Send a correction that says too little: what was said comes back, with what is missing."""
    page.goto(PUT_RIGHT)
    answer(page, ("The place", "I run it, or help to"), {"May we ask you back?": "07700 900111"})
    page.get_by_role("button", name="Send this to a person").click()
    expect(page.get_by_role("heading", name="There is a problem")).to_be_visible()


def from_a_letter(page: Page, town: Town, name: str) -> None:
    """Sign, wait for the letter, and follow its link."""
    address = f"{name.lower()}@example.org"
    body = {**DRIVER, "name": f"{name} Example", "contact_email": address}
    pledge = "/api/pledges/community-connector/sign-ups"
    sent = page.request.post(pledge, data=body, headers={"origin": town.origin})
    assert sent.status == 202, sent.text()
    page.goto(town.link_sent_to(address, page))


def signing(step: str, **changes: str) -> Way:
    """Open a page of a pledge's form, the one before it answered, as a browser would post it."""

    def open_step(page: Page, town: Town) -> None:
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
        page.get_by_role("button", name="Go on").or_(
            page.get_by_role("button", name="Make the promise")
        ).wait_for()

    return open_step


def to_confirm(page: Page, town: Town) -> None:
    from_a_letter(page, town, "Lou")


def confirmed(page: Page, town: Town) -> None:
    from_a_letter(page, town, "Con")
    page.get_by_role("button", name="Yes, confirm the promise").click()


def wrongly(step: str, **changes: str) -> Way:
    """Send a page of the form that cannot stand as it is."""

    def send(page: Page, town: Town) -> None:
        signing(step, **changes)(page, town)
        page.get_by_role("button", name="Go on").click()
        expect(page.get_by_role("alert")).to_contain_text("There is a problem")

    return send


def all_answers(page: Page, town: Town) -> None:
    signing("kind")(page, town)
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Check your answers")


def sent_again(page: Page, town: Town) -> None:
    page.goto("/confirm/of-last-year")
    page.get_by_label("The e-mail address you signed with").fill("nobody@example.org")
    page.get_by_role("button", name="Send me a new link").click()


THREE = f"#list={MILL},net-loft-shed,bess-weekly-online-quiz"


def connector_link_sent(page: Page, town: Town) -> None:
    page.goto("/connectors/me")
    page.get_by_label("The e-mail address you signed with").fill("nobody@example.org")
    page.get_by_role("button", name="Send me my link").click()


def own_page(page: Page, town: Town) -> None:
    """Be signed, confirmed, read and published, and follow the link of the letter that comes."""
    page.goto(connector_in(town, page))


def own_button(page: Page, town: Town) -> None:
    page.goto(connector_in(town, page) + "/point")


def connector_in(town: Town, page: Page, address: str = "val@example.org") -> str:
    """Return the path of somebody's own page, made a connector at the first call."""
    if not town.own_page_sent_to(address):
        from_a_letter(page, town, address.partition("@")[0].title())
        page.get_by_role("button", name="Yes, confirm the promise").click()
        listed = town.kith("sign-ups", "list")  # the oldest first
        reference = re.findall(r"(P-\w{4}-\w{4}) .* confirmed +community-connector", listed)[-1]
        town.kith("sign-ups", "approve", reference, "--no-build")
        asked = {"contact_email": address}
        page.request.post("/connectors/me", form=asked, headers={"origin": town.origin})
    for _ in range(100):
        if found := town.own_page_sent_to(address):
            return found
        page.wait_for_timeout(100)
    raise AssertionError("no letter came")


KINDS: dict[str, Way] = {
    "home": at("/"),
    "find": at("/find/"),
    "find, some hits": found("cofee+mornng&place=ZZ3", "ZZ3"),
    "find, all groups": found("&place=ZZ3&day=monday", "within reach of ZZ3"),
    "find, some to ask": found("&place=Temeford&free=yes&lift=yes", "more may fit: ask"),
    "find, no hits": found("xyzzyplugh", "Nothing found"),
    "find, nothing of a kind": found("&place=Temeford&kind=shed&day=sunday", "Nothing found"),
    "find, words that cannot wait": found("suicide&place=ZZ3", "ZZ3"),
    "search without scripts, words that cannot wait": at("/search?q=suicide&place=ZZ3"),
    "search without scripts, some hits": at(
        "/search?q=cofee+mornng&place=ZZ3&free=yes&day=tuesday"
    ),
    "search without scripts, no hits": at("/search?q=xyzzyplugh&place=Atlantis"),
    "search without scripts, second page": at("/search?page=2"),
    "search without scripts, all groups": at("/search?place=ZZ3&day=monday"),
    "search without scripts, some to ask": at("/search?place=Temeford&free=yes&lift=yes"),
    "search without scripts, there is more": at("/search?q=coffee&day=sunday"),
    "activity": activity(MILL),
    "activity, real, much unknown": activity("mendip-talking-cafes"),
    "activity, closed for a time": activity("pavilion-tea-dance"),
    "activity, gone": activity("upper-thistlow-luncheon-club"),
    "activity, several venues": activity("talking-cafe-at-the-surgery"),
    "activity, address not shown": activity("the-other-kitchen-table"),
    "activity, online": activity("bess-weekly-online-quiz"),
    "register, asked": at("/pledges/stay-connected/register?place=Osmery+Bridge"),
    "register, nobody like that": at("/pledges/stay-connected/register?kind=taxi&promise=policy"),
    "manage, ask": at("/pledges/manage/"),
    "certificate": at("/pledges/stay-connected/the-mill/certificate/"),
    "poster": at("/pledges/stay-connected/the-mill/poster/"),
    "all there is": at("/activities/"),
    "map": at("/map/"),
    "no connection": at("/offline/"),
    "your list": at("/list/"),
    "your list, three things": your_list(THREE, "This is "),
    "your list, something gone": your_list(f"#list={MILL},<b>", "is not here any more"),
    "listing, some kept": at(f"/kinds/coffee-morning/#list={MILL}"),
    "listing by kind": at("/kinds/coffee-morning/"),
    "listing by place": at("/places/harrow-vale/"),
    "listing by day": at("/days/tuesday/"),
    "pledges": at("/pledges/"),
    "pledge": at("/pledges/stay-connected/"),
    "signatory": at("/pledges/stay-connected/the-mill/"),
    "dispute": at("/pledges/stay-connected/the-mill/dispute"),
    "dispute, said too little": sent_empty("/pledges/stay-connected/the-mill/dispute", "Send"),
    "disputed": at("/pledges/stay-connected/disputed"),
    "signatory, past": at("/pledges/stay-connected/candlebeck-village-shop/"),
    "signatory, a person": at("/pledges/community-connector/a-taxi-driver-in-temeford/"),
    "sign": at("/pledges/stay-connected/sign/"),
    "sign, the first question": signing("who"),
    "sign, a name": signing("name"),
    "sign, what kind": signing("kind"),
    "sign, a promise": signing("promise-listen"),
    "sign, an address": signing("email"),
    "sign, who signs": signing("authority"),
    "sign, a promise with problems": wrongly("promise-listen", **{"how-listen": "a@b"}),
    "sign, who signs, with problems": wrongly("authority", may_sign=""),
    "sign, all answers": all_answers,
    "signed": at(f"/pledges/stay-connected/signed/{references.make('P')}/1"),
    "to confirm": to_confirm,
    "confirmed": confirmed,
    "link expired": at("/confirm/of-last-year"),
    "link sent again": sent_again,
    "nothing, told": at("/gaps/told"),
    "put right": at(PUT_RIGHT),
    "put right, filled in": filled_in(PUT_RIGHT, *SAID_WRONG),
    "put right, with problems": sent_empty(PUT_RIGHT, "Send this to a person"),
    "put right, said too little": half_put_right,
    "put right, received": at(f"/put-right/received/{references.make('C')}"),
    "put right, of nothing": at("/put-right?activity=no-such-thing"),
    "ask": at("/ask/"),
    "ask, from an activity": at(f"/ask?activity={MILL}"),
    "ask, filled in": filled_in(f"/ask?activity={MILL}", *ASKED),
    "ask, with problems": sent_empty("/ask/", "Send this to a person"),
    "received": at(f"/ask/received/{references.make('R')}"),
    "get help now": at("/get-help-now/"),
    "point someone on": at("/point-someone-on/"),
    "course": at("/training/connector/"),
    "course, a page": at("/training/connector/when-to-get-help/"),
    "course, a booklet": at("/training/connector/booklet/"),
    "course, questions": at("/training/connector/questions/"),
    "course, nothing chosen": sent_empty("/training/connector/questions/", "See how I did"),
    "course, completed": at("/training/connector/completed"),
    "point": at("/point"),
    "point, kept": at("/point/"),
    "point, nothing chosen": sent_empty("/point", "I gave a card"),
    "point, counted": at("/point/counted"),
    "point, something missing": at("/point/missing"),
    "connectors": at("/connectors"),
    "connector, link asked for": at("/connectors/me"),
    "connector, link sent": connector_link_sent,
    "connector, link expired": at("/connectors/me/of-last-year"),
    "connector, own page": own_page,
    "connector, own button": own_button,
    "connector, left": at("/connectors/left"),
    "card": at("/card?place=temeford"),
    "card, to fold": at("/card?size=fold"),
    "card, in large print": at("/card?place=temeford&size=large"),
    "about": at("/about/"),
    "privacy": at("/privacy/"),
    "accessibility": at("/accessibility/"),
    "not found": at("/no-such-page/"),
}

NEEDS_SCRIPTS = {name for name in KINDS if name.startswith(("find, ", "your list, "))}
FROM_LETTERS = {"to confirm", "confirmed", "link sent again", "connector, link sent"}
"""Few letters go to one address in an hour: these are opened once, and hold no script's work."""
WITHOUT_SCRIPTS = {
    name: way for name, way in KINDS.items() if name not in NEEDS_SCRIPTS | FROM_LETTERS
}

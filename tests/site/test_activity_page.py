"""What a page says of an activity: its facts in words, and what is not known said so."""

from datetime import date, timedelta

import msgspec
import pytest

from catalogue.build.page_types import ActivityPage
from catalogue.build.templates import Templates
from catalogue.model.activity import Timetable
from catalogue.model.catalogue import Catalogue
from catalogue.outputs import formatting
from catalogue.outputs.activity import freshness, plain_facts
from catalogue.outputs.activity.first_visit import GettingThere
from catalogue.outputs.activity.page import ActivityView, activity_view
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.listings.card import without_session
from catalogue.outputs.pledges.signatory import provider_promise
from catalogue.outputs.search import documents
from tests.site.conftest import NOW, SERVICE
from tests.site.reading import Page


def test_how_to_get_there_names_what_was_not_told(view: dict[str, ActivityView]) -> None:
    to_the_mill = view["coffee-at-the-mill"].getting_there
    assert [(travel.by, travel.words) for travel in to_the_mill.ways] == [
        ("By bus", "Bus 14."),
        ("Lifts", "One can be arranged."),
    ]
    assert to_the_mill.to_ask == "Not known, ask: parking."
    assert view["net-loft-shed"].getting_there.to_ask == "Not known, ask: buses, parking and lifts."
    assert view["phone-calls"].getting_there == GettingThere((), "")


def test_somebody_who_meets_you_at_the_door_is_told_with_the_way_there(
    catalogue: Catalogue,
) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    first_visit = msgspec.structs.replace(mill.first_visit, buddy_can_meet_you="yes")
    page = activity_view(msgspec.structs.replace(mill, first_visit=first_visit), catalogue, NOW)
    assert page.getting_there.ways[-1].by == "At the door"


@pytest.mark.parametrize(
    ("days", "expected"),
    [(92, ""), (184, "six months ago. Please ring first"), (366, "over a year")],
)
def test_what_was_checked_long_ago_says_so_above_everything_else(
    catalogue: Catalogue, days: int, expected: str
) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    old = msgspec.structs.replace(mill, assured_on=NOW.date() - timedelta(days=days))
    notice = activity_view(old, catalogue, NOW).notice
    assert expected in notice
    assert bool(notice) == bool(expected)


def test_a_sheet_of_paper_says_no_day_that_moves(
    templates: Templates, view: dict[str, ActivityView]
) -> None:
    activity_page = view["coffee-at-the-mill"]
    assert activity_page.freshness.on_paper == "Checked on 10 November 2026"
    page = Page(templates.render(ActivityPage(page=activity_page, service=SERVICE)))
    moving = [
        element
        for element in page.elements
        if "ago" in element.text and element.name in ("time", "span")
    ]
    assert moving
    assert all("off-paper" in element.attributes["class"] for element in moving)


def test_what_holds_at_every_venue_is_said_once(
    catalogue: Catalogue,
) -> None:
    shed = catalogue.activity("net-loft-shed")
    assert shed
    venues = tuple(
        msgspec.structs.replace(venue, access={"step-free": "yes", **more})
        for venue, more in zip(shed.venues, ({}, {"hearing-loop": "no"}), strict=True)
    )
    page = activity_view(msgspec.structs.replace(shed, venues=venues), catalogue, NOW)
    everywhere, loft, yard = page.getting_in
    assert (everywhere.venue, everywhere.access.in_short) == ("At each of them", ("Step-free",))
    assert (loft.venue, loft.access.unknown) == ("Net Loft", ("A hearing loop that works",))
    assert (yard.venue, yard.access.in_short) == ("Mill yard", ("Hearing loop: no",))


def test_a_page_is_handed_on_by_plain_links_to_its_public_address(
    catalogue: Catalogue, templates: Templates
) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    view = activity_view(mill, catalogue, NOW, Sharing("https://kith.example.org/"))
    page = Page(templates.render(ActivityPage(page=view, service=SERVICE)))
    links = [a.attributes["href"].partition(":")[0] for a in page.all("a")]
    assert {"sms", "mailto", "tel"} <= {*links}
    assert view.share
    address = "https://kith.example.org/activities/coffee-at-the-mill/"
    assert view.share.address == address
    assert page.one("code", **{"data-address": address}).text == address.removeprefix("https://")


def test_without_a_public_address_nothing_is_handed_on(
    templates: Templates, view: dict[str, ActivityView]
) -> None:
    page = Page(templates.render(ActivityPage(page=view["coffee-at-the-mill"], service=SERVICE)))
    assert "share" not in page.ids
    assert not page.all("svg")


def test_cost_and_whom_it_is_for(view: dict[str, ActivityView]) -> None:
    page = view["coffee-at-the-mill"]
    assert page.cost == "Free. Tea by donation."
    assert page.who == (
        "Anybody.",
        "For people aged 18 and over.",
        "You do not need to be referred.",
    )
    assert page.not_for == "People who need a carer with them."
    assert page.languages == "English and Welsh"


def test_what_nobody_wrote_down_is_unknown_and_never_no(view: dict[str, ActivityView]) -> None:
    page = view["phone-calls"]
    assert page.cost == "Not known, ask."
    assert page.when == ()
    assert page.visit_unknown
    everywhere, first_place, second_place = view["net-loft-shed"].getting_in
    assert everywhere.access.unknown == ("A hearing loop that works",)
    assert first_place.access.yes == ("No steps on the way in",)
    assert second_place.access.unknown == ("No steps on the way in",)
    assert second_place.access.no == everywhere.access.no == ()


def test_an_answer_is_yes_no_or_to_be_asked(view: dict[str, ActivityView]) -> None:
    known_by_question = {
        answer.question: answer.answer for answer in view["coffee-at-the-mill"].answers
    }
    assert known_by_question == {
        "Can I come on my own?": "yes",
        "May I bring someone?": "no",
        "Can a buddy meet me first?": "unknown",
    }


def test_an_entry_nobody_checked_says_so_and_names_its_source(
    view: dict[str, ActivityView],
) -> None:
    page = view["phone-calls"]
    assert "have not yet spoken" in page.notice
    assert page.freshness.level == "unchecked"
    assert [source.read_on for source in page.freshness.sources] == ["20 November 2026"]


@pytest.mark.parametrize(
    ("days", "level", "expected"),
    [
        (-1, "fresh", "today"),  # a day not yet reached in London
        (0, "fresh", "today"),
        (21, "fresh", "3 weeks ago"),
        (92, "fresh", "3 months ago"),
        (93, "ageing", "3 months ago"),
        (183, "ageing", "6 months ago"),
        (184, "ring first", "6 months ago"),
        (365, "ring first", "12 months ago"),
        (366, "old", "over a year ago"),
    ],
)
def test_facts_age_in_the_open(catalogue: Catalogue, days: int, level: str, expected: str) -> None:
    activity = catalogue.activity("coffee-at-the-mill")
    assert activity
    on = NOW.date() - timedelta(days=days)
    checked = msgspec.structs.replace(activity, assured_on=on)
    freshness_view = activity_view(checked, catalogue, NOW).freshness
    assert freshness_view.level == level
    assert freshness_view.words == f"Checked {expected}, on {formatting.long_date(on)}"
    assert ("ring first" in freshness_view.advice) == (level in ("ring first", "old"))


def test_what_nobody_checked_is_neither_fresh_nor_old() -> None:
    assert freshness.level(None, NOW.date()) == "unchecked"


def test_a_hidden_address_shows_its_place_and_no_map(view: dict[str, ActivityView]) -> None:
    (where,) = view["quiet-coffee"].where
    assert where.hidden
    assert (where.name, where.address, where.directions_url) == ("", "Blackpool", "")


def test_an_invented_place_is_on_no_map(view: dict[str, ActivityView]) -> None:
    assert view["coffee-at-the-mill"].demonstration
    assert view["coffee-at-the-mill"].where[0].directions_url == ""


def test_what_is_closed_has_no_dates_and_nobody_to_go_with(view: dict[str, ActivityView]) -> None:
    for slug, expected in (("quiet-coffee", "not running"), ("old-lunch-club", "has ended")):
        assert expected in view[slug].notice
        assert view[slug].dates == ()
        assert not view[slug].running


def test_dates_that_are_past_are_told_as_past(catalogue: Catalogue) -> None:
    entry = catalogue.activity("coffee-at-the-mill")
    assert entry
    for when in ("3 March 2026 14:00-16:00", "every Tuesday 10:30-12:00 until 1 May 2026"):
        past = msgspec.structs.replace(entry, schedule=(Timetable(when=when),))
        page = activity_view(past, catalogue, NOW)
        assert page.notice.startswith("The dates we know of are past."), when
        assert page.dates == ()
        card = documents.document(past, catalogue.taxonomy, NOW)
        assert without_session(card) == "No more dates known, ask"
    still = msgspec.structs.replace(entry, schedule=(Timetable(when="roughly weekly, ring first"),))
    assert "past" not in activity_view(still, catalogue, NOW).notice


def test_of_what_has_ended_nobody_is_told_to_ask(
    catalogue: Catalogue, templates: Templates, view: dict[str, ActivityView]
) -> None:
    page = Page(templates.render(ActivityPage(page=view["old-lunch-club"], service=SERVICE)))
    assert [term.text for term in page.all("dt")] == ["Where", "Ask"]
    assert not page.all("p", **{"class": "visit visit--unknown"})


def test_room_is_told_with_its_day(view: dict[str, ActivityView]) -> None:
    assert view["quiet-coffee"].places == (
        "Please book a place first. Ring Anna.",
        "There is no room at the moment, and the waiting list is closed (2 November 2026).",
    )


def test_a_promise_of_the_provider_stands_on_its_activity(view: dict[str, ActivityView]) -> None:
    promise = view["coffee-at-the-mill"].promise
    assert promise
    assert [commitment.title for commitment in promise.promised] == ["Greet them."]
    assert (promise.pledge, promise.since, promise.validity) == (
        "Stay Connected",
        "February 2026",
        "now",
    )
    assert view["net-loft-shed"].promise is None


def test_a_visitor_is_told_what_a_visitor_would_notice(catalogue: Catalogue) -> None:
    pledge, signatory = catalogue.pledges[-1], catalogue.signatories[-1]
    assert signatory.slug == "the-mill"
    welcome, miss = pledge.current.commitments
    marked = msgspec.structs.replace(
        pledge.current,
        commitments=(welcome, msgspec.structs.replace(miss, for_visitors="yes")),
    )
    promises = {
        "welcome": signatory.promises["welcome"],
        "miss": msgspec.structs.replace(signatory.promises["miss"], state="doing", how="We ring."),
    }
    changed = msgspec.structs.replace(
        catalogue,
        pledges=(msgspec.structs.replace(pledge, versions=(marked,)),),
        signatories=(msgspec.structs.replace(signatory, promises=promises),),
    )
    promise = provider_promise("stay-connected/the-mill", changed, NOW)
    assert promise
    assert [(commitment.title, commitment.how) for commitment in promise.promised] == [
        ("Notice when they stop coming.", "We ring.")
    ]


def test_asking_for_company_is_offered_only_where_there_is_somewhere_to_go(
    view: dict[str, ActivityView],
) -> None:
    assert view["coffee-at-the-mill"].ask_words == "Ask someone to go with me"
    assert view["phone-calls"].ask_words == "Ask us about this"


def test_nobody_is_told_to_ring_where_no_number_is_known(catalogue: Catalogue) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    old = msgspec.structs.replace(
        mill,
        assured_on=date(2026, 3, 1),
        places=msgspec.structs.replace(mill.places, booking="ring first", how=""),
    )
    page = activity_view(old, catalogue, NOW)
    assert page.notice.endswith("Please ring first.")
    assert page.places[0] == "Please ring before you come."
    silent = msgspec.structs.replace(old, contact=msgspec.structs.replace(old.contact, phone=""))
    weekly = (msgspec.structs.replace(mill.schedule[0], when="roughly weekly, ring first"),)
    for entry, words in (
        (old, ", ring first"),
        (silent, ", ask first"),
    ):
        vague = msgspec.structs.replace(entry, schedule=weekly)
        assert activity_view(vague, catalogue, NOW).when[0].words.endswith(words)
        assert documents.when(vague).endswith(words)
        assert words in "\n".join(plain_facts.facts(vague, catalogue.taxonomy))
    page = activity_view(silent, catalogue, NOW)
    assert page.notice.endswith("Please ask first.")
    assert page.places[0] == "Please ask before you come."

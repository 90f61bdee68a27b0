"""What a page says of an activity: its facts in words, and what is not known said so."""

from datetime import timedelta

import msgspec
import pytest

from catalogue import words
from catalogue.catalogue import Catalogue
from catalogue.outputs import freshness
from catalogue.outputs.page import ActivityPage, activity_page
from catalogue.render import Templates
from tests.site.conftest import NOW, SERVICE
from tests.site.reading import Page


@pytest.fixture
def view(catalogue: Catalogue) -> dict[str, ActivityPage]:
    return {
        activity.slug: activity_page(activity, catalogue, NOW) for activity in catalogue.activities
    }


def test_dates_are_named_never_today_or_tomorrow(view: dict[str, ActivityPage]) -> None:
    first = view["coffee-at-the-mill"].dates[0]
    assert first.in_full == "Tuesday 24 November, 10:30 to 12:00"
    assert (first.day, first.month) == ("24", "Nov")


def test_a_cancelled_date_is_shown_as_such(view: dict[str, ActivityPage]) -> None:
    dates = view["coffee-at-the-mill"].dates
    assert [date.day for date in dates if date.cancelled] == ["22"]
    assert len(dates) == 6


def test_a_far_tile_says_its_year(catalogue: Catalogue) -> None:
    shed = catalogue.activity("net-loft-shed")
    assert shed
    only_the_sale = msgspec.structs.replace(shed, schedule=shed.schedule[1:])
    (sale,) = activity_page(only_the_sale, catalogue, NOW).dates
    assert (sale.month, sale.in_full) == ("Jun 2027", "Saturday 5 June 2027, 10:00 to 12:00")


def test_cost_and_whom_it_is_for(view: dict[str, ActivityPage]) -> None:
    page = view["coffee-at-the-mill"]
    assert page.cost == "Free. Tea by donation."
    assert page.who == ("Anybody.", "For people aged 18 and over.", "Nobody has to refer you.")
    assert page.not_for == "People who need a carer with them."
    assert page.languages == "English and Welsh"


def test_what_nobody_wrote_down_is_unknown_and_never_no(view: dict[str, ActivityPage]) -> None:
    page = view["phone-calls"]
    assert page.cost == "Not known, ask."
    assert page.when == ()
    assert page.visit_unknown
    first_place, second_place = view["net-loft-shed"].getting_in
    assert first_place.access.yes == ("No steps on the way in",)
    assert second_place.access.unknown == ("No steps on the way in", "A hearing loop that works")
    assert second_place.access.no == ()


def test_an_answer_is_yes_no_or_to_be_asked(view: dict[str, ActivityPage]) -> None:
    known = {one.question: one.known for one in view["coffee-at-the-mill"].answers}
    assert known == {
        "Can I come on my own?": "yes",
        "May I bring someone?": "no",
        "Can a buddy meet me first?": "unknown",
    }


def test_an_entry_nobody_checked_says_so_and_names_its_source(
    view: dict[str, ActivityPage],
) -> None:
    page = view["phone-calls"]
    assert "have not yet spoken" in page.notice
    assert page.freshness.level == "unchecked"
    assert [source.read_on for source in page.freshness.sources] == ["20 November 2026"]


@pytest.mark.parametrize(
    ("days", "level", "said"),
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
def test_facts_age_in_the_open(catalogue: Catalogue, days: int, level: str, said: str) -> None:
    activity = catalogue.activity("coffee-at-the-mill")
    assert activity
    on = NOW.date() - timedelta(days=days)
    checked = msgspec.structs.replace(activity, assured_on=on)
    told = activity_page(checked, catalogue, NOW).freshness
    assert told.level == level
    assert told.words == f"Checked {said}, on {words.long_date(on)}"
    assert ("ring first" in told.advice) == (level in ("ring first", "old"))


def test_what_nobody_checked_is_neither_fresh_nor_old() -> None:
    assert freshness.level(None, NOW.date()) == "unchecked"


def test_a_hidden_address_shows_its_place_and_no_map(view: dict[str, ActivityPage]) -> None:
    (where,) = view["quiet-coffee"].where
    assert where.hidden
    assert (where.name, where.address, where.map_url) == ("", "Blackpool", "")


def test_an_invented_place_is_on_no_map(view: dict[str, ActivityPage]) -> None:
    assert view["coffee-at-the-mill"].demonstration
    assert view["coffee-at-the-mill"].where[0].map_url == ""


def test_what_is_closed_has_no_dates_and_nobody_to_go_with(view: dict[str, ActivityPage]) -> None:
    for slug, told in (("quiet-coffee", "not running"), ("old-lunch-club", "has ended")):
        assert told in view[slug].notice
        assert view[slug].dates == ()
        assert not view[slug].running


def test_of_what_has_ended_nobody_is_told_to_ask(
    catalogue: Catalogue, templates: Templates, view: dict[str, ActivityPage]
) -> None:
    page = Page(templates.render("activity.html", page=view["old-lunch-club"], service=SERVICE))
    assert [term.text for term in page.all("dt")] == ["Where", "Ask"]
    assert not page.all("p", **{"class": "visit visit--unknown"})


def test_room_is_told_with_its_day(view: dict[str, ActivityPage]) -> None:
    assert view["quiet-coffee"].places == (
        "Please book a place first. Ring Anna.",
        "There is no room at the moment, and the waiting list is closed (2 November 2026).",
    )


def test_a_promise_of_the_provider_stands_on_its_activity(view: dict[str, ActivityPage]) -> None:
    promise = view["coffee-at-the-mill"].promise
    assert promise
    assert promise.promised == ("Greet them.",)
    assert (promise.pledge, promise.since, promise.holds) == (
        "Stay Connected",
        "February 2026",
        "now",
    )
    assert view["net-loft-shed"].promise is None


def test_asking_for_company_is_offered_only_where_there_is_somewhere_to_go(
    view: dict[str, ActivityPage],
) -> None:
    assert view["coffee-at-the-mill"].ask_words == "Ask someone to go with me"
    assert view["phone-calls"].ask_words == "Ask us about this"

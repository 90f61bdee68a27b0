"""What a card says about time is right when it is read, not when it was built."""

from datetime import UTC, datetime

from tests.search_browser.conftest import Search


def when(search: Search, slug: str, now: datetime) -> object:
    return next(card["when"] for card in search(now=now).cards if card["slug"] == slug)


def test_a_session_of_tomorrow_is_said_so(search: Search) -> None:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert when(search, "coffee-at-the-mill", now) == "Tomorrow, 10:30 to 12:00"


def test_a_session_under_way_is_todays(search: Search) -> None:
    now = datetime(2026, 11, 24, 11, 59, tzinfo=UTC)
    assert when(search, "coffee-at-the-mill", now) == "Today, 10:30 to 12:00"


def test_a_session_within_the_week_is_named_by_its_day_alone(search: Search) -> None:
    now = datetime(2026, 11, 19, 9, 0, tzinfo=UTC)
    assert when(search, "choir", now) == "Wednesday, 19:00 to 20:30"


def test_a_session_further_off_has_its_date(search: Search) -> None:
    now = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
    assert when(search, "choir", now) == "Wednesday 25 November, 19:00 to 20:30"


def test_a_session_of_another_year_names_the_year(search: Search) -> None:
    now = datetime(2025, 12, 31, 9, 0, tzinfo=UTC)
    assert when(search, "choir", now) == "Wednesday 25 November 2026, 19:00 to 20:30"


def test_a_session_that_is_over_gives_way_to_the_next_one(search: Search) -> None:
    now = datetime(2026, 11, 24, 12, 1, tzinfo=UTC)
    assert when(search, "coffee-at-the-mill", now) == "Tuesday 1 December, 10:30"
    assert search(now=now).slugs[0] == "choir"


def test_once_no_known_session_lies_ahead_the_rule_is_said(search: Search) -> None:
    now = datetime(2026, 12, 1, 10, 31, tzinfo=UTC)
    assert when(search, "coffee-at-the-mill", now) == "Every Tuesday, 10:30 to 12:00"


def test_the_day_turns_at_midnight_in_london_not_in_greenwich(search: Search) -> None:
    summer = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)  # 00:30 on 1 July in London
    assert when(search, "choir", summer) == "Wednesday 25 November, 19:00 to 20:30"
    eve = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)
    assert when(search, "coffee-at-the-mill", eve) == "Today, 10:30 to 12:00"


def test_what_is_closed_says_so_and_has_no_next_session(search: Search) -> None:
    now = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
    assert when(search, "hostile", now) == "Not running at the moment"


def test_tags_say_what_is_known_and_what_to_ask(search: Search) -> None:
    tags = {card["slug"]: card["tags"] for card in search().cards}
    assert tags["coffee-at-the-mill"] == [["Free", "plain"], ["Step-free: ask", "ask"]]
    assert tags["befriending"] == [["Free", "plain"], ["No travel", "plain"]]

"""When an activity is on, as its page tells it: the next dates as tiles."""

from datetime import UTC, datetime

import msgspec

from catalogue.model.activity import Timetable
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity.page import ActivityView, activity_view
from tests.site.conftest import NOW


def test_dates_are_named_never_today_or_tomorrow(view: dict[str, ActivityView]) -> None:
    first = view["coffee-at-the-mill"].dates[0]
    assert first.in_full == "Tuesday 24 November, 10:30 to 12:00"
    assert (first.day, first.month) == ("24", "Nov")


def test_a_cancelled_date_is_shown_as_such(view: dict[str, ActivityView]) -> None:
    dates = view["coffee-at-the-mill"].dates
    assert [date.day for date in dates if date.cancelled] == ["22"]
    assert len(dates) == 6


def test_a_far_tile_says_its_year(catalogue: Catalogue) -> None:
    shed = catalogue.activity("net-loft-shed")
    assert shed
    only_the_sale = msgspec.structs.replace(shed, schedule=shed.schedule[1:])
    (sale,) = activity_view(only_the_sale, catalogue, NOW).dates
    assert (sale.month, sale.in_full) == (
        "Jun 2027",
        "Saturday 5 June 2027, 10:00 to 12:00, at Mill yard",
    )


def test_the_next_date_is_the_first_that_is_held(
    catalogue: Catalogue, view: dict[str, ActivityView]
) -> None:
    assert view["coffee-at-the-mill"].next == view["coffee-at-the-mill"].dates[0]
    before_christmas = datetime(2026, 12, 16, 9, tzinfo=UTC)
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    page = activity_view(mill, catalogue, before_christmas)
    assert page.dates[0].cancelled
    assert page.next
    assert page.next.in_full == "Tuesday 29 December, 10:30 to 12:00"
    assert view["quiet-coffee"].next is None


def test_a_day_with_several_sessions_is_one_tile_that_tells_them_all(catalogue: Catalogue) -> None:
    shed = catalogue.activity("net-loft-shed")
    assert shed
    afternoon = Timetable(when="every Monday 14:00-15:00", venue="Mill yard")
    twice = msgspec.structs.replace(shed, schedule=(shed.schedule[0], afternoon))
    days = activity_view(twice, catalogue, NOW).dates
    assert [day.day for day in days] == ["23", "30", "7", "14", "21", "28"]
    assert days[0].in_full == (
        "Monday 23 November, 09:30 to 13:00, at Net Loft; 14:00 to 15:00, at Mill yard"
    )

"""The next sessions of a schedule: order, clock changes, nights, short months, calendar files."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from catalogue.model.school_calendar import Calendar
from catalogue.schedule.rfc5545 import Recurrence, to_rfc5545
from catalogue.schedule.schedule import Schedule, Session, parse, sessions

LONDON = ZoneInfo("Europe/London")


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def start_times(coming: tuple[Session, ...]) -> list[str]:
    return [f"{session.starts_at:%Y-%m-%d %H:%M}" for session in coming]


def days(schedule: Schedule, after: str, count: int = 6) -> list[str]:
    return [day[:10] for day in start_times(sessions(schedule, london(after), count))]


def test_six_sessions_come_unless_asked_otherwise() -> None:
    tuesdays = parse("every Tuesday 10:30-12:00")
    assert len(sessions(tuesdays, london("2026-11-22"))) == 6
    assert len(sessions(tuesdays, london("2026-11-22"), 40)) == 40
    assert sessions(tuesdays, london("2026-11-22"), 0) == ()


def test_a_session_still_going_on_is_the_next_one() -> None:
    tuesdays = parse("every Tuesday 10:30-12:00")
    assert days(tuesdays, "2026-11-24T12:00", 1) == ["2026-11-24"]
    assert days(tuesdays, "2026-11-24T12:01", 1) == ["2026-12-01"]


def test_a_session_without_an_end_is_next_until_it_starts() -> None:
    tuesdays = parse("every Tuesday 10:30")
    assert days(tuesdays, "2026-11-24T10:30", 1) == ["2026-11-24"]
    assert days(tuesdays, "2026-11-24T10:31", 1) == ["2026-12-01"]
    assert sessions(tuesdays, london("2026-11-24"))[0].ends_at is None


def test_a_night_ends_on_the_next_day() -> None:
    fridays = parse("Fridays 22:00-02:00")
    (night,) = sessions(fridays, london("2026-11-28T01:30"), 1)
    assert night.starts_at == london("2026-11-27T22:00")
    assert night.ends_at == london("2026-11-28T02:00")


def test_a_weekend_away_goes_on_until_its_last_day() -> None:
    weekend = parse("5 June 2027 18:00 to 7 June 2027 14:00")
    (stay,) = sessions(weekend, london("2027-06-07T13:59"), 1)
    assert stay.starts_at == london("2027-06-05T18:00")
    assert stay.ends_at == london("2027-06-07T14:00")
    assert sessions(weekend, london("2027-06-07T14:01")) == ()
    assert to_rfc5545(weekend, date(2027, 1, 1)) == Recurrence(
        stay.starts_at, timedelta(hours=44), None
    )


def test_a_working_day_is_no_bank_holiday() -> None:
    first = parse("1st working day of the month 10:00")
    assert days(first, "2026-12-20", 5) == [
        *("2027-01-04", "2027-02-01", "2027-03-01", "2027-04-01", "2027-05-04"),
    ]  # New Year's Day is a Friday, and 3 May is the May bank holiday
    last = parse("last working day of the month 10:00")
    assert days(last, "2027-03-01", 1) == ["2027-03-31"]
    coming = sessions(first, london("2027-03-01"), 1, Calendar(nation="Scotland"))
    assert start_times(coming) == ["2027-03-01 10:00"]


def test_the_last_day_of_the_month_follows_its_length() -> None:
    last = parse("last day of the month 10:00")
    assert days(last, "2028-02-01", 3) == ["2028-02-29", "2028-03-31", "2028-04-30"]


def test_a_season_comes_back_every_year() -> None:
    season = parse("first Sunday in June and September 11:00")
    assert days(season, "2027-01-01", 3) == ["2027-06-06", "2027-09-05", "2028-06-04"]


def test_a_day_of_24_hours_ends_at_midnight() -> None:
    (today,) = sessions(parse("every day 24 hours"), london("2026-11-22T12:00"), 1)
    assert today.starts_at == london("2026-11-22T00:00")
    assert today.ends_at == london("2026-11-23T00:00")


@pytest.mark.parametrize("sunday", ["2026-03-29", "2026-10-25"])
def test_half_past_ten_stays_half_past_ten_when_the_clocks_change(sunday: str) -> None:
    before = london(sunday) - timedelta(days=8)
    coming = sessions(parse("Saturdays and Sundays 10:30-12:00"), before, 4)
    assert {f"{session.starts_at:%H:%M}" for session in coming} == {"10:30"}
    assert len({session.starts_at.utcoffset() for session in coming}) == 2
    assert coming[3].starts_at.astimezone(UTC) - coming[2].starts_at.astimezone(UTC) in (
        timedelta(hours=23),
        timedelta(hours=25),
    )


def test_a_start_the_clocks_jump_over_is_read_with_the_offset_before() -> None:
    (night,) = sessions(parse("29 March 2026 01:30-02:15"), london("2026-03-28"), 1)
    assert f"{night.starts_at:%H:%M}" == "01:30"
    assert night.starts_at.astimezone(UTC) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert night.ends_at is not None
    assert night.ends_at.astimezone(UTC) == datetime(2026, 3, 29, 2, 15, tzinfo=UTC)


def test_a_start_that_comes_twice_is_the_first_of_the_two() -> None:
    (night,) = sessions(parse("25 October 2026 01:30-02:30"), london("2026-10-24"), 1)
    assert night.starts_at.astimezone(UTC) == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    assert night.ends_at is not None
    assert night.ends_at.astimezone(UTC) == datetime(2026, 10, 25, 2, 30, tzinfo=UTC)


def test_a_session_is_over_by_the_clock_of_the_world_not_of_the_wall() -> None:
    short = parse("25 October 2026 01:00-01:30")
    first_half_past_one = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second_half_past_one = london("2026-10-25T01:30").replace(fold=1)
    assert len(sessions(short, first_half_past_one)) == 1
    assert sessions(short, second_half_past_one) == ()


def test_the_first_and_the_last_date_are_included() -> None:
    tuesdays = parse("every Tuesday 10:30 from 2026-01-06 until 2026-01-20")
    assert days(tuesdays, "2025-12-01") == ["2026-01-06", "2026-01-13", "2026-01-20"]


def test_every_other_monday_keeps_its_step_years_later() -> None:
    mondays = parse("every 2 weeks on Monday 10:00 from 2026-01-05")
    later = sessions(mondays, london("2028-11-22"), 20)
    assert all((s.starts_at.date() - date(2026, 1, 5)).days % 14 == 0 for s in later)
    assert days(mondays, "2025-06-01", 2) == ["2026-01-05", "2026-01-19"]


def test_a_week_of_two_days_is_counted_from_monday() -> None:
    schedule = parse("every 2 weeks on Monday and Thursday 10:00 from 2026-01-08")
    assert days(schedule, "2026-01-01", 3) == ["2026-01-08", "2026-01-19", "2026-01-22"]


def test_a_fifth_thursday_skips_months_that_have_four() -> None:
    fifths = parse("5th Thursday 10:00")
    assert days(fifths, "2026-01-01", 3) == ["2026-01-29", "2026-04-30", "2026-07-30"]


def test_the_31st_skips_short_months() -> None:
    assert days(parse("31st of the month 10:00"), "2026-02-01", 2) == ["2026-03-31", "2026-05-31"]


def test_a_fifth_and_a_last_friday_on_one_day_are_one_session() -> None:
    fridays = parse("5th and last Friday 10:00")
    assert days(fridays, "2026-01-01", 3) == ["2026-01-30", "2026-02-27", "2026-03-27"]


def test_29_february_comes_in_leap_years() -> None:
    assert days(parse("29 February 2028 10:00"), "2026-01-22") == []
    assert days(parse("29 February 2028 10:00"), "2027-11-22") == ["2028-02-29"]


def test_dates_that_are_over_are_gone() -> None:
    evenings = parse("12 and 19 December 2026 18:00-20:00")
    assert days(evenings, "2026-12-13") == ["2026-12-19"]
    assert days(evenings, "2027-01-01") == []


def test_a_doubtful_schedule_has_no_sessions() -> None:
    for words in ("roughly weekly, ring first", "every Tuesday 10:30, ring first"):
        assert sessions(parse(words), london("2026-11-22")) == ()
        assert to_rfc5545(parse(words), date(2026, 11, 22)) is None


def test_a_time_without_a_zone_is_refused() -> None:
    naive = datetime(2026, 11, 22)  # noqa: DTZ001 (the mistake under test)
    with pytest.raises(ValueError, match="aware"):
        sessions(parse("every Tuesday 10:30"), naive)


@pytest.mark.parametrize("year", [1990, 2099, 2100, 2200, 9998])
def test_far_years_end_quietly(year: int) -> None:
    after = datetime(year, 6, 1, tzinfo=UTC)
    assert len(sessions(parse("every Tuesday 10:30", ["bank holidays"]), after)) in (0, 6)


def test_a_calendar_file_gets_its_rule_from_a_day_that_stays_put() -> None:
    tuesdays = parse("every Tuesday 22:00-02:00 until 2026-07-28", ["bank holidays", "2 June 2026"])
    rule = to_rfc5545(tuesdays, date(2026, 5, 1))
    assert rule is not None
    assert rule.starts_at == london("2026-05-05T22:00")
    assert rule.lasts == timedelta(hours=4)
    assert rule.rrule == "FREQ=WEEKLY;BYDAY=TU;UNTIL=20260728T225959Z"
    assert rule.exdates == (london("2026-06-02T22:00"),)


def test_months_left_out_every_year_stand_in_the_rule() -> None:
    rule = to_rfc5545(parse("every Tuesday 10:30", ["November to January"]), date(2026, 11, 22))
    assert rule is not None
    assert rule.starts_at == london("2027-02-02T10:30")
    assert rule.rrule == "FREQ=WEEKLY;BYDAY=TU;BYMONTH=2,3,4,5,6,7,8,9,10"
    assert rule.exdates == ()


def test_a_rule_starts_with_the_first_session_that_is_held() -> None:
    mondays = parse("every Monday 10:30", ["22 December 2026 to 2 January 2027"])
    rule = to_rfc5545(mondays, date(2026, 12, 22))
    assert rule is not None
    assert rule.starts_at == london("2027-01-04T10:30")
    assert rule.exdates == ()


def test_a_schedule_that_leaves_everything_out_has_no_rule() -> None:
    never = parse("every Tuesday 10:30", ["January to December"])
    assert to_rfc5545(never, date(2026, 11, 22)) is None


def test_a_calendar_file_gets_dates_as_dates() -> None:
    dates = parse("12, 19 and 28 December 2026 18:00", ["19 December"])
    rule = to_rfc5545(dates, date(2026, 1, 1))
    assert rule is not None
    assert rule.rrule is None
    assert rule.starts_at == london("2026-12-12T18:00")
    assert rule.rdates == (london("2026-12-28T18:00"),)
    assert rule.exdates == ()


def test_a_calendar_file_gets_nothing_of_what_is_over() -> None:
    assert to_rfc5545(parse("12 December 2026 18:00"), date(2027, 1, 1)) is None

"""Sessions that are left out: marked, with a reason, and only where that is known."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from catalogue.model.school_calendar import Calendar, Nation, Term
from catalogue.schedule.schedule import next_held, parse, sessions

LONDON = ZoneInfo("Europe/London")
YEAR_OF_TERMS = Calendar(
    terms=(
        Term(date(2027, 1, 4), date(2027, 3, 26), "spring"),
        Term(date(2026, 9, 1), date(2026, 12, 18), "autumn"),
    )
)


def london(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=LONDON)


def test_cancelled_sessions_stay_and_say_why() -> None:
    fridays = parse(
        "Fridays 10:30", ["1 January 2027", "22 to 26 December 2026", "August", "bank holidays"]
    )
    why = {f"{s.starts_at:%Y-%m-%d}": s.why for s in sessions(fridays, london("2026-12-10"), 50)}
    assert why["2026-12-18"] == ""
    assert why["2026-12-25"] == "break from 22 December 2026 until 26 December 2026"
    assert why["2027-01-01"] == "not on 1 January 2027"
    assert why["2027-03-26"] == "bank holiday: Good Friday"
    assert why["2027-08-06"] == "in August"
    marked = sessions(fridays, london("2026-12-10"), 50)
    assert all(session.cancelled == bool(session.why) for session in marked)


def test_a_yearly_break_may_pass_new_year() -> None:
    coming = sessions(parse("Fridays 10:30", ["22 December to 2 January"]), london("2026-12-18"), 4)
    assert [session.cancelled for session in coming] == [False, True, True, False]
    assert coming[2].why == "break from 22 December to 2 January"


def test_february_is_left_out_to_its_last_day() -> None:
    (leap_day,) = sessions(parse("29 February 2028 10:30", ["February"]), london("2028-02-01"))
    assert leap_day.why == "in February"


def test_the_next_held_session_is_the_first_that_is_not_cancelled() -> None:
    fridays = parse("Fridays 10:30", ["25 December", "January"])
    session = next_held(fridays, london("2026-12-19"), Calendar())
    assert session is not None
    assert session.starts_at == london("2027-02-05T10:30")


def test_a_rule_that_is_always_cancelled_comes_to_an_end() -> None:
    never = parse("every Tuesday 10:30", ["January to December"])
    assert next_held(never, london("2026-11-22"), Calendar()) is None
    marked = sessions(never, london("2026-11-22"), 1_000)
    assert len(marked) == 105
    assert all(session.cancelled for session in marked)


@pytest.mark.parametrize(
    ("nation", "day", "is_held"),
    [
        ("England", "2026-11-30", True),
        ("Scotland", "2026-11-30", False),
        ("England", "2026-04-06", False),
        ("Scotland", "2026-04-06", True),
        ("Northern Ireland", "2026-07-13", False),
        ("Wales", "2026-07-13", True),
    ],
)
def test_bank_holidays_are_those_of_the_nation(nation: Nation, day: str, is_held: bool) -> None:
    with_nation = parse("Mondays 10:30", [f"bank holidays in {nation}"])
    (of_the_words,) = sessions(with_nation, london(day), 1)
    without_nation = parse("Mondays 10:30", ["bank holidays"])
    (of_the_calendar,) = sessions(without_nation, london(day), 1, Calendar(nation=nation))
    assert of_the_words.cancelled == of_the_calendar.cancelled == (not is_held)


def test_a_substitute_day_is_called_one() -> None:
    (monday,) = sessions(parse("Mondays 10:30", ["bank holidays"]), london("2026-12-28"), 1)
    assert monday.why == "bank holiday: Boxing Day (substitute day)"


def test_school_holidays_are_the_gaps_between_known_terms() -> None:
    coming = sessions(
        parse("Tuesdays 10:30", ["outside term time"]), london("2026-12-14"), 4, YEAR_OF_TERMS
    )
    assert [session.why for session in coming] == ["", *["not in term time"] * 2, ""]


def test_a_holiday_club_runs_when_school_is_out() -> None:
    club = parse("Tuesdays 10:30 in the school holidays")
    session = next_held(club, london("2026-12-14"), YEAR_OF_TERMS)
    assert session is not None
    assert session.starts_at == london("2026-12-22T10:30")


def test_days_no_term_dates_cover_are_doubtful_not_cancelled() -> None:
    in_term = parse("Tuesdays 10:30", ["outside term time"])
    for coming in (
        sessions(in_term, london("2026-12-14"), 1),
        sessions(in_term, london("2027-03-29"), 1, YEAR_OF_TERMS),
        sessions(in_term, london("2026-08-01"), 1, YEAR_OF_TERMS),
    ):
        assert [(s.cancelled, s.doubt) for s in coming] == [(False, "term dates not known")]
    (sure,) = sessions(in_term, london("2026-12-14"), 1, YEAR_OF_TERMS)
    assert sure.doubt == ""
    (cancelled,) = sessions(
        parse("Tuesdays 10:30 in term time", ["December"]), london("2026-12-14"), 1
    )
    assert (cancelled.why, cancelled.doubt) == ("in December", "")


def test_a_gap_too_long_for_a_holiday_is_a_term_nobody_typed_in() -> None:
    gappy = Calendar(
        terms=(
            Term(date(2026, 9, 1), date(2026, 12, 18)),
            Term(date(2027, 4, 12), date(2027, 7, 20)),
        )
    )
    (session,) = sessions(
        parse("Tuesdays 10:30 in term time"), london("2027-02-01"), 1, calendar=gappy
    )
    assert (session.cancelled, session.doubt) == (False, "term dates not known")

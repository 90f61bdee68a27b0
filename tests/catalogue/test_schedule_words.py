"""What a volunteer may write as a schedule, and the rule and sentence it becomes."""

from datetime import date

import pytest

from catalogue.schedule.schedule import parse

WEEKLY = [
    ("every Tuesday 10:30-12:00", "TU", "Every Tuesday, 10:30 to 12:00"),
    ("Tuesdays 10:30–12:00", "TU", "Every Tuesday, 10:30 to 12:00"),
    ("TUESDAYS 10.30 - 12.00", "TU", "Every Tuesday, 10:30 to 12:00"),
    ("10:30 to 12:00, every Tuesday", "TU", "Every Tuesday, 10:30 to 12:00"),
    ("weekly on Tuesday from 10:30 until noon.", "TU", "Every Tuesday, 10:30 to 12:00"),
    ("Tuesdays 10.30 a.m. to 12 noon", "TU", "Every Tuesday, 10:30 to 12:00"),
    ("Tue & Thurs, 10-11am", "TU,TH", "Every Tuesday and Thursday, 10:00 to 11:00"),
    ("every Wednesday and Monday 2-4pm", "MO,WE", "Every Monday and Wednesday, 14:00 to 16:00"),
    (
        "every Monday, Wednesday and Friday 9:30-11:00",
        "MO,WE,FR",
        "Every Monday, Wednesday and Friday, 09:30 to 11:00",
    ),
    ("Sundays 11-1pm", "SU", "Every Sunday, 11:00 to 13:00"),
    ("weekdays 09:00-17:00", "MO,TU,WE,TH,FR", "Monday to Friday, 09:00 to 17:00"),
    ("Mon-Fri 9am–5pm", "MO,TU,WE,TH,FR", "Monday to Friday, 09:00 to 17:00"),
    ("Friday to Monday at 7pm", "MO,FR,SA,SU", "Every Monday, Friday, Saturday and Sunday, 19:00"),
    ("weekends 10am-4pm", "SA,SU", "Every Saturday and Sunday, 10:00 to 16:00"),
    ("Fridays 22:00-02:00", "FR", "Every Friday, 22:00 to 02:00 the next day"),
    ("Fridays 8pm-midnight", "FR", "Every Friday, 20:00 to midnight"),
    ("Fridays 10:00-00:00", "FR", "Every Friday, 10:00 to midnight"),
    ("Fridays 10:00-24:00", "FR", "Every Friday, 10:00 to midnight"),
    ("every Friday 4pm-2am", "FR", "Every Friday, 16:00 to 02:00 the next day"),
    ("Fridays 16:00-02:00", "FR", "Every Friday, 16:00 to 02:00 the next day"),
    ("Tuesday mornings 10:00-12:00", "TU", "Every Tuesday, 10:00 to 12:00"),
    ("Tuesday mornings 10-1", "TU", "Every Tuesday, 10:00 to 13:00"),
    ("Tuesday evenings 7-9", "TU", "Every Tuesday, 19:00 to 21:00"),
    ("on Tuesdays at 7 in the evening", "TU", "Every Tuesday, 19:00"),
    ("Saturday nights 8-2", "SA", "Every Saturday, 20:00 to 02:00 the next day"),
    ("Tue/Thu 10-11am", "TU,TH", "Every Tuesday and Thursday, 10:00 to 11:00"),
    ("Tuesdays 10:30 for 2 hours", "TU", "Every Tuesday, 10:30 to 12:30"),
    ("Tuesdays from 10:30 onwards", "TU", "Every Tuesday, 10:30"),
    ("Tuesdays 19:00 until late", "TU", "Every Tuesday, 19:00"),
]

OTHER_RULES = [
    ("every day 08:00-20:00", "FREQ=DAILY", "Every day, 08:00 to 20:00"),
    ("daily 8am to 8pm", "FREQ=DAILY", "Every day, 08:00 to 20:00"),
    ("24/7", "FREQ=DAILY", "Every day, 24 hours"),
    (
        "last day of the month 10:00-12:00",
        "FREQ=MONTHLY;BYMONTHDAY=-1",
        "Last day of the month, 10:00 to 12:00",
    ),
    (
        "1st working day of the month 10:00",
        "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=1",
        "1st working day of the month, 10:00",
    ),
    (
        "first Sunday in June 11:00-16:00",
        "FREQ=MONTHLY;BYDAY=1SU;BYMONTH=6",
        "1st Sunday in June, 11:00 to 16:00",
    ),
    (
        "every year on the last Sunday of May and June 11:00",
        "FREQ=MONTHLY;BYDAY=-1SU;BYMONTH=5,6",
        "Last Sunday in May and June, 11:00",
    ),
    (
        "Sundays from April to September 14:00",
        "FREQ=WEEKLY;BYDAY=SU;BYMONTH=4,5,6,7,8,9",
        "Every Sunday, April to September, 14:00",
    ),
    (
        "every 25 December 11:00",
        "FREQ=MONTHLY;BYMONTHDAY=25;BYMONTH=12",
        "Every year on 25 December, 11:00",
    ),
    (
        "quarterly on the first Monday 10:00",
        "FREQ=MONTHLY;BYDAY=1MO;BYMONTH=1,4,7,10",
        "1st Monday in January, April, July and October, 10:00",
    ),
    (
        "last Friday of the quarter 10:00",
        "FREQ=MONTHLY;BYDAY=-1FR;BYMONTH=3,6,9,12",
        "Last Friday in March, June, September and December, 10:00",
    ),
    (
        "2nd and 4th Thursday 14:00-16:00",
        "FREQ=MONTHLY;BYDAY=2TH,4TH",
        "2nd and 4th Thursday of the month, 14:00 to 16:00",
    ),
    (
        "second and fourth Thursday of each month, 2pm-4pm",
        "FREQ=MONTHLY;BYDAY=2TH,4TH",
        "2nd and 4th Thursday of the month, 14:00 to 16:00",
    ),
    ("1st Saturday 10:00", "FREQ=MONTHLY;BYDAY=1SA", "1st Saturday of the month, 10:00"),
    (
        "last Friday of the month 19:00",
        "FREQ=MONTHLY;BYDAY=-1FR",
        "Last Friday of the month, 19:00",
    ),
    (
        "every 2nd Tuesday of the month 10:00",
        "FREQ=MONTHLY;BYDAY=2TU",
        "2nd Tuesday of the month, 10:00",
    ),
    (
        "1st Monday and last Thursday of the month 10:00",
        "FREQ=MONTHLY;BYDAY=1MO,-1TH",
        "1st Monday and last Thursday of the month, 10:00",
    ),
    (
        "1st and 15th of every month at noon",
        "FREQ=MONTHLY;BYMONTHDAY=1,15",
        "1st and 15th of the month, 12:00",
    ),
    (
        "every 2 weeks on Monday 10:00-11:30 from 2026-01-05",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        "Every 2 weeks on Monday, 10:00 to 11:30, from 5 January 2026",
    ),
    (
        "fortnightly on Monday 10:00 from Monday 5th January 2026",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        "Every 2 weeks on Monday, 10:00, from 5 January 2026",
    ),
    (
        "every other Monday 10:00 from 2026-01-05 until July 2026",
        "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO",
        "Every 2 weeks on Monday, 10:00, from 5 January 2026 until 31 July 2026",
    ),
    (
        "every three months on the first Monday 10:00 from 2026-01-05",
        "FREQ=MONTHLY;INTERVAL=3;BYDAY=1MO",
        "Every 3 months on the 1st Monday, 10:00, from 5 January 2026",
    ),
]

UNCERTAIN = [
    ("Tuesday mornings, ring first", "Every Tuesday, morning, ring first", {"tuesday"}),
    ("roughly weekly, ring first", "About once a week, ring first", set()),
    ("Roughly Monthly (ring first)", "About once a month, ring first", set()),
    ("roughly fortnightly", "About every 2 weeks, ring first", set()),
    ("about every 2 weeks, ask first", "About every 2 weeks, ring first", set()),
    ("About once a week", "About once a week, ring first", set()),
    ("about once a month, ring first", "About once a month, ring first", set()),
    ("no fixed time, ring first", "No fixed time, ring first", set()),
    ("times may vary", "Times may vary, ring first", set()),
    ("every Tuesday, ring first", "Every Tuesday, ring first", {"tuesday"}),
    ("roughly every Tuesday 10:30", "Every Tuesday, 10:30, ring first", {"tuesday"}),
    (
        "Tuesdays 10:00-16:00 by appointment",
        "Every Tuesday, by appointment, 10:00 to 16:00, ring first",
        {"tuesday"},
    ),
]


@pytest.mark.parametrize(("words", "days", "sentence"), WEEKLY)
def test_weekly_words_become_a_weekly_rule(words: str, days: str, sentence: str) -> None:
    schedule = parse(words)
    assert schedule.rrule == f"FREQ=WEEKLY;BYDAY={days}"
    assert schedule.in_words() == sentence
    assert schedule.certain
    assert schedule.text == words


@pytest.mark.parametrize(("words", "rule", "sentence"), OTHER_RULES)
def test_other_repeating_words_become_their_rule(words: str, rule: str, sentence: str) -> None:
    schedule = parse(words)
    assert schedule.rrule == rule
    assert schedule.in_words() == sentence


@pytest.mark.parametrize(("words", "sentence", "days"), UNCERTAIN)
def test_doubtful_words_promise_nothing(words: str, sentence: str, days: set[str]) -> None:
    schedule = parse(words)
    assert not schedule.certain
    assert schedule.rrule is None
    assert schedule.in_words() == sentence
    assert schedule.days() == days


@pytest.mark.parametrize(
    ("words", "days", "sentence"),
    [
        ("12 December 2026 18:00-20:00", [12], "Saturday 12 December 2026, 18:00 to 20:00"),
        ("Saturday 12th of December 2026 6pm", [12], "Saturday 12 December 2026, 18:00"),
        ("2026-12-12 18:00", [12], "Saturday 12 December 2026, 18:00"),
        ("on 12 and 19 December 2026, 2-4pm", [12, 19], "12 and 19 December 2026, 14:00 to 16:00"),
        ("12-14 December 2026 10:00", [12, 13, 14], "12, 13 and 14 December 2026, 10:00"),
        ("Dec 6th 2026 3-5pm", [6], "Sunday 6 December 2026, 15:00 to 17:00"),
        ("Sunday, December 6, 2026, 3pm", [6], "Sunday 6 December 2026, 15:00"),
        ("Dec 6 and 13, 2026 3pm", [6, 13], "6 and 13 December 2026, 15:00"),
        ("December 6-8 2026 3pm", [6, 7, 8], "6, 7 and 8 December 2026, 15:00"),
    ],
)
def test_dates_are_read_as_dates(words: str, days: list[int], sentence: str) -> None:
    schedule = parse(words)
    assert schedule.rrule is None
    assert schedule.dates == tuple(date(2026, 12, day) for day in days)
    assert (schedule.starts_on, schedule.ends_on) == (schedule.dates[0], schedule.dates[-1])
    assert schedule.in_words() == sentence


def test_dates_over_new_year_take_the_right_year_each() -> None:
    schedule = parse("28 December and 4 January 2027 10:00")
    assert schedule.dates == (date(2026, 12, 28), date(2027, 1, 4))


@pytest.mark.parametrize(
    "words",
    [
        "5 June 2027 18:00 to 7 June 2027 14:00",
        "Saturday 5 June 6pm until Monday 7 June 2027 at 2pm",
        "June 5 2027, 18:00 - June 7 2027, 14:00",
    ],
)
def test_several_days_are_one_session(words: str) -> None:
    schedule = parse(words)
    assert schedule.in_words() == "Saturday 5 June 2027, 18:00 to Monday 7 June 2027, 14:00"
    assert schedule.days() == {"saturday", "sunday", "monday"}
    assert (schedule.dates, schedule.nights) == ((date(2027, 6, 5),), 2)


def test_times_are_read_as_hours_and_minutes() -> None:
    schedule = parse("Tuesdays 9.05am-12pm")
    assert (schedule.opens_at, schedule.closes_at) == ("09:05", "12:00")
    assert parse("Tuesdays 9am").closes_at is None


def test_first_and_last_date_are_read_in_any_order() -> None:
    schedule = parse("until 2026-07-20 every Tuesday from 5 January 2026 10:30-12:00")
    assert (schedule.starts_on, schedule.ends_on) == (date(2026, 1, 5), date(2026, 7, 20))


def test_days_of_a_rule_are_named_for_listings() -> None:
    assert parse("2nd Thursday and 1st Monday 10:00").days() == {"monday", "thursday"}
    assert len(parse("15th of the month 10:00").days()) == 7
    assert parse("12 December 2026 18:00").days() == {"saturday"}


@pytest.mark.parametrize(
    ("exception", "sentence"),
    [
        ("August", "except August"),
        ("not in July and August", "except July and August"),
        ("October to March", "except October to March"),
        ("22 December 2026", "except 22 December 2026"),
        ("2026-12-22 to 2027-01-02", "except 22 December 2026 to 2 January 2027"),
        ("22 December to 2 January 2027", "except 22 December 2026 to 2 January 2027"),
        ("25 December", "except 25 December"),
        ("August 2026", "except 1 August 2026 to 31 August 2026"),
        ("bank holidays", "except bank holidays"),
        ("public holidays in Northern Ireland", "except bank holidays in Northern Ireland"),
        ("outside term time", "in term time only"),
        ("school holidays", "in term time only"),
        ("term time", "in the school holidays only"),
    ],
)
def test_exceptions_stand_in_the_sentence(exception: str, sentence: str) -> None:
    in_words = parse("every Tuesday 10:30", (exception,)).in_words()
    assert in_words == f"Every Tuesday, 10:30, {sentence}"


def test_exceptions_may_stand_in_the_rule_itself() -> None:
    within = parse("every Tuesday 10:30-12:00 (term-time only), not August or bank holidays")
    separate = parse("every Tuesday 10:30-12:00", ["outside term time", "August", "bank holidays"])
    assert within.exceptions == separate.exceptions


def test_words_may_follow_an_exception() -> None:
    in_words = parse("Tuesdays except August and bank holidays, 2-4pm, until July 2027").in_words()
    assert in_words == (
        "Every Tuesday, 14:00 to 16:00, until 31 July 2027, except August and bank holidays"
    )


def test_one_exception_may_be_given_without_a_list() -> None:
    assert parse("every Tuesday 10:30", "August") == parse("every Tuesday 10:30", ["August"])


def test_the_same_words_are_read_once() -> None:
    assert parse("every Tuesday 10:30", ["August"]) is parse("every Tuesday 10:30", ("August",))

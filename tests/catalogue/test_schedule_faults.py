"""What cannot be read as a schedule is refused in plain words, with an example that is right."""

import pytest

from catalogue.schedule.errors import ScheduleError
from catalogue.schedule.schedule import parse

FAULTS = [
    ("", "is empty"),
    (" \n ", "is empty"),
    ("x" * 10_000, "is 10,000 characters long"),
    ("every Tueday 10:30", 'cannot read "tueday". Did you mean "Tuesday"?'),
    ("fortnighly on Monday 10:30", 'Did you mean "fortnightly"?'),
    ("12 Decmber 2026 10:30", 'Did you mean "December"?'),
    ("every \u200bTuesday 10:30", 'cannot read "U+200Btuesday"'),
    ("Tuesdays 10:30\x00", 'cannot read "U+0000"'),
    ("Tuesdays 25:00", "25:00 is not a time of day"),
    ("Tuesdays 24:30", "24:30 is not a time of day"),
    ("Tuesdays 10:75", "10:75 is not a time of day"),
    ("Tuesdays 13pm", "13pm is not a time of day"),
    ("Tuesdays 14:00-12:00", "closes at 12:00, which is not after it opens at 14:00"),
    ("Tuesdays 18:00-17:00", "closes at 17:00"),
    ("Tuesdays 00:00-00:00", "closes at 00:00"),
    ("Tuesdays 10:30-10:30", "closes at 10:30"),
    ("Tuesdays 14:00-4:00", "closes at 04:00"),
    ("Tuesdays 10-12", 'cannot tell morning from afternoon in "10-12"'),
    ("Tuesdays at 10", 'cannot tell what "10" means'),
    ("Tuesdays 10:30 until 2026", 'cannot tell what "2026" means'),
    ("Tuesdays", "does not say what time"),
    ("12 December 2026", "does not say what time"),
    ("10:30-12:00", "does not say on which day"),
    ("monthly 10:30", "does not say on which day"),
    ("ring first", "roughly weekly, ring first"),
    ("31 February 2026 10:30", "there is no 31 February 2026"),
    ("2026-02-31 10:30", "there is no 2026-02-31"),
    ("29 February 2027 10:30", "there is no 29 February 2027"),
    ("0 March 2027 10:30", "there is no 0 March 2027"),
    ("12 December 1926 10:30", "the year 1926 is not between 2000 and 2099"),
    ("12/12/2026 10:30", 'cannot tell day from month in "12/12/2026"'),
    ("5.6.27 10:30", 'cannot tell day from month in "5.6.27"'),
    ("bi-weekly on Monday 10:30", "can mean twice a week or every 2 weeks"),
    ("bimonthly 10:30", "can mean twice a month or every 2 months"),
    ("twice a week 10:30", '"twice a week" does not say on which days'),
    ("Easter Sunday 10:30", '"easter" falls on another date each year'),
    ("half past ten on Tuesdays", 'write "half past ten" in figures'),
    ("Tuesdays, times TBC", '"tbc" does not say when'),
    ("Tuesday mornings 14:00", 'says "morning", but starts at 14:00'),
    ("Tuesday mornings and evenings 10:00", "names two parts of the day"),
    ("in June 10:00", "does not say on which day"),
    ("every year 10:30", "does not say in which month"),
    ("25 December 2026 every year 10:30", "gives a year to what is yearly"),
    ("1 May and 1 June every year 10:30", "gives dates in two months"),
    ("Sundays in June 10:30 except June", "leaves out every month it keeps to"),
    ("16th working day of the month 10:30", "not every month has 16 working days"),
    ("7 June 2027 18:00 to 5 June 2027 14:00", "5 June 2027 is before 7 June 2027"),
    ("5 June 2027 18:00 to 5 September 2027 14:00", "lasts more than 31 days"),
    ("12 December 10:30", "12 December lacks its year"),
    ("Sunday 12 December 2026 10:30", "12 December 2026 is a Saturday, not a Sunday"),
    ("1 January 2026 to 31 December 2026 10:30", "more than 31 dates"),
    ("1-20 May 2026 and 1-20 June 2026 10:30", "more than 31 dates"),
    ("every 0 weeks on Monday 10:30 from 2026-01-05", '"every 0 weeks" is not between 1 and 52'),
    ("every 99 months on the 1st Monday 10:30 from 2026-01-05", "not between 1 and 12 months"),
    ("fortnightly on Monday 10:30", "from which date"),
    ("every other Monday 10:30", "every 2 weeks on Monday 10:00-11:30 from 2026-01-05"),
    ("every 2 weeks on Monday 10:30 from 2026-01-06", "from 12 January 2026"),
    ("every 2nd Tuesday 10:30", '"every 2nd Tuesday" can mean two things'),
    ("6th Monday 10:30", "no month has 6 Mondays"),
    ("last of the month 10:30", "does not say which day of the month"),
    ("Tuesdays 10:30 and Thursdays 14:00", "write each as a schedule of its own"),
    ("Tuesdays 10:30-12:00, Thursdays", "gives days twice"),
    ("Tuesdays 10:30-12:00, 14:00-16:00", "gives times twice"),
    ("every Tuesday 10:30 from 2026-07-01 until 2026-01-01", "1 January 2026 is before"),
    ("every Tuesday 10:30 from 2026-07-01 until 2026-07-02", "never happens"),
    ("every Tuesday 10:30 from February 2026-12-12", "a date is missing"),
    ("12 December 2026 10:30 until 2027-01-01", "dates of its own and a from or until"),
    ("every day except Sunday 10:30", "Monday to Saturday"),
    ("every Tuesday 10:30 except", "leaves nothing out"),
    ("every Tuesday 10:30 in term time, in the school holidays", "term time and to the school"),
]

EXCEPTION_FAULTS = [
    ("", "is empty"),
    ("Agust", 'Did you mean "August"?'),
    ("31 June", "there is no 31 June"),
    ("2026-12-22 to 2026-01-02", "2 January 2026 is before 22 December 2026"),
    ("bank holidays in", "whose bank holidays"),
    ("every week", 'cannot read "every" as something left out'),
    ("August, every week", 'cannot read "every" as something left out'),
    ("22", 'cannot read "22" as something left out'),
]


@pytest.mark.parametrize(("words", "problem"), FAULTS)
def test_words_that_cannot_be_meant_are_refused(words: str, problem: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        parse(words)
    assert problem in str(refused.value)
    assert " For example: " in str(refused.value)
    assert str(refused.value).isprintable()


@pytest.mark.parametrize(("words", "problem"), EXCEPTION_FAULTS)
def test_exceptions_that_leave_nothing_out_are_refused(words: str, problem: str) -> None:
    with pytest.raises(ScheduleError) as refused:
        parse("every Tuesday 10:30", (words,))
    assert problem in str(refused.value)
    assert " For example: " in str(refused.value)


@pytest.mark.parametrize(
    "example",
    [
        "every Tuesday 10:30-12:00",
        "12 December 2026 18:00-20:00",
        "every 2 weeks on Monday 10:00-11:30 from 2026-01-05",
        "2nd Thursday of the month 14:00-16:00",
        "roughly weekly, ring first",
        "every Tuesday, ring first",
        "Fridays 22:00-02:00",
        "Tuesdays 2pm-4pm",
        "Monday to Saturday 10:00-16:00",
        "every day 10:00-16:00 from 1 January 2026 until 31 December 2026",
    ],
)
def test_examples_that_messages_give_can_be_read(example: str) -> None:
    assert parse(example).in_words()

"""What people say has changed about a time, read as the rule it makes, or left to a person."""

import pytest

from catalogue.schedule.everyday_changes import changed_rule

TUESDAY = "every Tuesday 10:30-12:00"


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("it starts at 11 now", "every Tuesday 11:00-12:30"),
        ("It starts at eleven now.", "every Tuesday 11:00-12:30"),
        ("Starts 11am", "every Tuesday 11:00-12:30"),
        ("begins at half past ten in the morning", None),  # as it was
        ("it's now 2pm", "every Tuesday 14:00-15:30"),
        ("2 o'clock now", "every Tuesday 14:00-15:30"),
        ("half past nine", "every Tuesday 09:30-11:00"),
        ("starts at quarter to ten", "every Tuesday 09:45-11:15"),
        ("Starts at 11 and ends at 1", None),  # "and" may join anything
        ("11 to 1", "every Tuesday 11:00-13:00"),
        ("10.30 - 12.30", "every Tuesday 10:30-12:30"),
        ("from 1 until 3", "every Tuesday 13:00-15:00"),
        ("it finishes at one", "every Tuesday 10:30-13:00"),
        ("ends at 1pm now", "every Tuesday 10:30-13:00"),
        ("Thursdays now", "every Thursday 10:30-12:00"),
        ("It has moved to Thursday", "every Thursday 10:30-12:00"),
        ("it moved from Tuesday to Wednesday", "every Wednesday 10:30-12:00"),
        ("It's on Weds now, not Tuesday", "every Wednesday 10:30-12:00"),
        ("it is Thursday at 2pm", "every Thursday 14:00-15:30"),
        ("Starts at noon", "every Tuesday 12:00-13:30"),
        ("It starts at 11 a.m., not 10:30", "every Tuesday 11:00-12:30"),
    ],
)
def test_a_day_or_a_time_in_everyday_words_changes_the_rule(
    sentence: str, rule: str | None
) -> None:
    assert changed_rule(TUESDAY, sentence) == rule


@pytest.mark.parametrize(
    "sentence",
    [
        "",
        "they moved it to Ruth's",
        "it does not start at 11",
        "There were 11 of us",
        "It starts at 11 in May",
        "starts at 11 every other week",
        "starts at 11 except in the school holidays",
        "Tuesday or Thursday",
        "Ring 01632 960123",
        "it starts at 11 and the cake costs £2",
        "starts at 25",
        "from the 5th it starts at 11",
        "one of us is always there",
        "It starts later now",
        "there are 2 rooms, it starts at 11",
    ],
)
def test_what_is_not_certain_is_left_to_a_person(sentence: str) -> None:
    assert changed_rule(TUESDAY, sentence) is None


@pytest.mark.parametrize(
    ("rule", "sentence", "changed"),
    [
        (
            "2nd Thursday of the month 14:00-16:00",
            "starts at 3",
            "2nd Thursday of the month 15:00-17:00",
        ),
        ("every Monday 19:00", "half past seven now", "every Monday 19:30"),
        ("every Monday 19:00", "Fridays now", "every Friday 19:00"),
        ("Monday to Friday 09:00-17:00", "it opens at 10", "Monday to Friday 10:00-18:00"),
        ("Monday to Friday 09:00-17:00", "Saturdays now", None),
        ("roughly weekly, ring first", "it starts at 11 now", None),
        ("every Friday 22:00-23:30", "starts at 23:00", None),  # it would last past midnight
        ("every Tuesday, ring first", "Thursdays now", None),
    ],
)
def test_only_the_part_that_was_said_is_another(
    rule: str, sentence: str, changed: str | None
) -> None:
    assert changed_rule(rule, sentence) == changed

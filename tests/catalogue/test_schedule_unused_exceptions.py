"""Exceptions of a timetable that leave nothing out."""

from datetime import UTC, datetime

import pytest

from catalogue.schedule.schedule import exceptions_without_session, parse

NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("when", "left_out", "expected"),
    [
        ("every Tuesday 10:00", ("22 December 2026",), ()),
        ("every Wednesday 10:00", ("22 December 2026",), ("22 December 2026",)),
        ("every Wednesday 10:00 except 22 December 2026", (), ("22 December 2026",)),
        ("every Wednesday 10:00", ("22 and 23 December 2026",), ("22 December 2026",)),
        ("every Wednesday 10:00", ("22 December 2026 to 2 January 2027",), ()),
        ("every Wednesday 10:00", ("25 December", "29 February", "bank holidays"), ()),
        ("every Wednesday 10:00", ("August", "outside term time"), ()),
        ("first Sunday in June 11:00", ("August",), ("August",)),
        ("first Sunday in June 11:00", ("bank holidays",), ("bank holidays",)),
        (
            "every Tuesday 10:00 from 5 January 2027",
            ("22 December 2026",),
            ("22 December 2026",),
        ),
        (
            "every 2 weeks on Tuesday 10:00 from 2026-12-01",
            ("22 December 2026",),
            ("22 December 2026",),
        ),
        ("12 December 2026 10:00", ("12 December 2026",), ()),
        ("roughly weekly, ring first", ("22 December 2026",), ()),
    ],
)
def test_what_is_left_out_although_nothing_is_on_is_named(
    when: str, left_out: tuple[str, ...], expected: tuple[str, ...]
) -> None:
    assert exceptions_without_session(parse(when, left_out), NOW) == expected

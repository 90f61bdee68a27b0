"""Calendar files against sessions: an independent library expands what we wrote, over two years.

Two years hold both changes of the clocks twice, and the night each session may cross.
"""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import recurring_ical_events
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar

from catalogue.model.activity import Activity, Provider, Source, Timetable, Venue
from catalogue.model.taxonomy import Area, Kind, SchoolTerm, Taxonomy
from catalogue.outputs.feeds import calendar
from catalogue.outputs.search import documents
from catalogue.schedule.schedule import Schedule
from tests.catalogue.test_schedule_properties import has_its_anchor, schedules
from tests.support.depth import examples

LONDON = ZoneInfo("Europe/London")
TODAY = date(2026, 11, 24)
NOW = datetime(2026, 11, 24, tzinfo=LONDON)
TWO_YEARS_ON = datetime(2028, 11, 23, tzinfo=LONDON)
SITE = "https://kith.example.org/"
TERMS = Taxonomy(
    kinds=(Kind(slug="choir", label="Choir", plural="Choirs"),),
    needs=(),
    access=(),
    signer_kinds=(),
    areas=(
        Area(
            name="Oxley Bridge",
            nation="Wales",
            terms=(
                SchoolTerm(name="a", starts_on=date(2026, 9, 2), ends_on=date(2026, 12, 18)),
                SchoolTerm(name="b", starts_on=date(2027, 1, 4), ends_on=date(2027, 3, 25)),
            ),
        ),
        Area(name="Temeford"),
    ),
)


def sings(*when: str | Timetable, **more: object) -> Activity:
    """Return a choir in Oxley Bridge at these times, checked on 1 November 2026."""
    rules = tuple(Timetable(when=rule) if isinstance(rule, str) else rule for rule in when)
    fields: dict[str, object] = {
        "title": "Sing anyway",
        "summary": "No auditions.",
        "kinds": ("choir",),
        "ways": ("in person",),
        "provider": Provider(name="The Mill"),
        "status": "active",
        "venues": (Venue(place="Oxley Bridge"),),
        "assured_on": date(2026, 11, 1),
        "slug": "sing-anyway",
    }
    return Activity(**{**fields, "schedule": rules, **more})  # type: ignore[arg-type]


def file_of(activity: Activity, today: date = TODAY) -> bytes:
    return calendar.calendar_file(
        activity.title, "", [calendar.events(activity, TERMS, today, SITE)]
    )


def events_of(activity: Activity) -> list[Any]:
    return list(Calendar.from_ical(file_of(activity)).walk("VEVENT"))


def expanded(file: bytes) -> list[tuple[datetime, datetime | None]]:
    """Return what a calendar program shows for two years from now, in UTC and in order."""
    events = recurring_ical_events.of(Calendar.from_ical(file)).between(NOW, TWO_YEARS_ON)
    times = [
        (event.start.astimezone(UTC), event.end.astimezone(UTC))
        for event in events
        if event.get("STATUS") != "CANCELLED"
    ]
    return sorted((starts, ends if ends > starts else None) for starts, ends in times)


def sessions_of_page(activity: Activity) -> list[tuple[datetime, datetime | None]]:
    """Return the sessions a page counts for the same two years, in UTC and in order."""
    coming = documents.sessions(activity, TERMS, NOW, 10_000)
    return sorted(
        (
            session.starts_at.astimezone(UTC),
            session.ends_at.astimezone(UTC) if session.ends_at else None,
        )
        for session in coming
        if not session.cancelled and session.starts_at.astimezone(UTC) < TWO_YEARS_ON
    )


def crosses_a_change(session_times: tuple[datetime, datetime | None]) -> bool:
    """Say whether the clocks change while it lasts: a file gives its hours, we give its end."""
    starts, ends = (moment.astimezone(LONDON) if moment else None for moment in session_times)
    assert starts
    return ends is not None and ends.utcoffset() != starts.utcoffset()


def start_times(sessions: list[tuple[datetime, datetime | None]]) -> list[datetime]:
    return [starts for starts, _ in sessions]


@settings(deadline=None, derandomize=True, max_examples=examples(150))
@given(schedules().filter(has_its_anchor), st.dates(date(2025, 1, 1), TODAY))
def test_a_calendar_program_shows_the_sessions_of_the_page(
    schedule: Schedule, assured_on: date
) -> None:
    activity = sings(schedule.in_words(), assured_on=assured_on)
    calendar_times, sessions = expanded(file_of(activity)), sessions_of_page(activity)
    assert start_times(calendar_times) == start_times(sessions)
    for calendar_time, other in zip(calendar_times, sessions, strict=True):
        assert calendar_time == other or crosses_a_change(other)


@pytest.mark.parametrize(
    ("when", "except_"),
    [
        ("every Tuesday 10:30-12:00", ()),
        ("every Sunday 00:30-03:30", ()),
        ("every Sunday 01:30", ("bank holidays",)),
        ("last Friday of the month 19:00", ("August", "bank holidays in Scotland")),
        ("1st and 5th Monday 10:00-11:00", ("22 December to 2 January",)),
        ("every 2 weeks on Monday and Friday 10:00-11:30 from 2026-01-05", ("outside term time",)),
        ("every day 22:00-06:00 until 2027-06-30", ("December to February",)),
        ("12 December 2026 and 9 January 2027 18:00-20:00", ("9 January 2027",)),
        ("every 3 months on the 31st 12:00 from 2026-01-31", ()),
    ],
)
def test_what_people_write_is_shown_as_it_was_meant(when: str, except_: tuple[str, ...]) -> None:
    activity = sings(Timetable(when=when, except_=except_))
    assert start_times(expanded(file_of(activity))) == start_times(sessions_of_page(activity)) != []


def test_several_timetables_are_several_events() -> None:
    activity = sings("every Tuesday 10:30-12:00", "every Friday 19:00", "12 December 2026 18:00")
    assert len({str(event["UID"]) for event in events_of(activity)}) == 3
    assert start_times(expanded(file_of(activity))) == start_times(sessions_of_page(activity))


def test_single_dates_are_events_of_their_own() -> None:
    """Few calendar programs read RDATEs."""
    uids = [str(event["UID"]) for event in events_of(sings("12 and 19 December 2026 18:00"))]
    assert uids == [
        "sing-anyway.1.20261212@kith.example.org",
        "sing-anyway.1.20261219@kith.example.org",
    ]


@pytest.mark.parametrize("when", ["roughly weekly, ring first", "every Tuesday 10:30, ring first"])
def test_a_time_nobody_is_sure_of_is_never_an_event(when: str) -> None:
    activity = sings(when, "every Friday 19:00")
    (event,) = events_of(activity)
    assert event.start.weekday() == 4
    assert "ask first" in event["DESCRIPTION"]  # there is no number to ring
    assert events_of(sings(when)) == []


@pytest.mark.parametrize(
    ("status", "ical_status"),
    [
        ("active", "CONFIRMED"),
        ("unknown", "TENTATIVE"),
        ("temporarily closed", "CANCELLED"),
        ("inactive", "CANCELLED"),
        ("defunct", "CANCELLED"),
    ],
)
def test_an_event_is_as_sure_as_the_entry(status: str, ical_status: str) -> None:
    (event,) = events_of(sings("every Tuesday 10:30", status=status))
    assert event["STATUS"] == ical_status


def test_terms_nobody_typed_in_make_it_doubtful() -> None:
    in_term = Timetable(when="every Tuesday 10:30 in term time only")
    (event,) = events_of(sings(in_term))
    assert event["STATUS"] == "CONFIRMED"
    assert "We know the school terms until 25 March 2027." in event["DESCRIPTION"]
    (unknown,) = events_of(sings(in_term, venues=(Venue(place="Temeford"),)))
    assert unknown["STATUS"] == "TENTATIVE"
    assert "We do not know the school terms here" in unknown["DESCRIPTION"]


def test_the_file_is_the_same_whatever_the_day_of_the_build() -> None:
    activity = sings(Timetable(when="every Monday 10:30", except_=("bank holidays", "22 May 2027")))
    later = file_of(activity, date(2026, 12, 31))
    assert file_of(activity) == later
    weekly = sings("every Monday 10:30")
    assert file_of(weekly) == file_of(weekly, date(2031, 5, 5))


def test_a_new_year_of_exceptions_is_a_new_revision() -> None:
    activity = sings(Timetable(when="every Monday 10:30", except_=("bank holidays",)))
    (first_event,) = events_of(activity)
    next_: Any  # icalendar gives a union of all properties there are
    (next_,) = Calendar.from_ical(file_of(activity, date(2027, 1, 1))).walk("VEVENT")
    assert str(next_["UID"]) == str(first_event["UID"])
    assert next_["SEQUENCE"] > first_event["SEQUENCE"]
    assert next_["DTSTAMP"].dt == datetime(2027, 1, 1, tzinfo=UTC)
    assert max(day.dt for day in next_["EXDATE"].dts).year == 2029


def test_a_later_check_is_a_later_revision_of_the_same_event() -> None:
    (before,) = events_of(sings("every Tuesday 10:30"))
    (after,) = events_of(sings("every Tuesday 10:30", assured_on=date(2026, 11, 20)))
    assert (before["UID"], before["SEQUENCE"]) < (after["UID"], after["SEQUENCE"])
    assert str(before["UID"]) == str(after["UID"])


def test_facts_that_were_read_somewhere_have_the_day_they_were_read() -> None:
    read = (Source(name="A page", read_on=date(2026, 10, 3)),)
    (event,) = events_of(sings("every Tuesday 10:30", assured_on=None, sources=read))
    assert event["DTSTAMP"].dt == datetime(2026, 10, 3, tzinfo=UTC)


def test_a_session_without_an_end_has_none_in_the_file() -> None:
    (event,) = events_of(sings("every Tuesday 10:30"))
    assert not {"DTEND", "DURATION"} & set(event)

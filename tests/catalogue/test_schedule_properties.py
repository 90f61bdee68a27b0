"""What holds for every schedule: made-up rules against dateutil, made-up words against crashes."""

import re
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import msgspec
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.schedule.calendar_days import DatedBreak, Exceptions, YearlyBreak
from catalogue.schedule.errors import ScheduleError
from catalogue.schedule.plain_english.tokens import VOCABULARY
from catalogue.schedule.recurrence import Repeat
from catalogue.schedule.rfc5545 import to_rfc5545
from catalogue.schedule.schedule import Schedule, parse, sessions

LONDON = ZoneInfo("Europe/London")
# Runs are repeatable, and no test is timed: the first bank holiday loads a large library.
repeatable = settings(deadline=None, derandomize=True)
YEARS = st.dates(date(2024, 1, 1), date(2030, 12, 31))
WEEKDAYS = st.integers(0, 6)


def sorted_set(numbers: st.SearchStrategy[int], most: int) -> st.SearchStrategy[tuple[int, ...]]:
    return st.sets(numbers, min_size=1, max_size=most).map(
        lambda numbers_drawn: tuple(sorted(numbers_drawn))
    )


def by_weekday(pairs: set[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    return tuple(sorted(pairs, key=lambda pair: (pair[1], pair[0] % 7)))


NTHS = st.sets(st.tuples(st.sampled_from([1, 2, 3, 4, 5, -1]), WEEKDAYS), min_size=1, max_size=4)
EVERY_MONTH = st.one_of(
    st.builds(Repeat, st.just("day"), st.integers(1, 31)),
    st.builds(Repeat, st.just("week"), st.integers(1, 52), sorted_set(WEEKDAYS, 7)),
    st.builds(Repeat, st.just("month"), st.integers(1, 12), st.just(()), NTHS.map(by_weekday)),
    st.builds(
        Repeat,
        st.just("month"),
        st.integers(1, 12),
        st.just(()),
        st.just(()),
        sorted_set(st.integers(1, 31), 3) | st.sampled_from([(-1,), (1, -1)]),
    ),
    st.builds(
        Repeat,
        st.just("month"),
        st.integers(1, 12),
        working_days=st.sampled_from([(1,), (-1,), (1, -1), (2, 10)]),
    ),
)
MONTHS = sorted_set(st.integers(1, 12), 11)
REPEATS = st.one_of(
    EVERY_MONTH,
    st.tuples(EVERY_MONTH.filter(lambda repeat: repeat.every == 1), MONTHS).map(
        lambda pair: msgspec.structs.replace(pair[0], months=pair[1])
    ),
)
CLOCK = st.times().map(lambda time: f"{time:%H:%M}")
DATED = st.tuples(YEARS, st.integers(0, 40)).map(
    lambda pair: DatedBreak(pair[0], pair[0] + timedelta(days=pair[1]))
)
DAY_OF_YEAR = YEARS.map(lambda day: (day.month, day.day))
EXCEPTIONS = st.builds(
    Exceptions,
    dated=st.lists(DATED, max_size=2, unique=True).map(tuple),
    yearly=st.lists(st.builds(YearlyBreak, DAY_OF_YEAR, DAY_OF_YEAR), max_size=2, unique=True).map(
        tuple
    ),
    bank_holidays=st.lists(
        st.sampled_from(["", "England", "Scotland", "Wales", "Northern Ireland"]),
        max_size=2,
        unique=True,
    ).map(tuple),
    only_in=st.sampled_from(["", "term time", "school holidays"]),
)


@st.composite
def schedules(draw: st.DrawFn) -> Schedule:
    repeat = draw(REPEATS)
    opens_at, closes_at = draw(CLOCK), draw(st.none() | CLOCK)
    if closes_at is not None and closes_at <= opens_at:
        closes_at = "12:00" if opens_at >= "17:00" else None
    starts_on = draw(YEARS if repeat.every > 1 else st.none() | YEARS)
    if starts_on and repeat.every > 1:
        starts_on = next(repeat.dates(starts_on, date(2080, 1, 1), starts_on), None)
    return Schedule(
        text="",
        rrule=repeat.rrule(),
        starts_on=starts_on or (date(2026, 1, 5) if repeat.every > 1 else None),
        ends_on=draw(st.none() | st.dates(date(2082, 1, 1), date(2090, 1, 1))),
        opens_at=opens_at,
        closes_at=closes_at,
        exceptions=draw(EXCEPTIONS),
        repeat=repeat,
    )


def meaning(schedule: Schedule) -> tuple[object, ...]:
    return tuple(getattr(schedule, name) for name in schedule.__struct_fields__ if name != "text")


def has_its_anchor(schedule: Schedule) -> bool:
    start = schedule.starts_on
    if start is None or schedule.repeat is None or schedule.repeat.every == 1:
        return True
    return next(schedule.repeat.dates(start, start, start), None) == start


@repeatable
@given(schedules().filter(has_its_anchor))
def test_a_sentence_reads_back_to_the_schedule_it_came_from(schedule: Schedule) -> None:
    assert meaning(parse(schedule.in_words())) == meaning(schedule)


@repeatable
@given(schedules().filter(has_its_anchor), YEARS, st.times())
def test_sessions_are_in_order_on_time_and_as_many_as_asked(
    schedule: Schedule, day: date, clock: time
) -> None:
    after = datetime.combine(day, clock, UTC)
    coming = sessions(schedule, after, 10)
    assert len(coming) <= 10
    for session in coming:
        assert f"{session.starts_at:%H:%M}" == schedule.opens_at
        assert after <= (session.ends_at or session.starts_at)
        assert session.ends_at is None or session.ends_at.astimezone(UTC) > session.starts_at
    instants = [session.starts_at.astimezone(UTC) for session in coming]
    assert all(earlier < later for earlier, later in pairwise(instants))
    assert sessions(schedule, after, 3) == coming[:3]


@repeatable
@given(schedules().filter(has_its_anchor), YEARS)
def test_dateutil_reads_the_same_sessions_from_the_rule(schedule: Schedule, since: date) -> None:
    """Cancelled ones are in neither; the rule is asked as far as it has EXDATEs."""
    midnight = datetime(since.year, since.month, since.day, tzinfo=LONDON)
    held_starts = [
        session.starts_at
        for session in sessions(schedule, midnight, 1_000)
        if not session.cancelled and session.starts_at.date() >= since
    ]
    rule = to_rfc5545(schedule, since)
    if rule is None:
        assert held_starts == []
        return
    single = "FREQ=DAILY;COUNT=1"
    read = rrulestr(rule.rrule or single, dtstart=rule.starts_at, forceset=True)
    for left_out in rule.exdates:
        read.exdate(left_out)
    for added in rule.rdates:
        read.rdate(added)
    assert held_starts == list(islice(read, len(held_starts)))


CHUNKS = st.sampled_from(
    [
        *VOCABULARY,
        *("every Tuesday", "10:30-12:00", "2-4pm", "22:00-02:00", "2026-12-12", "12 December 2026"),
        *("from 2026-01-05", "until July 2027", "of the month", "2 weeks on", "except August"),
        *("in June", "April to September", "every year", "December 6", "1st working day"),
        *("5 June 2027 18:00 to", "7 June 2027 14:00", "for 2 hours", "of the quarter"),
        *(
            "bank holidays in England",
            "in term time only",
            "ring first",
            ",",
            "-",
            "12",
            "31",
            "2nd",
        ),
    ]
)


@repeatable
@given(st.lists(CHUNKS, max_size=9).map(" ".join) | st.text(max_size=320))
def test_any_words_are_either_read_or_refused_in_words(words: str) -> None:
    try:
        schedule = parse(words)
    except ScheduleError as refused:
        problem = str(refused)
    else:
        problem = "none. For example: this one"
        assert meaning(parse(schedule.in_words())) == meaning(schedule)
        sessions(schedule, datetime(2026, 11, 22, tzinfo=UTC))
    assert re.fullmatch(r".+ For example: .+", problem)

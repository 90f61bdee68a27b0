"""Lines of calendar files, held to what the icalendar library writes and reads."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo

from dateutil.tz import tzical
from hypothesis import example, given, settings
from hypothesis import strategies as st
from icalendar import Calendar, vDuration, vText
from icalendar.parser import Contentlines

from catalogue.outputs.feeds import calendar, calendar_lines

repeatable = settings(deadline=None, derandomize=True)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]) | st.just("\n"), max_size=400)
TRICKY = st.text("\\,;:\nné€🎻 ", max_size=400)


@repeatable
@given(WORDS | TRICKY)
@example("x" * 63 + "\\" * 40)
@example("🎻" * 60)
def test_any_words_come_back_as_they_were(words: str) -> None:
    line_written = calendar_lines.text("DESCRIPTION", words)
    (line,) = [line for line in Contentlines.from_ical(line_written) if line]  # type: ignore[no-untyped-call]
    name, _, value = line.parts()
    assert (name, value) == ("DESCRIPTION", words)


@repeatable
@given(WORDS | TRICKY)
def test_words_are_escaped_as_the_library_escapes_them(words: str) -> None:
    assert calendar_lines.escaped(words).encode() == vText(words.replace("\\N", "")).to_ical() or (
        "\\N" in words  # which the library takes for a line end already escaped
    )


@repeatable
@given(WORDS | TRICKY)
def test_no_line_is_longer_than_75_octets_and_each_is_whole(words: str) -> None:
    lines = calendar_lines.text("DESCRIPTION", words)
    assert lines.endswith(b"\r\n")
    for line in lines.removesuffix(b"\r\n").split(b"\r\n"):
        assert len(line) <= 75
        line.decode()  # no character is cut in two
        assert (len(line) - len(line.rstrip(b"\\"))) % 2 == 0


def test_controls_and_foreign_line_ends_do_not_reach_the_file() -> None:
    assert calendar_lines.text("SUMMARY", "a\r\nb\rc\x00\x1b\tEND:VEVENT") == (
        b"SUMMARY:a\\nb\\nc\tEND:VEVENT\r\n"
    )


def test_words_cannot_add_a_property() -> None:
    injected = "Tea\r\nATTENDEE:mailto:all@example.org\nEND:VEVENT"
    file = calendar.calendar_file(injected, "", [])
    assert b"\nATTENDEE" not in file
    assert b"\r\nEND:VEVENT" not in file
    assert "ATTENDEE" not in Calendar.from_ical(file)


@repeatable
@given(st.integers(1, 24 * 60))
def test_a_duration_reads_back(minutes: int) -> None:
    lasts = timedelta(minutes=minutes)
    duration = calendar_lines.duration(lasts).decode().strip().removeprefix("DURATION:")
    assert vDuration.from_ical(duration) == lasts  # type: ignore[no-untyped-call]


def test_the_time_zone_in_the_file_is_that_of_london() -> None:
    """Read by another library, around each change of the clocks for a century."""
    in_file = tzical(StringIO(calendar_lines.LONDON.decode())).get(calendar_lines.ZONE)
    assert in_file is not None
    london = ZoneInfo("Europe/London")
    for year in range(2000, 2101):
        for day in range(24, 32):  # the clocks change on one of them, at one o'clock
            for month in (3, 10):
                for hour in (0, 1, 2):
                    moment = datetime(year, month, day, hour, tzinfo=UTC)
                    in_london = moment.astimezone(london)
                    assert moment.astimezone(in_file).utcoffset() == in_london.utcoffset(), moment

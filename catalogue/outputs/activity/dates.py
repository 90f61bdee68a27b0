"""When an activity happens: its timetables in words, and its next sessions as tiles."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import groupby, islice

import msgspec

from catalogue.i18n.gettext import _, short_month
from catalogue.model.activity import Activity, Timetable
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting as words
from catalogue.outputs.listings.card import sentence, span
from catalogue.schedule import schedule
from catalogue.schedule.schedule import Session

TILES = 6
FAR_DAYS = 183  # from half a year on a tile says its year


class DateTile(msgspec.Struct, frozen=True):
    """One day as a tile. `starts_at` is the ISO 8601 of its first session.

    `in_full` names day and times, and the venue where there are several; `begins` the start alone.
    """

    starts_at: str
    day: str
    month: str
    in_full: str
    begins: str
    cancelled: bool
    why: str


class UpcomingSession(msgspec.Struct, frozen=True):
    """A session, and its venue where there are several."""

    session: Session
    venue: str

    @property
    def day(self) -> tuple[date, bool]:
        """Return the day in London, and whether it is held: what makes one tile."""
        return self.session.starts_at.astimezone(words.LOCAL).date(), not self.session.cancelled


class TimetableView(msgspec.Struct, frozen=True):
    """One timetable in words, with its note and, where there are several, its venue."""

    words: str
    note: str
    venue: str


def timetables(activity: Activity) -> Iterator[TimetableView]:
    """Yield its timetables as they are written."""
    for rule in activity.schedule:
        read = schedule.parse(rule.when, rule.except_)
        in_words = read.in_words(rings=bool(activity.contact.phone))
        yield TimetableView(sentence(in_words), rule.note, _venue(activity, rule))


def upcoming_sessions(
    activity: Activity, taxonomy: Taxonomy, now: datetime
) -> tuple[UpcomingSession, ...]:
    """Return the next sessions of each of its timetables, in order of time."""
    upcoming = _sessions(activity, taxonomy, now)
    return tuple(sorted(upcoming, key=lambda item: item.session.starts_at))


def tiles(upcoming: Iterable[UpcomingSession], now: datetime) -> tuple[DateTile, ...]:
    """Return the next days on which it happens, by any of its timetables; cancelled ones marked."""
    days = groupby(upcoming, lambda item: item.day)
    return tuple(_tile(tuple(of_day), now) for _key, of_day in islice(days, TILES))


def next_held(dates: Iterable[DateTile]) -> DateTile | None:
    """Return the first that is not cancelled."""
    return next((date for date in dates if not date.cancelled), None)


def _venue(activity: Activity, rule: Timetable) -> str:
    return rule.venue if len(activity.venues) > 1 else ""


def _sessions(activity: Activity, taxonomy: Taxonomy, now: datetime) -> Iterator[UpcomingSession]:
    calendar = taxonomy.calendar(activity.first_place)
    for rule in activity.schedule:
        read = schedule.parse(rule.when, rule.except_)
        for session in schedule.sessions(read, now, TILES, calendar):
            yield UpcomingSession(session, _venue(activity, rule))


def _tile(sessions: tuple[UpcomingSession, ...], now: datetime) -> DateTile:
    today = now.astimezone(words.LOCAL).date()
    first = sessions[0].session
    starts = first.starts_at.astimezone(words.LOCAL)
    far = (starts.date() - today).days >= FAR_DAYS
    month = short_month(starts.date())
    return DateTile(
        starts_at=first.starts_at.isoformat(timespec="minutes").replace("+00:00", "Z"),
        day=str(starts.day),
        month=f"{month} {starts.year}" if far else month,
        in_full=_in_full(sessions, today),
        begins=span(first.starts_at, None, today),
        cancelled=first.cancelled,
        why=first.why,
    )


def _in_full(sessions: tuple[UpcomingSession, ...], today: date) -> str:
    """Return "Tuesday 1 December, 10:30 to 12:00, at the Mill; 14:00 to 15:00, at the hall"."""
    first, *later_sessions = sessions
    days_and_times = [
        span(first.session.starts_at, first.session.ends_at, today),
        *map(_times, later_sessions),
    ]
    placed = zip(days_and_times, sessions, strict=True)
    return "; ".join(
        _("%(when)s, at %(venue)s", when=timetables, venue=at.venue) if at.venue else timetables
        for timetables, at in placed
    )


def _times(at: UpcomingSession) -> str:
    """Return the times without their day."""
    return span(at.session.starts_at, at.session.ends_at).partition(", ")[2]

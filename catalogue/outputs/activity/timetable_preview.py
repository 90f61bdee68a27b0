"""What a timetable means before it is written: its next six dates, and exceptions that miss it."""

from collections.abc import Mapping
from datetime import datetime

import msgspec

from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity, Timetable
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.activity import dates
from catalogue.outputs.activity.dates import DateTile, UpcomingSession
from catalogue.outputs.listings.card import sentence
from catalogue.schedule import schedule
from catalogue.schedule.errors import ScheduleError
from catalogue.schedule.everyday_changes import changed_rule


class TimetablePreview(msgspec.Struct, frozen=True):
    """One timetable as it is understood.

    `dates` are its next six; `no_dates` says why there are none, "" where there are.
    `without_session` names what it leaves out although nothing is on then.
    """

    words: str
    dates: tuple[DateTile, ...]
    no_dates: str
    without_session: tuple[str, ...]


def preview_timetables(
    activity: Activity, taxonomy: Taxonomy, now: datetime
) -> tuple[TimetablePreview, ...]:
    """Return each timetable of an activity that can be read, as it is understood."""
    calendar = taxonomy.calendar(activity.first_place)
    previews = []
    for rule in activity.schedule:
        try:
            read = schedule.parse(rule.when, rule.except_)
        except ScheduleError:
            continue
        sessions = schedule.sessions(read, now, dates.TILES, calendar)
        tiles = dates.tiles((UpcomingSession(session, "") for session in sessions), now)
        previews.append(
            TimetablePreview(
                words=sentence(read.in_words(rings=bool(activity.contact.phone))),
                dates=tiles,
                no_dates="" if tiles else _why_no_dates(read.certain),
                without_session=schedule.exceptions_without_session(read, now, calendar),
            )
        )
    return tuple(previews)


def preview_words(
    text: str, activity: Activity, taxonomy: Taxonomy, now: datetime
) -> TimetablePreview | None:
    """Return what somebody wrote about the time as it would be understood; None where it cannot.

    It may be a time as entries have it, or what has changed in everyday words. Exceptions that the
    activity has now are taken to go on.
    """
    left_out = tuple(
        dict.fromkeys(exception for rule in activity.schedule for exception in rule.except_)
    )
    for when in filter(None, (text, changed_time(text, activity))):
        new = msgspec.structs.replace(activity, schedule=(Timetable(when=when, except_=left_out),))
        if previews := preview_timetables(new, taxonomy, now):
            return previews[0]
    return None


def changed_time(text: str, activity: Activity) -> str:
    """Return the time of an activity as entries have it, with what somebody says has changed.

    Nothing where that is not certain, or where the activity has several times.
    """
    if len(activity.schedule) != 1:
        return ""
    return changed_rule(activity.schedule[0].when, text) or ""


def changes_times(old: Mapping[str, str], new: Mapping[str, str]) -> bool:
    """Say whether two sets of dotted fields differ in when an activity happens."""
    return any(
        old.get(field, "") != new.get(field, "")
        for field in {**old, **new}
        if field.startswith("schedule")
    )


def _why_no_dates(certain: bool) -> str:
    if certain:
        return _("There is no date to come: all are past, or more than two years away.")
    return _("We show no dates, because nobody knows them exactly.")

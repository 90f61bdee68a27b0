"""The timetables of an activity as schema.org's Schedule: rules a machine can follow.

What a rule leaves out is given by months, where it leaves out whole ones, and by day for half a
year; what it leaves out later is in its words.
"""

from collections.abc import Iterable, Iterator, Set
from datetime import date, datetime, timedelta

from catalogue.model.activity import Activity, Timetable
from catalogue.model.school_calendar import Calendar
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.activity.schema_org import CONTEXT, Schedule
from catalogue.outputs.listings.card import sentence
from catalogue.schedule import schedule
from catalogue.schedule.calendar_days import NOTHING_LEFT_OUT
from catalogue.schedule.recurrence import CODES, Repeat

LEFT_OUT_DAYS = 183
DAYS = tuple(
    f"{CONTEXT}/{day}"
    for day in ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
)
PERIODS = {"day": "D", "week": "W", "month": "M"}
ZONE = "Europe/London"


def rules(activity: Activity, taxonomy: Taxonomy, now: datetime) -> Iterator[Schedule]:
    """Yield its rules at `now` (aware); single dates are none, nor is what nobody is sure of."""
    calendar = taxonomy.calendar(activity.first_place)
    today = now.astimezone(formatting.LOCAL).date()
    for rule in activity.schedule:
        read = schedule.parse(rule.when, rule.except_)
        if read.repeat and read.certain:
            yield _schedule(read, read.repeat, rule, today, calendar)


def _schedule(
    read: schedule.Schedule, repeat: Repeat, rule: Timetable, today: date, calendar: Calendar
) -> Schedule:
    months = read.exceptions.whole_months()
    return Schedule(
        schedule_timezone=ZONE,
        description=_in_words(read, rule),
        start_date=read.starts_on,
        end_date=read.ends_on,
        repeat_frequency=f"P{repeat.every}{PERIODS[repeat.unit]}",
        by_day=tuple(_days(repeat)),
        by_month=_by_month(repeat, months),
        by_month_day=repeat.month_days,
        start_time=f"{read.opens_at}:00" if read.opens_at else "",
        end_time=f"{read.closes_at}:00" if read.closes_at else "",
        except_date=tuple(_left_out(read, today, calendar, months)),
    )


def _in_words(read: schedule.Schedule, rule: Timetable) -> str:
    """Return what no other property says: what it leaves out later on, and a note."""
    by_words_alone = read.exceptions.need_dates() or (read.repeat and read.repeat.working_days)
    in_words = sentence(read.in_words()) if by_words_alone else ""
    return ". ".join(filter(None, (in_words, rule.note)))


def _by_month(repeat: Repeat, left_out: Set[int]) -> tuple[int, ...]:
    """Return the months it keeps to, less those it leaves out; none where that is all."""
    if not repeat.months and not left_out:
        return ()
    return tuple(month for month in repeat.months or range(1, 13) if month not in left_out)


def _days(repeat: Repeat) -> Iterator[str]:
    """Yield days of the week, or "2TH" and "-1FR" of the month, as schema.org has both."""
    yield from (DAYS[day] for day in repeat.weekdays)
    yield from (f"{nth}{CODES[day]}" for nth, day in repeat.nth_weekdays)


def _left_out(
    read: schedule.Schedule, today: date, calendar: Calendar, months: Iterable[int]
) -> Iterator[date]:
    if read.exceptions == NOTHING_LEFT_OUT:
        return
    for day in schedule.planned_days(read, today, today + timedelta(LEFT_OUT_DAYS), calendar):
        if day.month not in months and read.exceptions.why(day, calendar):
            yield day

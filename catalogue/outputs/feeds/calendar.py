"""Activities as calendar files (iCalendar, RFC 5545), a VEVENT for each timetable.

The same entry gives the same bytes whatever the day of the build, but for one thing: exceptions no
rule can say (bank holidays, school terms, single dates) are EXDATEs up to the end of the year after
next, so a file that has some changes once a year. Times nobody is sure of are never written as
events; what is closed is written as cancelled, for those who have it in their calendar already.
"""

from collections.abc import Iterable, Iterator
from datetime import date
from urllib.parse import urlsplit

from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity, Timetable
from catalogue.model.school_calendar import Calendar
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting, worlds
from catalogue.outputs.activity.plain_facts import contact, facts
from catalogue.outputs.activity.venue import place_in_words
from catalogue.outputs.feeds.calendar_lines import (
    LONDON,
    ZONE,
    at,
    duration,
    escaped,
    line,
    midnight,
    text,
)
from catalogue.schedule import rfc5545, schedule
from catalogue.schedule.rfc5545 import Recurrence
from catalogue.schedule.schedule import Schedule

FILE = "calendar.ics"
HORIZON_YEARS = 2
FIRST_REVISION = date(2000, 1, 1)  # SEQUENCE counts days from here
STATUS = {
    "active": "CONFIRMED",
    "unknown": "TENTATIVE",
    "temporarily closed": "CANCELLED",
    "inactive": "CANCELLED",
    "defunct": "CANCELLED",
}


def calendar_file(name: str, url: str, events: Iterable[bytes]) -> bytes:
    """Return a calendar file of this name whose address is `url`, empty where that is not known."""
    head = [
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Kith//Community directory//EN\r\n",
        text("NAME", name),
        text("X-WR-CALNAME", name),
        line("X-WR-TIMEZONE", ZONE),
        line("REFRESH-INTERVAL;VALUE=DURATION", "P1D"),
        line("X-PUBLISHED-TTL", "P1D"),
        line("SOURCE;VALUE=URI", url) if url else b"",
    ]
    return b"".join([*head, LONDON, *events, b"END:VCALENDAR\r\n"])


def events(activity: Activity, taxonomy: Taxonomy, today: date, site_url: str) -> bytes:
    """Return the VEVENTs of one activity, nothing where no time is certain.

    Of `today` (in London) only the year counts.
    """
    shared = _shared(activity, taxonomy, site_url)
    calendar = taxonomy.calendar(activity.first_place)
    since = activity.checked_on or date(today.year, 1, 1)
    lines = b""
    for number, rule in enumerate(activity.schedule, 1):
        read = schedule.parse(rule.when, rule.except_)
        horizon = date(today.year + HORIZON_YEARS, 12, 31)
        planned = rfc5545.to_rfc5545(read, since, calendar, horizon)
        if planned is None:
            continue
        revised = _revised(activity, read, since, today)
        about = _about(activity, rule, _doubts(read, calendar), taxonomy, site_url)
        status = line("STATUS", _status(activity, read, calendar))
        for uid, event_schedule in _each(f"{activity.slug}.{number}", planned):
            lines += _event(
                f"{uid}@{_host(site_url)}", revised, event_schedule, status + about + shared
            )
    return lines


def _host(site_url: str) -> str:
    """Return what makes a UID one of this directory's."""
    return urlsplit(site_url).hostname or "kith.invalid"


def _revised(activity: Activity, read: Schedule, since: date, today: date) -> date:
    """Return the last day the event changed: with the entry, or when a year of EXDATEs came."""
    on = activity.checked_on or since
    needs_dates = read.exceptions.need_dates() or (read.repeat and read.repeat.working_days)
    return max(on, date(today.year, 1, 1)) if needs_dates else on


def _each(uid: str, planned: Recurrence) -> Iterator[tuple[str, Recurrence]]:
    """Yield a UID and its event: the rule, or each date of a one-off by itself.

    Few calendar programs read RDATEs.
    """
    if not planned.rdates:
        yield uid, planned
        return
    for starts_at in (planned.starts_at, *planned.rdates):
        yield f"{uid}.{starts_at:%Y%m%d}", Recurrence(starts_at, planned.lasts, None)


def _event(uid: str, revised: date, planned: Recurrence, about: bytes) -> bytes:
    when = [
        b"BEGIN:VEVENT\r\n",
        text("UID", uid),
        midnight("DTSTAMP", revised),
        midnight("LAST-MODIFIED", revised),
        line("SEQUENCE", str((revised - FIRST_REVISION).days)),
        at("DTSTART", planned.starts_at),
        duration(planned.lasts) if planned.lasts else b"",
        line("RRULE", planned.rrule) if planned.rrule else b"",
        at("EXDATE", *planned.exdates) if planned.exdates else b"",
    ]
    return b"".join([*when, about, b"TRANSP:TRANSPARENT\r\nEND:VEVENT\r\n"])


def _about(
    activity: Activity, rule: Timetable, doubt: str, taxonomy: Taxonomy, site_url: str
) -> bytes:
    """Return the words that differ between the timetables of one activity."""
    lines = (*facts(activity, taxonomy), doubt, _page(activity, site_url))
    where = text("LOCATION", place_in_words(activity, taxonomy, rule.venue))
    return where + text("DESCRIPTION", "\n".join(filter(None, lines)))


def _status(activity: Activity, read: Schedule, calendar: Calendar) -> str:
    """Return STATUS; sessions that hang on school terms nobody typed in are not confirmed."""
    doubtful = read.exceptions.only_in and not calendar.terms
    sure = STATUS[activity.status]
    return "TENTATIVE" if doubtful and sure == "CONFIRMED" else sure


def _doubts(read: Schedule, calendar: Calendar) -> str:
    """Return what is not known about the school terms it keeps to, if it keeps to them."""
    if not read.exceptions.only_in:
        return ""
    if not calendar.terms:
        return _("We do not know the school terms here: ask before you go.")
    last = formatting.long_date(max(term.ends_on for term in calendar.terms))
    return _("We know the school terms until %(day)s. After that, ask.", day=last)


def _page(activity: Activity, site_url: str) -> str:
    return f"{site_url.rstrip('/')}/activities/{activity.slug}/" if site_url else ""


def _shared(activity: Activity, taxonomy: Taxonomy, site_url: str) -> bytes:
    """Return what all its timetables have in common."""
    labels = ",".join(escaped(taxonomy.kind[kind].label) for kind in activity.kinds)
    return b"".join(
        [
            text("SUMMARY", worlds.title(activity)),
            line("CATEGORIES", labels),
            line("URL", page) if (page := _page(activity, site_url)) else b"",
            text("CONTACT", whom_to_ask) if (whom_to_ask := contact(activity)) else b"",
            _geo(activity),
        ]
    )


def _geo(activity: Activity) -> bytes:
    """Return GEO where there is one venue, shown and not invented, whose coordinates are known."""
    if activity.demonstration or len(activity.venues) != 1:
        return b""
    (venue,) = activity.venues
    if venue.hidden == "yes" or venue.latitude is None or venue.longitude is None:
        return b""
    return line("GEO", f"{venue.latitude};{venue.longitude}")

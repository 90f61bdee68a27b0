"""The queue of corrections as a page shows it: by activity, how old, who has one open."""

from collections.abc import Mapping
from datetime import datetime
from urllib.parse import urlencode

import msgspec

from api.features.corrections.bodies import ABOUT, STILL_RIGHT
from api.features.corrections.review import queue_store
from api.features.corrections.store import Correction
from api.staff.people import actor_name
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.formatting import LOCAL, ago, clock
from catalogue.outputs.forms import Form

URL = "/staff/corrections"

STATES: Mapping[str, str] = {
    "received": gettext_noop("To be read"),
    "held": gettext_noop("Held"),
    "undone": gettext_noop("Undone, waits again"),
    "accepted": gettext_noop("Accepted"),
    "rejected": gettext_noop("Rejected"),
}
FILTERS: Mapping[str, str] = {
    "waiting": gettext_noop("Waiting"),
    "held": gettext_noop("Held"),
    "undone": gettext_noop("Taken back"),
    "accepted": gettext_noop("Accepted"),
    "rejected": gettext_noop("Rejected"),
}
Readers = Mapping[str, tuple[str, datetime]]
"""Who (their name in the trail) opened which reference lately, and when."""


class QueuedCorrection(msgspec.Struct, frozen=True):
    """One correction in the queue; `reader` says that a colleague has opened it just now."""

    reference: str
    url: str
    about: str
    state: str
    calm: bool
    since: str
    reader: str


class ActivityGroup(msgspec.Struct, frozen=True):
    """What there is about one activity. `url` is "" where it is gone; `all_url` shows all of it."""

    title: str
    url: str
    waiting: int
    all_url: str
    rows: tuple[QueuedCorrection, ...]


class QueueFilter(msgspec.Struct, frozen=True):
    """One way to narrow the queue."""

    url: str
    words: str
    count: int
    is_selected: bool


class CorrectionQueuePage(Page, frozen=True, kw_only=True):
    """A part of the queue, by activity.

    `only` is the title of the one activity that is shown, or "". `all_url`, `next_url` and
    `start_url` lead to all activities, to the next part, and to the first; "" where there is none.
    """

    template = "staff/corrections.html"

    groups: tuple[ActivityGroup, ...]
    filters: tuple[QueueFilter, ...]
    only: str
    all_url: str
    next_url: str
    start_url: str
    form: Form
    """Looks up a reference."""
    build_faults: tuple[str, ...]


def groups(
    part: queue_store.CorrectionQueuePart,
    readers: Readers,
    names: Mapping[str, str],
    catalogue: Catalogue,
    now: datetime,
) -> tuple[ActivityGroup, ...]:
    """Return a page of the queue by activity, in the order of the first of each."""
    by_activity: dict[str, list[QueuedCorrection]] = {}
    for correction in part.corrections:
        reader_name = reader(readers.get(correction.reference), names)
        rows = by_activity.setdefault(correction.activity, [])
        rows.append(queued_correction(correction, now, reader_name))
    return tuple(
        ActivityGroup(
            title=activity_title(slug, catalogue),
            url=f"/activities/{slug}/" if catalogue.activity(slug) else "",
            waiting=part.waiting.get(slug, 0),
            all_url=f"{URL}?{urlencode({'activity': slug})}",
            rows=tuple(rows),
        )
        for slug, rows in by_activity.items()
    )


def queued_correction(correction: Correction, now: datetime, reader: str = "") -> QueuedCorrection:
    """Return one row: nothing of what the visitor wrote."""
    return QueuedCorrection(
        reference=correction.reference,
        url=f"{URL}/{correction.reference}",
        about=about_text(correction),
        state=_(STATES[correction.state]),
        calm=correction.state == "received",
        since=ago(correction.created_at.astimezone(LOCAL).date(), now.astimezone(LOCAL).date()),
        reader=reader,
    )


def filters(counts: Mapping[str, int], selected: str, activity: str) -> tuple[QueueFilter, ...]:
    """Return the ways to narrow the queue, with how many there are of all activities."""
    return tuple(
        QueueFilter(address(name, activity), _(words), counts[name], name == selected)
        for name, words in FILTERS.items()
    )


def address(state: str, activity: str = "", after: str = "") -> str:
    """Return where the queue is shown so."""
    parameters = {
        "show": "" if state == "waiting" else state,
        "activity": activity,
        "after": after,
    }
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{URL}?{query}" if query else URL


def reader(lock_reading: tuple[str, datetime] | None, names: Mapping[str, str]) -> str:
    """Return who has opened it, and when, in words; "" for nobody."""
    if lock_reading is None:
        return ""
    actor, at = lock_reading
    return _("%(name)s opened it at %(time)s", name=actor_name(actor, names), time=clock(at))


def about_text(correction: Correction) -> str:
    """Return what is said to be wrong, in words."""
    return _(ABOUT.get(correction.about, STILL_RIGHT))


def activity_title(slug: str, catalogue: Catalogue) -> str:
    """Return an activity's title, or its slug where it is gone."""
    activity = catalogue.activity(slug)
    return activity.title if activity else slug

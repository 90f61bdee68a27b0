"""An entry before it is written: its card and page as they would be, and what would be unknown."""

import re
from collections.abc import Iterator

import msgspec

from api.content_files.entry_change import EntryChange
from api.content_files.entry_fields import Difference, differences, fields_of
from api.context import Context
from catalogue.build.page_types import ActivityPage
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.text import name_key
from catalogue.outputs.activity.page import ActivityView, activity_view
from catalogue.outputs.activity.timetable_preview import (
    TimetablePreview,
    changes_times,
    preview_timetables,
)
from catalogue.outputs.listings.card import Card, card
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.search import documents
from catalogue.read.entry import parse_entry

SCRIPTS = re.compile(r"<script\b.*?</script>", re.DOTALL)
"""A page that is only looked at runs nothing."""
NO_LINKS = '<base target="_blank">'
"""Links would open another window, which the frame of the preview does not allow."""


class EntryPreview(msgspec.Struct, frozen=True):
    """What would be written, and how it would look. `address` is that of its page; the card, whose
    page is not there yet, leads to the preview.

    `page` is the whole page as HTML. `differences` are those from the file as it stands, none where
    it is new; `diff` is the same in the file. `same_title` are others that are called alike.
    """

    address: str
    card: Card
    page: str
    timetables: tuple[TimetablePreview, ...]
    no_times: bool
    unknown: tuple[str, ...]
    differences: tuple[Difference, ...]
    words_changed: bool
    diff: str
    text: str
    same_title: tuple[Link, ...]


def preview(change: EntryChange, activity: Activity, context: Context) -> EntryPreview:
    """Return the preview of a change without faults; `activity` is the entry as it would be."""
    catalogue = context.catalogue
    view = activity_view(activity, catalogue, context.now)
    document = documents.document(activity, catalogue.taxonomy, context.now)
    old, new = fields_of(change.before), fields_of(change.after)
    is_new = not change.before
    shows_times = is_new or changes_times(old, new)
    return EntryPreview(
        address=f"{context.settings.base_url}{view.url}",
        card=msgspec.structs.replace(
            card(document, catalogue.taxonomy, context.today), url="#preview"
        ),
        page=_page(activity, view, context),
        timetables=preview_timetables(activity, catalogue.taxonomy, context.now)
        if shows_times
        else (),
        no_times=not activity.schedule,
        unknown=tuple(_unknown(view)),
        differences=()
        if is_new
        else differences(change.before, change.after, change.path, catalogue.taxonomy),
        words_changed=not is_new and _body(change.before) != _body(change.after),
        diff="" if is_new else change.diff,
        text=change.after.decode(),
        same_title=tuple(_same_title(activity, catalogue)),
    )


def _page(activity: Activity, view: ActivityView, context: Context) -> str:
    service = context.pages.service
    terms = context.catalogue.taxonomy
    page = ActivityPage(
        page=view,
        service=service.for_activity(activity, terms),
        served=service.serves(activity, terms),
    )
    html = SCRIPTS.sub("", context.pages.html(page, view.title, section="find"))
    return html.replace("<head>", f"<head>{NO_LINKS}", 1)


def _unknown(view: ActivityView) -> Iterator[str]:
    """Yield what the page would say is not known."""
    if not view.when:
        yield _("When it is")
    if not view.cost_known:
        yield _("What it costs")
    if view.visit_unknown:
        yield _("What the first visit is like")
    else:
        yield from (answer.question for answer in view.answers if answer.answer == "unknown")
    for place in view.getting_in:
        for fact in place.access.unknown:
            yield f"{place.venue}: {fact}" if place.venue else fact
    if view.getting_there.to_ask:
        yield view.getting_there.to_ask


def _same_title(activity: Activity, catalogue: Catalogue) -> Iterator[Link]:
    key = name_key(activity.title)
    for other in catalogue.activities:
        if other.slug != activity.slug and name_key(other.title) == key:
            yield Link(other.title, f"/activities/{other.slug}/")


def _body(raw: bytes) -> str:
    return parse_entry(raw, "").body

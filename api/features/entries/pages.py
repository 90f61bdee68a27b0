"""The staff's pages of entries: the list, the form of one with its preview, and one taken off."""

from collections.abc import Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.features.entries import form_view, history, store
from api.features.entries.form import Values
from api.features.entries.form_view import SectionView
from api.features.entries.preview import EntryPreview
from api.features.entries.store import EntryRevision
from api.features.entries.write import stands_as_written
from api.moderation.history import HistoryEntry
from api.staff import people
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.catalogue import Catalogue
from catalogue.model.text import words
from catalogue.outputs.forms import FieldError, Form

URL = "/staff/activities"
ADD_URL = f"{URL}/add"
LISTED = 50

UNDO: Mapping[str, str] = {
    "added": gettext_noop("Undo: take it out again"),
    "changed": gettext_noop("Undo: put back what stood before"),
    "ended": gettext_noop("Undo: it goes on"),
    "reopened": gettext_noop("Undo: it has ended"),
    "removed": gettext_noop("Bring it back"),
}


class EntryRow(msgspec.Struct, frozen=True):
    """One entry in the list; `state` is "" for one that runs."""

    url: str
    title: str
    where: str
    state: str


class EntryListPage(Page, frozen=True, kw_only=True):
    """Entries to change, those of a search or the first ones, and what staff did lately."""

    template = "staff/entries.html"

    form: Form
    add_url: str
    rows: tuple[EntryRow, ...]
    total: int
    recent: tuple["RecentChange", ...]
    build_faults: tuple[str, ...]


class RecentChange(msgspec.Struct, frozen=True):
    """A change that staff made lately, and the page of its entry."""

    url: str
    title: str
    sentence: str
    actor: str
    at: str


class LastChange(msgspec.Struct, frozen=True):
    """The last change of an entry, and the button that takes it back; `undo` is "" for none."""

    sentence: str
    actor: str
    at: str
    undo_url: str
    undo: str


class EntryFormPage(Page, frozen=True, kw_only=True):
    """The form of a new entry (`entry_url` is "") or of one that stands, with its preview.

    `hidden_fields` are names and values that go back unseen. `conflicts` are fields that a
    colleague has changed too. `site_url` is "" where the site has no page of it.
    """

    template = "staff/entry.html"

    heading: str
    entry_url: str
    site_url: str
    path: str
    form: Form
    sections: tuple[SectionView, ...]
    areas: tuple[str, ...]
    hidden_fields: tuple[tuple[str, str], ...]
    preview: EntryPreview | None
    notice: str
    conflicts: tuple[str, ...]
    unsupported_fields: tuple[str, ...]
    """Fields that this form would lose: the entry is changed by hand."""
    entry: str
    ended: bool
    last_change: LastChange | None
    history: tuple[HistoryEntry, ...]
    build_faults: tuple[str, ...]


class EntryGonePage(Page, frozen=True, kw_only=True):
    """An entry that was taken off, and the way to bring it back."""

    template = "staff/entry_gone.html"

    heading: str
    notice: str
    last_change: LastChange | None
    history: tuple[HistoryEntry, ...]


class EntryTrail(msgspec.Struct, frozen=True):
    """What staff did to an entry, the newest first, and each change with what is said of it."""

    changes: tuple[tuple[EntryRevision, HistoryEntry], ...]
    history: tuple[HistoryEntry, ...]


def read_trail(connection: Connection, slug: str, context: Context) -> EntryTrail:
    """Return what staff did to an entry, the newest first."""
    revisions = store.of_activity(connection, slug)
    names = people.names_by_id(connection, context.encryption) if revisions else {}
    histories = [
        history.history_of(connection, revision.reference, names) for revision in revisions
    ]
    lines_in_order = sorted(
        (line for lines in histories for line in lines), key=lambda line: -line.seq
    )
    pairs = zip(revisions, histories, strict=True)
    return EntryTrail(
        tuple((revision, lines[-1]) for revision, lines in pairs), tuple(lines_in_order)
    )


def last_change(trail: EntryTrail, raw: bytes | None) -> LastChange | None:
    """Return the last change that still stands in the file, None where it does not."""
    for revision, line in trail.changes:
        if stands_as_written(revision, raw):
            undo_url = f"{URL}/changes/{revision.reference}/undo"
            return LastChange(
                line.sentence, line.actor, line.at, undo_url, _(UNDO[revision.action])
            )
    return None


def recent_changes(
    connection: Connection, context: Context, catalogue: Catalogue
) -> tuple[RecentChange, ...]:
    """Return what staff did lately to any entry, the newest first."""
    revisions = store.newest(connection)
    names = people.names_by_id(connection, context.encryption) if revisions else {}
    changes = []
    for revision in revisions:
        line = history.history_of(connection, revision.reference, names)[0]
        activity = catalogue.activity(revision.activity)
        title = activity.title if activity else revision.activity
        changes.append(
            RecentChange(edit_url(revision.activity), title, line.sentence, line.actor, line.at)
        )
    return tuple(changes)


def rows(catalogue: Catalogue, typed: str) -> tuple[tuple[EntryRow, ...], int]:
    """Return the entries whose title, place or provider holds all words, and how many there are."""
    words_typed = words(typed)
    activities = [
        activity
        for activity in sorted(catalogue.activities, key=lambda activity: activity.title)
        if _holds(words_typed, (activity.title, activity.provider.name, *activity.place_names))
    ]
    recent = tuple(
        EntryRow(
            edit_url(activity.slug),
            activity.title,
            ", ".join((*activity.place_names, *activity.area_served)[:3]),
            _("It has ended") if activity.status == "defunct" else "",
        )
        for activity in activities[:LISTED]
    )
    return recent, len(activities)


def edit_url(slug: str) -> str:
    """Return the address of the form of an entry."""
    return f"{URL}/edit/{slug}"


def form_page(
    *,
    heading: str,
    slug: str,
    values: Values,
    errors: Sequence[FieldError],
    hidden_fields: Mapping[str, str],
    context: Context,
    preview: EntryPreview | None = None,
    notice: str = "",
    conflicts: tuple[str, ...] = (),
    unsupported_fields: tuple[str, ...] = (),
    more: str = "",
    path: str = "",
    raw: bytes | None = None,
    trail: EntryTrail | None = None,
    digest: str = "",
    ended: bool = False,
) -> EntryFormPage:
    """Return the form of an entry with what is typed; `slug` is "" for a new one."""
    catalogue = context.catalogue
    return EntryFormPage(
        heading=heading,
        entry_url=edit_url(slug) if slug else "",
        site_url=f"/activities/{slug}/" if slug and catalogue.activity(slug) else "",
        path=path,
        form=Form(edit_url(slug) if slug else ADD_URL, values, tuple(errors)),
        sections=form_view.sections(values, errors, catalogue.taxonomy, more),
        areas=tuple(area.name for area in catalogue.taxonomy.areas),
        hidden_fields=tuple(hidden_fields.items()),
        preview=preview,
        notice=notice,
        conflicts=conflicts,
        unsupported_fields=unsupported_fields,
        entry=digest,
        ended=ended,
        last_change=last_change(trail, raw) if trail else None,
        history=trail.history if trail else (),
        build_faults=context.rebuild_queue.failed,
    )


def _holds(words_typed: Sequence[str], texts: Sequence[str]) -> bool:
    words_known = [word for text in texts for word in words(text)]
    return all(
        any(word.startswith(word_typed) for word in words_known) for word_typed in words_typed
    )

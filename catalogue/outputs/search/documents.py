"""One activity as a search document: the flat public record every search engine is fed.

It holds no personal fact: the contact stays on the page. One document serves the engine in the
process, the one in the browser (its lite half) and a Meilisearch server.
"""

from collections import Counter
from collections.abc import Collection, Iterable
from datetime import date, datetime, time, timedelta
from pathlib import Path

import msgspec

from catalogue.i18n import gettext, languages
from catalogue.i18n.gettext import _, ngettext
from catalogue.model.activity import Activity, YesNoUnknown
from catalogue.model.catalogue import Catalogue
from catalogue.model.gazetteer import Venue
from catalogue.model.geo import Point
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs import formatting
from catalogue.outputs.activity.freshness import Level, level
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.search import filters
from catalogue.outputs.search.filters import DAYS, Day
from catalogue.read import build_cache
from catalogue.read.build_cache import StructCache
from catalogue.schedule import schedule

__all__ = ["DAYS", "Day", "Point", "SearchDocument", "as_of", "document", "documents"]

COMING = 3  # sessions a document carries, so that it still knows the next one in the evening,
IN_A_SLOT = 2  # and of each of its slots in the week,
LOOKED_AT = 40  # among so many


HeldSession = tuple[str, str | None]  # start and end; the end is not always known


class SearchDocument(msgspec.Struct, frozen=True):
    """What can be found, filtered and shown on a card. Times are ISO 8601 with offset."""

    slug: str
    title: str
    url: str
    summary: str
    kinds: tuple[str, ...]  # slugs
    kind_labels: tuple[str, ...]
    kind_aliases: tuple[str, ...]  # what people type for these kinds
    needs: tuple[str, ...]  # slugs: written on the entry, or of a need its kinds often help
    need_words: tuple[str, ...]
    ways: tuple[str, ...]
    places: tuple[str, ...]  # of its venues, and all areas around them
    area_served: tuple[str, ...]  # as written, and all areas around them
    outward_codes: tuple[str, ...]
    points: tuple[Point, ...]
    days: tuple[Day, ...]
    when: str  # the rule in words
    next_session: str | None  # start of the next session that is held
    next_ends: str | None
    cost: str
    free: YesNoUnknown
    access_yes: tuple[str, ...]
    access_unknown: tuple[str, ...]
    welcomes_newcomers_alone: YesNoUnknown
    lift_offered: YesNoUnknown
    languages: tuple[str, ...]
    provider: str
    venue: str  # "The Mill, Oxley Bridge" for a card
    status: str
    assured_on: str | None
    demonstration: bool
    body: str
    coming: tuple[tuple[str, str | None], ...] = ()  # start and end of the next sessions held
    slots: tuple[str, ...] = ()  # "monday/morning": see `filters.slots`
    buddy: YesNoUnknown = "unknown"  # whether somebody can meet a newcomer at the door
    minimum_age: int | None = None  # in whole years; None: no limit is written
    maximum_age: int | None = None
    promises: tuple[str, ...] = ()  # "pledge/commitment": what its provider does now
    freshness: Level = "unchecked"
    lang: str = ""  # the tag of its words, where they are not in the site's language


def documents(
    catalogue: Catalogue, now: datetime, before: StructCache[SearchDocument] | None = None
) -> list[SearchDocument]:
    """Return the documents of all activities that can be joined, in order of slug.

    `before` are those of `earlier`, which need not be made again.
    """
    cache = before or StructCache(None, SearchDocument, b"")
    promised = filters.promises(catalogue, now.astimezone(formatting.LOCAL).date())
    search_documents = [
        _cached_or_made(activity, catalogue.taxonomy, now, promised, cache)
        for activity in catalogue.activities
        if activity.status not in ("defunct", "inactive")
    ]
    cache.save()
    return search_documents


def cached_documents(
    catalogue: Catalogue, now: datetime, root: Path
) -> StructCache[SearchDocument]:
    """Return the documents that an earlier build of `root` made from the same sources."""
    messages = (
        build_cache.digest_files(root / "tongues"),
        gettext.active_language().language.encode(),
    )
    shared_digest = build_cache.digest(
        build_cache.digest_value((catalogue.taxonomy, now)), *messages
    )
    return StructCache(
        root / build_cache.FOLDER / build_cache.DOCUMENTS, SearchDocument, shared_digest
    )


def _cached_or_made(
    activity: Activity,
    taxonomy: Taxonomy,
    now: datetime,
    promised: filters.Promises,
    cache: StructCache[SearchDocument],
) -> SearchDocument:
    promises = promised.get(activity.provider.signatory, ())
    key = build_cache.digest_value((activity, promises))
    new_document = cache.get(activity.slug, key) or document(activity, taxonomy, now, promises)
    cache.put(activity.slug, key, new_document)
    return new_document


def document(
    activity: Activity, taxonomy: Taxonomy, now: datetime, promises: tuple[str, ...] = ()
) -> SearchDocument:
    """Return the search document of one activity as it stands at `now` (aware).

    `promises` are what its provider does now, as `filters.promises` has them.
    """
    kinds = [taxonomy.kind[slug] for slug in activity.kinds]
    needs = [need for need in taxonomy.needs if _helps(activity, need.slug, need.kinds)]
    coming = _coming(activity, taxonomy, now)
    access = filters.access(activity, taxonomy)
    return SearchDocument(
        slug=activity.slug,
        title=activity.title,
        url=f"/activities/{activity.slug}/",
        summary=activity.summary,
        kinds=activity.kinds,
        kind_labels=tuple(kind.label for kind in kinds),
        kind_aliases=tuple(alias for kind in kinds for alias in kind.aliases),
        needs=tuple(need.slug for need in needs),
        need_words=tuple(text for need in needs for text in (need.label, *need.aliases)),
        ways=activity.ways,
        places=_around(activity.place_names, taxonomy),
        area_served=_around(activity.area_served, taxonomy),
        outward_codes=filters.outward_codes(activity, taxonomy),
        points=filters.points(activity, taxonomy),
        days=days(activity),
        when=_("No more dates known, ask") if is_past(activity, taxonomy, now) else when(activity),
        next_session=coming[0][0] if coming else None,
        next_ends=coming[0][1] if coming else None,
        cost=formatting.cost(activity.cost),
        free=activity.free,
        access_yes=tuple(slug for slug, answer in access.items() if answer == "yes"),
        access_unknown=tuple(slug for slug, answer in access.items() if answer == "unknown"),
        welcomes_newcomers_alone=activity.first_visit.welcomes_newcomers_alone,
        lift_offered=activity.getting_there.lift_offered,
        languages=activity.languages,
        provider=activity.provider.name,
        venue=venue_line(activity),
        status=activity.status,
        assured_on=activity.assured_on.isoformat() if activity.assured_on else None,
        demonstration=activity.demonstration,
        body=activity.body,
        coming=coming,
        slots=filters.slots(activity),
        buddy=activity.first_visit.buddy_can_meet_you,
        minimum_age=activity.eligibility.minimum_age,
        maximum_age=activity.eligibility.maximum_age,
        promises=promises,
        freshness=level(activity.assured_on, now.astimezone(formatting.LOCAL).date()),
        lang=languages.lang_tag(activity.language),
    )


def venues(documents: Iterable[SearchDocument]) -> tuple[Venue, ...]:
    """Return the venues that documents name, of those that have only one, without their rooms."""
    return tuple(
        Venue(name.partition(",")[0], document.places[0], next(iter(document.points), None))
        for document in documents
        if document.places and len(document.points) < 2
        for name, _area, rest in [document.venue.rpartition(f", {document.places[0]}")]
        if name and not rest
    )


def as_of(
    document: SearchDocument,
    now: datetime | None,
    days: Collection[str] = (),
    times: Collection[str] = (),
    dates: Collection[date] = (),
) -> SearchDocument:
    """Return the document as it stands at `now`: a session that is over is not the next one.

    With days, dates or times of day its next session is the next one that falls on them. A document
    lives for a day; it carries enough sessions for that. Without `now` none is over.
    """
    is_any = not days and not times and not dates
    sessions_left = (
        session
        for session in sessions_of(document)
        if is_left(session, now) and (is_any or _falls_on(document, session, days, times, dates))
    )
    starts, ends = next(sessions_left, (None, None))
    return msgspec.structs.replace(document, next_session=starts, next_ends=ends)


def sessions_of(document: SearchDocument) -> tuple[HeldSession, ...]:
    """Return start and end of the sessions a document carries."""
    if document.coming or document.next_session is None:
        return document.coming
    return ((document.next_session, document.next_ends),)


def is_left(session: HeldSession, now: datetime | None) -> bool:
    """Say whether a session is not over yet; without `now` none is."""
    return now is None or datetime.fromisoformat(session[1] or session[0]) >= now


def is_on_date(session: HeldSession, dates: Collection[date]) -> bool:
    """Say whether a session begins on one of the dates, or goes round the clock on it."""
    starts = datetime.fromisoformat(session[0])
    ends = datetime.fromisoformat(session[1]) if session[1] else starts
    if ends - starts < timedelta(days=1):
        return starts.date() in dates
    return any(starts.date() <= on and datetime.combine(on, time(), LOCAL) < ends for on in dates)


def parts_of_session(document: SearchDocument, session: HeldSession) -> frozenset[str]:
    """Return the parts of the day that a session stands in; "" for one that is not known."""
    parts = {slot.partition("/")[2] for slot in session_slots(document, session)}
    return frozenset(parts or {""})


def _falls_on(
    document: SearchDocument,
    session: HeldSession,
    days: Collection[str],
    times: Collection[str],
    dates: Collection[date],
) -> bool:
    if dates and is_on_date(session, dates):
        parts = parts_of_session(document, session)
        if not times or "" in parts or parts & set(times):
            return True
    return bool(days or not dates) and any(
        filters.slot_fits(slot, days, times) for slot in session_slots(document, session)
    )


def session_slots(document: SearchDocument, session: HeldSession) -> tuple[str, ...]:
    """Return the slots in the week that one of the sessions of a document stands in."""
    starts = datetime.fromisoformat(session[0])
    ends = datetime.fromisoformat(session[1]) if session[1] else None
    return filters.slots_of_session(document.slots, starts, ends)


def _coming(
    activity: Activity, taxonomy: Taxonomy, now: datetime
) -> tuple[tuple[str, str | None], ...]:
    """Return the next sessions held: the first few, and the first of each slot in the week."""
    if activity.status in ("temporarily closed", "inactive", "defunct"):
        return ()
    held_sessions = [
        session for session in sessions(activity, taxonomy, now, LOOKED_AT) if not session.cancelled
    ]
    if not held_sessions and (later := next_session(activity, taxonomy, now)):
        held_sessions = [later]
    slots = filters.slots(activity)
    session_times: list[tuple[str, str | None]] = []
    count_of_slot: Counter[str] = Counter()
    for session in held_sessions:
        of = filters.slots_of_session(slots, session.starts_at, session.ends_at)
        if len(session_times) < COMING or any(count_of_slot[slot] < IN_A_SLOT for slot in of):
            count_of_slot.update(of)
            ends_at = session.ends_at.isoformat() if session.ends_at else None
            session_times.append((session.starts_at.isoformat(), ends_at))
    return tuple(session_times)


def _helps(activity: Activity, need: str, kinds: tuple[str, ...]) -> bool:
    return need in activity.needs or any(kind in kinds for kind in activity.kinds)


def sessions(
    activity: Activity, taxonomy: Taxonomy, now: datetime, count: int = 6
) -> list[schedule.Session]:
    """Return the next sessions of all its timetables together, cancelled ones marked."""
    place = next(iter((*activity.place_names, *activity.area_served)), "")
    calendar = taxonomy.calendar(place)
    all_sessions = [
        session
        for timetable in activity.schedule
        for session in schedule.sessions(
            schedule.parse(timetable.when, timetable.except_), now, count, calendar
        )
    ]
    return sorted(all_sessions, key=lambda session: session.starts_at)[:count]


def next_session(activity: Activity, taxonomy: Taxonomy, now: datetime) -> schedule.Session | None:
    """Return the next session that is held, or None where none is known."""
    if activity.status in ("temporarily closed", "inactive", "defunct"):
        return None
    place = next(iter((*activity.place_names, *activity.area_served)), "")
    calendar = taxonomy.calendar(place)
    next_by_rule = [
        schedule.next_held(schedule.parse(rule.when, rule.except_), now, calendar)
        for rule in activity.schedule
    ]
    return min(
        (session for session in next_by_rule if session),
        key=lambda session: session.starts_at,
        default=None,
    )


def days(activity: Activity) -> tuple[Day, ...]:
    """Return the days of the week it can happen on, Monday first."""
    on = {
        name
        for rule in activity.schedule
        for name in schedule.parse(rule.when, rule.except_).days()
    }
    return tuple(name for name in DAYS if name in on)


def is_past(activity: Activity, taxonomy: Taxonomy, now: datetime) -> bool:
    """Say whether every date its entry knows of lies behind."""
    calendar = taxonomy.calendar(activity.first_place)
    rules = [schedule.parse(rule.when, rule.except_) for rule in activity.schedule]
    return bool(rules) and all(schedule.is_past(rule, now, calendar) for rule in rules)


def when(activity: Activity) -> str:
    """Return all its timetables in words, or that the time is not known."""
    rules = [
        schedule.parse(rule.when, rule.except_).in_words(rings=bool(activity.contact.phone))
        + (f" ({rule.note})" if rule.note else "")
        for rule in activity.schedule
    ]
    return "; ".join(rules) or _("Time not known, ask")


def venue_line(activity: Activity) -> str:
    """Return where, short: the first venue and its place, or the way it reaches you."""
    if not activity.venues:
        return formatting.ways(activity.ways).capitalize()
    first = activity.venues[0]
    name = f"{first.name}, {first.place}" if first.name else first.place
    more = len(activity.venues) - 1
    if not more:
        return name
    return ngettext(
        "%(venue)s, and %(num)s more place", "%(venue)s, and %(num)s more places", more, venue=name
    )


def _around(names: tuple[str, ...], taxonomy: Taxonomy) -> tuple[str, ...]:
    return tuple(dict.fromkeys(area.name for name in names for area in taxonomy.around(name)))

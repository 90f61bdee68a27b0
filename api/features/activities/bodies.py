"""The JSON of activities in answers. Public facts only; times are ISO 8601 with offset."""

from datetime import datetime
from typing import Annotated

import msgspec
from msgspec import Meta

from api.search.port import Answer, Facet, Group, GroupCount, Hit, Understood, World
from catalogue.model.activity import Activity, YesNoUnknown
from catalogue.model.taxonomy import HelpNow, Taxonomy
from catalogue.outputs.search.documents import sessions, venue_line, when
from catalogue.outputs.search.site_pages import PageKind
from catalogue.schedule.schedule import Session


class FoundActivity(msgspec.Struct, frozen=True):
    """One hit: what a card shows, and what a program may filter by.

    `ask` names the facts asked for that nobody wrote down ("free", "access/step-free"): with any it
    only may fit. `distance_km` is to its nearest venue, roughly so with `distance_about`.
    """

    slug: str
    title: str
    url: str
    summary: str
    kinds: tuple[str, ...]
    place: str
    when: str
    next_session: str | None
    cost: str
    free: YesNoUnknown
    ways: tuple[str, ...]
    days: tuple[str, ...]
    provider: str
    status: str
    assured_on: str | None
    demonstration: bool
    group: Group
    ask: tuple[str, ...]
    distance_km: float | None
    distance_about: bool


class HelpNumber(msgspec.Struct, frozen=True):
    """A number, whose it is (empty: everybody's), and when it is the right one."""

    name: str
    number: str
    says: str


class CrisisHelp(msgspec.Struct, frozen=True):
    """Help that is shown above all else, where the words of a search speak of a crisis."""

    title: str
    text: str
    numbers: tuple[HelpNumber, ...]


class FoundPage(msgspec.Struct, frozen=True):
    """A page beside the activities that holds the words: of a pledge, a signatory, a course, ..."""

    url: str
    title: str
    kind: PageKind


class FoundActivities(msgspec.Struct, frozen=True):
    """A page of hits, in groups where a place was asked: *near*, *serves* it, *comes* there,
    *remote*, or the nearest *further* off. A place that is not known for sure groups nothing;
    `place_offers` are what it may mean.

    Hits are real or of the demonstration, never both. `world` says which where a directory holds
    both and no place decides it: "invented" ones are the answer only where no real one fits.

    Of `total` hits `matching` fit for certain and `may` more may. `too_old` were not checked for a
    year and are left out near a place. `understood` are words that became filters; given as
    `as_typed` they are words again. `also_looked_for` are words tried in place of those given,
    `left_out` words that had to be given up, which `partly` of the hits lack. `help_now` goes above
    all of it: the words speak of suicide, of violence or of an emergency.
    """

    total: Annotated[int, Meta(ge=0)]
    page: Annotated[int, Meta(ge=1)]
    pages: Annotated[int, Meta(ge=1)]
    per_page: Annotated[int, Meta(ge=1, le=100)]
    engine: str
    degraded: bool
    matching: Annotated[int, Meta(ge=0)]
    may: Annotated[int, Meta(ge=0)]
    groups: tuple[GroupCount, ...]
    world: World
    place: str
    place_known: bool
    place_about: bool
    place_offers: tuple[str, ...]
    place_town: str
    within_km: int
    too_old: int
    understood: tuple[Understood, ...]
    also_looked_for: tuple[str, ...]
    left_out: tuple[str, ...]
    partly: Annotated[int, Meta(ge=0)]
    help_now: CrisisHelp | None
    site_pages: tuple[FoundPage, ...]
    facets: dict[str, tuple[Facet, ...]]
    results: tuple[FoundActivity, ...]


class NextSession(msgspec.Struct, frozen=True):
    """One dated occurrence; a cancelled one says why."""

    starts_at: str
    ends_at: str | None
    cancelled: bool
    why: str


class ActivityDetail(msgspec.Struct, frozen=True):
    """An activity with all its public facts, as its entry has them, and its next sessions."""

    slug: str
    url: str
    where: str
    when: str
    next_sessions: tuple[NextSession, ...]
    entry: Activity


def found_activity(hit: Hit) -> FoundActivity:
    """Return a hit; its next session is the next one that fits the question."""
    document = hit.document
    return FoundActivity(
        slug=document.slug,
        title=document.title,
        url=document.url,
        summary=document.summary,
        kinds=document.kinds,
        place=document.venue,
        when=document.when,
        next_session=document.next_session,
        cost=document.cost,
        free=document.free,
        ways=document.ways,
        days=document.days,
        provider=document.provider,
        status=document.status,
        assured_on=document.assured_on,
        demonstration=document.demonstration,
        group=hit.group,
        ask=hit.ask,
        distance_km=None if hit.distance_km is None else round(hit.distance_km, 1),
        distance_about=hit.about,
    )


def found_activities(answer: Answer, help_now: HelpNow | None) -> FoundActivities:
    """Return an engine's answer as the API's."""
    return FoundActivities(
        total=answer.total,
        page=answer.page,
        pages=answer.pages,
        per_page=answer.per_page,
        engine=answer.engine,
        degraded=answer.degraded,
        matching=answer.matching,
        may=answer.may,
        groups=answer.groups,
        world=answer.world,
        place=answer.place,
        place_known=answer.place_known,
        place_about=answer.place_about,
        place_offers=answer.place_offers,
        place_town=answer.place_town,
        within_km=answer.within_km,
        too_old=answer.too_old,
        understood=answer.understood,
        also_looked_for=answer.also_looked_for,
        left_out=answer.left_out,
        partly=answer.partly,
        help_now=_crisis_help(help_now) if help_now else None,
        site_pages=tuple(FoundPage(page.url, page.title, page.kind) for page in answer.site_pages),
        facets=answer.facets,
        results=tuple(map(found_activity, answer.hits)),
    )


def _crisis_help(help_now: HelpNow) -> CrisisHelp:
    numbers = tuple(
        HelpNumber(number.name, number.number, number.says) for number in help_now.numbers
    )
    return CrisisHelp(help_now.title, help_now.text, numbers)


def activity_detail(activity: Activity, terms: Taxonomy, now: datetime) -> ActivityDetail:
    """Return one activity with its next sessions as they stand at `now` (aware)."""
    return ActivityDetail(
        slug=activity.slug,
        url=f"/activities/{activity.slug}/",
        where=venue_line(activity),
        when=when(activity),
        next_sessions=tuple(map(_session, sessions(activity, terms, now))),
        entry=activity,
    )


def _session(session: Session) -> NextSession:
    return NextSession(
        starts_at=session.starts_at.isoformat(),
        ends_at=session.ends_at.isoformat() if session.ends_at else None,
        cancelled=session.cancelled,
        why=session.why,
    )

"""The answer of the find form as a page: the same question, the same engine, no scripts needed."""

import asyncio
from datetime import date, datetime
from typing import Any

import msgspec
from litestar import Request, Response

from api.context import Context
from api.features.activities import active_filters as chosen
from api.features.activities import crisis_help as help_now
from api.features.activities import suggestions as ways_on
from api.features.activities.question import Known, Question, read
from api.features.gaps import count_gap
from api.releases.current_release import LoadedRelease
from api.search import filters
from api.search.port import Answer, Group, Hit
from catalogue.build.templates import Page
from catalogue.i18n import gettext
from catalogue.i18n.gettext import _, ngettext
from catalogue.model.taxonomy import HelpNow, Taxonomy
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.search.choices import Choices
from catalogue.outputs.search.documents import as_of
from catalogue.outputs.search.form import SearchForm
from catalogue.outputs.search.result import Found, found

CARDS_A_PAGE = 24
ABROAD_KM = 150  # a nearest activity further off than this is no help: at sea, or abroad


class ResultGroup(msgspec.Struct, frozen=True):
    """The cards of one group on this page. A search without a place has one, without a title."""

    name: Group
    title: str
    cards: tuple[Found, ...]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All the results page says, in words; what there is nothing to say of is empty."""

    total: int
    count: str
    sure: str
    notes: tuple[str, ...]
    groups: tuple[ResultGroup, ...]
    chosen: tuple[Link, ...]
    orders: tuple[Link, ...]
    ways_on: tuple[Link, ...]
    help_now: HelpNow | None
    from_home: tuple[Found, ...]
    page: int
    pages: int
    previous_url: str
    next_url: str


class ResultsPage(Page, frozen=True, kw_only=True):
    """The find form as it was filled in, and all that was found."""

    template = "results.html"
    asked: SearchForm
    choices: Choices
    answered: Results


async def results_page(request: Request[Any, Any, Any], context: Context) -> Response[str]:
    """Search as the form asks; what cannot be read (an old link) is left out and said."""
    release, now = context.release, context.now
    offered = release.choices_on(now.astimezone(LOCAL).date())
    known = Known.of(release.catalogue.taxonomy, offered)
    question = read(request.query_params, known, CARDS_A_PAGE)
    answer, links, remote = await asyncio.to_thread(_searched, question, release)
    asked = question.asked
    if not _something(answer):
        count_gap(context, request.scope, place=asked.place, kind=asked.kind, need=asked.need)
    results = _answered(answer, question, release, offered, now, links, remote)
    page = ResultsPage(asked=asked, choices=offered, answered=results)
    return context.pages.page(page, _title(answer, asked), section="find")


def _searched(
    question: Question, release: LoadedRelease
) -> tuple[Answer, tuple[Link, ...], tuple[Hit, ...]]:
    """Return the answer, looser questions where little fits, and what there is from home."""
    answer = release.engine.search(question.query)
    if answer.matching >= ways_on.FEW and _something(answer):
        return answer, (), ()
    links = ways_on.links(release.engine, question.query, question.asked, answer.total)
    remote = () if answer.total else ways_on.from_home(release.engine, question.query)
    return answer, links, remote


def _something(answer: Answer) -> bool:
    """Say whether anything was found that is not merely the nearest there is."""
    return any(group.group != "further" for group in answer.groups)


def _title(answer: Answer, asked: SearchForm) -> str:
    what = asked.q or _("Find company")
    if not answer.total:
        return _("%(what)s: nothing found", what=what)
    return _("%(what)s: %(num)s found", what=what, num=answer.total)


def _answered(
    answer: Answer, question: Question, release: LoadedRelease, offered: Choices, now: datetime,
    links: tuple[Link, ...], remote: tuple[Hit, ...],
) -> Results:  # fmt: skip
    terms, asked, today = release.catalogue.taxonomy, question.asked, now.astimezone(LOCAL).date()

    def shown(hits: tuple[Hit, ...]) -> tuple[Found, ...]:
        return tuple(_found(hit, terms, now, today) for hit in hits)

    before, after = answer.page > 1, answer.page < answer.pages
    return Results(
        total=answer.total,
        count=_count(answer),
        sure=_sure(answer),
        notes=tuple(_notes(answer, question)),
        groups=tuple(
            ResultGroup(one.group, _heading(one.group, answer.place), shown(hits))
            for one in answer.groups
            if (hits := tuple(hit for hit in answer.hits if hit.group == one.group))
        ),
        chosen=chosen.chosen(asked, offered),
        orders=chosen.orders(asked, offered, _orders(answer, question)) if answer.total else (),
        ways_on=links,
        help_now=help_now.needed(terms.help_now, asked.q),
        from_home=shown(remote),
        page=answer.page,
        pages=answer.pages,
        previous_url=asked.address(min(answer.page - 1, answer.pages)) if before else "",
        next_url=asked.address(answer.page + 1) if after else "",
    )


def _found(hit: Hit, terms: Taxonomy, now: datetime, today: date) -> Found:
    return found(
        as_of(hit.document, now), terms, today,
        ask=hit.ask, distance_km=hit.distance_km, about=hit.about,
    )  # fmt: skip


def _count(answer: Answer) -> str:
    if not answer.total:
        return _("Nothing found")
    count = ngettext("%(num)s thing to join", "%(num)s things to join", answer.total)
    if answer.pages == 1:
        return count
    return _(
        "%(count)s, page %(page)s of %(pages)s", count=count, page=answer.page, pages=answer.pages
    )


def _sure(answer: Answer) -> str:
    """Return "3 match, 4 more may: ask them first" where something asked for is not known."""
    if not answer.may:
        return ""
    return _(
        "%(matching)s match, %(may)s more may: ask them first.",
        matching=answer.matching,
        may=answer.may,
    )


def _orders(answer: Answer, question: Question) -> tuple[str, ...]:
    """Return the orders that change anything: distance needs a point, fit needs words."""
    apart = any(hit.distance_km is not None for hit in answer.hits)
    best = ("best",) if question.asked.q and question.asked.order else ()
    return ("soonest", *(("nearest",) if apart else ()), *best)


def _heading(group: Group, place: str) -> str:
    here = place == filters.HERE
    headings: dict[Group, str] = {
        "all": "",
        "near": _("Near where you are") if here else _("Near %(place)s", place=place),
        "serves": _("For people where you are")
        if here
        else _("For people in %(place)s", place=place),
        "comes": _("Comes to you"),
        "remote": _("Online or by phone"),
        "further": _("Nothing near: these are the nearest"),
    }
    return headings[group]


def _notes(answer: Answer, question: Question) -> list[str]:
    """Return what must be said about how the question was understood, most weighty first."""
    asked = question.asked
    notes: list[str] = []
    if question.left_out:
        notes.append(_("A choice in this link is no longer known, so we left it out."))
    if question.cut:
        notes.append(_("That was a lot of words. We looked for the first of them."))
    if not answer.place_known:
        notes.append(
            _(
                "We do not know a place called “%(place)s”, so we looked everywhere. "
                "Try the nearest town, or the first half of a postcode.",
                place=asked.place,
            )
        )
    if _is_abroad(answer, question):
        notes.append(
            _("That spot is a long way from all we know of. Try a place, or half a postcode.")
        )
    elif answer.place_about and any(hit.distance_km is not None for hit in answer.hits):
        notes.append(
            _(
                "We measure from the middle of %(place)s, so distances are rough.",
                place=answer.place,
            )
        )
    if answer.also_looked_for:
        also = gettext.format_list(answer.also_looked_for, "or")
        notes.append(_("We also looked for: %(also)s.", also=also))
    if answer.left_out and answer.total:
        words = gettext.format_list(answer.left_out)
        notes.append(_("Nothing fits all your words. We left out: %(words)s.", words=words))
    if answer.too_old:
        notes.append(
            ngettext(
                "%(num)s more was not checked for a year, so we left it out.",
                "%(num)s more were not checked for a year, so we left them out.",
                answer.too_old,
            )
        )
    return notes


def _is_abroad(answer: Answer, question: Question) -> bool:
    """Say whether a device is so far off that nothing here can be near it."""
    if question.query.device_point is None or any(
        one.group in ("near", "serves") for one in answer.groups
    ):
        return False
    away = [hit.distance_km for hit in answer.hits if hit.distance_km is not None]
    return not away or min(away) > ABROAD_KM

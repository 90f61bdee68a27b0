"""The results page of a search without scripts: the same query and the same engine as with them."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import msgspec
from litestar import Request, Response

from api.context import Context
from api.features.activities import suggestions
from api.features.activities.active_filters import (
    active_filters,
    other_orders,
    understood_filters,
)
from api.features.activities.crisis_help import find_crisis_help
from api.features.activities.parse_query import AllowedValues, ParsedQuery, parse_query
from api.features.gaps import count_gap
from api.releases.current_release import LoadedRelease
from api.search import filters
from api.search.port import Answer, Group, Hit
from catalogue.build.templates import Page
from catalogue.i18n import gettext
from catalogue.i18n.gettext import _, ngettext
from catalogue.model.taxonomy import HelpNow, Taxonomy
from catalogue.outputs.formatting import LOCAL, distance, miles_of
from catalogue.outputs.listings.listing import Link
from catalogue.outputs.search.choices import Choices
from catalogue.outputs.search.form import SearchForm
from catalogue.outputs.search.result import SearchResult, search_result
from catalogue.outputs.search.site_pages import SitePage
from catalogue.read.site_settings import Service

CARDS_A_PAGE = 24
INVENTED_SHOWN = 6  # examples under an answer with what is real
ABROAD_KM = 150  # a nearest activity further off than this is no help: at sea, or abroad


class ResultGroup(msgspec.Struct, frozen=True):
    """The cards of one group on this page. A search without a place has one, without a title."""

    name: Group
    title: str
    cards: tuple[SearchResult, ...]


class Results(msgspec.Struct, frozen=True, kw_only=True):
    """All that the results page says, as text; a part without anything to say is empty."""

    total: int
    count: str
    certainty: str
    notes: tuple[str, ...]
    offers_lead: str
    offers: tuple[Link, ...]
    groups: tuple[ResultGroup, ...]
    invented: tuple[SearchResult, ...]
    invented_total: int
    invented_areas: tuple[Link, ...]
    active_filters: tuple[Link, ...]
    understood: tuple[Link, ...]
    site_pages: tuple[SitePage, ...]
    orders: tuple[Link, ...]
    suggestions: tuple[Link, ...]
    help_now: HelpNow | None
    remote: tuple[SearchResult, ...]
    page: int
    pages: int
    previous_url: str
    next_url: str


class ResultsPage(Page, frozen=True, kw_only=True):
    """The search form as it was filled in, and the results."""

    template = "results.html"
    form: SearchForm
    choices: Choices
    results: Results
    service: Service
    demonstration: str
    """The names of the invented areas where anything found is invented, else empty."""


async def results_page(request: Request[Any, Any, Any], context: Context) -> Response[str]:
    """Search by the form in the address; what is not valid (an old link) is left out and said."""
    release, now = context.release, context.now
    choices = release.choices_on(context.today)
    allowed = AllowedValues.of(release.catalogue.taxonomy, choices)
    parsed = parse_query(request.query_params, allowed, CARDS_A_PAGE, now)
    answer, invented, looser, remote = await asyncio.to_thread(_search, parsed, release)
    form = parsed.form
    if not _has_fitting_hits(answer) and not answer.site_pages:
        count_gap(context, request.scope, place=form.place, kind=form.kind, need=form.need)
    results = _results(answer, invented, parsed, release, choices, now, looser, remote)
    hits = (*answer.hits, *remote, *(invented.hits if invented else ()))
    page = ResultsPage(
        form=form,
        choices=choices,
        results=results,
        service=context.pages.service,
        demonstration=gettext.format_list(area.words for area in results.invented_areas)
        if any(hit.document.demonstration for hit in hits)
        else "",
    )
    address = f"/search?{request.url.query}"
    return context.pages.page(page, _title(answer, form), section="find", url=address)


def _search(
    parsed: ParsedQuery, release: LoadedRelease
) -> tuple[Answer, Answer | None, tuple[Link, ...], tuple[Hit, ...]]:
    """Return the answer, invented examples beside a real one, looser searches where little fits,
    and remote activities where none.
    """
    answer = release.engine.search(parsed.query)
    invented = _invented_beside(answer, parsed, release)
    is_enough = answer.matching >= suggestions.FEW and _has_fitting_hits(answer)
    if is_enough or (answer.site_pages and not answer.total):
        return answer, invented, (), ()
    looser = suggestions.looser_links(release.engine, parsed.query, parsed.form, answer.total)
    remote = () if answer.total else suggestions.find_remote(release.engine, parsed.query)
    return answer, invented, looser, remote


def _invented_beside(answer: Answer, parsed: ParsedQuery, release: LoadedRelease) -> Answer | None:
    """Return the first examples that fit as well, for the last page of what is real."""
    if answer.world != "real" or answer.page < answer.pages:
        return None
    query = msgspec.structs.replace(parsed.query, invented="yes", page=1, per_page=INVENTED_SHOWN)
    return release.engine.search(query)


def _has_fitting_hits(answer: Answer) -> bool:
    """Say whether anything was found besides the nearest further off."""
    return any(group.group != "further" for group in answer.groups)


def _title(answer: Answer, form: SearchForm) -> str:
    subject = form.q or _("Find company")
    if not answer.total:
        return _("%(what)s: nothing found", what=subject)
    return _("%(what)s: %(num)s found", what=subject, num=answer.total)


def _results(
    answer: Answer, invented: Answer | None, parsed: ParsedQuery, release: LoadedRelease,
    choices: Choices, now: datetime, looser: tuple[Link, ...], remote: tuple[Hit, ...],
) -> Results:  # fmt: skip
    terms, form, today = release.catalogue.taxonomy, parsed.form, now.astimezone(LOCAL).date()

    def cards(hits: tuple[Hit, ...]) -> tuple[SearchResult, ...]:
        return tuple(_card(hit, terms, today) for hit in hits)

    has_previous, has_next = answer.page > 1, answer.page < answer.pages
    return Results(
        total=answer.total,
        count=_count(answer),
        certainty=_certainty(answer),
        notes=tuple(_notes(answer, parsed)),
        offers_lead=_offers_lead(answer, form.place),
        offers=tuple(
            Link(offer, msgspec.structs.replace(form, place=offer).address())
            for offer in answer.place_offers
        ),
        groups=tuple(
            ResultGroup(group.group, _heading(group.group, answer), cards(hits))
            for group in answer.groups
            if (hits := tuple(hit for hit in answer.hits if hit.group == group.group))
        ),
        invented=cards(invented.hits) if invented else (),
        invented_total=invented.total if invented else 0,
        invented_areas=tuple(
            Link(area.name, msgspec.structs.replace(form, place=area.name, near="").address())
            for area in terms.areas
            if area.demonstration == "yes" and not area.within
        ),
        active_filters=active_filters(form, choices),
        understood=understood_filters(form, choices, answer.understood, today),
        site_pages=answer.site_pages,
        orders=other_orders(form, choices, _possible_orders(answer, parsed))
        if answer.total
        else (),
        suggestions=looser,
        help_now=find_crisis_help(terms.help_now, form.q),
        remote=cards(remote),
        page=answer.page,
        pages=answer.pages,
        previous_url=form.address(min(answer.page - 1, answer.pages)) if has_previous else "",
        next_url=form.address(answer.page + 1) if has_next else "",
    )


def _card(hit: Hit, terms: Taxonomy, today: date) -> SearchResult:
    return search_result(
        hit.document, terms, today,
        ask=hit.ask, distance_km=hit.distance_km, about=hit.about,
    )  # fmt: skip


def _count(answer: Answer) -> str:
    if not answer.total and answer.site_pages:
        pages = len(answer.site_pages)
        return ngettext("%(num)s page about this", "%(num)s pages about this", pages)
    if not answer.total:
        return _("Nothing found")
    if answer.world == "invented":
        return ngettext(
            "Nothing real found, but %(num)s made-up example",
            "Nothing real found, but %(num)s made-up examples",
            answer.total,
        )
    if answer.place and not _has_fitting_hits(answer):
        return _("Nothing near %(place)s", place=answer.place)
    count = ngettext("%(num)s thing to join", "%(num)s things to join", answer.total)
    if answer.pages == 1:
        return count
    return _(
        "%(count)s, page %(page)s of %(pages)s", count=count, page=answer.page, pages=answer.pages
    )


def _certainty(answer: Answer) -> str:
    """Return "3 match, 4 more may: ask them first" where something asked for is not known."""
    if not answer.may:
        return ""
    if not answer.matching:
        return _("We are not sure that any of these fit.")
    return _(
        "%(matching)s fit. %(may)s more may fit: ask them first.",
        matching=answer.matching,
        may=answer.may,
    )


def _possible_orders(answer: Answer, parsed: ParsedQuery) -> tuple[str, ...]:
    """Return the orders that change anything: distance needs a point, fit needs words."""
    has_distances = any(hit.distance_km is not None for hit in answer.hits)
    orders = ("best",) if parsed.form.q and parsed.form.order else ()
    return ("soonest", *(("nearest",) if has_distances else ()), *orders)


def _heading(group: Group, answer: Answer) -> str:
    place = answer.place
    is_near_caller = place == filters.HERE
    headings: dict[Group, str] = {
        "all": _("From the invented example place") if answer.world == "invented" else "",
        "near": _("Near where you are") if is_near_caller else _("Near %(place)s", place=place),
        "serves": _("For people where you are")
        if is_near_caller
        else _("For people in %(place)s", place=place),
        "comes": _("Comes to you"),
        "remote": _("Online or by phone"),
        "further": _("Nothing near: these are the nearest"),
    }
    return headings[group]


def _notes(answer: Answer, parsed: ParsedQuery) -> list[str]:
    """Return what the visitor must know about how the search was made, the weightiest first."""
    notes: list[str] = []
    if parsed.left_out:
        notes.append(_("This link has a choice that we no longer offer, so we left it out."))
    if parsed.was_cut:
        notes.append(_("That was a lot of words. We looked for the first few only."))
    if not answer.place_known and not answer.place_offers:
        notes.append(
            _(
                "We do not know a place called “%(place)s”, so we looked everywhere. "
                "Try the nearest town, or the first half of a postcode.",
                place=parsed.form.place,
            )
        )
    if _is_abroad(answer, parsed):
        notes.append(
            _("That spot is far from everything we know of. Try a town, a village or a postcode.")
        )
    elif answer.place not in ("", filters.HERE) and not _has_fitting_hits(answer):
        notes += _far_notes(answer)
    if answer.place_town:
        notes.append(
            _(
                "We measure from %(town)s, the main town of %(place)s, so distances are rough.",
                town=answer.place_town,
                place=answer.place,
            )
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
    if answer.left_out:
        words = gettext.format_list(answer.left_out)
        if not answer.total:
            quoted = gettext.format_list([f"“{word}”" for word in answer.left_out])
            notes.append(_("We left out %(words)s.", words=quoted))
        elif answer.partly < answer.total:
            notes.append(_("Further down are things that do not mention: %(words)s.", words=words))
        else:
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


def _offers_lead(answer: Answer, typed_place: str) -> str:
    if not answer.place_offers:
        return ""
    if answer.place_known:
        return _("We looked near %(place)s. Did you mean somewhere else?", place=answer.place)
    return _(
        "Which place do you mean by “%(place)s”? Until you choose, we look everywhere. "
        "Did you mean:",
        place=typed_place,
    )


def _far_notes(answer: Answer) -> Iterator[str]:
    """Yield how far off the nearest is, where nothing is near, or that nothing is."""
    distances = [hit.distance_km for hit in answer.hits if hit.distance_km is not None]
    if distances:
        miles = miles_of(answer.within_km)
        yield ngettext(
            "There is nothing within %(num)s mile of %(place)s. The nearest is %(distance)s away.",
            "There is nothing within %(num)s miles of %(place)s. The nearest is %(distance)s away.",
            miles,
            place=answer.place,
            distance=distance(min(distances), answer.place_about),
        )
    elif not answer.hits:
        yield _("Nothing found within reach of %(place)s.", place=answer.place)


def _is_abroad(answer: Answer, parsed: ParsedQuery) -> bool:
    """Say whether a device is so far off that nothing here can be near it."""
    if parsed.query.device_point is None or any(
        group.group in ("near", "serves") for group in answer.groups
    ):
        return False
    distances = [hit.distance_km for hit in answer.hits if hit.distance_km is not None]
    return not distances or min(distances) > ABROAD_KM

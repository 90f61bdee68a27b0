"""The answer of the find form as a page: the same question, the same engine, no scripts needed."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from typing import Any, cast, get_args
from urllib.parse import urlencode

import msgspec
from litestar import Request, Response

from api.house import House
from api.search.port import PLACE_CHARACTERS, Q_CHARACTERS, Answer, Query
from api.served import Edition
from catalogue import tongue
from catalogue.activity import Way
from catalogue.outputs.card import card
from catalogue.outputs.filters import DAYS
from catalogue.outputs.search import as_of

CARDS_A_PAGE = 24
FIELDS = ("q", "place", "kind", "need", "day", "free")


class Asked(msgspec.Struct, frozen=True):
    """The form as it was filled in, to be shown again."""

    q: str = ""
    place: str = ""
    kind: str = ""
    need: str = ""
    day: str = ""
    free: str = ""
    way: tuple[str, ...] = ()

    def address(self, page: int) -> str:
        """Return the address of another page of the same question."""
        given = [(name, getattr(self, name)) for name in FIELDS if getattr(self, name)]
        ways = [("way", way) for way in self.way]
        return "/search?" + urlencode([*given, *ways, ("page", page)])


async def results_page(request: Request[Any, Any, Any], house: House) -> Response[str]:
    """Search as the form asks; what cannot be read (an old link) is left out, not refused."""
    params: Mapping[str, Any] = request.query_params
    asked, edition = _asked(params), house.edition
    number = str(params.get("page", "1"))
    page = int(number) if number.isdecimal() and len(number) < 6 else 1
    answer = await asyncio.to_thread(edition.engine.search, _query(asked, max(1, page)))
    if not answer.total:
        house.count_gap(request.scope, place=asked.place, kind=asked.kind, need=asked.need)
    context = _context(answer, asked, edition, house.clock())
    return house.pages.page("results.html", _title(answer, asked), context, section="find")


def _asked(params: Mapping[str, Any]) -> Asked:
    get_all = getattr(params, "getall", None)
    ways = get_all("way", []) if get_all else []
    return Asked(**{name: str(params.get(name, "")).strip() for name in FIELDS}, way=tuple(ways))


def _query(asked: Asked, page: int) -> Query:
    return Query(
        q=asked.q[:Q_CHARACTERS],
        kind=asked.kind,
        need=asked.need,
        place=asked.place[:PLACE_CHARACTERS],
        days=(asked.day,) if asked.day in DAYS else (),
        free="yes" if asked.free == "yes" else "",
        ways=tuple(cast("Way", way) for way in asked.way if way in get_args(Way)),
        page=page,
        per_page=CARDS_A_PAGE,
    )


def _title(answer: Answer, asked: Asked) -> str:
    what = asked.q or "Find company"
    return f"{what}: {answer.total} found" if answer.total else f"{what}: nothing found"


def _context(answer: Answer, asked: Asked, edition: Edition, now: datetime) -> dict[str, object]:
    terms = edition.catalogue.taxonomy
    return {
        "asked": asked,
        "choices": edition.choices,
        "cards": tuple(card(as_of(hit.document, now), terms) for hit in answer.hits),
        "total": answer.total,
        "page": answer.page,
        "pages": answer.pages,
        "also": tongue.listed(answer.also_looked_for, "or"),
        "place_unknown": asked.place if not answer.place_known else "",
        "previous_url": asked.address(answer.page - 1) if answer.page > 1 else "",
        "next_url": asked.address(answer.page + 1) if answer.page < answer.pages else "",
    }

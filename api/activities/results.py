"""The answer of the find form as a page: the same question, the same engine, no scripts needed."""

import asyncio
from datetime import datetime
from typing import Any

from litestar import Request, Response

from api.activities.question import Known, Question, read
from api.house import House
from api.search.port import Answer
from api.served import Edition
from catalogue import tongue
from catalogue.outputs.asked import Asked
from catalogue.outputs.card import card
from catalogue.outputs.choices import Choices
from catalogue.outputs.search import as_of
from catalogue.words import LOCAL

CARDS_A_PAGE = 24


async def results_page(request: Request[Any, Any, Any], house: House) -> Response[str]:
    """Search as the form asks; what cannot be read (an old link) is left out and said."""
    edition, now = house.edition, house.clock()
    offered = edition.choices_on(now.astimezone(LOCAL).date())
    known = Known.of(edition.catalogue.taxonomy, offered)
    question = read(request.query_params, known, CARDS_A_PAGE)
    answer = await asyncio.to_thread(edition.engine.search, question.query)
    asked = question.asked
    if not answer.total:
        house.count_gap(request.scope, place=asked.place, kind=asked.kind, need=asked.need)
    context = _context(answer, question, edition, offered, now)
    return house.pages.page("results.html", _title(answer, asked), context, section="find")


def _title(answer: Answer, asked: Asked) -> str:
    what = asked.q or "Find company"
    return f"{what}: {answer.total} found" if answer.total else f"{what}: nothing found"


def _context(
    answer: Answer, question: Question, edition: Edition, offered: Choices, now: datetime
) -> dict[str, object]:
    terms, asked = edition.catalogue.taxonomy, question.asked
    return {
        "asked": asked,
        "choices": offered,
        "cards": tuple(card(as_of(hit.document, now), terms) for hit in answer.hits),
        "total": answer.total,
        "page": answer.page,
        "pages": answer.pages,
        "also": tongue.listed(answer.also_looked_for, "or"),
        "left_out": bool(question.left_out),
        "cut": question.cut,
        "place_unknown": asked.place if not answer.place_known else "",
        "previous_url": asked.address(answer.page - 1) if answer.page > 1 else "",
        "next_url": asked.address(answer.page + 1) if answer.page < answer.pages else "",
    }

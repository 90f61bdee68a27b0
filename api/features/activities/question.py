"""From the form's words to a question that an engine can answer, with what had to be left out.

A saved link outlives what it names: a kind that is gone, a page that never was. Such answers are
left out and said, never refused; nothing of them is echoed.
"""

from collections.abc import Mapping
from typing import Any, cast, get_args

import msgspec

from api.errors import Invalid
from api.search.port import (
    PER_PAGE_AT_MOST,
    OnlyYes,
    Order,
    Query,
)
from catalogue.model.activity import Way
from catalogue.model.search_constants import LIMITS
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.choices import Choices
from catalogue.outputs.search.filters import DAYS, PARTS, Day, PartOfDay
from catalogue.outputs.search.form import LISTS, TEXTS, SearchForm

PAGE_AT_MOST = 1_000_000
LIST_AT_MOST = 40  # answers of one field; a link that holds more was not made by the form


class Question(msgspec.Struct, frozen=True):
    """A form as it was understood.

    `asked` is what is left of it; `left_out` names the fields that held something unknown, and
    `cut` says that the words were longer than can be looked for.
    """

    asked: SearchForm
    query: Query
    left_out: tuple[str, ...] = ()
    cut: bool = False


class Known(msgspec.Struct, frozen=True):
    """The values a field may have here and today."""

    kinds: frozenset[str]
    needs: frozenset[str]
    access: frozenset[str]
    languages: frozenset[str]
    promises: frozenset[str]

    @classmethod
    def of(cls, terms: Taxonomy, offered: Choices) -> "Known":
        """Return what the taxonomy has, and what the form offers."""
        return cls(
            kinds=frozenset(terms.kind),
            needs=frozenset(need.slug for need in terms.needs),
            access=frozenset(terms.access_fact),
            languages=frozenset(one.value for one in offered.languages),
            promises=frozenset(one.value for one in offered.promises),
        )


def asked_of(params: Mapping[str, Any]) -> SearchForm:
    """Return the fields of the form out of an address, as they stand there."""
    get_all = getattr(params, "getall", None)
    texts = {name: str(params.get(name, "")).strip() for name in TEXTS}
    lists = {name: tuple(get_all(name, [])) if get_all else () for name in LISTS}
    return msgspec.convert({**texts, **lists}, SearchForm)


def read(params: Mapping[str, Any], known: Known, per_page: int) -> Question:
    """Return what an address asks, as far as it can be understood."""
    asked = asked_of(params)
    kept = _kept(asked, known)
    page = _page(str(params.get("page", "1")).strip())
    left_out = tuple(
        field
        for field in (*TEXTS, *LISTS)
        if field not in ("q", "place") and getattr(kept, field) != getattr(asked, field)
    )
    return Question(
        asked=kept,
        query=_query(kept, page or 1, min(per_page, PER_PAGE_AT_MOST)),
        left_out=left_out if page else (*left_out, "page"),
        cut=kept.q != asked.q,
    )


def _kept(asked: SearchForm, known: Known) -> SearchForm:
    """Return the form without what is no answer, or none any longer."""
    yes = frozenset(get_args(OnlyYes))
    only: dict[str, frozenset[str]] = {
        "kind": known.kinds,
        "need": known.needs,
        "language": known.languages,
        "order": frozenset(get_args(Order)),
        **dict.fromkeys(("free", "alone", "lift", "buddy"), yes),
    }
    any_of: dict[str, frozenset[str]] = {
        "day": frozenset(DAYS),
        "time": frozenset(PARTS),
        "way": frozenset(get_args(Way)),
        "access": known.access,
        "promise": known.promises,
    }
    return msgspec.structs.replace(
        asked,
        q=asked.q[: LIMITS.q_characters],
        place=asked.place[: LIMITS.place_characters],
        near=asked.near if _can_be(asked.near) else "",
        within_km=_number(asked.within_km, LIMITS.within_km),
        age=_number(asked.age, LIMITS.age),
        **{name: _one(getattr(asked, name), values) for name, values in only.items()},
        **{name: _those(getattr(asked, name), values) for name, values in any_of.items()},
    )


def _one(value: str, known: frozenset[str]) -> str:
    return value if value in known else ""


def _those(values: tuple[str, ...], known: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value in known))[:LIST_AT_MOST]


def _number(text: str, most: int) -> str:
    """Return a whole number as it was written, if it lies between 0 and the most there is."""
    stands = text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= most
    return text if stands else ""


def _page(text: str) -> int | None:
    stands = text.isascii() and text.isdecimal() and len(text) <= 7
    return int(text) if stands and 1 <= int(text) <= PAGE_AT_MOST else None


def _can_be(near: str) -> bool:
    try:
        return Query(near=near).device_point is not None
    except Invalid:
        return False


def _query(asked: SearchForm, page: int, per_page: int) -> Query:
    return Query(
        q=asked.q,
        kind=asked.kind,
        need=asked.need,
        place=asked.place,
        near=asked.near,
        within_km=int(asked.within_km or 0),
        days=cast("tuple[Day, ...]", asked.day),
        times=cast("tuple[PartOfDay, ...]", asked.time),
        free=cast("OnlyYes", asked.free),
        alone=cast("OnlyYes", asked.alone),
        lift=cast("OnlyYes", asked.lift),
        buddy=cast("OnlyYes", asked.buddy),
        ways=cast("tuple[Way, ...]", asked.way),
        access=asked.access,
        promises=asked.promise,
        age=int(asked.age) if asked.age else None,
        language=asked.language,
        order=cast("Order", asked.order),
        page=page,
        per_page=per_page,
    )

"""Parses the address of a search into a query for an engine, with what had to be left out.

A saved link may name what no longer exists: a kind that is gone, a page that never was. Such values
are left out and reported, never refused; none of them is echoed.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, cast, get_args

import msgspec

from api.errors import FieldFault, Invalid
from api.http import query_parameters
from api.search.port import (
    PER_PAGE_AT_MOST,
    OnlyYes,
    Order,
    Query,
)
from catalogue.model.activity import Way
from catalogue.model.catalogue import Catalogue
from catalogue.model.search_constants import LIMITS
from catalogue.model.taxonomy import Taxonomy
from catalogue.model.text import tidy_postcode
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.search.choices import Choices
from catalogue.outputs.search.filters import DAYS, PARTS, Day, PartOfDay
from catalogue.outputs.search.form import LISTS, TEXTS, SearchForm

MAX_PAGE = 1_000_000
MAX_VALUES = 40  # of one field; a link that holds more was not made by the form


class ParsedQuery(msgspec.Struct, frozen=True):
    """A search form with its valid values alone, and the query made from it.

    `left_out` names the fields that held something unknown, and `was_cut` says that the words were
    longer than a search may be.
    """

    form: SearchForm
    query: Query
    left_out: tuple[str, ...] = ()
    was_cut: bool = False


class AllowedValues(msgspec.Struct, frozen=True):
    """The values a field may have here and today."""

    kinds: frozenset[str]
    needs: frozenset[str]
    access: frozenset[str]
    languages: frozenset[str]
    promises: frozenset[str]

    @classmethod
    def of(cls, terms: Taxonomy, choices: Choices) -> "AllowedValues":
        """Return what the taxonomy has, and what the form offers."""
        return cls(
            kinds=frozenset(terms.kind),
            needs=frozenset(need.slug for need in terms.needs),
            access=frozenset(terms.access_fact),
            languages=frozenset(choice.value for choice in choices.languages),
            promises=frozenset(choice.value for choice in choices.promises),
        )


def refuse_unknown_terms(catalogue: Catalogue, query: Mapping[str, Iterable[str]]) -> None:
    """Raise Invalid for values of closed lists that are not in them; "" asks for nothing.

    For programs: a page leaves them out instead, for a saved link may be older than the lists.
    """
    taxonomy = catalogue.taxonomy
    lists: dict[str, tuple[str, ...]] = {
        "kind": tuple(taxonomy.kind),
        "need": tuple(taxonomy.need),
        "access": tuple(taxonomy.access_fact),
        "promise": tuple(
            dict.fromkeys(
                f"{pledge.slug}/{commitment.id}"
                for pledge in catalogue.pledges
                for version in pledge.versions
                for commitment in version.commitments
            )
        ),
    }
    faults = [
        FieldFault(name, query_parameters.not_one_of(lists[name]))
        for name, values in query.items()
        if any(value and value not in lists[name] for value in values)
    ]
    if faults:
        raise Invalid(*faults)


def _form_from_params(params: Mapping[str, Any]) -> SearchForm:
    """Return the fields of the form as they are in the address, unchecked."""
    get_all = getattr(params, "getall", None)
    texts = {name: str(params.get(name, "")).strip() for name in TEXTS}
    lists = {name: tuple(get_all(name, [])) if get_all else () for name in LISTS}
    return msgspec.convert({**texts, **lists}, SearchForm)


def parse_query(
    params: Mapping[str, Any], allowed: AllowedValues, per_page: int, now: datetime | None = None
) -> ParsedQuery:
    """Return the query of an address, as far as it is valid."""
    raw = _form_from_params(params)
    form = _valid_form(raw, allowed)
    page = _page_number(str(params.get("page", "1")).strip())
    left_out = tuple(
        field
        for field in (*TEXTS, *LISTS)
        if field not in ("q", "place") and getattr(form, field) != getattr(raw, field)
    )
    return ParsedQuery(
        form=form,
        query=_query(form, page or 1, min(per_page, PER_PAGE_AT_MOST), now),
        left_out=left_out if page else (*left_out, "page"),
        was_cut=form.q != raw.q,
    )


def _valid_form(raw: SearchForm, allowed: AllowedValues) -> SearchForm:
    """Return the form without values that are not allowed, or no longer."""
    yes = frozenset(get_args(OnlyYes))
    single: dict[str, frozenset[str]] = {
        "kind": allowed.kinds,
        "need": allowed.needs,
        "language": allowed.languages,
        "order": frozenset(get_args(Order)),
        **dict.fromkeys(("free", "alone", "lift", "buddy", "soon"), yes),
    }
    multiple: dict[str, frozenset[str]] = {
        "day": frozenset(DAYS),
        "time": frozenset(PARTS),
        "way": frozenset(get_args(Way)),
        "access": allowed.access,
        "promise": allowed.promises,
    }
    as_typed = dict.fromkeys(words[: LIMITS.q_characters] for words in raw.as_typed if words)
    return msgspec.structs.replace(
        raw,
        q=raw.q[: LIMITS.q_characters],
        place=tidy_postcode(raw.place)[: LIMITS.place_characters],
        near=raw.near if _is_point(raw.near) else "",
        within_km=_whole_number(raw.within_km, LIMITS.within_km),
        age=_whole_number(raw.age, LIMITS.age),
        as_typed=tuple(as_typed)[:MAX_VALUES],
        **{name: _allowed_value(getattr(raw, name), values) for name, values in single.items()},
        **{name: _allowed_values(getattr(raw, name), values) for name, values in multiple.items()},
    )


def _allowed_value(value: str, allowed: frozenset[str]) -> str:
    return value if value in allowed else ""


def _allowed_values(values: tuple[str, ...], allowed: frozenset[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value in allowed))[:MAX_VALUES]


def _whole_number(text: str, maximum: int) -> str:
    """Return a whole number as it was written, if it lies between 0 and the maximum."""
    is_valid = text.isascii() and text.isdecimal() and len(text) <= 3 and int(text) <= maximum
    return text if is_valid else ""


def _page_number(text: str) -> int | None:
    is_number = text.isascii() and text.isdecimal() and len(text) <= 7
    return int(text) if is_number and 1 <= int(text) <= MAX_PAGE else None


def _is_point(near: str) -> bool:
    try:
        return Query(near=near).device_point is not None
    except Invalid:
        return False


def _dates(form: SearchForm, now: datetime | None) -> tuple[date, ...]:
    """Return the dates of "today or tomorrow"."""
    if not form.soon or now is None:
        return ()
    today = now.astimezone(LOCAL).date()
    return today, today + timedelta(days=1)


def _query(form: SearchForm, page: int, per_page: int, now: datetime | None) -> Query:
    return Query(
        q=form.q,
        kind=form.kind,
        need=form.need,
        place=form.place,
        near=form.near,
        within_km=int(form.within_km or 0),
        days=cast("tuple[Day, ...]", form.day),
        dates=_dates(form, now),
        times=cast("tuple[PartOfDay, ...]", form.time),
        free=cast("OnlyYes", form.free),
        alone=cast("OnlyYes", form.alone),
        lift=cast("OnlyYes", form.lift),
        buddy=cast("OnlyYes", form.buddy),
        ways=cast("tuple[Way, ...]", form.way),
        access=form.access,
        promises=form.promise,
        age=int(form.age) if form.age else None,
        language=form.language,
        as_typed=form.as_typed,
        now=now,
        order=cast("Order", form.order),
        page=page,
        per_page=per_page,
    )

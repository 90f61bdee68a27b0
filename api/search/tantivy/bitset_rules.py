"""The rules over all rows at once: which fit, which may, and in which group. See `rules.py`."""

from functools import reduce

import msgspec
import numpy as np
from numpy.typing import NDArray

from api.search.port import Group, Query
from api.search.query_rules import Where
from api.search.tantivy import bitsets
from api.search.tantivy.bitsets import Bits
from api.search.tantivy.columns import Columns


class Fitting(msgspec.Struct, frozen=True):
    """The rows that fit the filters: for certain, or once something has been asked."""

    sure: Bits
    may: Bits


class Grouped(msgspec.Struct, frozen=True):
    """The rows that fit, by group; distances in km where a point was asked for."""

    groups: dict[Group, Fitting]
    inside: Bits
    too_old: int = 0
    kilometres: NDArray[np.float64] | None = None


def fitting(columns: Columns, query: Query, among: Bits) -> Fitting:
    """Return which rows among some fit all but words and place."""
    has = columns.has
    fits = among
    if query.kind:
        fits = fits & has("kinds", query.kind)
    if query.need:
        fits = fits & has("needs", query.need)
    if query.ways:
        fits = fits & columns.any_of("ways", query.ways)
    if query.language:
        fits = fits & has("speaks", query.language.casefold())
    if query.age is not None:
        fits = fits & bitsets.pack((columns.youngest <= query.age) & (query.age <= columns.oldest))
    fits = reduce(np.bitwise_and, (has("promises", one) for one in query.promises), fits)
    known = _known(columns, query)
    sure = reduce(np.bitwise_and, (yes for yes, _ask in known), fits)
    either = reduce(np.bitwise_and, (yes | ask for yes, ask in known), fits)
    return Fitting(sure, either & ~sure)


def _known(columns: Columns, query: Query) -> list[tuple[Bits, Bits]]:
    """Return for each fact asked for which rows have it, and which do not say."""
    facts = [name for name in ("free", "alone", "lift", "buddy") if getattr(query, name)]
    known = [(columns.has(name, "yes"), columns.has(name, "unknown")) for name in facts]
    known += [
        (columns.has("access", slug), columns.has("ask access", slug)) for slug in query.access
    ]
    return [*known, _on(columns, query)] if query.days or query.times else known


def _on(columns: Columns, query: Query) -> tuple[Bits, Bits]:
    """Return which rows can be on at the times asked for, and which do not say."""
    certain, open_to_it = [], ["none"]
    for slot in columns.slots():
        day, _slash, part = slot.partition("/")
        day_fits = not query.days or day in query.days
        part_fits = not query.times or part in query.times
        if slot != "none" and day_fits and part_fits:
            certain.append(slot)
        elif slot != "none" and (day_fits or not day) and (part_fits or not part):
            open_to_it.append(slot)
    return columns.any_of("slot", certain), columns.any_of("slot", open_to_it)


def grouped(columns: Columns, fit: Fitting, found: Where | None) -> Grouped:
    """Return the rows that fit in the groups of a place; without one all stand in one."""
    if found is None:
        return Grouped({"all": fit}, columns.nothing)
    place, has = found.place, columns.has
    old = has("freshness", "old")
    away = columns.kilometres(place.point) if place.point else None
    inside = columns.any_of("at", place.areas)
    if place.outward_code:
        inside = inside | has("code", place.outward_code)
    close = inside if away is None else inside | bitsets.pack(away <= found.within_km)
    reached = columns.nothing if away is None else bitsets.pack(np.isfinite(away))
    in_person, covers = has("ways", "in person"), columns.any_of("serves", place.areas)
    unsaid = has("serves any", "yes")
    remote = columns.any_of("ways", ("online", "by phone"))
    tests: dict[Group, Bits] = {
        "near": in_person & close,
        "serves": in_person & covers,
        "comes": has("ways", "comes to you") & (covers | unsaid),
        "remote": remote & (covers | unsaid),
        "further": in_person & reached,
    }
    groups: dict[Group, Fitting] = {}
    left = ~old
    for group, belongs in tests.items():
        here = left & belongs
        left = left & ~belongs
        groups[group] = Fitting(fit.sure & here, fit.may & here)
    comes = groups["comes"]
    groups["comes"] = Fitting(comes.sure & ~unsaid, comes.may | (comes.sure & unsaid))
    return Grouped(groups, inside, bitsets.count((fit.sure | fit.may) & old), away)

"""From the rows that words found to a page of hits, by the rules, without reading a document.

Comes to the same as `selecting.py`, which reads every one: a test holds it to that.
"""

from collections.abc import Iterator

import msgspec
import numpy as np
from numpy.typing import NDArray

from api.search import query_rules
from api.search.port import GROUPS, Group, GroupCount, Query
from api.search.query_rules import Where
from api.search.tantivy import bitset_rules, bitsets
from api.search.tantivy.bitset_rules import Fitting, Grouped
from api.search.tantivy.bitsets import Bits
from api.search.tantivy.columns import Columns, Value

Keys = NDArray[np.uint64]
RANKS = np.uint64(32)  # bits of a key that hold the place in the order of time
FAR = 1 << 30  # more than any distance in km


class Scored(msgspec.Struct, frozen=True):
    """The rows that words found, and how well each fits (0 for others); None: no words."""

    rows: Bits
    scores: NDArray[np.float32] | None = None


class Chosen(msgspec.Struct, frozen=True):
    """All hits of a question: sets of rows by group, and the keys that sort them."""

    groups: tuple[tuple[Group, Fitting], ...]
    keys: Keys
    too_old: int

    @property
    def counts(self) -> tuple[GroupCount, ...]:
        """Return how many hits each group has, those without left out."""
        each = (
            (group, bitsets.count(fit.sure), bitsets.count(fit.may)) for group, fit in self.groups
        )
        return tuple(GroupCount(*one) for one in each if one[1] or one[2])

    def page(self, query: Query) -> list[int]:
        """Return the rows of the page asked for, in order; only what lies on it is sorted."""
        first, after = (query.page - 1) * query.per_page, query.page * query.per_page
        found: list[int] = []
        start = 0
        for _group, fit in self.groups:
            for part in (fit.sure, fit.may):
                length = bitsets.count(part)
                low, high = max(first - start, 0), min(after - start, length)
                if low < high:
                    found += self._sorted(bitsets.rows_of(part), high)[low:].tolist()
                start += length
        return found

    def _sorted(self, rows: NDArray[np.int64], count: int) -> NDArray[np.int64]:
        """Return the first of the rows in order."""
        if count < len(rows):
            rows = rows[np.argpartition(self.keys[rows], count - 1)[:count]]
        return rows[np.argsort(self.keys[rows])]


def choose(columns: Columns, scored: Scored, query: Query, found: Where | None) -> Chosen:
    """Return what fits a question among the rows that its words found."""
    fit = bitset_rules.fitting(columns, query, scored.rows)
    told = bitset_rules.grouped(columns, fit, found)
    groups = tuple((group, one) for group in GROUPS if (one := _shown(columns, told, group)))
    keys = _keys(columns, scored, told, query_rules.order(query, found))
    return Chosen(groups, keys, told.too_old)


def _shown(columns: Columns, told: Grouped, group: Group) -> Fitting | None:
    """Return what is shown of a group: of the further ones a few, and only where none is near."""
    fit = told.groups.get(group)
    if group != "further" or fit is None:
        return fit
    near = told.groups["near"]
    if near.sure.any() or near.may.any() or told.kilometres is None:
        return None
    rows = bitsets.rows_of(fit.sure | fit.may)
    slugs = columns.slug_rank[rows]
    nearest = rows[np.lexsort((slugs, told.kilometres[rows]))][: query_rules.FURTHER]
    kept = bitsets.of_rows(nearest, columns.rows)
    return Fitting(fit.sure & kept, fit.may & kept)


def _keys(columns: Columns, scored: Scored, told: Grouped, order: str) -> Keys:
    """Return what sorts rows within a group: relevance or distance, then time, then the slug."""
    keys = columns.rank.astype(np.uint64)
    if order == "best" and scored.scores is not None:
        # Floats that are not negative sort as their bits do.
        worse = ~scored.scores.view(np.uint32)
        keys = keys | (worse.astype(np.uint64) << RANKS)
    elif order == "nearest" and told.kilometres is not None:
        away = np.minimum(np.rint(told.kilometres), FAR)
        away[bitsets.rows_of(told.inside)] = 0
        steps = np.where(away < FAR, query_rules.STEP_KM * columns.step, 0)
        keys = keys | ((away + steps).astype(np.uint64) << RANKS)
    return keys


def facet_counts(columns: Columns, chosen: Chosen) -> Iterator[dict[Value, int]]:
    """Yield the values of facets over all certain hits, then over all possible ones."""
    for part in ("sure", "may"):
        rows = columns.nothing.copy()
        for _group, fit in chosen.groups:
            rows |= getattr(fit, part)
        yield columns.facet_counts(rows)

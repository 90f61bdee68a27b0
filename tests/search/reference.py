"""The plain way that every engine is held to: each document by the rules, one after another."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import msgspec

from api.search import facets, filters, ranking
from api.search.embedded.engine import EmbeddedEngine
from api.search.embedded.index import middles
from api.search.embedded.matching import Scores
from api.search.port import Answer, Query
from api.search.ranking import RankedDocuments, ScoredDocument
from api.search.text.query_plan import Plan, WordGroup
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.search_constants import RANK, RULES
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument


def gazetteer_of(documents: Sequence[SearchDocument], taxonomy: Taxonomy) -> Gazetteer:
    """Return the places that a directory of these documents knows."""
    codes = frozenset(code for document in documents for code in document.outward_codes)
    return Gazetteer(taxonomy.areas, codes, {**middles(documents), **taxonomy.middles})


def ranked(
    documents: Sequence[SearchDocument], taxonomy: Taxonomy, query: Query
) -> RankedDocuments:
    """Return all hits of a query without words, in order."""
    assert not query.q.strip()
    gazetteer = gazetteer_of(documents, taxonomy)
    near = filters.place_filter(query, gazetteer)
    choice = filters.worlds(query, near, holds_both=holds_both(documents))
    best_ranked = RankedDocuments((), (), 0)
    for invented in choice.to_try:
        of_world = (
            (document, 0.0) for document in documents if invented in (None, document.demonstration)
        )
        attempt = ranking.rank(of_world, query, near, gazetteer)
        if attempt.hits or invented is choice.to_try[0]:
            best_ranked = attempt
        if best_ranked.hits:
            break
    return best_ranked


def holds_both(documents: Sequence[SearchDocument]) -> bool:
    """Say whether a directory has real and invented activities."""
    return len({document.demonstration for document in documents}) == 2


class PlainEngine(EmbeddedEngine):
    """The engine in the process with documents filtered, ranked and counted one after another.

    For directories whose documents are all real, or all invented.
    """

    def search(self, query: Query) -> Answer:
        """Return one page; nothing is said of the place and the words."""
        plan = self._planner.plan(query.q, None, query.as_typed)
        ranked = self._best(plan, query)
        if not ranked.hits and plan.understood:
            ranked = self._best(msgspec.structs.replace(plan, understood=()), query)
        return Answer(
            total=len(ranked.hits),
            page=query.page,
            per_page=query.per_page,
            engine="plain",
            hits=ranked.page(filters.narrow(query, plan.understood, plan.audience.age)),
            groups=ranked.groups,
            facets=facets.count_facets(ranked.hits, self._gazetteer, self._taxonomy),
        )

    def _best(self, plan: Plan, query: Query) -> RankedDocuments:
        narrowed = filters.narrow(query, plan.understood, plan.audience.age)
        if not plan.groups:
            no_match = bool(plan.unknown_words) and not plan.understood
            return self._ranked((), {}, msgspec.structs.replace(narrowed, q=""), plan, no_match)
        matches = {group: self._words.match(group) for group in plan.groups}
        best_attempt = RankedDocuments((), (), 0)
        for groups, _dropped in self._with_fewer_groups(plan.groups, matches):
            attempt = self._ranked(groups, matches, narrowed, plan)
            best_attempt = max(
                best_attempt, attempt, key=lambda attempt_made: len(attempt_made.hits)
            )
            if len(best_attempt.hits) >= RULES.enough:
                break
        return best_attempt

    def _ranked(
        self,
        groups: Sequence[WordGroup],
        matches: Mapping[WordGroup, Scores],
        query: Query,
        plan: Plan,
        no_match: bool = False,
    ) -> RankedDocuments:
        near = filters.place_filter(query, self._gazetteer)
        world = filters.worlds(query, near, holds_both=False).to_try[0]
        scored = () if no_match else self._scored(groups, matches, plan)
        of_world = (
            scored_document
            for scored_document in scored
            if world in (None, scored_document[0].demonstration)
        )
        return ranking.rank(of_world, query, near, self._gazetteer)

    @cached_property
    def _documents(self) -> list[SearchDocument]:
        return [self._rows[row] for row in range(len(self._rows))]

    def _scored(
        self, groups: Sequence[WordGroup], matches: Mapping[WordGroup, Scores], plan: Plan
    ) -> Iterator[ScoredDocument]:
        scores = self._words.score(plan, matches.values())
        for row, document in enumerate(self._documents):
            if set(plan.audience.unfit_kinds).intersection(document.kinds):
                continue
            if all(matches[group][row] for group in groups):
                has_all_words = all(matches[group][row] for group in plan.groups)
                yield document, float(scores[row] + has_all_words * RANK.all_words)

"""The engine on a Meilisearch server: the server matches words, all else is done here.

The server forgives spelling; filters, groups and order are worked out from the release's own
documents, so that hits never point to a page that is not there. A query without words needs no
server.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from api.search import facets, filters, ranking
from api.search.filters import PlaceFilter
from api.search.meilisearch import documents
from api.search.meilisearch.client import Hits, MeilisearchClient, Search, Strategy
from api.search.meilisearch.documents import HITS_AT_MOST, Filter
from api.search.port import Answer, Engine, Query
from api.search.ranking import RankedDocuments, ScoredDocument
from api.search.tantivy.index import ABOUT, IndexMetadata
from api.search.tantivy.stored_documents import StoredDocuments
from api.search.text import synonyms
from api.search.text.query_plan import Plan, Planner, WordGroup
from api.search.text.synonyms import Concept, Field, PhraseIndex
from api.search.text.tokenise import Stemmer, tokenise
from api.search.text.vocabulary import Vocabulary
from catalogue.model.gazetteer import Gazetteer, Postcodes
from catalogue.model.search_constants import IN_PROCESS, RULES, SMALL_WORDS
from catalogue.outputs.search.documents import SearchDocument

PART_AT_MOST = 40  # hits that fit a part of the words, where too few fit all
SCORE = 20.0  # what the server's own score weighs beside concepts
VALUES_OF: dict[Field, Callable[[SearchDocument], tuple[str, ...]]] = {
    "kind": lambda one: one.kinds,
    "need": lambda one: one.needs,
    "outward_code": lambda one: one.outward_codes,
    "day": lambda one: one.days,
    "way": lambda one: one.ways,
    "free": lambda one: (one.free,),
}
ON_SERVER: frozenset[Field] = frozenset({"kind", "need", "way"})


class MeilisearchEngine:
    """Answers for one release, whose in-process index lies in `folder`."""

    name = "meilisearch"

    def __init__(
        self,
        client: MeilisearchClient,
        stamp: str,
        folder: Path,
        in_process: Engine,
        postcodes: Postcodes | None = None,
    ) -> None:
        about = msgspec.msgpack.decode((folder / ABOUT).read_bytes(), type=IndexMetadata)
        stem = Stemmer()
        self._client = client
        self._in_process = in_process
        self._taxonomy = about.taxonomy
        self._gazetteer = Gazetteer(
            about.taxonomy.areas, about.venue_codes, about.middles, postcodes
        )
        phrases = synonyms.phrases_of(about.taxonomy, self._gazetteer)
        named = {word for phrase in phrases for word in phrase.words}
        self._planner = Planner(
            Vocabulary(about.frequency, named, stem), PhraseIndex(phrases, stem)
        )
        self._rows = StoredDocuments(folder)
        self._row: dict[str, int] = {}
        self._count_of_value: Counter[tuple[Field, str]] = Counter()
        self._frequency = about.frequency
        for row in range(len(self._rows)):
            one = self._rows[row]
            self._row[one.slug] = row
            self._count_of_value.update(
                (field, value) for field in ON_SERVER for value in VALUES_OF[field](one)
            )
        self.index = documents.index_name(stamp, about.taxonomy)

    def search(self, query: Query) -> Answer:
        """Return one page. Raises MeilisearchError, KeyError for a hit not in this release."""
        if not tokenise(query.q):
            return self._in_process.search(query)
        near = filters.place_filter(query, self._gazetteer)
        plan = self._planner.plan(query.q)
        server_filter = documents.filters_of(query)
        results = self._client.search(tuple(self._full_searches(plan, server_filter)))
        scored = list(self._score_hits(results, plan, IN_PROCESS.all_words, set()))
        ranked = ranking.rank(scored, query, near, self._gazetteer)
        if len(ranked.hits) >= RULES.enough:
            return self._answer(query, near, plan, ranked)
        for hits in self._client.search(
            tuple(self._partial_searches(query.q, plan, server_filter))
        ):
            known = {one.slug for one, _score in scored}
            scored += self._score_hits((hits,), plan, 0.0, known)
            ranked = ranking.rank(scored, query, near, self._gazetteer)
            if len(ranked.hits) >= RULES.enough:
                break
        return self._answer(query, near, plan, ranked)

    def _answer(
        self,
        query: Query,
        near: PlaceFilter | None,
        plan: Plan,
        ranked: RankedDocuments,
    ) -> Answer:
        point = near.place.point if near else None
        return Answer(
            total=len(ranked.hits),
            page=query.page,
            per_page=query.per_page,
            engine=self.name,
            hits=ranked.page(query),
            groups=ranked.groups,
            facets=facets.count_facets(ranked.hits, self._gazetteer, self._taxonomy),
            place=near.place.name if near else "",
            place_known=near is not None or not (query.place.strip() or query.near),
            place_about=bool(point and point.about),
            within_km=near.within_km if near else 0,
            too_old=ranked.too_old,
            also_looked_for=plan.also_looked_for,
            left_out=plan.unknown_words,
        )

    def _full_searches(self, plan: Plan, server_filter: Filter) -> Iterator[Search]:
        """Yield the searches for what fits all needed groups: by concepts, and by words."""
        concepts = tuple(filter(None, map(_concept_filters, plan.needed)))
        if concepts:
            yield self._search_for_groups(plan.needed, server_filter, HITS_AT_MOST)
        words = " ".join(map(_words, plan.needed))
        if words:
            others = (documents.none_of(concepts),) if concepts else ()
            yield self._make_search(words, (*server_filter, *others), "all", HITS_AT_MOST)

    def _search_for_groups(
        self, groups: Sequence[WordGroup], server_filter: Filter, limit: int
    ) -> Search:
        """Return the search for what fits all of some groups: their concepts, else their words."""
        concepts = tuple(filter(None, map(_concept_filters, groups)))
        words = " ".join(_words(group) for group in groups if not _concept_filters(group))
        return self._make_search(words, (*server_filter, *concepts), "all", limit)

    def _partial_searches(self, q: str, plan: Plan, server_filter: Filter) -> Iterator[Search]:
        """Yield wider and wider searches, as the engine in the process lets words go.

        The commonest of those without a concept go first; in the end any part will do: of the
        concepts, and of the words as typed.
        """
        remaining = sorted(plan.needed, key=self._reach)
        while len(remaining) > 1:
            remaining.pop()
            yield self._search_for_groups(remaining, server_filter, PART_AT_MOST)
        concepts = tuple(
            dict.fromkeys(one for group in plan.needed for one in _concept_filters(group))
        )
        if concepts and len(plan.needed) > 1:
            yield self._make_search("", (*server_filter, concepts), "all", PART_AT_MOST)
        content_words = [word for word in tokenise(q) if word not in SMALL_WORDS]
        yield self._make_search(
            " ".join(content_words) or q, server_filter, "frequency", PART_AT_MOST
        )

    def _reach(self, group: WordGroup) -> tuple[bool, int]:
        """Return a sort key, lowest for what is given up last: concepts first, then the rare."""
        counts = [self._count_of_value[one.field, one.value] for one in group.concepts]
        words = [sum(self._frequency.get(one.word, 0) for one in each) for each in group.candidates]
        return not group.concepts, max(counts, default=min(words, default=0))

    def _make_search(self, q: str, server_filter: Filter, strategy: Strategy, limit: int) -> Search:
        return Search(
            index_uid=self.index,
            q=q,
            filter=server_filter,
            limit=limit,
            sort=("row:asc",),
            matching_strategy=strategy,
            attributes_to_retrieve=("slug",),
            show_ranking_score=True,
        )

    def _score_hits(
        self, results: tuple[Hits, ...], plan: Plan, ahead: float, known: set[str]
    ) -> Iterator[ScoredDocument]:
        """Yield hits that are not `known` yet: their best score and the weight of their concepts.

        `ahead` is added to each.
        """
        best: dict[str, float] = {}
        for hit in (hit for hits in results for hit in hits.hits if hit.slug not in known):
            best[hit.slug] = max(best.get(hit.slug, 0.0), hit.score)
        for slug, score in best.items():
            document = self._rows[self._row[slug]]
            yield document, ahead + self._concepts_weight(document, plan) + SCORE * round(score, 2)

    def _concepts_weight(self, document: SearchDocument, plan: Plan) -> float:
        """Return the weight of the concepts of a plan that a document has."""
        return sum(
            max((self._concept_weight(document, one) for one in group.concepts), default=0.0)
            for group in plan.groups
        )

    def _concept_weight(self, document: SearchDocument, concept: Concept) -> float:
        if concept.field == "place":
            values = self._gazetteer.reach(document.places, document.area_served)
        else:
            values = VALUES_OF[concept.field](document)
        return (
            IN_PROCESS.concepts[concept.field] * concept.weight if concept.value in values else 0.0
        )


def _concept_filters(group: WordGroup) -> tuple[str, ...]:
    """Return the filter for the concepts of a group that the server can filter by."""
    return tuple(
        one
        for concept in group.concepts
        if concept.field in ON_SERVER
        for one in documents.equal(concept.field, (concept.value,))
    )


def _words(group: WordGroup) -> str:
    return " ".join(choices[0].word for choices in group.candidates if choices)

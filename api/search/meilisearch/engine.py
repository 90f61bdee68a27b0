"""The engine on a Meilisearch server: it finds by words, the rules do the rest here.

The server is asked for words and forgives their spelling; what fits, where it stands and in which
order is worked out by the rules from the release's own documents, so that hits never point to a
page that is not there. A question without words needs no server.
"""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import msgspec

from api.search import facets, filters, ranking
from api.search.filters import PlaceFilter
from api.search.meilisearch import documents
from api.search.meilisearch.client import Hits, Meilisearch, Search, Strategy
from api.search.meilisearch.documents import HITS_AT_MOST, Filter
from api.search.port import Answer, Engine, Query
from api.search.ranking import RankedDocuments, ScoredDocument
from api.search.tantivy.index import ABOUT, About
from api.search.tantivy.stored_documents import Rows
from api.search.text import synonyms
from api.search.text.query_plan import Group, Plan, Planner
from api.search.text.synonyms import Concept, Field, Phrases
from api.search.text.tokenise import Stems, words_of
from api.search.text.vocabulary import Vocabulary
from catalogue.model.gazetteer import Gazetteer, Postcodes
from catalogue.model.search_constants import IN_PROCESS, RULES, SMALL_WORDS
from catalogue.outputs.search.documents import SearchDocument

PART_AT_MOST = 40  # of those
SCORE = 20.0  # what the server's own score weighs beside what the words are known to mean
HELD: dict[Field, Callable[[SearchDocument], tuple[str, ...]]] = {
    "kind": lambda one: one.kinds,
    "need": lambda one: one.needs,
    "outward_code": lambda one: one.outward_codes,
    "day": lambda one: one.days,
    "way": lambda one: one.ways,
    "free": lambda one: (one.free,),
}
ON_SERVER: frozenset[Field] = frozenset({"kind", "need", "way"})


class RemoteEngine:
    """Answers for one release, whose in-process index lies in `folder`."""

    name = "meilisearch"

    def __init__(
        self,
        server: Meilisearch,
        stamp: str,
        folder: Path,
        inside: Engine,
        postcodes: Postcodes | None = None,
    ) -> None:
        about = msgspec.msgpack.decode((folder / ABOUT).read_bytes(), type=About)
        stem = Stems()
        self._server = server
        self._inside = inside
        self._taxonomy = about.taxonomy
        self._gazetteer = Gazetteer(
            about.taxonomy.areas, about.venue_codes, about.middles, postcodes
        )
        spoken = synonyms.of_taxonomy(about.taxonomy, self._gazetteer)
        named = {word for phrase in spoken for word in phrase.words}
        self._planner = Planner(Vocabulary(about.frequency, named, stem), Phrases(spoken, stem))
        self._rows = Rows(folder)
        self._row: dict[str, int] = {}
        self._held: Counter[tuple[Field, str]] = Counter()
        self._frequency = about.frequency
        for row in range(len(self._rows)):
            one = self._rows[row]
            self._row[one.slug] = row
            self._held.update((field, value) for field in ON_SERVER for value in HELD[field](one))
        self.index = documents.index_name(stamp, about.taxonomy)

    def search(self, query: Query) -> Answer:
        """Return one page. Raises ServerFault; KeyError for a hit this release does not have."""
        if not words_of(query.q):
            return self._inside.search(query)
        near = filters.place_filter(query, self._gazetteer)
        plan = self._planner.plan(query.q)
        narrowed = documents.narrowed(query)
        found = self._server.search(tuple(self._whole(plan, narrowed)))
        scored = list(self._scored(found, plan, IN_PROCESS.all_words, set()))
        ranked = ranking.rank(scored, query, near, self._gazetteer)
        if len(ranked.hits) >= RULES.enough:
            return self._answer(query, near, plan, ranked)
        for hits in self._server.search(tuple(self._parts(query.q, plan, narrowed))):
            known = {one.slug for one, _score in scored}
            scored += self._scored((hits,), plan, 0.0, known)
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
            also_looked_for=plan.instead,
            left_out=plan.unknown,
        )

    def _whole(self, plan: Plan, narrowed: Filter) -> Iterator[Search]:
        """Yield the searches for what fits all that is said: by what it means, and by its words."""
        meant = tuple(filter(None, map(_meant, plan.needed)))
        if meant:
            yield self._fitting(plan.needed, narrowed, HITS_AT_MOST)
        said = " ".join(map(_words, plan.needed))
        if said:
            others = (documents.none_of(meant),) if meant else ()
            yield self._ask(said, (*narrowed, *others), "all", HITS_AT_MOST)

    def _fitting(self, groups: Sequence[Group], narrowed: Filter, limit: int) -> Search:
        """Return the search for what fits all of some groups: what they mean, else their words."""
        meant = tuple(filter(None, map(_meant, groups)))
        words = " ".join(_words(group) for group in groups if not _meant(group))
        return self._ask(words, (*narrowed, *meant), "all", limit)

    def _parts(self, q: str, plan: Plan, narrowed: Filter) -> Iterator[Search]:
        """Yield wider and wider searches, as the engine in the process lets words go.

        The commonest of those that mean nothing we know go first; in the end any part will do: of
        what is meant, and of the words as typed.
        """
        kept = sorted(plan.needed, key=self._reach)
        while len(kept) > 1:
            kept.pop()
            yield self._fitting(kept, narrowed, PART_AT_MOST)
        meant = tuple(dict.fromkeys(one for group in plan.needed for one in _meant(group)))
        if meant and len(plan.needed) > 1:
            yield self._ask("", (*narrowed, meant), "all", PART_AT_MOST)
        big = [word for word in words_of(q) if word not in SMALL_WORDS]
        yield self._ask(" ".join(big) or q, narrowed, "frequency", PART_AT_MOST)

    def _reach(self, group: Group) -> tuple[bool, int]:
        """Return what sorts first what is given up last: a meaning, then how rare it is."""
        held = [self._held[one.field, one.value] for one in group.concepts]
        words = [sum(self._frequency.get(one.word, 0) for one in each) for each in group.choices]
        return not group.concepts, max(held, default=min(words, default=0))

    def _ask(self, q: str, narrowed: Filter, strategy: Strategy, limit: int) -> Search:
        return Search(
            index_uid=self.index,
            q=q,
            filter=narrowed,
            limit=limit,
            sort=("row:asc",),
            matching_strategy=strategy,
            attributes_to_retrieve=("slug",),
            show_ranking_score=True,
        )

    def _scored(
        self, found: tuple[Hits, ...], plan: Plan, ahead: float, known: set[str]
    ) -> Iterator[ScoredDocument]:
        """Yield what was found and is not known yet, its best score added to what it means."""
        best: dict[str, float] = {}
        for hit in (hit for hits in found for hit in hits.hits if hit.slug not in known):
            best[hit.slug] = max(best.get(hit.slug, 0.0), hit.score)
        for slug, score in best.items():
            document = self._rows[self._row[slug]]
            yield document, ahead + self._weight(document, plan) + SCORE * round(score, 2)

    def _weight(self, document: SearchDocument, plan: Plan) -> float:
        """Return how much of what the words are known to mean holds for a document."""
        return sum(
            max((self._holds(document, one) for one in group.concepts), default=0.0)
            for group in plan.groups
        )

    def _holds(self, document: SearchDocument, concept: Concept) -> float:
        if concept.field == "place":
            values = self._gazetteer.reach(document.places, document.area_served)
        else:
            values = HELD[concept.field](document)
        return (
            IN_PROCESS.concepts[concept.field] * concept.weight if concept.value in values else 0.0
        )


def _meant(group: Group) -> tuple[str, ...]:
    """Return the filter for what a group means, where it means what the server can look at."""
    return tuple(
        one
        for concept in group.concepts
        if concept.field in ON_SERVER
        for one in documents.equal(concept.field, (concept.value,))
    )


def _words(group: Group) -> str:
    return " ".join(choices[0].word for choices in group.choices if choices)

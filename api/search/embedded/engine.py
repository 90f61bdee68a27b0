"""The engine in the process: plans, matches, filters and ranks in one folder of arrays.

Reads a folder that `index.py` wrote and keeps it mapped, so it goes on answering when the folder is
replaced. It holds nothing that changes: any number of threads may search at once.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import Path

import msgspec
import numpy as np

from api.search import facets, filters, ranking
from api.search.embedded import columns
from api.search.embedded.columns import Columns, Mask, RankedMatches, WordMatches
from api.search.embedded.index import ABOUT, IndexMetadata
from api.search.embedded.matching import Scores, WordIndex
from api.search.embedded.stored_documents import StoredDocuments
from api.search.filters import PlaceFilter
from api.search.port import Answer, EngineDown, Hit, Query, World
from api.search.text.phrase_index import PhraseIndex
from api.search.text.query_plan import Plan, Planner, WordGroup, also_looked_for
from api.search.text.vocabulary import Vocabulary
from catalogue.model.gazetteer import Gazetteer, Postcodes
from catalogue.model.search_constants import RANK, RULES
from catalogue.outputs.search.phrases import phrases, tokenise
from catalogue.outputs.search.site_pages import FILE, SitePage, SitePageIndex

MatchAll = Callable[[Sequence[WordGroup], Mapping[WordGroup, Scores], Query], Mask]
"""Returns which documents fit all of some groups; filters of the query may shut out others."""


class Attempt(msgspec.Struct, frozen=True):
    """What one reading of the words led to, in one world. `full` of the hits fit all of them.

    `by_filters_alone` says that no word that is not a filter was looked for.
    """

    query: Query
    ranked: RankedMatches
    total: int
    full: int
    plan: Plan
    groups: Sequence[WordGroup]
    left_out: tuple[str, ...]
    by_filters_alone: bool = False

    @property
    def quality(self) -> tuple[bool, bool]:
        """Return whether something fits all the words, and whether anything fits at all."""
        return self.full > 0 and not self.by_filters_alone, self.total > 0


class EmbeddedEngine:
    """Answers from a folder on disk; see `open`."""

    name = "embedded"

    def __init__(
        self,
        rows: StoredDocuments,
        columns: Columns,
        words: WordIndex,
        about: IndexMetadata,
        postcodes: Postcodes | None = None,
        pages: SitePageIndex | None = None,
    ) -> None:
        self._pages = pages or SitePageIndex()
        self._gazetteer = Gazetteer(
            about.taxonomy.areas, about.venue_codes, about.middles, postcodes, about.venues
        )
        known_phrases = phrases(about.taxonomy, self._gazetteer)
        named_words = {word for phrase in known_phrases for word in phrase.words}
        self._rows = rows
        self._columns = columns
        self._words = words
        self._planner = Planner(
            Vocabulary(about.frequency, named_words, self._pages.title_stems),
            PhraseIndex(known_phrases),
            words.is_title,
        )
        self._taxonomy = about.taxonomy

    @classmethod
    def open(cls, folder: Path, postcodes: Postcodes | None = None) -> "EmbeddedEngine":
        """Open an index. Raises EngineDown where the folder holds none that can be read."""
        try:
            about = msgspec.msgpack.decode((folder / ABOUT).read_bytes(), type=IndexMetadata)
            arrays = Columns(folder)
            words, pages = WordIndex(folder, arrays), _read_pages(folder / FILE)
            return cls(StoredDocuments(folder), arrays, words, about, postcodes, pages)
        except (OSError, ValueError) as error:
            raise EngineDown(f"no search index can be read in {folder.name}") from error

    def search(self, query: Query) -> Answer:
        """Return one page of the answer."""
        return self.answer(query, self.name, self.match_all)

    def answer(self, query: Query, name: str, match_all: MatchAll) -> Answer:
        """Return one page of the answer of an engine that matches in its own way."""
        near = filters.place_filter(query, self._gazetteer)
        today = None if query.now is None else ranking.local(query.now).date()
        plan = self._planner.plan(query.q, today, query.as_typed)
        world, best_attempt = self._best_of_worlds(plan, query, near, _remembered(match_all))
        certain, possible = columns.count_facets(self._columns, best_attempt.ranked)
        return Answer(
            total=best_attempt.total,
            page=query.page,
            per_page=query.per_page,
            engine=name,
            hits=tuple(self._hits(best_attempt.ranked, best_attempt.query, near)),
            groups=best_attempt.ranked.counts,
            facets=facets.sorted_facets(certain, possible, self._label_of),
            world=world,
            place=near.place.name if near else "",
            place_known=near is not None or not (query.place.strip() or query.near),
            place_about=bool(near and near.place.point and near.place.point.about),
            place_offers=filters.place_offers(query, self._gazetteer),
            place_town=near.place.town if near else "",
            within_km=near.within_km if near else 0,
            too_old=best_attempt.ranked.too_old,
            understood=best_attempt.plan.understood,
            site_pages=self._pages.find(query.q),
            also_looked_for=also_looked_for(best_attempt.groups),
            partly=best_attempt.total - best_attempt.full,
            left_out=best_attempt.left_out,
        )

    @cached_property
    def _label_of(self) -> facets.LabelOf:
        """Labels of facets, in the language that is active at the first query."""
        return facets.facet_labels(self._taxonomy)

    def _hits(self, ranked: RankedMatches, query: Query, near: PlaceFilter | None) -> Iterator[Hit]:
        """Yield the hits of the query's page; only their documents are read."""
        for row in ranked.page(query):
            document = self._rows[row]
            match = filters.match(document, query, near, self._gazetteer)
            if match is not None:
                yield ranking.make_hit(document, match, query)

    def _best_of_worlds(
        self, plan: Plan, query: Query, near: PlaceFilter | None, match_all: MatchAll
    ) -> tuple[World, Attempt]:
        """Return what fits in one world: the invented one only where it fits and nothing real."""
        choice = filters.worlds(
            query,
            near,
            holds_both=self._columns.holds_both,
            names_invented=self._names_invented(plan),
        )
        attempts: dict[bool | None, Attempt] = {}
        for invented in choice.to_try:
            among = self._columns.of_world(invented)
            attempts[invented] = self._best_attempt(plan, query, near, match_all, among)
            if all(attempts[invented].quality):
                break
        best = max(attempts, key=lambda invented: attempts[invented].quality)
        return choice.name(best), attempts[best]

    def _names_invented(self, plan: Plan) -> bool:
        """Say whether the words are the title of something invented, or name places of it alone.

        A title that is a mere kind ("Coffee morning") asks for all of that kind.
        """
        if not plan.is_one_thing:
            same_key = (self._rows[row] for row in self._words.with_title(plan.title_key))
            titled = [
                document for document in same_key if tuple(tokenise(document.title)) == plan.typed
            ]
            if titled:
                return all(document.demonstration for document in titled)
        return bool(plan.places) and all(map(self._gazetteer.is_invented_area, plan.places))

    def _best_attempt(
        self, plan: Plan, query: Query, near: PlaceFilter | None, match_all: MatchAll, among: Mask
    ) -> Attempt:
        """Return what fits the words; if nothing does, what fits the filters among them alone.

        A day or a fact that was asked for is never given up, nor are a kind and a need.
        """
        attempt = self._attempt(plan, query, near, match_all, among)
        names = any(group.concepts for group in plan.groups)
        if attempt.total or names or not any(part.narrows for part in plan.understood):
            return attempt
        words = tuple(word for group in plan.groups for word in group.content_words)
        bare = msgspec.structs.replace(plan, groups=(), unknown_words=(*plan.unknown_words, *words))
        found = self._attempt(bare, query, near, match_all, among)
        return msgspec.structs.replace(found, by_filters_alone=True)

    def _attempt(
        self, plan: Plan, query: Query, near: PlaceFilter | None, match_all: MatchAll, among: Mask
    ) -> Attempt:
        """Return what fits all groups of a plan; where that is too little, some with fewer."""
        narrowed = filters.narrow(query, plan.understood, plan.audience.age)
        among = among & ~self._columns.has_any("kinds", plan.audience.unfit_kinds)
        if not plan.groups:
            means_nothing = bool(plan.unknown_words) and not any(
                part.narrows for part in plan.understood
            )
            mask = self._columns.nothing if means_nothing else among
            narrowed = msgspec.structs.replace(narrowed, q="")
            ranked = columns.filter_and_rank(self._columns, WordMatches(mask), narrowed, near)
            total = ranked.total
            return Attempt(narrowed, ranked, total, total, plan, (), plan.unknown_words)
        matches = {group: self._words.match(group) for group in plan.groups}
        scores = self._words.score(plan, matches.values())
        has_all = match_all(plan.groups, matches, narrowed)
        scores = scores + has_all * RANK.all_words
        best_attempt: Attempt | None = None
        full_count = 0
        is_page = self._pages.is_meant(query.q)
        for groups, dropped in self._with_fewer_groups(plan.groups, matches):
            mask = match_all(groups, matches, narrowed) if dropped else has_all
            ranked = columns.filter_and_rank(
                self._columns, WordMatches(mask & among, scores), narrowed, near
            )
            full_count = ranked.total if best_attempt is None else full_count
            if best_attempt is None or ranked.total > best_attempt.total:
                left_out = (*plan.unknown_words, *dropped)
                best_attempt = Attempt(
                    narrowed, ranked, ranked.total, full_count, plan, groups, left_out
                )
            if best_attempt.total >= RULES.enough or is_page:  # a page is meant: no need for a part
                break
        assert best_attempt is not None  # noqa: S101 - there is always a first attempt
        return best_attempt

    def has_words(self, query: Query) -> bool:
        """Say whether a query has any words that must be matched."""
        return bool(self._planner.plan(query.q, None, query.as_typed).groups)

    def match_all(
        self, groups: Sequence[WordGroup], matches: Mapping[WordGroup, Scores], query: Query
    ) -> Mask:
        """Return which documents fit all of some groups."""
        fits = self._columns.everything
        for group in groups:
            fits = fits & (matches[group] > 0)
        return fits

    def mask_of(self, rows: Sequence[int]) -> Mask:
        """Return the mask of some rows."""
        return self._columns.mask_of(np.array(rows, np.int64))

    def _with_fewer_groups(
        self, groups: Sequence[WordGroup], matches: dict[WordGroup, Scores]
    ) -> Iterator[tuple[list[WordGroup], tuple[str, ...]]]:
        """Yield the groups, then fewer and fewer down to one, with the words given up so far.

        What reaches nothing goes first, then guesses that fit with nothing, then places, then the
        commonest of those that name no kind or need. In the end each kind or need is tried alone.
        """
        reach = {group: int((matches[group] > 0).sum()) for group in groups}
        fits_all = np.logical_and.reduce([matches[group] > 0 for group in groups]).any()
        remaining = sorted(
            groups,
            key=lambda group: (
                reach[group] == 0,
                group.is_guess and not fits_all,
                group.is_place,
                not group.concepts,
                group.is_guess,
                reach[group],
                groups.index(group),
            ),
        )
        dropped: tuple[str, ...] = ()
        yield list(groups), dropped
        given_up: list[WordGroup] = []
        while len(remaining) > 1:
            given_up.append(remaining.pop())
            dropped += given_up[-1].content_words
            yield list(remaining), dropped
        for other in reversed(given_up):
            if other.concepts and not other.is_place and reach[other]:
                words = (word for group in groups if group != other for word in group.content_words)
                yield [other], tuple(words)


def _remembered(match_all: MatchAll) -> MatchAll:
    """Return what asks for the same groups only once: both worlds are matched alike."""
    masks: dict[tuple[WordGroup, ...], Mask] = {}

    def ask(groups: Sequence[WordGroup], matches: Mapping[WordGroup, Scores], query: Query) -> Mask:
        key = tuple(groups)
        if key not in masks:
            masks[key] = match_all(groups, matches, query)
        return masks[key]

    return ask


def _read_pages(file: Path) -> SitePageIndex:
    """Read the pages beside the activities; an index made without a site has none."""
    if not file.is_file():
        return SitePageIndex()
    return SitePageIndex(msgspec.json.decode(file.read_bytes(), type=tuple[SitePage, ...]))

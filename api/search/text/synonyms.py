"""Expand: what people say for the things that can be filtered ("tea and a chat" is a kind).

Built from the taxonomy: labels and aliases of kinds and needs, names of areas, days, ways. Several
words together mean one thing; small words between them may be missing ("husband has died").
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from api.search.text.tokenise import Stemmer, tokenise
from api.search.text.vocabulary import Candidate
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.search_constants import IN_PROCESS, SMALL_WORDS
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import DAYS

Field = Literal["kind", "need", "place", "outward_code", "day", "way", "free"]
OPTIONAL_FIELDS: frozenset[Field] = frozenset({"place", "outward_code", "day"})
LEADING = frozenset({"a", "an", "the", "i", "im", "ive", "my", "am", "have", "just"})


class Concept(msgspec.Struct, frozen=True):
    """A value of one filter, and how surely it was meant (1 = as typed)."""

    field: Field
    value: str
    weight: float = 1.0


class Phrase(msgspec.Struct, frozen=True):
    """One way to say a concept: its words, folded."""

    words: tuple[str, ...]
    concept: Concept


class PhraseMatch(msgspec.Struct, frozen=True):
    """A phrase found in a question: `end` is the place after its last word."""

    end: int
    words: tuple[str, ...]
    concepts: tuple[Concept, ...]

    @property
    def weight(self) -> float:
        """Return how surely it was meant."""
        return max(concept.weight for concept in self.concepts)


def phrases_of(taxonomy: Taxonomy, gazetteer: Gazetteer) -> list[Phrase]:
    """Return everything the taxonomy gives words for, and the days and ways we know.

    What is two words comes a second time as one: people write "boardgames" and misspell it too.
    """
    return [
        Phrase(words, concept)
        for text, concept in _synonyms(taxonomy, gazetteer)
        for words in _spellings(tuple(tokenise(text)))
    ]


def _synonyms(taxonomy: Taxonomy, gazetteer: Gazetteer) -> Iterator[tuple[str, Concept]]:
    for kind in taxonomy.kinds:
        for text in (kind.label, kind.plural, *kind.aliases):
            yield text, Concept("kind", kind.slug)
    for need in taxonomy.needs:
        for text in (need.label, *need.aliases):
            yield text, Concept("need", need.slug)
            for rank, slug in enumerate(need.kinds, 1):
                yield text, Concept("kind", slug, IN_PROCESS.first_kind / rank)
    for area in taxonomy.areas:
        yield area.name, Concept("place", area.name)
    for code in gazetteer.codes:
        yield code, Concept("outward_code", code)
        for name in gazetteer.of_code(code):
            yield code, Concept("place", name)
    for day in DAYS:
        yield day, Concept("day", day)
    yield "free", Concept("free", "yes")
    yield "online", Concept("way", "online")
    yield "by phone", Concept("way", "by phone")
    yield "comes to you", Concept("way", "comes to you")


def _spellings(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield from _without_small_words(words)
    if len(words) == 2 and not SMALL_WORDS.intersection(words):
        yield ("".join(words),)


def _without_small_words(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the phrase, and the phrase without small words where enough is left of it."""
    yield words
    start = 0
    while start < len(words) - 1 and words[start] in LEADING:
        start += 1
    if start and words[start:] != words:
        yield words[start:]
    content_words = tuple(word for word in words if word not in SMALL_WORDS)
    if 1 < len(content_words) < len(words) - start:
        yield content_words


class _Node:
    """A node in the tree of phrases: what is complete here, and how it may go on."""

    def __init__(self) -> None:
        self.by_stem: dict[str, _Node] = {}
        self.by_word: dict[str, _Node] = {}
        self.concepts: list[Concept] = []


class PhraseIndex:
    """Finds the longest phrase that begins at a word of a question."""

    def __init__(self, phrases: Sequence[Phrase], stem: Stemmer) -> None:
        self._stem = stem
        self._root = _Node()
        for phrase in phrases:
            node = self._root
            for word in phrase.words:
                node.by_word[word] = node = node.by_stem.setdefault(stem(word), _Node())
            if phrase.concept not in node.concepts:
                node.concepts.append(phrase.concept)

    def longest(self, candidates: Sequence[Sequence[Candidate]], start: int) -> PhraseMatch | None:
        """Return the longest match at `start`, all its meanings together; None if there is none."""
        matches = list(self._walk(candidates, start, self._root, (), 1.0))
        if not matches:
            return None
        longest = max(len(match.words) for match in matches)
        best = [match for match in matches if len(match.words) == longest]
        return PhraseMatch(
            end=max(match.end for match in best),
            words=best[0].words,
            concepts=_surest(concept for match in best for concept in match.concepts),
        )

    def _walk(
        self,
        candidates: Sequence[Sequence[Candidate]],
        at: int,
        node: _Node,
        words: tuple[str, ...],
        weight: float,
    ) -> Iterator[PhraseMatch]:
        if node.concepts:
            concepts = tuple(
                Concept(one.field, one.value, one.weight * weight) for one in node.concepts
            )
            yield PhraseMatch(at, words, concepts)
        if at == len(candidates):
            return
        for candidate in candidates[at]:
            child = node.by_stem.get(self._stem(candidate.word))
            if child is not None:
                surest = min(weight, candidate.weight)
                yield from self._walk(candidates, at + 1, child, (*words, candidate.word), surest)
        if words and at == len(candidates) - 1:
            for word, child in node.by_word.items():
                if candidates[at] and word.startswith(candidates[at][0].word):
                    yield from self._walk(candidates, at + 1, child, (*words, word), weight)
        if words and any(candidate.word in SMALL_WORDS for candidate in candidates[at]):
            yield from self._walk(candidates, at + 1, node, words, weight)


def _surest(concepts: Iterator[Concept]) -> tuple[Concept, ...]:
    best: dict[tuple[Field, str], Concept] = {}
    for concept in concepts:
        key = (concept.field, concept.value)
        if key not in best or best[key].weight < concept.weight:
            best[key] = concept
    return tuple(best.values())

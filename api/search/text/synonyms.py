"""What people say for the things that can be filtered: "tea and a chat" is a kind of activity.

Built from the taxonomy: labels and aliases of kinds and needs, names of areas, days, ways. Several
words together mean one thing; small words between them may be missing ("husband has died").
"""

from collections.abc import Iterator, Sequence
from typing import Literal

import msgspec

from api.search.text.tokenise import Stems, words_of
from api.search.text.vocabulary import Choice
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.search_constants import IN_PROCESS, SMALL_WORDS
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import DAYS

Field = Literal["kind", "need", "place", "outward_code", "day", "way", "free"]
WEIGHING: frozenset[Field] = frozenset({"place", "outward_code", "day"})
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


class Match(msgspec.Struct, frozen=True):
    """A phrase found in a question: `end` is the place after its last word."""

    end: int
    words: tuple[str, ...]
    concepts: tuple[Concept, ...]

    @property
    def weight(self) -> float:
        """Return how surely it was meant."""
        return max(concept.weight for concept in self.concepts)


def of_taxonomy(taxonomy: Taxonomy, gazetteer: Gazetteer) -> list[Phrase]:
    """Return everything the taxonomy gives words for, and the days and ways we know.

    What is two words comes a second time as one: people write "boardgames" and misspell it too.
    """
    return [
        Phrase(words, concept)
        for text, concept in _spoken(taxonomy, gazetteer)
        for words in _written(tuple(words_of(text)))
    ]


def _spoken(taxonomy: Taxonomy, gazetteer: Gazetteer) -> Iterator[tuple[str, Concept]]:
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


def _written(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    yield from _shorter(words)
    if len(words) == 2 and not SMALL_WORDS.intersection(words):
        yield ("".join(words),)


def _shorter(words: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    """Yield the phrase, and the phrase without small words where enough is left of it."""
    yield words
    start = 0
    while start < len(words) - 1 and words[start] in LEADING:
        start += 1
    if start and words[start:] != words:
        yield words[start:]
    big = tuple(word for word in words if word not in SMALL_WORDS)
    if 1 < len(big) < len(words) - start:
        yield big


class _Node:
    """A place in the tree of phrases: what is complete here, and how it may go on."""

    def __init__(self) -> None:
        self.after: dict[str, _Node] = {}  # by stem
        self.begun: dict[str, _Node] = {}  # by word
        self.concepts: list[Concept] = []


class Phrases:
    """Finds the longest phrase that begins at a word of a question."""

    def __init__(self, phrases: Sequence[Phrase], stem: Stems) -> None:
        self._stem = stem
        self._root = _Node()
        for phrase in phrases:
            node = self._root
            for word in phrase.words:
                node.begun[word] = node = node.after.setdefault(stem(word), _Node())
            if phrase.concept not in node.concepts:
                node.concepts.append(phrase.concept)

    def longest(self, choices: Sequence[Sequence[Choice]], start: int) -> Match | None:
        """Return the longest match at `start`, all its meanings together; None if there is none."""
        found = list(self._walk(choices, start, self._root, (), 1.0))
        if not found:
            return None
        most = max(len(match.words) for match in found)
        best = [match for match in found if len(match.words) == most]
        return Match(
            end=max(match.end for match in best),
            words=best[0].words,
            concepts=_surest(concept for match in best for concept in match.concepts),
        )

    def _walk(
        self,
        choices: Sequence[Sequence[Choice]],
        at: int,
        node: _Node,
        words: tuple[str, ...],
        weight: float,
    ) -> Iterator[Match]:
        if node.concepts:
            concepts = tuple(
                Concept(one.field, one.value, one.weight * weight) for one in node.concepts
            )
            yield Match(at, words, concepts)
        if at == len(choices):
            return
        for choice in choices[at]:
            on = node.after.get(self._stem(choice.word))
            if on is not None:
                sure = min(weight, choice.weight)
                yield from self._walk(choices, at + 1, on, (*words, choice.word), sure)
        if words and at == len(choices) - 1:
            for word, on in node.begun.items():
                if choices[at] and word.startswith(choices[at][0].word):
                    yield from self._walk(choices, at + 1, on, (*words, word), weight)
        if words and any(choice.word in SMALL_WORDS for choice in choices[at]):
            yield from self._walk(choices, at + 1, node, words, weight)


def _surest(concepts: Iterator[Concept]) -> tuple[Concept, ...]:
    best: dict[tuple[Field, str], Concept] = {}
    for concept in concepts:
        key = (concept.field, concept.value)
        if key not in best or best[key].weight < concept.weight:
            best[key] = concept
    return tuple(best.values())

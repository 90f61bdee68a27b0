"""Expand: the longest phrase that begins at a word of a question.

Words of a kind or a need are compared by their stems, those of a filter as they are written: "dads"
is a kind, "dad" is for someone else. Small words between them may be missing ("husband has died"),
a word may be written as two, and the last one need not be finished.
"""

from collections.abc import Iterable, Iterator, Sequence

import msgspec

from api.search.text.vocabulary import Candidate
from catalogue.model.search_constants import RANK, SMALL_WORDS, SPELLING
from catalogue.outputs.search.phrases import Meaning, Phrase
from catalogue.outputs.search.word_index import stem


class PhraseMatch(msgspec.Struct, frozen=True):
    """A phrase found in a question: `end` is the place after its last word."""

    end: int
    words: tuple[str, ...]
    meanings: tuple[Meaning, ...]

    @property
    def weight(self) -> int:
        """Return how surely it was meant."""
        return max(meaning.weight for meaning in self.meanings)

    @property
    def is_filter(self) -> bool:
        """Say whether it narrows the answer."""
        return any(meaning.is_filter for meaning in self.meanings)

    @property
    def is_place(self) -> bool:
        """Say whether it names a place and nothing else."""
        return all(meaning.is_place for meaning in self.meanings)


class _Node:
    """A node in the tree of phrases: what is complete here, and how it may go on."""

    def __init__(self) -> None:
        self.by_key: dict[str, _Node] = {}
        self.by_word: dict[str, _Node] = {}
        self.meanings: list[Meaning] = []

    def child(self, key: str) -> "_Node":
        return self.by_key.setdefault(key, _Node())


class PhraseIndex:
    """All phrases, by their words from left to right."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._concepts = _Node()
        self._filters = _Node()
        for phrase in phrases:
            if any(meaning.is_filter for meaning in phrase.meanings):
                node = self._filters
                for word in phrase.words:
                    node = node.child(word)
                node.meanings += phrase.meanings
            concepts = [meaning for meaning in phrase.meanings if not meaning.is_filter]
            if concepts:
                node = self._concepts
                for word in phrase.words:
                    node.by_word[word] = node = node.child(stem(word))
                node.meanings += concepts

    def longest(
        self, typed: Sequence[str], candidates: Sequence[Sequence[Candidate]], start: int
    ) -> tuple[PhraseMatch | None, PhraseMatch | None]:
        """Return the longest filter and the longest concept at `start`.

        Concepts of equal length are one match with all their meanings.
        """
        question = _Question(typed, candidates)
        filters = list(question.walk(self._filters, start, _NOTHING, by_stem=False))
        concepts = list(question.walk(self._concepts, start, _NOTHING, by_stem=True))
        sure = [match for match in filters if match.weight == 100]
        return _merged(_best(sure)[:1]), _merged(_best(concepts))


class _Path(msgspec.Struct, frozen=True):
    """The words of a phrase up to a node, and how sure the least and the most sure of them are."""

    words: tuple[str, ...] = ()
    least: int = 100
    most: int = 0

    def and_word(self, word: str, weight: int) -> "_Path":
        return _Path((*self.words, word), min(self.least, weight), max(self.most, weight))

    @property
    def weight(self) -> int:
        """Return how surely it was meant: a guess beside a sure word is more than a guess."""
        return max(self.least, RANK.in_phrase) if self.most == 100 else self.least


_NOTHING = _Path()


class _Question(msgspec.Struct, frozen=True):
    """The words of a question, and what each may stand for."""

    typed: Sequence[str]
    candidates: Sequence[Sequence[Candidate]]

    def walk(self, node: _Node, at: int, path: _Path, *, by_stem: bool) -> Iterator[PhraseMatch]:
        """Yield every phrase that goes on from a node at a word of the question."""
        for end, word, weight in self._steps(at):
            child = node.by_key.get(stem(word) if by_stem else word)
            if child is not None:
                yield from self._arrive(child, end, path.and_word(word, weight), by_stem)
        is_last = at == len(self.typed) - 1
        if by_stem and path.words and is_last and self.typed[at] not in SMALL_WORDS:
            for word, child in sorted(node.by_word.items()):
                if word.startswith(self.typed[at]) and word != self.typed[at]:
                    further = path.and_word(word, SPELLING.completed)
                    yield from self._arrive(child, at + 1, further, by_stem)
        if path.words and at < len(self.typed) and self.typed[at] in SMALL_WORDS:
            yield from self.walk(node, at + 1, path, by_stem=by_stem)

    def _arrive(self, node: _Node, at: int, path: _Path, by_stem: bool) -> Iterator[PhraseMatch]:
        if node.meanings:
            meanings = tuple(
                Meaning(meaning.field, meaning.value, meaning.weight * path.weight // 100)
                for meaning in node.meanings
            )
            yield PhraseMatch(at, path.words, meanings)
        yield from self.walk(node, at, path, by_stem=by_stem)

    def _steps(self, at: int) -> Iterator[tuple[int, str, int]]:
        """Yield the words that may be read at a place, with the place after each."""
        if at < len(self.typed):
            for candidate in self.candidates[at]:
                yield at + 1, candidate.word, candidate.weight
        if at + 1 < len(self.typed):
            yield at + 2, self.typed[at] + self.typed[at + 1], 100


def _best(matches: Sequence[PhraseMatch]) -> list[PhraseMatch]:
    """Return the longest of the matches, the surest first."""
    longest = max(((match.end, len(match.words)) for match in matches), default=(0, 0))
    longest_matches = [match for match in matches if (match.end, len(match.words)) == longest]
    return sorted(longest_matches, key=lambda match: (-match.weight, match.words))


def _merged(matches: Sequence[PhraseMatch]) -> PhraseMatch | None:
    """Return matches as one: the surest weight of each meaning."""
    if not matches:
        return None
    surest: dict[tuple[str, str], Meaning] = {}
    for meaning in (meaning for match in matches for meaning in match.meanings):
        key = (meaning.field, meaning.value)
        if key not in surest or surest[key].weight < meaning.weight:
            surest[key] = meaning
    return PhraseMatch(matches[0].end, matches[0].words, tuple(surest.values()))

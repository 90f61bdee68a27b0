"""The words the entries hold and how often: what a misspelt or unfinished word may have meant.

Knows no engine. A word is `named` when the taxonomy uses it (for a kind, a need or a place): people
rather mean those than a word that happens to stand in one entry.
"""

from bisect import bisect_left
from collections.abc import Iterable
from itertools import takewhile
from math import log

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

ONE_MISTAKE_FROM = 4  # letters
TWO_MISTAKES_FROM = 6
COMPLETED_FROM = 2
CHOICES = 4  # corrections of one word
COMPLETIONS = 12
HALF_FROM = 3  # letters of each half of two words written as one


class Choice(msgspec.Struct, frozen=True):
    """A word an entry holds, and how surely it was meant (1 = as typed)."""

    word: str
    weight: float = 1.0


class Vocabulary:
    """Words and the number of entries that hold each."""

    def __init__(self, frequency: dict[str, int], named: Iterable[str]) -> None:
        self.frequency = frequency
        self.named = frozenset(named)
        self._sorted = sorted(frequency)
        self._of_length: dict[int, list[str]] = {}
        for word in self._sorted:
            if word.isalpha():
                self._of_length.setdefault(len(word), []).append(word)

    def __contains__(self, word: str) -> bool:
        return word in self.frequency

    def corrections(self, word: str) -> list[Choice]:
        """Return the likeliest words this one may be a misspelling of, best first."""
        allowed = mistakes_allowed(word)
        if not allowed:
            return []
        near = [
            match
            for length in range(len(word) - allowed, len(word) + allowed + 1)
            for match in process.extract(
                word,
                self._of_length.get(length, ()),
                scorer=OSA.distance,
                score_cutoff=allowed,
                limit=None,
            )
        ]
        ranked = sorted(
            (self._unlikeliness(word, other, int(distance)), other)
            for other, distance, _ in near
            if other != word
        )
        return [
            Choice(other, 1.0 if badness == ranked[0][0] else 0.5)
            for badness, other in ranked[:CHOICES]
            if badness < ranked[0][0] + 1
        ]

    def _unlikeliness(self, typed: str, other: str, distance: int) -> float:
        """Return a cost: mistakes first, then a wrong first letter, then how rare the word is."""
        return (
            distance
            + (0.5 if typed[0] != other[0] else 0)
            - (0.75 if other in self.named else 0)
            - 0.05 * log(self.frequency.get(other, 1))
        )

    def completions(self, start: str) -> list[Choice]:
        """Return the words that begin so, without `start` itself: named ones first, then common."""
        if len(start) < COMPLETED_FROM:
            return []
        first = bisect_left(self._sorted, start)
        begun = takewhile(lambda word: word.startswith(start), self._sorted[first:])
        ranked = sorted(
            (word for word in begun if word != start),
            key=lambda word: (word not in self.named, -self.frequency[word], word),
        )
        return [Choice(word, 0.8) for word in ranked[:COMPLETIONS]]

    def halves(self, word: str) -> tuple[str, str] | None:
        """Return the two words that were written as one ("coffeemorning"), the commonest pair."""
        pairs = [
            (word[:cut], word[cut:])
            for cut in range(HALF_FROM, len(word) - HALF_FROM + 1)
            if word[:cut] in self.frequency and word[cut:] in self.frequency
        ]
        return max(
            pairs,
            key=lambda pair: min(self.frequency[half] for half in pair),
            default=None,
        )


def mistakes_allowed(word: str) -> int:
    """Return how many typing mistakes a word of this length may hold; none in one with digits."""
    if not word.isalpha() or len(word) < ONE_MISTAKE_FROM:
        return 0
    return 2 if len(word) >= TWO_MISTAKES_FROM else 1

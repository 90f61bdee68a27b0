"""The words of the documents and how often: what a misspelt or unfinished word may have meant.

Knows no index. A word is `named` when the taxonomy uses it (for a kind, a need or a place): people
rather mean those than a word that happens to stand in one document.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from math import log

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from api.search.text.tokenise import Stemmer
from catalogue.model.search_constants import IN_PROCESS, SPELLING

GUESSED_FROM = 3
CORRECTIONS = 4  # corrections of one word
COMPLETIONS = 12
HALF_FROM = 3  # letters of each half of two words written as one


class Candidate(msgspec.Struct, frozen=True):
    """A word of the documents or the taxonomy, and how surely it was meant (1 = as typed)."""

    word: str
    weight: float = 1.0


class Vocabulary:
    """Words and the number of documents that hold each."""

    def __init__(self, frequency: dict[str, int], named: Iterable[str], stem: Stemmer) -> None:
        self.frequency = frequency
        self._stem = stem
        self._stems = {stem(word) for word in frequency}
        self.named = frozenset(named)
        self._long_named = [word for word in self.named if len(word) > GUESSED_FROM]
        self._sorted = sorted(frequency)
        self._of_length: dict[int, list[str]] = {}
        for word in self._sorted:
            if word.isalpha():
                self._of_length.setdefault(len(word), []).append(word)

    def __contains__(self, word: str) -> bool:
        """Say whether some document holds the word, be it in another form ("years" for "year")."""
        return word in self.frequency or self._stem(word) in self._stems

    def corrections(self, word: str) -> list[Candidate]:
        """Return the likeliest words this one may be a misspelling of, best first.

        Where none is near enough, named words a little further off are guessed.
        """
        allowed = slips_allowed(word)
        lengths = range(len(word) - allowed, len(word) + allowed + 1)
        near = [
            (self._cost(word, other, distance), other)
            for length in lengths
            if allowed
            for other, distance in _within(word, self._of_length.get(length, ()), allowed)
        ]
        ranked = sorted((cost, other) for cost, other in near if other != word)
        if not ranked:
            return self._guesses(word, allowed + 1)
        likely = [(cost, other) for cost, other in ranked[:CORRECTIONS] if cost < ranked[0][0] + 1]
        return [
            Candidate(other, (1.0 if cost == ranked[0][0] else 0.5) * self._trust(word, other))
            for cost, other in likely
        ]

    def _guesses(self, word: str, allowed: int) -> list[Candidate]:
        if not word.isalpha() or len(word) < GUESSED_FROM:
            return []
        near = [
            (self._cost(word, other, distance), other)
            for other, distance in _within(word, self._long_named, allowed)
            if _same_start(word, other)
        ]
        return [Candidate(other, IN_PROCESS.doubt) for _, other in sorted(near)[:CORRECTIONS]]

    def _cost(self, typed: str, other: str, distance: int) -> float:
        """Return a cost: mistakes first, then a wrong first letter, then how rare the word is."""
        return (
            distance
            + (0.5 if typed[0] != other[0] else 0)
            - (0.75 if other in self.named else 0)
            - 0.05 * log(self.frequency.get(other, 1))
        )

    def _trust(self, typed: str, other: str) -> float:
        """Return 1, or less where the typed word may be a right one that no document holds.

        People hardly ever hit a wrong first letter, so "take" is not "cake" misspelt; and a word
        the taxonomy does not use is a guess.
        """
        return (1.0 if _same_start(typed, other) else IN_PROCESS.doubt) * (
            1.0 if other in self.named else IN_PROCESS.doubt
        )

    def completions(self, start: str) -> list[Candidate]:
        """Return the words that begin so, without `start` itself: named ones first, then common."""
        if len(start) < SPELLING.completed_from:
            return []
        first = bisect_left(self._sorted, start)
        beginning_so = takewhile(lambda word: word.startswith(start), self._sorted[first:])
        ranked = sorted(
            (word for word in beginning_so if word != start),
            key=lambda word: (word not in self.named, -self.frequency[word], word),
        )
        return [Candidate(word, SPELLING.completed) for word in ranked[:COMPLETIONS]]

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


def _within(word: str, others: Sequence[str], slips: int) -> Iterator[tuple[str, int]]:
    """Yield the words at most so many mistakes away: letters wrong, missing, extra or swapped."""
    near = process.extract(word, others, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return ((other, int(distance)) for other, distance, _ in near)


def _same_start(typed: str, other: str) -> bool:
    """Say whether the first letter is right, only left out, or swapped with the second."""
    return typed[0] == other[0] or typed == other[1:] or typed[:2] == other[1::-1]


def slips_allowed(word: str) -> int:
    """Return how many typing mistakes a word of this length may hold; none in one with digits."""
    if not word.isalpha() or len(word) < SPELLING.one_slip_from:
        return 0
    return 2 if len(word) >= SPELLING.two_slips_from else 1

"""The words of the documents and how often: what a misspelt or unfinished word may have meant.

Knows no index. A word is `named` when a phrase uses it (for a kind, a need, a place, a day): people
rather mean those than a word that happens to stand in one document. Numbers are whole, so that the
page (`site/assets/search_vocabulary.js`) comes to the same.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA

from catalogue.model.search_constants import FOLDING, RANK, SPELLING
from catalogue.outputs.search.word_index import stem

GUESSED_FROM = 3  # letters of a word that may be a phrase's with one slip more
CORRECTIONS = 4  # corrections of one word
COMPLETIONS = 12
SURE_FROM = 5  # letters of a word that stands in documents only, and may have one slip
HALF_FROM = 3  # letters of each half of two words written as one
SLIP = 20  # what costs are counted in: one mistake


class Candidate(msgspec.Struct, frozen=True):
    """A word of the documents or the taxonomy, and how surely it was meant (100: as typed)."""

    word: str
    weight: int = 100


class Vocabulary:
    """Words and the number of documents that hold each."""

    def __init__(
        self,
        frequency: Mapping[str, int],
        labels: Iterable[str],
        also_known: frozenset[str] = frozenset(),
    ) -> None:
        """Take the words of documents and of phrases, and stems that are known besides."""
        self.frequency = frequency
        self.named = frozenset(labels)
        self._named_stems = {stem(word) for word in self.named}
        self._stems = {stem(word) for word in frequency} | self._named_stems | also_known
        self._sorted = sorted({*frequency, *self.named})
        self._of_length: dict[int, list[str]] = {}
        for word in self._sorted:
            if word.isalpha():
                self._of_length.setdefault(len(word), []).append(word)
        self._named_of_length = {
            length: [word for word in words if word in self.named]
            for length, words in self._of_length.items()
        }

    def __contains__(self, word: str) -> bool:
        """Say whether a document or a phrase has the word, be it in another form ("years")."""
        return stem(word) in self._stems

    def is_named(self, word: str) -> bool:
        """Say whether a phrase has the word, be it in another form."""
        return stem(word) in self._named_stems

    def short_and_long(self, word: str) -> list[Candidate]:
        """Return the known words that a word is short for, and its own short form."""
        long_forms = FOLDING.short_forms.get(word, "").split()
        short = FOLDING.short_of.get(word)
        forms = [Candidate(word_) for word_ in long_forms] + (
            [Candidate(short, FOLDING.short_weight)] if short else []
        )
        return [form for form in forms if form.word in self]

    def corrections(self, word: str) -> list[Candidate]:
        """Return the likeliest words this one may be a misspelling of, best first."""
        allowed = slips_allowed(word)
        lengths = range(len(word) - allowed, len(word) + allowed + 1)
        near = [
            (self._cost(word, other, slips), other, slips)
            for length in lengths
            if allowed
            for other, slips in _within(word, self._of_length.get(length, ()), allowed)
        ]
        if not near:
            return self._guesses(word, allowed + 1)
        ranked = sorted(near)[:CORRECTIONS]
        return [
            Candidate(other, self._trust(word, other, slips) // (1 if cost == ranked[0][0] else 2))
            for cost, other, slips in ranked
            if cost < ranked[0][0] + SLIP
        ]

    def _guesses(self, word: str, allowed: int) -> list[Candidate]:
        """Return words of phrases a little further off."""
        if not word.isalpha() or len(word) < GUESSED_FROM:
            return []
        lengths = range(max(GUESSED_FROM + 1, len(word) - allowed), len(word) + allowed + 1)
        near = [
            (self._cost(word, other, slips), other)
            for length in lengths
            for other, slips in _within(word, self._named_of_length.get(length, ()), allowed)
            if _same_start(word, other)
        ]
        return [Candidate(other, RANK.doubt) for _cost, other in sorted(near)[:CORRECTIONS]]

    def _cost(self, typed: str, other: str, slips: int) -> int:
        """Return a cost: mistakes first, then a wrong first letter, then how rare the word is."""
        return (
            SLIP * slips
            + (SLIP // 2 if typed[0] != other[0] else 0)
            - (SLIP * 3 // 4 if other in self.named else 0)
            - self.frequency.get(other, 0).bit_length()
        )

    def _trust(self, typed: str, other: str, slips: int) -> int:
        """Return 100, or less where the typed word may be a right one that no document holds.

        People hardly ever hit a wrong first letter, so "take" is not "cake" misspelt; and a word
        that no phrase uses is a guess, unless the typed one is long and has one slip.
        """
        is_sure = other in self.named or (slips == 1 and len(typed) >= SURE_FROM)
        return 100 if is_sure and _same_start(typed, other) else RANK.doubt

    def completions(self, start: str) -> list[Candidate]:
        """Return the words that begin so, without `start` itself: named ones first, then common.

        The more of a word was typed, the surer it is.
        """
        if len(start) < SPELLING.completed_from:
            return []
        first = bisect_left(self._sorted, start)
        beginning_so = takewhile(lambda word: word.startswith(start), self._sorted[first:])
        ranked = sorted(
            (word for word in beginning_so if word != start),
            key=lambda word: (word not in self.named, -self.frequency.get(word, 0), word),
        )
        least, more = SPELLING.completed, SPELLING.completed_more
        return [
            Candidate(word, least + more * len(start) // len(word)) for word in ranked[:COMPLETIONS]
        ]

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


def _within(word: str, other_words: Sequence[str], slips: int) -> Iterator[tuple[str, int]]:
    """Yield the words at most so many mistakes away: letters wrong, missing, extra or swapped."""
    near = process.extract(word, other_words, scorer=OSA.distance, score_cutoff=slips, limit=None)
    return ((other, int(distance)) for other, distance, _ in near)


def _same_start(typed: str, other: str) -> bool:
    """Say whether the first letter is right, only left out, or swapped with the second."""
    return typed[0] == other[0] or typed == other[1:] or typed[:2] == other[1::-1]


def slips_allowed(word: str) -> int:
    """Return how many typing mistakes a word of this length may hold; none in one with digits."""
    if not word.isalpha() or len(word) < SPELLING.one_slip_from:
        return 0
    return 2 if len(word) >= SPELLING.two_slips_from else 1

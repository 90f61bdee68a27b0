"""Match and score: which documents fit the groups of a plan, and how well.

A score hangs on nothing but the plan, the matches and how many documents hold a word. It is a whole
number, so that the page (`site/assets/search_match.js`) comes to the same.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from api.search.embedded.columns import Columns
from api.search.text.query_plan import Option, Plan, WordGroup, title_key
from catalogue.model.search_constants import FOLDING, RANK
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.phrases import Meaning
from catalogue.outputs.search.word_index import BIT, postings, stem

POSTINGS = "postings.npz"
WORDS = "words.msgpack"
OUTRIGHT = BIT["title"] | BIT["labels"] | BIT["summary"]
FAMILY = {
    "kind": "kinds",
    "need": "needs",
    "place": "places",
    "outward_code": "code",
}  # fields of concepts, as the columns call them

Fields = NDArray[np.uint8]  # for each document a mask of fields
Scores = NDArray[np.int64]


class _Words(msgspec.Struct, frozen=True):
    words: tuple[str, ...]
    titles: tuple[str, ...]  # as titles are compared, a document each


def write(documents: Sequence[SearchDocument], folder: Path) -> dict[str, int]:
    """Write the index of words; return how many documents hold each."""
    index = postings(documents)
    frequency = {word: len(rows) for word, rows in index.items()}
    np.savez(
        folder / POSTINGS,
        ends=np.cumsum([0, *frequency.values()], dtype=np.int64),
        rows=np.array([row for rows in index.values() for row in rows], np.int64),
        fields=np.array([mask for rows in index.values() for mask in rows.values()], np.uint8),
    )
    words = _Words(tuple(index), tuple(title_key(document.title) for document in documents))
    (folder / WORDS).write_bytes(msgspec.msgpack.encode(words))
    return frequency


def _best_fields(fields: int) -> NDArray[np.int64]:
    """Return for every mask the weight of its best field among `fields`."""
    weights = [
        max(
            (RANK.fields[name] for name, field_bit in BIT.items() if mask & field_bit & fields),
            default=0,
        )
        for mask in range(1 << len(BIT))
    ]
    return np.array(weights, np.int64)


ANYWHERE, ONLY_OUTRIGHT = _best_fields(~0), _best_fields(OUTRIGHT)


class WordIndex:
    """Reads the index of words. Nothing in it changes."""

    def __init__(self, folder: Path, columns: Columns) -> None:
        words = msgspec.msgpack.decode((folder / WORDS).read_bytes(), type=_Words)
        with np.load(folder / POSTINGS, allow_pickle=False) as arrays:
            self._ends: NDArray[np.int64] = arrays["ends"]
            self._rows: NDArray[np.int64] = arrays["rows"]
            self._fields: Fields = arrays["fields"]
        self._titles = words.titles
        self._columns = columns
        self._by_stem: dict[str, list[int]] = {}
        for number, word in enumerate(words.words):
            self._by_stem.setdefault(stem(word), []).append(number)
        self.fields_of = lru_cache(maxsize=64)(self._fields_of)

    def is_title(self, key: str) -> bool:
        """Say whether a query is the title of a document."""
        return bool(self.with_title(key))

    def with_title(self, key: str) -> list[int]:
        """Return the documents whose title a query is."""
        return [row for row in self._titled(key) if self._titles[row] == key]

    def match(self, group: WordGroup) -> Scores:
        """Return how well each document fits a group; 0 where it does not."""
        parts = [self._option(option, group.outright) for option in group.options]
        parts += [self._concept(concept) for concept in group.concepts]
        best_scores: Scores = np.maximum.reduce(parts)
        other_scores: Scores = np.add.reduce(parts) - best_scores
        scores: Scores = best_scores + other_scores * RANK.others_percent // 100
        return scores

    def score(self, plan: Plan, matches: Iterable[Scores]) -> Scores:
        """Return the scores of all documents: those of the groups, and what their titles add."""
        zeros = np.zeros(self._columns.rows, np.int64)
        total: Scores = np.add.reduce([zeros, *matches])
        for row in self._titled(plan.title_key):
            total[row] += self._title_bonus(self._titles[row], plan.title_key)
        return total

    def _title_bonus(self, title: str, key: str) -> int:
        if title == key:
            return RANK.whole_title
        if " " not in key:
            return 0
        return RANK.begins_title if title.startswith(f"{key} ") else RANK.in_title

    def _titled(self, key: str) -> list[int]:
        """Return the documents whose titles hold all the words of a key."""
        words = key.split()
        if not words:
            return []
        columns = [
            np.bitwise_or.reduce([self.fields_of(form) for form in _forms(word)]) & BIT["title"]
            for word in words
        ]
        return [int(row) for row in np.flatnonzero(np.bitwise_and.reduce(columns))]

    def _option(self, option: Option, outright: bool) -> Scores:
        weights = ONLY_OUTRIGHT if outright else ANYWHERE
        total = np.zeros(self._columns.rows, np.int64)
        fits = self._columns.everything
        for word in option.words:
            fields = self.fields_of(stem(word))
            option_scores = weights[fields]
            total += option_scores * self._rarity(fields)
            fits = fits & (option_scores > 0)
        return np.where(fits, np.maximum(total * option.weight // 100, 1), 0)

    def _rarity(self, fields: Fields) -> int:
        """Return 1 and one more for each time that fewer by half of the documents hold a word."""
        return 1 + (len(fields) // max(1, int(np.count_nonzero(fields)))).bit_length()

    def _concept(self, concept: Meaning) -> Scores:
        weight = RANK.concepts[concept.field] * concept.weight // 100
        return self._columns.has(FAMILY[concept.field], concept.value) * np.int64(weight)

    def _fields_of(self, stem_: str) -> Fields:
        """Return in which fields each document holds a form of a word."""
        mask = np.zeros(self._columns.rows, np.uint8)
        for number in self._by_stem.get(stem_, ()):
            start, end = self._ends[number], self._ends[number + 1]
            mask[self._rows[start:end]] |= self._fields[start:end]
        return mask


def _forms(word: str) -> list[str]:
    """Return the stems that a word of a title's key may stand for: "st" is "saint" and "street"."""
    return [word, *(stem(long_form) for long_form in FOLDING.short_forms.get(word, "").split())]

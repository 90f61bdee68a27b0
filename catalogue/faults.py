"""A fault in the content: where it is, which field, what is wrong and what would be right.

Faults are collected rather than raised one by one, so that an editor can correct a folder at once.
"""

from collections.abc import Iterable

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA


class Fault(msgspec.Struct, frozen=True, order=True):
    """One thing to correct, printed as `path:line: field: message`.

    `path` is relative to the project folder, `line` counts from 1, `field` is dotted
    (`venues[0].place`) and empty where the whole file is meant.
    """

    path: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return the line as printed; text editors can jump to it."""
        middle = f"{self.field}: " if self.field else ""
        return f"{self.path}:{self.line}: {middle}{self.message}"


def did_you_mean(word: str, terms: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` for a near miss among the known words, else an empty string."""
    folded = word.casefold()
    choices = {term: term.casefold() for term in terms}
    nearest = process.extractOne(
        folded, choices, scorer=OSA.distance, score_cutoff=max(2, len(word) // 4)
    )
    return f' Did you mean "{nearest[2]}"?' if nearest else ""

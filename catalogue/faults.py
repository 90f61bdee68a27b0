"""A fault in the words: where it is, which field, what is wrong and what would be right.

Faults are collected, never raised one by one: an editor mends a folder in one go.
"""

from collections.abc import Iterable

import msgspec
from rapidfuzz import process
from rapidfuzz.distance import OSA


class Fault(msgspec.Struct, frozen=True, order=True):
    """One thing to mend, printed as `path:line: field: message`.

    `path` is relative to the project folder, `line` counts from 1, `field` is dotted
    (`venues[0].place`) and empty where the whole file is meant.
    """

    path: str
    line: int
    field: str
    message: str

    def __str__(self) -> str:
        """Return the line an editor reads and an editor program can jump to."""
        middle = f"{self.field}: " if self.field else ""
        return f"{self.path}:{self.line}: {middle}{self.message}"


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ` Did you mean "x"?` for a near miss among the known words, else nothing."""
    folded = word.casefold()
    choices = {term: term.casefold() for term in known}
    found = process.extractOne(
        folded, choices, scorer=OSA.distance, score_cutoff=max(2, len(word) // 4)
    )
    return f' Did you mean "{found[2]}"?' if found else ""

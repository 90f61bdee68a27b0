"""Crisis help: whether the words of a search speak of a crisis, and which help is shown above all.

The page with scripts finds it the same way (`site/assets/search_help_now.js`), on the device.
Nothing of it is stored or counted.
"""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from catalogue.model.taxonomy import HelpNow
from catalogue.model.text import words as tokenise

TYPO_FROM_LETTERS = 6  # a word this long may have one typing error, but not in its first letter


def find_crisis_help(help_now: Sequence[HelpNow], q: str) -> HelpNow | None:
    """Return the first help that fits the words of a search, or None."""
    typed = tokenise(q)
    return next((entry for entry in help_now if typed and _fits(entry, typed)), None)


def _fits(entry: HelpNow, typed: list[str]) -> bool:
    alone = (tokenise(text) for text in entry.alone)
    anywhere = (tokenise(text) for text in entry.words)
    return any(_same_phrase(phrase, typed) for phrase in alone) or any(
        _same_phrase(phrase, typed[start : start + len(phrase)])
        for phrase in anywhere
        for start in range(len(typed) - len(phrase) + 1)
    )


def _same_phrase(phrase: list[str], typed: list[str]) -> bool:
    return len(phrase) == len(typed) and all(map(_same_word, phrase, typed))


def _same_word(word: str, typed: str) -> bool:
    if word == typed:
        return True
    return (
        len(word) >= TYPO_FROM_LETTERS
        and word[0] == typed[0]
        and OSA.distance(word, typed, score_cutoff=1) <= 1
    )

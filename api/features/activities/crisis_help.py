"""Words that cannot wait: whether a question holds some, and the help that is told at once.

The page with scripts finds them the same way (`site/assets/search_help_now.js`), on the device.
Nothing is kept or counted of it.
"""

from collections.abc import Sequence

from rapidfuzz.distance import OSA

from api.search.text.tokenise import tokenise
from catalogue.model.taxonomy import HelpNow

FORGIVEN_FROM = 6  # letters of a word that may hold one slip, but not in its first letter


def needed(help_now: Sequence[HelpNow], q: str) -> HelpNow | None:
    """Return the first help that the words of a question ask for; None where they can wait."""
    typed = tokenise(q)
    return next((one for one in help_now if typed and _asks(one, typed)), None)


def _asks(one: HelpNow, typed: list[str]) -> bool:
    alone = (tokenise(text) for text in one.alone)
    anywhere = (tokenise(text) for text in one.words)
    return any(_same(words, typed) for words in alone) or any(
        _same(words, typed[at : at + len(words)])
        for words in anywhere
        for at in range(len(typed) - len(words) + 1)
    )


def _same(words: list[str], typed: list[str]) -> bool:
    return len(words) == len(typed) and all(map(_is, words, typed))


def _is(word: str, typed: str) -> bool:
    if word == typed:
        return True
    return (
        len(word) >= FORGIVEN_FROM
        and word[0] == typed[0]
        and OSA.distance(word, typed, score_cutoff=1) <= 1
    )

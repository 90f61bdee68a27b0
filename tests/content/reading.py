"""How old one must be to read a text (Kincaid and others, 1975), and its long sentences.

Grade = 0.39 * words a sentence + 11.8 * syllables a word - 15.59 (Kincaid, Fishburne, Rogers and
Chissom: Derivation of new readability formulas, Naval Technical Training Command, 1975). The age
is the grade and five years, as school years are counted. Syllables are counted by the places where
a word may be broken (pyphen, British English), or by its vowels where these say more.
"""

import re
from html import unescape

import pyphen

LONGEST = 30
"""Words in one sentence; GOV.UK asks for 25 at most, and we count names and numbers too."""

_BREAKS = pyphen.Pyphen(lang="en_GB", left=1, right=1)
_VOWELS = re.compile(r"[aeiouy]+")
_SILENT = re.compile(r"(?<=[^aeiouylr])es$|(?<=[^aeiouytd])ed$|(?<=[^l])e$")
_WORD = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_END = re.compile(r"(?<=[.!?:;])\s+|\n\s*\n|\n(?=\s*(?:[-*|#>]|\d+\.))")


def plain(markdown: str) -> str:
    """Return the words of a page: no front matter, markup, addresses or tables' lines."""
    text = re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.DOTALL)
    text = re.sub(r"```.*?```|`[^`]*`|<[^>]*>|\{[^}]*\}", " ", text, flags=re.DOTALL)
    text = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\S+@\S+|https?:\S+|%\(\w+\)s", "name", text)
    return unescape(text.replace("|", ". ").replace("*", ""))


def sentences(text: str) -> list[list[str]]:
    """Return the sentences of a text, each as its words; a heading and a line of a list is one."""
    sentence_words = (_WORD.findall(part) for part in _END.split(text))
    return [words for words in sentence_words if words]


def syllables(word: str) -> int:
    """Return how many syllables a word has, roughly: as it may be broken, or as its vowels say.

    A word is not broken at every syllable ("act-ivity"), so the larger number counts.
    """
    return sum(
        max(len(_BREAKS.positions(part)) + 1, _spoken_vowels(part))
        for part in re.split(r"['’-]", word)
        if part
    )


def age(text: str) -> float:
    """Return the years of age at which a text can be read."""
    parts = sentences(text)
    words = [word for part in parts for word in part]
    of_words = sum(map(syllables, words)) / len(words)
    return 0.39 * len(words) / len(parts) + 11.8 * of_words - 15.59 + 5


def too_long(text: str) -> list[str]:
    """Return the sentences of more than `LONGEST` words."""
    return [" ".join(words) for words in sentences(text) if len(words) > LONGEST]


def _spoken_vowels(part: str) -> int:
    small = part.lower()
    return len(_VOWELS.findall(_SILENT.sub("", small) or small))

"""Tokenise and fold: the words of a text, the same way for documents and for queries.

"Men's Café" and "mens cafe" are one: case, accents and apostrophes go. Stems are English
(Porter 2), so "gardens" finds "garden"; completing and correcting is done on whole words.
"""

import re
import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

WORD = re.compile(r"[^\W_]+")
APOSTROPHES = re.compile("['’‘`]")


def tokenise(text: str) -> list[str]:
    """Return the words of a text in order, folded."""
    return WORD.findall(fold(text))


def fold(text: str) -> str:
    """Return a text in small letters, without accents and apostrophes."""
    folded = APOSTROPHES.sub("", text.casefold())
    if folded.isascii():
        return folded
    decomposed = unicodedata.normalize("NFKD", folded)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def analyser() -> TextAnalyzer:
    """Return what turns words, joined by spaces, into the stems the index holds."""
    english = Filter.stemmer("english")
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(english).build()


class Stemmer:
    """Stems single words."""

    def __init__(self) -> None:
        self._analyser = analyser()

    def __call__(self, word: str) -> str:
        """Return the stem of one word."""
        return str(self._analyser.analyze(word)[0])

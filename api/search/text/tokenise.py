"""Text cut into words, the same way for what is indexed and for what is asked.

"Men's Café" and "mens cafe" are one: case, accents and apostrophes go. Stems are English
(Porter 2), so "gardens" finds "garden"; completing and correcting is done on whole words.
"""

import re
import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

WORD = re.compile(r"[^\W_]+")
APOSTROPHES = re.compile("['’‘`]")


def words_of(text: str) -> list[str]:
    """Return the words of a text in order: folded, without accents and apostrophes."""
    folded = APOSTROPHES.sub("", text.casefold())
    if not folded.isascii():
        parts = unicodedata.normalize("NFKD", folded)
        folded = "".join(sign for sign in parts if not unicodedata.combining(sign))
    return WORD.findall(folded)


def analyser() -> TextAnalyzer:
    """Return what turns words, joined by spaces, into the stems the index holds."""
    english = Filter.stemmer("english")
    return TextAnalyzerBuilder(Tokenizer.whitespace()).filter(english).build()


class Stems:
    """Stems single words."""

    def __init__(self) -> None:
        self._analyser = analyser()

    def __call__(self, word: str) -> str:
        """Return the stem of one word."""
        return str(self._analyser.analyze(word)[0])

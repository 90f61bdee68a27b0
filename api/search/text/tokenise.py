"""Tokenise: the words of a text, the same way for documents and for queries.

Stems are English (Porter 2), so "gardens" finds "garden"; completing and correcting is done on
whole words.
"""

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

from catalogue.model.text import words as tokenise

__all__ = ["Stemmer", "analyser", "tokenise"]


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

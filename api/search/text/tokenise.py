"""Text cut into words, the same way for what is indexed and for what is asked.

"Men's Café" and "mens cafe" are one: case, accents and apostrophes go. Stems are English
(Porter 2), so "gardens" finds "garden"; completing and correcting is done on whole words.
"""

import re
import unicodedata

from tantivy import Filter, TextAnalyzer, TextAnalyzerBuilder, Tokenizer

WORD = re.compile(r"[^\W_]+")
APOSTROPHES = re.compile("['’‘`]")

# Words that carry a sentence but name nothing anybody looks for. "no" and "out" are not among them.
SMALL = frozenset(
    WORD.findall(
        """
        a about after again all also am an and any anybody anymore anyone anything are
        around as at be because been bit but by can close could do does ever for from get go
        going got had has have he hello help her here hi him his how i id if im in is it its
        ive join just like live look looking lot lots may me meet more much my near nearby
        need needs of on or other others our please quite really she should since so some
        somebody someone something somewhere such take than that thats the their them then
        there theres these they think this to too us very want was we were what whats when
        where which who will with would yet you your youre
        """
    )
)


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

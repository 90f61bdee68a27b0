"""Match: which documents hold which word in which field, the same for every engine.

Words stand in the index as they are written; `stem` says which are forms of one word. A posting is
a row and a mask of fields. Words of descriptions that stand in many documents say nothing and are
left out.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from catalogue.i18n.languages import DEFAULT_LANGUAGE
from catalogue.model.search_constants import FIELDS, RANK
from catalogue.outputs.search.documents import SearchDocument
from catalogue.outputs.search.phrases import tokenise

BIT = {field: 1 << at for at, field in enumerate(FIELDS)}
VOWEL = re.compile("[aeiouy]")
ENDINGS = re.compile(r"(?:ing|ed)$")

Postings = dict[str, dict[int, int]]  # word -> row -> mask of fields


@lru_cache(maxsize=65_536)
def stem(word: str) -> str:
    """Return what the forms of one word have in common: "gardens", "gardening" and "gardened".

    A plural's s, then "ing" or "ed", a doubled consonant before it, and a last e: no more.
    """
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-3] + "y" if word.endswith("ies") and len(word) > 4 else word[:-1]
    root = ENDINGS.sub("", word)
    if root != word and len(root) >= 3 and VOWEL.search(root):
        doubled = root[-1] == root[-2] and root[-1] not in "aeiouls"
        word = root[:-1] if doubled else root
    return word[:-1] if len(word) > 3 and word.endswith("e") else word


def postings(documents: Sequence[SearchDocument]) -> Postings:
    """Return the index of documents, a document's row being its place among them."""
    index: Postings = {}
    bodies = [frozenset(tokenise(document.body)) for document in documents]
    count = Counter(word for body in bodies for word in body)
    common = max(RANK.common_at_least, len(documents) * RANK.common_percent // 100)
    for row, (document, body) in enumerate(zip(documents, bodies, strict=True)):
        for field, text in _texts(document).items():
            for word in _words(text):
                _add(index, word, row, BIT[field])
        for word in body:
            if count[word] <= common:
                _add(index, word, row, BIT["more"])
    return dict(sorted(index.items()))


def venue_words(document: SearchDocument) -> frozenset[str]:
    """Return the words of the venue that a card names."""
    return frozenset(_words(document.venue))


def _add(index: Postings, word: str, row: int, field_bit: int) -> None:
    rows = index.setdefault(word, {})
    rows[row] = rows.get(row, 0) | field_bit


@lru_cache(maxsize=4096)
def _words(text: str) -> tuple[str, ...]:
    """Tokenise once what many documents have in common, such as the aliases of their kinds."""
    return tuple(dict.fromkeys(tokenise(text)))


def _texts(document: SearchDocument) -> dict[str, str]:
    return {
        "title": document.title,
        "labels": " ".join((*document.kind_labels, *document.kind_aliases)),
        "where": " ".join((document.venue, *document.places, *document.outward_codes)),
        "summary": document.summary,
        "needs": " ".join(document.need_words),
        "more": " ".join((document.provider, *_spoken(document))),
    }


def _spoken(document: SearchDocument) -> tuple[str, ...]:
    """Return the languages that are spoken beside English, which tells no entry from another."""
    return tuple(name for name in document.languages if name != DEFAULT_LANGUAGE)

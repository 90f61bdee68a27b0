"""Phrases: what people say for the things that can be found and filtered.

Built from the taxonomy ("tea and a chat" is a kind, "hearing loop" a fact) and from the constants
("on sundays" is a day, "my dad" is for someone else). The engine in the process and the one in the
page read the same list: it goes along with the page's documents. Words are folded.
"""

from collections.abc import Iterable, Iterator
from typing import Literal

import msgspec

from catalogue.i18n.gettext import active_language
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.search_constants import FOLDING, RANK, SENTENCES, SMALL_WORDS
from catalogue.model.taxonomy import Need, Taxonomy
from catalogue.model.text import words

Field = Literal[
    "kind", "need", "place", "outward_code", "day", "time", "way", "free", "access", "someone_else",
    "date", "plain",
]  # fmt: skip
FILTERS: frozenset[Field] = frozenset(
    {"day", "time", "way", "free", "access", "someone_else", "date", "plain"}
)
"""What narrows an answer. "date" is counted from the day of asking: in days, or the next such day
of the week; "plain" are words that look like a filter and are none ("gluten free")."""
LEADING = frozenset({"a", "an", "the", "i", "im", "ive", "my", "am", "have", "just"})


class Meaning(msgspec.Struct, frozen=True, array_like=True):
    """A value of a field, and how surely it is meant (100: for certain)."""

    field: Field
    value: str
    weight: int = 100

    @property
    def is_filter(self) -> bool:
        """Say whether it narrows the answer."""
        return self.field in FILTERS

    @property
    def is_place(self) -> bool:
        """Say whether it names a place."""
        return self.field in ("place", "outward_code")


class Phrase(msgspec.Struct, frozen=True):
    """One way to say something."""

    words: tuple[str, ...]
    meanings: tuple[Meaning, ...]


def tokenise(text: str) -> list[str]:
    """Return the words of a document or a question, words for one thing as the same word."""
    return [FOLDING.same.get(word, word) for word in words(text)]


def phrases(taxonomy: Taxonomy, gazetteer: Gazetteer) -> list[Phrase]:
    """Return all phrases.

    What is two words comes a second time as one: people write "boardgames" and misspell it too.
    """
    spellings: dict[tuple[str, ...], dict[Meaning, None]] = {}
    for text, meaning in _meanings(taxonomy, gazetteer):
        for spelling in _spellings(tuple(tokenise(text))):
            spellings.setdefault(spelling, {})[meaning] = None
    return [Phrase(spelling, tuple(meanings)) for spelling, meanings in spellings.items()]


def _meanings(taxonomy: Taxonomy, gazetteer: Gazetteer) -> Iterator[tuple[str, Meaning]]:
    for kind in taxonomy.kinds:
        for text in (kind.label, kind.plural, *kind.aliases):
            yield text, Meaning("kind", kind.slug)
    for need in taxonomy.needs:
        for text in (need.label, *need.aliases):
            yield from ((text, meaning) for meaning in _need(need))
    for area in taxonomy.areas:
        yield area.name, Meaning("place", area.name)
    for code in sorted(gazetteer.codes):
        yield code, Meaning("outward_code", code)
        for name in gazetteer.of_code(code):
            yield code, Meaning("place", name)
    for fact in taxonomy.access:
        for text in (fact.short, *fact.aliases):
            yield text, Meaning("access", fact.slug)
    for meanings, texts in (*SENTENCES.items(), *_filters_of_language()):
        for text in texts:
            yield from ((text, _filter(meaning)) for meaning in meanings.split(", "))
            if "someone_else" in meanings:
                yield from ((text, meaning) for meaning in _for_someone_else(taxonomy))


def _filters_of_language() -> Iterable[tuple[str, Iterable[str]]]:
    """Return what the language of the directory has beside the English ways to say a filter."""
    return active_language().taxonomy_words.search_words.filters.items()


def _for_someone_else(taxonomy: Taxonomy) -> Iterator[Meaning]:
    for need in taxonomy.needs:
        if need.for_someone_else == "yes":
            yield from _need(need)


def _need(need: Need) -> Iterator[Meaning]:
    yield Meaning("need", need.slug)
    for rank, slug in enumerate(need.kinds, 1):
        yield Meaning("kind", slug, RANK.first_kind // rank)


def _filter(meaning: str) -> Meaning:
    field, _equals, value = meaning.partition("=")
    return msgspec.convert((field, value), Meaning)


def _spellings(phrase: tuple[str, ...]) -> Iterator[tuple[str, ...]]:
    if not phrase:
        return
    yield phrase
    start = 0
    while start < len(phrase) - 1 and phrase[start] in LEADING:
        start += 1
    if start:
        yield phrase[start:]
    content = tuple(word for word in phrase if word not in SMALL_WORDS)
    if 1 < len(content) < len(phrase) - start:
        yield content
    if len(phrase) == 2 and not SMALL_WORDS.intersection(phrase):
        yield ("".join(phrase),)

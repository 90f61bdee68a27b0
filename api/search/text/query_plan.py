"""Plan: from the words of a query to groups of words, each with what it may stand for.

Pure: knows the vocabulary and the synonyms of the taxonomy, no engine. Places and days among the
words only rank and never shut anything out: somebody who types "choir Temeford" also takes one
next door.
"""

import msgspec

from api.search.text.synonyms import OPTIONAL_FIELDS, Concept, PhraseIndex, PhraseMatch
from api.search.text.tokenise import tokenise
from api.search.text.vocabulary import Candidate, Vocabulary
from catalogue.model.search_constants import IN_PROCESS, SMALL_WORDS
from catalogue.model.text import POSTCODE

WORDS_AT_MOST = 16  # more are not read: nobody types them, and each costs time
SHOWN_AT_MOST = 2  # of the words tried instead of one typed


class WordGroup(msgspec.Struct, frozen=True):
    """Words of a query that stand for one thing.

    A document fits if it has one of the concepts, or holds a candidate for every word.
    """

    typed: tuple[str, ...]
    candidates: tuple[tuple[Candidate, ...], ...]
    concepts: tuple[Concept, ...] = ()

    @property
    def content_words(self) -> tuple[str, ...]:
        """Return the typed words without the small ones."""
        return tuple(word for word in self.typed if word not in SMALL_WORDS) or self.typed

    @property
    def is_guess(self) -> bool:
        """Say whether nothing in it is sure enough to shut out documents that lack it."""
        meanings = self.concepts or [one for candidates in self.candidates for one in candidates]
        return all(meaning.weight <= IN_PROCESS.doubt for meaning in meanings)

    @property
    def is_optional(self) -> bool:
        """Say whether this only brings hits forward (a place, a day, a guess) and need not fit."""
        only_ranks = bool(self.concepts) and all(
            concept.field in OPTIONAL_FIELDS for concept in self.concepts
        )
        return only_ranks or self.is_guess


class Plan(msgspec.Struct, frozen=True):
    """What to look for.

    `unknown_words` are typed words that match nothing, `also_looked_for` words tried in their
    place.
    """

    groups: tuple[WordGroup, ...] = ()
    unknown_words: tuple[str, ...] = ()
    also_looked_for: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[WordGroup, ...]:
        """Return the groups a document must fit: those that are not optional, if there are any."""
        return tuple(group for group in self.groups if not group.is_optional) or self.groups


class Planner:
    """Makes plans from one vocabulary and one taxonomy."""

    def __init__(self, vocabulary: Vocabulary, phrases: PhraseIndex) -> None:
        self._vocabulary = vocabulary
        self._phrases = phrases

    def plan(self, q: str, wider: bool = False) -> Plan:
        """Return the plan of a query; a wider one also doubts words that some document holds."""
        typed = tokenise(POSTCODE.sub(r"\1 ", q.upper()))[:WORDS_AT_MOST]
        small = frozenset() if all(word in SMALL_WORDS for word in typed) else SMALL_WORDS
        last = len(typed) - 1
        candidates = [
            [Candidate(word)] if word in small else self._candidates(word, at == last, wider)
            for at, word in enumerate(typed)
        ]
        groups, unknown_words = self._expand(typed, candidates, small)
        plan = Plan(tuple(groups), tuple(unknown_words))
        return msgspec.structs.replace(plan, also_looked_for=_also_looked_for(plan))

    def _expand(
        self, typed: list[str], candidates: list[list[Candidate]], small: frozenset[str]
    ) -> tuple[list[WordGroup], list[str]]:
        """Return the groups from left to right, and the words that match nothing."""
        groups: list[WordGroup] = []
        unknown_words: list[str] = []
        at = 0
        while at < len(typed):
            match = self._phrases.longest(candidates, at)
            end = match.end if match else at + 1
            if match is not None:
                likelier = [one for one in candidates[at] if one.weight > match.weight]
                groups.append(_phrase_group(typed[at:end], match, likelier))
            elif candidates[at] and typed[at] not in small:
                groups.append(WordGroup((typed[at],), (tuple(candidates[at]),)))
            elif typed[at] not in small:
                halves = self._halves(typed[at])
                groups += [halves] if halves else []
                unknown_words += [] if halves else [typed[at]]
            at = end
        return groups, unknown_words

    def _candidates(self, word: str, last: bool, wider: bool) -> list[Candidate]:
        """Return what a word may stand for: itself if it is known, else what is near or begins so.

        A rare completion must not outrank a whole word ("club" is no "clubhouse"): a word that
        stands in some document is completed or corrected only in a wider plan, and one of the
        taxonomy never, even if no document holds it: who asks for a choir wants no chair.
        """
        vocabulary = self._vocabulary
        known = [Candidate(word)] if word in vocabulary or word in vocabulary.named else []
        if word in vocabulary.named or (word in vocabulary.frequency and not wider):
            return known
        if known and not wider:  # known by another of its forms only
            return known + (self._named_completions(word) if last else [])
        named = self._named_completions(word) if last else []
        completions = vocabulary.completions(word) if last else []
        others = named or [*completions, *vocabulary.corrections(word)]
        doubt = IN_PROCESS.doubt if known else 1.0
        best: dict[str, Candidate] = {}
        for other in sorted(others, key=lambda one: -one.weight):
            best.setdefault(other.word, Candidate(other.word, other.weight * doubt))
        return [*known, *best.values()]

    def _named_completions(self, word: str) -> list[Candidate]:
        """Return the words of the taxonomy that begin so: likelier meant than any misspelling."""
        completions = self._vocabulary.completions(word)
        return [one for one in completions if one.word in self._vocabulary.named]

    def _halves(self, word: str) -> WordGroup | None:
        """Return the group of two words that were written as one; None where it is not so."""
        halves = self._vocabulary.halves(word)
        if halves is None:
            return None
        candidates = [[Candidate(half)] for half in halves]
        match = self._phrases.longest(candidates, 0)
        if match is not None and match.end == len(halves):
            return _phrase_group([word], match, [])
        return WordGroup((word,), tuple(tuple(half) for half in candidates))


def _phrase_group(typed: list[str], match: PhraseMatch, likelier: list[Candidate]) -> WordGroup:
    """Return the group of a phrase; a word likelier than the phrase it is taken for stays in it."""
    candidates: tuple[tuple[Candidate, ...], ...] = tuple(
        (Candidate(word),) for word in match.words
    )
    if len(candidates) == 1 and likelier:
        candidates = ((*likelier, Candidate(match.words[0], match.weight)),)
    return WordGroup(tuple(typed), candidates, match.concepts)


def _also_looked_for(plan: Plan) -> tuple[str, ...]:
    """Return the words looked for in place of typed ones, as an answer names them."""
    words: list[str] = []
    for group in plan.groups:
        if group.is_guess and group not in plan.needed:
            continue
        if group.concepts and len(group.candidates) > 1:
            tried = [" ".join(candidates[0].word for candidates in group.candidates)]
            same = set(group.typed) >= {candidates[0].word for candidates in group.candidates}
        else:
            tried = [candidate.word for candidate in group.candidates[0]]
            same = any(word in group.typed for word in tried)
        words += [] if same else tried[:SHOWN_AT_MOST]
    return tuple(dict.fromkeys(words))

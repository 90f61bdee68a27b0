"""Plan: from the words of a query to groups of words, each with what it may stand for.

Pure: knows the vocabulary and the phrases, no engine. A word that is known must fit; one that is
not is read as what it may be a misspelling of, or left out. Days, times, access and the like become
filters. `site/assets/search_plan.js` makes the same plans, held to the same vectors.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import date, timedelta
from typing import cast

import msgspec

from api.search.port import Understood
from api.search.text.audience import Audience, audience_of, typed_age
from api.search.text.phrase_index import PhraseIndex, PhraseMatch
from api.search.text.vocabulary import Candidate, Vocabulary
from catalogue.model.search_constants import FOLDING, RANK, SMALL_WORDS, SPELLING
from catalogue.model.text import POSTCODE
from catalogue.outputs.search.filters import DAYS, Day
from catalogue.outputs.search.phrases import Meaning, tokenise
from catalogue.outputs.search.word_index import stem

WORDS_AT_MOST = 16  # more are not read: nobody types them, and each costs time
SHOWN_AT_MOST = 2  # of the words tried instead of one typed
STATES = frozenset({"has", "is", "cant"})  # what makes a phrase speak of somebody else
REPORTS = frozenset(
    {
        "bought",
        "gave",
        "got",
        "left",
        "reckons",
        "said",
        "says",
        "sent",
        "suggested",
        "thinks",
        "told",
    }
)
ONESELF = frozenset({"i", "id", "im", "ive", "me", "my", "us", "we"})
QUERY_FIELD = {"day": "days", "time": "times", "way": "ways"}  # a filter's field in `Query`
IsTitle = Callable[[str], bool]


class Option(msgspec.Struct, frozen=True):
    """Words that a document may hold for a group to fit: all of them."""

    words: tuple[str, ...]
    weight: int = 100


class WordGroup(msgspec.Struct, frozen=True):
    """Words of a query that stand for one thing.

    A document fits if it has one of the concepts, or holds all the words of an option. `outright`:
    in its title, its labels or its summary, for a document that is not of the kind has to say so.
    """

    typed: tuple[str, ...]
    options: tuple[Option, ...]
    concepts: tuple[Meaning, ...] = ()
    outright: bool = False

    @property
    def is_doubtful(self) -> bool:
        """Say whether it is a mere guess at what was typed."""
        meanings = self.concepts or self.options
        return all(meaning.weight <= RANK.doubt for meaning in meanings)

    @property
    def is_guess(self) -> bool:
        """Say whether other words are tried in place of those typed."""
        as_typed = {stem(word) for word in (*self.typed, "".join(self.typed))}
        return all(not {stem(word) for word in option.words} <= as_typed for option in self.options)

    @property
    def is_place(self) -> bool:
        """Say whether it names a place, which is given up first: next door may do as well."""
        return bool(self.concepts) and all(concept.is_place for concept in self.concepts)

    @property
    def content_words(self) -> tuple[str, ...]:
        """Return the typed words without the small ones."""
        return tuple(word for word in self.typed if word not in SMALL_WORDS) or self.typed


class Plan(msgspec.Struct, frozen=True):
    """What to look for.

    `unknown_words` are typed words that match nothing. `title_key` is the query as a title would be
    compared, and `typed` all its words. `audience` is who it is for.
    """

    groups: tuple[WordGroup, ...] = ()
    understood: tuple[Understood, ...] = ()
    title_key: str = ""
    unknown_words: tuple[str, ...] = ()
    typed: tuple[str, ...] = ()
    audience: Audience = Audience()

    @property
    def is_one_thing(self) -> bool:
        """Say whether all the words together are one kind, need or place."""
        return any(group.concepts and group.typed == self.typed for group in self.groups)

    @property
    def places(self) -> tuple[str, ...]:
        """Return the areas that the words name as they are written: "wells", not "well"."""
        return tuple(
            meaning.value
            for group in self.groups
            for meaning in group.concepts
            if meaning.field == "place" and tuple(tokenise(meaning.value)) == group.typed
        )


def title_key(text: str) -> str:
    """Return what is compared of a title: stems in short forms, without small words."""
    words_typed = tokenise(text)
    content = [word for word in words_typed if word not in SMALL_WORDS] or words_typed
    return " ".join(FOLDING.short_of.get(word, stem(word)) for word in content)


class Planner:
    """Makes plans from one vocabulary and one list of phrases."""

    def __init__(self, vocabulary: Vocabulary, phrases: PhraseIndex, is_title: IsTitle) -> None:
        self._vocabulary = vocabulary
        self._phrases = phrases
        self._is_title = is_title

    def plan(self, q: str, today: date | None = None, as_typed: Collection[str] = ()) -> Plan:
        """Return the plan of a query.

        Args:
            q: The words as typed.
            today: The day of asking, in London; without it "tomorrow" is no date.
            as_typed: Words that are not to be understood as a filter.
        """
        typed = tokenise(POSTCODE.sub(r"\1 ", " ".join(q.upper().split())))[:WORDS_AT_MOST]
        small = frozenset() if all(word in SMALL_WORDS for word in typed) else SMALL_WORDS
        key = title_key(q)
        reading = _Reading(self, typed, small, today)
        reading.read(literal=self._is_title(key), as_typed=as_typed)
        return reading.plan(key)

    def candidates(self, word: str, last: bool) -> list[Candidate]:
        """Return what a word may stand for: itself if it is known, else what is near or begins so.

        A word that is known is never corrected: who asks for a choir wants no chair. A long
        one that is in no phrase may be the beginning of a word that is: "photograph".
        """
        vocabulary = self._vocabulary
        other_forms = vocabulary.short_and_long(word)
        completions = vocabulary.completions(word) if last else []
        named_words = [
            completion for completion in completions if completion.word in vocabulary.named
        ]
        if word in vocabulary or other_forms:
            exact = [Candidate(word)] if word in vocabulary else []
            is_whole = vocabulary.is_named(word) or len(word) < SPELLING.known_completed_from
            return exact + other_forms + ([] if is_whole else named_words)
        guesses = named_words or [*completions, *vocabulary.corrections(word)]
        by_word: dict[str, Candidate] = {}
        for guess in sorted(guesses, key=lambda candidate: -candidate.weight):
            by_word.setdefault(guess.word, guess)
        return list(by_word.values())

    def is_known(self, word: str) -> bool:
        """Say whether a document or a phrase has a word."""
        return word in self._vocabulary

    def apart(self, word: str) -> WordGroup | None:
        """Return the group of two words that were written as one; None where it is not so."""
        halves = self._vocabulary.halves(word)
        if halves is None:
            return None
        _filter, match = self._phrases.longest(halves, [[Candidate(half)] for half in halves], 0)
        if match is not None and match.end == len(halves):
            return _phrase_group((word,), match, ())
        return WordGroup((word,), (Option(halves),))

    def together(self, first: str, second: str) -> WordGroup | None:
        """Return the group of one word that was written as two; None where no document has it."""
        joined = first + second
        if joined not in self._vocabulary.frequency:
            return None
        return WordGroup((first, second), (Option((joined,)), Option((first, second))))

    def phrase(
        self, typed: Sequence[str], candidates: Sequence[Sequence[Candidate]], at: int
    ) -> tuple[PhraseMatch | None, PhraseMatch | None]:
        """Return the longest filter and the longest concept that begin at a word."""
        return self._phrases.longest(typed, candidates, at)


class _Reading:
    """One reading of a query from left to right."""

    def __init__(
        self, planner: Planner, typed: list[str], small: frozenset[str], today: date | None
    ) -> None:
        self._planner = planner
        self._typed = typed
        self._small = small
        self._today = today
        self._groups: list[WordGroup] = []
        self._understood: list[Understood] = []
        self._for_someone_else: list[WordGroup] = []
        self._unknown: list[str] = []
        self._age = typed_age(typed)
        self._literal = False

    def read(self, literal: bool, as_typed: Collection[str]) -> None:
        """Read all words; `literal` ones are the title of a document, and no filter."""
        typed, last = self._typed, len(self._typed) - 1
        self._literal = literal
        candidates = [
            [Candidate(word)] if word in self._small else self._planner.candidates(word, at == last)
            for at, word in enumerate(typed)
        ]
        at = 0
        while at < len(typed):
            narrowing, concept = self._planner.phrase(typed, candidates, at)
            if narrowing and (literal or " ".join(typed[at : narrowing.end]) in as_typed):
                narrowing = None
            if concept and self._replaces_known(typed[at : concept.end], concept):
                concept = None
            ends = max(match.end if match else 0 for match in (narrowing, concept))
            joined = self._together(at) if ends <= at + 1 else None
            if joined:
                self._groups.append(joined)
                at += len(joined.typed)
            elif narrowing and (concept is None or narrowing.end >= concept.end):
                self._understand(narrowing, at)
                at = narrowing.end
            elif concept:
                if narrowing and STATES.intersection(concept.words):
                    self._understand(narrowing, at)  # "my mum has dementia"
                words = tuple(typed[at : concept.end])
                likelier = [
                    candidate for candidate in candidates[at] if candidate.weight > concept.weight
                ]
                self._groups.append(_phrase_group(words, concept, likelier))
                at = concept.end
            else:
                at = self._read_word(at, candidates[at])

    def _replaces_known(self, typed: list[str], concept: PhraseMatch) -> bool:
        """Say whether one known word would be read as another ("st" as the town of Street).

        A small word is no place by itself: "from" is not the town of Frome.
        """
        if len(typed) > 1 or len(concept.words) > 1:
            return False
        if typed[0] in self._small and concept.is_place:
            return True
        return self._planner.is_known(typed[0]) and stem(typed[0]) != stem(concept.words[0])

    def _together(self, at: int) -> WordGroup | None:
        """Return the group of a word and the next, where some document has both as one word."""
        pair = self._typed[at : at + 2]
        if len(pair) < 2 or self._small.intersection(pair):
            return None
        return self._planner.together(*pair)

    def _read_word(self, at: int, candidates: list[Candidate]) -> int:
        """Read a word that begins no phrase; return the place after what was read."""
        word = self._typed[at]
        is_of_age = self._age is not None and not self._literal and at in self._age.places
        if word in self._small or is_of_age:
            return at + 1
        if candidates:
            options = tuple(Option((candidate.word,), candidate.weight) for candidate in candidates)
            self._groups.append(WordGroup((word,), options))
        elif (halves := self._planner.apart(word)) is not None:
            self._groups.append(halves)
        else:
            self._unknown.append(word)
        return at + 1

    def _understand(self, match: PhraseMatch, at: int) -> None:
        typed = tuple(self._typed[at : match.end])
        pairs = [self._pair(meaning) for meaning in match.meanings if meaning.is_filter]
        filters = tuple(pair for pair in pairs if pair is not None)
        if self._is_about_themself(match, filters):
            return
        if filters:
            self._understood.append(Understood(" ".join(typed), filters))
        elif not any(meaning.field == "plain" and meaning.value for meaning in match.meanings):
            self._groups += [
                WordGroup((word,), (Option((word,)),)) for word in typed if word not in self._small
            ]
        concepts = tuple(meaning for meaning in match.meanings if not meaning.is_filter)
        if concepts:
            self._for_someone_else.append(WordGroup(typed, (Option(typed),), concepts, True))

    def _is_about_themself(self, match: PhraseMatch, filters: tuple[tuple[str, str], ...]) -> bool:
        """Say whether somebody else only does something to the one who asks ("bought me")."""
        is_else = bool(filters) and all(field == "someone_else" for field, _value in filters)
        after = self._typed[match.end : match.end + 2]
        return is_else and len(after) == 2 and after[0] in REPORTS and after[1] in ONESELF

    def _pair(self, meaning: Meaning) -> tuple[str, str] | None:
        """Return field and value of a filter; None for words that are none after all."""
        if meaning.field == "plain":
            return None
        if meaning.field == "date":
            on = self._today and _date(self._today, meaning.value)
            return ("dates", on.isoformat()) if on else None
        return QUERY_FIELD.get(meaning.field, meaning.field), meaning.value

    def plan(self, key: str) -> Plan:
        """Return the plan: guesses count only where nothing else is known."""
        groups = list(dict.fromkeys(self._groups))
        if any(not group.is_doubtful for group in groups):
            self._unknown += [
                word for group in groups if group.is_doubtful for word in group.content_words
            ]
            groups = [group for group in groups if not group.is_doubtful]
        narrowed = any(part.narrows for part in self._understood)
        if not groups and not narrowed:
            groups = self._for_someone_else[:1]
        if self._unknown and all(_is_short(group) for group in groups):
            self._unknown += [word for group in groups for word in group.typed]
            groups = []
        unknown = [word for word in self._typed if word in self._unknown]
        return Plan(
            groups=tuple(groups),
            understood=tuple(self._understood),
            title_key=key,
            unknown_words=tuple(dict.fromkeys(unknown)),
            typed=tuple(self._typed),
            audience=Audience() if self._literal else self._audience(groups),
        )

    def _audience(self, groups: Sequence[WordGroup]) -> Audience:
        """Return who is asked for; a kind that a group stands for is not shut out."""
        someone_else = next((part.words for part in self._understood if part.is_someone_else), "")
        named = {
            concept.value
            for group in groups
            for concept in group.concepts
            if concept.field == "kind"
        }
        return audience_of(self._typed, someone_else.split(), self._age, named)


def _date(today: date, value: str) -> date:
    """Return the date so many days after today, or the next such day of the week."""
    is_weekday = value in DAYS
    days = (DAYS.index(cast("Day", value)) - today.weekday()) % 7 if is_weekday else int(value)
    return today + timedelta(days=days)


def _is_short(group: WordGroup) -> bool:
    """Say whether a group is a mere short form, which names nothing by itself ("st")."""
    return len(group.typed) == 1 and group.typed[0] in FOLDING.short_forms


def _phrase_group(
    typed: tuple[str, ...], match: PhraseMatch, likelier: Sequence[Candidate]
) -> WordGroup:
    """Return the group of a phrase; a word likelier than the phrase it is taken for stays in it."""
    options = [Option(match.words, match.weight)]
    if len(match.words) == 1:
        options += [Option((candidate.word,), candidate.weight) for candidate in likelier]
    group = WordGroup(typed, tuple(options), match.meanings)
    return msgspec.structs.replace(group, outright=not group.is_place)


def also_looked_for(groups: Sequence[WordGroup]) -> tuple[str, ...]:
    """Return the words looked for in place of typed ones, as an answer names them."""
    words: list[str] = []
    for group in groups:
        if group.is_guess:
            by_weight = sorted(group.options, key=lambda option: -option.weight)
            words += [" ".join(option.words) for option in by_weight[:SHOWN_AT_MOST]]
    return tuple(dict.fromkeys(words))

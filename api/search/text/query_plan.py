"""From free words to a plan: which words belong together, what they may mean, which only weigh.

Pure: knows the vocabulary and the phrases of the taxonomy, no engine. Places and days in a question
weigh and never shut anything out: somebody who types "choir Temeford" also takes one next door.
"""

import msgspec

from api.search.text.synonyms import WEIGHING, Concept, Match, Phrases
from api.search.text.tokenise import words_of
from api.search.text.vocabulary import Choice, Vocabulary
from catalogue.model.search_constants import IN_PROCESS, SMALL_WORDS
from catalogue.model.text import POSTCODE

WORDS_AT_MOST = 16  # more are not read: nobody types them, and each costs time
SAID_AT_MOST = 2  # of the words tried instead of one typed


class Group(msgspec.Struct, frozen=True):
    """Words of a question that stand for one thing.

    An entry fits if it has one of the concepts, or holds a choice of every word.
    """

    typed: tuple[str, ...]
    choices: tuple[tuple[Choice, ...], ...]
    concepts: tuple[Concept, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """Return the typed words without the small ones."""
        return tuple(word for word in self.typed if word not in SMALL_WORDS) or self.typed

    @property
    def is_guess(self) -> bool:
        """Say whether nothing in it is sure enough to shut out entries that lack it."""
        meant = self.concepts or [choice for choices in self.choices for choice in choices]
        return all(one.weight <= IN_PROCESS.doubt for one in meant)

    @property
    def weighs(self) -> bool:
        """Say whether this only brings hits forward (a place, a day, a guess) and needs not fit."""
        named = bool(self.concepts) and all(one.field in WEIGHING for one in self.concepts)
        return named or self.is_guess


class Plan(msgspec.Struct, frozen=True):
    """What to look for. `unknown` are typed words that reach nothing, `instead` words tried."""

    groups: tuple[Group, ...] = ()
    unknown: tuple[str, ...] = ()
    instead: tuple[str, ...] = ()

    @property
    def needed(self) -> tuple[Group, ...]:
        """Return the groups an entry must fit: those that do more than weigh, if there are any."""
        return tuple(group for group in self.groups if not group.weighs) or self.groups


class Planner:
    """Makes plans from one vocabulary and one taxonomy."""

    def __init__(self, vocabulary: Vocabulary, phrases: Phrases) -> None:
        self._vocabulary = vocabulary
        self._phrases = phrases

    def plan(self, q: str, wider: bool = False) -> Plan:
        """Return the plan of a question; a wider one also doubts words that some entry holds."""
        typed = words_of(POSTCODE.sub(r"\1 ", q.upper()))[:WORDS_AT_MOST]
        small = frozenset() if all(word in SMALL_WORDS for word in typed) else SMALL_WORDS
        last = len(typed) - 1
        choices = [
            [Choice(word)] if word in small else self._choices(word, at == last, wider)
            for at, word in enumerate(typed)
        ]
        groups, unknown = self._grouped(typed, choices, small)
        plan = Plan(tuple(groups), tuple(unknown))
        return msgspec.structs.replace(plan, instead=_instead(plan))

    def _grouped(
        self, typed: list[str], choices: list[list[Choice]], small: frozenset[str]
    ) -> tuple[list[Group], list[str]]:
        """Return the groups from left to right, and the words that reach nothing."""
        groups: list[Group] = []
        unknown: list[str] = []
        at = 0
        while at < len(typed):
            match = self._phrases.longest(choices, at)
            end = match.end if match else at + 1
            if match is not None:
                surer = [one for one in choices[at] if one.weight > match.weight]
                groups.append(_phrase(typed[at:end], match, surer))
            elif choices[at] and typed[at] not in small:
                groups.append(Group((typed[at],), (tuple(choices[at]),)))
            elif typed[at] not in small:
                halves = self._halves(typed[at])
                groups += [halves] if halves else []
                unknown += [] if halves else [typed[at]]
            at = end
        return groups, unknown

    def _choices(self, word: str, last: bool, wider: bool) -> list[Choice]:
        """Return what a word may stand for: itself if it is known, else what is near or begins so.

        A rare completion must not outrank a whole word ("club" is no "clubhouse"): a word that
        stands in some entry is completed or corrected only when a wider net is asked for, and one
        of the taxonomy never, even if no entry holds it: who asks for a choir wants no chair.
        """
        vocabulary = self._vocabulary
        known = [Choice(word)] if word in vocabulary or word in vocabulary.named else []
        if word in vocabulary.named or (word in vocabulary.frequency and not wider):
            return known
        if known and not wider:  # known by another of its forms only
            return known + (self._begun(word) if last else [])
        named = self._begun(word) if last else []
        begun = vocabulary.completions(word) if last else []
        others = named or [*begun, *vocabulary.corrections(word)]
        doubt = IN_PROCESS.doubt if known else 1.0
        best: dict[str, Choice] = {}
        for one in sorted(others, key=lambda one: -one.weight):
            best.setdefault(one.word, Choice(one.word, one.weight * doubt))
        return [*known, *best.values()]

    def _begun(self, word: str) -> list[Choice]:
        """Return the words of the taxonomy that begin so: likelier meant than any misspelling."""
        begun = self._vocabulary.completions(word)
        return [one for one in begun if one.word in self._vocabulary.named]

    def _halves(self, word: str) -> Group | None:
        """Return the group of two words that were written as one; None where it is not so."""
        halves = self._vocabulary.halves(word)
        if halves is None:
            return None
        choices = [[Choice(half)] for half in halves]
        match = self._phrases.longest(choices, 0)
        if match is not None and match.end == len(halves):
            return _phrase([word], match, [])
        return Group((word,), tuple(tuple(choice) for choice in choices))


def _phrase(typed: list[str], match: Match, surer: list[Choice]) -> Group:
    """Return the group of a phrase; a word surer than what the phrase is taken for stays in it."""
    choices: tuple[tuple[Choice, ...], ...] = tuple((Choice(word),) for word in match.words)
    if len(choices) == 1 and surer:
        choices = ((*surer, Choice(match.words[0], match.weight)),)
    return Group(tuple(typed), choices, match.concepts)


def _instead(plan: Plan) -> tuple[str, ...]:
    """Return the words looked for in place of typed ones, as they are said."""
    said: list[str] = []
    for group in plan.groups:
        if group.is_guess and group not in plan.needed:
            continue
        if group.concepts and len(group.choices) > 1:
            tried = [" ".join(choice[0].word for choice in group.choices)]
            same = set(group.typed) >= {choice[0].word for choice in group.choices}
        else:
            tried = [choice.word for choice in group.choices[0]]
            same = any(word in group.typed for word in tried)
        said += [] if same else tried[:SAID_AT_MOST]
    return tuple(dict.fromkeys(said))

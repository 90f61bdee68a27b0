"""The judged questions, machine-made misspellings, and how well answers score against their rules.

recall@10 = relevant documents among the first ten / min(10, all relevant). A question without a
relevant document says nothing and is left out.
"""

import random
import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Literal

import msgspec

from api.search import filters
from api.search.embedded.index import middles
from api.search.port import Engine, Query
from catalogue.model.gazetteer import Gazetteer
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.search.documents import SearchDocument

QUESTIONS = Path(__file__).with_name("queries.toml")
FIRST = 10
REPORT_SEED, TUNE_SEED = 20_261_124, 5  # misspellings reported are never those tuned on
EDITED_FROM = 4  # letters of a word
KEYS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
SOUNDS = (
    ("ee", "ea"), ("ea", "ee"), ("ph", "f"), ("ck", "k"), ("tion", "shun"), ("ie", "ei"),
    ("c", "k"), ("mm", "m"), ("ll", "l"), ("ff", "f"), ("oo", "u"), ("ou", "ow"), ("y", "ie"),
    ("i", "e"),
)  # fmt: skip

Class = Literal[
    "exact", "misspelt", "truncated", "need", "place", "filter",
    "name", "one edit", "harder", "cut",
]  # fmt: skip
MISSPELLINGS: tuple[Class, ...] = ("one edit", "harder", "cut")


LISTS = {
    "way": "ways", "day": "days", "time": "times", "access": "access", "promise": "promises",
}  # fmt: skip


class Answers(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A rule over documents: what answers a question."""

    kinds: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    place: str = ""
    day: str = ""
    free: str = ""
    way: str = ""


class Question(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """One judged question."""

    class_: Class
    answers: Answers
    half: Literal["tune", "report"]
    q: str = ""
    where: dict[str, str] = {}

    def query(self, per_page: int = FIRST) -> Query:
        """Return it as the search port takes it."""
        where: dict[str, object] = {**self.where}
        for name, names in LISTS.items():
            if name in where:
                where[names] = (where.pop(name),)
        fields = {"q": self.q, **where, "per_page": per_page}
        return msgspec.convert(fields, Query, strict=False)


def questions() -> tuple[Question, ...]:
    """Return the questions people wrote."""
    read = tomllib.loads(QUESTIONS.read_text(encoding="utf-8"))
    return msgspec.convert(read["questions"], tuple[Question, ...])


class Judge:
    """Knows which documents answer a question."""

    def __init__(self, documents: Iterable[SearchDocument], taxonomy: Taxonomy) -> None:
        self._documents = list(documents)
        codes = frozenset(code for document in self._documents for code in document.outward_codes)
        self._gazetteer = Gazetteer(taxonomy.areas, codes, middles(self._documents))
        self._reach = {
            document.slug: frozenset(self._gazetteer.reach(document.places, document.area_served))
            for document in self._documents
        }

    def knows(self, place: str) -> bool:
        """Say whether a rule may speak of this place."""
        return self._gazetteer.find(place) is not None

    def relevant(self, question: Question) -> frozenset[str]:
        """Return the slugs of all documents that answer.

        A place that is only mentioned weighs; filters and a place asked for go by the port's rules.
        """
        query = msgspec.structs.replace(question.query(), q="")
        near = filters.place_filter(query, self._gazetteer)
        return frozenset(
            document.slug
            for document in self._documents
            if self._answers(document, question.answers, grouped=near is not None)
            and (match := filters.match(document, query, near, self._gazetteer))
            and match.group != "further"
        )

    def _answers(self, document: SearchDocument, rule: Answers, grouped: bool) -> bool:
        about = not (rule.kinds or rule.needs) or (
            bool(set(rule.kinds) & set(document.kinds))
            or bool(set(rule.needs) & set(document.needs))
        )
        return (
            about
            and (not rule.place or grouped or self._is_for(document, rule.place))
            and rule.day in ("", *document.days)
            and rule.free in ("", document.free)
            and rule.way in ("", *document.ways)
        )

    def _is_for(self, document: SearchDocument, name: str) -> bool:
        place = self._gazetteer.find(name)
        if place is None:
            return False
        return place.outward_code in document.outward_codes or bool(
            self._reach[document.slug] & set(place.areas)
        )


def recall(slugs: Iterable[str], relevant: frozenset[str]) -> float:
    """Return recall among the first ten; `relevant` is not empty."""
    first = list(slugs)[:FIRST]
    return len(relevant.intersection(first)) / min(FIRST, len(relevant))


def machine_made(taxonomy: Taxonomy, seed: int = REPORT_SEED) -> Iterator[Question]:
    """Yield the name of every kind, and the name with one mistake, with two, and cut off."""
    chance = random.Random(seed)
    makers: tuple[tuple[Class, Callable[[str, random.Random], str]], ...] = (
        ("name", lambda name, _: name),
        ("one edit", one_edit),
        ("harder", harder),
        ("cut", cut),
    )
    for kind in taxonomy.kinds:
        name = kind.label.lower().replace("-", " ")
        for class_, make in makers:
            misspelt = make(name, chance)
            if misspelt != name or class_ == "name":  # a name too short to be misspelt makes none
                yield Question(class_, Answers(kinds=(kind.slug,)), "report", misspelt)


def one_edit(name: str, chance: random.Random) -> str:
    """Return the name with one slip of a finger in one of its longer words."""
    return _in_a_word(name, chance, _slip)


def harder(name: str, chance: random.Random) -> str:
    """Return the name written as it sounds, or with two slips, or both."""
    misheard = _in_a_word(name, chance, _mishear)
    return _in_a_word(misheard, chance, _slip)


def cut(name: str, chance: random.Random) -> str:
    """Return the name without its end: at least three letters of the last word stay."""
    *before, last = name.split()
    length = chance.randint(min(3, len(last)), max(3, len(last) - 1))
    return " ".join([*before, last[:length]])


def _in_a_word(
    name: str, chance: random.Random, change: Callable[[str, random.Random], str]
) -> str:
    words = name.split()
    long = [at for at, word in enumerate(words) if len(word) >= EDITED_FROM]
    if long:
        at = chance.choice(long)
        words[at] = change(words[at], chance)
    return " ".join(words)


def _slip(word: str, chance: random.Random) -> str:
    at = chance.randrange(len(word) - 1)
    slips = (
        word[:at] + word[at + 1 :],  # a letter left out
        word[:at] + word[at] + word[at:],  # typed twice
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],  # in the wrong order
        word[:at] + _neighbour_key(word[at], chance) + word[at + 1 :],  # the key beside it
    )
    return chance.choice([slip for slip in slips if slip != word])


def _neighbour_key(letter: str, chance: random.Random) -> str:
    row = next((row for row in KEYS if letter in row), None)
    if row is None:
        return letter
    at = row.index(letter)
    return chance.choice([row[near] for near in (at - 1, at + 1) if 0 <= near < len(row)])


def _mishear(word: str, chance: random.Random) -> str:
    fitting = [pair for pair in SOUNDS if pair[0] in word[1:]]
    if not fitting:
        return _slip(word, chance)
    spelling, sound = chance.choice(fitting)
    return word[0] + word[1:].replace(spelling, sound, 1)


def score(engine: Engine, judge: Judge, questions: Sequence[Question]) -> dict[str, list[float]]:
    """Return recall@10 of every question that has an answer, by class."""
    scores: dict[str, list[float]] = defaultdict(list)
    for question in questions:
        relevant = judge.relevant(question)
        if relevant:
            slugs = [hit.document.slug for hit in engine.search(question.query()).hits]
            scores[question.class_].append(recall(slugs, relevant))
    return scores

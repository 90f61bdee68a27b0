"""Audience: whom a question is about, and which entries are plainly not for them.

Pure. An entry fits unless it is of a kind that is for others ("my dad" and a women's group) or its
age limits shut them out. A kind that the question names itself is never shut out.
`site/assets/search_audience.js` comes to the same, held to the same vectors.
"""

from collections.abc import Collection, Sequence
from itertools import pairwise

import msgspec

from catalogue.model.search_constants import AUDIENCE, LIMITS, phrases

BEFORE_AGE, YEARS = frozenset(phrases(AUDIENCE.before_age)), frozenset(phrases(AUDIENCE.years))
OWNERS, UNITS = frozenset(phrases(AUDIENCE.owners)), frozenset(phrases(AUDIENCE.units))
FOR, ONESELF = frozenset(phrases(AUDIENCE.before_person)), frozenset(phrases(AUDIENCE.oneself))
YOUNGEST = 10  # a child under ten comes along with somebody: its age is not that of who comes
TEN_YEARS = 10


class Person(msgspec.Struct, frozen=True):
    """How somebody is spoken of; `age` is 0 where the words say nothing about it."""

    words: frozenset[str]
    relations: frozenset[str]
    pronouns: frozenset[str]
    unfit_kinds: frozenset[str]
    age: int


PEOPLE = {
    name: Person(
        words=frozenset(phrases(person.words)),
        relations=frozenset(phrases(person.relations)),
        pronouns=frozenset(phrases(person.pronouns)),
        unfit_kinds=frozenset(phrases(person.unfit_kinds)),
        age=person.age,
    )
    for name, person in AUDIENCE.people.items()
}
RELATIONS = frozenset().union(*(person.relations for person in PEOPLE.values()))


class Age(msgspec.Struct, frozen=True):
    """An age that was typed, and the places of the words that say it."""

    years: int
    places: frozenset[int]


class Audience(msgspec.Struct, frozen=True):
    """Who is asked for: an age, and the kinds that are not for them."""

    age: int | None = None
    unfit_kinds: tuple[str, ...] = ()


def typed_age(typed: Sequence[str]) -> Age | None:
    """Return the age in the words of a question: "he's 58", "84 year old", "in my forties"."""
    for at, word in enumerate(typed):
        before, after = typed[max(at - 2, 0) : at], typed[at + 1 : at + 3]
        if word in AUDIENCE.decades:
            if set(before) & OWNERS:
                return Age(AUDIENCE.decades[word] + TEN_YEARS // 2, frozenset({at}))
        elif word.isascii() and word.isdigit() and YOUNGEST <= int(word[:4]) <= LIMITS.age:
            years = [n for n, next_word in enumerate(after, at + 1) if next_word in YEARS]
            if len(years) == len(after) == 2:
                return Age(int(word), frozenset({at, *years}))
            if _is_said_of_somebody(before) and not set(after[:1]) & UNITS:
                return Age(int(word), frozenset({at}))
    return None


def _is_said_of_somebody(before: Sequence[str]) -> bool:
    """Say whether the two words before a number make it an age: "he's", "my dad is"."""
    if not before:
        return False
    is_person = len(before) > 1 and before[0] in RELATIONS
    return before[-1] in BEFORE_AGE or (before[-1] == "is" and is_person)


def _is_about_oneself(typed: Sequence[str], someone_else: Sequence[str]) -> bool:
    """Say whether the one who asks is meant: "husband in a home and I am on my own"."""
    first_at = next((at for at, word in enumerate(typed) if word in someone_else), 0)
    if first_at and typed[first_at - 1] in FOR:
        return False
    pairs = {" ".join(pair) for pair in pairwise(typed)}
    return not ONESELF.isdisjoint((*typed, *pairs))


def audience_of(
    typed: Sequence[str], someone_else: Sequence[str], age: Age | None, named: Collection[str]
) -> Audience:
    """Return who is asked for.

    Args:
        typed: The words of the question.
        someone_else: Those of them that name somebody else; none where one asks for oneself.
        age: The age among them.
        named: The kinds that the question names, which are never shut out.
    """
    if _is_about_oneself(typed, someone_else):
        someone_else = ()
    people = {
        name
        for name, person in PEOPLE.items()
        if person.words.intersection(typed) or person.relations.intersection(someone_else)
    }
    if someone_else and not people & {"man", "woman"}:
        people |= {name for name, person in PEOPLE.items() if person.pronouns.intersection(typed)}
    if {"man", "woman"} <= people:
        people -= {"man", "woman"}
    years = age.years if age else None
    if years is None:
        years = next((PEOPLE[name].age for name in sorted(people) if PEOPLE[name].age), None)
    if years is not None and years >= AUDIENCE.old_from:
        people.add("old")
    unfit = {kind for name in people for kind in PEOPLE[name].unfit_kinds}
    return Audience(years, tuple(sorted(unfit - set(named))))

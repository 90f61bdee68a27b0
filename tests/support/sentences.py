"""Sentences as people type them, judged by hand against `content/`, and how an engine does on them.

The open half may be looked at while an engine is adjusted; the reported half only makes the table.
"""

import tomllib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from api.search.port import Answer
from catalogue.outputs.search.filters import DAYS

OPEN = Path(__file__).with_name("sentences_open.toml")
REPORTED = Path(__file__).with_name("sentences_reported.toml")
FIRST = 5
A_KIND = "kind:"
PARAMETERS = {"days": "day", "times": "time", "ways": "way"}  # where a field is named otherwise

Class = Literal[
    "everyday", "for-someone", "who", "when", "place", "access", "misspelt", "pledge-page"
]
Filters = dict[str, tuple[str, ...]]


class Sentence(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"class_": "class"}):
    """One judged sentence; the head of its file says what the fields mean."""

    number: int
    class_: Class
    q: str
    intent: str
    relevant: tuple[str, ...] = ()
    expects_none: bool = False
    wrong: tuple[str, ...] = ()
    filters: Filters = {}
    filters_may: Filters = {}

    def is_found(self, slugs: Sequence[str]) -> bool:
        """Say whether something that answers is among the first."""
        return not set(self.relevant).isdisjoint(slugs[:FIRST])

    def is_clean(self, slugs: Sequence[str], kinds: Mapping[str, Sequence[str]]) -> bool:
        """Say whether nothing that is wrong is among the first; `kinds` are those of each slug."""
        irrelevant = [slug for slug in slugs[:FIRST] if slug not in self.relevant]
        results = {
            *irrelevant,
            *(A_KIND + kind for slug in irrelevant for kind in kinds.get(slug, ())),
        }
        return results.isdisjoint(self.wrong)

    def is_understood(self, filters: Iterable[tuple[str, str]]) -> bool:
        """Say whether all the filters meant were understood, and none that was not meant."""
        understood = set(filters)
        expected, allowed = _pairs(self.filters), _pairs(self.filters_may)
        return expected <= understood <= expected | allowed


class Outcome(msgspec.Struct, frozen=True):
    """What an engine made of a sentence: what it found, best first, and the filters understood.

    `found` are slugs of activities; `pages` addresses of pledges and pages, shown beside them.
    `beside` are slugs of the second list: what is invented never stands in one list with what is
    real, and the sentences were judged by the text of both.
    """

    found: tuple[str, ...]
    filters: tuple[tuple[str, str], ...] = ()
    pages: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()


class Shares(msgspec.Struct, frozen=True):
    """Of the sentences of a class: how many there are, and which share did well.

    `found` is of those that something in the directory answers, None where there is none.
    """

    count: int
    found: float | None
    clean: float
    understood: float


def open_half() -> tuple[Sentence, ...]:
    """Return the sentences that may be tuned on."""
    return _read(OPEN)


def reported_half() -> tuple[Sentence, ...] | None:
    """Return the sentences for reporting; None where their file is not here."""
    return _read(REPORTED) if REPORTED.is_file() else None


def measure(
    sentences: Sequence[Sentence],
    ask: Callable[[str], Outcome],
    kinds: Mapping[str, Sequence[str]],
) -> dict[str, Shares]:
    """Ask every sentence and return the shares by class, and of "all"."""
    marks: dict[str, list[tuple[bool | None, bool, bool]]] = defaultdict(list)
    for sentence in sentences:
        outcome = ask(sentence.q)
        lists = (outcome.found, outcome.beside, outcome.pages)
        is_found = any(sentence.is_found(slugs) for slugs in lists)
        mark = (
            None if sentence.expects_none else is_found,
            sentence.is_clean(outcome.found, kinds) and sentence.is_clean(outcome.beside, kinds),
            sentence.is_understood(outcome.filters),
        )
        marks[sentence.class_].append(mark)
        marks["all"].append(mark)
    return {name: _shares(of_class) for name, of_class in sorted(marks.items())}


def outcome_of(answer: Answer, beside: Answer | None = None) -> Outcome:
    """Return what an answer of the search port says, and the one with invented examples beside."""
    return Outcome(
        tuple(hit.document.slug for hit in answer.hits),
        parameters(
            pair for filter_understood in answer.understood for pair in filter_understood.filters
        ),
        tuple(page.url for page in answer.site_pages),
        tuple(hit.document.slug for hit in beside.hits) if beside else (),
    )


def parameters(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """Return filters by the names of the API's parameters, given those of the search port.

    A date is the day of the week that it is: the sentences were judged by the days they mean.
    """
    return tuple(
        ("day", DAYS[date.fromisoformat(value).weekday()])
        if field == "dates"
        else (PARAMETERS.get(field, field), value)
        for field, value in pairs
    )


def _read(file: Path) -> tuple[Sentence, ...]:
    read = tomllib.loads(file.read_text(encoding="utf-8"))
    return msgspec.convert(read["sentences"], tuple[Sentence, ...])


def _pairs(filters: Filters) -> set[tuple[str, str]]:
    return {(name, value) for name, values in filters.items() for value in values}


def _shares(marks: Sequence[tuple[bool | None, bool, bool]]) -> Shares:
    verdicts = [is_found for is_found, _, _ in marks if is_found is not None]
    return Shares(
        count=len(marks),
        found=sum(verdicts) / len(verdicts) if verdicts else None,
        clean=sum(is_clean for _, is_clean, _ in marks) / len(marks),
        understood=sum(is_understood for _, _, is_understood in marks) / len(marks),
    )

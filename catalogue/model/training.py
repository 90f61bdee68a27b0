"""The connectors' short course: its pages in order, and the questions at its end.

`content/training/<course>/index.md` is the course with its questions, each other file beside it one
page. Whoever has answered has completed it, and is called nothing more than that.
"""

from collections.abc import Iterator
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from catalogue.faults import Fault, did_you_mean
from catalogue.model.activity import Source
from catalogue.model.text import Line, Paragraph, ShortSlug
from catalogue.read import body
from catalogue.read.entry import Entry

RESERVED = frozenset({"index", "questions", "booklet", "completed"})
"""Names of pages that stand beside those of a course."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base settings: frozen, unknown fields refused."""


class Answer(_Part, frozen=True):
    """One answer that can be chosen; `why` is said to whoever chose it."""

    words: Line
    why: Line
    right: Literal["yes", "no"] = "no"


class Question(_Part, frozen=True):
    """One question; `id` never changes within a course, exactly one answer is right."""

    id: ShortSlug
    ask: Line
    answers: tuple[Answer, ...]


class CourseFront(_Part, frozen=True):
    """The front matter of a course for signatories of `pledge`, anew after `refresh_months`."""

    title: Line
    summary: Annotated[str, Meta(max_length=220)]
    pledge: ShortSlug
    questions: tuple[Question, ...]
    minutes: Annotated[int, Meta(ge=1, le=600)] = 60
    refresh_months: Annotated[int, Meta(ge=1, le=120)] = 24
    sources: tuple[Source, ...] = ()


class StepFront(_Part, frozen=True):
    """The front matter of one page of a course; pages are numbered from 1."""

    title: Line
    number: Annotated[int, Meta(ge=1, le=99)]
    summary: Paragraph = ""


class Step(StepFront, frozen=True, forbid_unknown_fields=False):
    """A page of a course that was read."""

    slug: str = ""
    path: str = ""
    body: str = ""


class Course(CourseFront, frozen=True, forbid_unknown_fields=False):
    """A course that was read, with its pages in order."""

    slug: str = ""
    path: str = ""
    body: str = ""
    steps: tuple[Step, ...] = ()


def step_faults(step: Step, written: Entry) -> list[Fault]:
    """Return all faults of one page."""
    found = []
    if step.slug in RESERVED:
        found.append(Fault(step.path, 1, "", "another page has this name: call the file otherwise"))
    return found + _body_faults(written)


def course_faults(course: Course, written: Entry, pledges: set[str]) -> list[Fault]:
    """Return all faults of a course and of how its pages fit; `pledges` are all slugs there are."""
    rules = (*_questions(course), *_pledge(course, pledges))
    found = [written.fault(field, message) for field, message in rules]
    return [*found, *_order(course), *_body_faults(written)]


def _questions(course: Course) -> Iterator[tuple[str, str]]:
    if not course.questions:
        yield "questions", "is missing: ask at least one"
    ids = [question.id for question in course.questions]
    for number, question in enumerate(course.questions):
        if ids.index(question.id) != number:
            yield f"questions[{number}].id", "stands twice"
        right = sum(answer.right == "yes" for answer in question.answers)
        if right != 1 or len(question.answers) < 2:
            message = "needs two answers or more, of which one is right"
            yield f"questions[{number}].answers", message


def _pledge(course: Course, pledges: set[str]) -> Iterator[tuple[str, str]]:
    if course.pledge not in pledges:
        yield "pledge", f"no such pledge.{did_you_mean(course.pledge, pledges)}"


def _order(course: Course) -> Iterator[Fault]:
    if not course.steps:
        yield Fault(course.path, 1, "", "the course has no pages: write one beside this file")
    for number, step in enumerate(course.steps, 1):
        if step.number != number:
            message = f"the pages are numbered 1, 2, 3: this one should be {number}"
            yield Fault(step.path, 2, "number", message)


def _body_faults(written: Entry) -> list[Fault]:
    return [
        Fault(written.path, written.body_line + line - 1, "", message)
        for line, message in body.faults(written.body)
    ]

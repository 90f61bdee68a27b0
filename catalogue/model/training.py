"""The connectors' short course: its pages in order, and the questions at its end.

`content/training/<course>/index.md` is the course with its questions, each other file beside it one
page. Whoever has answered has completed it, and is called nothing more than that.
"""

from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from catalogue.model.activity import Source
from catalogue.model.text import Line, Paragraph, ShortSlug

RESERVED = frozenset({"index", "questions", "booklet", "completed"})
"""Names of pages that stand beside those of a course."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base settings: frozen, unknown fields refused."""


class Answer(_Part, frozen=True):
    """One answer that can be chosen; `why` is shown to whoever chose it."""

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

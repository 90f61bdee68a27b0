"""The rules that a course and its pages must keep."""

from collections.abc import Iterator

from catalogue.faults import Fault, did_you_mean
from catalogue.model.training import RESERVED, Course, Step
from catalogue.read.checks import body_faults
from catalogue.read.entry import Entry


def step_faults(step: Step, entry: Entry) -> list[Fault]:
    """Return all faults of one page."""
    faults = []
    if step.slug in RESERVED:
        message = "another page has this name: call the file otherwise"
        faults.append(Fault(step.path, 1, "", message))
    return faults + body_faults(entry)


def course_faults(course: Course, entry: Entry, pledges: set[str]) -> list[Fault]:
    """Return all faults of a course and of how its pages fit; `pledges` are all slugs there are."""
    rules = (*_question_faults(course), *_pledge_faults(course, pledges))
    faults = [entry.fault(field, message) for field, message in rules]
    return [*faults, *_order_faults(course), *body_faults(entry)]


def _question_faults(course: Course) -> Iterator[tuple[str, str]]:
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


def _pledge_faults(course: Course, pledges: set[str]) -> Iterator[tuple[str, str]]:
    if course.pledge not in pledges:
        yield "pledge", f"no such pledge.{did_you_mean(course.pledge, pledges)}"


def _order_faults(course: Course) -> Iterator[Fault]:
    if not course.steps:
        yield Fault(course.path, 1, "", "the course has no pages: write one beside this file")
    for number, step in enumerate(course.steps, 1):
        if step.number != number:
            message = f"the pages are numbered 1, 2, 3: this one should be {number}"
            yield Fault(step.path, 2, "number", message)

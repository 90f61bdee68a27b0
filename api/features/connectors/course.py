"""The questions of a course: which answers are missing or do not fit, and the pages that say so.

Nobody fails and nobody is shut out: they choose again, as often as they like.
"""

from collections.abc import Iterator, Mapping, Sequence

from api.errors import FieldFault, Missing
from catalogue.build.page_types import CourseQuestionsPage
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.training import Course
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.training import CourseView, course_view

Answers = Mapping[str, Sequence[str]]
"""What was ticked, by the question's id: the number of an answer, counted from 1."""


class CourseCompletedPage(Page, frozen=True, kw_only=True):
    """All answers fit; `own_url` is the connector's own page where it is noted, else empty."""

    template = "course_completed.html"
    course: CourseView
    own_url: str


def find_course(catalogue: Catalogue, slug: str) -> Course:
    """Return a course. Raises Missing."""
    course = catalogue.course(slug)
    if course is None:
        raise Missing
    return course


def check_answers(course: Course, answers: Answers) -> tuple[FieldFault, ...]:
    """Return what to say of each answer that is missing or does not fit; empty if all fit."""
    return tuple(_faults(course, answers))


def questions_page(
    course: Course, action: str, answers: Answers, faults: Sequence[FieldFault]
) -> CourseQuestionsPage:
    """Return the questions with the answers given so far, and a message beside each fault."""
    ids = {question.id for question in course.questions}
    values = {name: value for name, value in answers.items() if name in ids}
    errors = [FieldError(fault.field, fault.message) for fault in faults]
    form = Form(action, values, errors, is_practice=True)
    return CourseQuestionsPage(course=course_view(course), form=form)


def _faults(course: Course, answers: Answers) -> Iterator[FieldFault]:
    for number, question in enumerate(course.questions, 1):
        choice = next(iter(answers.get(question.id, ())), "")
        choices = {str(place): answer for place, answer in enumerate(question.answers, 1)}
        answer = choices.get(choice)
        if answer is None:
            message = _("Choose an answer to question %(number)s.", number=number)
            yield FieldFault(question.id, message)
        elif answer.right != "yes":
            yield FieldFault(question.id, answer.why)

"""Marking the questions of a course: what is missing and what does not fit is said kindly.

Nobody fails and nobody is shut out: they choose again, as often as they like.
"""

from collections.abc import Iterator, Mapping, Sequence

from api.errors import FieldFault
from catalogue.i18n.gettext import _
from catalogue.model.training import Course

Answers = Mapping[str, Sequence[str]]
"""What was ticked, by the question's id: the number of an answer, counted from 1."""


def marked(course: Course, answers: Answers) -> tuple[FieldFault, ...]:
    """Return what to say of each answer that is missing or does not fit; empty if all fit."""
    return tuple(_marks(course, answers))


def _marks(course: Course, answers: Answers) -> Iterator[FieldFault]:
    for number, question in enumerate(course.questions, 1):
        given = next(iter(answers.get(question.id, ())), "")
        choices = {str(place): one for place, one in enumerate(question.answers, 1)}
        chosen = choices.get(given)
        if chosen is None:
            message = _("Choose an answer to question %(number)s.", number=number)
            yield FieldFault(question.id, message)
        elif chosen.right != "yes":
            yield FieldFault(question.id, chosen.why)

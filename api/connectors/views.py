"""What the connectors' pages are made from."""

from collections.abc import Sequence
from typing import Any

from api.connectors.course import Answers
from api.refusals import FieldFault
from catalogue.outputs.form import FieldError, Form
from catalogue.outputs.training import course_page
from catalogue.training import Course


def questions(
    course: Course, action: str, answers: Answers, faults: Sequence[FieldFault]
) -> dict[str, Any]:
    """Return what `course_questions.html` shows: the answers kept, a word beside each fault."""
    ids = {one.id for one in course.questions}
    kept = {name: given for name, given in answers.items() if name in ids}
    told = [FieldError(one.field, one.message) for one in faults]
    return {"course": course_page(course), "form": Form(action, kept, told)}


def completed(course: Course, own: str = "") -> dict[str, Any]:
    """Return what `course_completed.html` shows; `own` is a connector's page, where it is noted."""
    return {"course": course_page(course), "noted": bool(own), "own": own}

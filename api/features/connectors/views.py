"""What the connectors' pages are made from."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import msgspec

from api.errors import FieldFault
from api.features.connectors.course import Answers
from api.features.connectors.self_service import Own
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.model.text import slug_of
from catalogue.model.training import Course
from catalogue.outputs.formatting import LOCAL, long_date
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.training import CourseView, course_view


def questions(
    course: Course, action: str, answers: Answers, faults: Sequence[FieldFault]
) -> dict[str, Any]:
    """Return what `course_questions.html` shows: the answers kept, a word beside each fault."""
    ids = {one.id for one in course.questions}
    kept = {name: given for name, given in answers.items() if name in ids}
    told = [FieldError(one.field, one.message) for one in faults]
    return {"course": course_view(course), "form": Form(action, kept, told)}


class Scheme(msgspec.Struct, frozen=True):
    """A pledge of connectors with its course, and how many stand on its register today."""

    course: CourseView
    pledge: str
    many: int


def courses(catalogue: Catalogue, now: datetime) -> list[Scheme]:
    """Return every pledge that has a course."""
    today = now.astimezone(LOCAL).date()
    found = []
    for course in catalogue.courses:
        standing = [one for one in catalogue.register(course.pledge) if not one.lapsed(today)]
        pledge = catalogue.pledge(course.pledge)
        title = pledge.title if pledge else course.title
        found.append(Scheme(course_view(course), title, len(standing)))
    return found


def completed(course: Course, own: str = "") -> dict[str, Any]:
    """Return what `course_completed.html` shows; `own` is a connector's page, where it is noted."""
    return {"course": course_view(course), "noted": bool(own), "own": own}


def own(of: Own, url: str, now: datetime) -> dict[str, Any]:
    """Return what `connector_me.html` shows; nothing on it is about anybody they met."""
    today = now.astimezone(LOCAL).date()
    who = of.connector
    return {
        "url": url,
        "name": who.public_name,
        "course": course_view(of.course),
        "completed": long_date(who.completed_on) if who.completed_on else "",
        "refresh": long_date(of.refresh_on) if of.refresh_on else "",
        "due": bool(of.refresh_on and of.refresh_on <= today),
        "this_month": of.this_month,
        "this_year": of.this_year,
        "place": who.place,
        "card": f"/card?place={slug_of(who.place)}",
    }


def place_slug(place: str, terms: Taxonomy) -> str:
    """Return the slug of a place by its name, or nothing."""
    found = terms.area.get(place)
    return found.slug if found else ""

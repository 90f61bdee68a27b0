"""A course reads whole, or every fault of it is told with file and line."""

from collections.abc import Callable

import pytest

from catalogue.read import load
from tests.catalogue.conftest import Project

COURSE = """\
---
title: The course
summary: One page and one question.
pledge: stay-connected
questions:
  - id: notice
    ask: What do you do?
    answers:
      - {words: Nothing., why: A kind word costs little.}
      - {words: I say hello., why: Yes., right: "yes"}
---
Read it with a cup of tea.
"""
PAGE = """\
---
title: Notice
number: 1
---
It shows in small things.
"""


@pytest.fixture
def project_with_course(project: Project) -> Project:
    project.write("training/connector/index.md", COURSE)
    project.write("training/connector/notice.md", PAGE)
    return project


def test_a_course_is_read_with_its_pages_in_order(project_with_course: Project) -> None:
    project_with_course.write(
        "training/connector/a-second.md", PAGE.replace("number: 1", "number: 2")
    )
    catalogue = load.read_project(project_with_course.root).catalogue
    assert catalogue is not None
    course = catalogue.course("connector")
    assert course is not None
    assert [(step.number, step.slug) for step in course.steps] == [(1, "notice"), (2, "a-second")]
    assert course.refresh_months == 24
    assert catalogue.course("no-such") is None


FAULTS = {
    "an unknown pledge": ("index", "pledge: stay-connected", "pledge: stay-conected", ":4: pledge"),
    "no answer right": ("index", ', right: "yes"', "", ":8: questions[0].answers"),
    "two answers right": (
        "index",
        "why: A kind word costs little.",
        'why: No., right: "yes"',
        ":8: questions[0].answers",
    ),
    "a question twice": (
        "index",
        "questions:\n",
        "questions:\n  - {id: notice, ask: A?, answers: ["
        '{words: a, why: b, right: "yes"}, {words: c, why: d}]}\n',
        "questions[1].id: stands twice",
    ),
    "a field nobody knows": ("index", "summary:", "sumary:", "did you mean"),
    "a page out of order": ("notice", "number: 1", "number: 2", "notice.md:2: number"),
    "no number": ("notice", "number: 1\n", "", "notice.md:1: number: is missing"),
    "a link that runs": ("notice", "It shows", "[x](javascript:alert(1))", "notice.md:5"),
}


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_has_file_and_line(
    project_with_course: Project, faults_of: Callable[[], list[str]], name: str
) -> None:
    page, old, new, message = FAULTS[name]
    text = {"index": COURSE, "notice": PAGE}[page]
    assert old in text
    project_with_course.write(f"training/connector/{page}.md", text.replace(old, new, 1))
    faults = faults_of()
    assert any(message.casefold() in fault.casefold() for fault in faults), faults


def test_a_page_may_not_take_the_name_of_another(
    project_with_course: Project, faults_of: Callable[[], list[str]]
) -> None:
    project_with_course.write(
        "training/connector/questions.md", PAGE.replace("number: 1", "number: 2")
    )
    assert any("another page has this name" in fault for fault in faults_of())


def test_a_course_without_pages_is_a_fault(
    project: Project, faults_of: Callable[[], list[str]]
) -> None:
    project.write("training/connector/index.md", COURSE)
    assert any("no pages" in fault for fault in faults_of())

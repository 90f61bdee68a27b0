"""The connectors' course as it stands: six pages, five questions, the numbers to ring."""

from pathlib import Path

from catalogue.model.training import Course
from tests.content import reading
from tests.content.test_content_rules import catalogue
from tests.content.test_reading_age import AGE

ROOT = Path(__file__).parents[2]


def course() -> Course:
    found_course = catalogue().course("connector")
    assert found_course is not None
    return found_course


def test_it_has_six_short_pages_and_five_questions() -> None:
    assert (len(course().steps), len(course().questions)) == (6, 5)
    for step in course().steps:
        assert 100 < len(step.body.split()) < 300, step.path


def test_its_questions_can_be_read_at_eleven() -> None:
    for question in course().questions:
        paragraphs = [
            question.ask,
            *(f"{answer.words}\n\n{answer.why}" for answer in question.answers),
        ]
        text = "\n\n".join(paragraphs)
        assert reading.age(text) <= AGE, question.id
        assert reading.too_long(text) == []


def test_it_asks_about_each_promise_a_visitor_relies_on() -> None:
    pledge = catalogue().pledge(course().pledge)
    assert pledge is not None
    promised = {
        commitment.id for commitment in pledge.current.commitments if commitment.required == "yes"
    }
    assert {"point-on", "listen", "no-record", "get-help"} == promised
    question_ids = {question.id for question in course().questions}
    assert question_ids == {"notice", "listen", "point", "no-record", "get-help"}


def test_the_page_for_danger_has_every_number() -> None:
    words = course().steps[-1].body
    for number in ("999", "111", "option 2", "116 123", "SHOUT to 85258", "0800 1111"):
        assert number in words, number


def test_nobody_is_called_qualified_or_certified() -> None:
    pages = ROOT / "site" / "theme" / "pages"
    files = [*(ROOT / "content" / "training").rglob("*.md"), *pages.glob("course*.html")]
    assert len(files) > 7
    for file in files:
        words = file.read_text(encoding="utf-8").casefold()
        for wrong in ("qualified", "certified", "accredited", "passed the"):
            assert wrong not in words, f"{file.name}: {wrong}"

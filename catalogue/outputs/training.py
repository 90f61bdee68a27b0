"""What the pages of a course show: its pages in order, a booklet of them all, its questions."""

import msgspec
from markupsafe import Markup

from catalogue.model.training import Course, Step
from catalogue.outputs.search.choices import Choice
from catalogue.read import body


class PageLink(msgspec.Struct, frozen=True):
    """A link to one page of a course."""

    url: str
    words: str


class CourseStepView(msgspec.Struct, frozen=True):
    """One page of a course; `before` and `after` lead on, `after` at last to the questions."""

    url: str
    number: int
    of: int
    title: str
    summary: str
    body: Markup
    before: PageLink
    after: PageLink | None


class QuestionView(msgspec.Struct, frozen=True):
    """A question with its answers, numbered from 1 as a form sends them."""

    id: str
    number: int
    ask: str
    answers: tuple[Choice, ...]


class CourseView(msgspec.Struct, frozen=True):
    """A course as its pages name it."""

    url: str
    title: str
    summary: str
    minutes: int
    body: Markup
    steps: tuple[CourseStepView, ...]
    questions: tuple[QuestionView, ...]
    questions_url: str
    booklet_url: str
    pledge_url: str
    sources: tuple[PageLink, ...]


def url_of(course: Course) -> str:
    """Return the address of a course's first page."""
    return f"/training/{course.slug}/"


def course_view(course: Course) -> CourseView:
    """Return a course with all its pages."""
    url = url_of(course)
    return CourseView(
        url=url,
        title=course.title,
        summary=course.summary,
        minutes=course.minutes,
        body=_html(course.body),
        steps=tuple(_step(course, index) for index in range(len(course.steps))),
        questions=tuple(_question(course, index) for index in range(len(course.questions))),
        questions_url=f"{url}questions/",
        booklet_url=f"{url}booklet/",
        pledge_url=f"/pledges/{course.pledge}/",
        sources=tuple(PageLink(source.website, source.name) for source in course.sources),
    )


def _step(course: Course, index: int) -> CourseStepView:
    step = course.steps[index]
    first = PageLink(url_of(course), course.title)
    last = index + 1 == len(course.steps)
    return CourseStepView(
        url=_url(course, step),
        number=step.number,
        of=len(course.steps),
        title=step.title,
        summary=step.summary or f"{course.title}: {step.title}",
        body=_html(step.body),
        before=_link(course, course.steps[index - 1]) if index else first,
        after=None if last else _link(course, course.steps[index + 1]),
    )


def _question(course: Course, index: int) -> QuestionView:
    question = course.questions[index]
    answers = tuple(
        Choice(str(number), answer.words) for number, answer in enumerate(question.answers, 1)
    )
    return QuestionView(question.id, index + 1, question.ask, answers)


def _link(course: Course, step: Step) -> PageLink:
    return PageLink(_url(course, step), step.title)


def _url(course: Course, step: Step) -> str:
    return f"{url_of(course)}{step.slug}/"


def _html(text: str) -> Markup:
    return Markup(body.to_html(text))  # noqa: S704 - cleaned by nh3 there

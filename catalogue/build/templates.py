"""Renders the theme's templates, and puts what they give into the frame of the site.

MkDocs renders the frame once, as a page with four gaps; the build fills them for every entry, and
the API for its answers. Templates escape every value and fail at a name they were not given.
"""

import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import ClassVar

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from catalogue.build import language_marks, text_direction
from catalogue.i18n import gettext

MARKERS = ("<!--@DESCRIPTION@-->", "<!--@TITLE@-->", "<!--@HEAD@-->", "<!--@BODY@-->")
INDENT = re.compile(r"^[ \t]+", re.MULTILINE)  # a twentieth of a page, and no browser shows it
BLANK_LINES = re.compile(r"\n\s*\n")
SECTION = re.compile(r' data-section="([a-z-]+)"')
SECTION_LINK = re.compile(r'href="([^"]+)" data-section="([a-z-]+)"')
SAME_PAGE = "@SAME-PAGE@"
"""Stands in the frame for the address of the page itself, in links to other languages."""


class Page(msgspec.Struct, frozen=True, kw_only=True):
    """Base of the structs that templates print: one struct a template, one field a name in it.

    A subclass names its template, below `site/theme/pages`: `template = "ask.html"`.
    tests/site/test_templates.py compares the fields with the names that the template uses.
    """

    template: ClassVar[str]


class NotAFrame(ValueError):
    """The text has not each marker once, in order: it was not made from the theme's frame.html."""


class Frame(msgspec.Struct, frozen=True):
    """A page with four gaps.

    `headers` are by the part of the site that they mark, `section_pages` the first page of each.
    """

    to_description: str
    to_title: str
    to_head: str
    headers: Mapping[str, str]
    section_pages: Mapping[str, str]
    rest: str

    @classmethod
    def parse(cls, text: str) -> "Frame":
        """Read the frame from the page MkDocs made of `frame.html`. Raises NotAFrame."""
        parts: list[str] = []
        text = BLANK_LINES.sub("\n", INDENT.sub("", text))
        for marker in MARKERS:
            before, marker_found, text = text.partition(marker)
            if not marker_found or marker in text:
                raise NotAFrame(f"expected {marker} once")
            parts.append(before)
        to_description, to_title, to_head, header = parts
        sections = ["", *SECTION.findall(header)]
        headers = {section: _at(header, section) for section in sections}
        section_pages = {name: page for page, name in SECTION_LINK.findall(header)}
        return cls(to_description, to_title, to_head, headers, section_pages, text)

    def fill(
        self,
        title: str,
        body: str,
        description: str = "",
        head: str = "",
        section: str = "",
        url: str = "",
    ) -> str:
        """Return a whole page.

        Args:
            title: Words.
            body: HTML.
            description: Words.
            head: HTML.
            section: The part of the site that the header marks.
            url: Where the page stands in the same directory in another language; without it the
                reader is led to the first page of the section there.
        """
        header = self.headers.get(section) or self.headers[""]
        same_page = address_elsewhere(url or self.section_pages.get(section, "/"))
        header = header.replace(SAME_PAGE, escape(same_page))
        gaps = (self.to_description, escape(description), self.to_title, escape(title))
        return "".join((*gaps, self.to_head, head, header, body, self.rest))


def address_elsewhere(url: str) -> str:
    """Return the path of a page on the site in another language, which may not have the page.

    What it lacks leads to its home page, where it was asked for so (`api/http/static_files.py`).
    """
    language = gettext.active_language().language
    return url if url == "/" or "?" in url else f"{url}?from={language}"


def _at(header: str, section: str) -> str:
    """Return the header with the link of this section marked as where the reader is."""
    return SECTION.sub(lambda link: ' aria-current="true"' if link[1] == section else "", header)


def translate(environment: Environment) -> None:
    """Let templates say `_("...")` and `{% trans %}`: messages are ours, their gaps are escaped.

    Line ends inside a message mean no more than a space, as in HTML. In HTML, what is shown in
    English for want of a translation is marked, for `language_marks.resolve`.
    """
    is_marked = environment.autoescape is True and gettext.active_language() is not gettext.ENGLISH
    marking = language_marks.marking if is_marked else lambda translate: translate
    if is_marked:
        environment.finalize = language_marks.mark_printed
    environment.add_extension("jinja2.ext.i18n")
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_callables(  # type: ignore[attr-defined]
        marking(gettext.gettext),
        marking(gettext.plural),
        newstyle=True,
        pgettext=marking(gettext.in_context),
        npgettext=marking(gettext.plural_in_context),
    )


def finish(html: str) -> str:
    """Return what templates rendered, with languages and directions of its texts marked."""
    return text_direction.isolate(language_marks.resolve(html))


class _Sources(FileSystemLoader):
    """Templates without the spaces their lines begin with."""

    def get_source(
        self, environment: Environment, template: str
    ) -> tuple[str, str, Callable[[], bool]]:
        source, name, is_current = super().get_source(environment, template)
        return INDENT.sub("", source), name, is_current


class Templates:
    """The templates in `site/theme/pages`, compiled once."""

    def __init__(self, folder: Path) -> None:
        self.environment = _environment(folder)

    def render(self, page: Page) -> Markup:
        """Return a page as HTML. Raises jinja2.UndefinedError for a field its struct lacks."""
        template = self.environment.get_template(page.template)
        html = finish(template.render(msgspec.structs.asdict(page)))
        return Markup(html)  # noqa: S704 - every value was escaped when it was printed


def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=_Sources(folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        keep_trailing_newline=False,
    )
    translate(environment)
    return environment

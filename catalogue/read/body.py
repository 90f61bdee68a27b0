"""The prose of an entry: Markdown to clean HTML, and what must not stand in it.

CommonMark with raw HTML off, then `nh3` with a short list of tags: two walls, for a page that
anybody may propose words to.
"""

import re
from collections.abc import Iterator
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from catalogue.model.text import is_safe_link

IN_LANGUAGE = re.compile(r"lang:([a-z]{2,3}(?:-[A-Za-z]{2,4})?)")
"""`[Croeso.](lang:cy)` is no link, but words in another language than those around them."""
TAGS = {
    "p", "br", "em", "strong", "a", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "code", "span",
}  # fmt: skip
SIGNS = re.compile(r"[\[<&\\]")  # what every link, picture and tag begins with, or hides in
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}, "span": {"lang"}}
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
)


@cache
def _markdown() -> MarkdownIt:
    # An unsafe link is a fault, told by `faults`; the renderer's own silent refusal would hide it.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown


def to_html(text: str) -> str:
    """Return the prose as HTML that is safe to pour into a page; headings start at h2."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    for token in tokens:
        _speak(token.children or [])
    html = markdown.renderer.render(tokens, markdown.options, {})
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return CLEANER.clean(html)


def _speak(tokens: list[Token]) -> None:
    """Turn what is written as a link to a language into words marked with it."""
    spoken = False
    for token in tokens:
        opens = token.type == "link_open"
        found = IN_LANGUAGE.fullmatch(str(token.attrGet("href"))) if opens else None
        if found:
            token.tag, token.attrs, spoken = "span", {"lang": found[1]}, True
        elif token.type == "link_close" and spoken:
            token.tag, spoken = "span", False


def faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, message) for markup and links that would not reach the page as meant."""
    if not SIGNS.search(text):  # most prose has none, and parsing it twice is a third of its cost
        return
    for token in _markdown().parse(text):
        line = token.map[0] + 1 if token.map else 1
        for part in [token, *(token.children or [])]:
            yield from _part_faults(part, line)


def _part_faults(token: Token, line: int) -> Iterator[tuple[int, str]]:
    target = str(token.attrGet("href") or "")
    of_language = IN_LANGUAGE.fullmatch(target)
    if token.type == "link_open" and not of_language and not is_safe_link(target):
        yield line, "a link may start with https:, http:, mailto: or tel:, nothing else"
    if token.type == "image":
        yield line, "pictures are not shown in entries: say it in words"
    if token.type == "text" and "<script" in token.content.casefold():
        yield line, "HTML is not shown: write plain Markdown"

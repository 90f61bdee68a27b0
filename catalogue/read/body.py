"""The prose of an entry: Markdown to safe HTML, and the faults of its Markdown.

CommonMark with raw HTML off, then `nh3` with a short list of tags: two safeguards, because anybody
may propose text for a page.
"""

import re
from collections.abc import Iterator
from functools import cache

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token

from catalogue.model.text import is_safe_link

IN_LANGUAGE = re.compile(r"lang:([a-z]{2,3}(?:-[A-Za-z]{2,4})?)")
"""`[Croeso.](lang:cy)` marks words in another language; it is no link."""
TAGS = {
    "p", "br", "em", "strong", "a", "ul", "ol", "li", "h2", "h3", "h4", "blockquote", "hr",
    "table", "thead", "tbody", "tr", "th", "td", "code", "span",
}  # fmt: skip
MARKUP_SIGNS = re.compile(r"[\[<&\\]")  # links, pictures and tags contain one of these
ATTRIBUTES = {"a": {"href"}, "ol": {"start"}, "th": {"scope"}, "span": {"lang"}}
CLEANER = nh3.Cleaner(
    tags=TAGS,
    attributes=ATTRIBUTES,
    url_schemes={"http", "https", "mailto", "tel"},
    link_rel="noopener",
)


@cache
def _markdown() -> MarkdownIt:
    # `markdown_faults` reports unsafe links; the parser would hide them by leaving them as text.
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    markdown.validateLink = lambda url: True  # type: ignore[method-assign]
    return markdown


def to_html(text: str) -> str:
    """Return the prose as HTML that is safe on a page; headings start at h2."""
    markdown = _markdown()
    tokens = markdown.parse(text)
    for token in tokens:
        _mark_languages(token.children or [])
    html = markdown.renderer.render(tokens, markdown.options, {})
    html = html.replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    return CLEANER.clean(html)


def _mark_languages(tokens: list[Token]) -> None:
    """Turn `lang:` links into spans with a `lang` attribute."""
    in_span = False
    for token in tokens:
        opens = token.type == "link_open"
        language = IN_LANGUAGE.fullmatch(str(token.attrGet("href"))) if opens else None
        if language:
            token.tag, token.attrs, in_span = "span", {"lang": language[1]}, True
        elif token.type == "link_close" and in_span:
            token.tag, in_span = "span", False


def markdown_faults(text: str) -> Iterator[tuple[int, str]]:
    """Yield (line, message) for links and markup that no page shows; lines from 1."""
    if not MARKUP_SIGNS.search(text):  # most prose has none, and needs no second parse
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

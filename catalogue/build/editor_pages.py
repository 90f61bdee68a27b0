"""An editor's page after MkDocs has rendered its Markdown: cleaned, and split at its headings.

Python-Markdown lets raw HTML through, so the result is cleaned with `nh3` as entries are, with the
few more tags that a page of prose needs.
"""

import re

import msgspec
import nh3
from markupsafe import Markup

from catalogue.read.body import ATTRIBUTES, TAGS

MORE_TAGS = {"h1", "h5", "h6", "dl", "dt", "dd", "div", "span", "pre", "abbr", "details", "summary"}
PART = re.compile(r"<h2[^>]*>(.*?)</h2>", re.DOTALL)
HEADING = re.compile(r"\s*<h1[^>]*>.*?</h1>\s*", re.DOTALL)


class Section(msgspec.Struct, frozen=True):
    """A part of a page under its own heading; both are HTML that was cleaned."""

    title: Markup
    html: Markup


def clean(html: str) -> Markup:
    """Return the HTML with nothing in it that runs, loads or styles."""
    safe = nh3.clean(
        html,
        tags=TAGS | MORE_TAGS,
        attributes={**ATTRIBUTES, "*": {"id", "class"}, "a": {"href", "id", "class"}},
        url_schemes={"http", "https", "mailto", "tel", "sms"},
        link_rel="noopener",
    )
    return Markup(safe)  # noqa: S704 - just cleaned


def sections(html: Markup) -> tuple[Markup, tuple[Section, ...]]:
    """Return what stands before the first h2, without an h1, and each part under an h2."""
    before, *parts = PART.split(html)
    titles_and_texts = zip(parts[::2], parts[1::2], strict=True)
    intro = Markup(HEADING.sub("", before, count=1))  # noqa: S704 - cleaned before, as below
    return intro, tuple(Section(Markup(title), Markup(text)) for title, text in titles_and_texts)  # noqa: S704

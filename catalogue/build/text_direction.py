"""Keeps names in a script that runs from right to left apart from the words around them: `<bdi>`.

Without it, what follows an Arabic or Hebrew name in a line (a comma, a number, a time) is shown on
its wrong side. An element with a `dir` of its own is left as it is: it has its direction.
"""

import re

from catalogue.build.language_marks import MARKUP

RTL = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
"""Hebrew, Arabic, Syriac, Thaana, N'Ko and their like, as a character class."""
_RUN = re.compile(f"[{RTL}](?:[^<>&a-zA-Z\u00c0-\u058f]*[{RTL}])?")
_LEADING_BYTES = bytes({*range(256)} - {*range(0xD6, 0xE1), 0xEF})
"""All bytes but those that such letters begin with in UTF-8."""
_TAG = re.compile(r"</?([a-zA-Z0-9-]+)")
_VOID = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})
_WHOLE = frozenset({"html", "body"})
"""Their direction is that of the page, and not of a name."""


def isolate(html: str) -> str:
    """Return rendered HTML with every run of right-to-left words isolated."""
    # Nearly no page has any; this is a tenth of the cost of a search by the pattern.
    if not html.encode().translate(None, _LEADING_BYTES) or not _RUN.search(html):
        return html
    pieces, at, open_elements = [], 0, _OpenElements()
    for markup in MARKUP.finditer(html):
        pieces.append(open_elements.isolated(html[at : markup.start()]))
        pieces.append(markup[0])
        open_elements.read(markup[0])
        at = markup.end()
    pieces.append(open_elements.isolated(html[at:]))
    return "".join(pieces)


def _has_direction(name: str, tag: str) -> bool:
    return name == "bdi" or (" dir=" in tag and name not in _WHOLE)


class _OpenElements:
    """The elements that are open at a place in a page, each with whether it has a direction."""

    def __init__(self) -> None:
        self._open: list[tuple[str, bool]] = []

    def read(self, markup: str) -> None:
        """Open or close an element."""
        tag = _TAG.match(markup)
        if tag is None or tag[1] in _VOID or markup.endswith("/>"):
            return
        if not markup.startswith("</"):
            if f"</{tag[1]}>" not in markup:
                self._open.append((tag[1], _has_direction(tag[1], markup)))
            return
        while self._open and self._open.pop()[0] != tag[1]:
            pass  # its end was left out, as HTML allows

    def isolated(self, text: str) -> str:
        """Return a text of this place with its right-to-left words isolated."""
        if any(has_direction for _tag, has_direction in self._open):
            return text
        return _RUN.sub(r"<bdi>\g<0></bdi>", text)

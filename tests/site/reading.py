"""Reads built pages back: their elements, their links, and the files those lead to."""

import re
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import msgspec

VOID = {"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
ANSWERED_BY_THE_API = ("/search", "/ask", "/confirm/", "/api/", "/connectors/me", "/card")


class Element(msgspec.Struct):
    """A start tag: its name, its attributes and the text inside it."""

    name: str
    attributes: dict[str, str]
    text: str = ""


class Page(HTMLParser):
    """All elements of a page, in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[Element] = []
        self._open: list[Element] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag not in VOID:
            self._open.append(element)

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().name != tag:
            pass

    def handle_data(self, text: str) -> None:
        for element in self._open:
            element.text += text

    def all(self, tag: str, /, **attributes: str) -> list[Element]:
        """Return the elements of this tag with these attributes."""
        return [
            element
            for element in self.elements
            if element.name == tag
            and all(element.attributes.get(key) == value for key, value in attributes.items())
        ]

    def one(self, tag: str, /, **attributes: str) -> Element:
        (element,) = self.all(tag, **attributes)
        return element

    @property
    def ids(self) -> list[str]:
        return [
            element.attributes["id"] for element in self.elements if element.attributes.get("id")
        ]


@cache
def pages(site: Path) -> list[tuple[str, Page]]:
    """Return the address and the elements of every page of a finished site, read once."""
    return [
        (address(file, site), Page(file.read_text(encoding="utf-8")))
        for file in sorted(site.rglob("*.html"))
    ]


def address(file: Path, site: Path) -> str:
    path = f"/{file.relative_to(site).as_posix()}"
    return path.removesuffix("index.html")


def read(site: Path, url: str) -> Page:
    return Page((site / url.strip("/") / "index.html").read_text(encoding="utf-8"))


OF_A_REGISTER = re.compile(
    r"/pledges/(manage|[a-z0-9-]+/(register|[a-z0-9-]+/(dispute|(certificate|poster)\.pdf)))"
)
"""What the service answers below a pledge: its register as asked, forms, sheets as PDFs."""


def target(site: Path, at: str, link: str) -> Path | None:
    """Return the file a link of the page at an address leads to; None where that is elsewhere."""
    parts = urlsplit(link)
    if parts.scheme or parts.netloc or parts.path in ANSWERED_BY_THE_API:
        return None
    if parts.path.startswith(ANSWERED_BY_THE_API[2:]) or OF_A_REGISTER.fullmatch(parts.path):
        return None
    base = "/" if parts.path.startswith("/") else at.rpartition("/")[0] + "/"
    file = site / (base + unquote(parts.path)).strip("/") if parts.path else site / at.strip("/")
    return file / "index.html" if file.is_dir() else file

"""Reads a letter as its reader gets it: the plain text, or the HTML, and that both say the same."""

import re
from email.message import EmailMessage
from html.parser import HTMLParser

URL = re.compile(r"https?://[^\s\"'<>]+")
WITHOUT_END = frozenset({"meta", "br"})


class LetterHtml(HTMLParser):
    """The HTML of a letter: its text, the addresses that its links lead to, and all else in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.loaded: list[str] = []
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        if tag not in WITHOUT_END:
            self._open.append(tag)
        for name, value in attrs:
            if tag == "a" and name == "href":
                self.links.append(value or "")
            elif name in ("src", "srcset", "href", "background") or "url(" in (value or ""):
                self.loaded.append(f"{tag} {name}={value}")

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        if not {"style", "title"} & set(self._open):
            self.pieces.append(data)

    @property
    def text(self) -> str:
        """All text between the tags, with single spaces."""
        return " ".join(" ".join(self.pieces).split())


def plain_of(message: EmailMessage) -> str:
    """Return the plain text of a message."""
    part = message.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html_of(message: EmailMessage) -> str:
    """Return the HTML of a message."""
    part = message.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def assert_same_facts(plain: str, html: str) -> None:
    """State that all that one text says stands in the other, and that both lead to the same."""
    page = LetterHtml(html)
    for line in plain.splitlines():
        assert " ".join(line.removesuffix(":").split()) in page.text, line
    text_shown = " ".join(plain.split())
    assert set(page.links) <= set(URL.findall(plain))
    for url in URL.findall(plain):
        assert url in page.text
    pieces = [text for piece in page.pieces if (text := " ".join(piece.split()))]
    for text in pieces[2:]:  # after the service's name and the subject
        assert text.removesuffix(":") in text_shown, text

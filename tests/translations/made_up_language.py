"""A made-up language that marks every message, and a directory whose own words are Greek.

Whatever a page says in Latin letters outside the marks is text that nobody could translate.
"""

import re
import subprocess
import sys
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import yaml
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from tests.site.small_project import PROSE, WORDS

ROOT = Path(__file__).parents[2]
OPEN, CLOSE = "⟦", "⟧"
LANGUAGE = "eo"
"""A code that Material knows, and nobody's catalogue of ours."""

GREEK = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "αβψδεφγηιξκλμνοπθρστυωχχυζΑΒΨΔΕΦΓΗΙΞΚΛΜΝΟΠΘΡΣΤΥΩΧΧΥΖ",
)
WORD_FIELDS = frozenset(
    {
        *("title", "summary", "name", "label", "plural", "short", "a", "address", "venue", "note"),
        *("how", "who", "not_for", "greeter", "bus", "lift", "what_happens", "parking"),
        *("directions", "online_help", "condition", "statement", "text", "what_you_get", "hours"),
        *("description", "languages", "changed"),
    }
)
"""Fields that hold an editor's own words. Areas keep their names: addresses are made of them."""
PLACE_NAMES = frozenset(
    {"Harrow", "Vale", "Oxley", "Bridge", "Temeford", "Fylde", "coast", "Blackpool"}
)
CLDR_WORDS = frozenset({"Nov", "Dec", "Jan", "Jun", "kaj"})
"""Months in short and "and", as Babel has them in this language."""
ALLOWED = CLDR_WORDS | {
    "Kith",
    "ZZ",
    "AA",
    "FY",
    "mill",
    "example",
    "org",
    "https",
    "JSON",
    "hello",
}
"""What a page may say in any language: the program's name, postcodes, addresses of sites."""
REFERENCE = re.compile(r"\b[RP]-[0-9A-Z]{4}-[0-9A-Z]{4}\b|https?://[^\s\"<]+|\S+@example\.org")
SPOKEN_ATTRIBUTES = frozenset({"aria-label", "title", "alt", "placeholder", "content"})


def marked(message: str) -> str:
    return f"{OPEN}{message}{CLOSE}"


def write_translations(root: Path) -> None:
    """Write a kith.po that marks every message, extracted as `make messages` does."""
    template = root / "kith.pot"
    frontend = [sys.executable, "-m", "babel.messages.frontend", "-q", "extract"]
    options = [
        "-F",
        "catalogue/i18n/catalogues/babel.cfg",
        "-k",
        "gettext_noop",
        "-o",
        str(template),
    ]
    subprocess.run([*frontend, *options, "catalogue", "api", "site"], cwd=ROOT, check=True)
    with template.open("rb") as file:
        messages = read_po(file)
    catalogue = Catalog(locale=LANGUAGE)
    for message in messages:
        if message.id:
            string = (
                tuple(map(marked, message.id)) if message.pluralizable else marked(str(message.id))
            )
            catalogue.add(message.id, string, context=message.context)
    target = root / "tongues" / LANGUAGE / "LC_MESSAGES" / "kith.po"
    target.parent.mkdir(parents=True)
    with target.open("wb") as file:
        write_po(file, catalogue)


def write_content(root: Path) -> None:
    """Write the small project with its own words in Greek letters."""
    for path, text in {**WORDS, **PROSE}.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(_in_greek(path, text), encoding="utf-8")
    settings = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings.replace("  language: en", f"  language: {LANGUAGE}")
    settings = re.sub(
        r"^(site_description|    name|    hours|    address): (.*)$",
        lambda line: f"{line[1]}: {line[2].translate(GREEK)}",
        settings,
        flags=re.MULTILINE,
    )
    (root / "mkdocs.yml").write_text(settings, encoding="utf-8")


def _in_greek(path: str, text: str) -> str:
    if path.endswith(".yml"):
        return yaml.safe_dump(_walked(yaml.safe_load(text), ""), allow_unicode=True)
    _, front, body = text.split("---\n", 2)
    fields = yaml.load(front, Loader=yaml.BaseLoader)  # noqa: S506 - only str
    walked = yaml.safe_dump(_walked(fields, ""), allow_unicode=True)
    body = re.sub(r"\]\([^)]*\)|<[^>]*>|[A-Za-z]+", _greek_outside_links, body)
    return f"---\n{walked}---\n{body}"


def _greek_outside_links(match: re.Match[str]) -> str:
    return match[0] if match[0][0] in "]<" else match[0].translate(GREEK)


def _walked(value: Any, key: str) -> Any:
    if isinstance(value, dict):
        return {name: _walked(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [_walked(inner, key) for inner in value]
    is_area = isinstance(value, str) and {*value.split()} <= PLACE_NAMES
    return value.translate(GREEK) if key in WORD_FIELDS and not is_area else value


def unmarked(html: str) -> list[str]:
    """Return what a page says in Latin letters outside all marks, piece by piece."""
    page = _PageText()
    page.feed(REFERENCE.sub("", html))
    page.close()
    texts = [_outside_marks("".join(page.text)), *map(_outside_marks, page.attributes)]
    words = (word for text in texts for word in re.findall(r"[A-Za-z][A-Za-z']+", text))
    return [word for word in words if word not in PLACE_NAMES | ALLOWED]


def _outside_marks(text: str) -> str:
    """Return the text without what stands between marks; marks may stand inside marks."""
    return "".join(_pieces(text))


def _pieces(text: str) -> Iterator[str]:
    depth = 0
    for piece in re.split(f"([{OPEN}{CLOSE}])", text):
        if piece in (OPEN, CLOSE):
            depth += 1 if piece == OPEN else -1
            assert depth >= 0, "a mark is closed that was not opened"
        elif depth == 0:
            yield piece


class _PageText(HTMLParser):
    """The text of a page, for eyes and for screen readers."""

    def __init__(self) -> None:
        super().__init__()
        self.text: list[str] = []
        self.attributes: list[str] = []
        self._silent = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        to_copy = tag == "textarea" and "readonly" in values  # code for another website
        if tag in ("script", "style", "code") or to_copy:
            self._silent = tag
        if tag == "meta" and values.get("name") != "description":
            return
        self.attributes += [value or "" for name, value in attrs if name in SPOKEN_ATTRIBUTES]
        self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._silent:
            self._silent = ""

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.text.append(data)

"""The last check of a built site: no file may give away where a hidden venue is.

Entries are checked when they are read; this checks every output made of them. Words that are in no
entry, such as the address itself, can be listed by the operator in a file that is never committed.
A leak names the file and the entry, never the words: it is printed into logs.
"""

import html
import json
import re
from collections.abc import Iterator
from pathlib import Path

import msgspec

from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.text import POSTCODE
from catalogue.outputs.open_data import activities

CHECKED_SUFFIXES = {".html", ".ics", ".json", ".xml", ".txt"}
SECRET_WORDS_FILE = Path("var", "hidden-places.txt")
"""Names, addresses and postcodes that no file may hold, one a line; nobody publishes var/."""
LEAST_CHARACTERS = 5  # a shorter name or address occurs in too many other words
COORDINATES = re.compile(r"-?\b[4-6]\d\.\d{3,}\W{1,3}(?:\w{1,12}\W{1,4})?-?\d\.\d{3,}")


Secret = tuple[str, str, str]  # path of its entry, what it is, its letters and digits


class Leak(msgspec.Struct, frozen=True, order=True):
    """One file that gives away the hidden venue of an entry."""

    file: str
    entry: str
    what: str

    def __str__(self) -> str:
        return f"{self.entry}: its hidden venue is given away by {self.what} in {self.file}"


def find_leaks(site: Path, catalogue: Catalogue, secret_words: str = "") -> list[Leak]:
    """Return every leak of a built site, in order; `secret_words` is the text of KEPT_SECRET."""
    hidden = [activity for activity in catalogue.activities if _has_hidden_venue(activity)]
    leaks = {leak for activity in hidden for leak in _leaks_in_own_files(site, activity)}
    secrets = [secret for activity in hidden for secret in _secrets(activity)]
    return sorted(leaks | {*_leaks_of_secrets(site, [*secrets, *_lines(secret_words)])})


def read_secret_words(root: Path) -> str:
    """Return the text of SECRET_WORDS_FILE, or "" where a project has none."""
    file = root / SECRET_WORDS_FILE
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _lines(secret_words: str) -> Iterator[Secret]:
    for number, line in enumerate(secret_words.splitlines(), 1):
        if len(characters := _letters_and_digits(line)) >= LEAST_CHARACTERS and not line.startswith(
            "#"
        ):
            yield SECRET_WORDS_FILE.as_posix(), f"what stands in its line {number}", characters


def _has_hidden_venue(activity: Activity) -> bool:
    return any(venue.hidden == "yes" for venue in activity.venues)


def _leaks_in_own_files(site: Path, activity: Activity) -> Iterator[Leak]:
    """Yield whole postcodes and coordinates in the entry's own files and its line of open data.

    Postcodes of the frame (the organisation behind the site has an address too) do not count, nor
    do those of a venue of the entry that is not hidden.
    """
    frame = site / "frame.html"
    allowed = _postcodes(frame.read_text("utf-8") if frame.is_file() else "")
    allowed |= {
        code
        for venue in activity.venues
        if venue.hidden == "no"
        for code in _postcodes(venue.postcode)
    }
    has_point = any(
        venue.hidden == "no" and venue.latitude is not None for venue in activity.venues
    )
    for path, text in _own_texts(site, activity.slug):
        if _postcodes(text) - allowed:
            yield Leak(path, activity.path, "a whole postcode")
        if not has_point and COORDINATES.search(text):
            yield Leak(path, activity.path, "a point on the ground")


def _own_texts(site: Path, slug: str) -> Iterator[tuple[str, str]]:
    for file in sorted((site / "activities" / slug).rglob("*")):
        if file.suffix in CHECKED_SUFFIXES:
            yield file.relative_to(site).as_posix(), _text(file)
    document = site / activities.FILE
    lines = activities.lines(document.read_bytes()) if document.is_file() else {}
    if line := lines.get(slug):
        yield activities.FILE, line.decode()


def _leaks_of_secrets(site: Path, secrets: list[Secret]) -> Iterator[Leak]:
    """Yield every file that contains the name, address or postcode of a hidden venue."""
    if not secrets:
        return
    for file in sorted(site.rglob("*")):
        if file.suffix in CHECKED_SUFFIXES:
            text = _letters_and_digits(_text(file))
            path = file.relative_to(site).as_posix()
            yield from (
                Leak(path, entry, description)
                for entry, description, secret in secrets
                if secret in text
            )


def _secrets(activity: Activity) -> Iterator[Secret]:
    for venue in activity.venues:
        parts = {"its name": venue.name, "its address": venue.address}
        if _postcodes(venue.postcode):
            parts["its postcode"] = venue.postcode
        if venue.hidden == "yes":
            for description, words in parts.items():
                if len(characters := _letters_and_digits(words)) >= LEAST_CHARACTERS:
                    yield activity.path, description, characters


def _text(file: Path) -> str:
    """Return what a reader of the file sees: without folds, tags and escapes."""
    text = file.read_bytes().decode("utf-8", errors="replace")
    if file.suffix == ".ics":
        return text.replace("\r\n ", "").replace("\\n", "\n").replace("\\", "")
    if file.suffix == ".json":
        return json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(re.sub(r"<(?!script)[^>]*>", " ", text))


def _letters_and_digits(text: str) -> str:
    """Return letters and digits alone, so that punctuation and line ends hide nothing."""
    return "".join(filter(str.isalnum, text.casefold()))


def _postcodes(text: str) -> set[str]:
    return {f"{outward} {inward}" for outward, inward in POSTCODE.findall(text.upper())}

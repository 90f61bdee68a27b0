"""The last check of a built site: no file may give away where a hidden venue is.

Entries are checked when they are read; this checks every output made of them. Words that no entry
holds, such as the address itself, can be listed by the operator in a file that is never committed.
A leak names the file and the entry, never the words found: it is printed into logs.
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

LOOKED_AT = {".html", ".ics", ".json", ".xml", ".txt"}
KEPT_SECRET = Path("var", "hidden-places.txt")
"""Names, addresses and postcodes that no file may hold, one a line; nobody publishes var/."""
LEAST_SIGNS = 5  # a shorter name or address stands in too many words to be looked for
COORDINATES = re.compile(r"-?\b[4-6]\d\.\d{3,}\W{1,3}(?:\w{1,12}\W{1,4})?-?\d\.\d{3,}")


Secret = tuple[str, str, str]  # whose it is, what it is, its letters and digits


class Leak(msgspec.Struct, frozen=True, order=True):
    """One file that gives away the hidden venue of an entry."""

    file: str
    entry: str
    what: str

    def __str__(self) -> str:
        return f"{self.entry}: its hidden venue is given away by {self.what} in {self.file}"


def find(site: Path, catalogue: Catalogue, kept_secret: str = "") -> list[Leak]:
    """Return every leak of a built site, in order; `kept_secret` is the text of KEPT_SECRET."""
    hidden = [one for one in catalogue.activities if _hides(one)]
    found = {leak for activity in hidden for leak in _of_its_own(site, activity)}
    secrets = [secret for activity in hidden for secret in _secrets(activity)]
    return sorted(found | {*_anywhere(site, [*secrets, *_lines(kept_secret)])})


def read(root: Path) -> str:
    """Return what the operator of a project keeps secret, nothing where no such file is kept."""
    file = root / KEPT_SECRET
    return file.read_text(encoding="utf-8") if file.is_file() else ""


def _lines(kept_secret: str) -> Iterator[Secret]:
    for number, line in enumerate(kept_secret.splitlines(), 1):
        if len(bare := _bare(line)) >= LEAST_SIGNS and not line.startswith("#"):
            yield KEPT_SECRET.as_posix(), f"what stands in its line {number}", bare


def _hides(activity: Activity) -> bool:
    return any(venue.hidden == "yes" for venue in activity.venues)


def _of_its_own(site: Path, activity: Activity) -> Iterator[Leak]:
    """Yield what stands in the entry's own files: no whole postcode, no point on the ground.

    Its line of the open data is one of them.

    Postcodes of the frame (whoever looks after the site has an address too) are not its own. An
    entry that has an open venue as well may give that one's.
    """
    frame = site / "frame.html"
    known = _postcodes(frame.read_text("utf-8") if frame.is_file() else "")
    known |= {
        code for one in activity.venues if one.hidden == "no" for code in _postcodes(one.postcode)
    }
    shown = any(one.hidden == "no" and one.latitude is not None for one in activity.venues)
    for path, text in _own_texts(site, activity.slug):
        if _postcodes(text) - known:
            yield Leak(path, activity.path, "a whole postcode")
        if not shown and COORDINATES.search(text):
            yield Leak(path, activity.path, "a point on the ground")


def _own_texts(site: Path, slug: str) -> Iterator[tuple[str, str]]:
    for file in sorted((site / "activities" / slug).rglob("*")):
        if file.suffix in LOOKED_AT:
            yield file.relative_to(site).as_posix(), _text(file)
    document = site / activities.FILE
    lines = activities.lines(document.read_bytes()) if document.is_file() else {}
    if line := lines.get(slug):
        yield activities.FILE, line.decode()


def _anywhere(site: Path, secrets: list[Secret]) -> Iterator[Leak]:
    """Yield every file in which the name, address or postcode of a hidden venue stands."""
    if not secrets:
        return
    for file in sorted(site.rglob("*")):
        if file.suffix in LOOKED_AT:
            text = _bare(_text(file))
            path = file.relative_to(site).as_posix()
            yield from (Leak(path, entry, what) for entry, what, bare in secrets if bare in text)


def _secrets(activity: Activity) -> Iterator[Secret]:
    for venue in activity.venues:
        parts = {"its name": venue.name, "its address": venue.address}
        if _postcodes(venue.postcode):
            parts["its postcode"] = venue.postcode
        if venue.hidden == "yes":
            for what, words in parts.items():
                if len(bare := _bare(words)) >= LEAST_SIGNS:
                    yield activity.path, what, bare


def _text(file: Path) -> str:
    """Return what a reader of the file sees: without folds, tags and escapes."""
    text = file.read_bytes().decode("utf-8", errors="replace")
    if file.suffix == ".ics":
        return text.replace("\r\n ", "").replace("\\n", "\n").replace("\\", "")
    if file.suffix == ".json":
        return json.dumps(json.loads(text), ensure_ascii=False)
    return html.unescape(re.sub(r"<(?!script)[^>]*>", " ", text))


def _bare(words: str) -> str:
    """Return letters and digits alone: a comma or a line end more hides nothing."""
    return "".join(filter(str.isalnum, words.casefold()))


def _postcodes(text: str) -> set[str]:
    return {f"{outward} {inward}" for outward, inward in POSTCODE.findall(text.upper())}

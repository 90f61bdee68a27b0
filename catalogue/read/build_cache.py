"""What an earlier build left that is as good today: found by a digest of all that it was made from.

A key is made of values and of the program's own code, never of the times of files. What cannot be
read counts as not there: a cache may be deleted at any moment.
"""

import hashlib
import sys
from collections.abc import Iterable, Iterator
from datetime import datetime, time
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec
from markupsafe import Markup

from catalogue.schedule.schedule import LONDON

FOLDER = Path("build", "cache")
ENTRIES, DOCUMENTS = "entries.msgpack", "documents.msgpack"
LIBRARIES = (
    *("babel", "holidays", "jinja2", "markdown-it-py", "markupsafe", "mkdocs", "mkdocs-material"),
    *("msgspec", "nh3", "python-dateutil", "pyyaml"),
)  # what turns words into pages


def digest(*parts: bytes) -> bytes:
    """Return 16 bytes that stand for these parts in this order."""
    made = hashlib.blake2b(digest_size=16)
    for part in parts:
        made.update(len(part).to_bytes(8, "big"))
        made.update(part)
    return made.digest()


def of(value: Any) -> bytes:
    """Return the digest of a value made of structs, lists, words and numbers."""
    return digest(msgspec.msgpack.encode(value, enc_hook=_html))


def _html(value: object) -> tuple[str, str]:
    """Tell HTML from words: in a template the one is printed as it is, the other escaped."""
    if isinstance(value, Markup):
        return "html", str.__str__(value)
    raise NotImplementedError(f"no digest of a {type(value).__name__}")


def of_files(*places: Path) -> bytes:
    """Return the digest of these files, and of all files in these folders, with their names."""
    parts = ((file.relative_to(place).as_posix(), file) for place, file in _files(places))
    return digest(*(part for name, file in parts for part in (name.encode(), file.read_bytes())))


def _files(places: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    for place in places:
        found = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from ((place, file) for file in found if file.is_file() and file.suffix != ".pyc")


@cache
def program() -> bytes:
    """Return the digest of the code that makes pages, and of the versions of what it stands on."""
    versions = [sys.version, *(f"{name} {version(name)}" for name in LIBRARIES)]
    return digest(of_files(Path(__file__).parents[1]), "\n".join(versions).encode())


def start_of_day(now: datetime) -> datetime:
    """Return when the local day of `now` (aware) began: a build is made for a day, whole.

    Built at nine or at five a site is the same, so what was built at nine can be used at five.
    """
    local = now.astimezone(LONDON)
    return datetime.combine(local.date(), time(), LONDON)


Found = TypeVar("Found", bound=msgspec.Struct)


class _Record(msgspec.Struct, Generic[Found], frozen=True):
    """What was found by name, each with its key; `ground` is what all of them share."""

    ground: bytes
    found: dict[str, tuple[bytes, Found]]


class Kept(Generic[Found]):
    """Structs of one kind as an earlier build left them; `ground` is all that went into every one
    of them, the program apart; a key is what went into one.
    """

    def __init__(self, file: Path | None, kind: type[Found], ground: bytes) -> None:
        self._file = file
        self._decode = msgspec.msgpack.Decoder(_Record[kind]).decode  # type: ignore[valid-type]
        self._ground = digest(program(), ground)
        self._before = self._read()
        self._now: dict[str, tuple[bytes, Found]] = {}

    def find(self, name: str, key: bytes) -> Found | None:
        """Return what was kept under this name and key."""
        found = self._before.get(name)
        if found is None or found[0] != key:
            return None
        self._now[name] = found
        return found[1]

    def keep(self, name: str, key: bytes, made: Found) -> None:
        """Keep what was just made."""
        self._now[name] = key, made

    def save(self) -> None:
        """Write what is worth keeping, in one step, where it is not what stands there already."""
        if self._file is None or self._now == self._before:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        making = self._file.with_name(f".{self._file.name}.{id(self)}")
        making.write_bytes(msgspec.msgpack.encode(_Record(self._ground, self._now)))
        making.replace(self._file)

    def _read(self) -> dict[str, tuple[bytes, Found]]:
        try:
            kept = self._decode(self._file.read_bytes()) if self._file else None
        except (OSError, msgspec.MsgspecError):
            return {}
        return kept.found if kept and kept.ground == self._ground else {}

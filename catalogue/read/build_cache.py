"""Shows an editor's change two seconds sooner at 10,000 entries: the others are not read again.

Measured by `benchmarks/plain_ways.py` (docs/decisions/0037). Keys are digests of values and of the
program's own code, never the times of files. A cache that cannot be read counts as empty, so the
folder may be deleted at any moment.
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
)  # those that decide what a page says


def digest(*parts: bytes) -> bytes:
    """Return a digest of 16 bytes of these parts in this order."""
    hasher = hashlib.blake2b(digest_size=16)
    for part in parts:
        hasher.update(len(part).to_bytes(8, "big"))
        hasher.update(part)
    return hasher.digest()


def digest_value(value: Any) -> bytes:
    """Return the digest of a value made of structs, lists, words and numbers."""
    return digest(msgspec.msgpack.encode(value, enc_hook=_html))


def _html(value: object) -> tuple[str, str]:
    """Encode HTML otherwise than text: a template prints the one as it is and escapes the other."""
    if isinstance(value, Markup):
        return "html", str.__str__(value)
    raise NotImplementedError(f"no digest of a {type(value).__name__}")


def digest_files(*places: Path) -> bytes:
    """Return the digest of these files, and of all files in these folders, with their names."""
    parts = ((file.relative_to(place).as_posix(), file) for place, file in _files(places))
    return digest(*(part for name, file in parts for part in (name.encode(), file.read_bytes())))


def _files(places: Iterable[Path]) -> Iterator[tuple[Path, Path]]:
    for place in places:
        files = sorted(place.rglob("*")) if place.is_dir() else [place]
        yield from ((place, file) for file in files if file.is_file() and file.suffix != ".pyc")


@cache
def program_digest() -> bytes:
    """Return the digest of the code of `catalogue`, and of the versions of what it runs on."""
    versions = [sys.version, *(f"{name} {version(name)}" for name in LIBRARIES)]
    return digest(digest_files(Path(__file__).parents[1]), "\n".join(versions).encode())


def start_of_day(now: datetime) -> datetime:
    """Return when the day of `now` (aware) began in London: a build is made for a whole day.

    A site built at nine is the same at five, so that what was built at nine can be used at five.
    """
    return datetime.combine(now.astimezone(LONDON).date(), time(), LONDON)


T = TypeVar("T", bound=msgspec.Struct)


class _CacheFile(msgspec.Struct, Generic[T], frozen=True):
    """What stands in the file: structs with their keys by name, and what all of them share."""

    shared: bytes
    structs: dict[str, tuple[bytes, T]]


class StructCache(Generic[T]):
    """Structs of one kind from an earlier build, by name and key.

    Args:
        file: where they are stored; None stores nothing.
        kind: the struct.
        shared: the digest of what every one of them was made from, the program apart. With
            another one the cache is empty.
    """

    def __init__(self, file: Path | None, kind: type[T], shared: bytes) -> None:
        self._file = file
        self._decode = msgspec.msgpack.Decoder(_CacheFile[kind]).decode  # type: ignore[valid-type]
        self._shared = digest(program_digest(), shared)
        self._before = self._load()
        self._now: dict[str, tuple[bytes, T]] = {}

    def get(self, name: str, key: bytes) -> T | None:
        """Return the struct of this name, and store it again; None if its key was another."""
        cached = self._before.get(name)
        if cached is None or cached[0] != key:
            return None
        self._now[name] = cached
        return cached[1]

    def put(self, name: str, key: bytes, value: T) -> None:
        """Store a struct with the digest of what it alone was made from."""
        self._now[name] = key, value

    def save(self) -> None:
        """Write what was got and put, and nothing else, in one step; nothing if all is the same."""
        if self._file is None or self._now == self._before:
            return
        self._file.parent.mkdir(parents=True, exist_ok=True)
        temporary = self._file.with_name(f".{self._file.name}.{id(self)}")
        temporary.write_bytes(msgspec.msgpack.encode(_CacheFile(self._shared, self._now)))
        temporary.replace(self._file)

    def _load(self) -> dict[str, tuple[bytes, T]]:
        try:
            stored = self._decode(self._file.read_bytes()) if self._file else None
        except (OSError, msgspec.MsgspecError):
            return {}
        return stored.structs if stored and stored.shared == self._shared else {}

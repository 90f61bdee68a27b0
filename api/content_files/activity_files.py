"""Where the entries of activities stand on the disk: found by slug, a free name for a new one."""

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path

from catalogue.model.text import SLUG_CHARACTERS, is_slug, words
from catalogue.read import load

FOLDER = f"{load.CONTENT}/activities"
RESERVED = frozenset({"index"})
"""A slug that would stand at the address of the list itself."""


def path_of(slug: str) -> str:
    """Return where a new entry stands, below the project."""
    return f"{FOLDER}/{slug}.md"


def find_path(project: Path, slug: str) -> str:
    """Return where the entry of a slug stands, in any folder; "" where there is none."""
    if not is_slug(slug):
        return ""
    if (project / path_of(slug)).is_file():
        return path_of(slug)
    files = sorted((project / FOLDER).rglob(f"{slug}.md"))
    return files[0].relative_to(project).as_posix() if files else ""


def read_file(project: Path, path: str) -> bytes | None:
    """Return the bytes of an entry; None where there is none, or a link to somewhere else."""
    file = project / path
    return file.read_bytes() if file.is_file() and not file.is_symlink() else None


def free_slug(project: Path, title: str, place: str, otherwise: str) -> str:
    """Return a slug of a title that no entry has: with its place, then a number, where it must be.

    `otherwise` stands in for a title without a Latin letter.
    """
    return next(
        slug
        for slug in _slugs(_plain(title) or _plain(otherwise) or "activity", _plain(place))
        if slug not in RESERVED and not find_path(project, slug)
    )


def _slugs(title: str, place: str) -> Iterator[str]:
    yield _slug((title,))
    if place and place not in title:
        yield _slug((title, place))
    for number in count(2):
        yield _slug((title, str(number)))


def _slug(parts: Iterable[str]) -> str:
    """Return the parts as a slug; the first is cut short where all are too long."""
    first, *later_parts = parts
    ending = "".join(f"-{part}" for part in later_parts)
    return first[: SLUG_CHARACTERS - len(ending)].strip("-") + ending


def _plain(text: str) -> str:
    return "-".join(word for word in words(text) if word.isascii())

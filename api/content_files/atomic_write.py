"""An entry that a decision writes into `content/`: read back and checked, put in place whole.

Nothing gets there that would break a build. What may be wrong with an entry of their own kind is
for those who write it.
"""

import os
import secrets
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

import msgspec
from filelock import FileLock

from api.errors import Conflict
from catalogue.faults import Fault
from catalogue.read import convert, entry
from catalogue.read.entry import Entry

Front = TypeVar("Front", bound=msgspec.Struct)


class Unfit(Conflict):
    """The entry would not pass the checks of the content; `faults` say why."""

    code = "unfit"
    sentence = "The entry would have faults, and was not written."

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
        super().__init__()


@contextmanager
def alone(project: Path) -> Iterator[None]:
    """Keep two writers of a project's content apart, whatever process they are in."""
    (project / "build").mkdir(exist_ok=True)
    with FileLock(project / "build" / ".content.lock", fallback_to_soft=False):
        yield


@contextmanager
def aside(file: Path, content: bytes) -> Iterator[Path]:
    """Yield a hidden file beside this one, its content on the disk; it is gone at the end."""
    hidden = file.with_name(f".{file.stem}.{secrets.token_hex(4)}")
    try:
        with hidden.open("wb") as writing:
            writing.write(content)
            writing.flush()
            os.fsync(writing.fileno())
        yield hidden
    finally:
        hidden.unlink(missing_ok=True)


def put_in_place(
    file: Path, content: bytes, faults_in: Callable[[Path], Sequence[Fault]] = lambda hidden: ()
) -> None:
    """Write aside, check, then rename: no half entry is ever seen. A file keeps its mode.

    `faults_in` is given the file aside. Raises Unfit, having left nothing behind.
    """
    with aside(file, content) as hidden:
        if faults := faults_in(hidden):
            raise Unfit(faults)
        if file.exists():
            hidden.chmod(file.stat().st_mode & 0o777)
        hidden.replace(file)
    flush(file.parent)


def read_back(
    hidden: Path, project: Path, path: str, kind: type[Front], faults: list[Fault]
) -> tuple[Entry, Front] | None:
    """Read a file as the loader would read `path`; None where `faults` say what is wrong."""
    try:
        parsed = msgspec.structs.replace(entry.read_entry(hidden, project), path=path)
    except entry.UnreadableEntry as error:
        faults.append(msgspec.structs.replace(error.fault, path=path))
        return None
    front = convert.to_struct(parsed, kind, faults)
    return None if front is None else (parsed, front)


def flush(folder: Path) -> None:
    """Have what was renamed or deleted in a folder on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

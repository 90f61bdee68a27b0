"""The file of a backup: a tar of rows and content, encrypted to an age recipient as it is written.

Nothing of it is on the disk in the clear. What was cut short or changed does not open.
"""

import io
import os
import tarfile
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, Any

import msgspec
import pyrage

MANIFEST = "manifest.json"
END = "end.json"
FORMAT = 1


class BadBackup(Exception):
    """A backup that cannot be made, opened or read. Holds none of its content."""


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a backup says of itself, first of all."""

    format: int
    made_at: datetime
    revision: str
    key_ids: tuple[str, ...]
    audit_lines: int
    audit_head: str
    columns: dict[str, tuple[str, ...]]


class End(msgspec.Struct, frozen=True):
    """What a backup ends with: how many rows and files there should have been."""

    rows: dict[str, int]
    files: int


class Archive:
    """A tar that is being written."""

    def __init__(self, file: IO[bytes]) -> None:
        self._tar = tarfile.open(fileobj=file, mode="w|")  # noqa: SIM115 - `close` closes it

    def add(self, name: str, content: bytes) -> None:
        """Add a file."""
        info = tarfile.TarInfo(name)
        info.size = len(content)
        self._tar.addfile(info, io.BytesIO(content))

    def close(self) -> None:
        """Write the end."""
        self._tar.close()


def new_identity() -> tuple[str, str]:
    """Return a new secret that opens archives, and the public key they are encrypted to."""
    identity = pyrage.x25519.Identity.generate()
    return str(identity), str(identity.to_public())


def write(file: Path, recipients: Sequence[str], fill: Callable[[Archive], None]) -> None:
    """Write an archive whole, or leave nothing. Raises BadBackup for what is no recipient."""
    try:
        keys = [pyrage.x25519.Recipient.from_str(recipient) for recipient in recipients]
    except pyrage.RecipientError:
        raise BadBackup("This is no age recipient: it begins with age1.") from None
    aside = file.with_name(f".{file.name}.making")
    try:
        with (
            os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as out,
            _stream_of_archive(fill) as plain,
        ):
            pyrage.encrypt_io(plain, out, keys)
            out.flush()
            os.fsync(out.fileno())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)


def members(file: Path, identity: str) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of all files of an archive. Raises BadBackup."""
    try:
        key = pyrage.x25519.Identity.from_str(identity.strip())
    except pyrage.IdentityError:
        raise BadBackup("This is no age identity: it begins with AGE-SECRET-KEY-1.") from None
    with file.open("rb") as sealed, _stream_of_plain_text(sealed, key) as plain:
        try:
            with tarfile.open(fileobj=plain, mode="r|") as tar:
                for info in tar:
                    content = tar.extractfile(info)
                    if content is None:
                        raise BadBackup("There is something in the backup that is no file.")
                    yield info.name, content.read()
            while plain.read(1 << 20):  # to the end, where a cut would show
                pass
        except tarfile.TarError:
            raise BadBackup(UNREADABLE) from None


UNREADABLE = "The backup cannot be read: it was cut short or changed, or is for another identity."


@contextmanager
def _stream_of_archive(fill: Callable[[Archive], None]) -> Iterator[IO[bytes]]:
    """Yield what a function adds to an archive, while a thread of its own runs it."""
    read_end, write_end = os.pipe()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(write_end, "wb") as out:
                archive = Archive(out)
                fill(archive)
                archive.close()
        except BaseException as error:  # it is raised again where the archive is waited for
            failures.append(error)

    yield from _read_from_thread(run, read_end, failures)


@contextmanager
def _stream_of_plain_text(sealed: IO[bytes], key: Any) -> Iterator[IO[bytes]]:
    read_end, write_end = os.pipe()
    failures: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(write_end, "wb") as out:
                pyrage.decrypt_io(sealed, out, [key])
        except BrokenPipeError:
            pass  # whoever read it has seen enough
        except (pyrage.DecryptError, OSError):
            failures.append(BadBackup(UNREADABLE))

    yield from _read_from_thread(run, read_end, failures)


def _read_from_thread(
    run: Callable[[], None], read_end: int, failures: list[BaseException]
) -> Iterator[IO[bytes]]:
    """Yield one end of a pipe while a thread works at the other; raise what it failed with."""
    thread = threading.Thread(target=run, name="kith-archive", daemon=True)
    try:
        with os.fdopen(read_end, "rb") as plain:
            thread.start()
            yield plain
    finally:
        thread.join()
        if failures:
            raise failures[0]

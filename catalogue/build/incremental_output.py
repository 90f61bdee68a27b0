"""Shows an edit within seconds: unchanged files of the earlier site are linked, not made again.

A file is used again if the digest of its sources, or of its content, is the earlier one. Digests
lie in a file beside the site. Files of a finished site are never written to, so two sites may
share them by hard links.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

RECORD_FILE = "laid.msgpack"


class OutputFile(msgspec.Struct, frozen=True, array_like=True):
    """A file of a site: its digests (empty where not known), its size in bytes."""

    source_digest: bytes
    content_digest: bytes
    size: int


class _Record(msgspec.Struct, frozen=True):
    """What the file beside a site holds."""

    shared_digest: bytes = msgspec.field(name="ground")
    files: dict[str, OutputFile]


class IncrementalOutput:
    """Writes the files of a site below `site`, and uses those of an earlier site again.

    `shared_digest` is the digest of everything that all files depend on, such as the templates.
    `earlier_site` is the folder of a finished site, or None. Paths are relative to the site.
    """

    def __init__(self, site: Path, shared_digest: bytes, earlier_site: Path | None = None) -> None:
        self.site = site
        self._shared_digest = shared_digest
        self._earlier_site = earlier_site
        self._earlier_files = _earlier_files(earlier_site, shared_digest) if earlier_site else {}
        self._files: dict[str, OutputFile] = {}
        self._folders: set[str] = set()

    def reuse(
        self, path: str, *, source_digest: bytes = b"", content_digest: bytes = b""
    ) -> OutputFile | None:
        """Link the earlier file if one of its digests is the same; return it, or None."""
        earlier = self._earlier_files.get(path)
        if earlier is None or self._earlier_site is None:
            return None
        same_source = source_digest and source_digest == earlier.source_digest
        same_content = content_digest and content_digest == earlier.content_digest
        if not (same_source or same_content):
            return None
        if not _link(f"{self._earlier_site}/{path}", self._prepared(path), earlier.size):
            return None
        file = msgspec.structs.replace(
            earlier,
            source_digest=source_digest,
            content_digest=content_digest or earlier.content_digest,
        )
        self._files[path] = file
        return file

    def write(
        self,
        path: str,
        content: bytes,
        *,
        source_digest: bytes = b"",
        content_digest: bytes = b"",
    ) -> None:
        """Write a file."""
        with open(self._prepared(path), "wb") as file:  # noqa: PTH123 - see _prepared
            file.write(content)
        self._files[path] = OutputFile(source_digest, content_digest, len(content))

    def record(self, path: str, source_digest: bytes) -> None:
        """Record a file that another program has written into the site."""
        size = (self.site / path).stat().st_size
        self._files[path] = OutputFile(source_digest, b"", size)

    def earlier_content(self, path: str) -> bytes:
        """Return the content of a file in the earlier site; empty where that is not certain."""
        earlier = self._earlier_files.get(path)
        if earlier is None or self._earlier_site is None:
            return b""
        try:
            content = (self._earlier_site / path).read_bytes()
        except OSError:
            return b""
        return content if len(content) == earlier.size else b""

    def reuse_or_write(self, path: str, source_digest: bytes, make: Callable[[], bytes]) -> None:
        """Write a file whose content follows from its sources alone; make it only if it is new."""
        if self.reuse(path, source_digest=source_digest) is None:
            self.write(path, make(), source_digest=source_digest)

    def save(self) -> None:
        """Write the digests into a file beside the site."""
        record = msgspec.msgpack.encode(_Record(self._shared_digest, self._files))
        (self.site.parent / RECORD_FILE).write_bytes(record)

    def _prepared(self, path: str) -> str:
        """Return where a file goes, after making its folder.

        Paths are plain strings here: pathlib takes longer than the writing for 10,000 files.
        """
        file = f"{self.site}/{path}"
        folder, _, _ = file.rpartition("/")
        if folder not in self._folders:
            os.makedirs(folder, exist_ok=True)  # noqa: PTH103
            self._folders.add(folder)
        return file


def _earlier_files(earlier_site: Path, shared_digest: bytes) -> dict[str, OutputFile]:
    try:
        raw = (earlier_site.parent / RECORD_FILE).read_bytes()
        record = msgspec.msgpack.decode(raw, type=_Record)
    except (OSError, msgspec.MsgspecError):
        return {}
    return record.files if record.shared_digest == shared_digest else {}


def _link(source: str, target: str, size: int) -> bool:
    """Hard-link a file, or copy it where links are not possible; not if it was cut short."""
    try:
        if os.stat(source).st_size != size:  # noqa: PTH116 - called for every page
            return False
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
    except OSError:
        return False
    return True

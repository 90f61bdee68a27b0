"""The files of a site as they are laid down: made anew, or linked from the site built before.

A file is the same if it says the same in the same frame; that is known by digests, which lie beside
the site. Files of a finished site are never written to, so two sites may share them.
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import msgspec

NAME = "laid.msgpack"


class Laid(msgspec.Struct, frozen=True, array_like=True):
    """One file: digests of what it was made from and of what it says (empty: not known), its size.

    `scripts` are those that stand in a page: the policy it is sent with names them.
    """

    made_of: bytes
    says: bytes
    size: int
    scripts: tuple[str, ...] = ()


class _Record(msgspec.Struct, frozen=True):
    ground: bytes
    files: dict[str, Laid]


class Laying:
    """Lays files into `site`; `ground` is the digest of all that any of its files depends on.

    `earlier` is the folder of a finished site, or None.
    """

    def __init__(self, site: Path, ground: bytes, earlier: Path | None = None) -> None:
        self._site = site
        self._ground = ground
        self._earlier = earlier
        self._before = _before(earlier, ground) if earlier else {}
        self._files: dict[str, Laid] = {}
        self._folders: set[str] = set()

    def again(self, path: str, *, made_of: bytes = b"", says: bytes = b"") -> Laid | None:
        """Lay the file of the earlier site if either digest is its own; return what it was."""
        known = self._before.get(path)
        if known is None or self._earlier is None:
            return None
        if not ((made_of and made_of == known.made_of) or (says and says == known.says)):
            return None
        if not _link(f"{self._earlier}/{path}", self._at(path), known.size):
            return None
        now = msgspec.structs.replace(known, made_of=made_of, says=says or known.says)
        self._files[path] = now
        return now

    def write(
        self,
        path: str,
        content: bytes,
        *,
        made_of: bytes = b"",
        says: bytes = b"",
        scripts: tuple[str, ...] = (),
    ) -> None:
        """Write a file anew."""
        with open(self._at(path), "wb") as file:  # noqa: PTH123 - see _at
            file.write(content)
        self.wrote(path, made_of=made_of, says=says, size=len(content), scripts=scripts)

    def wrote(
        self,
        path: str,
        *,
        made_of: bytes = b"",
        says: bytes = b"",
        size: int,
        scripts: tuple[str, ...] = (),
    ) -> None:
        """Note a file that somebody else has written."""
        self._files[path] = Laid(made_of, says, size, scripts)

    def earlier(self, path: str) -> bytes:
        """Return what a file said in the earlier site; nothing where that is not sure."""
        known = self._before.get(path)
        if known is None or self._earlier is None:
            return b""
        try:
            content = (self._earlier / path).read_bytes()
        except OSError:
            return b""
        return content if len(content) == known.size else b""

    def lay(self, path: str, made_of: bytes, make: Callable[[], bytes]) -> None:
        """Lay a file whose bytes follow from `made_of` alone, making it only where it is new."""
        if self.again(path, made_of=made_of) is None:
            self.write(path, make(), made_of=made_of)

    def save(self) -> None:
        """Write the digests beside the site."""
        record = msgspec.msgpack.encode(_Record(self._ground, self._files))
        (self._site.parent / NAME).write_bytes(record)

    def _at(self, path: str) -> str:
        """Return where a file goes, its folder made. For tens of thousands a Path is too dear."""
        file = f"{self._site}/{path}"
        folder, _, _ = file.rpartition("/")
        if folder not in self._folders:
            _make(folder)
            self._folders.add(folder)
        return file


def _make(folder: str) -> None:
    """Make a folder; the one around it is nearly always there, so it is not looked for first."""
    try:
        os.mkdir(folder)  # noqa: PTH102
    except FileExistsError:
        return
    except FileNotFoundError:
        os.makedirs(folder)  # noqa: PTH103


def _before(earlier: Path, ground: bytes) -> dict[str, Laid]:
    try:
        raw = (earlier.parent / NAME).read_bytes()
        record = msgspec.msgpack.decode(raw, type=_Record)
    except (OSError, msgspec.MsgspecError):
        return {}
    return record.files if record.ground == ground else {}


def _link(source: str, target: str, size: int) -> bool:
    """Give the file a second name, or copy it where that cannot be; a cut one is not taken."""
    try:
        if os.stat(source).st_size != size:  # noqa: PTH116 - asked for every page
            return False
        try:
            os.link(source, target)
        except OSError:
            shutil.copyfile(source, target)
    except OSError:
        return False
    return True

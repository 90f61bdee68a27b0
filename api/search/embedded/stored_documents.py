"""The documents of an index in one file, read one at a time: what is no hit stays on disk.

`documents.msgpack` holds them one after another, `ends` where each ends (unsigned 64-bit numbers).
"""

import mmap
from array import array
from collections.abc import Iterable
from pathlib import Path

import msgspec

from catalogue.outputs.search.documents import SearchDocument

DOCUMENTS = "documents.msgpack"
ENDS = "ends"


def write(documents: Iterable[SearchDocument], folder: Path) -> None:
    """Write the documents in this order: the first is row 0."""
    ends = array("Q")
    with (folder / DOCUMENTS).open("wb") as file:
        for document in documents:
            file.write(msgspec.msgpack.encode(document))
            ends.append(file.tell())
    (folder / ENDS).write_bytes(ends.tobytes())


class StoredDocuments:
    """Reads documents by row. The file stays mapped, also when its folder is removed."""

    def __init__(self, folder: Path) -> None:
        self._ends = array("Q", [0])
        self._ends.frombytes((folder / ENDS).read_bytes())
        self._bytes: mmap.mmap | bytes = b""
        if len(self):  # an empty file cannot be mapped
            with (folder / DOCUMENTS).open("rb") as file:
                self._bytes = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
        self._decoder = msgspec.msgpack.Decoder(SearchDocument)

    def __len__(self) -> int:
        return len(self._ends) - 1

    def __getitem__(self, row: int) -> SearchDocument:
        return self._decoder.decode(self._bytes[self._ends[row] : self._ends[row + 1]])

"""Notes every day where the audit trail ends, in a file that only grows: what was cut off is seen.

A line is a moment, a number and a hash, `restored` and a number after a restore. Copy the file to
another machine, or let it only be appended to (`chattr +a`): whoever can rewrite it as well as the
database can hide what they did since the last copy.
"""

import os
from datetime import datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection

from api.store import audit
from api.store.columns import utc_text

NAME = "audit-heads"
_RESTORED = "restored"


class NotedHead(msgspec.Struct, frozen=True):
    """Where the trail ended at a moment."""

    at: str
    seq: int
    digest: str


def note(connection: Connection, data: Path, now: datetime) -> NotedHead | None:
    """Note where the trail ends, if lines came since; return what was noted."""
    seq, digest = audit.head(connection)
    noted = read(data)
    if not seq or (noted and noted[-1].seq == seq):
        return None
    head = NotedHead(utc_text(now), seq, digest)
    _append(data, f"{head.at} {head.seq} {head.digest}\n")
    return head


def note_restored(data: Path, seq: int, now: datetime) -> None:
    """Note that the trail was put back to a line on purpose: later heads no longer hold."""
    if (data / NAME).exists():
        _append(data, f"{utc_text(now)} {seq} {_RESTORED}\n")


def read(data: Path) -> list[NotedHead]:
    """Return the heads that hold, the oldest first."""
    heads: list[NotedHead] = []
    if not (data / NAME).exists():
        return heads
    for line in (data / NAME).read_text(encoding="ascii").splitlines():
        parts = line.split(" ")
        if len(parts) != 3 or not parts[1].isdigit():
            continue
        head = NotedHead(parts[0], int(parts[1]), parts[2])
        if head.digest == _RESTORED:
            heads = [one for one in heads if one.seq <= head.seq]
        else:
            heads.append(head)
    return heads


def first_missing(connection: Connection, data: Path) -> NotedHead | None:
    """Return the first noted head that is not in the trail as it was; None if all are."""
    for head in read(data):
        if audit.hash_of(connection, head.seq) != head.digest:
            return head
    return None


def _append(data: Path, line: str) -> None:
    handle = os.open(data / NAME, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(line)
        file.flush()
        os.fsync(file.fileno())

"""One look at a correction: that it is read is written down, with which text of the entry."""

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.features.corrections import queue, queue_store
from api.features.corrections.change import EntryOnDisk
from api.features.corrections.decide import QUIET, correction, seen_by
from api.features.corrections.reasons import REASONS
from api.features.corrections.store import Correction
from api.moderation import history
from api.moderation.history import HistoryEntry
from api.moderation.reasons import title
from api.staff import people
from api.store import audit
from api.store.audit import Line
from catalogue.i18n.gettext import _, gettext_noop

READ = "correction.read"
ACTIONS = {
    "correction.received": gettext_noop("Told us."),
    "correction.held": gettext_noop("Told us, and it was held."),
    READ: gettext_noop("Read all of it."),
    "correction.accepted": gettext_noop("Mended the entry."),
    "correction.rejected": gettext_noop("Left the entry as it was."),
    "correction.undone": gettext_noop("Took the last decision back."),
}


class OpenedCorrection(msgspec.Struct, frozen=True):
    """All that one look finds, at one moment. `stands` is None where the entry is gone."""

    correction: Correction
    stands: EntryOnDisk | None
    version: int
    """The last line of the trail that changed something: a decision names it."""
    others: tuple[Correction, ...]
    reader: str
    history: tuple[HistoryEntry, ...]


def read(
    connection: Connection, reference: str, stands: EntryOnDisk | None, context: Context
) -> OpenedCorrection:
    """Write down that a correction is read, and return all there is about it. Raises NotThere."""
    found = correction(connection, reference)
    names = people.names_by_id(connection, context.encryption)
    opened = queue_store.readers(connection, [reference], context.now, context.actor)
    seen_by(connection, found, stands.digest if stands else "", context)
    return OpenedCorrection(
        correction=found,
        stands=stands,
        version=audit.last_change(connection, reference, QUIET),
        others=tuple(queue_store.others(connection, found)),
        reader=queue.reader(opened.get(reference), names),
        history=history.history(history.lines(connection, reference), names, READ, _describe),
    )


def changes_since(
    connection: Connection, reference: str, seen: int, context: Context
) -> tuple[HistoryEntry, ...]:
    """Return what has changed since a line of the trail."""
    changes = history.changes_since(connection, reference, seen, QUIET)
    names = people.names_by_id(connection, context.encryption)
    return history.history(changes, names, READ, _describe)


def _describe(line: Line) -> str:
    """Return a line of the trail in words, with the reason where there is one."""
    words = history.action_words(line, ACTIONS)
    reason = str(line.detail.get("reason") or "")
    listed = title(REASONS, reason)
    return f"{words} {_(listed) if listed else reason}" if reason else words

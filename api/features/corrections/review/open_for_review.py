"""Opening a correction: that it is read is written down, with which text of the entry."""

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.features.corrections.change import EntryOnDisk
from api.features.corrections.review import queue, queue_store
from api.features.corrections.review.decide import find_correction, note_reading
from api.features.corrections.review.history import HISTORY_RULES
from api.features.corrections.store import Correction
from api.moderation.decisions import version
from api.moderation.history import HistoryEntry, history, lines
from api.staff import people


class OpenedCorrection(msgspec.Struct, frozen=True):
    """All there is about a correction, at one moment. `entry` is None where the entry is gone."""

    correction: Correction
    entry: EntryOnDisk | None
    version: int
    """The last line of the trail that changed something: a decision names it."""
    other_corrections: tuple[Correction, ...]
    reader: str
    history: tuple[HistoryEntry, ...]


def read(
    connection: Connection, reference: str, entry: EntryOnDisk | None, context: Context
) -> OpenedCorrection:
    """Write down that a correction is read, and return all there is about it.

    Raises CorrectionNotFound.
    """
    correction = find_correction(connection, reference)
    names = people.names_by_id(connection, context.encryption)
    readers = queue_store.readers(connection, [reference], context.now, context.actor)
    note_reading(connection, correction, entry.digest if entry else "", context)
    return OpenedCorrection(
        correction=correction,
        entry=entry,
        version=version(connection, reference, HISTORY_RULES),
        other_corrections=queue_store.list_others(connection, correction),
        reader=queue.reader(readers.get(reference), names),
        history=history(lines(connection, reference), names, HISTORY_RULES),
    )

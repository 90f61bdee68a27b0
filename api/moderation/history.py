"""The audit trail about one reference as its reviewers read it: when, who, what, in words.

What an action of a feature is called is the feature's affair: it brings its own `HistoryRules`.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from api.staff.people import actor_name
from api.store import audit
from api.store.audit import AuditEvent
from catalogue.i18n.gettext import _
from catalogue.outputs.formatting import LOCAL, clock, day

LINES_AT_MOST = 200


class HistoryRules(msgspec.Struct, frozen=True):
    """How the trail about one kind of record is read.

    `describe` gives the words for a line. `read_action` says that somebody read the record; one
    person's readings running are shown once. `quiet` are all actions that change nothing of it.
    """

    describe: Callable[[AuditEvent], str]
    read_action: str = ""
    quiet: tuple[str, ...] = ()


class HistoryEntry(msgspec.Struct, frozen=True):
    """One line of the history. `seq` is its number in the trail."""

    seq: int
    at: str
    actor: str
    sentence: str


def lines(connection: Connection, reference: str) -> list[AuditEvent]:
    """Return the trail about one reference, the newest first."""
    return audit.newest(connection, LINES_AT_MOST, before=audit.EVER, about=reference)


def changes_since(
    connection: Connection,
    reference: str,
    shown_version: int,
    names: Mapping[str, str],
    rules: HistoryRules,
) -> tuple[HistoryEntry, ...]:
    """Return what changed a record after line `shown_version`; `names` are those of staff by id."""
    newer = (line for line in lines(connection, reference) if line.seq > shown_version)
    return history([line for line in newer if line.action not in rules.quiet], names, rules)


def history(
    trail: Sequence[AuditEvent], names: Mapping[str, str], rules: HistoryRules
) -> tuple[HistoryEntry, ...]:
    """Return lines of a trail in words, in their order; `names` are those of staff by id."""
    entries: list[HistoryEntry] = []
    for line in trail:
        entry = HistoryEntry(
            seq=line.seq,
            at=f"{day(line.at.astimezone(LOCAL).date())}, {clock(line.at)}",
            actor=actor_name(line.actor, names),
            sentence=rules.describe(line),
        )
        if line.action == rules.read_action and entries and _is_repeated(entries[-1], entry):
            continue
        entries.append(entry)
    return tuple(entries)


def action_words(line: AuditEvent, words: Mapping[str, str]) -> str:
    """Return what an action is called in a feature's table, or its own name."""
    return _(words[line.action]) if line.action in words else line.action


def _is_repeated(entry: HistoryEntry, other: HistoryEntry) -> bool:
    return (entry.actor, entry.sentence) == (other.actor, other.sentence)

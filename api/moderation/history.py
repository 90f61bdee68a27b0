"""The audit trail about one reference as its reviewers read it: when, who, what, in words.

What an action of a feature is called is the feature's affair: it brings its own table of it.
"""

from collections.abc import Callable, Mapping, Sequence

import msgspec
from sqlalchemy import Connection

from api.staff.people import actor_name
from api.store import audit
from api.store.audit import Line
from catalogue.i18n.gettext import _
from catalogue.outputs.formatting import LOCAL, clock, day

LINES_AT_MOST = 200


class HistoryEntry(msgspec.Struct, frozen=True):
    """One line of the history. `seq` is its number in the trail."""

    seq: int
    at: str
    who: str
    what: str


def lines(connection: Connection, reference: str) -> list[Line]:
    """Return the trail about one reference, the newest first."""
    return audit.newest(connection, LINES_AT_MOST, before=audit.EVER, about=reference)


def changes_since(
    connection: Connection, reference: str, seen: int, quiet: Sequence[str]
) -> list[Line]:
    """Return the lines after number `seen` that changed something: no `quiet` actions."""
    newer = (line for line in lines(connection, reference) if line.seq > seen)
    return [line for line in newer if line.action not in quiet]


def history(
    trail: Sequence[Line],
    names: Mapping[str, str],
    read_action: str,
    describe: Callable[[Line], str],
) -> tuple[HistoryEntry, ...]:
    """Return a trail in words; one person's `read_action` several times running is shown once.

    Args:
        trail: the lines, in the order to show them.
        names: names of staff by id.
        read_action: the action that says that somebody read it; "" where there is none.
        describe: gives the words for what happened.
    """
    shown: list[HistoryEntry] = []
    for line in trail:
        entry = HistoryEntry(
            seq=line.seq,
            at=f"{day(line.at.astimezone(LOCAL).date())}, {clock(line.at)}",
            who=actor_name(line.actor, names),
            what=describe(line),
        )
        if line.action == read_action and shown and _same(shown[-1], entry):
            continue
        shown.append(entry)
    return tuple(shown)


def action_words(line: Line, words: Mapping[str, str]) -> str:
    """Return what an action is called in a feature's table, or its own name."""
    return _(words[line.action]) if line.action in words else line.action


def _same(entry: HistoryEntry, other: HistoryEntry) -> bool:
    return (entry.who, entry.what) == (other.who, other.what)

"""What staff did to an entry, as the audit trail has it, in words."""

from collections.abc import Mapping

from sqlalchemy import Connection

from api.moderation.history import HistoryEntry, HistoryRules, action_words, history, lines
from api.store.audit import AuditEvent
from catalogue.i18n.gettext import gettext_noop

ACTIONS: Mapping[str, str] = {
    "entry.added": gettext_noop("Put it in the directory."),
    "entry.changed": gettext_noop("Changed the entry."),
    "entry.ended": gettext_noop("Said that it has ended."),
    "entry.reopened": gettext_noop("Said that it runs again."),
    "entry.removed": gettext_noop("Took it off the site."),
    "entry.undone": gettext_noop("Took the last change back."),
}


def _describe(line: AuditEvent) -> str:
    return action_words(line, ACTIONS)


HISTORY_RULES = HistoryRules(_describe)


def history_of(
    connection: Connection, reference: str, names: Mapping[str, str]
) -> tuple[HistoryEntry, ...]:
    """Return what happened to one change, the newest first; `names` are those of staff by id."""
    return history(lines(connection, reference), names, HISTORY_RULES)

"""What happened to a correction, as the audit trail has it, in words: when, who, what."""

from collections.abc import Mapping

from api.features.corrections.review.reasons import REASONS
from api.moderation.history import HistoryRules, action_words
from api.moderation.reasons import title
from api.store.audit import AuditEvent
from catalogue.i18n.gettext import _, gettext_noop

READ = "correction.read"
ACTIONS: Mapping[str, str] = {
    "correction.received": gettext_noop("Sent this."),
    "correction.held": gettext_noop("Sent this. It was held back, to be checked first."),
    READ: gettext_noop("Read the whole of it."),
    "correction.accepted": gettext_noop("Changed the entry."),
    "correction.rejected": gettext_noop("Left the entry as it was."),
    "correction.undone": gettext_noop("Undid the last decision."),
}


def _describe(line: AuditEvent) -> str:
    """Return a line of the trail in words, with the reason where there is one."""
    words = action_words(line, ACTIONS)
    reason = str(line.detail.get("reason") or "")
    listed = title(REASONS, reason)
    return f"{words} {_(listed) if listed else reason}" if reason else words


HISTORY_RULES = HistoryRules(_describe, read_action=READ, quiet=(READ,))

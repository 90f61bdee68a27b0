"""What happened to a sign-up, as the audit trail has it, in words: when, who, what."""

from collections.abc import Mapping

from api.features.pledges.review import reasons
from api.moderation.history import HistoryRules, action_words
from api.store.audit import AuditEvent
from catalogue.i18n.gettext import _, gettext_noop

ACTIONS: Mapping[str, str] = {
    "sign_up.received": gettext_noop("Signed."),
    "sign_up.entered_from_paper": gettext_noop("Entered from a form on paper."),
    "sign_up.held": gettext_noop("Signed. It was held back, to be checked first."),
    "sign_up.confirmed": gettext_noop("Confirmed by the link in the letter."),
    "sign_up.repeated": gettext_noop("Signed again. Nothing was changed."),
    "sign_up.link_sent_again": gettext_noop("Asked for the letter again."),
    "sign_up.lapsed": gettext_noop("Nobody confirmed it in time."),
    "sign_up.released": gettext_noop("Released it, to be read."),
    "sign_up.read": gettext_noop("Read the whole of it."),
    "sign_up.lock_taken_over": gettext_noop("Took it over from somebody else."),
    "sign_up.published": gettext_noop("Published it."),
    "sign_up.asked": gettext_noop("Asked the signer a question."),
    "sign_up.put_on_hold": gettext_noop("Put it on hold."),
    "sign_up.rejected": gettext_noop("Refused it."),
    "sign_up.removed": gettext_noop("Took it off the register."),
    "sign_up.hidden": gettext_noop("Hid it."),
    "sign_up.disputed": gettext_noop("Said that this promise is not right."),
    "sign_up.dispute_settled": gettext_noop(
        "Looked into what was said against it, and left it as it is."
    ),
    "promise.renewed": gettext_noop("Renewed."),
    "promise.withdrawn": gettext_noop("Withdrawn by whoever made it."),
    "promise.reminded": gettext_noop("Reminded of it."),
    "promise.change_proposed": gettext_noop("Sent new words."),
    "sign_up.shown_again": gettext_noop("Showed it again."),
    "sign_up.undone": gettext_noop("Undid the last decision."),
    "sign_up.replaced": gettext_noop("Replaced by a promise to the newer wording."),
    "connector.welcomed": gettext_noop("Welcomed as a connector."),
    "connector.course_completed": gettext_noop("Completed the course."),
    "letter.failed": gettext_noop("A letter could not be delivered."),
}


def _describe(line: AuditEvent) -> str:
    words = action_words(line, ACTIONS)
    if "invalidation" in line.detail:
        words = f"{words} {_('It was one of many at once.')}"
    reason = reasons.title(str(line.detail.get("reason", "")))
    return f"{words} {_(reason)}." if reason else words


HISTORY_RULES = HistoryRules(
    _describe,
    read_action="sign_up.read",
    quiet=(
        "sign_up.read",
        "sign_up.lock_taken_over",
        "sign_up.repeated",
        "sign_up.link_sent_again",
    ),
)

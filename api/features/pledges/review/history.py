"""What happened to a sign-up, as the audit trail has it, in words: when, who, what."""

from collections.abc import Mapping, Sequence

from api.features.pledges.review import reasons
from api.staff import history
from api.staff.history import Happened, lines, staff_names, who
from api.store.audit import Line
from catalogue.i18n.gettext import _, later

__all__ = ["Happened", "lines", "staff_names", "told", "who"]

SAID: Mapping[str, str] = {
    "sign_up.received": later("Signed."),
    "sign_up.held": later("Signed, and held."),
    "sign_up.confirmed": later("Confirmed by the link in the letter."),
    "sign_up.repeated": later("Signed again. Nothing was changed."),
    "sign_up.link_sent_again": later("Asked for the letter again."),
    "sign_up.lapsed": later("Nobody confirmed it in time."),
    "sign_up.released": later("Let it go on."),
    "sign_up.read": later("Read all of it."),
    "sign_up.lock_taken_over": later("Took it over from somebody else."),
    "sign_up.published": later("Published it."),
    "sign_up.asked": later("Asked the signer a question."),
    "sign_up.put_on_hold": later("Put it on hold."),
    "sign_up.rejected": later("Refused it."),
    "sign_up.removed": later("Took it off the register."),
    "sign_up.hidden": later("Hid it."),
    "sign_up.disputed": later("Said that it is not right."),
    "sign_up.dispute_settled": later("Looked at what was said against it, and left it."),
    "promise.renewed": later("Renewed."),
    "promise.withdrawn": later("Withdrawn by whoever made it."),
    "promise.reminded": later("Reminded of it."),
    "promise.change_proposed": later("Sent new words."),
    "sign_up.shown_again": later("Showed it again."),
    "sign_up.undone": later("Took the last decision back."),
    "sign_up.replaced": later("A promise to newer words took its place."),
    "letter.failed": later("A letter could not be delivered."),
}


def told(found: Sequence[Line], names: Mapping[str, str]) -> tuple[Happened, ...]:
    """Return a trail in words; the same thing done twice running by one person is told once."""
    return history.told(found, names, "sign_up.read", _what)


def _what(one: Line) -> str:
    said = _(SAID[one.action]) if one.action in SAID else one.action
    if "invalidation" in one.detail:
        said = f"{said} {_('It was one of many at once.')}"
    why = reasons.title(str(one.detail.get("reason", "")))
    return f"{said} {_(why)}." if why else said

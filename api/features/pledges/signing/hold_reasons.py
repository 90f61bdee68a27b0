"""Why a sign-up is held until a person has read it, and which flags others get for moderators.

A held one gets the same answer as any other, and no letter, until staff release it. A flag holds
nothing up: a parish council may well have an address at a free provider.
"""

from collections.abc import Iterator
from datetime import datetime

from api.features.pledges.signing.bodies import SignUpRequest
from api.http.rate_limits import Limits
from api.security import proof_of_work
from api.security.encryption import Encryption
from api.security.normalise import is_free_mail, mailbox, name_key
from catalogue.i18n.gettext import gettext_noop

RUSH = "sign_ups_everywhere"
"""The rate limit (`rate_limits.RULES`) above which all sign-ups together are a rush."""

HELD_WHY = {
    "trap": gettext_noop("A field that people do not see was filled in."),
    "no_time": gettext_noop("It did not come through the pages of the form."),
    "too_fast": gettext_noop("All of the form was answered within three seconds."),
    "no_proof": gettext_noop(
        "It came in a rush of sign-ups, without the sum that a browser does then."
    ),
    "many_from_there": gettext_noop("Many sign-ups came from the same connection."),
    "many_for_contact": gettext_noop("Many sign-ups came with the same address."),
    "many_for_name": gettext_noop("Many sign-ups came for the same name and place."),
}
BY_A_PROGRAM = frozenset({"trap", "no_time", "too_fast"})
"""Nobody gets a letter for these, not even the contact of an existing sign-up."""

FLAGS = {
    "free_mail": gettext_noop("A public body, but an address that anybody can have: ring and ask."),
    "on_paper": gettext_noop("Entered from a paper form."),
}
PUBLIC_BODIES = frozenset({"council", "nhs", "library", "school", "emergency"})


def is_rush(limits: Limits) -> bool:
    """Count one sign-up, and return whether there are too many at the moment."""
    return not limits.has_room(RUSH, "")


def challenge_in_rush(limits: Limits, encryption: Encryption, key: str, now: datetime) -> str:
    """Return the challenge of a proof of work for a page; "" while there is no rush."""
    return proof_of_work.challenge(encryption, key, now) if limits.is_full(RUSH, "") else ""


def repeat_reason(sign_up: SignUpRequest, place: str, limits: Limits) -> str:
    """Count a sign-up, and return why it is held if its contact or name has too many; else ""."""
    for reason, limit, value in (
        ("many_for_contact", "sign_ups_of_contact", mailbox(sign_up.contact_email)),
        ("many_for_name", "sign_ups_of_name", name_key(sign_up.name, place)),
    ):
        if not limits.has_room(limit, value):
            return reason
    return ""


def moderation_flags(kind: str, contact_email: str) -> Iterator[str]:
    """Yield the keys of `FLAGS` that apply to a sign-up."""
    if kind in PUBLIC_BODIES and is_free_mail(contact_email):
        yield "free_mail"

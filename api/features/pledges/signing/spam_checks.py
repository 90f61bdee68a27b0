"""What makes staff look twice: why a sign-up is held, and what is flagged on one that goes on.

A held one gets the same answer as any other, and no letter; a person reads it and lets it go on or
not. A flag holds nothing up: a parish council may well have an address at a free provider.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta

from api.features.pledges.signing.bodies import SignUpRequest
from api.http.rate_limits import Limits
from api.security.encryption import Encryption
from api.security.normalise import is_free_mail, mailbox, name_key
from api.security.signed_timestamps import stamped_at
from catalogue.i18n.gettext import gettext_noop

TRAP = "website2"
"""A field of the forms that people do not see, and simple programs fill in."""

TOO_FAST = timedelta(seconds=3)
FORM_WORKS = timedelta(hours=24)

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
"""Nobody is written to for these, not even the contact of one that stands."""

FLAGS = {
    "free_mail": gettext_noop("A public body, but an address that anybody can have: ring and ask."),
    "on_paper": gettext_noop("Entered from a paper form."),
}
PUBLIC_BODIES = frozenset({"council", "nhs", "library", "school", "emergency"})


def by_form(
    answers: Mapping[str, Sequence[str]], purpose: str, encryption: Encryption, now: datetime
) -> str:
    """Return why what came by the form looks like a program's work, or nothing."""
    if TRAP in answers:
        return "trap"
    began = stamped_at(encryption, purpose, next(iter(answers.get("began", ())), ""))
    if began is None:
        return "no_time"
    return "too_fast" if now - began < TOO_FAST else ""


def is_stale(
    answers: Mapping[str, Sequence[str]], purpose: str, encryption: Encryption, now: datetime
) -> bool:
    """Say whether a form was begun so long ago that its sender should look at it again."""
    began = stamped_at(encryption, purpose, next(iter(answers.get("began", ())), ""))
    return began is not None and now - began > FORM_WORKS


def by_number(asked: SignUpRequest, place: str, limits: Limits) -> str:
    """Return whose sign-ups are too many in a burst or in a day, counting this one; or nothing."""
    for why, purpose, value in (
        ("many_for_contact", "sign_ups_of_contact", mailbox(asked.contact_email)),
        ("many_for_name", "sign_ups_of_name", name_key(asked.name, place)),
    ):
        if not limits.has_room(purpose, value):
            return why
    return ""


def flags(kind: str, contact_email: str) -> Iterator[str]:
    """Yield what a moderator should look at, of a sign-up that goes on like any other."""
    if kind in PUBLIC_BODIES and is_free_mail(contact_email):
        yield "free_mail"

"""What tells a form filled in by a program from one filled in by a person.

A hidden field that people leave empty, and the signed time at which the form was begun. Every form
that has one of them asks here; what follows from it is for the feature to say.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from api.security.encryption import Encryption
from api.security.signed_timestamps import signed_time

HONEYPOT = "website2"
"""A field of the forms that people do not see, and simple programs fill in."""
BEGAN = "began"
"""The hidden field with the signed time at which the form was begun."""

TOO_FAST = timedelta(seconds=3)
FORM_WORKS = timedelta(hours=24)

Answers = Mapping[str, Sequence[str]]
"""The answers of a form, blank ones left out (`request_bodies.form_answers`)."""


def is_trapped(answers: Answers) -> bool:
    """Say whether the field was filled in that people do not see."""
    return HONEYPOT in answers


def form_spam_reason(answers: Answers, purpose: str, encryption: Encryption, now: datetime) -> str:
    """Return why a form looks like a program's work (trap, no_time, too_fast), or nothing."""
    if is_trapped(answers):
        return "trap"
    began_at = _began_at(answers, purpose, encryption)
    if began_at is None:
        return "no_time"
    return "too_fast" if now - began_at < TOO_FAST else ""


def is_stale(answers: Answers, purpose: str, encryption: Encryption, now: datetime) -> bool:
    """Say whether a form was begun so long ago that its sender should look at it again."""
    began_at = _began_at(answers, purpose, encryption)
    return began_at is not None and now - began_at > FORM_WORKS


def _began_at(answers: Answers, purpose: str, encryption: Encryption) -> datetime | None:
    return signed_time(encryption, purpose, next(iter(answers.get(BEGAN, ())), ""))

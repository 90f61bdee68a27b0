"""Reasons of a decision: closed lists, so that the audit trail, which is for ever, names no person.

A code is never renamed or taken away, for decisions in the store name it. Each feature has its own.
"""

from collections.abc import Iterable

import msgspec

from catalogue.i18n.gettext import _
from catalogue.outputs.search.choices import Choice


class Reason(msgspec.Struct, frozen=True):
    """One reason. `title` is what staff choose, `text` what the person concerned is told."""

    code: str
    title: str
    text: str = ""


def find(reasons: Iterable[Reason], code: str) -> Reason | None:
    """Return the reason of a code, None where the list has none."""
    return next((reason for reason in reasons if reason.code == code), None)


def title(reasons: Iterable[Reason], code: str) -> str:
    """Return a reason's title, untranslated; "" for a code that the list has not."""
    reason = find(reasons, code)
    return reason.title if reason else ""


def choices(reasons: Iterable[Reason]) -> tuple[Choice, ...]:
    """Return reasons to choose from, in the language of the page."""
    return tuple(Choice(reason.code, _(reason.title)) for reason in reasons)

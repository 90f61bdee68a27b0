"""What decisions share: the record may have changed since its page was made, and then they fail."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection

from api.errors import Conflict, Missing
from api.moderation.history import HistoryEntry
from api.security.references import ReferenceFault, parse
from api.store import audit
from catalogue.build.templates import Page
from catalogue.i18n.gettext import gettext_noop


class ChangedSinceShown(Conflict):
    """Something was done about it since it was shown; `seen` is the line that was known."""

    sentence = gettext_noop("This was changed in the meantime. Nothing was done.")

    def __init__(self, seen: int) -> None:
        self.seen = seen
        super().__init__()


class NotDecidedPage(Page, frozen=True, kw_only=True):
    """A decision that was refused: why, and what has changed since. `here` names the queue."""

    template = "staff/not_decided.html"

    here: str
    sentence: str
    changes: tuple[HistoryEntry, ...]
    faults: tuple[str, ...]
    url: str
    queue: str


def expect_unchanged(
    connection: Connection, reference: str, seen: int, quiet: Sequence[str]
) -> None:
    """Raise ChangedSinceShown where the trail has a later change than line `seen`.

    `quiet` are actions that change nothing, such as reading it.
    """
    if audit.last_change(connection, reference, quiet) != seen:
        raise ChangedSinceShown(seen)


def seen_before(error: Conflict) -> int:
    """Return the line after which to list changes: none are, where an error says nothing of it."""
    return error.seen if isinstance(error, ChangedSinceShown) else audit.EVER


def first_answer(answers: Mapping[str, Sequence[str]], field: str) -> str:
    """Return the first answer to a field without outer spaces; "" where there is none."""
    return next(iter(answers.get(field, ())), "").strip()


def version_shown(answers: Mapping[str, Sequence[str]]) -> int:
    """Return the version that the page with the pressed button was made of; -1 for nonsense."""
    typed = first_answer(answers, "version")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 12 else -1


def parse_reference(typed: str, letter: str) -> str:
    """Return a reference of the kind that starts with this letter. Raises Missing."""
    try:
        return parse(typed, letter)
    except ReferenceFault:
        raise Missing from None

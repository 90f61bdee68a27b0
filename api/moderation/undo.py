"""How long a decision can be undone: until its letter leaves, or for a week where there is none.

What is put back is the feature's affair.
"""

from datetime import datetime, timedelta

from sqlalchemy import Connection

from api.errors import Conflict
from api.mail import store as mail_store
from catalogue.i18n.gettext import gettext_noop

LETTER_DELAY = timedelta(minutes=10)
"""So long a letter about a decision waits: what was decided by mistake is undone unread."""
UNDO_WITHIN = timedelta(days=7)


class NothingToUndo(Conflict):
    """Nothing was decided, or something else has happened since."""

    code = "nothing-to-undo"
    sentence = gettext_noop(
        "There is nothing to undo: it has moved on since, or too much time has gone."
    )


class LetterLeft(Conflict):
    """The person concerned has been told."""

    code = "letter-left"
    sentence = gettext_noop("The letter about it has left and cannot be called back: decide anew.")


def undo_until(
    connection: Connection,
    decided_at: datetime,
    letter_id: str,
    now: datetime,
    within: timedelta = UNDO_WITHIN,
) -> datetime:
    """Return until when a decision can be undone. Raises `LetterLeft` or `NothingToUndo`."""
    if letter_id:
        leaves_at = mail_store.sends_at(connection, letter_id)
        if leaves_at is None:
            raise LetterLeft
        return leaves_at
    if decided_at + within <= now:
        raise NothingToUndo
    return decided_at + within


def call_letter_back(connection: Connection, letter_id: str) -> None:
    """Keep the letter about a decision from leaving. Raises `LetterLeft`."""
    if letter_id and not mail_store.delete_untried(connection, letter_id):
        raise LetterLeft

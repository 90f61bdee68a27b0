"""The outbox: letters wait as rows of the transaction that caused them, one task delivers them.

A row's state is the truth: queued, sending (leased), sent, failed. An attempt is counted and
stored before it is made, under one Message-ID for ever, so that a crash may send a letter twice
but never loses one, and the two are the same letter to any mail program.
"""

from datetime import datetime

from api.mail.letter import Letter
from api.references import new_id
from api.store import schema
from api.store.database import Row
from api.vault import Vault


def queued(vault: Vault, letter: Letter, *, now: datetime, about: str | None = None) -> Row:
    """The row that makes a letter wait for delivery; `about` is the reference it belongs to."""
    letter_id = new_id()
    return schema.letter, {
        "id": letter_id,
        "kind": letter.kind,
        "about": about,
        "message_id": f"<{letter_id}@kith.invalid>",
        "sealed": vault.seal(letter_id, letter),
        "state": "queued",
        "attempts": 0,
        "created_at": now,
        "next_attempt_at": now,
    }

"""Recovery codes: ten that stand in for a lost phone, each once.

They are shown once, when they are made, and the store keeps digests. 16 of 23 signs are 72 random
bits, so a plain digest is enough: nobody can try them all. New ones end the old ones.
"""

import secrets
from datetime import datetime
from hashlib import sha256

from sqlalchemy import Connection

from api.security.references import SIGNS
from api.staff import store
from api.store import audit
from api.store.writer import insert_rows

CODES = 10
LENGTH = 16
GROUP = 4


def renew(connection: Connection, staff_id: str, now: datetime) -> tuple[str, ...]:
    """Make ten new codes in place of those there were, and return them, in groups of four."""
    drawn = ["".join(secrets.choice(SIGNS) for _ in range(LENGTH)) for _ in range(CODES)]
    store.put_recovery_codes(connection, staff_id, [_hash(staff_id, one) for one in drawn], now)
    _note(connection, "sign_in.recovery_codes_made", staff_id, now)
    return tuple("-".join(one[at : at + GROUP] for at in range(0, LENGTH, GROUP)) for one in drawn)


def take(connection: Connection, staff_id: str, typed: str, now: datetime) -> bool:
    """Use a code up, in whatever case and spacing it was typed; say whether it was one."""
    if not store.take_recovery_code(connection, staff_id, _hash(staff_id, _signs(typed))):
        return False
    _note(connection, "sign_in.recovery_code_used", staff_id, now)
    return True


def is_like(typed: str) -> bool:
    """Say whether this is as long as a recovery code, and so no code of a phone."""
    return len(_signs(typed)) == LENGTH


def _signs(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def _hash(staff_id: str, signs: str) -> str:
    return sha256(f"{staff_id}:{signs}".encode("utf-8", "surrogatepass")).hexdigest()


def _note(connection: Connection, action: str, staff_id: str, now: datetime) -> None:
    left = store.recovery_codes_left(connection, staff_id)
    line = audit.line(action, staff_id, actor=f"staff {staff_id}", at=now, left=left)
    insert_rows(connection, [line])

"""The second factor of a login: codes of an app on a phone, and recovery codes for a lost phone.

App codes follow RFC 6238: six digits, a new one every thirty seconds; the secret is stored
encrypted. Recovery codes are shown once, when they are made, and each works once; the store keeps
SHA-256 digests. 16 of 23 signs are 72 random bits, so a plain digest is enough: nobody can try
them all. New recovery codes replace the old ones.
"""

import hmac
import secrets
from datetime import datetime
from hashlib import sha256

import pyotp
from sqlalchemy import Connection

from api.security.encryption import Encryption
from api.security.references import SIGNS
from api.staff import store
from api.staff.store import StaffMember
from api.store import audit
from api.store.writer import insert_rows

CODE_SECONDS = 30
CLOCK_DRIFT_STEPS = 1  # time steps by which a phone's clock may be early or late

RECOVERY_CODES = 10
RECOVERY_CODE_LENGTH = 16
RECOVERY_CODE_GROUP = 4


def new_secret(staff_id: str, encryption: Encryption) -> bytes:
    """Draw a secret, encrypted for one member of staff."""
    return encryption.encrypt(_record_id(staff_id), pyotp.random_base32().encode())


def pairing_address(member: StaffMember, encryption: Encryption, *, name: str, service: str) -> str:
    """Return the `otpauth:` address from which an app takes the secret."""
    return _totp(member, encryption).provisioning_uri(name=name, issuer_name=service)


def secret_in_groups(address: str) -> str:
    """Return the secret of a pairing address in groups of four, for typing; "" of ""."""
    secret = pyotp.parse_uri(address).secret if address else ""
    return " ".join(_groups(secret))


def matching_time_step(
    member: StaffMember, code: str, encryption: Encryption, now: datetime
) -> int | None:
    """Return the time step (number of half minutes) a code belongs to, None if it is wrong."""
    typed = "".join(code.split()).encode("utf-8", "replace")
    totp, current = _totp(member, encryption), int(now.timestamp()) // CODE_SECONDS
    for step in range(current - CLOCK_DRIFT_STEPS, current + CLOCK_DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed):
            return step
    return None


def renew_recovery_codes(connection: Connection, staff_id: str, now: datetime) -> tuple[str, ...]:
    """Replace all recovery codes by ten new ones, and return them in groups of four signs."""
    codes = [
        "".join(secrets.choice(SIGNS) for _ in range(RECOVERY_CODE_LENGTH))
        for _ in range(RECOVERY_CODES)
    ]
    hashes = [_recovery_code_hash(staff_id, code) for code in codes]
    store.replace_recovery_codes(connection, staff_id, hashes, now)
    _audit_recovery_codes(connection, "sign_in.recovery_codes_made", staff_id, now)
    return tuple("-".join(_groups(code)) for code in codes)


def use_recovery_code(connection: Connection, staff_id: str, typed: str, now: datetime) -> bool:
    """Use up a code, whatever its case and spacing; return whether it was valid."""
    code_hash = _recovery_code_hash(staff_id, _normalised(typed))
    if not store.delete_recovery_code(connection, staff_id, code_hash):
        return False
    _audit_recovery_codes(connection, "sign_in.recovery_code_used", staff_id, now)
    return True


def looks_like_recovery_code(typed: str) -> bool:
    """Return whether this is as long as a recovery code, and so no code of an app."""
    return len(_normalised(typed)) == RECOVERY_CODE_LENGTH


def _totp(member: StaffMember, encryption: Encryption) -> pyotp.TOTP:
    secret = encryption.decrypt(_record_id(member.id), member.second_factor or b"")
    return pyotp.TOTP(secret.decode(), interval=CODE_SECONDS)


def _record_id(staff_id: str) -> str:
    """Return what the secret is encrypted for: it must not decrypt as somebody's name."""
    return f"{staff_id}/second-factor"


def _groups(code: str) -> list[str]:
    return [
        code[start : start + RECOVERY_CODE_GROUP]
        for start in range(0, len(code), RECOVERY_CODE_GROUP)
    ]


def _normalised(typed: str) -> str:
    return "".join(sign for sign in typed.upper() if sign.isalnum())


def _recovery_code_hash(staff_id: str, signs: str) -> str:
    return sha256(f"{staff_id}:{signs}".encode("utf-8", "surrogatepass")).hexdigest()


def _audit_recovery_codes(
    connection: Connection, action: str, staff_id: str, now: datetime
) -> None:
    codes_left = store.count_recovery_codes(connection, staff_id)
    line = audit.new_event(action, staff_id, actor=f"staff {staff_id}", at=now, left=codes_left)
    insert_rows(connection, [line])

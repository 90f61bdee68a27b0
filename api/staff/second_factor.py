"""The codes of a phone's app: RFC 6238, six digits, thirty seconds, a secret kept sealed."""

import hmac
from datetime import datetime

import pyotp

from api.security.encryption import Encryption
from api.staff.store import Staff

CODE_SECONDS = 30
LATE_OR_EARLY = 1  # half minutes by which a phone's clock may be wrong


def new_secret(staff_id: str, encryption: Encryption) -> bytes:
    """Draw a secret, sealed for whose it is."""
    return encryption.encrypt(_purpose(staff_id), pyotp.random_base32().encode())


def address(staff: Staff, encryption: Encryption, *, name: str, service: str) -> str:
    """Return the address an app takes the secret from."""
    return _totp(staff, encryption).provisioning_uri(name=name, issuer_name=service)


def secret_in(address: str) -> str:
    """Return the secret of a pairing address in fours, for those who type it; "" of ""."""
    secret = pyotp.parse_uri(address).secret if address else ""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def step_of(staff: Staff, code: str, encryption: Encryption, now: datetime) -> int | None:
    """Return the half minute a code belongs to, None if it is wrong."""
    typed = "".join(code.split()).encode("utf-8", "replace")
    totp, this = _totp(staff, encryption), int(now.timestamp()) // CODE_SECONDS
    for step in range(this - LATE_OR_EARLY, this + LATE_OR_EARLY + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), typed):
            return step
    return None


def _totp(staff: Staff, encryption: Encryption) -> pyotp.TOTP:
    secret = encryption.decrypt(_purpose(staff.id), staff.second_factor or b"")
    return pyotp.TOTP(secret.decode(), interval=CODE_SECONDS)


def _purpose(staff_id: str) -> str:
    """Return what the secret is sealed for: it must not open as somebody's name."""
    return f"{staff_id}/second-factor"

"""A moment that only this service can have written: when a form began, how long a page may act.

Rides in a hidden field or in an address, and needs no row. The encryption's keys sign it.
"""

import hmac
from datetime import UTC, datetime

from api.security.encryption import Encryption


def sign_time(encryption: Encryption, purpose: str, now: datetime) -> str:
    """Return `now`, to the second, signed for one purpose."""
    seconds = str(int(now.timestamp()))
    return f"{seconds}.{_mac(encryption.lookup(_signed_text(purpose, seconds)))}"


def signed_time(encryption: Encryption, purpose: str, text: str) -> datetime | None:
    """Return the moment of a stamp; None if this service never wrote it for this purpose."""
    seconds, _, mac = text.partition(".")
    if not (seconds.isascii() and seconds.isdigit() and len(seconds) <= 11):
        return None
    macs = [_mac(lookup) for lookup in encryption.lookups(_signed_text(purpose, seconds))]
    if not any(hmac.compare_digest(mac.encode(), mac_of_key.encode()) for mac_of_key in macs):
        return None
    return datetime.fromtimestamp(int(seconds), UTC)


def _signed_text(purpose: str, seconds: str) -> str:
    return f"stamp\n{purpose}\n{seconds}"


def _mac(lookup: str) -> str:
    return lookup.replace(":", "-")

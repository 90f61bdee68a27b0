"""Proof of work: in a rush a browser is asked for about a second's work on each sign-up.

The proof is a number that makes a SHA-256 begin with so many zero bits. Nobody is refused for want
of it, for there are browsers without scripts: what comes without one is read by a person first.
"""

import hashlib
from datetime import datetime

from api.security.encryption import Encryption
from api.security.signed_timestamps import sign_time, signed_time

BITS = 15


def challenge(encryption: Encryption, key: str, now: datetime) -> str:
    """Return what a page should work on.

    It is signed for one idempotency key, so that one proof serves one sign-up.
    """
    return sign_time(encryption, _purpose(key), now)


def is_proven(encryption: Encryption, key: str, proof: str) -> bool:
    """Say whether `proof` is a challenge of ours for this key, a colon, and a number that fits."""
    signed_text = proof.rpartition(":")[0]
    if len(proof) > 300 or signed_time(encryption, _purpose(key), signed_text) is None:
        return False
    return zero_bits(proof) >= BITS


def zero_bits(proof: str) -> int:
    """Return how many zero bits the SHA-256 of a text begins with."""
    digest = hashlib.sha256(proof.encode()).digest()
    return 256 - int.from_bytes(digest, "big").bit_length()


def _purpose(key: str) -> str:
    return f"proof {key}"

"""One-time tokens for links in letters: 256 random bits, of which the store keeps a digest only."""

import secrets
from hashlib import sha256


def new_token() -> str:
    """Draw a token, 43 URL-safe characters. It goes into the letter and nowhere else."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """Give the SHA-256 of a token, 64 hexadecimal digits: what is stored and looked up.

    No salt and no slow hash are needed: nobody can guess 256 random bits. The lookup is by index,
    so no comparison of secrets can leak its time.
    """
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()

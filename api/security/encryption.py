"""Encrypts personal data: one AES-GCM blob a record, bound to the record, the key's id first.

Also makes keyed digests of addresses, so that a person can be found again without storing them
in the clear. Knows nothing of tables. Keys live outside the database.
"""

import base64
import binascii
import hashlib
import hmac
import logging
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from api.settings import Settings

logger = logging.getLogger("kith.vault")

T = TypeVar("T")

_KEY_BYTES = 32
_NONCE_BYTES = 12


class EncryptionError(Exception):
    """A key is missing or wrong, or a blob is damaged. Holds no content."""


class Key(msgspec.Struct, frozen=True):
    """One key: a short id that travels with the blob, and 32 secret bytes."""

    id: str
    secret: bytes

    def __repr__(self) -> str:
        """Never show the secret."""
        return f"Key({self.id!r})"


class Encryption:
    """Encrypts with the first key, decrypts with any. One for the process; safe between threads."""

    def __init__(self, keys: Sequence[Key]) -> None:
        if not keys:
            raise EncryptionError("There is no sealing key.")
        self._ciphers = {key.id: AESGCM(_derived(key.secret, b"seal")) for key in keys}
        self._lookup_keys = {key.id: _derived(key.secret, b"lookup") for key in keys}
        if len(self._ciphers) != len(keys):
            raise EncryptionError("Two sealing keys have the same id.")
        self.current = keys[0].id
        self.key_ids = tuple(self._ciphers)

    def encrypt(self, record_id: str, content: bytes | msgspec.Struct) -> bytes:
        """Encrypt bytes, or a struct as MessagePack, for this record only."""
        plain = content if isinstance(content, bytes) else msgspec.msgpack.encode(content)
        nonce = os.urandom(_NONCE_BYTES)
        header = key_header(self.current)
        return (
            header
            + nonce
            + self._ciphers[self.current].encrypt(nonce, plain, header + record_id.encode())
        )

    def decrypt(self, record_id: str, sealed: bytes) -> bytes:
        """Return the bytes encrypted for this record. Raises EncryptionError for anything else."""
        key_id, remainder = _split(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise EncryptionError(f"Sealed with key {key_id!r}, which is not among the keys given.")
        nonce, body = remainder[:_NONCE_BYTES], remainder[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, body, key_header(key_id) + record_id.encode())
        except (InvalidTag, ValueError):
            raise EncryptionError(
                f"Key {key_id!r} does not open this record: the key is not the one it was sealed "
                "with, or the record was damaged or moved."
            ) from None

    def decrypt_as(self, record_id: str, sealed: bytes, kind: type[T]) -> T:
        """Decrypt a struct encrypted by `encrypt`."""
        return msgspec.msgpack.decode(self.decrypt(record_id, sealed), type=kind)

    def needs_current_key(self, sealed: bytes) -> bool:
        """Say whether a blob needs an older key."""
        return _split(sealed)[0] != self.current

    def reencrypt(self, record_id: str, sealed: bytes) -> bytes:
        """Encrypt the same content with the current key."""
        return self.encrypt(record_id, self.decrypt(record_id, sealed))

    def lookup(self, text: str) -> str:
        """Digest a canonical address for storing (`key id:64 hex digits`)."""
        return self._lookup(self.current, text)

    def lookups(self, text: str) -> list[str]:
        """Every digest the address may be stored under: one a key, the current key's first."""
        return [self._lookup(key_id, text) for key_id in self._lookup_keys]

    def _lookup(self, key_id: str, text: str) -> str:
        digest = hmac.new(self._lookup_keys[key_id], text.encode(), hashlib.sha256)
        return f"{key_id}:{digest.hexdigest()}"


def read_keys(settings: Settings) -> list[Key]:
    """Read the keys from `KITH_KEYS`, or from the key file; none where that file holds nothing.

    Raises EncryptionError for a key that cannot be one, and a file that others can read.
    """
    if settings.keys is not None:
        return parse_keys(settings.keys)
    path = settings.key_file
    if not path.exists() or not path.stat().st_size:  # a full disk may have left it empty
        return []
    if path.stat().st_mode & 0o077:
        raise EncryptionError(f"{path} can be read by others. Give it the mode 0600.")
    return parse_keys(path.read_text(encoding="ascii"))


def parse_keys(text: str) -> list[Key]:
    """Read `id:base64` parted by commas or lines, the key to encrypt with first."""
    parts = [part.strip() for part in text.replace("\n", ",").split(",")]
    return [_parse_key(number, part) for number, part in enumerate(filter(None, parts), 1)]


def new_key() -> str:
    """Draw a key, written as `KITH_KEYS` wants it."""
    return f"{secrets.token_hex(3)}:{base64.b64encode(os.urandom(_KEY_BYTES)).decode()}"


def make_key_file(path: Path) -> list[Key]:
    """Make the key file of a new installation, and return its key."""
    key_file = write_key_file(path, [new_key()])
    logger.warning(
        "Made a sealing key in %s. Without it nothing sealed can be read again: "
        "keep a copy apart from the database's backups.",
        path,
    )
    return key_file


def write_key_file(path: Path, lines: Sequence[str]) -> list[Key]:
    """Write keys, the one to encrypt with first, into the key file: all of it or nothing."""
    aside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write("".join(f"{line}\n" for line in lines))
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
    return parse_keys("\n".join(lines))


def key_header(key_id: str) -> bytes:
    """Return the bytes that everything encrypted with a key begins with."""
    return bytes([len(key_id)]) + key_id.encode()


def key_id_of(sealed: bytes) -> str:
    """Return the id of the key something was encrypted with."""
    return _split(sealed)[0]


def _parse_key(number: int, text: str) -> Key:
    key_id, colon, encoded = text.partition(":")
    sound_id = key_id.isascii() and key_id.isalnum() and len(key_id) <= 20
    try:
        secret = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        secret = b""
    if not colon or not sound_id or len(secret) != _KEY_BYTES or len(set(secret)) < 8:
        raise EncryptionError(
            f"Sealing key {number} is not id:base64 with a plain id and 32 random bytes."
        )
    return Key(key_id, secret)


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), _KEY_BYTES, salt=None, info=b"kith/" + purpose).derive(secret)


def _split(sealed: bytes) -> tuple[str, bytes]:
    if len(sealed) < 2 or len(sealed) < 1 + sealed[0] + _NONCE_BYTES + 16:
        raise EncryptionError("This is not a sealed record: it is too short.")
    length = sealed[0]
    return sealed[1 : 1 + length].decode("ascii", "replace"), sealed[1 + length :]

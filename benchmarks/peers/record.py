"""The work all writers share: a body to decode, a person to seal, three rows to keep."""

import hashlib
import os
import secrets
import sqlite3
from datetime import UTC, datetime

import msgspec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

TABLES = """
create table if not exists request (
  id text primary key, reference text unique, state text, who_asks text, place text, needs text,
  sealed blob, created_at text, delete_after text);
create table if not exists letter (
  id text primary key, kind text, about text, message_id text unique, sealed blob, state text,
  attempts integer, created_at text, next_attempt_at text);
create table if not exists audit (
  seq integer primary key, at text, actor text, action text, subject text, detail text,
  previous_hash text, hash text unique);
create table if not exists register (name text, kind text, place text, since text, how text);
"""
INSERTS = (
    "insert into request values (?,?,?,?,?,?,?,?,?)",
    "insert into letter values (?,?,?,?,?,?,?,?,?)",
    "insert into audit values (?,?,?,?,?,?,?,?)",
)
CIPHER = AESGCM(b"0" * 32)


class Body(msgspec.Struct):
    """The body of a signposting request, as far as a peer needs it."""

    who_asks: str
    name: str
    reach_by: str
    reach_at: str
    place: str = ""
    matters: str = ""
    needs: tuple[str, ...] = ()


DECODER = msgspec.json.Decoder(Body)


def seal(record: str, content: bytes) -> bytes:
    """Seal bytes for one record, as Kith's vault does."""
    nonce = os.urandom(12)
    return nonce + CIPHER.encrypt(nonce, content, record.encode())


def rows(raw: bytes) -> tuple[str, tuple[tuple[object, ...], ...]]:
    """Return the reference and the rows of one request, all but the audit's chain."""
    body = DECODER.decode(raw)
    now = datetime.now(UTC).isoformat()
    request_id, other, reference = (
        secrets.token_hex(16),
        secrets.token_hex(16),
        secrets.token_hex(5),
    )
    request = (
        request_id, reference, "received", body.who_asks, body.place, "[]",
        seal(request_id, msgspec.msgpack.encode(body)), now, now,
    )  # fmt: skip
    text = f"A request has arrived: {reference}".encode()
    letter = (other, "arrived", reference, f"<{other}>", seal(other, text), "queued", 0, now, now)
    audit = (now, "visitor", "received", reference, "{}")
    return reference, (request, letter, audit)


class Chain:
    """The audit's chain of hashes, kept by whoever writes."""

    def __init__(self) -> None:
        self.seq, self.last = 0, "0" * 64

    def linked(self, audit: tuple[object, ...]) -> tuple[object, ...]:
        """Return an audit row with its place in the chain."""
        self.seq += 1
        content = msgspec.json.encode([self.last, self.seq, *audit])
        previous, self.last = self.last, hashlib.sha256(content).hexdigest()
        return (self.seq, *audit, previous, self.last)


def connect(path: str) -> sqlite3.Connection:
    """Open a database as durable as Kith's: WAL, and a flush to disk at every commit."""
    connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    connection.executescript("pragma journal_mode=wal; pragma synchronous=full;" + TABLES)
    return connection

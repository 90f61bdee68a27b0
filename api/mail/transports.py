"""Carries a finished message away: to an SMTP server, or into a folder for a trial.

A transport tells two failures apart: `TemporaryFailure` (try later) and `PermanentFailure` (never
again). What it says of them is a code or a kind, never the server's words: those may repeat an
address.
"""

import asyncio
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

import aiosmtplib
import msgspec

from api.settings import LOOPBACK, Settings

SMTP_SECONDS = 30.0
QUIT_SECONDS = 2.0


class TemporaryFailure(Exception):
    """It may work later: no connection, a busy server, a setting of ours that is wrong."""


class PermanentFailure(Exception):
    """It will never work: the server knows no such address, or will not take this letter."""


class OutgoingMessage(msgspec.Struct, frozen=True):
    """A message ready to go. `name` is the same at every attempt, and fit for a file name.

    `html` is its HTML part once more, for a folder.
    """

    name: str
    sender: str
    to: str
    content: bytes
    html: str = ""


class Transport(Protocol):
    """A way to send messages."""

    async def send(self, message: OutgoingMessage) -> None:
        """Send a message; return only when it is stored at its destination."""

    async def disconnect(self) -> None:
        """Close the connection, if there is one, because no letter is due."""


class FolderTransport:
    """Writes every letter to `<name>.eml`, and what it looks like to `<name>.html`.

    Writing it twice leaves one file of each.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: OutgoingMessage) -> None:
        """Write a temporary file, flush it to the disk, then rename it: the change is atomic."""
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as error:
            raise TemporaryFailure(f"file error {error.errno}") from None

    async def disconnect(self) -> None:
        """Do nothing: there is no connection."""

    def _write(self, message: OutgoingMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if message.html:
            self._write_file(f"{message.name}.html", message.html.encode())
        self._write_file(f"{message.name}.eml", message.content)
        _flush_folder(self._folder)

    def _write_file(self, name: str, content: bytes) -> None:
        temporary = self._folder / f".{name}.part"
        handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.rename(self._folder / name)


class SmtpTransport:
    """Sends letters to an SMTP server over connections that stay open while letters are due.

    There are as many as letters are sent at once. It insists on TLS, unless the server is this
    machine or `demands_tls` is false and there is no password.
    """

    def __init__(self, url: str, *, demands_tls: bool = True) -> None:
        self._to = urlsplit(url)
        self._demands_tls = demands_tls or bool(self._to.password)
        self._idle: list[aiosmtplib.SMTP] = []

    async def send(self, message: OutgoingMessage) -> None:
        """Send one message to one recipient."""
        try:
            connection = await self._connection()
        except Exception as error:
            raise _classify_error(error) from None
        try:
            await connection.sendmail(message.sender, [message.to], message.content)
        except asyncio.CancelledError:
            connection.close()
            raise
        except Exception as error:
            await _quit(connection)
            raise _classify_error(error) from None
        self._idle.append(connection)

    async def connect(self) -> None:
        """Open a connection and close it again, to see whether the server takes one."""
        try:
            await _quit(await self._connection())
        except Exception as error:
            raise _classify_error(error) from None

    async def disconnect(self) -> None:
        """Close the connections; the server may have closed them already."""
        idle, self._idle = self._idle, []
        await asyncio.gather(*(_quit(connection) for connection in idle))

    async def _connection(self) -> aiosmtplib.SMTP:
        while self._idle:
            idle = self._idle.pop()
            if idle.is_connected:
                return idle
        connection = aiosmtplib.SMTP(
            hostname=self._to.hostname,
            port=self._to.port,
            username=unquote(self._to.username) if self._to.username else None,
            password=unquote(self._to.password) if self._to.password else None,
            use_tls=self._to.scheme == "smtps",
            start_tls=_start_tls(self._to, self._demands_tls),
            timeout=SMTP_SECONDS,
        )
        await connection.connect()
        return connection


def transport_for(settings: Settings) -> Transport:
    """Return the transport that the settings ask for."""
    return (
        SmtpTransport(settings.smtp_url, demands_tls=settings.smtp_tls)
        if settings.smtp_url
        else FolderTransport(settings.mail_folder)
    )


async def _quit(connection: aiosmtplib.SMTP) -> None:
    try:
        await connection.quit(timeout=QUIT_SECONDS)
    except (aiosmtplib.SMTPException, OSError):
        connection.close()


def _start_tls(to: SplitResult, is_demanded: bool) -> bool | None:
    """True: insist. None: use it when the server offers it. False: the connection has TLS."""
    if to.scheme == "smtps":
        return False
    return True if is_demanded and to.hostname not in LOOPBACK else None


def _classify_error(error: Exception) -> TemporaryFailure | PermanentFailure:
    """Only a refusal of this recipient or this letter is final; all else may work later."""
    if isinstance(error, aiosmtplib.SMTPRecipientsRefused) and error.recipients:
        code = error.recipients[0].code
        return (PermanentFailure if code >= 500 else TemporaryFailure)(
            f"SMTP {code} for the recipient"
        )
    if isinstance(error, aiosmtplib.SMTPDataError):
        return (PermanentFailure if error.code >= 500 else TemporaryFailure)(
            f"SMTP {error.code} for the letter"
        )
    if isinstance(error, aiosmtplib.SMTPResponseException):
        return TemporaryFailure(f"SMTP {error.code}, {type(error).__name__}")
    return TemporaryFailure(type(error).__name__)


def _flush_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sweep_folder(folder: Path, before: datetime) -> int:
    """Delete the letters of a trial that were written before a moment; return how many files."""
    files = [*folder.glob("*.eml"), *folder.glob("*.html")]
    old = [file for file in files if file.stat().st_mtime < before.timestamp()]
    for file in old:
        file.unlink(missing_ok=True)
    return len(old)


def delete_from_folder(folder: Path, ids: Iterable[str]) -> None:
    """Delete letters of a trial by their ids, which their names end with."""
    for letter_id in ids:
        for file in folder.glob(f"*-{letter_id}.*"):
            file.unlink(missing_ok=True)

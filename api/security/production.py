"""What a place at an https address must have before it serves: keys, mail, TLS, closed files.

A trial, at http, needs none of it. `kith serve` refuses where something is found, and `kith doctor`
shows the same. Nothing here opens the database.
"""

import stat
from collections.abc import Iterator
from pathlib import Path

import msgspec

from api.settings import SQLITE, Settings

EXAMPLE_DOMAINS = ("example.org", "example.com", "example.net")
EXAMPLE_ENDINGS = (".example", ".invalid", ".test", ".localhost")


class Finding(msgspec.Struct, frozen=True):
    """Something that is wrong, and what to do about it: one plain sentence each."""

    wrong: str
    to_do: str


class NotForProduction(Exception):
    """Why a place must not serve the public: everything at once, two lines each."""

    def __init__(self, findings: list[Finding]) -> None:
        lines = [f"- {one.wrong}\n  {one.to_do}" for one in findings]
        super().__init__("\n".join(["This is not yet fit for the public:", *lines]))


def expect_fit(settings: Settings) -> None:
    """Raise `NotForProduction` for a place at an https address that lacks something."""
    if settings.secure and (findings := [*find_faults(settings)]):
        raise NotForProduction(findings)


def find_faults(settings: Settings) -> Iterator[Finding]:
    """Yield what the public must not be served with."""
    yield from _keys(settings)
    yield from _mail_server(settings)
    for name, address in (
        ("KITH_MAIL_FROM", settings.mail_from),
        ("KITH_STAFF_MAIL", settings.staff_mail),
    ):
        if is_example(address):
            yield Finding(f"{name} is {address}, which nobody reads.", f"Set {name} to your own.")
    for path in open_to_others(settings):
        yield Finding(
            f"Every user of this machine can open {path}.", f"Close it: chmod o-rwx {path}"
        )


def _keys(settings: Settings) -> Iterator[Finding]:
    if settings.keys is not None:
        return
    advice = "Draw a key with: kith keys new. Set KITH_KEYS to it, and keep a copy elsewhere."
    if settings.key_file.exists():
        advice = f"Set KITH_KEYS to the lines of {settings.key_file}, parted by commas."
    yield Finding("KITH_KEYS is not set: the keys would lie beside what they seal.", advice)


def _mail_server(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_url is None:
        yield Finding(
            "KITH_SMTP_URL is not set: letters would lie in a folder.",
            "Set it to your mail server: smtps://user:password@host",
        )
    elif settings.sends_in_clear:
        yield Finding(
            "KITH_SMTP_TLS is no: letters would cross the network unencrypted.",
            "Take it out, or name a mail server on this machine.",
        )


def is_example(address: str) -> bool:
    """Say whether a mail address is at a domain that nobody can have."""
    domain = address.rpartition("@")[2].lower().rstrip(".")
    return any(f".{domain}".endswith(f".{one}") for one in EXAMPLE_DOMAINS) or (
        f".{domain}".endswith(EXAMPLE_ENDINGS)
    )


def open_to_others(settings: Settings) -> Iterator[Path]:
    """Yield the data folder, and the key and database files, that any user can look into."""
    if _mode(settings.data) & stat.S_IRWXO:
        yield settings.data
    if _mode(settings.key_file) & stat.S_IRWXO:
        yield settings.key_file
    if settings.database_url.startswith(SQLITE):
        database = Path(settings.database_url.removeprefix(SQLITE))
        folder = database.parent
        is_apart = folder.resolve() != settings.data.resolve()
        if is_apart and _mode(folder) & stat.S_IXOTH and _mode(database) & stat.S_IRWXO:
            yield database


def _mode(path: Path) -> int:
    """Return the permissions of a path, none where it is not there yet."""
    try:
        return path.stat().st_mode
    except OSError:
        return 0

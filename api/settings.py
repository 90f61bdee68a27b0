"""What an operator may set: one frozen struct, read once from the environment.

Every field is a `KITH_<FIELD>` variable with a row in docs/settings.md (a test says so).
Nothing else in the service reads the environment.
"""

import ipaddress
import os
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import ClassVar, Protocol
from urllib.parse import urlsplit

import msgspec
from rapidfuzz.process import extractOne

PREFIX = "KITH_"
SQLITE = "sqlite:///"
LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
"""Hosts that are this machine: what is sent there crosses no network."""


class Network(Protocol):
    """A range of addresses of either kind. (msgspec reads no union of two foreign types.)"""

    def __contains__(self, address: object) -> bool:
        """Say whether an `ipaddress` address lies in it."""


class SettingFault(Exception):
    """A setting that cannot stand. The message names the variable, never a secret's value."""


class Settings(msgspec.Struct, frozen=True, kw_only=True):
    """How one installed service runs. Read it by `from_environ`, not by hand."""

    project: Path
    """The folder that holds `content/` and `build/`; not a variable: `kith --project DIR`."""
    host: str
    port: int
    data: Path
    """Folder for the database, the sealing keys and, in a trial, the letters."""
    database_url: str
    """`sqlite:///<path>` or `postgresql+psycopg://user:password@host/name`."""
    base_url: str
    """Origin that links in letters start with: scheme, host and port, no closing slash."""
    keys: str | None
    """Sealing keys, `id:base64` joined by commas, the one to seal with first; None = key file."""
    smtp_url: str | None
    """`smtp://` or `smtps://user:password@host:port`; None = files in `<data>/mail`."""
    smtp_tls: bool
    """Whether `smtp://` demands STARTTLS of a server that is not this machine."""
    mail_from: str
    staff_mail: str
    """Who is told that a request has arrived; never holds a person's details."""
    trusted_proxies: tuple[Network, ...]
    """Networks whose `X-Forwarded-For` is believed."""
    meili_url: str | None
    """Origin of a Meilisearch server; None = search in the process."""
    meili_key: str | None
    """A key that may search and nothing else."""
    meili_admin_key: str | None
    """A key that may make indexes, for `kith search index` alone: the service is not given it."""
    backup_recipient: tuple[str, ...]
    """Who can open backups: public keys of age, joined by commas. Their secret is not here."""
    postcodes: Path
    """What `kith gazetteer import` writes and searches read; there need be none."""
    watch: bool
    """Whether what an editor changes is built while the service runs."""

    SECRET: ClassVar[frozenset[str]] = frozenset(
        {"database_url", "keys", "smtp_url", "meili_key", "meili_admin_key"}
    )

    def __repr__(self) -> str:
        """Leave the secrets out, wherever a Settings may be printed."""
        fields = {
            name: "<kept>" if name in self.SECRET else getattr(self, name)
            for name in self.__struct_fields__
        }
        return f"Settings({', '.join(f'{name}={value!r}' for name, value in fields.items())})"

    @property
    def mail_folder(self) -> Path:
        """Where letters lie when no SMTP server is set."""
        return self.data / "mail"

    @property
    def key_file(self) -> Path:
        """Where the sealing keys lie when `KITH_KEYS` is not set."""
        return self.data / "keys"

    @property
    def erasure_ledger(self) -> Path:
        """Which records were erased, beside the keys: a restored backup needs it."""
        return self.data / "erased"

    @property
    def sends_in_clear(self) -> bool:
        """Whether letters may cross the network unencrypted. A password never does."""
        to = urlsplit(self.smtp_url or "")
        is_plain = to.scheme == "smtp" and not self.smtp_tls and not to.password
        return is_plain and to.hostname not in LOOPBACK

    @property
    def secure(self) -> bool:
        """Whether the public origin is https."""
        return self.base_url.startswith("https://")


NAMES: tuple[str, ...] = tuple(
    PREFIX + field.upper() for field in Settings.__struct_fields__ if field != "project"
)


BUILD_VARIABLES = frozenset(f"{PREFIX}{name}" for name in ("BASE_URL", "DATA", "POSTCODES"))
"""The only settings that a build needs: it runs what themes and plugins bring, and gets no keys."""


def build_environ(environ: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a build process: without any setting that it does not need."""
    return {
        name: value
        for name, value in environ.items()
        if not name.startswith(PREFIX) or name in BUILD_VARIABLES
    }


def forget_secrets(environ: MutableMapping[str, str]) -> None:
    """Take the secrets that were read out of the environment of a service.

    So neither its first build nor a process it starts is given them. The keys of Meilisearch stay:
    the process that indexes reads them.
    """
    for field in ("database_url", "keys", "smtp_url"):
        environ.pop(PREFIX + field.upper(), None)


BASE_URL = f"{PREFIX}BASE_URL"
"""The variable that a build reads as well, by mkdocs.yml: pages name the address they are at."""


def share_base_url(settings: Settings) -> None:
    """Let builds of this process, and of those it starts, name the address the service is at."""
    os.environ[BASE_URL] = settings.base_url


def from_environ(project: Path, environ: Mapping[str, str]) -> Settings:
    """Read the settings; raise `SettingFault` for an unknown name or an impossible value.

    An empty variable counts as not set, so that a compose file may leave one blank.
    """
    environment = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    _refuse_unknown(environment)
    values = {name.removeprefix(PREFIX): value.strip() for name, value in environment.items()}
    values = {name: value for name, value in values.items() if value}
    host = values.get("HOST", "127.0.0.1")
    port = _port(values.get("PORT", "8000"))
    data = project / Path(values.get("DATA", "var")).expanduser()
    return Settings(
        project=project,
        host=host,
        port=port,
        data=data,
        database_url=_database_url(values.get("DATABASE_URL"), data),
        base_url=_base_url(values.get("BASE_URL") or _local_origin(host, port)),
        keys=values.get("KEYS"),
        smtp_url=_smtp_url(values.get("SMTP_URL")),
        smtp_tls=_yes_or_no("SMTP_TLS", values.get("SMTP_TLS", "yes")),
        mail_from=_address("MAIL_FROM", values.get("MAIL_FROM", "kith@example.org")),
        staff_mail=_address("STAFF_MAIL", values.get("STAFF_MAIL", "team@example.org")),
        trusted_proxies=_networks(values.get("TRUSTED_PROXIES", "")),
        meili_url=_meili_url(values),
        meili_key=values.get("MEILI_KEY"),
        meili_admin_key=values.get("MEILI_ADMIN_KEY"),
        backup_recipient=_recipients(values.get("BACKUP_RECIPIENT", "")),
        postcodes=data / Path(values.get("POSTCODES", "postcodes.sqlite3")).expanduser(),
        watch=_yes_or_no("WATCH", values.get("WATCH", "yes")),
    )


def _refuse_unknown(names: Mapping[str, str]) -> None:
    for name in sorted(names):
        if name in NAMES:
            continue
        near = extractOne(name, NAMES, score_cutoff=70)
        hint = f" Did you mean {near[0]}?" if near else f" Known: {', '.join(NAMES)}."
        raise SettingFault(f"{name} is not a setting of Kith.{hint}")


def _yes_or_no(field: str, text: str) -> bool:
    if text not in {"yes", "no"}:
        raise SettingFault(f"{PREFIX}{field} must be yes or no.")
    return text == "yes"


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) > 65535:
        raise SettingFault("KITH_PORT must be a number from 0 to 65535.")
    return int(text)


def _local_origin(host: str, port: int) -> str:
    everywhere = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 - compared, not bound
    host_shown = everywhere.get(host, f"[{host}]" if ":" in host else host)
    return f"http://{host_shown}:{port}"


def _base_url(text: str) -> str:
    parts = urlsplit(text)
    plain = not (parts.username or parts.query or parts.fragment or parts.path.strip("/"))
    if parts.scheme not in {"http", "https"} or not parts.hostname or not plain:
        raise SettingFault("KITH_BASE_URL must be an origin such as https://kith.example.org.")
    return f"{parts.scheme}://{parts.netloc}"


def _database_url(text: str | None, data: Path) -> str:
    if text is None:
        return f"{SQLITE}{(data / 'kith.sqlite3').absolute()}"
    if not text.startswith((SQLITE, "postgresql+psycopg://")):
        raise SettingFault("KITH_DATABASE_URL must start with sqlite:/// or postgresql+psycopg://.")
    return text


def _smtp_url(text: str | None) -> str | None:
    if text is None:
        return None
    parts = urlsplit(text)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise SettingFault("KITH_SMTP_URL must look like smtp://user:password@host:port.")
    return text


def _address(field: str, text: str) -> str:
    return bare_address(f"{PREFIX}{field}", text)


def bare_address(name: str, text: str) -> str:
    """Return a mail address without a name around it. Raises `SettingFault`, which says `name`."""
    local, at, domain = text.partition("@")
    if not (local and at and domain) or not text.isascii() or not text.isprintable():
        raise SettingFault(f"{name} must be one bare address such as kith@example.org.")
    if set(text) & set(' ,;<>"()') or "@" in domain:
        raise SettingFault(f"{name} must be one bare address such as kith@example.org.")
    return text


def _meili_url(values: Mapping[str, str]) -> str | None:
    url = values.get("MEILI_URL")
    if url is None:
        if "MEILI_KEY" in values:
            raise SettingFault("KITH_MEILI_KEY needs KITH_MEILI_URL, the server it is a key of.")
        return None
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.username or parts.query:
        raise SettingFault("KITH_MEILI_URL must be an origin such as http://127.0.0.1:7700.")
    if not (values.get("MEILI_KEY") or values.get("MEILI_ADMIN_KEY")):
        raise SettingFault("KITH_MEILI_URL needs KITH_MEILI_KEY, a key that may search.")
    if not all(values.get(name, "").isascii() for name in ("MEILI_KEY", "MEILI_ADMIN_KEY")):
        raise SettingFault("KITH_MEILI_KEY and KITH_MEILI_ADMIN_KEY must be plain letters.")
    return url.rstrip("/")


def _recipients(text: str) -> tuple[str, ...]:
    recipients = tuple(part.strip() for part in text.split(",") if part.strip())
    if not all(recipient.startswith("age1") for recipient in recipients):
        raise SettingFault("KITH_BACKUP_RECIPIENT must be a public key of age: it begins age1.")
    return recipients


def _networks(text: str) -> tuple[Network, ...]:
    try:
        return tuple(ipaddress.ip_network(part.strip()) for part in text.split(",") if part.strip())
    except ValueError:
        raise SettingFault(
            "KITH_TRUSTED_PROXIES must be addresses or networks, such as 127.0.0.1, 10.0.0.0/8."
        ) from None

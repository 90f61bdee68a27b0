"""`kith doctor` and what it reads: one plain sentence of what is wrong, one of what to do."""

import os
import shutil
import socket
import ssl
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import Envelope
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from api import cli
from api.context import open_context, utc_now
from api.jobs import status_store
from api.jobs.scheduler import JobStatus
from api.operations import checks
from api.settings import from_environ
from api.store import schema
from api.store.database import Database
from tests.api.test_production import FIT
from tests.support.loopback import free_port
from tests.support.small_release import make_small_release

DAY = timedelta(days=1)


@pytest.fixture
def place(tmp_path: Path, migrated_sqlite: Path) -> Database:
    """The database of a project folder with default settings and a built site."""
    settings = from_environ(tmp_path, {})
    settings.data.mkdir(mode=0o700)
    shutil.copy(migrated_sqlite, settings.data / "kith.sqlite3")
    make_small_release(tmp_path)
    return Database(settings.database_url)


@pytest.fixture(autouse=True)
def time_server(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A `timedatectl` that says that the clock is kept right."""
    program = tmp_path_factory.mktemp("bin") / "timedatectl"
    program.write_text("#!/bin/sh\necho yes\n")
    program.chmod(0o700)
    monkeypatch.setenv("PATH", f"{program.parent}:{os.environ['PATH']}")
    return program


def examined(project: Path, *words: str, **environ: str) -> Result:
    arguments = ["--project", str(project), "doctor", *words]
    return CliRunner().invoke(cli.main, arguments, env=environ)


def lines_of(result: Result, state: str) -> dict[str, str]:
    """Return what was said in a state, by what was looked at."""
    lines = [line for line in result.output.splitlines() if line.startswith(state)]
    return {name: what for line in lines for name, _, what in [line[9:].partition(": ")]}


def test_all_is_well_where_jobs_succeed(place: Database, tmp_path: Path) -> None:
    now = utc_now()
    sync = JobStatus("content sync", now, DAY, succeeded_at=now)
    with place:
        place.write_now(lambda c: status_store.record_statuses(c, [sync]))
    result = examined(tmp_path)
    assert result.exit_code == 0, result.output
    assert "ok       background jobs" in result.output
    assert "WRONG" not in result.output


def test_a_job_that_fails_is_named_with_its_last_success(place: Database, tmp_path: Path) -> None:
    now = utc_now()
    letters = JobStatus("outbox", now, DAY, succeeded_at=now)
    sync = JobStatus("content sync", now, DAY, now - DAY, now, "StoreFault")
    with place:
        place.write_now(lambda c: status_store.record_statuses(c, [letters, sync]))
    result = examined(tmp_path)
    assert result.exit_code == 1
    assert (
        f'"content sync" fails (StoreFault); its last success was: {now - DAY:%Y-%m-%d %H:%M}'
        in (result.output)
    )
    assert "Read the log" in result.output


def test_jobs_that_all_stand_still_are_said_once(place: Database, tmp_path: Path) -> None:
    then = utc_now() - timedelta(hours=1)
    stale = [JobStatus(name, then, DAY, succeeded_at=then) for name in ("outbox", "rebuild")]
    with place:
        place.write_now(lambda c: status_store.record_statuses(c, stale))
    result = examined(tmp_path)
    assert result.exit_code == 1
    assert result.output.count("No background job has succeeded since") == 1


def test_a_place_without_a_database_is_said_and_none_is_made(tmp_path: Path) -> None:
    result = examined(tmp_path)
    assert result.exit_code == 1
    assert "WRONG    database: The database cannot be opened or read." in result.output
    assert "unknown  background jobs: The database cannot be read." in result.output
    assert not [*tmp_path.iterdir()]


def test_what_another_process_recorded_later_is_kept(store: Database) -> None:
    now = utc_now()
    for succeeded_at, failed_at in ((now, None), (now - DAY, now - DAY / 2), (None, now + DAY)):
        status = JobStatus("retention", now, DAY, succeeded_at, failed_at, "OSError")
        store.write_now(lambda c: status_store.record_statuses(c, [status]))  # noqa: B023
        (job,) = store.read_now(status_store.recorded_jobs)
        assert job.succeeded_at == now
        assert job.error == ("OSError" if failed_at == now + DAY else None)


def test_a_public_place_that_lacks_everything_is_told_all_of_it(tmp_path: Path) -> None:
    port = free_port()
    result = examined(tmp_path, KITH_BASE_URL=f"https://localhost:{port}")
    assert result.exit_code == 1
    for name in ("KITH_KEYS", "KITH_SMTP_URL", "KITH_MAIL_FROM", "KITH_STAFF_MAIL"):
        assert f"WRONG    settings: {name} " in result.output
    assert "KITH_TRUSTED_PROXIES" in result.output
    assert lines_of(result, "WRONG")["site"] == "The site was never built."
    assert f"localhost port {port} cannot be reached" in lines_of(result, "unknown")["certificate"]
    assert set(lines_of(result, "unknown")) >= {"disk", "mail server", "search"}


def test_what_is_only_unknown_does_not_end_with_1(place: Database, tmp_path: Path) -> None:
    now = utc_now()
    with place:
        done = JobStatus("outbox", now, DAY, succeeded_at=now)
        place.write_now(lambda c: status_store.record_statuses(c, [done]))
    result = examined(tmp_path)
    assert result.exit_code == 0, result.output
    assert lines_of(result, "unknown").keys() == {"backups"}
    assert {"settings", "disk", "keys", "clock", "mail server", "site", "search"} <= (
        lines_of(result, "ok").keys()
    )


def test_backups_site_clock_and_search_server_are_looked_at(
    place: Database, tmp_path: Path, time_server: Path
) -> None:
    now = utc_now()
    note = {"name": "backup", "value": "kith-x.age", "changed_at": now - 2 * DAY}
    with place:
        place.insert_now([(schema.installation, note)])
    os.utime(tmp_path / "build" / "current", (0, now.timestamp() - 50 * 3600))
    time_server.write_text("#!/bin/sh\necho no\n")
    server = {"KITH_MEILI_URL": f"http://127.0.0.1:{free_port()}", "KITH_MEILI_KEY": "key"}
    result = examined(tmp_path, **server, KITH_BASE_URL="http://kith.mendip.org.uk")
    wrong = lines_of(result, "WRONG")
    assert f"made at {now - 2 * DAY:%Y-%m-%d %H:%M} UTC" in wrong["backups"]
    assert "last built 2 days and 2 hours ago" in wrong["site"]
    assert "is not https" in wrong["settings"]
    assert "does not answer" in wrong["search"]
    assert "No time server" in lines_of(result, "unknown")["clock"]


def test_a_clock_behind_what_was_recorded_is_wrong(place: Database, tmp_path: Path) -> None:
    now = utc_now()
    ahead = JobStatus("outbox", now, DAY, succeeded_at=now + DAY)
    with place:
        place.write_now(lambda c: status_store.record_statuses(c, [ahead]))
    assert f"{now + DAY:%Y-%m-%d}" in lines_of(examined(tmp_path), "WRONG")["clock"]


def test_a_missing_key_and_a_harmed_release_are_wrong(place: Database, tmp_path: Path) -> None:
    place.close()
    (tmp_path / "mkdocs.yml").write_text("site_name: Kith\n")
    with open_context(tmp_path) as context:
        key_id = context.encryption.current
    (tmp_path / "var" / "keys").unlink()
    (tmp_path / "build" / "current" / "catalogue.msgpack").write_bytes(b"harmed")
    shutil.rmtree(tmp_path / "build" / "current" / "search")
    wrong = lines_of(examined(tmp_path), "WRONG")
    assert key_id in wrong["keys"]
    assert wrong["site"] == "The built site cannot be read."
    assert wrong["search"] == "The search index cannot be read."
    assert lines_of(examined(tmp_path, KITH_KEYS="one:c2hvcnQ="), "WRONG")["keys"]


def test_a_full_disk_is_wrong(
    place: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place.close()
    monkeypatch.setattr(checks, "DISK_BYTES", shutil.disk_usage(tmp_path).total + 1)
    result = examined(tmp_path)
    assert result.output.count("MB are free") == 1
    assert not [*(tmp_path / "var").glob(".health*")]


class Sink:
    """Keeps the letters that a server takes."""

    def __init__(self) -> None:
        self.letters: list[bytes] = []

    async def handle_DATA(  # noqa: N802 - aiosmtpd's name
        self, server: object, session: object, envelope: Envelope
    ) -> str:
        assert isinstance(envelope.content, bytes)
        self.letters.append(envelope.content)
        return "250 OK"


def test_a_letter_is_sent_only_to_whom_it_is_told(place: Database, tmp_path: Path) -> None:
    place.close()
    sink = Sink()
    server = Controller(sink, hostname="127.0.0.1", port=free_port())
    url = f"smtp://127.0.0.1:{server.port}"
    server.start()
    try:
        assert "mail server" in lines_of(examined(tmp_path, KITH_SMTP_URL=url), "ok")
        assert not sink.letters
        result = examined(tmp_path, "--mail-to", "test@mendip.org.uk", KITH_SMTP_URL=url)
        assert "test@mendip.org.uk" in lines_of(result, "ok")["mail server"]
        (letter,) = sink.letters
        assert b"To: test@mendip.org.uk" in letter
    finally:
        server.stop()
    gone = lines_of(examined(tmp_path, KITH_SMTP_URL=url), "WRONG")["mail server"]
    assert gone.endswith("does not take letters (SMTPConnectError).")
    assert examined(tmp_path, "--mail-to", "a@b.org\nBcc: c@b.org").exit_code == 1


@contextmanager
def https_server(folder: Path, days: int) -> Iterator[int]:
    """Answer one TLS connection with a certificate of its own that ends in some days."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(utc_now() - DAY)
        .not_valid_after(utc_now() + days * DAY + DAY / 2)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "key.pem").write_bytes(secret)
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ThreadPoolExecutor(1) as pool,
    ):
        listener.settimeout(20)
        pool.submit(_answer_once, listener, tls)
        yield listener.getsockname()[1]


def _answer_once(listener: socket.socket, tls: ssl.SSLContext) -> None:
    connection, _ = listener.accept()
    with connection, suppress(OSError), tls.wrap_socket(connection, server_side=True) as secured:
        secured.recv(1)


@pytest.mark.parametrize(
    ("days", "is_trusted", "said"),
    [
        (5, True, "The certificate of localhost ends in 5 days."),
        (90, True, None),
        (90, False, "Browsers refuse the certificate of localhost: self-signed certificate."),
    ],
)
def test_the_certificate_of_the_public_address_is_looked_at(
    tmp_path: Path, days: int, is_trusted: bool, said: str | None
) -> None:
    with https_server(tmp_path, days) as port:
        environ = {**FIT, "KITH_SMTP_URL": "", "KITH_BASE_URL": f"https://localhost:{port}"}
        if is_trusted:
            environ["SSL_CERT_FILE"] = str(tmp_path / "certificate.pem")
        result = examined(tmp_path, **environ)
    assert lines_of(result, "WRONG").get("certificate") == said
    assert ("certificate" in lines_of(result, "ok")) == (said is None)

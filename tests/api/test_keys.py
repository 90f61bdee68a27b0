"""A key is made once, missed aloud, and changed for another without losing anything."""

import base64
import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pyotp
import pytest
from click.testing import CliRunner
from sqlalchemy import LargeBinary, Text, select, update

from api.cli import main
from api.context import open_context
from api.features.pledges import SignUpPersonalData
from api.features.signposting.store import PersonalDetails
from api.operations.reseal import BATCH, reseal
from api.releases import build_process
from api.security.encryption import Encryption, EncryptionError, Key, new_key, parse_keys
from api.security.normalise import lookup, lookups, name_key
from api.settings import Settings, from_environ
from api.staff.store import PersonalData
from api.store import keys, schema
from api.store.database import Database, Row
from tests.api.conftest import Clock

OLD, NEW = Key("old", bytes(range(32))), Key("new", bytes(range(32, 64)))
PUBLIC_BLOBS = {"correction.sent_text", "correction.before_text", "register_change.before"}
PUBLIC_BLOBS |= {"register_change.after", "entry_revision.before", "write_probe.filler"}
"""Entries as they stood on the site, and zeros."""
ORDER_OF_LETTERS = {"letter.recipient_lookup"}
"""Only letters that wait are told apart by it, and whether two are for one person."""

CARD = PersonalDetails(
    name="Mary",
    reach_by="email",
    reach_at="mary@example.org",
    safe_when="",
    leave_message="no",
    consent=True,
    place="",
    other_needs=(),
    matters="",
    activity="",
)


def settings_in(folder: Path, **values: str) -> Settings:
    return from_environ(folder, values)


@pytest.fixture
def at_home(tmp_path: Path, migrated_sqlite: Path) -> Settings:
    """An installation whose database is migrated, without a key yet."""
    settings = settings_in(tmp_path)
    settings.data.mkdir()
    (settings.data / "kith.sqlite3").write_bytes(migrated_sqlite.read_bytes())
    return settings


def sealed_rows(encryption: Encryption, clock: Clock, count: int = 1) -> list[Row]:
    """Return a request, a sign-up, a member of staff with a phone, and further requests."""
    now = clock()
    common = {"created_at": now, "delete_after": now + timedelta(days=10)}
    signed = SignUpPersonalData("ann@example.org", "Ann", "", "Ann Canary", show_name=True)
    return [
        *(
            (
                schema.signposting_request,
                {
                    "id": f"request-{number:05}",
                    "reference": f"R-{number}",
                    "state": "received",
                    "who_asks": "self",
                    "needs": (),
                    "sealed": encryption.encrypt(f"request-{number:05}", CARD),
                    "contact_lookup": encryption.lookup("mary@example.org"),
                    **common,
                },
            )
            for number in range(count)
        ),
        (
            schema.sign_up,
            {
                "id": "sign-up-0",
                "reference": "P-0",
                "pledge": "connector",
                "version": "1",
                "state": "confirmed",
                "signer_kind": "person",
                "kind": "neighbour",
                "place": "Temeford",
                "commitments": "{}",
                "sealed": encryption.encrypt("sign-up-0", signed),
                "contact_lookup": lookup(encryption, "ann@example.org"),
                "canonical_key": encryption.lookup(name_key("Ann Canary", "Temeford")),
                "source_lookup": encryption.lookup("source 192.0.2.0/24"),
                **common,
            },
        ),
        (
            schema.staff,
            {
                "id": "staff-0",
                "sealed": encryption.encrypt("staff-0", PersonalData("Jo", "jo@example.org")),
                "email_lookup": encryption.lookup("jo@example.org"),
                "roles": ("admin",),
                "created_at": now,
                "second_factor": encryption.encrypt(
                    "staff-0/second-factor", pyotp.random_base32().encode()
                ),
                "second_factor_step": 0,
            },
        ),
    ]


def test_every_blob_and_digest_of_the_schema_has_a_key() -> None:
    columns = [column for table in schema.metadata.sorted_tables for column in table.columns]
    sealed = {f"{column.table.name}.{column.name}" for column in keys.SEALED}
    blobs = {str(column) for column in columns if isinstance(column.type, LargeBinary)}
    assert blobs == sealed | PUBLIC_BLOBS
    digested = {f"{table.name}.{name}" for table, names in keys.DIGESTS.items() for name in names}
    digested |= {f"{table.name}.{name}" for table, name, _ in keys.SHORT_LIVED}
    endings = ("_lookup", "canonical_key", "body_digest")
    assert digested | ORDER_OF_LETTERS == {
        str(column)
        for column in columns
        if isinstance(column.type, Text) and column.name.endswith(endings)
    }


def test_a_new_installation_makes_its_key_once_and_says_so(
    at_home: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    with Database(at_home.database_url) as database:
        sealed = keys.open_encryption(at_home, database).encrypt("r1", b"Mary")
        assert at_home.key_file.stat().st_mode & 0o777 == 0o600
        assert str(at_home.key_file) in caplog.text
        assert at_home.key_file.read_text().split(":")[1].strip() not in caplog.text
        reopened = keys.open_encryption(at_home, database)
    assert reopened.decrypt("r1", sealed) == b"Mary"
    assert len(caplog.records) == 1


def test_an_empty_key_file_of_a_full_disk_is_made_anew(at_home: Settings) -> None:
    at_home.key_file.touch(0o600)
    with Database(at_home.database_url) as database:
        keys.open_encryption(at_home, database)
    assert at_home.key_file.stat().st_size


def test_a_key_file_that_others_can_read_is_refused(at_home: Settings) -> None:
    with Database(at_home.database_url) as database:
        keys.open_encryption(at_home, database)
        at_home.key_file.chmod(0o644)
        with pytest.raises(EncryptionError, match="0600"):
            keys.open_encryption(at_home, database)


@pytest.mark.parametrize("kept", ["file", "setting"])
def test_a_missing_key_is_refused_by_its_id_and_none_is_made(
    at_home: Settings, clock: Clock, kept: str
) -> None:
    with Database(at_home.database_url) as database:
        database.insert_now(sealed_rows(Encryption([OLD]), clock))
        settings = at_home
        if kept == "setting":
            settings = settings_in(at_home.project, KITH_KEYS=new_key())
        with pytest.raises(keys.KeyMissing, match="'old' is missing"):
            keys.open_encryption(settings, database)
    assert not at_home.key_file.exists()


def test_another_key_of_the_same_id_is_refused(at_home: Settings, clock: Clock) -> None:
    other = f"old:{new_key().partition(':')[2]}"
    with Database(at_home.database_url) as database:
        database.insert_now(sealed_rows(Encryption([OLD]), clock))
        with pytest.raises(EncryptionError, match="'old' is not the one"):
            keys.open_encryption(settings_in(at_home.project, KITH_KEYS=other), database)


def test_a_digest_alone_needs_its_key_too(at_home: Settings, clock: Clock) -> None:
    with Database(at_home.database_url) as database:
        database.insert_now(sealed_rows(Encryption([OLD]), clock))
        for column in keys.SEALED:
            if column.table is schema.sign_up:
                erase = update(column.table).values(sealed=None)
                database.write_now(lambda c: c.execute(erase))  # noqa: B023
        assert database.read_now(lambda c: keys.uses(c)["old"].digests) == 4
        new = Encryption([NEW])
        statement = select(schema.sign_up.c.canonical_key)
        assert database.read_now(lambda c: keys.first_unknown_key(c, new.key_ids)) == "old"
        assert database.read_now(lambda c: c.execute(statement).scalar_one()).startswith("old:")


@pytest.fixture(
    params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)],
    ids=["sqlite", "postgres"],
)
def installed(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[tuple[Path, Database]]:
    """An installation whose records are sealed with an old key, and whose first key is new."""
    url = str(request.getfixturevalue(request.param))
    (tmp_path / "mkdocs.yml").write_text("site_name: Kith\n")
    monkeypatch.setenv("KITH_DATABASE_URL", url)
    (tmp_path / "var").mkdir()
    key_lines = "\n".join(f"{key.id}:{_encoded(key.secret)}" for key in (NEW, OLD))
    (tmp_path / "var" / "keys").write_text(key_lines)
    (tmp_path / "var" / "keys").chmod(0o600)
    with Database(url) as database:
        database.insert_now(sealed_rows(Encryption([OLD]), clock, count=BATCH + 3))
        yield tmp_path, database


def test_reseal_is_resumed_where_it_was_killed_and_nothing_is_lost(
    installed: tuple[Path, Database],
) -> None:
    project, database = installed
    killed = _Killed(after=2)
    with open_context(project) as context:
        with pytest.raises(KeyboardInterrupt):
            reseal(context, killed)
        count = database.read_now(lambda c: keys.count_to_reseal(c, "new"))
        assert 0 < count < (BATCH + 5) * 2
        reseal(context, lambda step, done, total: None)
        assert reseal(context, lambda step, done, total: None).done == 0
    _expect_everything_under_the_new_key(database)


def test_the_service_must_have_the_new_key_before_anything_is_sealed_with_it(
    installed: tuple[Path, Database], clock: Clock
) -> None:
    project, database = installed
    refused = kith(project, "keys", "reseal", fails=True)
    assert "not started with the key 'new'" in refused
    database.write_now(lambda connection: keys.note_current_key(connection, "new", clock()))
    output = kith(project, "keys", "reseal")
    assert "Sealed with new now" in output
    assert "old is still needed by 1 digests until 2026-12-22" in output
    shown = kith(project, "keys", "status")
    assert "new  seals: " in shown
    assert "old  opens: 1 digests until 2026-12-22" in shown


def test_status_names_a_missing_key_without_any_and_shows_no_secret(
    installed: tuple[Path, Database],
) -> None:
    project, _ = installed
    (project / "var" / "keys").unlink()
    output = kith(project, "keys", "status", fails=True)
    assert "old  MISSING: " in output
    assert "Missing: old" in output
    assert _encoded(OLD.secret) not in output


def test_rotate_puts_a_new_key_in_front_and_keeps_the_others(
    installed: tuple[Path, Database],
) -> None:
    project, _ = installed
    before = (project / "var" / "keys").read_text().split()
    output = kith(project, "keys", "rotate")
    lines = (project / "var" / "keys").read_text().split()
    assert lines[1:] == before
    assert parse_keys(lines[0])[0].id in output
    assert lines[0] not in output
    assert (project / "var" / "keys").stat().st_mode & 0o777 == 0o600


def test_a_record_that_no_key_opens_is_counted_and_holds_up_no_other(
    installed: tuple[Path, Database],
) -> None:
    project, database = installed
    harmed = update(schema.sign_up).values(sealed=Encryption([OLD]).encrypt("moved", b"x"))
    database.write_now(lambda connection: connection.execute(harmed))
    output = kith(project, "keys", "reseal", "--offline", fails=True)
    assert "stay as they are: 2" in output
    assert database.read_now(lambda c: keys.count_to_reseal(c, "new")) == 2


@pytest.mark.anyio
async def test_a_build_process_is_given_no_secret(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("KEYS", "DATABASE_URL", "SMTP_URL", "MEILI_KEY", "MEILI_ADMIN_KEY"):
        monkeypatch.setenv(f"KITH_{name}", f"canary-{name}")
    monkeypatch.setenv("KITH_BASE_URL", "https://kith.example.org")
    environ_file = tmp_path / "environ"
    program = f"import os; open({str(environ_file)!r}, 'w').write(str(dict(os.environ)))"
    monkeypatch.setattr(build_process, "BUILD_PROGRAM", program)
    assert await build_process.build(tmp_path) == (True, "")
    assert "canary" not in environ_file.read_text()
    assert "https://kith.example.org" in environ_file.read_text()


class _Killed:
    """Progress that is interrupted after some batches."""

    def __init__(self, after: int) -> None:
        self._left = after

    def __call__(self, step: str, count_done: int, total: int) -> None:
        self._left -= 1
        if not self._left:
            raise KeyboardInterrupt


def kith(project: Path, *words: str, fails: bool = False) -> str:
    """Run a command of the program, and return all it prints."""
    result = CliRunner().invoke(main, ["--project", str(project), *words])
    assert result.exit_code == (1 if fails else 0), result.output
    return result.output


def _encoded(secret: bytes) -> str:
    return base64.b64encode(secret).decode()


def _expect_everything_under_the_new_key(database: Database) -> None:
    new = Encryption([NEW])
    uses = database.read_now(lambda c: keys.uses(c))
    assert set(uses) == {"new", "old"}
    assert (uses["old"].sealed, uses["old"].digests, uses["old"].short_lived) == (0, 0, 1)

    def row(table: Any) -> Any:
        return database.read_now(lambda c: c.execute(select(table).limit(1)).one())

    request, sign_up, member = (
        row(table) for table in (schema.signposting_request, schema.sign_up, schema.staff)
    )
    assert new.decrypt_as(request.id, request.sealed, PersonalDetails) == CARD
    assert request.contact_lookup == new.lookup("mary@example.org")
    assert sign_up.contact_lookup in lookups(new, "ann@example.org")
    assert sign_up.canonical_key == new.lookup(name_key("Ann Canary", "Temeford"))
    assert member.email_lookup == new.lookup("jo@example.org")
    assert len(new.decrypt("staff-0/second-factor", member.second_factor)) == 32

"""A drill: a backup is made while people write, and restored elsewhere without losing anything."""

import shutil
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import pytest
from click.testing import CliRunner
from sqlalchemy import select

from api.cli import main
from api.context import open_context
from api.operations import backup, person, restore
from api.operations.archive import BadBackup
from api.security.encryption import Encryption, new_key
from api.settings import Settings, from_environ
from api.store import audit, dump, schema
from api.store.database import Database
from catalogue.progress import silent
from tests.api.conftest import Clock, migrated_sqlite, postgres_server, postgres_url
from tests.api.pledges.conftest import TAXONOMY
from tests.api.test_keys import OLD, _encoded, sealed_rows

__all__ = ["migrated_sqlite", "postgres_server", "postgres_url"]

KEYS = f"{OLD.id}:{_encoded(OLD.secret)}"
NOW = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class Pair(msgspec.Struct, frozen=True):
    """An age identity: what is told to Kith, and what is kept elsewhere."""

    recipient: str
    secret: str


@pytest.fixture(scope="module")
def pair() -> Pair:
    identity = pyrage.x25519.Identity.generate()
    return Pair(str(identity.to_public()), str(identity))


def place(folder: Path, **environ: str) -> Settings:
    """Return the settings of an installation with some content; the keys are the tests'."""
    (folder / "content" / "pledges" / "connector").mkdir(parents=True)
    (folder / "content" / "taxonomy.yml").write_text(TAXONOMY)
    (folder / "content" / "about.md").write_text("---\ntitle: About\n---\nWords.\n")
    (folder / "mkdocs.yml").write_text("site_name: Kith\n")
    return from_environ(folder, {"KITH_KEYS": KEYS, **environ})


@pytest.fixture
def here(tmp_path: Path, migrated_sqlite: Path, clock: Clock) -> Settings:
    """An installation with records, sealed; a letter waits and one was sent."""
    settings = place(tmp_path / "here")
    settings.data.mkdir()
    shutil.copy(migrated_sqlite, settings.data / "kith.sqlite3")
    encryption = Encryption([OLD])
    with Database(settings.database_url) as database:
        database.insert_now(sealed_rows(encryption, clock, count=20))
        for number, state in enumerate(("queued", "sending", "sent")):
            letter = {
                "id": f"letter-{number}",
                "kind": "pledges/confirm",
                "about": "P-0",
                "sealed": encryption.encrypt(f"letter-{number}", b"words"),
                "state": state,
                "attempts": 1,
                "created_at": clock(),
                "next_attempt_at": clock(),
            }
            database.insert_now([(schema.letter, letter)])
        for number in range(30):
            line = audit.new_event("test.done", f"R-{number}", actor="visitor", at=clock(), n=1)
            database.insert_now([line])
    return settings


def rows(settings: Settings, table: Any = schema.signposting_request) -> list[Any]:
    with Database(settings.database_url) as database:
        query = select(table).order_by(*table.primary_key.columns)
        return database.read_now(lambda c: [tuple(row) for row in c.execute(query)])


def make(settings: Settings, pair: Pair, to: Path) -> Path:
    return backup.backup(to, (pair.recipient,), settings, NOW, silent)


def test_every_row_and_file_is_restored_elsewhere(
    here: Settings, pair: Pair, tmp_path: Path
) -> None:
    file = make(here, pair, tmp_path / "backups")
    raw = file.read_bytes()
    assert file.stat().st_mode & 0o777 == 0o600
    assert b"Canary" not in raw
    assert b"R-0" not in raw
    there = place(tmp_path / "there")
    (there.project / "content" / "about.md").write_text("something else")
    (there.project / "content" / "new.md").write_text("stays")
    seen = restore.look(file, pair.secret, there, silent)
    assert (seen.missing_keys, seen.files_changed) == ((), ("content/about.md",))
    assert not there.data.exists(), "a dry run makes nothing"
    restored = restore.restore(file, pair.secret, there, NOW, "operator jo", silent)
    assert (restored.rows, restored.letters_held) == (seen.rows, 2)
    for table in dump.tables():
        if table.name not in ("letter", "audit", "installation"):
            assert rows(there, table) == rows(here, table), table.name
    assert rows(there, schema.audit)[:30] == rows(here, schema.audit)
    with Database(there.database_url) as database:
        assert database.read_now(audit.verify) is None
        states = select(schema.letter.c.state).order_by(schema.letter.c.id)
        assert database.read_now(lambda c: [*c.scalars(states)]) == ["failed", "failed", "sent"]
    about = there.project / "content" / "about.md"
    assert about.read_bytes() == (here.project / "content" / "about.md").read_bytes()
    assert (there.project / "content" / "new.md").read_text() == "stays"
    with pytest.raises(BadBackup, match="something in the database already"):
        restore.restore(file, pair.secret, there, NOW, "operator jo", silent)


def test_missing_keys_are_said_at_once_and_nothing_is_changed(
    here: Settings, pair: Pair, tmp_path: Path
) -> None:
    file = make(here, pair, tmp_path / "backups")
    there = msgspec.structs.replace(place(tmp_path / "there"), keys=new_key())
    assert restore.look(file, pair.secret, there, silent).missing_keys == ("old",)
    with pytest.raises(BadBackup, match="old"):
        restore.restore(file, pair.secret, there, NOW, "operator jo", silent)
    assert not list(there.data.glob("*"))


@pytest.mark.parametrize(
    "harm",
    ["cut", *(pytest.param(harm, marks=pytest.mark.deep) for harm in ("flip", "other identity"))],
)
def test_a_harmed_backup_leaves_everything_as_it_was(
    here: Settings, pair: Pair, tmp_path: Path, harm: str
) -> None:
    file = make(here, pair, tmp_path / "backups")
    raw, secret = bytearray(file.read_bytes()), pair.secret
    if harm == "cut":
        del raw[-20:]
    elif harm == "flip":
        raw[len(raw) // 2] ^= 1
    else:
        secret = str(pyrage.x25519.Identity.generate())
    file.write_bytes(raw)
    there = place(tmp_path / "there")
    before = (there.project / "content" / "about.md").read_text()
    with pytest.raises(BadBackup):
        restore.look(file, secret, there, silent)
    with pytest.raises(BadBackup):
        restore.restore(file, secret, there, NOW, "operator jo", silent)
    assert dump.is_empty(there.database_url)
    assert (there.project / "content" / "about.md").read_text() == before
    assert not [path for path in there.data.iterdir() if path.name.startswith(".restoring")]


def test_who_was_erased_since_stays_unreadable(
    here: Settings, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = make(here, pair, tmp_path / "backups")
    monkeypatch.setenv("KITH_KEYS", KEYS)
    with open_context(here.project) as context:
        reference = "R-7KQ4-XM27"
        request = schema.signposting_request
        renamed = request.update().where(request.c.reference == "R-3").values(reference=reference)
        context.database.write_now(lambda c: c.execute(renamed))
        person.erase(reference, context)
    there = place(tmp_path / "there")
    there.data.mkdir()
    shutil.copy(here.erasure_ledger, there.erasure_ledger)
    restored = restore.restore(file, pair.secret, there, NOW, "operator jo", silent)
    assert restored.erased_again == 1
    sealed = {row[0]: row[6] for row in rows(there)}
    assert sealed["request-00003"] is None
    assert None not in [blob for record_id, blob in sealed.items() if record_id != "request-00003"]


@pytest.mark.deep
def test_one_moment_is_saved_while_people_write(
    here: Settings, pair: Pair, tmp_path: Path, clock: Clock
) -> None:
    """Each request comes with its audit line: a backup holds both of one, or neither."""
    over = threading.Event()

    def write_on() -> None:
        with Database(here.database_url) as database:
            for number in range(100, 100_000):
                table, row = sealed_rows(Encryption([OLD]), clock, count=1)[0]
                own = {**row, "id": f"busy-{number}", "reference": f"R-{number}"}
                line = audit.new_event("test.done", own["reference"], actor="visitor", at=clock())
                database.insert_now([(table, own), line])
                if over.is_set():
                    return

    writing = threading.Thread(target=write_on)
    writing.start()
    try:
        files = [make(here, pair, tmp_path / f"backups{number}") for number in range(3)]
    finally:
        over.set()
        writing.join()
    for number, file in enumerate(files):
        there = place(tmp_path / f"there{number}")
        restore.restore(file, pair.secret, there, NOW, "operator jo", silent)
        recipients = {row[1] for row in rows(there) if row[0].startswith("busy")}
        subjects = {row[4] for row in rows(there, schema.audit)}
        assert recipients <= subjects
        assert len(recipients) == len(subjects) - 31  # those of before, and that it was restored


def test_backups_go_after_their_time_and_others_stay(
    here: Settings, pair: Pair, tmp_path: Path
) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()
    old = folder / backup.NAME.format(NOW - timedelta(days=36))
    young = folder / backup.NAME.format(NOW - timedelta(days=34))
    for path in (old, young, folder / "notes.txt"):
        path.touch()
    made = make(here, pair, folder)
    assert {path.name for path in folder.iterdir()} == {made.name, young.name, "notes.txt"}


def test_the_commands_say_what_they_did(
    here: Settings, pair: Pair, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = place(tmp_path / "there")
    secret = tmp_path / "identity.txt"
    secret.write_text(f"# created\n{pair.secret}\n")
    monkeypatch.setenv("KITH_KEYS", KEYS)
    monkeypatch.setenv("KITH_BACKUP_RECIPIENT", pair.recipient)
    made = run(here, "backup", str(tmp_path / "backups"))
    assert "It needs the keys old." in made
    words = ("restore", str(tmp_path / "backups"), "--identity", str(secret))
    assert "The keys it needs are here: old." in run(there, *words, "--dry-run")
    monkeypatch.setenv("KITH_KEYS", new_key())
    assert "The keys old are not here" in run(there, *words, "--dry-run", code=1)


def run(settings: Settings, *words: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, ["--project", str(settings.project), *words])
    assert result.exit_code == code, result.output
    return result.output


@pytest.mark.deep
@pytest.mark.postgres
def test_a_backup_of_either_database_is_restored_into_the_other(
    here: Settings, pair: Pair, tmp_path: Path, postgres_url: str
) -> None:
    file = make(here, pair, tmp_path / "backups")
    postgres = place(tmp_path / "postgres", KITH_DATABASE_URL=postgres_url)
    restore.restore(file, pair.secret, postgres, NOW, "operator jo", silent)
    back = make(postgres, pair, tmp_path / "again")
    there = place(tmp_path / "there")
    restore.restore(back, pair.secret, there, NOW, "operator jo", silent)
    for table in dump.tables():
        if table.name not in ("letter", "audit", "installation"):
            assert rows(there, table) == rows(here, table), table.name
    with Database(there.database_url) as database:
        assert database.read_now(audit.verify) is None


@pytest.mark.deep
def test_a_hundred_thousand_rows_are_back_within_a_minute(
    here: Settings, pair: Pair, tmp_path: Path, clock: Clock
) -> None:
    table, row = sealed_rows(Encryption([OLD]), clock, count=1)[0]
    many = [
        (table, {**row, "id": f"many-{number}", "reference": f"R-many-{number}"})
        for number in range(100_000)
    ]
    with Database(here.database_url) as database:
        database.insert_now(many)
    file = make(here, pair, tmp_path / "backups")
    there = place(tmp_path / "there")
    began = time.monotonic()
    restored = restore.restore(file, pair.secret, there, NOW, "operator jo", silent)
    assert time.monotonic() - began <= 60
    assert restored.rows > 100_000

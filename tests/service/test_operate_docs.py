"""Every command that docs/operate.md tells an operator to type does what the text says."""

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import main
from api.context import open_context
from api.jobs import status_store
from api.jobs.scheduler import JobStatus
from api.mail.letters import Letter
from api.mail.outbox import letter_row
from api.settings import from_environ
from api.store import keys
from tests.api.conftest import Clock, migrated_sqlite
from tests.api.pledges.conftest import TAXONOMY
from tests.api.test_retention import request_row
from tests.service.conftest import ROOT
from tests.support.small_release import make_small_release

__all__ = ["migrated_sqlite"]

GUIDE = ROOT / "docs" / "operate.md"


def commands(section: str) -> list[str]:
    """Return the commands of a section, in their order."""
    text = GUIDE.read_text(encoding="utf-8")
    parts = re.split(r"^## ", text, flags=re.MULTILINE)
    (section_text,) = (part for part in parts if part.startswith(f"{section}\n"))
    return re.findall(r"^ {4,}(kith .+)$", section_text, flags=re.MULTILINE)


@pytest.fixture
def installed_project(
    tmp_path: Path, migrated_sqlite: Path, monkeypatch: pytest.MonkeyPatch
) -> Path:
    """An installation that was started once."""
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Kith\n")
    settings = from_environ(tmp_path, {})
    settings.data.mkdir(mode=0o700)
    shutil.copy(migrated_sqlite, settings.data / "kith.sqlite3")
    with open_context(tmp_path):
        pass
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(command: str) -> str:
    result = CliRunner().invoke(main, command.split()[1:])
    assert result.exit_code == 0, (command, result.output)
    return result.output


def test_the_commands_about_a_person(installed_project: Path, clock: Clock) -> None:
    (installed_project / "content" / "taxonomy.yml").write_text(TAXONOMY)
    typed = commands("What is held about a person")
    assert [command.rpartition(" ")[0] for command in typed[1:]] == [
        "kith person export",
        "kith person erase",
    ]
    with open_context(installed_project) as context:
        rows = request_row(0, context.encryption, clock, keep_days=400)
        context.database.insert_now([(rows[0], {**rows[1], "reference": "R-7KQ4-XM27"})])
    for command in typed:
        output = run(f"{command} --yes" if "person erase" in command else command)
        assert "R-7KQ4-XM27" in output or command == "kith erase"
    assert "signposting_request" in (installed_project / "var" / "erased").read_text()


def start_service(project: Path) -> None:
    """Note what a start of the service notes."""
    with open_context(project) as context:
        current = context.encryption.current
        context.database.write_now(lambda c: keys.note_current_key(c, current, context.now))


def test_the_commands_about_keys(installed_project: Path) -> None:
    first = (installed_project / "var" / "keys").read_text()
    assert commands("Keys") == [
        *("kith keys new", "kith keys status"),
        *("kith keys rotate", "kith keys reseal"),
    ]
    for command in commands("Keys"):
        if command.endswith("reseal"):
            start_service(installed_project)
        run(command)
    assert (installed_project / "var" / "keys").read_text().splitlines()[1:] == first.splitlines()


def test_the_commands_about_backups(
    installed_project: Path, tmp_path_factory: pytest.TempPathFactory, clock: Clock
) -> None:
    making, saving = commands("Backup")
    assert making == "kith keys backup-identity identity.txt"
    folder = tmp_path_factory.mktemp("backups")
    recipient = run(making).strip().partition("=")[2]
    with open_context(installed_project) as context:
        context.database.insert_now([request_row(0, context.encryption, clock, keep_days=400)])
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("KITH_BACKUP_RECIPIENT", recipient)
        run(saving.replace("/srv/backups", str(folder)))
    (installed_project / "content" / "taxonomy.yml").write_text(TAXONOMY)
    for file in (installed_project / "var").glob("*sqlite3*"):
        file.unlink()
    looking, restoring = (
        command.replace("/srv/backups", str(folder)) for command in commands("Restore")
    )
    assert looking == f"{restoring} --dry-run"
    assert "Nothing was done." in run(looking)
    assert not list((installed_project / "var").glob("*sqlite3"))
    assert "Restored: " in run(restoring)
    with open_context(installed_project) as context:
        held = context.database.read_now(keys.uses)
    assert held[context.encryption.current].sealed == 2  # the request, the key of the trail


def test_the_command_about_database_and_content(installed_project: Path) -> None:
    (installed_project / "content" / "taxonomy.yml").write_text(TAXONOMY)
    (command,) = commands("Database and content")
    assert "agree" in run(command)


def test_the_commands_about_the_audit_trail(installed_project: Path) -> None:
    for command in commands("The audit trail"):
        run(command)


def test_the_commands_about_jobs_letters_and_what_is_wrong(installed_project: Path) -> None:
    with open_context(installed_project) as context:
        now = context.now
        job = JobStatus("outbox", now, timedelta(days=1), succeeded_at=now)
        context.database.write_now(lambda c: status_store.record_statuses(c, [job]))
        letter = Letter("pledges/confirm", "mary@example.org", "Subject", "Words\n")
        table, row = letter_row(context.encryption, letter, now=now, about="P-7KQ4-XM2P")
        context.database.insert_now([(table, {**row, "state": "failed", "last_error": "550"})])
    listing, retrying = commands("Letters")
    assert "P-7KQ4-XM2P  0 attempts  550" in run(listing)
    assert "1 letters are queued." in run(retrying)
    listing, resuming, erasing = commands("Background jobs and the clock")
    assert run(listing).startswith("outbox: ")
    assert "They go on" in run(f"{resuming} --yes")
    assert "Erased: 0 requests" in run(erasing)
    make_small_release(installed_project)
    looking, sending = commands("Is it well?")
    assert "ok       background jobs" in run(looking)
    assert "unknown  mail server: There is no mail server" in run(sending)


def test_the_command_about_who_signs_in(installed_project: Path) -> None:
    (command,) = commands("Who signs in")
    assert "Nobody." in run(command)

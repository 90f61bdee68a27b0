"""Commands end in one line where the database or the disk refuses."""

import errno
import os
from collections.abc import Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner

from api import cli
from api.security.references import make
from api.settings import from_environ
from api.store.database import Database
from api.store.migrate import migrate

COMMANDS = (
    ("audit", "verify"),
    ("sign-ups", "list"),
    ("requests", "list"),
    ("erase",),
    ("letters", "list"),
    ("jobs", "list"),
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "content" / "activities").mkdir(parents=True)
    (tmp_path / "mkdocs.yml").write_text("site_name: Kith\n")
    return tmp_path


def refusal(project: Path, words: Sequence[str]) -> str:
    """Run a command that ends with 1, and return its one line."""
    result = CliRunner().invoke(cli.main, ["--project", str(project), *words])
    assert result.exit_code == 1, (words, result.output, result.exception)
    assert isinstance(result.exception, SystemExit), (words, result.exception)
    (line,) = result.output.splitlines()
    return line


def test_a_damaged_database_is_said_in_one_line(project: Path) -> None:
    settings = from_environ(project, {})
    migrate(settings.database_url)
    file = settings.data / "kith.sqlite3"
    with file.open("r+b") as pages:
        pages.seek(4096)
        pages.write(os.urandom(file.stat().st_size - 4096))
    for words in COMMANDS:
        assert "The database is damaged." in refusal(project, words), words


def test_what_is_no_database_is_said_in_one_line(project: Path) -> None:
    settings = from_environ(project, {})
    settings.data.mkdir()
    (settings.data / "kith.sqlite3").write_bytes(b"This is a letter, not a database.\n" * 300)
    for words in COMMANDS:
        assert "The database is damaged." in refusal(project, words), words


def test_a_database_that_was_changed_by_hand_is_said_in_one_line(project: Path) -> None:
    settings = from_environ(project, {})
    migrate(settings.database_url)
    with Database(settings.database_url) as store:
        store.write_now(lambda c: c.exec_driver_sql("drop table audit"))
    assert "The database refuses: OperationalError: no such table: audit" in refusal(
        project, ("audit", "verify")
    )


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_disk_that_refuses_is_said_in_one_line(
    project: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    def refuse(*args: object, **more: object) -> None:
        raise OSError(number, os.strerror(number), "content/x.md")

    monkeypatch.setattr("api.cli.load.read_project", refuse)
    monkeypatch.setattr("api.cli.release.build_release", refuse)
    monkeypatch.setattr("api.moderation.commands.load.read_project", refuse)
    expected = f"Error: content/x.md: {os.strerror(number)}."
    for words in (("check",), ("build",), ("sign-ups", "approve", make("P"))):
        assert refusal(project, words) == expected, words

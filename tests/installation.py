"""An installation of Kith: a project with its own store and keys, and the commands run in it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from api.security.encryption import Encryption
from api.settings import Settings
from api.store import keys, schema
from api.store.database import Database
from tests.api.service_under_test import project_settings


class Installation(msgspec.Struct, frozen=True):
    """A project, its store and its keys. Commands find the same ones by the project's folder."""

    settings: Settings
    store: Database
    encryption: Encryption

    def run(self, command: click.Command, *arguments: str, typed: str = "") -> Result:
        """Run a command of the program in the project; `typed` answers what it asks."""
        return CliRunner().invoke(command, arguments, obj=self.settings.project, input=typed)

    def audit_trail(self) -> list[tuple[str, str]]:
        """Return action and actor of every line of the audit trail."""
        line = schema.audit.c
        statement = select(line.action, line.actor).order_by(line.seq)
        return self.store.read_now(
            lambda connection: [(row[0], row[1]) for row in connection.execute(statement)]
        )


@pytest.fixture
def installation(project: Path, migrated_sqlite: Path) -> Iterator[Installation]:
    """An installation in the test's own project."""
    settings = project_settings(project)
    settings.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated_sqlite, settings.data / "kith.sqlite3")
    with Database(settings.database_url) as store:
        yield Installation(settings, store, keys.open_encryption(settings, store))

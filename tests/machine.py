"""An operator at the machine: a project's own store and keys, and the commands typed there."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import click
import msgspec
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from api.security.encryption import Encryption, open_encryption
from api.settings import Settings
from api.store import schema
from api.store.database import Database
from tests.api.bench import settings


class Machine(msgspec.Struct, frozen=True):
    """What stands on the machine. Commands open the same store and keys by the project's folder."""

    settings: Settings
    store: Database
    encryption: Encryption

    def types(self, command: click.Command, *words: str, typed: str = "") -> Result:
        """Run a command of the program in the project; `typed` answers what it asks."""
        return CliRunner().invoke(command, words, obj=self.settings.project, input=typed)

    def trail(self) -> list[tuple[str, str]]:
        """Return action and actor of every line of the audit trail."""
        line = schema.audit.c
        wanted = select(line.action, line.actor).order_by(line.seq)
        return self.store.read_now(lambda look: [(one[0], one[1]) for one in look.execute(wanted)])


@pytest.fixture
def machine(project: Path, migrated_sqlite: Path) -> Iterator[Machine]:
    """The machine of the test's own project."""
    found = settings(project)
    found.data.mkdir(parents=True, exist_ok=True)
    shutil.copy(migrated_sqlite, found.data / "kith.sqlite3")
    with Database(found.database_url) as opened:
        yield Machine(found, opened, open_encryption(found))

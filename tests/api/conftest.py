"""Fixtures for tests of the API service: a real database, encryption, a clock that tests set."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from api.security.encryption import Encryption, Key
from api.store.database import Database
from api.store.migrate import migrate

START = datetime(2026, 11, 22, 9, 30, tzinfo=UTC)


class Clock:
    """A clock that stands still until a test advances it; calling it gives the time."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **units: float) -> datetime:
        self.now += timedelta(**units)
        return self.now


STORIES_ON_POSTGRES = frozenset(
    (
        "test_what_they_point_to_counts_on_their_page_and_on_nobody_elses",  # connectors
        "test_an_accepted_one_is_undone_to_the_byte_and_waits_again",  # corrections
        "test_counts_add_up_over_writings_and_processes",  # gaps
        "test_fifty_at_once_renew_it_once",  # renewals
        "test_a_hundred_at_once_confirm_it_once",  # pledges: signing
        "test_pressing_twice_decides_once",  # pledges: deciding
        "test_a_job_goes_through_all_of_them_in_batches_and_writes_to_nobody",  # pledges: in bulk
        "test_two_outboxes_never_carry_the_same_letter",  # letters
        "test_a_letter_in_hand_when_the_process_dies_is_sent_once_more_the_same",
        "test_reseal_is_resumed_where_it_was_killed_and_nothing_is_lost",  # keys
        "test_the_person_goes_and_the_record_stays_to_be_counted",  # retention
        "test_a_hundred_at_once_are_one",  # idempotency
    )
)
"""What `make test` runs on PostgreSQL of the features, beside all tests of the store itself."""

LIKE_A_FEATURE = (
    "test_idempotency.py",
    "test_keys.py",
    "test_outbox.py",
    "test_retention.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave the other tests of features on PostgreSQL to `make test-deep`."""
    tests_folder = Path(__file__).parent
    for item in items:
        in_a_folder = tests_folder in item.path.parent.parents
        of_a_feature = in_a_folder or item.path.name in LIKE_A_FEATURE
        if of_a_feature and item.get_closest_marker("postgres"):
            name = getattr(item, "originalname", item.name)
            if name not in STORIES_ON_POSTGRES:
                item.add_marker("deep")


@pytest.fixture
def anyio_backend() -> str:
    """What `pytestmark = pytest.mark.anyio` runs coroutine tests on."""
    return "asyncio"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def encryption() -> Encryption:
    return Encryption([Key("test", bytes(range(32)))])


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated database without rows, closed: tests copy the file."""
    file = tmp_path_factory.mktemp("migrated") / "kith.sqlite3"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """A fresh, migrated database of this test's own."""
    return f"sqlite:///{shutil.copy(migrated_sqlite, tmp_path / 'kith.sqlite3')}"


@pytest.fixture
def database(sqlite_url: str) -> Iterator[Database]:
    with Database(sqlite_url) as opened_database:
        yield opened_database


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A PostgreSQL of our own on a Unix socket; gives its URL, with `{name}` for a database.

    One is migrated, for others to be copies of.

    Its folder is not below pytest's: that one is closed to the user PostgreSQL must run as.
    """
    programs = _postgres_programs()
    if programs is None:
        pytest.skip("unknown: there is no PostgreSQL server here (initdb, pg_ctl)")
    folder = Path(tempfile.mkdtemp(prefix="kith-pg-"))
    run = _as_somebody(folder)
    state = str(folder / "state")
    run([f"{programs}/initdb", "-D", state, "-U", "kith", "-A", "trust", "-E", "UTF8", "-N"])
    options = f"-k {folder} -c listen_addresses='' -c fsync=off -c max_connections=30"
    log = str(folder / "log")
    run([f"{programs}/pg_ctl", "-D", state, "-w", "-l", log, "-o", options, "start"])
    url = f"postgresql+psycopg://kith@/{{name}}?host={folder}"
    try:
        _create(url, "migrated")
        migrate(url.format(name="migrated"))
        yield url
    finally:
        run([f"{programs}/pg_ctl", "-D", state, "-m", "immediate", "stop"])
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """A fresh, migrated database of this test's own."""
    name = f"t{abs(hash(request.node.nodeid))}"
    _create(postgres_server, f"{name} template migrated")
    yield postgres_server.format(name=name)
    _order(postgres_server, f"drop database {name} with (force)")


@pytest.fixture
def postgres_database(postgres_url: str) -> Iterator[Database]:
    with Database(postgres_url) as opened_database:
        yield opened_database


@pytest.fixture(
    params=["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)],
    ids=["sqlite", "postgres"],
)
def store_url(request: pytest.FixtureRequest) -> str:
    """The same test on both databases."""
    return str(request.getfixturevalue(request.param))


@pytest.fixture
def store(store_url: str) -> Iterator[Database]:
    with Database(store_url) as opened_database:
        yield opened_database


def _create(server: str, statement: str) -> None:
    _order(server, f"create database {statement}")


def _order(server: str, order: str) -> None:
    import psycopg

    plain = server.replace("+psycopg", "").format(name="postgres")
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(order)


def _postgres_programs() -> str | None:
    """The folder of initdb and pg_ctl: on the path, or where Debian keeps them."""
    on_path = shutil.which("pg_ctl")
    if on_path:
        return str(Path(on_path).resolve().parent)
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))
    return str(folders[-1].parent) if folders else None


def _as_somebody(folder: Path) -> Callable[[list[str]], None]:
    """PostgreSQL refuses to run as root: there, run it as nobody."""
    user = 65534 if os.getuid() == 0 else None
    if user:
        os.chown(folder, user, user)

    def run(command: list[str]) -> None:
        subprocess.run(
            command, check=True, user=user, group=user, cwd=folder, stdout=subprocess.DEVNULL
        )

    return run

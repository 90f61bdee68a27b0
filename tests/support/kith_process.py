"""Kith as an operator starts it: `kith serve`, a process of its own, watched until it answers.

It leads a process group, so that a kill takes all of it; what it prints lands in a file, for a pipe
that nobody empties would hold it up.
"""

import http.client
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.support.loopback import free_port

KITH = (str(Path(sys.executable).with_name("kith")),)
START_SECONDS = 60
STOP_SECONDS = 20


class Started:
    """One process that serves `project` on a loopback port, its records in `data`."""

    def __init__(
        self,
        project: Path,
        data: Path,
        *,
        program: Sequence[str] = KITH,
        port: int | None = None,
        **environ: str,
    ) -> None:
        self.port = port or free_port()
        self._log = tempfile.TemporaryFile()  # noqa: SIM115 - open as long as the process lives
        still = {"KITH_WATCH": "no"}  # nobody edits, but for those who say so
        settings = {**still, "KITH_PORT": str(self.port), "KITH_DATA": str(data), **environ}
        self.process = subprocess.Popen(
            [*program, "--project", str(project), "serve"],
            env={**plain_environ(), **settings},
            stdin=subprocess.DEVNULL,
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    @property
    def origin(self) -> str:
        """Where it answers."""
        return f"http://127.0.0.1:{self.port}"

    def output(self) -> str:
        """Return all it has printed so far."""
        return os.pread(self._log.fileno(), 10_000_000, 0).decode()

    def wait_until_alive(self) -> "Started":
        """Return once it answers `/livez`. Raises RuntimeError if it ends, or takes for ever."""
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            if self._answers():
                return self
            time.sleep(0.02)
        raise RuntimeError(f"it does not answer (ended: {self.process.poll()}):\n{self.output()}")

    def end_with(self, stop_signal: signal.Signals = signal.SIGTERM) -> int:
        """Send a signal to the process, wait for its end and return its exit code."""
        self.process.send_signal(stop_signal)
        return self.process.wait(STOP_SECONDS)

    def kill(self) -> None:
        """End the whole group at once, whatever it is doing."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_SECONDS)

    def end(self) -> None:
        """See that nothing is left of it, as gently as it lets us."""
        try:
            if self.process.poll() is None:
                self.end_with()
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        finally:
            self._log.close()

    def _answers(self) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=1)
        try:
            connection.request("GET", "/livez")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()


def plain_environ() -> dict[str, str]:
    """Return the environment without any setting of Kith's."""
    return {name: value for name, value in os.environ.items() if not name.startswith("KITH_")}


@contextmanager
def running(project: Path, data: Path, **environ: str) -> Iterator[Started]:
    """Serve as long as the body runs."""
    started = Started(project, data, program=KITH, port=None, **environ)
    try:
        yield started.wait_until_alive()
    finally:
        started.end()

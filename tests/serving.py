"""A small web server on loopback for tests, which ends with the test however that ends."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

LOOPBACK = "127.0.0.1"


class Quiet(SimpleHTTPRequestHandler):
    """Serves files without writing a line for each."""

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def answering(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    """Answer by a handler for as long as the body runs; the origin is given.

    The thread is a daemon: one that a failed test left behind would keep the whole run from ending.
    """
    with ThreadingHTTPServer((LOOPBACK, 0), handler) as server:
        often: dict[str, Any] = {"poll_interval": 0.01}
        thread = Thread(target=server.serve_forever, kwargs=often, daemon=True)
        thread.start()
        try:
            yield f"http://{LOOPBACK}:{server.server_port}"
        finally:
            server.shutdown()
            thread.join()


def served(folder: Path) -> AbstractContextManager[str]:
    """Serve the files of a folder for as long as the body runs."""
    return answering(partial(Quiet, directory=str(folder)))

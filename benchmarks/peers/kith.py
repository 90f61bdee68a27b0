"""Kith itself, as `kith serve` runs it, with letters into a folder and callers told apart."""

import os
from pathlib import Path

from litestar.types import ASGIApp

from api.app import create_app
from api.settings import from_environ


def app() -> ASGIApp:
    """Return the service on the project that BENCH_PROJECT names."""
    project = Path(os.environ["BENCH_PROJECT"])
    environ = {"KITH_DATA": os.environ["KITH_DATA"], "KITH_TRUSTED_PROXIES": "127.0.0.1"}
    return create_app(from_environ(project, environ))

"""Starts the one process: takes its address, says where to look, runs until it is told to stop.

What stands in the way is reported in one line before anything is made or changed.
"""

import logging
import signal
import socket
from collections.abc import Callable
from types import FrameType

import uvicorn
from litestar.types import ASGIApp

from api.app import create_app
from api.context import DAMAGED
from api.http.connection_limits import LimitedProtocol
from api.security.encryption import EncryptionError
from api.settings import Settings
from api.store.errors import StoreDamaged, StoreFault, StoreTooNew, StoreUnavailable
from api.store.last_seen import DataLost

STOP_WITHIN_SECONDS = 10  # for requests under way at Ctrl-C or SIGTERM
BACKLOG = 2048


class CannotServe(Exception):
    """Why the service cannot start, in one line for an operator."""


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM, then end the program with 0. Raises CannotServe."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every search
    logging.getLogger("fontTools").setLevel(logging.WARNING)  # hundreds of lines for each PDF
    logging.getLogger("alembic").setLevel(logging.WARNING)  # its steps mean nothing to an operator
    for asked_to_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(asked_to_stop, _leave)
    with _listening(settings.host, settings.port) as listening:
        config = uvicorn.Config(
            _app(settings),
            access_log=False,  # our own line a request holds no address and no query
            http=LimitedProtocol,
            ws="none",
            backlog=BACKLOG,
            log_level="error",  # what it warns of, `http/connection_limits.py` has a line for
            server_header=False,
            proxy_headers=False,  # `http/rate_limits.py` reads them, from trusted proxies only
            timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
        )
        _say_where(settings, listening, say)
        uvicorn.Server(config).run(sockets=[listening])


def _leave(number: int, frame: FrameType | None) -> None:
    """End the program as asked: also what uvicorn does last, for it repeats the signal it met."""
    raise SystemExit(0)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        why = (error.strerror or str(error)).partition(" (")[0]
        raise CannotServe(
            f"Cannot listen on {host} port {port}: {why}. KITH_HOST and KITH_PORT move it."
        ) from None


def _app(settings: Settings) -> ASGIApp:
    try:
        return create_app(settings)
    except OSError as error:
        raise CannotServe(f"{error.filename or settings.data}: {error.strerror}.") from error
    except StoreDamaged as error:
        raise CannotServe(DAMAGED) from error
    except StoreUnavailable as error:
        raise CannotServe("The database cannot be reached, or cannot be written to.") from error
    except (StoreFault, StoreTooNew, EncryptionError, DataLost) as error:
        raise CannotServe(str(error)) from error


def _say_where(settings: Settings, listening: socket.socket, say: Callable[[str], None]) -> None:
    host, port = listening.getsockname()[:2]
    origin = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    letters = settings.smtp_url is None and str(settings.mail_folder)
    say(f"Site      {origin}/")
    say(f"API docs  {origin}/api/docs")
    say(f"Letters   {letters or 'sent by SMTP'}")
    say("Ctrl-C ends it.")

"""Starts the one process: prepares its folder, says where to look, runs until it is told to stop."""

import logging
import socket
from collections.abc import Callable

import uvicorn

from api.app import create_app
from api.settings import Settings

STOP_WITHIN_SECONDS = 10  # for requests under way at Ctrl-C or SIGTERM


def run(settings: Settings, say: Callable[[str], None]) -> None:
    """Serve until Ctrl-C or SIGTERM. Raises OSError where the address is taken."""
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s")
    app = create_app(settings)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        access_log=False,  # our own line a request holds no address and no query
        log_level="warning",
        server_header=False,
        proxy_headers=False,  # `web/limits.py` reads them, from trusted proxies only
        timeout_graceful_shutdown=STOP_WITHIN_SECONDS,
    )
    listening = config.bind_socket()
    _say_where(settings, listening, say)
    uvicorn.Server(config).run(sockets=[listening])


def _say_where(settings: Settings, listening: socket.socket, say: Callable[[str], None]) -> None:
    host, port = listening.getsockname()[:2]
    here = f"http://{f'[{host}]' if ':' in host else host}:{port}"
    letters = settings.smtp_url is None and str(settings.mail_folder)
    say(f"Site      {here}/")
    say(f"API docs  {here}/api/docs")
    say(f"Letters   {letters or 'sent by SMTP'}")
    say("Ctrl-C ends it.")

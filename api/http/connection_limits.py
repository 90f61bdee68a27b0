"""Limits the size of a request's headers and the time in which they must arrive.

uvicorn has neither limit, and answers what it cannot parse in plain text. A proxy in front has
them; with this module a single process is enough.
"""

import asyncio
from typing import cast

from litestar.exceptions import HTTPException
from litestar.types import HTTPScope
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol

from api.errors import Malformed
from api.http import problems
from api.http.protection import HEADERS, new_request_id
from api.http.request_log import log_request

HEAD_BYTES = 32 * 1024
HEAD_SECONDS = 20.0
"""From a connection's first moment, or a request's first byte, to the end of its headers."""
READ_SECONDS = 20.0
"""A client that reads nothing of its answer for so long is let go."""
READ_BYTES = 1_024
"""What it must read at least in that time."""


class HeadTooLong(HTTPException):
    """More headers than any browser sends."""

    status_code = 431


class LimitedProtocol(HttpToolsProtocol):
    """One connection. What is no HTTP request is answered with a problem, and closed."""

    _timer: asyncio.TimerHandle | None = None
    """Closes the connection at the time limit; None while no headers are being read."""
    _head_bytes = 0
    _fault: Exception = Malformed()
    _reading: asyncio.TimerHandle | None = None
    """Looks again whether the client reads its answers."""
    _unread_bytes = 0
    _has_read = False

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Start the time limit of the first request."""
        super().connection_made(transport)
        self._start_limits()
        self._reading = self.loop.call_later(READ_SECONDS, self._let_go_if_unread)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the time limits."""
        self._stop_limits()
        if self._reading is not None:
            self._reading.cancel()
        super().connection_lost(exc)

    def resume_writing(self) -> None:
        """Go on with an answer: the client has read of it."""
        self._has_read = True
        super().resume_writing()

    def data_received(self, data: bytes) -> None:
        """Parse the data; refuse headers that are too long before they end."""
        super().data_received(data)
        if self._timer is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._fault = HeadTooLong()
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """Start the limits of a request."""
        super().on_message_begin()
        self._stop_limits()
        self._start_limits()

    def on_headers_complete(self) -> None:
        """Pass the request on, if its headers are not too long."""
        self._stop_limits()
        if sum(len(name) + len(value) for name, value in self.headers) > HEAD_BYTES:
            self._fault = HeadTooLong()
            raise self._fault  # the parser stops, and uvicorn asks for `send_400_response`
        hosts = sum(name == b"host" for name, _ in self.headers)
        if hosts > 1 or (hosts == 0 and self.parser.get_http_version() == "1.1"):
            raise self._fault  # RFC 9112, 3.2
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be parsed, after a complete request before it was answered."""
        before = self.cycle
        if before is None or before.response_complete or before.more_body:
            self._refuse(self._fault)
        else:
            before.keep_alive = False
            self.flow.pause_reading()

    def _let_go_if_unread(self) -> None:
        """Cut the connection if next to nothing of what waits in it was read."""
        unread_bytes = self.transport.get_write_buffer_size()
        is_stuck = self._unread_bytes and unread_bytes > self._unread_bytes - READ_BYTES
        if unread_bytes and is_stuck and not self._has_read:
            self.transport.abort()
            return
        self._unread_bytes, self._has_read = unread_bytes, False
        self._reading = self.loop.call_later(READ_SECONDS, self._let_go_if_unread)

    def _start_limits(self) -> None:
        self._head_bytes = 0
        self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _stop_limits(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _refuse(self, error: Exception) -> None:
        if self.transport.is_closing():
            return
        scope = cast("HTTPScope", {"path": "", "headers": []})
        headers = {
            **HEADERS,
            b"x-request-id": new_request_id(scope).encode(),
            b"connection": b"close",
        }
        ready = problems.problem_response(scope, error)
        headers[b"content-type"] = ready.media_type.encode()
        headers[b"content-length"] = str(len(ready.body)).encode()
        lines = [name + b": " + value + b"\r\n" for name, value in headers.items()]
        self.transport.write(b"".join([STATUS_LINE[ready.status], *lines, b"\r\n", ready.body]))
        self.transport.close()
        log_request(scope, "-", ready.status, 0.0)

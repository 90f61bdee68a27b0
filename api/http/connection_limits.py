"""What a connection may say before it is a request: so much, for so long, and only HTTP.

uvicorn sets no bounds to headers, waits for them for ever, and answers in plain text what it
cannot read. A proxy in front does better; this makes a single process enough.
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


class HeadTooLong(HTTPException):
    """More headers than any browser sends."""

    status_code = 431


class LimitedProtocol(HttpToolsProtocol):
    """One connection. What is no request is refused in the one shape of errors and cut off."""

    _head: asyncio.TimerHandle | None = None
    """When the headers now read must have ended; None while none are read."""
    _head_bytes = 0
    _fault: Exception = Malformed()

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Expect a request soon."""
        super().connection_made(transport)
        self._head_begins()

    def connection_lost(self, exc: Exception | None) -> None:
        """Expect nothing more."""
        self._head_ends()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, as long as headers that have not ended are not too long."""
        super().data_received(data)
        if self._head is not None:
            self._head_bytes += len(data)
            if self._head_bytes > HEAD_BYTES:
                self._fault = HeadTooLong()
                self.send_400_response("")

    def on_message_begin(self) -> None:
        """Begin to count."""
        super().on_message_begin()
        self._head_ends()
        self._head_begins()

    def on_headers_complete(self) -> None:
        """Hand the request on, if its headers are not too long."""
        self._head_ends()
        if sum(len(name) + len(value) for name, value in self.headers) > HEAD_BYTES:
            self._fault = HeadTooLong()
            raise self._fault  # the parser stops, and uvicorn asks for `send_400_response`
        super().on_headers_complete()

    def send_400_response(self, msg: str) -> None:
        """Refuse what cannot be read. A whole request that came before it is answered first."""
        before = self.cycle
        if before is None or before.response_complete or before.more_body:
            self._refuse(self._fault)
        else:
            before.keep_alive = False
            self.flow.pause_reading()

    def _head_begins(self) -> None:
        self._head_bytes = 0
        self._head = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_ends(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

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

"""Checks every request before its route (size, origin, content type), adds headers, logs it.

An ASGI app around Litestar, because Litestar calls no middleware where there is no such route or
method. Refusals are RFC 9457 problems like all errors. The cheapest checks come first.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Mapping
from types import MappingProxyType
from typing import cast
from urllib.parse import urlsplit

from litestar.enums import HttpMethod
from litestar.exceptions import HTTPException
from litestar.types import ASGIApp, HTTPScope, Message, Receive, Scope, Send
from litestar.types.asgi_types import ReceiveMessage

from api.errors import Malformed, NotAllowed, Unavailable
from api.http import problems
from api.http.request_log import log_request
from api.settings import Settings
from catalogue.build import content_security_policy
from catalogue.i18n.gettext import _, gettext_noop

BODY_BYTES = 64 * 1024
PATH_BYTES = 2_048
QUERY_BYTES = 8_192
"""Enough for the longest question in any script: a character may take twelve bytes."""
BODY_SECONDS = 20.0
"""A body must have arrived within this time; a telephone line is faster."""

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
JSON = b"application/json"
FORM = b"application/x-www-form-urlencoded"
"""The only encoding of forms: nothing is uploaded here, and multipart is harder to parse safely."""

HEADERS: Mapping[bytes, bytes] = MappingProxyType(
    {
        **{
            name.lower().encode(): value.encode()
            for name, value in content_security_policy.HEADERS.items()
        },
        content_security_policy.HEADER.lower().encode(): content_security_policy.STRICTEST.encode(),
        b"cache-control": b"no-store",
    }
)
"""On every answer, unless the route sets them: a page of the site has its own policy."""


PUBLIC_DATA = re.compile(r"/api/(?!docs/?$)")
"""Addresses whose answers a page of another site may read; the page of documentation is a page."""
PUBLIC_HEADERS: Mapping[bytes, bytes] = MappingProxyType(
    {
        name.lower().encode(): value.encode()
        for name, value in content_security_policy.SHARED_HEADERS.items()
    }
    | {b"access-control-allow-methods": b"GET, HEAD", b"access-control-max-age": b"86400"}
)
"""On what the API tells everybody, so that a page of another site may read it. It never goes with
credentials, and nothing under `/api` looks at a login."""

STOPPING = gettext_noop("The service is starting again. Please send this once more in a moment.")


class RequestTooLong(HTTPException):
    """Too long: 413 for a body, 414 for an address."""

    status_code = 413


class BodyTimeout(HTTPException):
    """A body that did not arrive in time."""

    status_code = 408


class UnsupportedBody(HTTPException):
    """A body that is neither JSON nor a form, or does not say so, or is compressed."""

    status_code = 415


class Protection:
    """Wraps the application. `page` renders a problem for a browser (see `problems.Page`)."""

    def __init__(
        self, app: ASGIApp, settings: Settings, page: problems.RenderProblem | None = None
    ) -> None:
        self._app = app
        self._page = page
        self._own_host = urlsplit(settings.base_url).netloc.encode("latin-1")
        self._headers = dict(HEADERS)
        if settings.secure:
            self._headers[b"strict-transport-security"] = b"max-age=31536000"
        self._public_headers = {**self._headers, **PUBLIC_HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle one request; pass `lifespan` on unchanged, refuse web sockets."""
        kind: str = scope["type"]
        if kind == "http":
            await self._handle_request(cast("HTTPScope", scope), receive, send)
        elif kind == "websocket":
            await send({"type": "websocket.close", "code": 1008, "reason": ""})
        else:
            await self._app(scope, receive, send)

    async def _handle_request(self, scope: HTTPScope, receive: Receive, send: Send) -> None:
        started_at, method = time.perf_counter(), scope["method"]
        if method == "HEAD":
            scope = {**scope, "method": HttpMethod.GET}
        is_public = method in SAFE_METHODS and PUBLIC_DATA.match(scope["path"]) is not None
        headers = self._public_headers if is_public else self._headers
        sender = _Sender(send, headers, new_request_id(scope), bodiless=method == "HEAD")
        try:
            refuse_unsafe(scope, self._own_host)
            await self._app(scope, _limited(receive), sender)
        except Exception as error:
            if sender.status:
                scope["kith_error"] = error  # type: ignore[typeddict-unknown-key]
            else:
                await _send(sender, problems.problem_response(scope, error, self._page))
        except asyncio.CancelledError:  # the server stops, and its time limit is over
            if not sender.status:
                await _send(
                    sender, problems.problem_response(scope, Unavailable(sentence=_(STOPPING)))
                )
        finally:
            log_request(scope, method, sender.status, time.perf_counter() - started_at)


def refuse_unsafe(scope: HTTPScope, own_host: bytes) -> None:
    """Raise for a request that is too long, of a wrong type, or from another site's page."""
    if len(scope.get("raw_path") or b"") > PATH_BYTES or len(scope["query_string"]) > QUERY_BYTES:
        raise RequestTooLong(status_code=414)
    if scope["method"] in SAFE_METHODS:
        return
    headers = {name.lower(): value for name, value in scope["headers"]}
    length = headers.get(b"content-length", b"0")
    if not length.isdigit() or int(length[:20]) > BODY_BYTES:
        raise RequestTooLong
    kind = headers.get(b"content-type", b"").split(b";")[0].strip().lower()
    has_body = length.strip(b"0") != b"" or b"transfer-encoding" in headers
    if kind not in {FORM, JSON} and (kind or has_body):
        raise UnsupportedBody
    if headers.get(b"content-encoding", b"identity").lower() != b"identity":
        raise UnsupportedBody
    if not is_same_origin(headers, own_host, is_form=kind == FORM):
        raise NotAllowed(_("This was sent from another website, so we did not take it."))


def is_same_origin(headers: Mapping[bytes, bytes], own_host: bytes, *, is_form: bool) -> bool:
    """Return whether an unsafe request comes from a page of this site, or from no page at all.

    Browsers send the origin of a request: `Sec-Fetch-Site` over https and on localhost, else
    `Origin`. A request without either is a program's, or of a browser from before 2020; it has no
    permissions as long as it has no cookie. Programs send JSON; such a browser can still send our
    forms, because it sends `Referer`.
    """
    hosts = {own_host, headers.get(b"host", own_host)}
    fetched = headers.get(b"sec-fetch-site")
    if fetched is not None:
        return fetched in {b"same-origin", b"none"}
    page = headers.get(b"origin") or headers.get(b"referer")
    if page is not None:
        return _host(page) in hosts
    return not is_form and b"cookie" not in headers


def _host(address: bytes) -> bytes | None:
    try:
        return urlsplit(address).netloc or None
    except ValueError:
        return None


def new_request_id(scope: Scope) -> str:
    """Draw an id. One that the caller chooses could bring anything into the log."""
    request_id = secrets.token_hex(8)
    scope["kith_request_id"] = request_id  # type: ignore[typeddict-unknown-key]
    return request_id


def _limited(receive: Receive) -> Receive:
    """Limit the size of a body, for `Content-Length` may be absent, and the time it may take."""
    received_bytes, is_complete = 0, False
    until = asyncio.get_running_loop().time() + BODY_SECONDS

    async def receive_limited() -> ReceiveMessage:
        nonlocal received_bytes, is_complete
        if is_complete:
            return await receive()
        try:
            async with asyncio.timeout_at(until):
                message = await receive()
        except TimeoutError:
            raise BodyTimeout from None
        if message["type"] != "http.request":
            raise Malformed  # the client is gone: a 400 in the log, not a 500
        received_bytes, is_complete = (
            received_bytes + len(message.get("body", b"")),
            not message.get("more_body", False),
        )
        if received_bytes > BODY_BYTES:
            raise RequestTooLong
        return message

    return receive_limited


class _Sender:
    """Passes messages on, adds the headers that are missing, and records the status.

    A HEAD is routed as a GET, because Litestar answers it with 405; its body is dropped here.
    """

    def __init__(
        self, send: Send, headers: Mapping[bytes, bytes], request_id: str, *, bodiless: bool
    ) -> None:
        self._send = send
        self._bodiless = bodiless
        self._headers = headers
        self._request_id = request_id.encode()
        self.status = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            names_sent = {name.lower() for name, _ in message["headers"]}
            message["headers"] = [
                *message["headers"],
                *(header for header in self._headers.items() if header[0] not in names_sent),
                (b"x-request-id", self._request_id),
            ]
        elif self._bodiless and message["type"] == "http.response.body":
            message["body"] = b""
        await self._send(message)


async def _send(send: Send, ready: problems.ProblemResponse) -> None:
    kind = f"{ready.media_type}; charset=utf-8" if ready.media_type == "text/html" else None
    headers = {"content-type": kind or ready.media_type, "content-length": str(len(ready.body))}
    pairs = [
        (name.lower().encode(), value.encode("latin-1"))
        for name, value in {**headers, **ready.headers}.items()
    ]
    await send({"type": "http.response.start", "status": ready.status, "headers": pairs})
    await send({"type": "http.response.body", "body": ready.body, "more_body": False})

"""Serves the built site of the current release: cached in memory, compressed, with ETags.

A small ASGI app. Caddy serves the same folder in production; with this app a single process is
enough for a trial or a small council. Pages get the content security policy that the build wrote.
"""

import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import msgspec
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send

from catalogue.build import content_security_policy

MAX_CACHED_BYTES = 64 * 1024 * 1024  # a site of 10,000 entries has four times that
COMPRESS_FROM_BYTES = 600
COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg", "application/xml")
TAKES_GZIP = re.compile(rb"(?:^|,)\s*(?:gzip|\*)\s*(?=,|$|;)(?!;\s*q=0(?:\.0*)?\s*(?:,|$))")
CONTENT_TYPES = {"feed.xml": "application/atom+xml"}
"""Content types that cannot be guessed from a file's suffix."""
UNSERVED = frozenset(
    {
        "/frame.html",
        f"/{content_security_policy.HEADERS_FILE}",
        f"/{content_security_policy.POLICY_FILE}",
    }
)

MOVED = re.compile(rb'<meta http-equiv="refresh" content="0; url=(/[a-z0-9/-]*)">')
"""What the build writes in the head of a page that has moved to another address."""

ASKED_FROM = re.compile(rb"from=[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""What the switch to another language adds to an address, which this site may not have."""

FORM_PATHS = ("/ask", "/put-right")
"""Form pages of the site that the service renders itself where an activity is named."""

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("font/woff2", ".woff2")
mimetypes.add_type("application/manifest+json", ".webmanifest")


class StaticFile(msgspec.Struct, frozen=True):
    """A file as it is sent: plain, compressed (empty where that saves nothing), and its headers."""

    plain: bytes
    compressed: bytes
    etag: bytes
    """Weak, for plain and compressed are the same page in other bytes."""
    headers: tuple[tuple[bytes, bytes], ...]
    moved_to: bytes = b""


class Site:
    """Answers GET and HEAD for files of the site, and passes everything else on to `app`.

    `folder()` returns the site of the current release. This app is in front of the routes, so a
    form's page and the route that receives the form may share an address. Where an activity is
    named (`/ask?activity=...`) the service answers, and not the page at `/ask/`. Who comes from the
    same directory in another language to a page that is not here is led to the first page.
    """

    def __init__(self, app: ASGIApp, folder: Callable[[], Path]) -> None:
        self._app = app
        self._folder = folder
        self._cached_folder: Path | None = None
        self._policy = b""
        self._pages: dict[str, StaticFile] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send a file of the site, or call the app behind it."""
        is_read = scope["type"] == ScopeType.HTTP and scope["method"] in ("GET", "HEAD")
        file = self.find(scope["path"]) if is_read and not _names_activity(scope) else None
        if file is None and is_read and ASKED_FROM.fullmatch(scope.get("query_string", b"")):
            scope["path_template"] = "(site)"
            await _answer(send, 302, [(b"location", b"/")])
            return
        if file is None or scope["type"] != ScopeType.HTTP:
            await self._app(scope, receive, send)
            return
        scope["path_template"] = "(site)"  # for the log line
        if isinstance(file, StaticFile) and file.moved_to:
            await _answer(send, 301, [(b"location", file.moved_to)])
        elif isinstance(file, StaticFile):
            await _send_page(send, file, dict(scope["headers"]), scope["method"])
        else:
            query = scope["query_string"].decode("latin-1")
            target = f"{quote(file)}?{query}" if query else quote(file)
            await _answer(send, 308, [(b"location", target.encode("latin-1"))])

    def find(self, path: str) -> StaticFile | str | None:
        """Return the file of a path, the path to redirect to, or None."""
        folder = self._folder()
        if "\0" in path or "//" in path or {".", ".."} & {*path.split("/")}:
            return None
        if folder != self._cached_folder:
            self._cached_folder, self._pages, self._bytes = folder, {}, 0
            self._policy = content_security_policy.read_policy(folder).encode()
        if path in self._pages:
            return self._pages[path]
        file = folder / path.lstrip("/")
        page = file / "index.html" if path.endswith("/") else file
        if _is_inside(folder, page) and path not in UNSERVED:
            return self._cache(
                path,
                _page(page, self._policy, shared=content_security_policy.is_shared(path)),
            )
        return f"{path}/" if _is_inside(folder, file / "index.html") else None

    def _cache(self, path: str, page: StaticFile) -> StaticFile:
        size = len(page.plain) + len(page.compressed)
        if self._bytes + size > MAX_CACHED_BYTES:
            self._pages, self._bytes = {}, 0
        self._pages[path] = page
        self._bytes += size
        return page


def _names_activity(scope: Scope) -> bool:
    """Return whether this is a form with an activity to fill in, which only the service can do."""
    return scope["path"] in FORM_PATHS and b"activity=" in scope.get("query_string", b"")


def _is_inside(folder: Path, file: Path) -> bool:
    """Return whether it is a file of the folder: a link may lead out of it, a name be too long."""
    try:
        return file.is_file() and file.resolve().is_relative_to(folder.resolve())
    except OSError:
        return False


def _page(file: Path, policy_of_site: bytes, *, shared: bool = False) -> StaticFile:
    plain = file.read_bytes()
    guessed = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    kind = CONTENT_TYPES.get(file.name, guessed)
    is_compressed = len(plain) >= COMPRESS_FROM_BYTES and kind.startswith(
        (*COMPRESSED, *CONTENT_TYPES.values())
    )
    text = kind.startswith(
        ("text/", "application/json", "application/xml", CONTENT_TYPES["feed.xml"])
    )
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode() if text else kind.encode()),
        # Scripts import each other without a version: revalidated each time, and so of one release.
        (b"cache-control", b"max-age=31536000" if kind.startswith("font/") else b"no-cache"),
        (b"vary", b"accept-encoding"),
    ]
    if kind == "text/html":
        headers.append((b"content-security-policy", policy_of_site))
    if shared:
        more = content_security_policy.SHARED_HEADERS.items()
        headers += [(name.lower().encode(), value.encode()) for name, value in more]
    etag = b'W/"' + hashlib.blake2b(plain, digest_size=12).hexdigest().encode() + b'"'
    compressed = gzip.compress(plain, 6, mtime=0) if is_compressed else b""
    moved = MOVED.search(plain) if kind == "text/html" else None
    return StaticFile(plain, compressed, etag, tuple(headers), moved[1] if moved else b"")


async def _send_page(
    send: Send, page: StaticFile, request_headers: dict[bytes, bytes], method: str
) -> None:
    body, headers = page.plain, [*page.headers, (b"etag", page.etag)]
    if _matches_etag(request_headers.get(b"if-none-match", b""), page.etag):
        await _answer(send, 304, headers)
        return
    if page.compressed and TAKES_GZIP.search(request_headers.get(b"accept-encoding", b"").lower()):
        body = page.compressed
        headers.append((b"content-encoding", b"gzip"))
    await _answer(send, 200, headers, body, method)


def _matches_etag(if_none_match: bytes, etag: bytes) -> bool:
    """Return whether `If-None-Match` names the page, as a strong or a weak ETag."""
    etags = {value.strip().removeprefix(b"W/") for value in if_none_match.split(b",")}
    return bool(etags & {b"*", etag.removeprefix(b"W/")})


async def _answer(
    send: Send,
    status: int,
    headers: list[tuple[bytes, bytes]] | tuple[tuple[bytes, bytes], ...] = (),
    body: bytes = b"",
    method: str = "GET",
) -> None:
    length = (b"content-length", str(len(body)).encode())
    start_headers = [*headers] if status == 304 else [*headers, length]
    await send({"type": "http.response.start", "status": status, "headers": start_headers})
    await send(
        {
            "type": "http.response.body",
            "body": b"" if method == "HEAD" else body,
            "more_body": False,
        }
    )

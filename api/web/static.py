"""The built site from memory: compressed, with ETags, and turned over when a new release stands.

A small ASGI app. Caddy serves the same folder in production; this one makes a single process
enough for a trial and a small council. Pages carry a CSP with the hashes of their own scripts.
"""

import base64
import gzip
import hashlib
import mimetypes
import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import msgspec
from litestar.types import Receive, Scope, Send

KEPT_BYTES = 64 * 1024 * 1024  # pages kept in memory; 10,000 entries are four times that
COMPRESS_FROM_BYTES = 600
COMPRESSED = ("text/", "application/json", "application/javascript", "image/svg", "application/xml")
INLINE_SCRIPT = re.compile(
    r"<script(?![^>]*\bsrc=)(?![^>]*\btype=\"application/)[^>]*>(.*?)</script>", re.S
)
POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)

mimetypes.add_type("text/javascript", ".js")
mimetypes.add_type("text/javascript", ".mjs")
mimetypes.add_type("font/woff2", ".woff2")


class Page(msgspec.Struct, frozen=True):
    """A file as it is sent: plain, compressed (empty where it does not pay) and its headers."""

    plain: bytes
    compressed: bytes
    etag: bytes
    headers: tuple[tuple[bytes, bytes], ...]


class Site:
    """Serves the site of the release that `folder()` names at the moment of asking."""

    def __init__(self, folder: Callable[[], Path | None]) -> None:
        self._folder = folder
        self._of: Path | None = None
        self._pages: dict[str, Page] = {}
        self._bytes = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one GET or HEAD for a path of the site."""
        path = unquote(scope["raw_path"].split(b"?")[0].decode("latin-1"))
        found = self.find(path)
        if isinstance(found, str):
            await _answer(send, 308, [(b"location", found.encode("latin-1"))])
            return
        asked = dict(scope["headers"])
        if found is None:
            missing = self.find("/404.html")
            body = missing.plain if isinstance(missing, Page) else b"Not found"
            headers = missing.headers if isinstance(missing, Page) else ()
            await _answer(send, 404, headers, body, scope["method"])
        elif asked.get(b"if-none-match") == found.etag:
            await _answer(send, 304, [*found.headers, (b"etag", found.etag)])
        else:
            await _send_page(send, found, asked, scope["method"])

    def find(self, path: str) -> Page | str | None:
        """Return the page of a path, the address it should be asked at, or None."""
        folder = self._folder()
        if folder is None or "\0" in path or ".." in path.split("/") or path == "/frame.html":
            return None
        if folder != self._of:
            self._of, self._pages, self._bytes = folder, {}, 0
        if path in self._pages:
            return self._pages[path]
        file = folder / path.lstrip("/")
        if file.is_dir():
            if not path.endswith("/"):
                return path + "/"
            file = file / "index.html"
        if not file.is_file():
            return None
        return self._keep(path, _page(file))

    def _keep(self, path: str, page: Page) -> Page:
        size = len(page.plain) + len(page.compressed)
        if self._bytes + size > KEPT_BYTES:
            self._pages, self._bytes = {}, 0
        self._pages[path] = page
        self._bytes += size
        return page


def policy(html: str) -> str:
    """Return a page's Content-Security-Policy: its own inline scripts, by hash, and no other."""
    hashes = {
        base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
        for script in INLINE_SCRIPT.findall(html)
    }
    return POLICY.format(hashes="".join(f" 'sha256-{value}'" for value in sorted(hashes)))


def _page(file: Path) -> Page:
    plain = file.read_bytes()
    kind = mimetypes.guess_type(file.name)[0] or "application/octet-stream"
    worth = len(plain) >= COMPRESS_FROM_BYTES and kind.startswith(COMPRESSED)
    text = kind.startswith(("text/", "application/json", "application/xml"))
    headers = [
        (b"content-type", f"{kind}; charset=utf-8".encode() if text else kind.encode()),
        (b"cache-control", b"no-cache" if kind == "text/html" else b"max-age=3600"),
        (b"vary", b"accept-encoding"),
    ]
    if kind == "text/html":
        headers.append((b"content-security-policy", policy(plain.decode()).encode()))
    etag = b'"' + hashlib.blake2b(plain, digest_size=12).hexdigest().encode() + b'"'
    compressed = gzip.compress(plain, 6, mtime=0) if worth else b""
    return Page(plain, compressed, etag, tuple(headers))


async def _send_page(send: Send, page: Page, asked: dict[bytes, bytes], method: str) -> None:
    body, headers = page.plain, [*page.headers, (b"etag", page.etag)]
    if page.compressed and b"gzip" in asked.get(b"accept-encoding", b""):
        body = page.compressed
        headers.append((b"content-encoding", b"gzip"))
    await _answer(send, 200, headers, body, method)


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

"""The content security policy and other headers of a built site, in files beside its pages.

Whoever serves the site sends them. Inline scripts are allowed by hashes taken while the site is
built, so a script injected later does not run. Inline styles are never allowed.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from html.parser import HTMLParser
from pathlib import Path
from types import MappingProxyType

POLICY = (
    "default-src 'none'; script-src 'self'{hashes}; style-src 'self'; img-src 'self'; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
STRICTEST = POLICY.format(hashes="")
"""For pages without an inline script, and for answers that are no pages."""

HEADERS: Mapping[str, str] = MappingProxyType(
    {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        # not "no-referrer": under that a browser calls the origin of our own forms "null"
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": "camera=(), geolocation=(self), microphone=(), payment=(), usb=()",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
)
"""Headers that go with every answer, besides the policy."""

SHARED_PATH = "/embed/"
"""The path of what other sites embed: badges, registers, the script of a register."""
SHARED_FILES = (".json", ".xml", ".ics", ".csv")
"""Data that pages of other sites may read as well: open data, feeds, calendars."""
SHARED_RULES = (f"{SHARED_PATH}*", "/activities.json", "/feed.xml")
"""The same for hosts of static sites, of which some know a `*` at the end of a path alone."""
SHARED_HEADERS: Mapping[str, str] = MappingProxyType(
    {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
)

HEADERS_FILE = "_headers"
"""Read by the service, and by hosts of static sites such as Netlify and Cloudflare Pages."""
POLICY_FILE = "_policy"
"""The policy by itself, in one line: read by the Caddy of `deploy/Caddyfile`."""
HEADER = "Content-Security-Policy"
INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc\s*=)", re.IGNORECASE)
RUNNING_TYPES = frozenset(
    {"", "module", "text/javascript", "application/javascript", "text/ecmascript"}
)
"""The types of scripts that a browser runs; others, such as JSON-LD, are data."""


class ScriptInBody(Exception):
    """What was made of somebody's words holds a script: cleaning has failed, and it must not run.

    A hash of it in the policy would let it.
    """

    def __init__(self, url: str) -> None:
        super().__init__(f"{url}: there is a script in the text of this page. Nothing was built.")


def expect_no_script(url: str, html: str) -> None:
    """Raise ScriptInBody if the text of a page, without its frame, holds a script of its own."""
    if inline_scripts(html):
        raise ScriptInBody(url)


def inline_scripts(html: str) -> set[str]:
    """Return the inline scripts of a page, each as a browser hashes it."""
    if not INLINE_SCRIPT.search(html):
        return set()
    parser = _Scripts()
    parser.feed(html)
    parser.close()
    return parser.scripts


def policy_for_scripts(scripts: Iterable[str]) -> str:
    """Return the policy that lets exactly these scripts run."""
    digests = {hashlib.sha256(script.encode()).digest() for script in scripts}
    hashes = sorted(base64.b64encode(digest).decode() for digest in digests)
    return POLICY.format(hashes="".join(f" 'sha256-{value}'" for value in hashes))


def write_headers(folder: Path, policy: str) -> None:
    """Write the headers of a built site into its folder."""
    lines = (f"  {name}: {value}\n" for name, value in {HEADER: policy, **HEADERS}.items())
    # Hosts join the values of several rules that fit; `!` takes the first one back.
    removed = "".join(f"  ! {name}\n" for name in SHARED_HEADERS if name in HEADERS)
    shared = "".join(f"  {name}: {value}\n" for name, value in SHARED_HEADERS.items())
    rules = "".join(f"{path}\n{removed}{shared}" for path in SHARED_RULES)
    content = "/*\n" + "".join(lines) + rules
    (folder / HEADERS_FILE).write_text(content, encoding="utf-8")
    (folder / POLICY_FILE).write_text(policy, encoding="utf-8")


def is_shared(path: str) -> bool:
    """Say whether pages of other sites may read what stands at a path."""
    return path.startswith(SHARED_PATH) or path.endswith(SHARED_FILES)


def read_policy(folder: Path) -> str:
    """Return the policy of a built site; the strictest where none is written."""
    file = folder / HEADERS_FILE
    text = file.read_text(encoding="utf-8") if file.is_file() else ""
    match = re.search(rf"^  {HEADER}: (.+)$", text, re.MULTILINE)
    return match[1] if match else STRICTEST


class _Scripts(HTMLParser):
    """Collects the inline scripts that run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: set[str] = set()
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if (
            tag == "script"
            and "src" not in attributes
            and (attributes.get("type") or "").lower() in RUNNING_TYPES
        ):
            self._text = []

    def handle_data(self, data: str) -> None:
        if self._text is not None:
            self._text.append(data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "script" and self._text is not None:
            # a browser reads every line end as one sign before it hashes
            self.scripts.add("".join(self._text).replace("\r\n", "\n").replace("\r", "\n"))
            self._text = None

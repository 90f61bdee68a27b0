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
"""For pages in which no script stands, and for answers that are no pages."""

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

SHARED = "/embed/"
"""Below it stands what is for pages of other sites: badges, registers, the script of a register."""
SHARED_HEADERS: Mapping[str, str] = MappingProxyType(
    {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
)

FILE = "_headers"
"""Read by the service, and by hosts of static sites such as Netlify and Cloudflare Pages."""
ALONE = "_policy"
"""The policy by itself, in one line: read by the Caddy of `deploy/Caddyfile`."""
NAME = "Content-Security-Policy"
A_SCRIPT = re.compile(r"<script(?![^>]*\ssrc\s*=)", re.IGNORECASE)
RUNS = frozenset({"", "module", "text/javascript", "application/javascript", "text/ecmascript"})
"""The types of scripts that run; what stands in others is read, such as JSON-LD."""


def inline_scripts(html: str) -> set[str]:
    """Return every script that stands in a page, as a browser would run it."""
    if not A_SCRIPT.search(html):
        return set()
    found = _Scripts()
    found.feed(html)
    found.close()
    return found.scripts


def of_scripts(scripts: Iterable[str]) -> str:
    """Return the policy that lets exactly these scripts run."""
    digests = {hashlib.sha256(script.encode()).digest() for script in scripts}
    hashes = sorted(base64.b64encode(digest).decode() for digest in digests)
    return POLICY.format(hashes="".join(f" 'sha256-{value}'" for value in hashes))


def write(folder: Path, policy: str) -> None:
    """Write the headers of a built site into its folder."""
    lines = (f"  {name}: {value}\n" for name, value in {NAME: policy, **HEADERS}.items())
    # Hosts join the values of several rules that fit; `!` takes the first one back.
    taken = "".join(f"  ! {name}\n" for name in SHARED_HEADERS if name in HEADERS)
    shared = "".join(f"  {name}: {value}\n" for name, value in SHARED_HEADERS.items())
    whole = "/*\n" + "".join(lines) + f"{SHARED}*\n{taken}{shared}"
    (folder / FILE).write_text(whole, encoding="utf-8")
    (folder / ALONE).write_text(policy, encoding="utf-8")


def read(folder: Path) -> str:
    """Return the policy of a built site; the strictest where none is written."""
    file = folder / FILE
    written = file.read_text(encoding="utf-8") if file.is_file() else ""
    found = re.search(rf"^  {NAME}: (.+)$", written, re.MULTILINE)
    return found[1] if found else STRICTEST


class _Scripts(HTMLParser):
    """Gathers scripts that stand in a page and run."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.scripts: set[str] = set()
        self._text: list[str] | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if (
            tag == "script"
            and "src" not in attributes
            and (attributes.get("type") or "").lower() in RUNS
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

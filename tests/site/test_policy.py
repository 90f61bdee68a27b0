"""The policy a site is sent with: its own scripts by their hashes, and nothing from elsewhere."""

import shutil
from base64 import b64encode
from collections.abc import Iterator
from contextlib import AbstractContextManager
from functools import partial
from hashlib import sha256
from pathlib import Path

import pytest
from mkdocs.exceptions import Abort
from playwright.sync_api import Browser

from catalogue.build import content_security_policy
from catalogue.read import load
from tests.chromium import chromium
from tests.serving import Quiet, answering
from tests.site.conftest import build, lay_out

OWN_SCRIPT = 'document.documentElement.dataset.ran = "<\\u2014>";\r\n// an editor\'s own\r\n'
AS_A_BROWSER_READS_IT = OWN_SCRIPT.replace("\r\n", "\n")


def hash_of(script: str) -> str:
    return f"'sha256-{b64encode(sha256(script.encode()).digest()).decode()}'"


@pytest.fixture(scope="module")
def themed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site whose theme has a script of its own in the frame, and JSON-LD."""
    root = lay_out(tmp_path_factory.mktemp("themed"))
    theme = root / "site" / "theme" / "main.html"
    scripts = f'<script>{OWN_SCRIPT}</script><script type="application/ld+json">{{}}</script>'
    theme.write_bytes(
        theme.read_bytes().replace(b"{% block libs %}", b"{% block libs %}" + scripts.encode())
    )
    project_read = load.read_project(root)
    assert project_read.catalogue
    return build(root, project_read.catalogue, root / "build" / "site")


class SiteWithHeaders(Quiet):
    """Serves a built site with the headers written beside it, as a host of static sites does."""

    def end_headers(self) -> None:
        for line in (Path(self.directory) / "_headers").read_text().splitlines()[1:]:
            name, _, value = line.strip().partition(": ")
            self.send_header(name, value)
        super().end_headers()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as launched:
        yield launched


def serve_with_headers(site: Path) -> AbstractContextManager[str]:
    """Serve a built site with its headers for as long as the body runs; its origin is given."""
    return answering(partial(SiteWithHeaders, directory=str(site)))


def test_a_site_without_scripts_of_its_own_has_the_strictest_policy(built: Path) -> None:
    assert content_security_policy.read_policy(built) == content_security_policy.STRICTEST
    assert "unsafe" not in content_security_policy.STRICTEST
    assert "data:" not in content_security_policy.STRICTEST


def test_a_script_of_a_theme_is_known_by_its_hash(themed: Path) -> None:
    policy = content_security_policy.read_policy(themed)
    assert f"script-src 'self' {hash_of(AS_A_BROWSER_READS_IT)};" in policy
    assert policy.count("sha256-") == 1  # what does not run has none


@pytest.mark.browser
def test_the_script_of_a_theme_runs_and_one_put_in_later_does_not(
    themed: Path, browser: Browser, tmp_path: Path
) -> None:
    shutil.copytree(themed, tmp_path / "site")
    page_file = tmp_path / "site" / "about" / "index.html"
    markup = b"<script>document.documentElement.dataset.harm = 1</script><p style='color: red'>"
    page_file.write_bytes(page_file.read_bytes().replace(b"</main>", markup + b"</main>"))
    with serve_with_headers(tmp_path / "site") as origin:
        page = browser.new_page(base_url=origin)
        messages: list[str] = []
        page.on("console", lambda line: messages.append(line.text))
        page.goto("/activities/")
        assert page.evaluate("document.documentElement.dataset.ran") == "<\u2014>"
        assert messages == []
        page.goto("/about/")
        assert page.evaluate("document.documentElement.dataset.harm") is None
        assert len([message for message in messages if "Content Security Policy" in message]) == 2


@pytest.mark.browser
def test_what_a_page_tells_machines_is_read_under_the_strictest_policy(
    built: Path, browser: Browser
) -> None:
    assert content_security_policy.read_policy(built) == content_security_policy.STRICTEST
    with serve_with_headers(built) as origin:
        page = browser.new_page(base_url=origin)
        messages: list[str] = []
        page.on("console", lambda line: messages.append(line.text))
        page.on("pageerror", lambda error: messages.append(str(error)))
        page.goto("/activities/coffee-at-the-mill/")
        read = page.evaluate(
            "JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').text).name"
        )
        assert read == "Demonstration: Coffee & cake at the Mill"
        assert messages == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>none</p><script src=/a.js></script>", set()),
        ("<SCRIPT>a</SCRIPT><script type=module>b</script>", {"a", "b"}),
        ("<script data-src='x'>a\r\nb\rc</script>", {"a\nb\nc"}),
        ('<script type="application/ld+json">{}</script>', set()),
        ("<script>if (a < b) '<p>'</script><script>never closed", {"if (a < b) '<p>'"}),
        ("<script></script>", {""}),
    ],
)
def test_scripts_are_found_as_a_browser_finds_them(html: str, expected: set[str]) -> None:
    assert content_security_policy.inline_scripts(html) == expected


def test_pictures_of_the_style_sheets_are_files(built: Path) -> None:
    for sheet in (built / "assets").glob("*.css"):
        assert "data:" not in sheet.read_text(encoding="utf-8")
    icons = [*(built / "assets" / "icons").glob("*.svg")]
    assert icons
    for icon in icons:
        assert icon.read_text(encoding="utf-8").startswith("<svg")
        assert f"icons/{icon.name}" in (built / "assets" / "material.css").read_text()


@pytest.mark.parametrize("where", ["entry", "page"])
def test_a_script_that_got_through_the_cleaning_fails_the_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, where: str
) -> None:
    """The policy would have let it run by its hash."""
    root = lay_out(tmp_path / "project")
    leaking = "<p>x</p><script>alert(1)</script>"
    if where == "entry":
        monkeypatch.setattr("catalogue.read.body.to_html", lambda text: leaking)
    else:
        monkeypatch.setattr("catalogue.build.editor_pages.clean", lambda html: leaking)
    project_read = load.read_project(root)
    assert project_read.catalogue
    with pytest.raises(Abort):
        build(root, project_read.catalogue, root / "build" / "site")
    assert "there is a script in the text of this page" in caplog.text
    assert not (root / "build" / "site" / "_headers").exists()

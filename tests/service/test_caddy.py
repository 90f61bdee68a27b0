"""Kith behind Caddy, as `deploy/Caddyfile` has it. Without a Caddy here the answers are unknown."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from catalogue.build import content_security_policy
from tests.support.loopback import free_port

ROOT = Path(__file__).parents[2]
FILE = ROOT / "deploy" / "Caddyfile"
NEEDED = (2, 8)


@pytest.fixture(scope="module")
def caddy() -> str:
    program = shutil.which("caddy")
    if program is None:
        pytest.skip("unknown: there is no Caddy here")
    shown = subprocess.run([program, "version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"(\d+)\.(\d+)\.\d+", shown)
    if version is None or tuple(map(int, version.groups())) < NEEDED:
        pytest.skip(f"unknown: this Caddy is {shown.strip()}, older than 2.8")
    return program


@pytest.fixture(scope="module")
def front(
    caddy: str, built_project: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[httpx.Client]:
    """Caddy before a built site whose service is down."""
    home, port = str(tmp_path_factory.mktemp("caddy")), free_port()
    environ = {
        **os.environ,
        "HOME": home,
        "XDG_DATA_HOME": home,
        "XDG_CONFIG_HOME": home,
        "CADDY_ADMIN": f"127.0.0.1:{free_port()}",
        "KITH_DOMAIN": f"http://127.0.0.1:{port}",
        "KITH_SITE": str(built_project / "build" / "current" / "site"),
        "KITH_UPSTREAM": f"127.0.0.1:{free_port()}",
    }
    command = [caddy, "run", "--config", str(FILE), "--adapter", "caddyfile"]
    with subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr
        for line in running.stderr:
            if "serving initial configuration" in line:
                break
        with httpx.Client(base_url=f"http://127.0.0.1:{port}") as client:
            yield client
        running.terminate()
        running.stderr.read()


def test_its_headers_are_those_of_the_service() -> None:
    config = FILE.read_text(encoding="utf-8")
    headers = dict(re.findall(r'^\t{3}([A-Z][A-Za-z-]+) "?([^"\n]+)"?$', config, re.MULTILINE))
    assert {
        name: headers[name] for name in content_security_policy.HEADERS
    } == content_security_policy.HEADERS
    assert headers[content_security_policy.HEADER].endswith(
        f"/{content_security_policy.POLICY_FILE}}}"
    )


def test_what_other_sites_may_read_is_what_the_service_lets_them() -> None:
    config = FILE.read_text(encoding="utf-8")
    endings = " ".join(f"*{ending}" for ending in content_security_policy.SHARED_FILES)
    assert config.count(f" path {content_security_policy.SHARED_PATH}* {endings}\n") == 2
    for name, value in content_security_policy.SHARED_HEADERS.items():
        assert f"header @shared {name} {value}\n" in config


def test_slow_clients_are_timed_out_and_nothing_is_logged() -> None:
    config = FILE.read_text(encoding="utf-8")
    assert {"read_header 10s", "read_body 30s", "idle 2m"} <= {
        line.strip() for line in config.splitlines()
    }
    assert not re.search(r"^\s*log\b", config, re.MULTILINE)


def test_caddy_finds_no_fault_in_the_file(caddy: str) -> None:
    command = [caddy, "validate", "--config", str(FILE), "--adapter", "caddyfile"]
    result = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert result.returncode == 0, result.stderr
    assert '"level":"warn"' not in result.stderr
    assert "not formatted" not in result.stderr


def test_a_page_comes_compressed_with_the_policy_of_its_build(
    front: httpx.Client, built_project: Path
) -> None:
    page = front.get("/find/", headers={"accept-encoding": "gzip"})
    assert page.status_code == 200
    assert page.headers["content-encoding"] == "gzip"
    site = built_project / "build" / "current" / "site"
    assert page.headers["content-security-policy"] == content_security_policy.read_policy(site)


def test_only_what_other_sites_may_show_can_be_read_by_them(
    front: httpx.Client, built_project: Path
) -> None:
    site = built_project / "build" / "current" / "site"
    files = [file for file in sorted(site.rglob("*")) if file.is_file()]
    paths = {f"/{file.relative_to(site).as_posix()}" for file in files}
    shared = sorted(filter(content_security_policy.is_shared, paths))
    one_of_each = {path.rpartition(".")[2]: path for path in shared}
    assert len(one_of_each) > 2
    for path in one_of_each.values():
        headers = front.get(path).headers
        for name, value in content_security_policy.SHARED_HEADERS.items():
            assert headers.get_list(name) == [value], (path, name)
    for path in ("/find/", "/activities/"):
        headers = front.get(path).headers
        assert "access-control-allow-origin" not in headers
        assert headers["cross-origin-resource-policy"] == "same-origin"


@pytest.mark.parametrize("path", ["/frame.html", "/_headers", "/_policy", "/ask/?activity=x"])
def test_what_is_not_served_from_the_folder_is_asked_of_the_service(
    front: httpx.Client, path: str
) -> None:
    assert front.get(path).status_code == 503


def test_while_the_service_is_down_pages_stand_and_the_rest_says_so(front: httpx.Client) -> None:
    assert front.get("/activities/").status_code == 200
    searched = front.get("/search?q=coffee")
    assert searched.status_code == 503
    assert searched.headers["retry-after"] == "60"
    assert "/activities/" in searched.text

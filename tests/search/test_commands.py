"""`kith search index` says what it lacks, and never a key."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.cli import main
from tests.support.loopback import free_port

KEY = "canarykey"


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KITH_MEILI_URL", "KITH_MEILI_KEY", "KITH_MEILI_ADMIN_KEY"):
        monkeypatch.delenv(name, raising=False)


def index(project: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--project", str(project), "search", "index"])
    return result.exit_code, result.output


def test_without_a_server_and_a_key_for_it_the_call_is_wrong(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    status, output = index(tmp_path)
    assert status == 2
    assert "KITH_MEILI_ADMIN_KEY" in output
    monkeypatch.setenv("KITH_MEILI_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("KITH_MEILI_KEY", KEY)
    status, output = index(tmp_path)
    assert status == 2  # a key that may only search is not enough
    assert KEY not in output


def test_before_a_build_there_is_nothing_to_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("KITH_MEILI_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("KITH_MEILI_ADMIN_KEY", KEY)
    status, output = index(tmp_path)
    assert (status, "kith build" in output) == (1, True)
    assert KEY not in output

"""The Meilisearch of the tests: only the program we looked at is run, and only here."""

import json
from pathlib import Path

import httpx
import pytest

from tests.support.meilisearch_server import PROGRAM, NoServer, Server, program

ROOT = Path(__file__).parents[2]


def test_another_program_in_its_place_is_not_run(tmp_path: Path) -> None:
    other = tmp_path / "meilisearch"
    other.write_text("#!/bin/sh\ntouch ran\n")
    with pytest.raises(NoServer, match="not the program"):
        program(other)
    assert other.stat().st_mode & 0o111 == 0


def test_where_there_is_none_the_reason_is_said(tmp_path: Path) -> None:
    with pytest.raises(NoServer, match="make test"):
        program(tmp_path / "meilisearch")


def test_an_installed_service_never_fetches_it() -> None:
    """It is optional in the lock, and what `make serve` runs leaves the optional parts out."""
    name = "/".join(PROGRAM.parts[-3:-1])
    lock = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert lock[f"node_modules/{name}"]["optional"] is True
    recipe = (ROOT / "Makefile").read_text().split("$(NPM)/.parts:")[1]
    assert "--omit=optional" in recipe.split("\n\n")[0]


@pytest.mark.meilisearch
def test_it_listens_on_loopback_and_wants_its_key(meilisearch: Server) -> None:
    assert meilisearch.url.startswith("http://127.0.0.1:")
    assert httpx.get(f"{meilisearch.url}/version").status_code == 401

"""Somebody who knows MkDocs and nothing else types `mkdocs build`, and gets the same site."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.service.conftest import build
from tests.support.kith_process import plain_environ


def files(site: Path) -> dict[str, bytes]:
    return {
        file.relative_to(site).as_posix(): file.read_bytes()
        for file in site.rglob("*")
        if file.is_file()
    }


def test_mkdocs_build_makes_the_site_that_kith_build_makes(
    built_project: Path, tmp_path: Path
) -> None:
    """From a fresh checkout: no release, no cache, only the sources and the browser parts."""
    project = tmp_path / "project"
    shutil.copytree(
        built_project,
        project,
        symlinks=True,
        ignore=shutil.ignore_patterns("releases", "current", "cache"),
    )
    result = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict"],
        cwd=project,
        env={**plain_environ(), "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    build(project)
    alone, from_kith = (
        files(project / "build" / "site"),
        files(project / "build" / "current" / "site"),
    )
    assert alone.keys() == from_kith.keys()
    assert [name for name in from_kith if alone[name] != from_kith[name]] == []

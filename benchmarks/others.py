"""What the same thousand entries cost other builders, side by side in one run.

The others come from a lock of their own (`benchmarks/peers/install.sh`); one that cannot be had or
does not run says unknown. CPU is user and system of a builder and all it starts, as in `builds.py`.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import builds, other_searches
from benchmarks.table import Row, unknown
from tests.support import generate

ENTRIES = 1_000
SECONDS = 300
INSTALLED = Path("build/peers").absolute()
PLAIN = """site_name: Plain
docs_dir: docs
site_dir: out
theme: {name: material, font: false}
plugins: [search]
nav: [{Home: index.md}]
not_in_nav: "/activities/*"
"""
HUGO = 'baseURL = "https://plain.example/"\ntitle = "Plain"\ndisableKinds = ["taxonomy", "rss"]\n'
HUGO_PAGE = """<!doctype html><title>{{ .Title }}</title><main><h1>{{ .Title }}</h1>
<p>{{ .Params.summary }}</p><dl>{{ range $name, $value := .Params }}<dt>{{ $name }}</dt>
<dd>{{ $value }}</dd>{{ end }}</dl>{{ .Content }}</main>
"""


class Other(NamedTuple):
    """Another builder: how its project is laid out of the entries, and what builds it."""

    name: str
    lay: Callable[[Path, Path], None]
    command: Sequence[str]


def run(root: Path) -> list[Row]:
    """Build the same entries with Kith and with each of the others; `root` is the project."""
    with tempfile.TemporaryDirectory() as place:
        project = Path(place) / "kith"
        project.mkdir()
        generate.write(ENTRIES, generate.SEED, project)
        builds.complete_project(root, project)
        kith = builds.cpu_of("-m", "api.cli", "--project", str(project), "build")
        bare_loop = builds.cpu_of("-m", "benchmarks.peers.bare_loop", str(project))
        site, loop = project / "build/current/", project / "build/bare"
        rows = [_row("Kith", kith, site), _row("a bare Jinja + Markdown loop", bare_loop, loop)]
        rows += [
            _built(generator, project, Path(place) / generator.name.split()[0])
            for generator in _others()
        ]
        rows += other_searches.pagefind(loop, ENTRIES)
        return [*rows, *other_searches.lunr(Path(place), ENTRIES)]


def _others() -> list[Other]:
    programs = INSTALLED / "env" / "bin"
    return [
        Other("Plain MkDocs pages", _plain, (sys.executable, "-m", "mkdocs", "build", "--quiet")),
        Other("Zensical 0.0.73", _plain, (str(programs / "zensical"), "build")),
        Other("Hugo 0.168", _hugo, (str(programs / "hugo"), "--quiet", "--destination", "out")),
    ]


def _plain(project: Path, into: Path) -> None:
    shutil.copytree(project / "content/activities", into / "docs/activities")
    (into / "docs/index.md").write_text("# Home\n")
    (into / "mkdocs.yml").write_text(PLAIN)


def _hugo(project: Path, into: Path) -> None:
    shutil.copytree(project / "content/activities", into / "content/activities")
    (into / "layouts/_default").mkdir(parents=True)
    for kind in ("single", "list"):
        (into / f"layouts/_default/{kind}.html").write_text(HUGO_PAGE)
    (into / "hugo.toml").write_text(HUGO)


def _built(other: Other, project: Path, into: Path) -> Row:
    if not shutil.which(other.command[0]):
        return unknown(_name(other.name), "it is not installed")
    other.lay(project, into)
    spent, failure = _spent(other.command, into)
    return (
        _row(other.name, spent, into / "out")
        if not failure
        else unknown(_name(other.name), failure)
    )


def _spent(command: Sequence[str], folder: Path) -> tuple[float, str]:
    """Return the CPU seconds of a command, and in a few words why it failed if it did."""
    before = builds.children()
    try:
        result = subprocess.run(
            command,
            cwd=folder,
            env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        return 0.0, f"{type(error).__name__}"
    failure = f"it ended with {result.returncode}" if result.returncode else ""
    return builds.children() - before, failure


def _name(builder: str) -> str:
    return f"build of {ENTRIES:,} entries by {builder}"


def _row(builder: str, spent: float, output: Path) -> Row:
    """Return the CPU seconds and what was written for them."""
    files = [file for file in output.rglob("*") if file.is_file()]
    kinds = {
        suffix: sum(file.suffix == suffix for file in files) for suffix in (".html", ".ics", ".md")
    }
    counts = ", ".join(f"{count:,} {suffix[1:]}" for suffix, count in kinds.items() if count)
    size = sum(file.stat().st_size for file in files) / 1e6
    return Row(
        _name(builder), f"{spent:.1f} CPU-s: {counts}; {size:.0f} MB in {len(files):,} files"
    )

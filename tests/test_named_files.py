"""Comments, docstrings and docs name modules and scripts of this project that exist."""

import ast
import io
import re
import subprocess
import tokenize
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[1]
LEFT_OUT = ("CHANGELOG.md", "docs/decisions/", "content/", "tests/fixtures/", "benchmarks/peers/")
FILE = re.compile(r"(?<![\w./@-])((?:[\w-]+/)*[\w-]+\.(?:py|js|mjs))\b(?!\()")
MODULE = re.compile(r"(?<![\w./])((?:api|catalogue)(?:\.[a-z_0-9]+)+)\b")
REMARK = re.compile(r"//[^\n]*|/\*.*?\*/|\{#.*?#\}", re.DOTALL)
MADE_BY_A_BUILD = {"sw.js"}


def test_every_module_and_script_that_is_named_exists() -> None:
    names = _tracked()
    parts = [name.split("/") for name in names]
    ends = {"/".join(part[start:]) for part in parts for start in range(len(part))}
    wrong = set()
    for name in names:
        if name.startswith(LEFT_OUT):
            continue
        if not _missing((ROOT / name).read_text(encoding="utf-8", errors="ignore"), ends):
            continue  # no remark can name what the whole file does not: parsing takes long
        for text in _remarks(name):
            wrong |= {f"{name}: {name_written}" for name_written in _missing(text, ends)}
    assert sorted(wrong) == []


def _missing(text: str, ends: set[str]) -> set[str]:
    """Return the files and modules that a text names and that are not there."""
    files = {file for file in FILE.findall(text) if file not in ends | MADE_BY_A_BUILD}
    return files | {module for module in MODULE.findall(text) if not _exists(module)}


def _tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT, capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [name for name in listed.stdout.splitlines() if (ROOT / name).is_file()]


def _remarks(name: str) -> Iterator[str]:
    """Yield what a file says in comments and docstrings; of a page of docs, all of it."""
    kind = Path(name).suffix
    if kind not in (".py", ".js", ".mjs", ".html", ".css", ".md"):
        return
    text = (ROOT / name).read_text(encoding="utf-8")
    if kind == ".md":
        yield text
    elif kind == ".py":
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token.string
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                yield str(node.value.value)
    else:
        yield from REMARK.findall(text)


@cache
def _exists(module: str) -> bool:
    """Say whether a dotted name is a module, or stands in the text of the module before it."""
    path = ROOT / module.replace(".", "/")
    if path.with_suffix(".py").is_file() or path.is_dir():
        return True
    for holder in (path.parent, path.parent.parent):
        file = (
            holder.with_suffix(".py")
            if holder.with_suffix(".py").is_file()
            else holder / "__init__.py"
        )
        if file.is_file() and holder not in (ROOT, ROOT / "api", ROOT / "catalogue"):
            return re.search(rf"\b{path.name}\b", file.read_text(encoding="utf-8")) is not None
    return False

"""Seed faults one at a time and count which of them the tests catch.

The faults stand in `faults.toml`. They are made in a copy of the tracked files, never in the tree
itself. First the tests of the chosen faults must pass in the unchanged copy. A fault is caught when
a test fails, survives when all pass, and is unknown when its text is not there exactly once, or
when the tests cannot start or do not end in time.

Run it as `python -m benchmarks.mutation` with the tools of the tests installed.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Literal

import msgspec

ROOT = Path(__file__).parents[1]
FAULTS = Path(__file__).with_name("faults.toml")
BROWSER_PARTS = Path("build", "npm")
LIMIT_SECONDS = 180
CONTROL_SECONDS = 1_200
PASSED, FAILED = 0, 1
"""What pytest returns where all tests passed, and where some failed."""

Result = Literal["caught", "survived", "unknown"]


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One fault: `replace` stands in `file` instead of `find`, and `tests` are run against it."""

    id: str
    area: Literal["rules", "store", "catalogue", "search"]
    file: str
    find: str
    replace: str
    tests: tuple[str, ...]


class Faults(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The file of faults."""

    fault: tuple[Fault, ...]


class Outcome(msgspec.Struct, frozen=True):
    """What became of one fault; `by` is the test that failed first, or why nothing is known."""

    fault: Fault
    result: Result
    by: str = ""


class TestRun(msgspec.Struct, frozen=True):
    """One run of pytest: its exit status (None: it did not end in time) and what it printed."""

    status: int | None
    output: str

    @property
    def first_failure(self) -> str:
        """Return the test that failed first, empty where none did."""
        match = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", self.output, re.MULTILINE)
        return match[1] if match else ""


class Copy:
    """The tracked files of the project in a temporary folder, in which faults are made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in _tracked_files():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, folder / name, follow_symlinks=False)
        if (ROOT / BROWSER_PARTS).is_dir():
            (folder / BROWSER_PARTS).parent.mkdir(parents=True, exist_ok=True)
            (folder / BROWSER_PARTS).symlink_to((ROOT / BROWSER_PARTS).resolve())

    def try_fault(self, fault: Fault) -> Outcome:
        """Make a fault, run its tests, and take it back."""
        if problem := problem_of(fault, self.folder):
            return Outcome(fault, "unknown", problem)
        file = self.folder / fault.file
        before = file.read_text(encoding="utf-8")
        try:
            _write_source(file, before.replace(fault.find, fault.replace))
            run = self.run_tests(fault.tests, LIMIT_SECONDS, "-x")
        finally:
            _write_source(file, before)
        if run.status is None:
            return Outcome(fault, "unknown", f"the tests did not end in {LIMIT_SECONDS} s")
        if run.status == FAILED and run.first_failure:
            return Outcome(fault, "caught", run.first_failure)
        if run.status == PASSED:
            return Outcome(fault, "survived")
        return Outcome(fault, "unknown", f"the tests could not start (status {run.status})")

    def run_tests(self, tests: Iterable[str], limit_seconds: float, *options: str) -> TestRun:
        """Run tests in the copy. PostgreSQL is left out: its tests repeat those on SQLite."""
        command = [
            *(sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=no"),
            *("-m", "not postgres", *options, *tests),
        ]
        process = subprocess.Popen(
            command,
            cwd=self.folder,
            env={**os.environ, "PYTHONPATH": str(self.folder)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,  # so that what the tests started can be ended with them
        )
        try:
            output, _nothing = process.communicate(timeout=limit_seconds)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            return TestRun(None, process.communicate()[0])
        return TestRun(process.returncode, output)


def read_faults(path: Path = FAULTS) -> tuple[Fault, ...]:
    """Read the faults. Raises ValueError where two have the same id."""
    faults = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Faults).fault
    twice = [name for name, times in Counter(fault.id for fault in faults).items() if times > 1]
    if twice:
        raise ValueError(f"{path.name}: two faults have the id {', '.join(twice)}")
    return faults


def problem_of(fault: Fault, root: Path) -> str:
    """Return why a fault cannot be tried in this tree, empty where it can."""
    file = root / fault.file
    if not file.is_file():
        return f"there is no file {fault.file}"
    times = file.read_text(encoding="utf-8").count(fault.find)
    if times != 1:
        return f"its text stands {times} times in {fault.file}"
    missing = [test for test in fault.tests if not (root / test).exists()]
    return f"there is no {', '.join(missing)}" if missing else ""


def table(outcomes: Sequence[Outcome]) -> str:
    """Return the outcomes as a Markdown table, with the counts below it."""
    lines = ["| fault | area | result | first test that fails, or why it is not known |"]
    lines += ["|---|---|---|---|"]
    lines += [
        f"| {outcome.fault.id} | {outcome.fault.area} | {outcome.result} | {outcome.by} |"
        for outcome in outcomes
    ]
    counts = Counter(outcome.result for outcome in outcomes)
    closing = ", ".join(
        f"{counts[result]} {result}" for result in ("caught", "survived", "unknown")
    )
    return "\n".join([*lines, "", f"{len(outcomes)} faults: {closing}"])


def main(words: Sequence[str] | None = None) -> int:
    """Run the program; return 0 only where every fault was caught or survived."""
    args = _chosen(words)
    if args.list:
        for fault in args.faults:
            print(f"{fault.area:10} {fault.id}  {problem_of(fault, ROOT)}".rstrip())
        return 0
    with tempfile.TemporaryDirectory(prefix="kith-mutation-") as folder:
        copy = Copy(Path(folder))
        if not _control_passes(copy, args.faults):
            return 1
        outcomes = []
        for fault in args.faults:
            outcome = copy.try_fault(fault)
            outcomes.append(outcome)
            print(f"{outcome.result:9} {fault.id}  {outcome.by}".rstrip(), flush=True)
    print(f"\n{table(outcomes)}")
    return int(any(finished.result == "unknown" for finished in outcomes))


def _chosen(words: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser("python -m benchmarks.mutation", description=__doc__)
    parser.add_argument("--only", action="append", metavar="ID", help="a fault; may be repeated")
    parser.add_argument("--area", help="rules, store, catalogue or search")
    parser.add_argument("--list", action="store_true", help="list the faults and run nothing")
    args = parser.parse_args(words)
    args.faults = [
        fault
        for fault in read_faults()
        if (not args.only or fault.id in args.only) and args.area in (None, fault.area)
    ]
    if not args.faults:
        parser.error("there is no such fault")
    return args


def _control_passes(copy: Copy, faults: Iterable[Fault]) -> bool:
    """Run all tests of the faults on the unchanged copy; say so where they do not pass."""
    tests = sorted(
        {test for fault in faults for test in fault.tests if (copy.folder / test).exists()}
    )
    control = copy.run_tests(tests, CONTROL_SECONDS)
    if control.status != PASSED:
        print(control.output)
        print("The unchanged tree does not pass these tests: nothing can be told of the faults.")
        return False
    print(f"unchanged: {control.output.splitlines()[-1]}", flush=True)
    return True


def _tracked_files() -> list[str]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    names = listed.stdout.decode().split("\0")
    return [name for name in names if name and (ROOT / name).exists()]


def _write_source(file: Path, text: str) -> None:
    """Write a source file, and delete what Python compiled of it within the same second."""
    file.write_text(text, encoding="utf-8")
    for compiled in (file.parent / "__pycache__").glob(f"{file.stem}.*.pyc"):
        compiled.unlink()


if __name__ == "__main__":
    sys.exit(main())

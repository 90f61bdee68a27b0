"""The systemd units of `deploy/`, as they stand. Without systemd here the answers are unknown."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
UNITS = sorted([*(ROOT / "deploy").glob("*.service"), *(ROOT / "deploy").glob("*.timer")])
EXPOSED_AT_MOST = 3.0
"""systemd's own measure, from 0 to 10 (unsafe)."""


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The root of a machine where the units are installed for a place named mendip."""
    if shutil.which("systemd-analyze") is None:
        pytest.skip("unknown: there is no systemd-analyze here")
    root = tmp_path_factory.mktemp("machine")
    known_units = Path("/usr/lib/systemd/system")
    if not known_units.is_dir():
        pytest.skip("unknown: systemd's own units are not here")
    shutil.copytree(known_units, root / "usr/lib/systemd/system", symlinks=True)
    units = root / "etc/systemd/system"
    units.mkdir(parents=True)
    for unit in UNITS:
        shutil.copy(unit, units / unit.name.replace("@", "@mendip"))
    program = root / "srv/kith/mendip/build/env/bin/kith"
    program.parent.mkdir(parents=True)
    program.touch(0o755)
    return root


def analyze(machine: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["systemd-analyze", f"--root={machine}", "--man=no", *words],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_systemd_finds_no_fault_in_the_units(machine: Path) -> None:
    units = machine / "etc/systemd/system"
    names = [str(units / unit.name.replace("@", "@mendip")) for unit in UNITS]
    assert len(names) == 3
    result = analyze(machine, "verify", *names)
    ours = [line for line in result.stderr.splitlines() if "kith" in line]
    assert (ours, result.returncode) == ([], 0), result.stderr
    harmed = units / "kith@mendip.service"
    text = harmed.read_text()
    harmed.write_text(text.replace("ProtectClock=yes", "ProtectClok=yes"))
    assert "ProtectClok" in analyze(machine, "verify", str(harmed)).stderr
    harmed.write_text(text)


def test_little_of_the_machine_is_open_to_the_units(machine: Path) -> None:
    for name in ("kith@mendip.service", "kith-backup@mendip.service"):
        shown = analyze(machine, "security", "--offline=yes", name)
        (exposure,) = re.findall(r"Overall exposure level for \S+ (\d+\.\d)", shown.stdout)
        assert float(exposure) <= EXPOSED_AT_MOST, shown.stdout


def test_service_and_backup_work_on_the_same_place() -> None:
    service, backup = (
        set((ROOT / "deploy" / name).read_text().splitlines())
        for name in ("kith@.service", "kith-backup@.service")
    )
    for setting in ("User", "WorkingDirectory", "EnvironmentFile", "ReadWritePaths"):
        assert {line for line in service & backup if line.startswith(f"{setting}=")}, setting
    for unit in (service, backup):
        assert any("KITH_DATA=/var/lib/kith/%i" in line for line in unit)
        assert any(line.startswith("StateDirectory=kith/%i") for line in unit)

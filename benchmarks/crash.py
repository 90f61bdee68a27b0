"""Measure what `kill -9` loses of what was acknowledged, beside a control that loses some."""

import tempfile
from pathlib import Path

from benchmarks.table import Row, at_most, unknown
from tests.support.kill_storm import ANSWERS_TOO_EARLY, CONTROL_KILLS, KILLS, storm


def run(project: Path) -> list[Row]:
    """Measure on a built project; returns the row of the table."""
    with tempfile.TemporaryDirectory() as folder:
        kith = storm(project, Path(folder, "kith"), KILLS)
        control = storm(project, Path(folder, "control"), CONTROL_KILLS, program=ANSWERS_TOO_EARLY)
    name = f"kill -9: lost of acknowledged, in {kith.kills} kills"
    note = (
        f"of {kith.acknowledged:,}; control lost {control.lost:,} of {control.acknowledged:,} "
        f"in {control.kills}; restart p50 {kith.restart_seconds:.1f} s"
    )
    if not control.lost:
        return [unknown(name, f"the control lost nothing ({note})", "<= 0")]
    broken = kith.twice + kith.incomplete + (kith.chain_break is not None)
    broken += kith.integrity != "ok"
    if broken:
        note += f"; and the store is not sound: {kith}"
    return [at_most(name, kith.lost + broken, 0, note=note)]

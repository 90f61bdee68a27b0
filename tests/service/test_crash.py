"""Whoever was told "we have it" is in the store, whenever the process was killed; and a control."""

from pathlib import Path

import pytest

from benchmarks import crash

pytestmark = pytest.mark.xdist_group("crash")


@pytest.mark.parametrize("kills", [1, pytest.param(crash.KILLS, marks=pytest.mark.deep)])
def test_no_kill_loses_what_was_acknowledged(
    built_project: Path, tmp_path: Path, kills: int
) -> None:
    tally = crash.storm(built_project, tmp_path / "var", kills)
    assert tally.acknowledged >= kills, "the clients hardly came to ask"
    assert (tally.lost, tally.twice, tally.incomplete) == (0, 0, 0)
    assert tally.chain_break is None
    assert tally.integrity == "ok"


@pytest.mark.deep
def test_the_storm_finds_the_losses_of_a_service_that_answers_too_early(
    built_project: Path, tmp_path: Path
) -> None:
    tally = crash.storm(built_project, tmp_path / "var", crash.CONTROL_KILLS, program=crash.HASTY)
    assert tally.lost > 0

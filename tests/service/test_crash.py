"""Whoever was told "we have it" is in the store, whenever the process was killed; and a control."""

from pathlib import Path

import pytest

from tests.support.kill_storm import ANSWERS_TOO_EARLY, CONTROL_KILLS, KILLS, storm

pytestmark = [pytest.mark.xdist_group("crash"), pytest.mark.deep]


def test_no_kill_loses_what_was_acknowledged(built_project: Path, tmp_path: Path) -> None:
    tally = storm(built_project, tmp_path / "var", KILLS)
    assert tally.acknowledged >= KILLS, "the clients hardly came to ask"
    assert (tally.lost, tally.twice, tally.incomplete) == (0, 0, 0)
    assert tally.chain_break is None
    assert tally.integrity == "ok"


def test_the_storm_finds_the_losses_of_a_service_that_answers_too_early(
    built_project: Path, tmp_path: Path
) -> None:
    tally = storm(
        built_project,
        tmp_path / "var",
        CONTROL_KILLS,
        program=ANSWERS_TOO_EARLY,
    )
    assert tally.lost > 0

"""`kith corrections list | show | accept | reject | undo`, as an operator types them."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result

from api.features.corrections import propose
from api.features.corrections.bodies import CorrectionRequest
from api.features.corrections.commands import corrections
from api.releases import build
from api.security.references import make
from catalogue.outputs.formatting import LOCAL
from tests.api.conftest import Clock
from tests.api.corrections.conftest import ENTRY, PATH, SAID, content, dated
from tests.api.service_under_test import ServiceUnderTest
from tests.installation import Installation

Run = Callable[..., Result]
Says = Callable[..., str]
ELEVEN = ("--set", "schedule[0].when=every Tuesday 11:00-12:30")


@pytest.fixture
def kith(installation: Installation) -> Run:
    """Run `kith corrections ...` in the project of the test; `typed` answers what is asked."""
    return partial(installation.run, corrections)


@pytest.fixture
def make_correction(project: Path, installation: Installation) -> Says:
    """Say what is wrong, and give the reference."""
    clock = Clock(datetime.now(UTC) - timedelta(hours=1))
    service = ServiceUnderTest(
        [], installation.store, installation.encryption, clock, project, content(project)
    )

    def say(*, trapped: bool = False, **changes: Any) -> str:
        clock.advance(seconds=1)
        request = msgspec.convert({**SAID, **changes}, CorrectionRequest)
        received = propose.propose(request, service.context, trapped=trapped)
        return asyncio.run(received).reference

    return say


def words_of(project: Path) -> str:
    return (project / PATH).read_text(encoding="utf-8")


def test_an_empty_desk_says_so(kith: Run) -> None:
    assert kith("list").output == "Nothing waits.\n"


def test_a_list_shows_what_it_is_about_and_nothing_personal(
    kith: Run, make_correction: Says
) -> None:
    first, second = make_correction(), make_correction(about="ended", trapped=True)
    lines = kith("list").output.splitlines()
    assert [line.split()[0] for line in lines] == [first, second, "2"]
    assert "sing-anyway  The day or the time" in lines[0]
    assert "held" in lines[1]
    assert not [
        canary for canary in ("Quillfeather", "mary.canary", "960199") if canary in str(lines)
    ]


def test_showing_tells_all_and_is_written_down_first(
    kith: Run, make_correction: Says, installation: Installation, project: Path
) -> None:
    reference = make_correction()
    make_correction(about="ended", words="")
    result = kith("show", reference, *ELEVEN)
    assert result.exit_code == 0, result.output
    assert "It starts at eleven now, says Quillfeather." in result.output
    assert "How they know:  I go there, or tried to" in result.output
    assert "Waiting about the same activity too: 1." in result.output
    assert "-  - when: every Tuesday 10:30-12:00\n+  - when: every Tuesday 11:00" in result.output
    action, actor = installation.audit_trail()[-1]
    assert action == "correction.read"
    assert actor.startswith("operator ")
    assert words_of(project) == ENTRY


def test_showing_says_what_would_be_refused(kith: Run, make_correction: Says) -> None:
    result = kith("show", make_correction(), "--set", "schedule[0].when=every Frogday")
    assert "This would be refused: content/activities/sing-anyway.md:" in result.output


def test_showing_prints_the_coming_dates_of_a_changed_time(
    kith: Run, make_correction: Says, project: Path
) -> None:
    day = datetime.now(UTC).astimezone(LOCAL).date() + timedelta(days=14)
    wednesday = day + timedelta(days=(2 - day.weekday()) % 7)
    text = f"{wednesday.day} {wednesday:%B %Y}"
    (project / PATH).write_text(ENTRY.replace("12:00\n", f"12:00\n    except: [{text}]\n"))
    reference = make_correction()
    assert "It would read" not in kith("show", reference).output
    lines = kith("show", reference, *ELEVEN).output.splitlines()
    at = lines.index(f"It would read: Every Tuesday, 11:00 to 12:30, except {text}")
    assert lines[at + 1] == f"  Left out although nothing is on then: {text}"
    dates = lines[at + 2 : at + 8]
    assert all(re.fullmatch(r"  Tuesday \d+ \w+.*, 11:00 to 12:30", date) for date in dates), dates
    past = kith("show", reference, "--set", "schedule[0].when=3 March 2026 11:00-12:00").output
    assert "  There is no date to come: all are past" in past


def test_showing_says_that_somebody_was_quicker(
    kith: Run, make_correction: Says, project: Path
) -> None:
    reference = make_correction()
    (project / PATH).write_text(ENTRY + "An editor was here.\n")
    assert "The entry has changed since this was sent" in kith("show", reference).output


def test_accepting_asks_once_then_writes_the_entry_and_builds_the_site(
    kith: Run, make_correction: Says, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []
    monkeypatch.setattr(build, "build_release", lambda root, *_, **__: built.append(root))
    reference = make_correction()
    kith("show", reference)
    refused = kith("accept", reference, *ELEVEN, typed="n\n")
    assert refused.exit_code == 1
    assert (words_of(project), built) == (ENTRY, [])
    accepted = kith("accept", reference, *ELEVEN, typed="y\n")
    assert accepted.exit_code == 0, accepted.output
    assert f"{reference} is accepted: {PATH} is mended." in accepted.output
    today = datetime.now(UTC).astimezone(LOCAL).date()
    new = ENTRY.replace("10:30-12:00", "11:00-12:30")
    assert words_of(project) == dated(new, "Now every Tuesday 11:00-12:30", today)
    assert built == [project]
    assert kith("list").output == "Nothing waits.\n"
    assert "accepted" in kith("list", "--all").output


def test_accepting_again_is_harmless(kith: Run, make_correction: Says, project: Path) -> None:
    reference = make_correction(about="ended")
    kith("show", reference)
    kith("accept", "--yes", "--no-build", reference)
    mended = words_of(project)
    repeat = kith("accept", "--yes", "--no-build", reference)
    assert repeat.exit_code == 0
    assert repeat.output == f"{reference} is accepted; nothing more was changed.\n"
    assert words_of(project) == mended


def test_what_was_not_shown_first_is_not_accepted(
    kith: Run, make_correction: Says, project: Path
) -> None:
    refused = kith("accept", "--yes", "--no-build", make_correction(about="ended"))
    assert refused.exit_code == 1
    assert "Show the correction again" in refused.output
    assert words_of(project) == ENTRY


def test_what_the_checks_refuse_is_told_by_line(
    kith: Run, make_correction: Says, project: Path
) -> None:
    reference = make_correction()
    kith("show", reference)
    wrong = ("--set", "schedule[0].when=every Frogday")
    refused = kith("accept", "--yes", "--no-build", reference, *wrong)
    assert refused.exit_code == 1
    assert f"{PATH}:13: schedule[0].when" in refused.output
    assert words_of(project) == ENTRY


def test_a_value_without_a_field_is_a_wrong_call(kith: Run, make_correction: Says) -> None:
    wrong = kith("accept", "--yes", make_correction(), "--set", "every Tuesday 11:00")
    assert wrong.exit_code == 2
    assert "write it as field=value" in wrong.output


def test_checked_makes_it_fresh_too(kith: Run, make_correction: Says, project: Path) -> None:
    reference = make_correction()
    kith("show", reference)
    kith("accept", "--yes", "--no-build", "--checked", reference, *ELEVEN)
    assert "assured_on: 2026-01-02" not in words_of(project)


def test_rejecting_needs_a_reason_and_leaves_the_entry(
    kith: Run, make_correction: Says, project: Path
) -> None:
    reference = make_correction()
    assert kith("reject", reference).exit_code == 2
    assert kith("reject", reference, "--reason", "Jo says it is right.").exit_code == 0
    assert words_of(project) == ENTRY
    repeat = kith("reject", reference, "--reason", "Once more.")
    assert repeat.exit_code == 1
    assert "decided before" in repeat.output


def test_undoing_puts_the_old_words_back_once(
    kith: Run, make_correction: Says, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []
    monkeypatch.setattr(build, "build_release", lambda root, *_, **__: built.append(root))
    reference = make_correction(about="ended")
    kith("show", reference)
    kith("accept", "--yes", "--no-build", reference)
    assert "the entry stands as before" in kith("undo", reference).output
    assert (words_of(project), built) == (ENTRY, [project])
    assert "undone before" in kith("undo", reference).output
    assert "undone" in kith("list").output


def test_a_site_that_cannot_be_built_is_told_with_the_entry_written(
    kith: Run, make_correction: Says, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*args: object, **more: object) -> None:
        raise build.BuildFailed("the disk is full")

    monkeypatch.setattr(build, "build_release", fails)
    reference = make_correction(about="ended")
    kith("show", reference)
    refused = kith("accept", "--yes", reference)
    assert refused.exit_code == 1
    assert "The entry is written, the site was not built: the disk is full" in refused.output
    assert "status: defunct" in words_of(project)


@pytest.mark.parametrize("command", [("show",), ("accept",), ("undo",), ("reject", "--reason=x")])
def test_a_reference_that_is_wrong_or_unknown_is_told_apart(
    kith: Run, command: tuple[str, ...]
) -> None:
    sound = make("C")
    slip = sound[:-1] + ("2" if sound[-1] != "2" else "3")
    mistyped, unknown = kith(*command, slip), kith(*command, sound)
    assert (mistyped.exit_code, unknown.exit_code) == (1, 1)
    assert "the last sign does not fit" in mistyped.output
    assert "There is no correction with this reference." in unknown.output
    assert "should start with C" in kith(*command, make("R")).output


def test_faulty_content_stops_a_decision_before_it_is_taken(
    kith: Run, make_correction: Says, project: Path
) -> None:
    reference = make_correction()
    (project / PATH).write_text("---\ntitle: [\n---\n")
    refused = kith("accept", "--yes", reference)
    assert refused.exit_code == 1
    assert "kith check" in refused.output
    assert "Traceback" not in refused.output


def test_an_entry_that_is_gone_is_told_after_the_words(
    kith: Run, make_correction: Says, project: Path, installation: Installation
) -> None:
    reference = make_correction()
    (project / PATH).unlink()
    result = kith("show", reference)
    assert result.exit_code == 1
    assert "It starts at eleven now" in result.output
    assert "The entry is not there any more: reject the correction." in result.output
    assert installation.audit_trail()[-1][0] == "correction.read"

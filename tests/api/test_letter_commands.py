"""`kith letters`: what could not be delivered is listed without its address, and sent again."""

from pathlib import Path

import pytest
from click.testing import Result

from api.context import utc_now
from api.jobs.letter_commands import letters
from api.mail.letters import Letter
from api.mail.outbox import letter_row
from api.mail.store import count_backlog
from api.store import audit
from tests.installation import Installation


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "content").mkdir()
    (tmp_path / "mkdocs.yml").write_text("site_name: Kith\n")
    return tmp_path


@pytest.fixture
def letter_ids(installation: Installation) -> list[str]:
    """Two letters that could not be delivered and one that waits."""
    ids = []
    for state in ("failed", "failed", "queued"):
        letter = Letter("pledges/confirm", "mary.canary@example.org", "Subject", "Words\n")
        table, row = letter_row(installation.encryption, letter, now=utc_now(), about="P-7KQ4-XM2P")
        error = "SMTP 550 for the recipient" if state == "failed" else None
        installation.store.insert_now([(table, {**row, "state": state, "last_error": error})])
        ids.append(str(row["id"]))
    return ids


def run(installation: Installation, *words: str) -> Result:
    return installation.run(letters, *words)


def test_failed_letters_are_listed_and_queued_again(
    installation: Installation, letter_ids: list[str]
) -> None:
    store = installation.store
    output = run(installation, "list").output
    assert [letter_id in output for letter_id in letter_ids] == [True, True, False]
    assert "P-7KQ4-XM2P  0 attempts  SMTP 550 for the recipient" in output
    assert "canary" not in output
    assert letter_ids[2] in run(installation, "list", "--waiting").output
    assert run(installation, "retry").exit_code == 2
    assert run(installation, "retry", letter_ids[0]).exit_code == 0
    refused = run(installation, "retry", letter_ids[0], letter_ids[2])
    assert refused.exit_code == 1
    assert "0 of 2 were failed letters" in refused.output, refused.output
    assert store.read_now(count_backlog).failed == 1
    assert "1 letters are queued" in run(installation, "retry", "--all").output
    backlog = store.read_now(count_backlog)
    assert (backlog.waiting, backlog.failed) == (3, 0)
    assert store.read_now(audit.verify) is None

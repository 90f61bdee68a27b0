"""`kith requests list | show | close`."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from click.testing import Result
from sqlalchemy import select

from api.context import assemble_context
from api.features.signposting.bodies import SignpostingRequest
from api.features.signposting.commands import requests
from api.features.signposting.submit import submit_request
from api.releases.current_release import CurrentRelease
from api.security.references import make
from api.store import schema
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.service_under_test import ROOT, project_taxonomy
from tests.api.signposting.conftest import CANARIES, MARY
from tests.installation import Installation

Run = Callable[..., Result]


@pytest.fixture
def project(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def kith(installation: Installation) -> Run:
    """Run `kith requests ...` in the project of the test."""
    return partial(installation.run, requests)


@pytest.fixture
def submit(installation: Installation) -> Callable[..., str]:
    """Submit a request so many days ago; returns the reference."""

    def submit_one(days: int = 0, **changes: object) -> str:
        body = SignpostingRequest(**{**MARY, "needs": ("evenings-are-long",), **changes})
        context = assemble_context(
            installation.settings,
            installation.store,
            installation.encryption,
            CurrentRelease(installation.settings.project),
            lambda: datetime.now(UTC) - timedelta(days=days),
        )
        context = msgspec.structs.replace(context, content=Catalogue(project_taxonomy()))
        return asyncio.run(submit_request(body, context)).reference

    return submit_one


def test_an_empty_list_says_so(kith: Run) -> None:
    assert kith("list").output == "Nothing waits.\n"


def test_a_list_shows_what_waits_and_nothing_personal(
    kith: Run, submit: Callable[..., str]
) -> None:
    late, fresh = submit(days=9), submit()
    lines = kith("list").output.splitlines()
    assert lines[0].startswith(late)
    assert lines[0].endswith("OVERDUE")
    assert "9 days" in lines[0]
    assert "Temeford" in lines[0]
    assert "evenings-are-long" in lines[0]
    assert lines[1].startswith(fresh)
    assert "OVERDUE" not in lines[1]
    assert lines[2] == "2 shown, 1 overdue."
    assert not [word for word in CANARIES if word in "".join(lines).encode()]


def test_reading_a_request_is_written_down_first(
    kith: Run, submit: Callable[..., str], installation: Installation
) -> None:
    result = kith("show", submit().lower().replace("-", " "))
    assert result.exit_code == 0
    assert "Mary Quillfeather" in result.output
    assert "NO, leave none" in result.output
    action, actor = installation.audit_trail()[-1]
    assert action == "signposting_request.read"
    assert actor.startswith("operator ")


def test_nothing_is_shown_when_the_reading_cannot_be_written_down(
    kith: Run, submit: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from api.store.errors import StoreUnavailable

    def fails(self: Database, rows: object) -> None:
        raise StoreUnavailable

    reference = submit()
    monkeypatch.setattr(Database, "insert_now", fails)
    result = kith("show", reference)
    assert result.exit_code == 1
    assert "Mary" not in result.output


def test_the_same_number_asked_before(kith: Run, submit: Callable[..., str]) -> None:
    before = submit(days=3, reach_at="+44 1632 960123")
    after = submit(reach_at="01632 960123")
    other = submit(reach_at="01632 960124")
    output = kith("show", after).output
    assert before in output
    assert other not in output


def test_the_same_address_asked_before(kith: Run, submit: Callable[..., str]) -> None:
    before = submit(days=3, reach_by="email", reach_at="Jo <Jo@example.org>")
    after = submit(reach_by="email", reach_at="jo@example.org")
    other = submit(reach_by="email", reach_at="joan@example.org")
    output = kith("show", after).output
    assert before in output
    assert other not in output


def test_the_same_number_asked_before_with_an_earlier_version(
    kith: Run, submit: Callable[..., str], installation: Installation
) -> None:
    before = submit(days=3, reach_at="+44 01632 960123")
    digest = installation.encryption.lookup("+4401632960123")  # as Kith 0.1 wrote it
    table = schema.signposting_request
    installation.store.write_now(
        lambda connection: connection.execute(table.update().values(contact_lookup=digest))
    )
    assert before in kith("show", submit(reach_at="01632 960123")).output


@pytest.mark.parametrize("command", [("show",), ("close", "--outcome", "answered")])
def test_a_reference_that_is_wrong_or_unknown_is_told_apart(
    kith: Run, command: tuple[str, ...]
) -> None:
    sound = make("R")
    slip = sound[:-1] + ("2" if sound[-1] != "2" else "3")
    mistyped, unknown = kith(*command, slip), kith(*command, sound)
    assert (mistyped.exit_code, unknown.exit_code) == (1, 1)
    assert "the last sign does not fit" in mistyped.output or "no reference has" in mistyped.output
    assert "There is no request" in unknown.output


def test_a_closed_request_leaves_the_list_with_its_outcome(
    kith: Run, submit: Callable[..., str], installation: Installation
) -> None:
    reference = submit()
    closed = kith("close", reference, "--outcome", "signposted")
    assert closed.exit_code == 0
    assert kith("list").output == "Nothing waits.\n"
    assert "signposted" in kith("list", "--all").output
    assert installation.audit_trail()[-1][0] == "signposting_request.closed"


def test_a_closed_request_is_kept_for_a_year_and_no_longer(
    kith: Run, submit: Callable[..., str], installation: Installation
) -> None:
    """As the privacy page says: twelve months after we have closed it."""
    kith("close", submit(), "--outcome", "signposted")
    table = schema.signposting_request
    row = installation.store.read_now(lambda connection: connection.execute(select(table)).one())
    assert row.delete_after - row.closed_at == timedelta(days=365)


def test_the_first_outcome_stands(kith: Run, submit: Callable[..., str]) -> None:
    reference = submit()
    kith("close", reference, "--outcome", "signposted")
    repeat = kith("close", reference, "--outcome", "withdrawn")
    assert repeat.exit_code == 1
    assert "signposted" in kith("list", "--all").output


def test_an_unknown_outcome_names_the_known_ones(kith: Run, submit: Callable[..., str]) -> None:
    refused = kith("close", submit(), "--outcome", "done")
    assert refused.exit_code == 2
    assert "signposted" in refused.output


def test_where_nothing_fits_a_gap_is_counted(
    kith: Run, submit: Callable[..., str], installation: Installation
) -> None:
    for reference in (submit(), submit(), submit(place="nowhere we know", needs=())):
        assert kith("close", reference, "--outcome", "no_match").exit_code == 0
    rows = installation.store.read_now(lambda connection: [*connection.execute(select(schema.gap))])
    month = f"{datetime.now(UTC):%Y-%m}"
    assert sorted(tuple(row) for row in rows) == [
        (month, "Temeford", "any", "evenings-are-long", 2),
        (month, "any", "any", "", 1),
    ]


def test_the_kinds_that_were_missing_are_counted_by_name(
    kith: Run, submit: Callable[..., str], installation: Installation, project: Path
) -> None:
    lists = (ROOT / "content" / "taxonomy.yml").read_text()
    (project / "content").mkdir()
    (project / "content" / "taxonomy.yml").write_text(lists)
    assert kith("close", submit(), "--outcome", "no_match", "--kind", "choir").exit_code == 0
    (gap,) = installation.store.read_now(
        lambda connection: [*connection.execute(select(schema.gap))]
    )
    assert tuple(gap)[1:] == ("Temeford", "choir", "", 1)


def test_words_whose_time_is_over_are_gone(
    kith: Run, submit: Callable[..., str], installation: Installation
) -> None:
    reference = submit()
    erased = schema.signposting_request.update().values(sealed=None)
    installation.store.write_now(lambda connection: connection.execute(erased))
    result = kith("show", reference)
    assert result.exit_code == 0
    assert "has been deleted" in result.output

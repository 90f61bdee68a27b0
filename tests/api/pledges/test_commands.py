"""`kith sign-ups list | show | approve | reject | release`."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import pytest
from click.testing import Result
from sqlalchemy import select

from api.context import assemble_context, utc_now
from api.features.pledges.commands import sign_ups
from api.features.pledges.signing import confirm, confirmation_letters
from api.features.pledges.signing.bodies import SignUpRequest
from api.features.pledges.signing.sign import sign
from api.releases import build
from api.releases.current_release import CurrentRelease
from api.security.references import make
from api.store import schema
from catalogue.model.catalogue import Catalogue
from tests.api.pledges.conftest import PUB, content
from tests.installation import Installation

Run = Callable[..., Result]


@pytest.fixture
def kith(installation: Installation) -> Run:
    """Run `kith sign-ups ...` in the project of the test."""
    return partial(installation.run, sign_ups)


@pytest.fixture
def signed(
    installation: Installation,
    catalogue: Catalogue,
    monkeypatch: pytest.MonkeyPatch,
) -> Callable[..., str]:
    """Sign, confirm unless told otherwise, and give the reference."""
    tokens: list[str] = []

    def new_token() -> str:
        tokens.append(f"token-{len(tokens)}")
        return tokens[-1]

    monkeypatch.setattr(confirmation_letters.tokens, "new_token", new_token)  # type: ignore[attr-defined]

    def make_one(*, confirming: bool = True, held_why: str = "", **changes: Any) -> str:
        project = installation.settings.project
        context = msgspec.structs.replace(
            assemble_context(
                installation.settings,
                installation.store,
                installation.encryption,
                CurrentRelease(project),
                utc_now,
            ),
            content=catalogue,
        )
        request = msgspec.convert({**PUB, **changes}, SignUpRequest)
        asyncio.run(sign(request, catalogue.pledges[0], context, held_why=held_why))
        if confirming and not held_why:
            asyncio.run(confirm.confirm(tokens[-1], context))
        statement = select(schema.sign_up.c.reference).order_by(schema.sign_up.c.created_at.desc())
        return str(
            installation.store.read_now(
                lambda connection: connection.execute(statement).scalars().first()
            )
        )

    return make_one


def test_an_empty_desk_says_so(kith: Run) -> None:
    assert kith("list").output == "Nothing waits.\n"


def test_a_list_shows_the_public_half_only(kith: Run, signed: Callable[..., str]) -> None:
    pub = signed()
    taxi = signed(
        signer="person", name="Ambrose Canary", kind="taxi", contact_email="b@example.org"
    )
    lines = kith("list").output.splitlines()
    assert lines[0].startswith(pub)
    assert "The Wennimere Arms" in lines[0]
    assert lines[1].startswith(taxi)
    assert "a person" in lines[1]
    assert lines[2] == "2 shown, 2 to read."
    assert "canary" not in "".join(lines).casefold()


def test_reading_the_private_half_is_written_down_first(
    kith: Run, signed: Callable[..., str], installation: Installation
) -> None:
    result = kith("show", signed())
    assert result.exit_code == 0
    assert "landlady.canary@example.org" in result.output
    assert "Would stand as: The Wennimere Arms" in result.output
    assert installation.audit_trail()[-1][0] == "sign_up.read"


def test_approving_writes_the_entry_and_builds_the_site(
    kith: Run, signed: Callable[..., str], project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    built: list[Path] = []
    monkeypatch.setattr(build, "build_release", lambda root, *_, **__: built.append(root))
    approved = kith("approve", signed())
    assert approved.exit_code == 0, approved.output
    assert "content/pledges/connector/the-wennimere-arms.md" in approved.output
    assert built == [project]
    assert len(content(project).signatories) == 1
    assert kith("list").output == "Nothing waits.\n"
    assert "published" in kith("list", "--all").output


def test_approving_again_is_harmless(kith: Run, signed: Callable[..., str]) -> None:
    reference = signed()
    first = kith("approve", "--no-build", reference)
    repeat = kith("approve", "--no-build", reference)
    assert (first.exit_code, repeat.exit_code) == (0, 0)
    assert repeat.output == first.output


def test_what_nobody_confirmed_cannot_be_approved(kith: Run, signed: Callable[..., str]) -> None:
    refused = kith("approve", "--no-build", signed(confirming=False))
    assert refused.exit_code == 1
    assert "not confirmed yet" in refused.output


def test_refusing_needs_a_reason(kith: Run, signed: Callable[..., str]) -> None:
    reference = signed()
    assert kith("reject", reference).exit_code == 2
    assert kith("reject", reference, "--why", "The house closed.").exit_code == 0
    assert "The house closed." in kith("show", reference).output
    repeat = kith("reject", reference, "--why", "Once more.")
    assert repeat.exit_code == 1
    assert "decided before" in repeat.output


def test_a_held_one_is_let_go_on(kith: Run, signed: Callable[..., str]) -> None:
    reference = signed(held_why="trap")
    assert "held" in kith("list").output
    assert kith("approve", "--no-build", reference).exit_code == 1
    assert kith("release", reference).exit_code == 0
    assert "awaiting_confirmation" in kith("list").output


def test_a_held_one_cannot_push_aside_one_that_stands(
    kith: Run, signed: Callable[..., str]
) -> None:
    held_reference = signed(held_why="trap")
    signed()
    refused = kith("release", held_reference)
    assert refused.exit_code == 1
    assert "already there" in refused.output


@pytest.mark.parametrize("command", ["show", "approve", "release"])
def test_a_reference_that_is_wrong_or_unknown_is_told_apart(kith: Run, command: str) -> None:
    sound = make("P")
    slip = sound[:-1] + ("2" if sound[-1] != "2" else "3")
    mistyped, unknown = kith(command, slip), kith(command, sound)
    assert (mistyped.exit_code, unknown.exit_code) == (1, 1)
    assert "the last sign does not fit" in mistyped.output
    assert "There is no sign-up" in unknown.output
    assert "should start with P" in kith(command, make("R")).output


def test_faulty_content_stops_a_decision_before_it_is_taken(
    kith: Run, signed: Callable[..., str], project: Path
) -> None:
    reference = signed()
    (project / "content/pledges/connector/index.md").write_text("---\ntitle: [\n---\n")
    refused = kith("approve", reference)
    assert refused.exit_code == 1
    assert "kith check" in refused.output
    assert "Traceback" not in refused.output

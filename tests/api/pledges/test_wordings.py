"""What exactly was signed: pinned with the sign-up, carried by its entry, never changed after."""

import asyncio
from pathlib import Path

import pytest

from api.content_files.atomic_write import Unfit
from api.features.pledges.register import publish
from api.store import schema
from tests.api.bench import Bench
from tests.api.pledges.conftest import PLEDGE, PUB, confirmed, content, context_of, signs

pytestmark = pytest.mark.anyio

THIRD = """\
versions:
  - version: 3
    from: 2026-11-20
    statement: I listen, I point the way, and I come along.
    commitments:
      - {id: listen, title: Listen}
      - {id: along, title: Come along}
"""
TO_THE_THIRD = {
    "version": 3,
    "promises": {"listen": {"state": "doing"}, "along": {"state": "doing", "how": "On Mondays."}},
}


async def approve(bench: Bench, reference: str) -> Path:
    return await asyncio.to_thread(publish.approve, reference, context_of(bench), bench.catalogue)


def rewritten(bench: Bench, project: Path, old: str, new: str) -> None:
    """Change the pledge's file, and serve it."""
    assert old in PLEDGE
    (project / "content/pledges/connector/index.md").write_text(PLEDGE.replace(old, new))
    bench.catalogue = content(project)


async def states(bench: Bench) -> list[tuple[str, str]]:
    return [(row.version, row.state) for row in await bench.rows(schema.sign_up)]


async def test_a_sign_up_and_its_entry_are_pinned_to_the_words_signed(
    bench: Bench, project: Path
) -> None:
    file = await approve(bench, await confirmed(bench))
    digest = bench.catalogue.pledges[0].current.text_sha256
    (row,) = await bench.rows(schema.sign_up)
    assert row.text_sha256 == digest
    assert f"text_sha256: {digest}\n" in file.read_text()
    assert content(project).signatories[0].text_sha256 == digest


async def test_nothing_is_published_under_words_that_were_changed_since(
    bench: Bench, project: Path
) -> None:
    reference = await confirmed(bench)
    rewritten(bench, project, "and I point the way.", "and I come along.")
    with pytest.raises(Unfit) as told:
        await approve(bench, reference)
    (fault,) = told.value.faults
    assert (fault.field, "is not the one that was signed" in fault.message) == ("text_sha256", True)


async def test_a_new_wording_is_signed_again_and_takes_the_place_of_the_old(
    bench: Bench, project: Path
) -> None:
    first = await approve(bench, await confirmed(bench))
    rewritten(bench, project, "versions:\n", THIRD)
    (old,) = bench.catalogue.signatories
    assert (old.version, old.of_older_wording(bench.catalogue.pledges[0])) == (2, True)
    second = await approve(bench, await confirmed(bench, **TO_THE_THIRD))  # type: ignore[arg-type]
    assert second == first
    (new,) = content(project).signatories
    assert (new.version, list(new.promises)) == (3, ["listen", "along"])
    assert await states(bench) == [("2", "withdrawn"), ("3", "published")]
    actions = [row.action for row in await bench.rows(schema.audit)]
    assert actions[-2:] == ["sign_up.published", "sign_up.replaced"]


async def test_nobody_else_signs_the_new_words_in_a_signatorys_name(
    bench: Bench, project: Path
) -> None:
    await approve(bench, await confirmed(bench))
    rewritten(bench, project, "versions:\n", THIRD)
    bench.clock.passes(hours=1)
    await signs(bench, PUB, **TO_THE_THIRD, contact_email="elsewhere@example.org")
    assert await states(bench) == [("2", "published")]
    letter = (await bench.letters())[-1]
    assert (letter.to, letter.subject) == (
        "landlady.canary@example.org",
        "Your promise is already with us",
    )


async def test_a_wording_is_signed_once_however_often_it_is_sent(
    bench: Bench, project: Path
) -> None:
    await approve(bench, await confirmed(bench))
    rewritten(bench, project, "versions:\n", THIRD)
    await asyncio.gather(*(signs(bench, PUB, **TO_THE_THIRD) for _ in range(20)))
    assert await states(bench) == [("2", "published"), ("3", "awaiting_confirmation")]

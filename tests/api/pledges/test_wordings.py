"""What exactly was signed: pinned with the sign-up, carried by its entry, never changed after."""

import asyncio
from pathlib import Path

import pytest

from api.content_files.atomic_write import Unfit
from api.features.pledges.register import publish
from api.store import schema
from tests.api.pledges.conftest import (
    PLEDGE,
    PUB,
    content,
    context_of,
    sign_and_confirm,
    sign_by_json,
)
from tests.api.service_under_test import ServiceUnderTest

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


async def approve(service: ServiceUnderTest, reference: str) -> Path:
    return await asyncio.to_thread(
        publish.approve, reference, context_of(service), service.catalogue
    )


def rewritten(service: ServiceUnderTest, project: Path, old: str, new: str) -> None:
    """Change the pledge's file, and serve it."""
    assert old in PLEDGE
    (project / "content/pledges/connector/index.md").write_text(PLEDGE.replace(old, new))
    service.catalogue = content(project)


async def states(service: ServiceUnderTest) -> list[tuple[str, str]]:
    return [(row.version, row.state) for row in await service.rows(schema.sign_up)]


async def test_a_sign_up_and_its_entry_are_pinned_to_the_words_signed(
    service: ServiceUnderTest, project: Path
) -> None:
    file = await approve(service, await sign_and_confirm(service))
    digest = service.catalogue.pledges[0].current.text_sha256
    (row,) = await service.rows(schema.sign_up)
    assert row.text_sha256 == digest
    assert f"text_sha256: {digest}\n" in file.read_text()
    assert content(project).signatories[0].text_sha256 == digest


async def test_nothing_is_published_under_words_that_were_changed_since(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await sign_and_confirm(service)
    rewritten(service, project, "and I point the way.", "and I come along.")
    with pytest.raises(Unfit) as unfit:
        await approve(service, reference)
    (fault,) = unfit.value.faults
    assert (fault.field, "is not the one that was signed" in fault.message) == ("text_sha256", True)


async def test_a_new_wording_is_signed_again_and_takes_the_place_of_the_old(
    service: ServiceUnderTest, project: Path
) -> None:
    first = await approve(service, await sign_and_confirm(service))
    rewritten(service, project, "versions:\n", THIRD)
    (old,) = service.catalogue.signatories
    assert (old.version, old.of_older_wording(service.catalogue.pledges[0])) == (2, True)
    second = await approve(service, await sign_and_confirm(service, **TO_THE_THIRD))  # type: ignore[arg-type]
    assert second == first
    (new,) = content(project).signatories
    assert (new.version, list(new.promises)) == (3, ["listen", "along"])
    assert await states(service) == [("2", "withdrawn"), ("3", "published")]
    actions = [row.action for row in await service.rows(schema.audit)]
    assert actions[-2:] == ["sign_up.published", "sign_up.replaced"]


async def test_nobody_else_signs_the_new_words_in_a_signatorys_name(
    service: ServiceUnderTest, project: Path
) -> None:
    await approve(service, await sign_and_confirm(service))
    rewritten(service, project, "versions:\n", THIRD)
    service.clock.advance(hours=1)
    await sign_by_json(service, PUB, **TO_THE_THIRD, contact_email="elsewhere@example.org")
    assert await states(service) == [("2", "published")]
    letter = (await service.letters())[-1]
    assert (letter.to, letter.subject) == (
        "landlady.canary@example.org",
        "Your promise is already with us",
    )


async def test_a_wording_is_signed_once_however_often_it_is_sent(
    service: ServiceUnderTest, project: Path
) -> None:
    await approve(service, await sign_and_confirm(service))
    rewritten(service, project, "versions:\n", THIRD)
    await asyncio.gather(*(sign_by_json(service, PUB, **TO_THE_THIRD) for _ in range(20)))
    assert await states(service) == [("2", "published"), ("3", "awaiting_confirmation")]

"""Database and content that disagree, as after a restore: it is told, and mended on both sides."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import update

from api.context import Context
from api.features.pledges.register import publish
from api.features.pledges.register.entry_file import set_status
from api.operations import reconcile
from api.operations.nightly import reconcile_content
from api.store import schema
from tests.api.pledges.conftest import content, context_of, sign_and_confirm
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio

INN = "content/pledges/connector/the-wennimere-arms.md"


def present(service: ServiceUnderTest) -> Context:
    """What rules are given, with the content as it stands."""
    return replace(context_of(service), content=content(service.settings.project))


async def published(service: ServiceUnderTest) -> str:
    reference = await sign_and_confirm(service)
    await asyncio.to_thread(publish.approve, reference, context_of(service), service.catalogue)
    return reference


async def put_back(service: ServiceUnderTest, **values: Any) -> None:
    """Make the database older than the content."""
    change = update(schema.sign_up).values(**values)
    await service.database.write(lambda connection: connection.execute(change))


async def told(service: ServiceUnderTest) -> list[str]:
    disagreements = await asyncio.to_thread(reconcile.find, present(service))
    return [disagreement.what for disagreement in disagreements]


async def mended(service: ServiceUnderTest, **how: bool) -> list[str]:
    left = await asyncio.to_thread(lambda: reconcile.mend(present(service), **how))
    return [disagreement.what for disagreement in left]


async def row(service: ServiceUnderTest) -> Any:
    (sign_up,) = await service.rows(schema.sign_up)
    return sign_up


OLDER = {"state": "confirmed", "entry_path": None, "decided_at": None}


async def test_all_is_well_where_both_agree(service: ServiceUnderTest) -> None:
    await published(service)
    assert await told(service) == []
    assert await mended(service) == []


async def test_approving_after_a_restore_makes_no_second_entry(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await published(service)
    await put_back(service, **OLDER)
    file = await asyncio.to_thread(publish.approve, reference, present(service), service.catalogue)
    assert file == project / INN
    assert not (project / INN.replace(".md", "-2.md")).exists()
    assert (await row(service)).entry_path == INN


async def test_an_entry_of_somebody_else_of_that_name_is_not_taken(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await published(service)
    text = (project / INN).read_text()
    (project / INN).write_text(text.replace("2026-11-22", "2026-10-01"))
    await put_back(service, **OLDER)
    file = await asyncio.to_thread(publish.approve, reference, present(service), service.catalogue)
    assert file == project / INN.replace(".md", "-2.md")
    assert "2026-10-01" in (project / INN).read_text()


async def test_what_is_on_the_register_already_is_marked_so(service: ServiceUnderTest) -> None:
    await published(service)
    letters = len(await service.rows(schema.letter))
    await put_back(service, **OLDER)
    assert await told(service) == [reconcile.NOT_MARKED]
    assert await told(service) == [reconcile.NOT_MARKED], "telling changes nothing"
    assert await mended(service) == []
    sign_up = await row(service)
    assert (sign_up.state, sign_up.entry_path) == ("published", INN)
    assert sign_up.public_name == "The Wennimere Arms"
    assert len(await service.rows(schema.letter)) == letters
    assert await told(service) == []


async def test_a_file_that_is_gone_is_written_again_when_somebody_says_so(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await published(service)
    before = (project / INN).read_bytes()
    (project / INN).unlink()
    assert await told(service) == [reconcile.MISSING]
    assert await mended(service, write_missing=False) == [reconcile.MISSING]
    assert not (project / INN).exists()
    assert await mended(service) == []
    assert (project / INN).read_bytes() == before
    (project / INN).unlink()
    await asyncio.to_thread(publish.approve, reference, present(service), service.catalogue)
    assert (project / INN).read_bytes() == before, "what stands in it is there"


async def test_what_was_taken_off_is_taken_off_again(
    service: ServiceUnderTest, project: Path
) -> None:
    await published(service)
    await put_back(service, state="withdrawn", decided_at=service.clock())
    assert await told(service) == [reconcile.STILL_THERE]
    assert await mended(service) == []
    assert "status: withdrawn" in (project / INN).read_text()


async def test_a_withdrawal_that_only_the_file_knows_hides_it(
    service: ServiceUnderTest, project: Path
) -> None:
    await published(service)
    set_status(project, INN, "withdrawn")
    assert await told(service) == [reconcile.WITHDRAWN]
    assert await reconcile_content(present(service))
    assert (await row(service)).hidden_at == service.clock()
    assert await told(service) == []
    actions = [line.action for line in await service.rows(schema.audit)]
    assert actions[-1] == "sign_up.reconciled"

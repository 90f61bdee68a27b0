"""Names that change: old links lead on, and all of it can be undone."""

import asyncio
from pathlib import Path

import pytest

from api.content_files.atomic_write import Unfit
from api.errors import Invalid
from api.features.pledges.register import publish
from api.features.renewals.renaming import rename_and_merge
from api.store import schema
from tests.api.pledges.conftest import context_of, sign_and_confirm, sign_by_json
from tests.api.renewals.conftest import (
    LANDLADY,
    PUB,
    SHOP,
    context,
    faults,
    first_reminder_link,
    manage_link,
    read_entry,
    reload_catalogue,
)
from tests.api.renewals.rename_helpers import add_activity, content_files, rename_pub
from tests.api.renewals.test_check_in import ALL_AS_IT_WAS
from tests.api.renewals.test_visitor_feedback import send_feedback
from tests.api.service_under_test import ServiceUnderTest
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio


async def test_a_new_name_has_a_new_address_and_everything_follows(
    service: ServiceUnderTest,
) -> None:
    await add_activity(service)
    link = await first_reminder_link(service)
    await send_feedback(service, "yes")
    assert await rename_pub(service, "The Café Arms") == "the-cafe-arms"
    new = read_entry(service, "the-cafe-arms")
    assert (new.name, new.former_slugs) == ("The Café Arms", (PUB,))
    assert f"pledges/connector/{PUB}.md" not in content_files(service.settings.project)
    assert service.catalogue.activities[0].provider.signatory == "connector/the-cafe-arms"
    assert faults(service.settings.project) == []
    assert (await service.client.post(link, data=ALL_AS_IT_WAS)).status_code == 200
    assert str(read_entry(service, "the-cafe-arms").confirmed_until) == "2028-11-22"
    (row,) = await service.rows(schema.sign_up)
    assert row.entry_path.endswith("/the-cafe-arms.md")
    assert (await service.client.get(await manage_link(service, LANDLADY))).status_code == 200
    assert (await send_feedback(service, "yes", "other")).status_code == 200  # a page that was kept
    answers = {(row.who, row.yes) for row in await service.rows(schema.was_it_true)}
    assert answers == {("the-cafe-arms", 2)}


async def test_the_new_name_is_the_one_that_stands_on_the_register(
    service: ServiceUnderTest,
) -> None:
    other = {"contact_email": "somebody.else@example.org"}
    await rename_pub(service, "The Café Arms")
    (row,) = await service.rows(schema.sign_up)
    assert row.public_name == "The Café Arms"
    sign_answer = await sign_by_json(service, name="the  café arms", **other)  # type: ignore[arg-type]
    assert (sign_answer.status_code, await service.count(schema.sign_up)) == (202, 1)
    (change,) = await service.rows(schema.register_change)
    await asyncio.to_thread(rename_and_merge.undo, change.id, context(service))
    (row,) = await service.rows(schema.sign_up)
    assert row.public_name == "The Wennimere Arms"
    await sign_by_json(service, **other)  # type: ignore[arg-type]  # under the name that stands again  # type: ignore[arg-type]
    assert await service.count(schema.sign_up) == 1
    await sign_by_json(service, name="The Café Arms", **other)  # type: ignore[arg-type]
    assert await service.count(schema.sign_up) == 2


async def test_a_name_that_somebody_has_signed_with_is_refused(service: ServiceUnderTest) -> None:
    await sign_by_json(service, name="The Café Arms", contact_email="somebody.else@example.org")
    before = content_files(service.settings.project)
    with pytest.raises(Invalid) as refused:
        await rename_pub(service, "The Café Arms")
    assert [fault.field for fault in refused.value.errors] == ["name"]
    assert content_files(service.settings.project) == before


async def test_a_newcomer_with_an_old_name_gets_an_address_of_its_own(
    service: ServiceUnderTest,
) -> None:
    """The poster in the window of the Café Arms leads to the Café Arms, whoever comes after."""
    await rename_pub(service, "The Café Arms")
    reference = await sign_and_confirm(service, contact_email="newcomer@example.org")
    file = await asyncio.to_thread(
        publish.approve, reference, context_of(service), service.catalogue
    )
    assert file.stem == f"{PUB}-2"
    assert faults(service.settings.project) == []
    reload_catalogue(service)
    old = service.catalogue.signatory("connector", PUB)
    assert old is not None
    assert old.name == "The Café Arms"


async def test_from_name_to_name_every_old_link_leads_on(service: ServiceUnderTest) -> None:
    link = await first_reminder_link(service)
    served_before = service.catalogue
    await send_feedback(service, "yes")
    await rename_pub(service, "The Café Arms")
    await asyncio.to_thread(
        rename_and_merge.rename, "connector", "the-cafe-arms", "Café Temeford", "", context(service)
    )
    service.catalogue = served_before  # what is served is a build behind
    assert (await send_feedback(service, "yes", "other")).status_code == 200
    reload_catalogue(service)
    signatory = read_entry(service, "cafe-temeford")
    assert signatory.former_slugs == (PUB, "the-cafe-arms")
    served = [service.catalogue.signatory("connector", slug) for slug in signatory.names]
    assert [signatory_served and signatory_served.path for signatory_served in served] == [
        signatory.path
    ] * 3
    assert [(row.who, row.yes) for row in await service.rows(schema.was_it_true)] == [
        (signatory.slug, 2)
    ]
    assert (await service.client.post(link, data=ALL_AS_IT_WAS)).status_code == 200
    assert str(read_entry(service, signatory.slug).confirmed_until) == "2028-11-22"
    dispute = await service.client.get(f"/pledges/connector/{PUB}/dispute")
    assert (dispute.status_code, dispute.headers["location"]) == (301, f"{signatory.url}dispute")
    undone_name = await asyncio.to_thread(
        rename_and_merge.rename,
        "connector",
        signatory.slug,
        "The Wennimere Arms",
        PUB,
        context(service),
    )
    assert (undone_name, read_entry(service).former_slugs) == (
        PUB,
        ("the-cafe-arms", signatory.slug),
    )
    assert [(row.who, row.yes) for row in await service.rows(schema.was_it_true)] == [(PUB, 2)]


async def test_undoing_puts_every_file_back_to_the_letter(service: ServiceUnderTest) -> None:
    await add_activity(service)
    before = content_files(service.settings.project)
    await rename_pub(service, "The Café Arms")
    (row,) = await service.rows(schema.register_change)
    await asyncio.to_thread(rename_and_merge.undo, row.id, context(service))
    assert content_files(service.settings.project) == before
    (sign_up,) = await service.rows(schema.sign_up)
    assert sign_up.entry_path.endswith(f"/{PUB}.md")
    with pytest.raises(rename_and_merge.ChangeNotFound):
        await asyncio.to_thread(rename_and_merge.undo, row.id, context(service))


async def test_what_was_changed_since_is_not_undone(service: ServiceUnderTest) -> None:
    await rename_pub(service, "The Café Arms")
    file = service.settings.project / read_entry(service, "the-cafe-arms").path
    file.write_text(file.read_text().replace("Monday", "Sunday"))
    (row,) = await service.rows(schema.register_change)
    with pytest.raises(rename_and_merge.FilesChangedSince):
        await asyncio.to_thread(rename_and_merge.undo, row.id, context(service))


async def test_a_name_alone_may_change_and_come_back(service: ServiceUnderTest) -> None:
    assert await rename_pub(service, "The Arms", PUB) == PUB
    assert read_entry(service).former_slugs == ()
    assert await rename_pub(service, "The Arms", "the-arms") == "the-arms"
    undone_name = await asyncio.to_thread(
        rename_and_merge.rename, "connector", "the-arms", "The Arms", PUB, context(service)
    )
    assert (undone_name, read_entry(service).former_slugs) == (PUB, ("the-arms",))
    assert faults(service.settings.project) == []


@pytest.mark.parametrize("slug", ["index", "sign", "Not A Slug", SHOP, "../x", "a" * 200])
async def test_an_address_that_cannot_be_is_refused_with_nothing_written(
    service: ServiceUnderTest, slug: str
) -> None:
    before = content_files(service.settings.project)
    with pytest.raises(Invalid):
        await asyncio.to_thread(
            rename_and_merge.rename, "connector", PUB, "X", slug, context(service)
        )
    assert content_files(service.settings.project) == before
    assert await service.count(schema.register_change) == 0


@pytest.mark.parametrize("name", ["Ring 01632 960 960 1", "a@example.org", "<b>", "x" * 301])
async def test_a_name_that_must_not_stand_is_refused(service: ServiceUnderTest, name: str) -> None:
    with pytest.raises(Unfit):
        await asyncio.to_thread(
            rename_and_merge.rename, "connector", PUB, name, "new", context(service)
        )
    assert await service.count(schema.register_change) == 0


async def test_a_crash_amid_the_files_is_finished(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    await add_activity(service)
    writes: list[object] = []
    real = rename_and_merge.put_in_place  # type: ignore[attr-defined]

    def crash(file: Path, content: bytes) -> None:
        if writes:
            raise OSError("the power went")
        writes.append(file)
        real(file, content)

    with monkeypatch.context() as broken:
        broken.setattr(rename_and_merge, "put_in_place", crash)
        with pytest.raises(OSError, match="power"):
            await rename_pub(service, "The Café Arms")
    assert await asyncio.to_thread(rename_and_merge.finish_interrupted, context(service)) == 1
    reload_catalogue(service)
    assert {entry.slug for entry in service.catalogue.register("connector")} == {
        "the-cafe-arms",
        SHOP,
    }
    assert service.catalogue.activities[0].provider.signatory == "connector/the-cafe-arms"
    assert await asyncio.to_thread(rename_and_merge.finish_interrupted, context(service)) == 0


async def test_staff_rename_merge_and_undo_on_pages(service: ServiceUnderTest) -> None:
    await sign_in(service, add_staff(service))
    assert "The Wennimere Arms" in (await service.client.get("/staff/register")).text
    at = f"/staff/register/connector/{PUB}"
    assert (await service.client.get(at)).status_code == 200
    faulty = await service.client.post(f"{at}/rename", data={"name": "", "slug": ""})
    assert (faulty.status_code, "There is a problem" in faulty.text) == (422, True)
    rename_answer = await service.client.post(
        f"{at}/rename", data={"name": "The Café Arms", "slug": ""}
    )
    assert rename_answer.headers["location"] == "/staff/register/connector/the-cafe-arms"
    reload_catalogue(service)
    page = await service.client.get(rename_answer.headers["location"])
    assert f"{PUB} became the-cafe-arms" in page.text
    (change,) = service.last_page.values["changes"]
    undo = f"{rename_answer.headers['location']}/undo"
    undo_answer = await service.client.post(undo, data={"change": change.id})
    assert undo_answer.headers["location"] == at
    reload_catalogue(service)
    merged = await service.client.post(f"{at}/merge", data={"other": SHOP})
    assert merged.status_code == 303
    reload_catalogue(service)
    assert [entry.slug for entry in service.catalogue.register("connector")] == [PUB]
    assert service.context.rebuild_queue.is_pending

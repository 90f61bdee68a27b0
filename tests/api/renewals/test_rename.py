"""Names that change: old links lead on, and all of it can be undone."""

import asyncio
from pathlib import Path

import pytest

from api.content_files.atomic_write import Unfit
from api.errors import Invalid
from api.features.pledges.register import publish
from api.features.renewals.renaming import rename_and_merge
from api.store import schema
from tests.api.bench import Bench
from tests.api.pledges.conftest import confirmed, context_of, signs
from tests.api.renewals.conftest import (
    LANDLADY,
    PUB,
    SHOP,
    asked,
    context,
    entry,
    faults,
    own_page,
    renewed_catalogue,
)
from tests.api.renewals.rename_helpers import rename, tree, with_activity
from tests.api.renewals.test_check_in import ALL_AS_IT_WAS
from tests.api.renewals.test_visitor_feedback import says
from tests.api.staff.conftest import add_staff, sign_in

pytestmark = pytest.mark.anyio


async def test_a_new_name_has_a_new_address_and_everything_follows(bench: Bench) -> None:
    await with_activity(bench)
    link = await asked(bench)
    await says(bench, "yes")
    assert await rename(bench, "The Café Arms") == "the-cafe-arms"
    new = entry(bench, "the-cafe-arms")
    assert (new.name, new.former_slugs) == ("The Café Arms", (PUB,))
    assert f"pledges/connector/{PUB}.md" not in tree(bench.settings.project)
    assert bench.catalogue.activities[0].provider.signatory == "connector/the-cafe-arms"
    assert faults(bench.settings.project) == []
    assert (await bench.client.post(link, data=ALL_AS_IT_WAS)).status_code == 200
    assert str(entry(bench, "the-cafe-arms").confirmed_until) == "2028-11-22"
    (row,) = await bench.rows(schema.sign_up)
    assert row.entry_path.endswith("/the-cafe-arms.md")
    assert (await bench.client.get(await own_page(bench, LANDLADY))).status_code == 200
    assert (await says(bench, "yes", "other")).status_code == 200  # a page that was kept
    counted = {(row.who, row.yes) for row in await bench.rows(schema.was_it_true)}
    assert counted == {("the-cafe-arms", 2)}


async def test_the_new_name_is_the_one_that_stands_on_the_register(bench: Bench) -> None:
    other = {"contact_email": "somebody.else@example.org"}
    await rename(bench, "The Café Arms")
    (row,) = await bench.rows(schema.sign_up)
    assert row.public_name == "The Café Arms"
    again = await signs(bench, name="the  café arms", **other)  # type: ignore[arg-type]
    assert (again.status_code, await bench.count(schema.sign_up)) == (202, 1)
    (change,) = await bench.rows(schema.register_change)
    await asyncio.to_thread(rename_and_merge.undo, change.id, context(bench))
    (row,) = await bench.rows(schema.sign_up)
    assert row.public_name == "The Wennimere Arms"
    await signs(bench, **other)  # type: ignore[arg-type]  # under the name that stands again  # type: ignore[arg-type]
    assert await bench.count(schema.sign_up) == 1
    await signs(bench, name="The Café Arms", **other)  # type: ignore[arg-type]
    assert await bench.count(schema.sign_up) == 2


async def test_a_name_that_somebody_has_signed_with_is_refused(bench: Bench) -> None:
    await signs(bench, name="The Café Arms", contact_email="somebody.else@example.org")
    before = tree(bench.settings.project)
    with pytest.raises(Invalid) as refused:
        await rename(bench, "The Café Arms")
    assert [one.field for one in refused.value.errors] == ["name"]
    assert tree(bench.settings.project) == before


async def test_a_newcomer_with_an_old_name_gets_an_address_of_its_own(bench: Bench) -> None:
    """The poster in the window of the Café Arms leads to the Café Arms, whoever comes after."""
    await rename(bench, "The Café Arms")
    reference = await confirmed(bench, contact_email="newcomer@example.org")
    file = await asyncio.to_thread(publish.approve, reference, context_of(bench), bench.catalogue)
    assert file.stem == f"{PUB}-2"
    assert faults(bench.settings.project) == []
    renewed_catalogue(bench)
    old = bench.catalogue.signatory("connector", PUB)
    assert old is not None
    assert old.name == "The Café Arms"


async def test_from_name_to_name_every_old_link_leads_on(bench: Bench) -> None:
    link = await asked(bench)
    kept = bench.catalogue
    await says(bench, "yes")
    await rename(bench, "The Café Arms")
    await asyncio.to_thread(
        rename_and_merge.rename, "connector", "the-cafe-arms", "Café Temeford", "", context(bench)
    )
    bench.catalogue = kept  # what is served is a build behind
    assert (await says(bench, "yes", "other")).status_code == 200
    renewed_catalogue(bench)
    of = entry(bench, "cafe-temeford")
    assert of.former_slugs == (PUB, "the-cafe-arms")
    found = [bench.catalogue.signatory("connector", who) for who in of.names]
    assert [one and one.path for one in found] == [of.path] * 3
    assert [(row.who, row.yes) for row in await bench.rows(schema.was_it_true)] == [(of.slug, 2)]
    assert (await bench.client.post(link, data=ALL_AS_IT_WAS)).status_code == 200
    assert str(entry(bench, of.slug).confirmed_until) == "2028-11-22"
    dispute = await bench.client.get(f"/pledges/connector/{PUB}/dispute")
    assert (dispute.status_code, dispute.headers["location"]) == (301, f"{of.url}dispute")
    back = await asyncio.to_thread(
        rename_and_merge.rename, "connector", of.slug, "The Wennimere Arms", PUB, context(bench)
    )
    assert (back, entry(bench).former_slugs) == (PUB, ("the-cafe-arms", of.slug))
    assert [(row.who, row.yes) for row in await bench.rows(schema.was_it_true)] == [(PUB, 2)]


async def test_undoing_puts_every_file_back_to_the_letter(bench: Bench) -> None:
    await with_activity(bench)
    before = tree(bench.settings.project)
    await rename(bench, "The Café Arms")
    (row,) = await bench.rows(schema.register_change)
    await asyncio.to_thread(rename_and_merge.undo, row.id, context(bench))
    assert tree(bench.settings.project) == before
    (sign_up,) = await bench.rows(schema.sign_up)
    assert sign_up.entry_path.endswith(f"/{PUB}.md")
    with pytest.raises(rename_and_merge.ChangeNotFound):
        await asyncio.to_thread(rename_and_merge.undo, row.id, context(bench))


async def test_what_was_changed_since_is_not_undone(bench: Bench) -> None:
    await rename(bench, "The Café Arms")
    file = bench.settings.project / entry(bench, "the-cafe-arms").path
    file.write_text(file.read_text().replace("Monday", "Sunday"))
    (row,) = await bench.rows(schema.register_change)
    with pytest.raises(rename_and_merge.ChangedSince):
        await asyncio.to_thread(rename_and_merge.undo, row.id, context(bench))


async def test_a_name_alone_may_change_and_come_back(bench: Bench) -> None:
    assert await rename(bench, "The Arms", PUB) == PUB
    assert entry(bench).former_slugs == ()
    assert await rename(bench, "The Arms", "the-arms") == "the-arms"
    back = await asyncio.to_thread(
        rename_and_merge.rename, "connector", "the-arms", "The Arms", PUB, context(bench)
    )
    assert (back, entry(bench).former_slugs) == (PUB, ("the-arms",))
    assert faults(bench.settings.project) == []


@pytest.mark.parametrize("slug", ["index", "sign", "Not A Slug", SHOP, "../x", "a" * 200])
async def test_an_address_that_cannot_be_is_refused_with_nothing_written(
    bench: Bench, slug: str
) -> None:
    before = tree(bench.settings.project)
    with pytest.raises(Invalid):
        await asyncio.to_thread(
            rename_and_merge.rename, "connector", PUB, "X", slug, context(bench)
        )
    assert tree(bench.settings.project) == before
    assert await bench.count(schema.register_change) == 0


@pytest.mark.parametrize("name", ["Ring 01632 960 960 1", "a@example.org", "<b>", "x" * 301])
async def test_a_name_that_must_not_stand_is_refused(bench: Bench, name: str) -> None:
    with pytest.raises(Unfit):
        await asyncio.to_thread(
            rename_and_merge.rename, "connector", PUB, name, "new", context(bench)
        )
    assert await bench.count(schema.register_change) == 0


async def test_a_crash_amid_the_files_is_finished(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_activity(bench)
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
            await rename(bench, "The Café Arms")
    assert await asyncio.to_thread(rename_and_merge.finish_interrupted, context(bench)) == 1
    renewed_catalogue(bench)
    assert {one.slug for one in bench.catalogue.register("connector")} == {"the-cafe-arms", SHOP}
    assert bench.catalogue.activities[0].provider.signatory == "connector/the-cafe-arms"
    assert await asyncio.to_thread(rename_and_merge.finish_interrupted, context(bench)) == 0


async def test_staff_rename_merge_and_undo_on_pages(bench: Bench) -> None:
    await sign_in(bench, add_staff(bench))
    assert "The Wennimere Arms" in (await bench.client.get("/staff/register")).text
    at = f"/staff/register/connector/{PUB}"
    assert (await bench.client.get(at)).status_code == 200
    faulty = await bench.client.post(f"{at}/rename", data={"name": "", "slug": ""})
    assert (faulty.status_code, "There is a problem" in faulty.text) == (422, True)
    done = await bench.client.post(f"{at}/rename", data={"name": "The Café Arms", "slug": ""})
    assert done.headers["location"] == "/staff/register/connector/the-cafe-arms"
    renewed_catalogue(bench)
    page = await bench.client.get(done.headers["location"])
    assert f"{PUB} became the-cafe-arms" in page.text
    (change,) = bench.shown.values["changes"]
    undo = f"{done.headers['location']}/undo"
    back = await bench.client.post(undo, data={"change": change.id})
    assert back.headers["location"] == at
    renewed_catalogue(bench)
    merged = await bench.client.post(f"{at}/merge", data={"other": SHOP})
    assert merged.status_code == 303
    renewed_catalogue(bench)
    assert [one.slug for one in bench.catalogue.register("connector")] == [PUB]
    assert bench.context.rebuild_queue.under_way

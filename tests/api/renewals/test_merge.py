"""Two entries that become one: nothing of either is lost, and nothing comes twice."""

import asyncio

import pytest

from api.errors import Invalid
from api.features.pledges.register import publish
from api.features.renewals import reminders
from api.features.renewals.feedback.store import FeedbackCount
from api.features.renewals.renaming import rename_and_merge
from api.store import schema
from tests.api.pledges.conftest import confirmed, context_of
from tests.api.renewals.conftest import (
    PUB,
    SHOP,
    asked,
    context,
    entry,
    own_page,
    renewed_catalogue,
)
from tests.api.renewals.rename_helpers import read_staff_view, state, tree, with_activity
from tests.api.renewals.test_check_in import ALL_AS_IT_WAS
from tests.api.renewals.test_visitor_feedback import PATH, says
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


async def test_two_entries_become_one(service: ServiceUnderTest) -> None:
    await with_activity(service)
    before = tree(service.settings.project)
    await asyncio.to_thread(rename_and_merge.merge, "connector", PUB, SHOP, context(service))
    renewed_catalogue(service)
    (one,) = service.catalogue.register("connector")
    assert (one.slug, one.former_slugs) == (SHOP, (PUB,))
    assert str(one.since) == "2026-01-10"
    assert set(one.promises) == {"listen"}
    assert one.body == "The shop is open on Sundays."
    assert service.catalogue.activities[0].provider.signatory == f"connector/{SHOP}"
    (row,) = await service.rows(schema.sign_up)
    assert row.entry_path.endswith(f"/{SHOP}.md")  # the only contact there is
    (change,) = await service.rows(schema.register_change)
    await asyncio.to_thread(rename_and_merge.undo, change.id, context(service))
    assert tree(service.settings.project) == before


async def test_of_two_that_become_one_nothing_is_lost_and_nothing_comes_twice(
    service: ServiceUnderTest,
) -> None:
    shop = service.settings.project / entry(service, SHOP).path
    shop.write_text(shop.read_text().replace("2027-01-10", "2027-11-22"))  # both run out then
    link = await asked(service)  # the pub by letter, the shop by post
    await says(service, "no")
    for phone in ("two", "three"):
        at = PATH.replace(PUB, SHOP)
        await service.client.post(at, data={"listen": "no"}, headers={"user-agent": phone})
    before = await state(service)
    await asyncio.to_thread(rename_and_merge.merge, "connector", SHOP, PUB, context(service))
    renewed_catalogue(service)

    counts = [FeedbackCount("listen", 0, 3, 3)]
    assert await service.database.read(read_staff_view(service, PUB)) == (counts, [])
    assert await asyncio.to_thread(reminders.send_due, context(service)) == 0
    (change,) = await service.rows(schema.register_change)
    await asyncio.to_thread(rename_and_merge.undo, change.id, context(service))
    assert await state(service) == before
    await asyncio.to_thread(rename_and_merge.merge, "connector", PUB, SHOP, context(service))
    renewed_catalogue(service)
    said, letters = await service.database.read(read_staff_view(service, SHOP))
    assert (said, [letter.slug for letter in letters]) == (counts, [SHOP])
    assert (await service.client.post(link, data=ALL_AS_IT_WAS)).status_code == 200
    assert str(entry(service, SHOP).confirmed_until) == "2028-11-22"
    with pytest.raises(Invalid):  # the pub's own lies there, for an undo
        await asyncio.to_thread(
            rename_and_merge.rename, "connector", SHOP, "X", PUB, context(service)
        )


async def test_each_contact_of_two_that_became_one_may_leave(service: ServiceUnderTest) -> None:
    """Both have signed: whichever withdraws, no sign-up is left behind."""
    other = {"name": "Temeford Arms", "contact_email": "second.canary@example.org"}
    reference = await confirmed(service, **other)  # type: ignore[arg-type]
    await asyncio.to_thread(publish.approve, reference, context_of(service), service.catalogue)
    await asyncio.to_thread(
        rename_and_merge.merge, "connector", "temeford-arms", PUB, context(service)
    )
    renewed_catalogue(service)
    renamed = await asyncio.to_thread(
        rename_and_merge.rename, "connector", PUB, "Temeford Arms", PUB, context(service)
    )
    own = await own_page(service, other["contact_email"])
    assert (await service.client.post(f"{own}/withdraw")).status_code == 200
    assert (renamed, entry(service).status) == (PUB, "withdrawn")
    assert {row.state for row in await service.rows(schema.sign_up)} == {"withdrawn"}


async def test_the_older_day_stays_whichever_entry_goes(service: ServiceUnderTest) -> None:
    await asyncio.to_thread(rename_and_merge.merge, "connector", SHOP, PUB, context(service))
    assert str(entry(service).since) == "2026-01-10"
    assert set(entry(service).promises) == {"listen", "point-on"}

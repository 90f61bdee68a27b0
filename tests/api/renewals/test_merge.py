"""Two entries are merged: nothing of either is lost, and nothing is sent twice."""

import asyncio

import pytest

from api.errors import Invalid
from api.features.pledges.register import publish
from api.features.renewals import reminders
from api.features.renewals.feedback.store import FeedbackCount
from api.features.renewals.renaming import rename_and_merge
from api.store import schema
from tests.api.pledges.conftest import context_of, sign_and_confirm
from tests.api.renewals.conftest import (
    PUB,
    SHOP,
    context,
    first_reminder_link,
    manage_link,
    read_entry,
    reload_catalogue,
)
from tests.api.renewals.rename_helpers import (
    add_activity,
    content_files,
    files_and_rows,
    read_staff_view,
)
from tests.api.renewals.test_check_in import ALL_AS_IT_WAS
from tests.api.renewals.test_visitor_feedback import PATH, send_feedback
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


async def test_two_entries_become_one(service: ServiceUnderTest) -> None:
    await add_activity(service)
    before = content_files(service.settings.project)
    await asyncio.to_thread(rename_and_merge.merge, "connector", PUB, SHOP, context(service))
    reload_catalogue(service)
    (merged,) = service.catalogue.register("connector")
    assert (merged.slug, merged.former_slugs) == (SHOP, (PUB,))
    assert str(merged.since) == "2026-01-10"
    assert set(merged.promises) == {"listen"}
    assert merged.body == "The shop is open on Sundays."
    assert service.catalogue.activities[0].provider.signatory == f"connector/{SHOP}"
    (row,) = await service.rows(schema.sign_up)
    assert row.entry_path.endswith(f"/{SHOP}.md")  # the only contact there is
    (change,) = await service.rows(schema.register_change)
    await asyncio.to_thread(rename_and_merge.undo, change.id, context(service))
    assert content_files(service.settings.project) == before


async def test_after_a_merge_nothing_is_lost_and_nothing_is_sent_twice(
    service: ServiceUnderTest,
) -> None:
    shop = service.settings.project / read_entry(service, SHOP).path
    shop.write_text(shop.read_text().replace("2027-01-10", "2027-11-22"))  # both run out then
    link = await first_reminder_link(service)  # the pub by letter, the shop by post
    await send_feedback(service, "no")
    for phone in ("two", "three"):
        at = PATH.replace(PUB, SHOP)
        await service.client.post(at, data={"listen": "no"}, headers={"user-agent": phone})
    before = await files_and_rows(service)
    await asyncio.to_thread(rename_and_merge.merge, "connector", SHOP, PUB, context(service))
    reload_catalogue(service)

    counts = [FeedbackCount("listen", 0, 3, 3)]
    assert await service.database.read(read_staff_view(service, PUB)) == (counts, [])
    assert await asyncio.to_thread(reminders.send_due, context(service)) == 0
    (change,) = await service.rows(schema.register_change)
    await asyncio.to_thread(rename_and_merge.undo, change.id, context(service))
    assert await files_and_rows(service) == before
    await asyncio.to_thread(rename_and_merge.merge, "connector", PUB, SHOP, context(service))
    reload_catalogue(service)
    merged_counts, letters = await service.database.read(read_staff_view(service, SHOP))
    assert (merged_counts, [letter.slug for letter in letters]) == (counts, [SHOP])
    assert (await service.client.post(link, data=ALL_AS_IT_WAS)).status_code == 200
    assert str(read_entry(service, SHOP).confirmed_until) == "2028-11-22"
    with pytest.raises(Invalid):  # the pub's own lies there, for an undo
        await asyncio.to_thread(
            rename_and_merge.rename, "connector", SHOP, "X", PUB, context(service)
        )


async def test_after_a_merge_each_contact_can_withdraw(service: ServiceUnderTest) -> None:
    """Both have signed: whichever withdraws, no sign-up is left behind."""
    other = {"name": "Temeford Arms", "contact_email": "second.canary@example.org"}
    reference = await sign_and_confirm(service, **other)  # type: ignore[arg-type]
    await asyncio.to_thread(publish.approve, reference, context_of(service), service.catalogue)
    await asyncio.to_thread(
        rename_and_merge.merge, "connector", "temeford-arms", PUB, context(service)
    )
    reload_catalogue(service)
    renamed = await asyncio.to_thread(
        rename_and_merge.rename, "connector", PUB, "Temeford Arms", PUB, context(service)
    )
    manage_page = await manage_link(service, other["contact_email"])
    assert (await service.client.post(f"{manage_page}/withdraw")).status_code == 200
    assert (renamed, read_entry(service).status) == (PUB, "withdrawn")
    assert {row.state for row in await service.rows(schema.sign_up)} == {"withdrawn"}


async def test_the_older_day_stays_whichever_entry_goes(service: ServiceUnderTest) -> None:
    await asyncio.to_thread(rename_and_merge.merge, "connector", SHOP, PUB, context(service))
    assert str(read_entry(service).since) == "2026-01-10"
    assert set(read_entry(service).promises) == {"listen", "point-on"}

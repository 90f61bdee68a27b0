"""Many sign-ups are invalidated at once: counted first, in batches, stopped, and undone whole."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.context import Context
from api.features.pledges.bulk import job, matching
from api.features.pledges.bulk.background import run_batch
from api.features.pledges.review import decide
from api.features.pledges.review.queue_store import LOCKS
from api.features.pledges.review.undo import undo
from api.jobs import retention
from api.jobs import store as retention_store
from api.store import audit, schema
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.conftest import Clock
from tests.api.pledges.bulk_pages import (
    SPAM,
    WHY,
    became,
    comes,
    count,
    count_and_start,
    find_sign_up,
    start,
    works_on,
)
from tests.api.pledges.conftest import BOTH, content, context_of, sign_and_confirm
from tests.api.pledges.many_sign_ups import make_sign_up, run_batches, status_of
from tests.api.service_under_test import ServiceUnderTest, read_all_files
from tests.api.staff.conftest import EMAIL, Member, add_staff, enter_code_again, sign_in

pytestmark = pytest.mark.anyio
STAFF = (EMAIL, "ann@example.org", "admin@example.org")


async def publish_one(service: ServiceUnderTest) -> tuple[str, str]:
    """Publish one as staff do; gives its reference and the path of its entry."""
    reference = await sign_and_confirm(service)
    page = await service.client.get(f"/staff/sign-ups/{reference}")
    assert page.status_code == 200
    version = str(service.last_page.values["version"])
    await service.client.post(f"/staff/sign-ups/{reference}/publish", data={"version": version})
    await service.client.post(f"/staff/sign-ups/{reference}/let-go")
    service.clock.advance(minutes=15)
    return reference, (await find_sign_up(service, reference)).entry_path


@BOTH
async def test_a_job_begins_only_on_what_was_shown_and_once(
    service: ServiceUnderTest, boss: Member
) -> None:
    await comes(service, 1)
    count_shown = await count(service, **SPAM)
    service.clock.advance(minutes=1)
    later = await comes(service, 2)  # what comes after the counting is no matter
    assert (await start(service, count_shown, **SPAM)).status_code == 422  # without a reason
    assert [error.field for error in service.last_page.values["form"].errors] == ["refused_why"]
    count_shown = service.last_page.values["count"]
    assert count_shown.total == 2
    context = context_of(service)
    context.database.write_now(
        lambda connection: decide.apply_decision(
            connection,
            decide.find_sign_up(connection, later),
            decide.DECISION_TYPES["reject"],
            decide.DecisionNote("unclear"),
            context,
            service.catalogue,
        )
    )
    assert (await start(service, count_shown, **SPAM, **WHY)).status_code == 409
    assert (service.last_page.values["anew"], service.last_page.values["count"].total) == (True, 1)
    assert await service.rows(schema.invalidation) == []
    count_shown = service.last_page.values["count"]
    pressed = [await start(service, count_shown, **SPAM, **WHY) for _ in range(2)]
    assert [answer.status_code for answer in pressed] == [303, 409]
    assert "Another one is running" in pressed[1].text
    assert (await start(service, count_shown, **SPAM, refused_why="other")).status_code == 422
    assert len(await service.rows(schema.invalidation)) == 1
    assert b"spam.example" not in read_all_files(service.settings.project)


@BOTH
async def test_a_job_goes_through_all_of_them_in_batches_and_writes_to_nobody(
    service: ServiceUnderTest, boss: Member, project: Path
) -> None:
    entry_of, path = await publish_one(service)
    add_staff(service, "admin@example.org", ("admin",))
    flood = [make_sign_up(context_of(service), number, **SPAM) for number in range(120)]
    await service.database.insert([row for _, row in flood])
    read, released, own_entry = (new.reference for new, _ in flood[:3])
    ann = add_staff(service, "ann@example.org")
    now = service.clock()
    for reference, reader in ((read, ann), (own_entry, boss)):
        sign_up = await find_sign_up(service, reference)
        await service.database.write(
            lambda connection: LOCKS.take(connection, sign_up.id, reader.staff.id, now)  # noqa: B023
        )
    of_signers = len([one for one in await service.letters() if one.to not in STAFF])
    before = {row.id: row for row in await service.rows(schema.sign_up)}
    page = await count_and_start(service, states=["held", "published"])
    decide.release(released, context_of(service), service.catalogue)
    await service.letters()
    service.replace_rebuild_queue()

    assert await run_batch(service.context)
    assert (await service.client.get(page)).status_code == 200
    job_shown = service.last_page.values["job"]
    assert (job_shown.state, job_shown.count_done, job_shown.total) == ("Running", 100, 121)
    await works_on(service)
    assert await became(service, page) == {"done": 119, "locked": 1, "moved": 1}
    await service.client.get(page)
    assert service.last_page.values["job"].state == "Done"

    assert (await find_sign_up(service, read)).state == "held"
    assert (await find_sign_up(service, released)).state == "awaiting_confirmation"
    assert (await find_sign_up(service, own_entry)).state == "rejected"
    assert (await find_sign_up(service, entry_of)).state == "withdrawn"
    assert status_of(project, path) == "withdrawn"
    assert content(project).register("connector") == ()
    assert service.context.rebuild_queue.is_pending
    service.clock.advance(minutes=20)
    letters = await service.letters()
    # The one which was let go on hears of it.
    assert len([one for one in letters if one.to not in STAFF]) == of_signers + 1
    told = [one.to for one in letters if "began to invalidate 121 sign-ups" in one.body]
    assert sorted(told) == sorted(("admin@example.org", boss.email))

    trail = [row for row in await service.rows(schema.audit) if "invalidation" in row.detail]
    assert len({row.subject for row in trail}) == len(trail) == 119
    assert {row.actor for row in trail} == {f"staff {boss.staff.id}"}
    await service.client.get(f"/staff/sign-ups/{own_entry}")
    sentences = [line.sentence for line in service.last_page.values["sign_up"].history]
    assert "Refused it. It was one of many at once. Made up, or sent by a program." in sentences
    assert await service.database.read(audit.verify) is None

    # Somebody decides about one of them again; then all of it is taken back.
    service.clock.advance(minutes=1)
    await service.client.post(f"/staff/sign-ups/{own_entry}/let-go")
    undone_alone = flood[5][0].reference
    undo(undone_alone, context_of(service))
    await enter_code_again(service)
    assert (await service.client.post(f"{page}/undo")).status_code == 303
    await works_on(service)
    assert await became(service, page) == {"undone": 118, "left": 1, "locked": 1, "moved": 1}
    after = {row.id: row for row in await service.rows(schema.sign_up)}
    changed = [row.reference for row in before.values() if after[row.id] != row]
    assert changed == [released]
    assert status_of(project, path) == "published"
    assert len(content(project).register("connector")) == 1
    assert (await service.client.post(f"{page}/undo")).status_code == 409
    assert await service.database.read(audit.verify) is None


async def test_a_job_is_stopped_between_batches_and_so_is_its_undoing(
    service: ServiceUnderTest, boss: Member
) -> None:
    await service.database.insert(
        [make_sign_up(context_of(service), number)[1] for number in range(250)]
    )
    page = await count_and_start(service, states="held")
    await run_batch(service.context)
    assert (await service.client.post(f"{page}/cancel")).status_code == 303
    await works_on(service)
    assert await became(service, page) == {"done": 100, "waiting": 150}
    assert (await service.client.post(f"{page}/cancel")).status_code == 409
    service.clock.advance(days=6)
    await sign_in(service, boss)
    await enter_code_again(service)
    assert (await service.client.post(f"{page}/undo")).status_code == 303
    assert (await service.client.post(f"{page}/cancel")).status_code == 303
    assert (await service.client.post(f"{page}/undo")).status_code == 303
    await works_on(service)
    assert await became(service, page) == {"undone": 100, "waiting": 150}
    assert {row.state for row in await service.rows(schema.sign_up)} == {"held"}


async def test_after_seven_days_or_where_another_one_stands_nothing_is_put_back(
    service: ServiceUnderTest, boss: Member
) -> None:
    old = await comes(service, 1, "confirmed", name="The Bell")
    page = await count_and_start(service, name_starts="the bell")
    await works_on(service)
    service.clock.advance(minutes=1)
    new = await comes(service, 2, "confirmed", name="The Bell")
    await enter_code_again(service)
    await service.client.post(f"{page}/undo")
    await works_on(service)
    assert await became(service, page) == {"left": 1}
    assert [(await find_sign_up(service, of)).state for of in (old, new)] == [
        "rejected",
        "confirmed",
    ]
    second = await count_and_start(service, name_starts="the bell")
    await works_on(service)
    service.clock.advance(days=7)
    await sign_in(service, boss)
    await enter_code_again(service)
    assert (await service.client.post(f"{second}/undo")).status_code == 409
    assert (await find_sign_up(service, new)).state == "rejected"


async def test_a_moderator_counts_and_stops_and_begins_nothing(
    service: ServiceUnderTest, boss: Member
) -> None:
    await comes(service, 1)
    page = await count_and_start(service, **SPAM)
    service.client.cookies.clear()
    await sign_in(service, add_staff(service, "mod@example.org", roles=("moderator",)))
    matches = await count(service, **SPAM)
    assert not service.last_page.values["may_start"]
    assert (await start(service, matches, **SPAM, **WHY)).status_code == 403
    assert (await service.client.post(f"{page}/cancel")).status_code == 303
    assert (await service.client.post(f"{page}/undo")).status_code == 403
    await service.client.get(page)
    assert service.last_page.values["job"].became[0].words == "Not reached"


async def test_a_large_job_is_no_sign_of_a_wrong_clock_and_is_forgotten_in_time(
    service: ServiceUnderTest, database: Database, clock: Clock, catalogue: Catalogue
) -> None:
    def context(**passes: float) -> Context:
        clock.advance(**passes)
        return context_of(service)

    at = context()
    database.insert_now([make_sign_up(at, number)[1] for number in range(60)])
    conditions = job.Conditions(states=("held",))  # type: ignore[attr-defined]
    matches = database.read_now(
        lambda connection: matching.find_matches(connection, conditions, service.encryption, at.now)
    )
    job.start(
        conditions,
        at.now,
        matches.fingerprint,
        job.JobReasons("made_up", words="Mrs Canary rang."),
        at,
    )
    run_batches(at, catalogue)
    later = context(days=91)
    erased = database.write_now(lambda connection: retention.erase_due(connection, later.now))
    assert erased.sign_ups == 60
    assert retention_store.INVALIDATIONS_KEPT > decide.KEPT_REFUSED
    later = context(days=retention_store.INVALIDATIONS_KEPT / timedelta(days=1))
    database.write_now(lambda connection: retention.erase_due(connection, later.now))
    assert (
        database.read_now(lambda connection: connection.execute(schema.invalidation.select()).all())
        == []
    )
    rows = database.read_now(
        lambda connection: connection.execute(schema.invalidation_member.select()).all()
    )
    assert rows == []

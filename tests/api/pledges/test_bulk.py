"""Many sign-ups are invalidated at once: counted first, in batches, stopped, and undone whole."""

from datetime import timedelta
from pathlib import Path

import pytest

from api.context import Context
from api.features.pledges.bulk import job, matching
from api.features.pledges.bulk.background import run_batch
from api.features.pledges.review import decide, locks
from api.features.pledges.review.undo import undo
from api.jobs import retention
from api.store import audit, schema
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from tests.api.bench import Bench, files_of
from tests.api.conftest import Clock
from tests.api.pledges.conftest import BOTH, confirmed, content, context_of
from tests.api.pledges.flood import arrives, status_of, works
from tests.api.pledges.invalidating import (
    SPAM,
    WHY,
    became,
    begun,
    comes,
    count,
    one,
    start,
    works_on,
)
from tests.api.staff.conftest import Member, add_staff, sign_in

pytestmark = pytest.mark.anyio


async def stands(bench: Bench) -> tuple[str, str]:
    """Publish one as staff do; gives its reference and the path of its entry."""
    reference = await confirmed(bench)
    page = await bench.client.get(f"/staff/sign-ups/{reference}")
    assert page.status_code == 200
    version = str(bench.shown.values["version"])
    await bench.client.post(f"/staff/sign-ups/{reference}/publish", data={"version": version})
    await bench.client.post(f"/staff/sign-ups/{reference}/let-go")
    bench.clock.passes(minutes=15)
    return reference, (await one(bench, reference)).entry_path


@BOTH
async def test_a_job_begins_only_on_what_was_shown_and_once(bench: Bench, boss: Member) -> None:
    await comes(bench, 1)
    shown = await count(bench, **SPAM)
    bench.clock.passes(minutes=1)
    later = await comes(bench, 2)  # what comes after the counting is no matter
    assert (await start(bench, shown, **SPAM)).status_code == 422  # without a reason
    assert [error.field for error in bench.shown.values["form"].errors] == ["refused_why"]
    shown = bench.shown.values["found"]
    assert shown.total == 2
    context = context_of(bench)
    context.database.write_now(
        lambda write: decide.taken(
            write,
            decide.sign_up(write, later),
            decide.DECISION_TYPES["reject"],
            decide.DecisionNote("unclear"),
            context,
            bench.catalogue,
        )
    )
    assert (await start(bench, shown, **SPAM, **WHY)).status_code == 409
    assert (bench.shown.values["anew"], bench.shown.values["found"].total) == (True, 1)
    assert await bench.rows(schema.invalidation) == []
    shown = bench.shown.values["found"]
    pressed = [await start(bench, shown, **SPAM, **WHY) for _ in range(2)]
    assert [answer.status_code for answer in pressed] == [303, 409]
    assert "at work" in pressed[1].text
    assert (await start(bench, shown, **SPAM, refused_why="other")).status_code == 422
    assert len(await bench.rows(schema.invalidation)) == 1
    assert b"spam.example" not in files_of(bench.settings.project)


@BOTH
async def test_a_job_goes_through_all_of_them_in_batches_and_writes_to_nobody(
    bench: Bench, boss: Member, project: Path
) -> None:
    entry_of, path = await stands(bench)
    flood = [arrives(context_of(bench), number, **SPAM) for number in range(120)]
    await bench.database.insert([row for _, row in flood])
    read, released, own = (new.reference for new, _ in flood[:3])
    ann = add_staff(bench, "ann@example.org")
    now = bench.clock()
    for reference, reader in ((read, ann), (own, boss)):
        found = await one(bench, reference)
        await bench.database.write(
            lambda write: locks.take(write, found, reader.staff.id, now)  # noqa: B023
        )
    letters = len(await bench.letters())
    before = {row.id: row for row in await bench.rows(schema.sign_up)}
    page = await begun(bench, states=["held", "published"])
    decide.release(released, context_of(bench), bench.catalogue)
    await bench.letters()
    bench.forget_builds()

    assert await run_batch(bench.context)
    assert (await bench.client.get(page)).status_code == 200
    shown = bench.shown.values["of"]
    assert (shown.state, shown.gone, shown.total) == ("At work", 100, 121)
    await works_on(bench)
    assert await became(bench, page) == {"done": 119, "locked": 1, "moved": 1}
    await bench.client.get(page)
    assert bench.shown.values["of"].state == "Done"

    assert (await one(bench, read)).state == "held"
    assert (await one(bench, released)).state == "awaiting_confirmation"
    assert (await one(bench, own)).state == "rejected"
    assert (await one(bench, entry_of)).state == "withdrawn"
    assert status_of(project, path) == "withdrawn"
    assert content(project).register("connector") == ()
    assert bench.context.rebuild_queue.under_way
    bench.clock.passes(minutes=20)
    assert len(await bench.letters()) == letters + 1  # that of the one which was let go on

    trail = [row for row in await bench.rows(schema.audit) if "invalidation" in row.detail]
    assert len({row.subject for row in trail}) == len(trail) == 119
    assert {row.actor for row in trail} == {f"staff {boss.staff.id}"}
    await bench.client.get(f"/staff/sign-ups/{own}")
    said = [one.what for one in bench.shown.values["of"].history]
    assert "Refused it. It was one of many at once. Made up, or sent by a program." in said
    assert await bench.database.read(audit.verify) is None

    # Somebody decides about one of them again; then all of it is taken back.
    bench.clock.passes(minutes=1)
    await bench.client.post(f"/staff/sign-ups/{own}/let-go")
    undone_alone = flood[5][0].reference
    undo(undone_alone, context_of(bench))
    assert (await bench.client.post(f"{page}/undo")).status_code == 303
    await works_on(bench)
    assert await became(bench, page) == {"undone": 118, "left": 1, "locked": 1, "moved": 1}
    after = {row.id: row for row in await bench.rows(schema.sign_up)}
    changed = [row.reference for row in before.values() if after[row.id] != row]
    assert changed == [released]
    assert status_of(project, path) == "published"
    assert len(content(project).register("connector")) == 1
    assert (await bench.client.post(f"{page}/undo")).status_code == 409
    assert await bench.database.read(audit.verify) is None


async def test_a_job_is_stopped_between_batches_and_so_is_its_undoing(
    bench: Bench, boss: Member
) -> None:
    await bench.database.insert([arrives(context_of(bench), number)[1] for number in range(250)])
    page = await begun(bench, states="held")
    await run_batch(bench.context)
    assert (await bench.client.post(f"{page}/cancel")).status_code == 303
    await works_on(bench)
    assert await became(bench, page) == {"done": 100, "waiting": 150}
    assert (await bench.client.post(f"{page}/cancel")).status_code == 409
    bench.clock.passes(days=6)
    await sign_in(bench, boss)
    assert (await bench.client.post(f"{page}/undo")).status_code == 303
    assert (await bench.client.post(f"{page}/cancel")).status_code == 303
    assert (await bench.client.post(f"{page}/undo")).status_code == 303
    await works_on(bench)
    assert await became(bench, page) == {"undone": 100, "waiting": 150}
    assert {row.state for row in await bench.rows(schema.sign_up)} == {"held"}


async def test_after_seven_days_or_where_another_one_stands_nothing_is_put_back(
    bench: Bench, boss: Member
) -> None:
    old = await comes(bench, 1, "confirmed", name="The Bell")
    page = await begun(bench, name_starts="the bell")
    await works_on(bench)
    bench.clock.passes(minutes=1)
    new = await comes(bench, 2, "confirmed", name="The Bell")
    await bench.client.post(f"{page}/undo")
    await works_on(bench)
    assert await became(bench, page) == {"left": 1}
    assert [(await one(bench, of)).state for of in (old, new)] == ["rejected", "confirmed"]
    second = await begun(bench, name_starts="the bell")
    await works_on(bench)
    bench.clock.passes(days=7)
    await sign_in(bench, boss)
    assert (await bench.client.post(f"{second}/undo")).status_code == 409
    assert (await one(bench, new)).state == "rejected"


async def test_a_moderator_counts_and_stops_and_begins_nothing(bench: Bench, boss: Member) -> None:
    await comes(bench, 1)
    page = await begun(bench, **SPAM)
    bench.client.cookies.clear()
    await sign_in(bench, add_staff(bench, "mod@example.org", roles=("moderator",)))
    found = await count(bench, **SPAM)
    assert not bench.shown.values["may_start"]
    assert (await start(bench, found, **SPAM, **WHY)).status_code == 403
    assert (await bench.client.post(f"{page}/cancel")).status_code == 303
    assert (await bench.client.post(f"{page}/undo")).status_code == 403
    await bench.client.get(page)
    assert bench.shown.values["of"].became[0].words == "Not reached"


async def test_a_large_job_is_no_sign_of_a_wrong_clock_and_is_forgotten_in_time(
    bench: Bench, database: Database, clock: Clock, catalogue: Catalogue
) -> None:
    def context(**passes: float) -> Context:
        clock.passes(**passes)
        return context_of(bench)

    at = context()
    database.insert_now([arrives(at, number)[1] for number in range(60)])
    meant = job.Conditions(states=("held",))  # type: ignore[attr-defined]
    found = database.read_now(lambda look: matching.find(look, meant, bench.encryption, at.now))
    job.start(meant, at.now, found.seen, job.Why("made_up", words="Mrs Canary rang."), at)
    works(at, catalogue)
    later = context(days=91)
    erased = database.write_now(lambda write: retention.erase_due(write, later.now))
    assert erased.sign_ups == 60
    assert retention.INVALIDATIONS_KEPT > decide.KEPT_REFUSED
    later = context(days=retention.INVALIDATIONS_KEPT / timedelta(days=1))
    database.write_now(lambda write: retention.erase_due(write, later.now))
    assert database.read_now(lambda look: look.execute(schema.invalidation.select()).all()) == []
    gone = database.read_now(lambda look: look.execute(schema.invalidation_member.select()).all())
    assert gone == []

"""Many sign-ups are invalidated at once: counted first, in batches, stopped, and undone whole."""

from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api import retention
from api.access import audit
from api.access.routes import router as access
from api.desk import Desk
from api.pledges import decide, locks
from api.pledges.bulk import job, matching, store
from api.pledges.bulk.rounds import Rounds
from api.pledges.routes import router
from api.pledges.undo import undo
from api.store import schema
from api.store.database import Database
from api.vault import Vault
from catalogue.catalogue import Catalogue
from tests.api.access.conftest import Member, hired, signed_in
from tests.api.bench import ORIGIN, Bench, files_of, opened
from tests.api.conftest import Clock
from tests.api.pledges.conftest import confirmed, content, desk_of, signs
from tests.api.pledges.flood import arrives, status_of, works

pytestmark = pytest.mark.anyio

BULK = "/staff/sign-ups/bulk"
SPAM = {"domain": "spam.example.org"}
WHY = {"refused_why": "made_up", "removed_why": "made_up"}


BOTH = pytest.mark.parametrize(
    "database",
    ["sqlite_url", pytest.param("postgres_url", marks=pytest.mark.postgres)],
    ids=["sqlite", "postgres"],
    indirect=True,
)


@pytest.fixture
def database(request: pytest.FixtureRequest) -> Iterator[Database]:
    """SQLite, and what is marked `BOTH` on PostgreSQL too."""
    with Database(request.getfixturevalue(getattr(request, "param", "sqlite_url"))) as opened:
        yield opened


@pytest.fixture
async def bench(
    database: Database, vault: Vault, clock: Clock, project: Path, catalogue: Catalogue
) -> AsyncIterator[Bench]:
    rooms = [router, access]
    async with opened(Bench(rooms, database, vault, clock, project, catalogue)) as ready:
        yield ready


@pytest.fixture
async def boss(bench: Bench) -> Member:
    """A coordinator, signed in."""
    member = hired(bench, roles=("coordinator",))
    await signed_in(bench, member)
    return member


async def comes(bench: Bench, number: int, state: str = "held", **changes: str) -> str:
    new, row = arrives(desk_of(bench), number, state, **changes)
    await bench.database.insert([row])
    return new.reference


async def stands(bench: Bench) -> tuple[str, str]:
    """Publish one as staff do; gives its reference and the path of its entry."""
    reference = await confirmed(bench)
    page = await bench.client.get(f"/staff/sign-ups/{reference}")
    assert page.status_code == 200
    version = str(bench.shown.context["version"])
    await bench.client.post(f"/staff/sign-ups/{reference}/publish", data={"version": version})
    await bench.client.post(f"/staff/sign-ups/{reference}/let-go")
    bench.clock.passes(minutes=15)
    return reference, (await one(bench, reference)).entry_path


async def one(bench: Bench, reference: str) -> Any:
    return await bench.database.read(lambda look: decide.sign_up(look, reference))


async def count(bench: Bench, **asked: Any) -> Any:
    """Count as staff do; gives what the page was made from."""
    answer = await bench.client.post(BULK, data=asked)
    assert answer.status_code == 200, answer.text
    return bench.shown.context["found"]


async def start(bench: Bench, found: Any, **said: Any) -> httpx.Response:
    """Press the button of the page that shows what was counted."""
    back = {"at": found.at, "seen": found.seen}
    return await bench.client.post(f"{BULK}/start", data={**back, **said})


async def begun(bench: Bench, **asked: Any) -> str:
    """Count and begin; gives the path of the job's page."""
    answer = await start(bench, await count(bench, **asked), **asked, **WHY)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


async def became(bench: Bench, path: str) -> dict[str, int]:
    job_id = path.rpartition("/")[2]
    return await bench.database.read(lambda look: store.counts(look, job_id))


async def works_on(bench: Bench) -> None:
    """Do all batches, a second apart."""
    while await Rounds(bench.house).look():
        bench.clock.passes(seconds=1)


async def all_rows(bench: Bench, *tables: Any) -> list[Any]:
    return [sorted(map(tuple, await bench.rows(table)), key=str) for table in tables]


@BOTH
async def test_counting_says_how_many_and_changes_nothing(bench: Bench, boss: Member) -> None:
    for number in range(22):
        await comes(bench, number, "held" if number % 2 else "confirmed", **SPAM)
    await comes(bench, 90, "held", domain="good.example.org")
    await comes(bench, 91, "awaiting_confirmation", signer="person", name="Mo Canary", **SPAM)
    before = await all_rows(bench, schema.sign_up, schema.letter, schema.invalidation)
    page = await bench.client.post(BULK, data=SPAM)
    found = bench.shown.context["found"]
    assert found.total == 23
    assert {one.words: one.number for one in found.by_stage} == {
        "Held": 11, "To be read": 11, "Not confirmed yet": 1,
    }  # fmt: skip
    assert [(one.words, one.number) for one in found.by_pledge] == [("Community connector", 23)]
    assert len(found.sample) == matching.SAMPLE
    assert "canary" not in page.text.casefold()
    assert await all_rows(bench, schema.sign_up, schema.letter, schema.invalidation) == before
    last = (await bench.rows(schema.audit))[-1]
    assert (last.action, last.actor) == ("invalidation.counted", f"staff {boss.staff.id}")
    assert "spam" not in last.detail


async def test_each_condition_finds_its_own_and_all_must_hold(bench: Bench, boss: Member) -> None:
    first = await comes(bench, 1, "held", name="Ａ Pub", source="192.0.2.1")
    bench.clock.passes(hours=24)
    second = await comes(bench, 2, "confirmed", name="The a  pub", domain="GOOGLEMAIL.com")
    third = await comes(bench, 3, "awaiting_confirmation", name="100% <b>", source="192.0.2.1")
    bench.clock.passes(hours=24)
    fourth = await comes(bench, 4, "published", signer="person", name="Mo Canary")
    refused = await comes(bench, 5, "rejected", name="A pub")
    await signed_in(bench, boss)
    every = {first, second, third}
    for asked, expected in (
        ({"pledge": "connector"}, every),
        ({"states": "published"}, {fourth}),
        ({"states": ["held", "published"], "domain": "spam.example.org"}, {first, fourth}),
        ({"domain": "@gmail.com"}, {second}),
        ({"domain": "example.org"}, set()),
        ({"name_starts": "a PUB"}, {first}),
        ({"name_contains": "a pub"}, {first, second}),
        ({"name_contains": "%"}, {third}),
        ({"name_contains": "mo canary", "states": "published"}, {fourth}),
        ({"held_why": "too_fast"}, {first}),
        ({"like": first}, {first, third}),
        ({"like": first, "states": "held"}, {first}),
        ({"received_from": "2026-11-23"}, {second, third}),
        ({"received_until": "2026-11-22"}, {first}),
        ({"received_from": "2026-11-23T09:30", "received_until": "2026-11-23"}, every - {first}),
        ({"received_until": "2026-11-23T09:30"}, every),
        ({"received_until": "2026-11-23T09:29"}, {first}),
        ({"received_from": "2026-11-23T09:31"}, set()),
    ):  # fmt: skip
        found = await count(bench, **asked)
        assert {one.reference for one in found.sample} == expected, asked
        assert found.total == len(expected)
    assert refused not in every


async def test_where_a_sign_up_came_from_is_known_by_its_digest_for_thirty_days(
    bench: Bench, boss: Member
) -> None:
    await signs(bench)
    there = httpx.ASGITransport(bench.app, client=("198.51.100.7", 1))
    headers = {"origin": ORIGIN}
    async with httpx.AsyncClient(transport=there, base_url=ORIGIN, headers=headers) as elsewhere:
        bench.client, here = elsewhere, bench.client
        for name in ("One", "Two"):
            await signs(bench, name=name, contact_email=f"{name}@example.org")
        bench.client = here
    rows = {row.public_name: row for row in await bench.rows(schema.sign_up)}
    assert (await count(bench, like=rows["One"].reference)).total == 2
    assert "198.51.100.7" not in str(rows)
    now = bench.clock.passes(days=29)
    await signed_in(bench, boss)
    await bench.database.write(lambda write: retention.erase_due(write, now, force=True))
    assert (await count(bench, like=rows["One"].reference)).total == 2
    now = bench.clock.passes(days=1)
    await signed_in(bench, boss)
    await bench.database.write(lambda write: retention.erase_due(write, now, force=True))
    assert {row.source_lookup for row in await bench.rows(schema.sign_up)} == {None}
    answer = await bench.client.post(BULK, data={"like": rows["One"].reference})
    assert (answer.status_code, "thirty days only" in answer.text) == (422, True)


async def test_what_makes_no_sense_is_told_and_counts_nothing(bench: Bench, boss: Member) -> None:
    await comes(bench, 1)
    long, marked = "x" * 10_000, "<script>alert(1)</script>"
    for asked, field in (
        ({}, ""),
        ({"pledge": ""}, ""),
        ({"pledge": "no-such-pledge"}, "pledge"),
        ({"pledge": marked}, "pledge"),
        ({"states": "crowned"}, "states"),
        ({"states": ["held", "rejected"]}, "states"),
        ({"received_from": "2026-11-23", "received_until": "2026-11-21"}, "received_until"),
        ({"received_from": "tomorrow"}, "received_from"),
        ({"received_from": "0001-01-01"}, "received_from"),
        ({"received_until": "9999-12-31T23:59"}, "received_until"),
        ({"received_until": "2026-11-21T10:00+01:00"}, "received_until"),
        ({"domain": "nonsense"}, "domain"),
        ({"domain": marked}, "domain"),
        ({"domain": long}, "domain"),
        ({"name_starts": long}, "name_starts"),
        ({"name_contains": "a\u202eb"}, "name_contains"),
        ({"held_why": marked}, "held_why"),
        ({"like": "P-2222-2222"}, "like"),
        ({"like": "P-2222-222Q"}, "like"),
        ({"like": long}, "like"),
    ):
        answer = await bench.client.post(BULK, data=asked)
        assert answer.status_code == 422, asked
        assert [error.field for error in bench.shown.context["form"].errors] == [field], asked
        assert marked not in answer.text
        answer = await bench.client.post(f"{BULK}/start", data={**asked, **WHY, "seen": "1-x"})
        assert answer.status_code == 422, asked
    found = await count(bench, name_contains=marked)
    assert found.total == 0
    answer = await bench.client.get(BULK, params={"like": marked[:40]})
    assert (answer.status_code, marked[:40] in answer.text) == (200, False)
    assert await bench.rows(schema.invalidation) == []
    assert (await bench.client.get(f"{BULK}/{'0' * 32}")).status_code == 404


@BOTH
async def test_a_job_begins_only_on_what_was_shown_and_once(bench: Bench, boss: Member) -> None:
    await comes(bench, 1)
    shown = await count(bench, **SPAM)
    bench.clock.passes(minutes=1)
    later = await comes(bench, 2)  # what comes after the counting is no matter
    assert (await start(bench, shown, **SPAM)).status_code == 422  # without a reason
    assert [error.field for error in bench.shown.context["form"].errors] == ["refused_why"]
    shown = bench.shown.context["found"]
    assert shown.total == 2
    desk = desk_of(bench)
    desk.database.write_now(
        lambda write: decide.taken(
            write,
            decide.sign_up(write, later),
            decide.ACTS["reject"],
            decide.Said("unclear"),
            desk,
            bench.catalogue,
        )
    )
    assert (await start(bench, shown, **SPAM, **WHY)).status_code == 409
    assert (bench.shown.context["anew"], bench.shown.context["found"].total) == (True, 1)
    assert await bench.rows(schema.invalidation) == []
    shown = bench.shown.context["found"]
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
    flood = [arrives(desk_of(bench), number, **SPAM) for number in range(120)]
    await bench.database.insert([row for _, row in flood])
    read, released, own = (new.reference for new, _ in flood[:3])
    ann = hired(bench, "ann@example.org")
    now = bench.clock()
    for reference, reader in ((read, ann), (own, boss)):
        found = await one(bench, reference)
        await bench.database.write(
            lambda write: locks.take(write, found, reader.staff.id, now)  # noqa: B023
        )
    letters = len(await bench.letters())
    before = {row.id: row for row in await bench.rows(schema.sign_up)}
    page = await begun(bench, states=["held", "published"])
    decide.release(released, desk_of(bench), bench.catalogue)
    await bench.letters()
    bench.house.builds._asked.clear()

    assert await Rounds(bench.house).look()
    assert (await bench.client.get(page)).status_code == 200
    shown = bench.shown.context["of"]
    assert (shown.state, shown.gone, shown.total) == ("At work", 100, 121)
    await works_on(bench)
    assert await became(bench, page) == {"done": 119, "locked": 1, "moved": 1}
    await bench.client.get(page)
    assert bench.shown.context["of"].state == "Done"

    assert (await one(bench, read)).state == "held"
    assert (await one(bench, released)).state == "awaiting_confirmation"
    assert (await one(bench, own)).state == "rejected"
    assert (await one(bench, entry_of)).state == "withdrawn"
    assert status_of(project, path) == "withdrawn"
    assert content(project).register("connector") == ()
    assert bench.house.builds.under_way
    bench.clock.passes(minutes=20)
    assert len(await bench.letters()) == letters + 1  # that of the one which was let go on

    trail = [row for row in await bench.rows(schema.audit) if "invalidation" in row.detail]
    assert len({row.subject for row in trail}) == len(trail) == 119
    assert {row.actor for row in trail} == {f"staff {boss.staff.id}"}
    await bench.client.get(f"/staff/sign-ups/{own}")
    said = [one.what for one in bench.shown.context["of"].history]
    assert "Refused it. It was one of many at once. Made up, or sent by a program." in said
    assert await bench.database.read(audit.verify) is None

    # Somebody decides about one of them again; then all of it is taken back.
    bench.clock.passes(minutes=1)
    await bench.client.post(f"/staff/sign-ups/{own}/let-go")
    undone_alone = flood[5][0].reference
    undo(undone_alone, desk_of(bench))
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
    await bench.database.insert([arrives(desk_of(bench), number)[1] for number in range(250)])
    page = await begun(bench, states="held")
    await Rounds(bench.house).look()
    assert (await bench.client.post(f"{page}/cancel")).status_code == 303
    await works_on(bench)
    assert await became(bench, page) == {"done": 100, "waiting": 150}
    assert (await bench.client.post(f"{page}/cancel")).status_code == 409
    bench.clock.passes(days=6)
    await signed_in(bench, boss)
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
    await signed_in(bench, boss)
    assert (await bench.client.post(f"{second}/undo")).status_code == 409
    assert (await one(bench, new)).state == "rejected"


async def test_a_moderator_counts_and_stops_and_begins_nothing(bench: Bench, boss: Member) -> None:
    await comes(bench, 1)
    page = await begun(bench, **SPAM)
    bench.client.cookies.clear()
    await signed_in(bench, hired(bench, "mod@example.org", roles=("moderator",)))
    found = await count(bench, **SPAM)
    assert not bench.shown.context["may_start"]
    assert (await start(bench, found, **SPAM, **WHY)).status_code == 403
    assert (await bench.client.post(f"{page}/cancel")).status_code == 303
    assert (await bench.client.post(f"{page}/undo")).status_code == 403
    await bench.client.get(page)
    assert bench.shown.context["of"].became[0].words == "Not reached"


async def test_a_large_job_is_no_sign_of_a_wrong_clock_and_is_forgotten_in_time(
    bench: Bench, database: Database, clock: Clock, catalogue: Catalogue
) -> None:
    def desk(**passes: float) -> Desk:
        clock.passes(**passes)
        return desk_of(bench)

    at = desk()
    database.insert_now([arrives(at, number)[1] for number in range(60)])
    meant = job.Conditions(states=("held",))
    found = database.read_now(lambda look: matching.find(look, meant, bench.vault, at.now))
    job.start(meant, at.now, found.seen, job.Why("made_up", words="Mrs Canary rang."), at)
    works(at, catalogue)
    later = desk(days=91)
    erased = database.write_now(lambda write: retention.erase_due(write, later.now))
    assert erased.sign_ups == 60
    assert retention.INVALIDATIONS_KEPT > decide.KEPT_REFUSED
    later = desk(days=retention.INVALIDATIONS_KEPT / timedelta(days=1))
    database.write_now(lambda write: retention.erase_due(write, later.now))
    assert database.read_now(lambda look: look.execute(schema.invalidation.select()).all()) == []
    gone = database.read_now(lambda look: look.execute(schema.invalidation_member.select()).all())
    assert gone == []

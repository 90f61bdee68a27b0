"""The store keeps what it says it kept, on both databases."""

import asyncio
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import Connection, func, select

from api.security.references import make, new_id
from api.store import audit, schema
from api.store.database import Database, Row
from api.store.errors import StoreUnavailable, UniqueViolation
from tests.api.conftest import Clock

pytestmark = pytest.mark.anyio


def request_rows(now: datetime, reference: str | None = None) -> list[Row]:
    reference = reference or make("R")
    row: dict[str, Any] = {
        "id": new_id(),
        "reference": reference,
        "state": "received",
        "who_asks": "self",
        "needs": ("company",),
        "sealed": b"sealed",
        "created_at": now,
    }
    line = audit.new_event("signposting_request.received", reference, actor="visitor", at=now)
    return [(schema.signposting_request, row), line]


def count(table: Any) -> Any:
    def read_rows(connection: Connection) -> int:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()

    return read_rows


async def test_inserted_rows_can_be_read_when_insert_returns(store: Database, clock: Clock) -> None:
    await store.insert(request_rows(clock(), "R-7KQ4-XM2P"))
    row = await store.read(lambda c: c.execute(select(schema.signposting_request)).one())
    assert (row.reference, row.needs, row.created_at) == ("R-7KQ4-XM2P", ("company",), clock())


async def test_one_bad_job_harms_no_other_in_its_group(store: Database, clock: Clock) -> None:
    request_id = make("R")
    jobs = [store.insert(request_rows(clock())) for _ in range(20)]
    jobs += [store.insert(request_rows(clock(), request_id)) for _ in range(2)]
    outcomes = await asyncio.gather(*jobs, return_exceptions=True)
    refused = [outcome for outcome in outcomes if outcome is not None]
    assert [type(outcome) for outcome in refused] == [UniqueViolation]
    assert refused[0].constraint == "uq_signposting_request_reference"  # type: ignore[attr-defined]
    assert await store.read(count(schema.signposting_request)) == 21
    assert await store.read(count(schema.audit)) == 21
    assert await store.read(audit.verify) is None


async def test_an_act_that_raises_leaves_nothing(store: Database) -> None:
    def act(connection: Connection) -> None:
        row = {"area": "a", "kind": "k", "need": "", "month": "2026-11", "count": 1}
        connection.execute(schema.gap.insert(), row)
        raise LookupError

    with pytest.raises(LookupError):
        await store.write(act)
    assert await store.read(count(schema.gap)) == 0


async def test_closing_finishes_what_is_queued(store: Database, clock: Clock) -> None:
    inserts = [asyncio.ensure_future(store.insert(request_rows(clock()))) for _ in range(30)]
    await asyncio.sleep(0)
    await asyncio.get_running_loop().run_in_executor(None, store.close)
    assert await asyncio.gather(*inserts) == [None] * 30
    with pytest.raises(StoreUnavailable):
        await store.insert(request_rows(clock()))

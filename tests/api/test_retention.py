"""Records lose their person when their time is over, and a wrong clock empties nothing."""

from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, Table, select

from api.jobs import retention
from api.jobs.store import count_rows
from api.security.encryption import Encryption
from api.store import audit, erasure_ledger, schema
from api.store.database import Database, Row
from tests.api.conftest import Clock


def request_row(number: int, encryption: Encryption, clock: Clock, keep_days: int) -> Row:
    return schema.signposting_request, {
        "id": f"request-{number}",
        "reference": f"R-{number}",
        "state": "closed",
        "who_asks": "self",
        "needs": (),
        "sealed": encryption.encrypt(f"request-{number}", b"Mary, 01632 960111"),
        "contact_lookup": encryption.lookup("01632960111"),
        "created_at": clock(),
        "delete_after": clock() + timedelta(days=keep_days),
    }


def sign_up_row(encryption: Encryption, clock: Clock, keep_days: int) -> Row:
    return schema.sign_up, {
        "id": "sign-up-0",
        "reference": "P-0",
        "pledge": "connector",
        "version": "1",
        "state": "withdrawn",
        "signer_kind": "person",
        "kind": "neighbour",
        "commitments": "{}",
        "sealed": encryption.encrypt("sign-up-0", b"Mary, mary@example.org"),
        "contact_lookup": encryption.lookup("mary@example.org"),
        "canonical_key": encryption.lookup("mary"),
        "created_at": clock(),
        "delete_after": clock() + timedelta(days=keep_days),
    }


def fill(store: Database, encryption: Encryption, clock: Clock, keep_days: Sequence[int]) -> None:
    rows = [request_row(number, encryption, clock, days) for number, days in enumerate(keep_days)]
    store.insert_now(rows)


def still_sealed(store: Database) -> list[str]:
    table = schema.signposting_request
    statement = select(table.c.reference).where(table.c.sealed.is_not(None))
    return list(store.read_now(lambda connection: connection.scalars(statement).all()))


def test_the_person_goes_and_the_record_stays_to_be_counted(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    fill(store, encryption, clock, [10, 400])
    now = clock.advance(days=11)
    erased = store.write_now(lambda connection: retention.erase_due(connection, now))
    assert erased == retention.Erased(requests=1, sign_ups=0, others=0)
    assert still_sealed(store) == ["R-1"]
    rows = store.read_now(lambda c: c.execute(select(schema.signposting_request)).all())
    assert {row.contact_lookup for row in rows if row.reference == "R-0"} == {None}


def test_nobody_is_found_by_the_contact_of_a_sign_up_that_was_erased(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    store.insert_now([sign_up_row(encryption, clock, keep_days=10)])
    lookups = encryption.lookups("mary@example.org")
    table = schema.sign_up
    statement = select(table.c.reference).where(table.c.contact_lookup.in_(lookups))
    assert store.read_now(lambda c: c.scalars(statement).all()) == ["P-0"]
    now = clock.advance(days=11)
    erased = store.write_now(lambda connection: retention.erase_due(connection, now))
    assert erased == retention.Erased(requests=0, sign_ups=1, others=0)
    assert store.read_now(lambda c: c.scalars(statement).all()) == []


def test_nothing_is_erased_a_second_time_or_before_its_day(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    fill(store, encryption, clock, [10])
    for days in (9, 2, 0):
        now = clock.advance(days=days)
        store.write_now(lambda connection: retention.erase_due(connection, now))  # noqa: B023
    lines = store.read_now(lambda c: c.execute(select(schema.audit)).all())
    assert [line.action for line in lines] == ["retention.erased"]
    assert store.read_now(audit.verify) is None


def test_a_clock_a_year_ahead_empties_nothing_unless_somebody_says_so(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    fill(store, encryption, clock, [30] * 40)
    now = clock.advance(days=366)
    with pytest.raises(retention.TooManyAtOnce):
        store.write_now(lambda connection: retention.erase_due(connection, now))
    assert len(still_sealed(store)) == 40
    store.write_now(lambda connection: retention.erase_due(connection, now, force=True))
    assert still_sealed(store) == []


@pytest.mark.parametrize(("state", "remaining"), [("sent", 0), ("failed", 0), ("queued", 1)])
def test_letters_go_after_their_time_but_never_one_that_waits(
    store: Database, encryption: Encryption, clock: Clock, state: str, remaining: int
) -> None:
    letter = {
        "id": "letter-1",
        "kind": "signposting/arrived",
        "sealed": encryption.encrypt("letter-1", b"words"),
        "state": state,
        "attempts": 1,
        "created_at": clock(),
    }
    store.insert_now([(schema.letter, letter)])
    now = clock.advance(days=91)
    store.write_now(lambda connection: retention.erase_due(connection, now))
    assert (
        len(store.read_now(lambda connection: connection.execute(select(schema.letter)).all()))
        == remaining
    )


def test_a_name_that_an_earlier_version_left_is_erased_too(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    table, row = sign_up_row(encryption, clock, keep_days=-30)
    left = {**row, "sealed": None, "public_name": "Mary Canary", "contact_lookup": None}
    store.insert_now([(table, {**left, "state": "awaiting_confirmation"})])
    store.write_now(lambda connection: retention.erase_due(connection, clock()))
    (kept,) = store.read_now(lambda c: c.execute(select(schema.sign_up)).all())
    assert (kept.public_name, kept.state, kept.commitments) == (None, "lapsed", "{}")
    assert kept.canonical_key == "erased sign-up-0"


def test_a_sign_up_that_stands_keeps_its_public_half(
    store: Database, encryption: Encryption, clock: Clock
) -> None:
    table, row = sign_up_row(encryption, clock, keep_days=-1)
    public = {"state": "published", "public_name": "The Mill", "entry_path": "content/x.md"}
    store.insert_now([(table, {**row, **public})])
    store.write_now(lambda connection: retention.erase_due(connection, clock()))
    (kept,) = store.read_now(lambda c: c.execute(select(schema.sign_up)).all())
    assert (kept.sealed, kept.contact_lookup) == (None, None)
    assert (kept.public_name, kept.entry_path) == ("The Mill", "content/x.md")


def test_the_ledger_is_on_the_disk_before_anything_is_erased_and_forgets_in_time(
    store: Database, encryption: Encryption, clock: Clock, tmp_path: Path
) -> None:
    ledger = tmp_path / "erased"
    fill(store, encryption, clock, [-1])

    def killed(connection: Connection) -> None:
        retention.erase_due(connection, clock(), ledger=ledger)
        raise LookupError

    with pytest.raises(LookupError):
        store.write_now(killed)
    assert erasure_ledger.read(ledger)["signposting_request"] == ["request-0"]
    assert ledger.stat().st_mode & 0o777 == 0o600
    assert still_sealed(store) == ["R-0"]
    store.write_now(lambda connection: erasure_ledger.replay(connection, ledger))
    assert still_sealed(store) == []
    erasure_ledger.shorten(ledger, clock() + timedelta(days=71))
    assert erasure_ledger.read(ledger) == {}


@pytest.mark.parametrize("table", [schema.repeat, schema.gap])
def test_every_table_has_a_ceiling_of_what_may_go_at_once(
    store: Database, clock: Clock, monkeypatch: pytest.MonkeyPatch, table: Table
) -> None:
    monkeypatch.setattr(retention, "ROWS_ALWAYS_ALLOWED", 5)
    rows: dict[Table, Row] = {}
    for number in range(12):
        key = {"route": "r", "key_digest": f"k{number}", "body_digest": "b", "reference": "R"}
        gap = {"area": f"a{number}", "kind": "k", "need": "", "month": "2026-11", "count": 1}
        rows = {
            schema.repeat: (schema.repeat, {**key, "created_at": clock()}),
            schema.gap: (schema.gap, gap),
        }
        store.insert_now([rows[table]])
    now = clock.advance(days=4_000)

    def count() -> int:
        return store.read_now(lambda connection: count_rows(connection))[table.name]

    with pytest.raises(retention.TooManyAtOnce, match=f"12 of 12 rows of {table.name} would go"):
        store.write_now(lambda connection: retention.erase_due(connection, now))
    assert count() == 12
    store.write_now(lambda connection: retention.erase_due(connection, now, force=True))
    assert count() == 0

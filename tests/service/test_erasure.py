"""Who was erased is nowhere any more: canaries go in by every way and are looked for."""

import os
import re
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient
from sqlalchemy import LargeBinary, select

from api.context import Context
from api.features.pledges.register.publish import approve
from api.features.renewals.renaming.rename_and_merge import rename
from api.features.signposting.close import Closure, close_request
from api.jobs.retention import erase_due_records
from api.operations import person
from api.operations.person import NobodyFound
from api.store import audit, erasure_ledger, last_seen, schema
from api.store.columns import SlugList
from catalogue.model.personal_data import FIELDS, KEPT
from catalogue.outputs.privacy import BEGIN, END, kept_list
from catalogue.read import load
from tests.api.conftest import Clock
from tests.service.conftest import (
    CANARY,
    MARY,
    ORIGIN,
    PLEDGE,
    ROOT,
    opened_context,
    service,
    settings_of,
    tries,
)

MANAGE = r"/manage/[\w-]{43}"
SIGN_UP: dict[str, Any] = {
    "signer": "organisation",
    "name": "Canaryfeather Cafe",
    "kind": "cafe",
    "place": "Temeford",
    "contact_email": "ann@canaryfeather.example.org",
    "signer_name": "Ann Canaryfeather",
    "signer_role": "owner of Canaryfeather",
    "may_sign": "yes",
}
PERSON = {
    **SIGN_UP,
    "name": "Canaryfeather Never Confirms",
    "contact_email": "never@canaryfeather.example.org",
}
NOT_PERSONAL_BY_TABLE = {
    "signposting_request": "id reference state who_asks place needs outcome",
    "gap": "month area kind need",
    "correction": "id reference activity about state sent_digest sent_text seen_digest before_text "
    "before_digest after_digest",
    "sign_up": "id reference pledge version state signer_kind kind text_sha256 held_why flags",
    "confirmation_token": "token_hash sign_up_id",
    "sign_up_lock": "sign_up_id staff_id",
    "sign_up_decision": "id sign_up_id act code letter_id actor",
    "dispute": "id pledge sign_up_id state",
    "check_in": "id pledge until_before until_after answers",
    "keeping_link": "token_hash pledge purpose until",
    "reminder": "pledge until kind way letter_id",
    "promise_change": "id pledge state",
    "was_it_true": "month pledge commitment",
    "doubt": "id pledge outcome",
    "register_change": "id pledge kind",
    "connector": "id sign_up_id completed_on completed_by",
    "connector_link": "token_hash pointing_hash connector_id",
    "signpost": "id day area kind how connector_id",
    "letter": "id kind about state last_error",
    "repeat": "route key_digest reference",
    "audit": "actor action subject detail previous_hash hash",
    "staff": "id roles",
    "sign_in_link": "token_hash staff_id",
    "staff_login": "id token_hash staff_id",
    "sign_in_event": "id action staff_id",
    "recovery_code": "code_hash staff_id",
    "invalidation": "id state refused_why removed_why actor undone_by",
    "invalidation_member": "invalidation_id sign_up_id stage state decision_id",
    "installation": "name value sealed",
    "background_job": "name error",
    "write_probe": "filler",
    "entry_revision": "id reference activity path action actor before after_digest",
}
"""Names off closed lists, states, digests of random tokens, and what is public anyway."""


NOT_PERSONAL = frozenset(
    f"{table}.{name}" for table, names in NOT_PERSONAL_BY_TABLE.items() for name in names.split()
)


def test_the_list_of_personal_fields_leaves_no_column_out() -> None:
    columns = {
        str(column)
        for table in schema.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary | SlugList) or column.type.python_type is str
    }
    listed = {field.column for field in FIELDS}
    assert len(listed) == len(FIELDS)
    assert listed & NOT_PERSONAL == set()
    assert columns == listed | NOT_PERSONAL
    assert {name for field in FIELDS for name in field.kept} <= set(KEPT)


def test_the_page_about_privacy_says_what_the_list_says() -> None:
    page = (ROOT / "content" / "privacy.md").read_text()
    assert BEGIN in page, "put kept_list() of catalogue.outputs.privacy into content/privacy.md"
    list_shown = page[page.index(BEGIN) : page.index(END) + len(END)]
    assert list_shown == kept_list()


class Town(msgspec.Struct, frozen=True):
    """A running service that canaries are sent to."""

    context: Context
    clock: Clock
    caller: TestClient[Any]

    @property
    def now(self) -> Context:
        """The context at the present moment, with the content as it stands."""
        catalogue = load.read_project(self.context.project).catalogue
        return msgspec.structs.replace(
            self.context.at_present(), content=catalogue, actor="operator jo"
        )

    def sign(self, body: dict[str, Any]) -> None:
        pledge = self.context.catalogue.pledge(PLEDGE)
        assert pledge is not None
        promises = {
            commitment.id: {"state": "doing", "how": "Canaryfeather sits down."}
            for commitment in pledge.current.commitments
        }
        sent = {**body, "version": pledge.current.version, "promises": promises}
        answer = self.caller.post(f"/api/pledges/{PLEDGE}/sign-ups", json=sent)
        assert answer.status_code == 202, answer.text

    def post(self, path: str, **fields: str) -> None:
        answer = self.caller.post(path, data=fields, headers={"origin": ORIGIN})
        assert answer.status_code in (200, 303), (path, answer.status_code)

    def link(self, pattern: str) -> str:
        """Return a link out of a letter to the cafe, once there is one."""
        to = f"To: {SIGN_UP['contact_email']}"
        for _ in tries():
            for file in self.context.settings.mail_folder.glob("*.eml"):
                letter = file.read_text()
                if to in letter and (match := re.search(pattern, letter.replace("=\n", ""))):
                    return match[0]
        raise AssertionError(f"no letter has {pattern}")

    def rows(self, table: Any) -> list[Any]:
        return self.context.database.read_now(lambda c: [*c.execute(select(table))])

    def where_found(self) -> list[str]:
        """Return every file, and every row of the audit trail, that a canary is in."""
        context = self.context
        folders = (context.settings.data, context.project / "content", context.project / "build")
        files = [file for folder in folders for file in folder.rglob("*") if file.is_file()]
        files_found = [str(file) for file in files if CANARY.encode() in file.read_bytes().lower()]
        lines = [str(tuple(row)) for row in self.rows(schema.audit)]
        return files_found + [line for line in lines if CANARY in line.casefold()]


@pytest.fixture
def town(own_project: Path, tmp_path: Path, clock: Clock) -> Iterator[Town]:
    with (
        opened_context(settings_of(own_project, tmp_path / "var"), clock) as context,
        TestClient(service(context), base_url=ORIGIN) as caller,
    ):
        yield Town(context, clock, caller)


def fill(town: Town) -> tuple[str, str]:
    """Send a canary by every way in; return the references of the request and of the promise."""
    request_reference = town.caller.post("/api/signposting-requests", json=MARY).json()["reference"]
    town.sign(PERSON)
    town.sign(SIGN_UP)
    town.post(town.link(r"/confirm/[\w-]+"))
    signed = next(row for row in town.rows(schema.sign_up) if row.state == "confirmed")
    approve(signed.reference, town.now, town.now.catalogue)
    rename(PLEDGE, "canaryfeather-cafe", "Canaryfeather House", "", town.now)
    town.caller.post(
        "/api/corrections",
        json={
            "activity": "cooking-for-one",
            "about": "other",
            "words": "Canaryfeather cooks.",
            "reach_at": "ann@canaryfeather.example.org",
        },
    )
    town.post("/pledges/manage", contact_email=SIGN_UP["contact_email"])
    town.post(f"{town.link(MANAGE)}/words", **{"how-welcome": "Canaryfeather waits."})
    return request_reference, signed.reference


def test_after_their_time_nothing_of_anybody_is_left(town: Town) -> None:
    request_reference, signed = fill(town)
    assert town.where_found()
    town.post(f"{town.link(MANAGE)}/withdraw")

    def close(connection: Any) -> None:
        closure = Closure(request_reference, "connected", (), "operator jo")
        close_request(connection, closure, town.clock())

    town.context.database.write_now(close)
    for file in town.context.settings.mail_folder.iterdir():
        long_ago = time.time() - timedelta(days=1000).total_seconds()
        os.utime(file, (long_ago, long_ago))
    town.clock.advance(days=400)
    erase_due_records(town.now)
    erase_due_records(town.now)  # what was settled yesterday
    assert town.where_found() == []
    rows_kept = {row.reference: row for row in town.rows(schema.sign_up)}
    assert {row.state for row in rows_kept.values()} == {"withdrawn", "lapsed"}
    assert rows_kept[signed].public_name is None
    assert town.context.database.read_now(audit.verify) is None
    for table in (schema.check_in, schema.keeping_link, schema.register_change):
        assert town.rows(table) == []


@pytest.mark.deep
def test_somebody_who_asks_for_it_is_written_out_and_erased_at_once(town: Town) -> None:
    request_reference, _signed = fill(town)
    export = person.export(SIGN_UP["contact_email"], town.now).decode()
    assert "Ann Canaryfeather" in export
    assert "Canaryfeather sits down." in export
    assert "Canaryfeather waits." in export
    assert MARY["name"] in person.export(request_reference, town.now).decode()
    for who in (request_reference, SIGN_UP["contact_email"], PERSON["contact_email"]):
        person.erase(who, town.now)
    (correction,) = town.rows(schema.correction)
    person.erase(correction.reference, town.now)
    assert town.where_found() == []
    ledger = erasure_ledger.read(town.context.settings.erasure_ledger)
    assert {table: len(ids) for table, ids in ledger.items()} == {
        "signposting_request": 1,
        "sign_up": 2,
        "correction": 1,
    }
    with pytest.raises(NobodyFound):
        person.erase(SIGN_UP["contact_email"], town.now)
    assert load.read_project(town.context.project).faults == ()


def test_what_the_ledger_names_is_erased_again_at_every_start(
    own_project: Path, tmp_path: Path, clock: Clock
) -> None:
    settings = settings_of(own_project, tmp_path / "var")
    with opened_context(settings, clock) as context:
        caller = TestClient(service(context), base_url=ORIGIN)
        with caller:
            reference = caller.post("/api/signposting-requests", json=MARY).json()["reference"]
    restored = (tmp_path / "var" / "kith.sqlite3").read_bytes()
    with opened_context(settings, clock) as context:
        person.erase(reference, context)
    for file in (tmp_path / "var").glob("kith.sqlite3*"):
        file.unlink()
    (tmp_path / "var" / "kith.sqlite3").write_bytes(restored)
    (tmp_path / "var" / last_seen.NAME).unlink(missing_ok=True)
    with opened_context(settings, clock) as context:
        (row,) = context.database.read_now(
            lambda c: [*c.execute(select(schema.signposting_request))]
        )
        assert row.sealed is None

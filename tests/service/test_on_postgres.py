"""The whole service on a real PostgreSQL: what people send is kept, confirmed and audited there."""

import re
from pathlib import Path

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from api.store import audit, schema
from tests.api.conftest import Clock, postgres_server, postgres_url
from tests.service.conftest import MARY, ORIGIN, PLEDGE, opened_context, service, settings_of, tries

__all__ = ["postgres_server", "postgres_url"]

pytestmark = [pytest.mark.postgres, pytest.mark.deep]

SIGN_UP = {
    "signer": "organisation",
    "name": "The Copper Kettle",
    "kind": "cafe",
    "place": "Temeford",
    "contact_email": "ann@example.org",
    "signer_name": "Ann",
    "signer_role": "owner",
    "may_sign": "yes",
    "version": 2,
}


def test_a_request_and_a_promise_are_kept_on_postgres(
    built_project: Path,
    tmp_path: Path,
    clock: Clock,
    postgres_url: str,
) -> None:
    settings = settings_of(built_project, tmp_path / "var", KITH_DATABASE_URL=postgres_url)
    with opened_context(settings, clock) as context:
        promises = {
            commitment.id: {"state": "doing"}
            for pledge in context.catalogue.pledges
            if pledge.slug == PLEDGE
            for commitment in pledge.current.commitments
        }
        with TestClient(service(context), base_url=ORIGIN) as caller:
            key = {"Idempotency-Key": "once-only"}
            first = caller.post("/api/signposting-requests", json=MARY, headers=key)
            repeat = caller.post("/api/signposting-requests", json=MARY, headers=key)
            assert first.status_code == 201, first.text
            assert repeat.json() == first.json()

            signed = caller.post(
                f"/api/pledges/{PLEDGE}/sign-ups", json={**SIGN_UP, "promises": promises}
            )
            assert signed.status_code == 202, signed.text
            link = _link_in(settings.mail_folder)
            page = {"origin": ORIGIN}
            for _ in range(2):
                assert caller.get(link).status_code == 200
                assert caller.post(link, headers=page).status_code == 200
            assert caller.get("/readyz").json()["status"] == "ok"

            requests = context.database.read_now(
                lambda connection: connection.execute(select(schema.signposting_request)).all()
            )
            states = context.database.read_now(
                lambda connection: connection.scalars(select(schema.sign_up.c.state)).all()
            )
            assert len(requests) == 1
            assert states == ["confirmed"]
            assert context.database.read_now(audit.verify) is None


def _link_in(letters: Path) -> str:
    """Return the way that the letter to the signer shows, once the outbox has carried it."""
    for _ in tries():
        for file in letters.glob("*.eml"):
            if match := re.search(r"/confirm/\S+", file.read_text()):
                return match[0]
    raise AssertionError("no letter came")

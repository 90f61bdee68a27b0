"""A connector's own page: opened by a letter's link, noted on by a press, left by a press."""

import hashlib
from datetime import timedelta

import pytest
from sqlalchemy import Connection, update

from api.features.connectors import store
from api.jobs import retention
from api.store import audit, schema
from tests.api.connectors.conftest import (
    DRIVER,
    RIGHT,
    add_connector,
    newest_link,
    publish_sign_up,
    run_letters_job,
)
from tests.api.service_under_test import ServiceUnderTest, read_all_files

pytestmark = pytest.mark.anyio

EMAIL = DRIVER["contact_email"]


async def kinds(service: ServiceUnderTest) -> list[str]:
    await service.letters()
    return [row.kind for row in await service.rows(schema.letter)]


async def test_whoever_is_published_gets_one_letter_with_a_link_of_their_own(
    service: ServiceUnderTest,
) -> None:
    await publish_sign_up(service)
    for _ in range(3):
        await run_letters_job(service)
    letters = [letter for letter in await service.letters() if "/connectors/me/" in letter.body]
    assert [(letter.to, letter.subject) for letter in letters] == [
        (EMAIL, "Your own page as a connector")
    ]
    assert (await service.client.get(await newest_link(service))).status_code == 200
    assert service.last_page.values["name"] == "A taxi driver in Temeford"
    assert "Canary" not in (await service.client.get(await newest_link(service))).text


async def test_nobody_is_welcomed_before_they_are_published(service: ServiceUnderTest) -> None:
    body = {**DRIVER}
    await service.client.post("/api/pledges/community-connector/sign-ups", json=body)
    await run_letters_job(service)
    assert await service.count(schema.connector) == 0


async def test_signatories_of_a_pledge_without_a_course_are_no_connectors(
    service: ServiceUnderTest,
) -> None:
    reference = await publish_sign_up(service)

    def change(connection: Connection) -> None:
        connection.execute(update(schema.sign_up).values(pledge="stay-connected"))

    await service.database.write(change)
    await run_letters_job(service)
    assert reference
    assert await service.count(schema.connector) == 0


async def test_of_the_token_only_digests_are_kept(service: ServiceUnderTest) -> None:
    token = (await add_connector(service)).rsplit("/", 1)[1]
    rows = await service.rows(schema.connector_link)
    assert [row.token_hash for row in rows] == [hashlib.sha256(token.encode()).hexdigest()]
    for table in schema.metadata.sorted_tables:
        assert token not in str(await service.rows(table)), table.name
    assert token.encode() not in read_all_files(service.settings.project)


async def test_looking_changes_nothing_however_often(service: ServiceUnderTest) -> None:
    link = await add_connector(service)
    before = [await service.rows(table) for table in schema.metadata.sorted_tables]
    for path in (link, f"{link}/point", f"{link}/course", "/connectors/me"):
        for request in (service.client.get, service.client.head, service.client.get):
            assert (await request(path)).status_code in (200, 405)
    assert [await service.rows(table) for table in schema.metadata.sorted_tables] == before


@pytest.mark.parametrize("path", ["", "/point", "/course"])
async def test_a_link_that_is_none_says_so_and_no_more(
    service: ServiceUnderTest, path: str
) -> None:
    link = await add_connector(service)
    for broken in ("/connectors/me/invented", link[:-1], f"{link}x"):
        answer = await service.client.get(f"{broken}{path}")
        assert answer.status_code == 410
        assert "Temeford" not in answer.text
        assert answer.headers["cache-control"] == "no-store"


async def test_a_link_ends_with_its_time_and_with_the_promise(service: ServiceUnderTest) -> None:
    link = await add_connector(service)
    service.clock.advance(days=799)
    assert (await service.client.get(link)).status_code == 200
    service.clock.advance(days=2)
    assert (await service.client.get(link)).status_code == 410


async def test_a_promise_that_does_not_stand_opens_no_page(service: ServiceUnderTest) -> None:
    link = await add_connector(service)

    def withdraw(connection: Connection) -> None:
        connection.execute(update(schema.sign_up).values(state="withdrawn"))

    await service.database.write(withdraw)
    assert (await service.client.get(link)).status_code == 410


async def test_the_same_page_answers_whoever_asks_for_a_link(service: ServiceUnderTest) -> None:
    await add_connector(service)
    service.clock.advance(days=1)
    answers = [
        await service.client.post("/connectors/me", data={"contact_email": email})
        for email in (EMAIL.upper(), "nobody@example.org", "not an address", "")
    ]
    assert {(answer.status_code, answer.text) for answer in answers} == {(200, answers[0].text)}
    assert (await kinds(service)).count("connectors/link") == 1
    assert (await service.client.get(await newest_link(service))).status_code == 200


async def test_the_mailbox_is_known_however_its_address_is_written(
    service: ServiceUnderTest,
) -> None:
    await publish_sign_up(service, contact_email="ambrose.canary@gmail.com")
    await run_letters_job(service)
    service.clock.advance(days=1)
    other = {"contact_email": "AmbroseCanary+taxi@googlemail.com"}
    await service.client.post("/connectors/me", data=other)
    assert (await kinds(service)).count("connectors/link") == 1
    letter = (await service.letters())[-1]
    assert letter.to == "ambrose.canary@gmail.com"  # the address we have, never the one typed


async def test_asking_at_once_after_publication_welcomes_and_writes_once(
    service: ServiceUnderTest,
) -> None:
    await publish_sign_up(service)
    await service.client.post("/connectors/me", data={"contact_email": EMAIL})
    await run_letters_job(service)
    welcomes = [kind for kind in await kinds(service) if kind.startswith("connectors/")]
    assert welcomes == ["connectors/welcome"]


async def test_the_course_is_noted_once_on_their_own_page(service: ServiceUnderTest) -> None:
    link = await add_connector(service)
    answer = await service.client.post(f"{link}/course", data={**RIGHT, "listen": "1"})
    assert answer.status_code == 422
    for _ in range(2):
        answer = await service.client.post(f"{link}/course", data=RIGHT)
        assert (answer.status_code, "noted on your own page" in answer.text) == (200, True)
    (row,) = await service.rows(schema.connector)
    assert (row.completed_on, row.completed_by) == ("2026-11-22", "self")
    lines = [entry.action for entry in await service.rows(schema.audit)]
    assert lines.count("connector.course_completed") == 1
    page = (await service.client.get(link)).text
    assert "You completed it on 22 November 2026." in page
    assert "22 November 2028" in page


async def test_after_two_years_one_reminder_goes_out_and_no_second(
    service: ServiceUnderTest,
) -> None:
    link = await add_connector(service)
    await service.client.post(f"{link}/course", data=RIGHT)
    service.clock.advance(days=730)
    await run_letters_job(service)
    assert (await kinds(service)).count("connectors/refresh") == 0
    for _ in range(4):
        service.clock.advance(days=1)
        await run_letters_job(service)
    assert (await kinds(service)).count("connectors/refresh") == 1
    assert "please look at it again" in (await service.client.get(await newest_link(service))).text
    await service.client.post(f"{await newest_link(service)}/course", data=RIGHT)
    service.clock.advance(days=740)
    await run_letters_job(service)
    assert (await kinds(service)).count("connectors/refresh") == 2


async def test_what_they_point_to_counts_on_their_page_and_on_nobody_elses(
    service: ServiceUnderTest,
) -> None:
    link = await add_connector(service)
    other = await add_connector(
        service, name="Odalys Other", contact_email="odalys@example.org", place="Marrowby"
    )
    await service.client.get(f"{link}/point")
    form = service.last_page.values["form"]
    assert form.is_chosen("area", "temeford")
    report = {
        "kind": "choir",
        "area": "temeford",
        "how": "talk",
        "connector": form.value("connector"),
        "idempotency_key": form.idempotency_key,
    }
    for _ in range(2):
        assert (await service.client.post("/point", data=report)).status_code == 303
    await service.client.get(link)
    assert (service.last_page.values["this_month"], service.last_page.values["this_year"]) == (1, 1)
    await service.client.get(other)
    assert service.last_page.values["this_year"] == 0


async def test_the_key_that_counts_opens_no_page(service: ServiceUnderTest) -> None:
    token = (await add_connector(service)).rsplit("/", 1)[1]
    key = store.pointing_key(token)
    assert (await service.client.get(f"/connectors/me/{key}")).status_code == 410
    assert (await service.client.post(f"/connectors/me/{key}/leave")).status_code == 410


async def test_leaving_ends_the_links_and_frees_what_was_counted(service: ServiceUnderTest) -> None:
    link = await add_connector(service)
    key = store.pointing_key(link.rsplit("/", 1)[1])
    report = {"id": "0" * 32, "how": "card", "area": "temeford", "kind": "choir", "connector": key}
    await service.client.post("/api/signposts", json=report)
    assert (await service.rows(schema.signpost))[0].connector_id
    answer = await service.client.post(f"{link}/leave")
    assert (answer.status_code, answer.headers["location"]) == (303, "/connectors/left")
    assert (await service.client.get(answer.headers["location"])).status_code == 200
    assert (await service.client.post(f"{link}/leave")).status_code == 410
    assert (await service.client.get(link)).status_code == 410
    assert (await service.rows(schema.signpost))[0].connector_id is None
    assert await service.count(schema.connector_link) == 0
    await service.client.post("/api/signposts", json={**report, "id": "1" * 32})
    assert {row.connector_id for row in await service.rows(schema.signpost)} == {None}
    letters = [letter for letter in await service.letters() if letter.to == "team@example.org"]
    assert letters[-1].subject == "A connector has left"
    assert "Canary" not in letters[-1].body
    await run_letters_job(service)
    assert (await kinds(service)).count("connectors/welcome") == 1, "who left is not welcomed again"
    assert await service.database.read(audit.verify) is None


async def test_old_links_and_signposts_go_with_their_time(service: ServiceUnderTest) -> None:
    link = await add_connector(service)
    key = store.pointing_key(link.rsplit("/", 1)[1])
    report = {"id": "0" * 32, "how": "card", "area": "temeford", "kind": "choir", "connector": key}
    await service.client.post("/api/signposts", json=report)
    for days, expected in ((1_060, 1), (60, 0)):
        now = service.clock.advance(days=days)
        await service.database.write(lambda connection: retention.erase_due(connection, now))  # noqa: B023
        assert await service.count(schema.signpost) == expected
    assert await service.count(schema.connector_link) == 0
    assert service.clock() - timedelta(days=1_120) < now


async def test_cards_lead_somewhere_and_say_nothing_of_anybody(service: ServiceUnderTest) -> None:
    await add_connector(service)
    for code, place in (
        ("temeford", "/search?place=Temeford"),
        ("community-connector", "/pledges/community-connector/"),
        ("find", "/find/"),
        ("%F0%9F%8D%B5", "/find/"),
    ):
        answer = await service.client.get(f"/c/{code}")
        assert (answer.status_code, answer.headers["location"]) == (303, place)
    for size, expected in (("small", 10), ("fold", 2), ("large", 1), ("silly", 10)):
        page = await service.client.get(f"/card?place=temeford&size={size}")
        assert page.text.count('<section class="handcard"') == expected
        assert "kith.example.org/c/temeford" in page.text
        assert "116 123" in page.text
        assert "Canary" not in page.text

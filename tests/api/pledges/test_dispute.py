"""Somebody says that a promise is not right: staff see it first, and one click hides it."""

from pathlib import Path

import pytest

from api.jobs import retention
from api.store import audit, schema
from tests.api.pledges.conftest import PUB, content, sign_and_confirm
from tests.api.pledges.reviewing import act, open_one, stage
from tests.api.service_under_test import ServiceUnderTest, read_all_files

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("reviewer")]

FORM = "/pledges/connector/the-wennimere-arms/dispute"
SAID = {"words": "I am the landlady, canaryfeather, and never signed.", "reach_at": "01632 960961"}


@pytest.fixture
async def published(service: ServiceUnderTest, project: Path) -> str:
    """A promise on the register, its letter delivered."""
    reference = await sign_and_confirm(service)
    await act(service, reference, "publish")
    service.catalogue = content(project)
    service.clock.advance(minutes=10)
    await service.letters()
    return reference


async def test_what_is_said_against_a_promise_stands_at_the_top_of_the_queue(
    service: ServiceUnderTest, published: str, project: Path
) -> None:
    assert (await service.client.get(FORM)).status_code == 200
    answer = await service.client.post(FORM, data=SAID)
    assert answer.headers["location"] == "/pledges/connector/disputed"
    assert (await service.client.get("/pledges/connector/disputed")).status_code == 200
    page = await service.client.get("/staff/sign-ups")
    (row,) = service.last_page.values["disputes"]
    assert (row.title, row.url) == ("The Wennimere Arms", f"/staff/sign-ups/{published}")
    assert "canaryfeather" not in page.text.casefold()
    assert b"canaryfeather" not in read_all_files(project)
    (dispute,) = (await open_one(service, published))["disputes"]
    assert (dispute.words, dispute.reach_at) == (SAID["words"], SAID["reach_at"])
    notice = (await service.letters())[-1]
    assert (notice.to, published in notice.body) == ("team@example.org", True)
    assert "canaryfeather" not in notice.body
    assert await stage(service, published) == "published"  # nothing happens by itself


async def test_one_click_hides_it_and_the_contact_is_asked(
    service: ServiceUnderTest, published: str, project: Path
) -> None:
    await service.client.post(FORM, data=SAID)
    assert await act(service, published, "hide") == 303
    assert content(project).register("connector") == ()
    assert service.context.rebuild_queue.is_pending
    service.clock.advance(minutes=10)
    letter = (await service.letters())[-1]
    assert letter.to == PUB["contact_email"]
    assert "Did you make it?" in letter.body
    assert "canaryfeather" not in letter.body
    await service.client.get("/staff/sign-ups")
    assert service.last_page.values["disputes"][0].hidden


@pytest.mark.parametrize(
    ("steps", "leads_to"),
    [
        ((("settle", {}),), "published"),
        ((("hide", {}), ("show", {})), "published"),
        ((("hide", {}), ("remove", {"code": "never_signed"})), "withdrawn"),
        ((("remove", {"code": "never_signed"}),), "withdrawn"),
    ],
)
async def test_each_way_out_settles_it(
    service: ServiceUnderTest,
    published: str,
    steps: tuple[tuple[str, dict[str, str]], ...],
    leads_to: str,
) -> None:
    await service.client.post(FORM, data=SAID)
    for name, fields in steps:
        assert await act(service, published, name, **fields) == 303, name
        service.clock.advance(minutes=1)
    assert await stage(service, published) == leads_to
    await service.client.get("/staff/sign-ups")
    assert service.last_page.values["disputes"] == ()
    assert await act(service, published, "settle") == 409


async def test_a_reviewer_who_decides_meanwhile_is_told_of_it(
    service: ServiceUnderTest, published: str
) -> None:
    version = (await open_one(service, published))["version"]
    await service.client.post(FORM, data=SAID)
    answer = await service.client.post(
        f"/staff/sign-ups/{published}/remove",
        data={"version": str(version), "remove_code": "closed"},
    )
    assert answer.status_code == 409
    assert service.last_page.values["changes"][0].sentence == "Said that this promise is not right."


@pytest.mark.parametrize(
    ("form", "field"),
    [
        ({}, "words"),
        ({"words": "", "reach_at": "01632 960961"}, "words"),
        ({"words": "x" * 501}, "words"),
        ({"words": "No.", "reach_at": "x\u202ey"}, "reach_at"),
    ],
)
async def test_a_form_that_says_too_little_comes_back_with_its_answers(
    service: ServiceUnderTest, published: str, form: dict[str, str], field: str
) -> None:
    answer = await service.client.post(FORM, data=form)
    assert answer.status_code == 422
    assert [error.field for error in service.last_page.values["form"].errors] == [field]
    assert service.last_page.values["form"].value("words") == form.get("words", "")
    assert await service.count(schema.dispute) == 0


async def test_a_program_is_thanked_and_not_heard(
    service: ServiceUnderTest, published: str
) -> None:
    answer = await service.client.post(FORM, data={**SAID, "website2": "x"})
    assert answer.status_code == 303
    assert await service.count(schema.dispute) == 0


async def test_of_an_entry_that_is_not_there_nothing_can_be_said(
    service: ServiceUnderTest, published: str
) -> None:
    path = "/pledges/connector/nobody/dispute"
    assert (await service.client.get(path)).status_code == 404
    assert (await service.client.post(path, data=SAID)).status_code == 404


async def test_an_entry_that_an_editor_wrote_is_told_apart(
    service: ServiceUnderTest, published: str, project: Path
) -> None:
    folder = project / "content" / "pledges" / "connector"
    (folder / "the-lamb.md").write_text((folder / "the-wennimere-arms.md").read_text())
    service.catalogue = content(project)
    await service.client.post("/pledges/connector/the-lamb/dispute", data=SAID)
    await service.client.get("/staff/sign-ups")
    (row,) = service.last_page.values["disputes"]
    assert (row.by_hand, row.hidden, row.url) == (True, False, f"{LAMB}/hide")


LAMB = "/staff/register/connector/the-lamb"


@pytest.fixture
async def lamb(service: ServiceUnderTest, published: str, project: Path) -> Path:
    """An entry that an editor wrote, on the register; gives its file."""
    folder = project / "content" / "pledges" / "connector"
    file = folder / "the-lamb.md"
    file.write_text((folder / "the-wennimere-arms.md").read_text() + "\nWords of an editor.\n")
    service.catalogue = content(project)
    return file


async def test_an_entry_that_an_editor_wrote_is_hidden_by_one_click_and_shown_as_it_was(
    service: ServiceUnderTest, lamb: Path, project: Path
) -> None:
    await service.client.post("/pledges/connector/the-lamb/dispute", data=SAID)
    source, letters = lamb.read_bytes(), len(await service.letters())
    page = await service.client.get(f"{LAMB}/hide")
    assert "canaryfeather" in page.text
    assert "no address to write to" in page.text
    assert (await service.client.post(f"{LAMB}/hide")).status_code == 303
    assert service.context.rebuild_queue.is_pending
    service.catalogue = content(project)
    assert [signatory.slug for signatory in service.catalogue.register("connector")] == [
        "the-wennimere-arms"
    ]
    assert (await service.client.post(f"{LAMB}/hide")).status_code == 409
    await service.client.get("/staff/sign-ups")
    assert service.last_page.values["disputes"][0].hidden
    service.clock.advance(minutes=20)
    assert (await service.client.post(f"{LAMB}/show")).status_code == 303
    assert lamb.read_bytes() == source
    assert len(content(project).register("connector")) == 2
    assert [row.state for row in await service.rows(schema.dispute)] == ["settled"]
    await service.client.get(f"{LAMB}/hide")
    assert [line.sentence for line in service.last_page.values["history"]] == [
        "Showed it again.",
        "Hid it.",
        "Said that this promise is not right.",
    ]
    assert len(await service.letters()) == letters
    assert await service.database.read(audit.verify) is None


async def test_what_an_editor_took_off_or_somebody_signed_for_is_not_hidden_there(
    service: ServiceUnderTest, lamb: Path, published: str
) -> None:
    arms = "/staff/register/connector/the-wennimere-arms"
    answer = await service.client.get(f"{arms}/hide")
    assert answer.headers["location"] == f"/staff/sign-ups/{published}"
    assert (await service.client.post(f"{arms}/hide")).status_code == 303
    assert await stage(service, published) == "published"
    assert "withdrawn" not in (lamb.parent / "the-wennimere-arms.md").read_text()
    taken_off = lamb.read_text().replace("status: published", "status: withdrawn")
    lamb.write_text(taken_off)
    for act_, status in (("hide", 409), ("show", 409), ("settle", 409)):
        assert (await service.client.post(f"{LAMB}/{act_}")).status_code == status
    assert lamb.read_text() == taken_off
    for nowhere in ("nobody", "index", "..%2fx", "a%00b"):
        answer = await service.client.post(f"/staff/register/connector/{nowhere}/hide")
        assert answer.status_code in (400, 404)


async def test_what_is_said_against_an_editors_entry_is_settled_and_it_stays(
    service: ServiceUnderTest, lamb: Path
) -> None:
    await service.client.post("/pledges/connector/the-lamb/dispute", data=SAID)
    assert (await service.client.post(f"{LAMB}/settle")).status_code == 303
    await service.client.get("/staff/sign-ups")
    assert service.last_page.values["disputes"] == ()
    assert "withdrawn" not in lamb.read_text()


async def test_what_was_said_is_deleted_in_time(service: ServiceUnderTest, published: str) -> None:
    await service.client.post(FORM, data=SAID)
    await act(service, published, "settle")
    service.clock.advance(days=91)
    await service.database.write(
        lambda connection: retention.erase_due(connection, service.clock())
    )
    assert await service.count(schema.dispute) == 0

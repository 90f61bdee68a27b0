"""Somebody says that a promise is not right: staff see it first, and one click hides it."""

from pathlib import Path

import pytest

from api.jobs import retention
from api.store import audit, schema
from tests.api.bench import Bench, files_of
from tests.api.pledges.conftest import PUB, confirmed, content
from tests.api.pledges.reviewing import act, open_one, stage

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("reviewer")]

FORM = "/pledges/connector/the-wennimere-arms/dispute"
SAID = {"words": "I am the landlady, canaryfeather, and never signed.", "reach_at": "01632 960961"}


@pytest.fixture
async def published(bench: Bench, project: Path) -> str:
    """A promise on the register, its letter delivered."""
    reference = await confirmed(bench)
    await act(bench, reference, "publish")
    bench.catalogue = content(project)
    bench.clock.passes(minutes=10)
    await bench.letters()
    return reference


async def test_what_is_said_against_a_promise_stands_at_the_top_of_the_queue(
    bench: Bench, published: str, project: Path
) -> None:
    assert (await bench.client.get(FORM)).status_code == 200
    answer = await bench.client.post(FORM, data=SAID)
    assert answer.headers["location"] == "/pledges/connector/disputed"
    assert (await bench.client.get("/pledges/connector/disputed")).status_code == 200
    page = await bench.client.get("/staff/sign-ups")
    (row,) = bench.shown.values["disputes"]
    assert (row.title, row.url) == ("The Wennimere Arms", f"/staff/sign-ups/{published}")
    assert "canaryfeather" not in page.text.casefold()
    assert b"canaryfeather" not in files_of(project)
    (said,) = (await open_one(bench, published))["against"]
    assert (said.words, said.reach_at) == (SAID["words"], SAID["reach_at"])
    notice = (await bench.letters())[-1]
    assert (notice.to, published in notice.body) == ("team@example.org", True)
    assert "canaryfeather" not in notice.body
    assert await stage(bench, published) == "published"  # nothing happens by itself


async def test_one_click_hides_it_and_the_contact_is_asked(
    bench: Bench, published: str, project: Path
) -> None:
    await bench.client.post(FORM, data=SAID)
    assert await act(bench, published, "hide") == 303
    assert content(project).register("connector") == ()
    assert bench.context.rebuild_queue.under_way
    bench.clock.passes(minutes=10)
    letter = (await bench.letters())[-1]
    assert letter.to == PUB["contact_email"]
    assert "Did you make it?" in letter.body
    assert "canaryfeather" not in letter.body
    await bench.client.get("/staff/sign-ups")
    assert bench.shown.values["disputes"][0].hidden


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
    bench: Bench, published: str, steps: tuple[tuple[str, dict[str, str]], ...], leads_to: str
) -> None:
    await bench.client.post(FORM, data=SAID)
    for name, said in steps:
        assert await act(bench, published, name, **said) == 303, name
        bench.clock.passes(minutes=1)
    assert await stage(bench, published) == leads_to
    await bench.client.get("/staff/sign-ups")
    assert bench.shown.values["disputes"] == ()
    assert await act(bench, published, "settle") == 409


async def test_a_reviewer_who_decides_meanwhile_is_told_of_it(bench: Bench, published: str) -> None:
    version = (await open_one(bench, published))["version"]
    await bench.client.post(FORM, data=SAID)
    answer = await bench.client.post(
        f"/staff/sign-ups/{published}/remove",
        data={"version": str(version), "remove_code": "closed"},
    )
    assert answer.status_code == 409
    assert bench.shown.values["changes"][0].what == "Said that it is not right."


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({}, "words"),
        ({"words": "", "reach_at": "01632 960961"}, "words"),
        ({"words": "x" * 501}, "words"),
        ({"words": "No.", "reach_at": "x\u202ey"}, "reach_at"),
    ],
)
async def test_a_form_that_says_too_little_comes_back_with_its_answers(
    bench: Bench, published: str, said: dict[str, str], field: str
) -> None:
    answer = await bench.client.post(FORM, data=said)
    assert answer.status_code == 422
    assert [one.field for one in bench.shown.values["form"].errors] == [field]
    assert bench.shown.values["form"].value("words") == said.get("words", "")
    assert await bench.count(schema.dispute) == 0


async def test_a_program_is_thanked_and_not_heard(bench: Bench, published: str) -> None:
    answer = await bench.client.post(FORM, data={**SAID, "website2": "x"})
    assert answer.status_code == 303
    assert await bench.count(schema.dispute) == 0


async def test_of_an_entry_that_is_not_there_nothing_can_be_said(
    bench: Bench, published: str
) -> None:
    path = "/pledges/connector/nobody/dispute"
    assert (await bench.client.get(path)).status_code == 404
    assert (await bench.client.post(path, data=SAID)).status_code == 404


async def test_an_entry_that_an_editor_wrote_is_told_apart(
    bench: Bench, published: str, project: Path
) -> None:
    folder = project / "content" / "pledges" / "connector"
    (folder / "the-lamb.md").write_text((folder / "the-wennimere-arms.md").read_text())
    bench.catalogue = content(project)
    await bench.client.post("/pledges/connector/the-lamb/dispute", data=SAID)
    await bench.client.get("/staff/sign-ups")
    (row,) = bench.shown.values["disputes"]
    assert (row.by_hand, row.hidden, row.url) == (True, False, f"{LAMB}/hide")


LAMB = "/staff/register/connector/the-lamb"


@pytest.fixture
async def lamb(bench: Bench, published: str, project: Path) -> Path:
    """An entry that an editor wrote, on the register; gives its file."""
    folder = project / "content" / "pledges" / "connector"
    file = folder / "the-lamb.md"
    file.write_text((folder / "the-wennimere-arms.md").read_text() + "\nWords of an editor.\n")
    bench.catalogue = content(project)
    return file


async def test_an_entry_that_an_editor_wrote_is_hidden_by_one_click_and_shown_as_it_was(
    bench: Bench, lamb: Path, project: Path
) -> None:
    await bench.client.post("/pledges/connector/the-lamb/dispute", data=SAID)
    written, letters = lamb.read_bytes(), len(await bench.letters())
    page = await bench.client.get(f"{LAMB}/hide")
    assert "canaryfeather" in page.text
    assert "no address to write to" in page.text
    assert (await bench.client.post(f"{LAMB}/hide")).status_code == 303
    assert bench.context.rebuild_queue.under_way
    bench.catalogue = content(project)
    assert [one.slug for one in bench.catalogue.register("connector")] == ["the-wennimere-arms"]
    assert (await bench.client.post(f"{LAMB}/hide")).status_code == 409
    await bench.client.get("/staff/sign-ups")
    assert bench.shown.values["disputes"][0].hidden
    bench.clock.passes(minutes=20)
    assert (await bench.client.post(f"{LAMB}/show")).status_code == 303
    assert lamb.read_bytes() == written
    assert len(content(project).register("connector")) == 2
    assert [row.state for row in await bench.rows(schema.dispute)] == ["settled"]
    await bench.client.get(f"{LAMB}/hide")
    assert [one.what for one in bench.shown.values["history"]] == [
        "Showed it again.",
        "Hid it.",
        "Said that it is not right.",
    ]
    assert len(await bench.letters()) == letters
    assert await bench.database.read(audit.verify) is None


async def test_what_an_editor_took_off_or_somebody_signed_for_is_not_hidden_there(
    bench: Bench, lamb: Path, published: str
) -> None:
    arms = "/staff/register/connector/the-wennimere-arms"
    answer = await bench.client.get(f"{arms}/hide")
    assert answer.headers["location"] == f"/staff/sign-ups/{published}"
    assert (await bench.client.post(f"{arms}/hide")).status_code == 303
    assert await stage(bench, published) == "published"
    assert "withdrawn" not in (lamb.parent / "the-wennimere-arms.md").read_text()
    taken_off = lamb.read_text().replace("status: published", "status: withdrawn")
    lamb.write_text(taken_off)
    for act_, status in (("hide", 409), ("show", 409), ("settle", 409)):
        assert (await bench.client.post(f"{LAMB}/{act_}")).status_code == status
    assert lamb.read_text() == taken_off
    for nowhere in ("nobody", "index", "..%2fx", "a%00b"):
        answer = await bench.client.post(f"/staff/register/connector/{nowhere}/hide")
        assert answer.status_code in (400, 404)


async def test_what_is_said_against_an_editors_entry_is_settled_and_it_stays(
    bench: Bench, lamb: Path
) -> None:
    await bench.client.post("/pledges/connector/the-lamb/dispute", data=SAID)
    assert (await bench.client.post(f"{LAMB}/settle")).status_code == 303
    await bench.client.get("/staff/sign-ups")
    assert bench.shown.values["disputes"] == ()
    assert "withdrawn" not in lamb.read_text()


async def test_what_was_said_is_deleted_in_time(bench: Bench, published: str) -> None:
    await bench.client.post(FORM, data=SAID)
    await act(bench, published, "settle")
    bench.clock.passes(days=91)
    await bench.database.write(lambda write: retention.erase_due(write, bench.clock()))
    assert await bench.count(schema.dispute) == 0

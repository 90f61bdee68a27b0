"""The form of a pledge without scripts."""

from typing import Any

import pytest

from api.store import schema
from tests.api.bench import Bench
from tests.api.pledges.conftest import FORM

pytestmark = pytest.mark.anyio


async def send(bench: Bench, **changes: Any) -> Any:
    """Send the form; a dash in a name is written as two underscores."""
    said = {name.replace("__", "-"): value for name, value in changes.items()}
    answers = {name: value for name, value in {**FORM, **said}.items() if value is not None}
    return await bench.client.post("/pledges/connector/sign", data=answers)


def faults(bench: Bench) -> dict[str, str]:
    return {error.field: error.message for error in bench.shown.context["form"].errors}


async def test_a_form_leads_to_the_page_about_the_letter(bench: Bench) -> None:
    answer = await send(bench)
    assert (answer.status_code, answer.headers["location"]) == (303, "/pledges/connector/signed")
    page = await bench.client.get(answer.headers["location"])
    assert page.status_code == 200
    assert "canary" not in page.text.casefold()
    (row,) = await bench.rows(schema.sign_up)
    assert '"not for us"' in row.commitments
    assert len(await bench.letters()) == 1


async def test_all_faults_are_shown_at_once_by_their_inputs(bench: Bench) -> None:
    answer = await send(
        bench,
        name="",
        contact_email="no address",
        place="Atlantis",
        kind="shop",
        signer_name="",
        may_sign="",
        how__listen="Ring me on 07700 900123.",
        by__point__on="",
        promise__card="perhaps",
        version="1",
    )
    assert answer.status_code == 422
    assert set(faults(bench)) == {
        "name",
        "contact_email",
        "place",
        "kind",
        "signer_name",
        "may_sign",
        "how-listen",
        "by-point-on",
        "promise-card",
        "version",
    }
    told = list(faults(bench))
    assert told.index("kind") < told.index("how-listen") < told.index("contact_email")  # as asked
    assert bench.shown.title.startswith("Error: ")
    assert "There is a problem" in answer.text
    assert await bench.count(schema.sign_up) == 0


async def test_answers_are_kept_in_a_form_shown_again(bench: Bench) -> None:
    answer = await send(bench, may_sign="")
    form = bench.shown.context["form"]
    assert form.chosen("promise-point-on", "starting")
    assert form.value("by-point-on") == "2027-03-31"
    assert 'value="Monday is quiet on purpose."' in answer.text


async def test_what_a_pledge_asks_of_everybody_is_answered(bench: Bench) -> None:
    await send(bench, promise__listen="", how__listen="")
    assert set(faults(bench)) == {"promise-listen"}


async def test_a_sentence_without_a_choice_asks_for_the_choice(bench: Bench) -> None:
    await send(bench, promise__listen="")
    assert set(faults(bench)) == {"promise-listen"}


async def test_a_promise_of_nothing_is_no_promise(bench: Bench) -> None:
    await send(bench, promise__listen="not_for_us", promise__point__on="not_for_us")
    assert set(faults(bench)) == {"promise-listen"}


async def test_a_person_need_not_write_their_name_twice(bench: Bench) -> None:
    answer = await send(bench, signer="person", kind="taxi", name="Jo", signer_name="")
    assert answer.status_code == 303


async def test_the_place_is_found_whatever_its_capitals(bench: Bench) -> None:
    assert (await send(bench, place="temeford")).status_code == 303
    (row,) = await bench.rows(schema.sign_up)
    assert row.place == "Temeford"


@pytest.mark.parametrize("path", ["sign", "signed"])
async def test_a_pledge_that_is_not_there_has_no_pages(bench: Bench, path: str) -> None:
    method = "POST" if path == "sign" else "GET"
    answer = await bench.client.request(method, f"/pledges/nothing/{path}")
    assert answer.status_code == 404

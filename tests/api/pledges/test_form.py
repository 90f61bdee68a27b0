"""The form of a pledge without scripts: one thought a page, and nothing kept before the last."""

import re
from html import unescape
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from api.store import schema
from tests.api.pledges.conftest import FORM, sign_by_form
from tests.api.service_under_test import ServiceUnderTest
from tests.support.depth import examples

pytestmark = pytest.mark.anyio

SIGN = "/pledges/connector/sign"
HIDDEN = re.compile(r'<input type="hidden" name="([^"]+)" value="([^"]*)">')
INPUT = re.compile(r"<input ([^>]+)>")
PAGES = ("who", "you", "promises", "contact", "check")


async def send(service: ServiceUnderTest, **changes: Any) -> Any:
    """Send the last page; a dash in a name is written as two underscores."""
    fields = {name.replace("__", "-"): value for name, value in changes.items()}
    return await sign_by_form(service, **fields)


def faults(service: ServiceUnderTest) -> dict[str, str]:
    return {error.field: error.message for error in service.last_page.values["form"].errors}


def step(service: ServiceUnderTest) -> str:
    return str(service.last_page.values["step"].name)


def riding(page: str) -> dict[str, str]:
    """What a page carries unseen."""
    return {name: unescape(value) for name, value in HIDDEN.findall(page)}


def as_shown(page: str) -> dict[str, str]:
    """What a browser sends of a page that nobody changes anything on."""
    form = {}
    for attributes in INPUT.findall(page):
        field = dict(re.findall(r'([a-z]+)="([^"]*)"', attributes))
        if field["type"] not in ("radio", "checkbox") or attributes.endswith(" checked"):
            form[field["name"]] = unescape(field.get("value", ""))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)".*?>(.*?)</select>', page, re.S):
        option = re.search(r'value="([^"]*)" selected', options)
        form[name] = option[1] if option else ""
    return {name: value for name, value in form.items() if value}


async def on(service: ServiceUnderTest, page: str, **fields: str) -> str:
    """Answer a page as it came, and give the next."""
    answers = {name.replace("__", "-"): value for name, value in fields.items()}
    answer = await service.client.post(SIGN, data={**riding(page), **answers})
    return str(answer.text)


async def walked(service: ServiceUnderTest, upto: str = "check") -> str:
    """Answer one page after the other as a visitor does."""
    page = await on(service, "", at="start")
    for name in PAGES:
        assert step(service) == name
        if name == upto:
            return page
        fields = [field for field in FORM if bench_field(name, field)]
        page = await on(service, page, **{field: FORM[field] for field in fields})
    raise AssertionError(upto)


def bench_field(name: str, field: str) -> bool:
    owned = {
        "who": ("signer",),
        "you": ("name", "kind", "place"),
        "contact": ("contact_email", "signer_name", "signer_role", "may_sign"),
    }
    if name == "promises":
        return field.partition("-")[0] in ("promise", "how", "by")
    return field in owned.get(name, ())


async def test_one_thought_a_page_leads_to_all_answers_and_then_to_a_reference(
    service: ServiceUnderTest,
) -> None:
    page = await walked(service)
    assert "The Wennimere Arms" in page
    assert "Starting by 31 March 2027" in page
    assert await service.count(schema.sign_up) == 0
    service.clock.advance(minutes=5)
    answer = await service.client.post(SIGN, data=riding(page))
    assert answer.status_code == 303
    (row,) = await service.rows(schema.sign_up)
    assert row.state == "awaiting_confirmation"
    assert answer.headers["location"].startswith(f"/pledges/connector/signed/{row.reference}/")
    page_answer = await service.client.get(answer.headers["location"])
    assert (page_answer.status_code, row.reference in page_answer.text) == (200, True)
    assert "canary" not in page_answer.text.casefold()
    assert len(await service.letters()) == 1


async def test_a_page_with_a_fault_is_shown_again_with_what_was_answered(
    service: ServiceUnderTest,
) -> None:
    page = await walked(service, "promises")
    answer = await service.client.post(
        SIGN,
        data={**riding(page), "promise-listen": "starting", "how-listen": "Ring 07700 900 123."},
    )
    assert (answer.status_code, step(service)) == (422, "promises")
    assert set(faults(service)) == {"how-listen", "by-listen", "promise-point-on"}
    assert "Point the way" in faults(service)["promise-point-on"]
    assert service.last_page.title.startswith("Error: What do you promise?: ")
    assert "There is a problem" in answer.text
    assert 'value="Ring 07700 900 123."' in answer.text
    assert service.last_page.values["form"].is_chosen("promise-listen", "starting")


@pytest.mark.parametrize(
    ("name", "field", "wrong"),
    [
        ("who", "signer", ""),
        ("you", "name", ""),
        ("you", "name", "www.win.example"),
        ("you", "kind", "shop"),
        ("you", "place", "Atlantis"),
        ("promises", "promise-listen", ""),
        ("contact", "contact_email", "no address"),
        ("contact", "may_sign", ""),
    ],
)
async def test_each_page_asks_until_it_is_answered(
    service: ServiceUnderTest, name: str, field: str, wrong: str
) -> None:
    page = await walked(service, name)
    await on(service, page, **{field: wrong})
    assert step(service) == name
    assert field in faults(service)


async def test_back_keeps_all_answers_whatever_they_are(service: ServiceUnderTest) -> None:
    page = await walked(service, "you")
    page = await on(service, page, place="Atlantis", back="yes")
    assert (step(service), faults(service)) == ("who", {})
    assert riding(page)["place"] == "Atlantis"
    page = await on(service, page, signer="organisation")
    assert 'value="Atlantis"' in page


async def test_change_leads_to_one_answer_and_straight_back(service: ServiceUnderTest) -> None:
    page = await walked(service)
    assert f'formaction="{SIGN}#kind"' in page
    page = await on(service, page, change="you")
    assert step(service) == "you"
    page = await on(service, page, kind="taxi", name="The Cab", place="Temeford")
    assert step(service) == "check"
    assert riding(page)["kind"] == "taxi"
    page = await on(service, page, change="you")
    await on(service, page, place="", back="yes")
    assert step(service) == "check"


async def test_a_change_that_asks_for_more_leads_to_what_is_missing(
    service: ServiceUnderTest,
) -> None:
    page = await walked(service)
    page = riding(page) | {"change": "who", "signer_name": ""}  # type: ignore[assignment]
    page = (await service.client.post(SIGN, data=page)).text  # type: ignore[arg-type]
    await on(service, page, signer="organisation")
    assert step(service) == "contact"
    assert set(faults(service)) == {"signer_name"}


async def test_a_promise_of_nothing_is_no_promise(service: ServiceUnderTest) -> None:
    await send(service, promise__listen="not_for_us", promise__point__on="not_for_us")
    assert (step(service), set(faults(service))) == ("promises", {"promise-listen"})


async def test_what_is_asked_of_a_person_is_not_asked_of_an_organisation(
    service: ServiceUnderTest,
) -> None:
    answer = await send(service, signer="person", kind="taxi", name="Jo", signer_name="")
    assert answer.status_code == 303
    page = await on(service, "", at="start")
    page = await on(service, page, signer="person")
    assert {"name", "show_name", "kind", "place"} == set(
        service.last_page.values["step"].questions
    ) & {*re.findall(r'name="([a-z_]+)"', page)} - {"signer"}
    page = await on(service, page, name="Jo Canary", kind="taxi", place="Temeford")
    page = await on(service, page, **{"promise-listen": "doing", "promise-point-on": "doing"})
    assert step(service) == "contact"
    assert 'name="signer_name"' not in page
    assert 'name="may_sign"' not in page
    await on(service, page, contact_email="jo@example.org")
    assert step(service) == "check"
    assert [answer.question for answer in service.last_page.values["step"].answers][-2:] == [
        "Cards within reach",
        "What is your e-mail address?",
    ]


async def test_the_number_of_pages_never_changes(service: ServiceUnderTest) -> None:
    for signer in ("person", "organisation"):
        page, page_numbers = await on(service, "", at="start"), []
        for _ in range(9):
            page_numbers += re.findall(r"Page (\d+) of (\d+)", page)
            if step(service) == "check":
                break
            fields = {field: FORM[field] for field in FORM if bench_field(step(service), field)}
            page = await on(service, page, **{**fields, "signer": signer})
        assert page_numbers == [(str(number), "5") for number in range(1, 6)]


@pytest.mark.parametrize(
    ("earlier", "now"),
    [
        ({"at": "name", "name": "The Cab"}, "you"),
        ({"at": "place", "name": "The Cab", "kind": "taxi", "place": "Temeford"}, "promises"),
        ({"at": "promise-listen", "promise-listen": "doing"}, "promises"),
        ({"at": "authority", "may_sign": "yes"}, "contact"),
        ({"at": "check", "change": "promise-card"}, "promises"),
        ({"at": "check", "change": "email"}, "contact"),
        ({"at": "kind", "kind": "taxi", "back": "yes"}, "who"),
    ],
)
async def test_a_form_half_filled_in_an_earlier_version_goes_on_without_a_fault(
    service: ServiceUnderTest, earlier: dict[str, str], now: str
) -> None:
    data = {"signer": "organisation", **earlier}
    answer = await service.client.post(SIGN, data=data)
    assert (answer.status_code, step(service), faults(service)) == (200, now, {})
    for name, value in data.items():
        assert name in ("at", "change", "back") or value in answer.text


async def test_the_place_is_found_whatever_its_capitals(service: ServiceUnderTest) -> None:
    assert (await send(service, place="temeford")).status_code == 303
    (row,) = await service.rows(schema.sign_up)
    assert row.place == "Temeford"
    page = await on(service, await walked(service), at="contact", place="temeford")
    assert '<p dir="auto">Temeford</p>' in page


async def test_words_that_changed_meanwhile_are_read_again_before_they_are_signed(
    service: ServiceUnderTest,
) -> None:
    from msgspec.structs import replace

    page = await walked(service)
    service.clock.advance(minutes=5)
    (pledge,) = service.catalogue.pledges
    newer = replace(pledge.current, version=3, statement="I listen, and I come along.")
    pledge = replace(pledge, versions=(*pledge.versions, newer))
    service.catalogue = replace(service.catalogue, pledges=(pledge,))
    answer = await service.client.post(SIGN, data=riding(page))
    assert (answer.status_code, step(service)) == (422, "check")
    assert "The wording has changed." in answer.text
    assert "I listen, and I come along." in answer.text
    assert (await service.client.post(SIGN, data=riding(answer.text))).status_code == 303
    (row,) = await service.rows(schema.sign_up)
    assert (row.version, row.text_sha256) == ("3", newer.text_sha256)


async def test_a_form_begun_a_day_ago_is_asked_for_once_more(service: ServiceUnderTest) -> None:
    page = await walked(service)
    service.clock.advance(hours=25)
    answer = await service.client.post(SIGN, data=riding(page))
    assert (answer.status_code, step(service)) == (422, "check")
    assert "more than a day ago" in answer.text
    assert await service.count(schema.sign_up) == 0
    service.clock.advance(seconds=10)
    assert (await service.client.post(SIGN, data=riding(answer.text))).status_code == 303
    assert [row.state for row in await service.rows(schema.sign_up)] == ["awaiting_confirmation"]


async def test_a_last_page_sent_twice_is_one_sign_up_with_one_reference(
    service: ServiceUnderTest,
) -> None:
    page = await walked(service)
    service.clock.advance(minutes=1)
    first, second = [await service.client.post(SIGN, data=riding(page)) for _ in range(2)]
    reference = first.headers["location"].split("/")[4]
    assert second.headers["location"].split("/")[4] == reference
    assert len(await service.letters()) == 1


async def test_a_duplicate_gets_the_same_page_with_a_reference_of_its_own(
    service: ServiceUnderTest,
) -> None:
    first = await send(service)
    service.clock.advance(hours=1)
    second = await send(service)
    pages = [await service.client.get(answer.headers["location"]) for answer in (first, second)]
    references = [answer.headers["location"].split("/")[4] for answer in (first, second)]
    assert references[0] != references[1]
    texts = [
        page.text.replace(answer.headers["location"], "").replace(reference, "")
        for page, answer, reference in zip(pages, (first, second), references, strict=True)
    ]
    assert texts[0] == texts[1]
    repeated = (await service.rows(schema.audit))[-1]
    assert (repeated.action, references[1] in repeated.detail) == ("sign_up.repeated", True)


async def test_nothing_of_what_nobody_asked_rides_along(service: ServiceUnderTest) -> None:
    page = await on(service, "", at="start")
    page = await on(service, page, signer="person", canary="x")
    assert "canary" not in page.casefold()


def typed_here(at: str, typed: str) -> dict[str, str]:
    """What may be typed over; what is ticked is off a list."""
    return {"place": typed} if typed and at == "you" else {}


@settings(
    max_examples=examples(30),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    pressed=st.lists(
        st.tuples(
            st.sampled_from(["on", "back", *(f"change {name}" for name in PAGES[:-1])]),
            st.sampled_from(["", "Temeford", "pub", "doing", "person", "organisation", "yes"]),
        ),
        max_size=12,
    )
)
async def test_whatever_is_pressed_no_answer_is_lost_and_nothing_is_kept(
    service: ServiceUnderTest, pressed: list[tuple[str, str]]
) -> None:
    page = (await sign_by_form(service, at="contact")).text
    before = as_shown(page).keys() - {"at"}
    assert {"how-listen", "by-point-on", "contact_email", "began", "name"} <= before
    for button, typed in pressed:
        at = step(service)
        press = {"back": "yes"} if button == "back" or (at, button) == ("check", "on") else {}
        if button.startswith("change "):
            press = {"change": button.removeprefix("change ")}
        answers = {**as_shown(page), **typed_here(at, typed), **press}
        page = (await service.client.post(SIGN, data=answers)).text
        assert as_shown(page).keys() >= before
    assert await service.count(schema.sign_up) == 0


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_a_pledge_that_is_not_there_has_no_pages(
    service: ServiceUnderTest, method: str
) -> None:
    path = "sign" if method == "POST" else "signed/P-7KQ4-XM2P/1"
    answer = await service.client.request(method, f"/pledges/nothing/{path}")
    assert answer.status_code == 404


async def test_a_reference_that_is_none_has_no_page(service: ServiceUnderTest) -> None:
    assert (await service.client.get("/pledges/connector/signed/nothing/1")).status_code == 404

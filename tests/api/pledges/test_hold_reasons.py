"""Sign-ups that look like a program's work: the same answer, held with a reason, no letter."""

import asyncio
import re
from typing import Any

import pytest

from api.features.pledges.signing import hold_reasons
from api.http.rate_limits import RULES
from api.security import normalise, proof_of_work
from api.store import schema
from tests.api.pledges.conftest import (
    PUB,
    TAXI,
    sign_by_form,
    sign_by_json,
    signed_timestamp_fields,
)
from tests.api.service_under_test import ServiceUnderTest

pytestmark = pytest.mark.anyio


async def held_states(service: ServiceUnderTest) -> list[tuple[str, str | None]]:
    return [(row.state, row.held_why) for row in await service.rows(schema.sign_up)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"website2": "https://example.org"}, "trap"),
        ({"began": None}, "no_time"),
        ({"began": "1790000000.test-" + "0" * 64}, "no_time"),
        ({"began": "x" * 5_000}, "no_time"),
        ({"began": "²²"}, "no_time"),
    ],
    ids=["trap", "no time", "a time of one's own", "noise", "odd digits"],
)
async def test_a_programs_sign_up_is_held_with_the_answer_everybody_gets(
    service: ServiceUnderTest, changes: dict[str, Any], why: str
) -> None:
    answer = await sign_by_form(service, **changes)
    assert answer.status_code == 303
    assert (await service.client.get(answer.headers["location"])).status_code == 200
    assert await held_states(service) == [("held", why)]
    assert await service.letters() == []
    await sign_by_json(service)  # a real one is not in its way
    assert await held_states(service) == [("held", why), ("awaiting_confirmation", None)]


@pytest.mark.parametrize(("seconds", "why"), [(2, "too_fast"), (3, None), (86_400, None)])
async def test_nobody_answers_a_form_in_three_seconds(
    service: ServiceUnderTest, seconds: int, why: str | None
) -> None:
    await sign_by_form(service, began=signed_timestamp_fields(service, seconds))
    assert await held_states(service) == [("held" if why else "awaiting_confirmation", why)]


async def test_the_time_of_one_pledges_form_is_not_anothers(service: ServiceUnderTest) -> None:
    from api.security.signed_timestamps import sign_time, signed_time

    other = sign_time(service.encryption, "form other", service.clock())
    assert signed_time(service.encryption, "form other", other) == service.clock().replace(
        microsecond=0
    )
    assert signed_time(service.encryption, "form connector", other) is None


async def test_many_from_one_connection_are_held_and_a_flood_is_refused(
    service: ServiceUnderTest,
) -> None:
    service.enable_rate_limits()
    answers = [
        await sign_by_form(service, name=f"House {number}", contact_email=f"h{number}@example.org")
        for number in range(31)
    ]
    assert [answer.status_code for answer in answers] == [303] * 30 + [429]
    assert (
        await held_states(service)
        == [("awaiting_confirmation", None)] * 5 + [("held", "many_from_there")] * 25
    )


@pytest.mark.parametrize(
    ("field", "why"), [("contact_email", "many_for_contact"), ("name", "many_for_name")]
)
async def test_many_for_one_contact_or_one_name_are_held(
    service: ServiceUnderTest, field: str, why: str
) -> None:
    service.enable_rate_limits()
    for number in range(6):
        service.clock.advance(minutes=1)
        changes = {"name": f"House {number}", "contact_email": f"h{number}@example.org"}
        changes[field] = PUB[field]
        await sign_by_json(service, PUB, **changes)
        await service.database.write(lambda connection: connection.execute(schema.sign_up.delete()))
    for number in range(6):
        changes = {"name": f"House {number}", "contact_email": f"i{number}@example.org"}
        changes[field] = PUB[field]
        await sign_by_json(service, PUB, **changes)
        if (await held_states(service))[-1][0] == "held":
            break
        await service.database.write(lambda connection: connection.execute(schema.sign_up.delete()))
    assert (await held_states(service))[-1] == ("held", why)


@pytest.mark.parametrize(
    ("address", "other", "is_one_mailbox"),
    [
        ("jo.ann@gmail.com", "JoAnn+pledge@googlemail.com", True),
        ("jo+a@outlook.com", "jo@outlook.com", True),
        ("jo+a@hotmail.co.uk", "jo@hotmail.co.uk", True),
        ("jo+a@live.com", "jo@live.com", True),
        ("jo-a@yahoo.co.uk", "jo@yahoo.co.uk", True),
        ("jo@me.com", "jo@icloud.com", True),
        ("jo@outlook.com", "jo@hotmail.com", False),
        ("jo.ann@outlook.com", "joann@outlook.com", False),
        ("jo.ann@example.org", "joann@example.org", False),
        ("jo+a@example.org", "jo@example.org", False),
        ("jo@ymail.com", "jo@yahoo.com", False),
        ("Jo@Example.ORG", "jo@example.org", True),
    ],
)
def test_one_mailbox_is_one_contact(address: str, other: str, is_one_mailbox: bool) -> None:
    assert (normalise.mailbox(address) == normalise.mailbox(other)) is is_one_mailbox


@pytest.mark.parametrize("odd", ["+@gmail.com", "...@gmail.com", "@gmail.com", "gmail.com", ""])
def test_an_odd_address_is_still_an_address(odd: str) -> None:
    assert normalise.mailbox(odd).endswith(odd.partition("@")[2].casefold())


async def test_a_tag_more_is_no_second_sign_up(service: ServiceUnderTest) -> None:
    await sign_by_json(service, PUB, contact_email="land.lady@gmail.com")
    service.clock.advance(hours=1)
    await sign_by_json(service, PUB, name="Another", contact_email="landlady+b@googlemail.com")
    assert await held_states(service) == [("awaiting_confirmation", None)]
    assert {letter.to for letter in await service.letters()} == {"land.lady@gmail.com"}


@pytest.mark.parametrize(
    ("kind", "address", "flagged"),
    [
        ("council", "clerk.temeford@gmail.com", True),
        ("nhs", "surgery@hotmail.co.uk", True),
        ("council", "clerk@temeford.example.org", False),
        ("pub", "landlady@gmail.com", False),
    ],
)
def test_a_public_body_at_a_free_provider_is_flagged(
    kind: str, address: str, flagged: bool
) -> None:
    assert [*hold_reasons.moderation_flags(kind, address)] == (["free_mail"] if flagged else [])


async def test_a_flag_holds_nothing_up(
    service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hold_reasons, "PUBLIC_BODIES", {"taxi"})
    await sign_by_json(service, TAXI, contact_email="clerk@gmail.com")
    (row,) = await service.rows(schema.sign_up)
    assert (row.state, row.flags) == ("awaiting_confirmation", ("free_mail",))
    assert len(await service.letters()) == 1


def test_every_reason_has_words() -> None:
    assert hold_reasons.HELD_WHY.keys() >= hold_reasons.BY_A_PROGRAM


async def test_a_thousand_times_the_same_by_form_and_json_is_one(service: ServiceUnderTest) -> None:
    await the_same_is_one(service, 1_000)


async def the_same_is_one(service: ServiceUnderTest, times: int) -> None:
    """Sign the same so many times, fifty at once."""
    spellings = ("The Wennimere Arms", "the wennimere  ARMS", "Wennimere Arms")
    for start in range(0, times, 50):
        await asyncio.gather(
            *(
                sign_by_form(service, name=spellings[number % 3])
                if number % 2
                else sign_by_json(service, PUB, name=spellings[number % 3])
                for number in range(start, start + 50)
            )
        )
    assert await held_states(service) == [("awaiting_confirmation", None)]
    assert len(await service.letters()) == 1


def rushes(service: ServiceUnderTest) -> None:
    """Let so many sign-ups come from anywhere that there is no room for more."""
    service.enable_rate_limits()
    for _ in range(RULES[hold_reasons.RUSH].burst.count):
        service.limits.check_value(hold_reasons.RUSH, "")


def summed(challenge: str) -> str:
    return next(
        proof
        for number in range(1_000_000)
        if proof_of_work.zero_bits(proof := f"{challenge}:{number}") >= proof_of_work.BITS
    )


async def challenged(service: ServiceUnderTest) -> tuple[str, str]:
    """The key and the challenge of the page that shows all answers."""
    answer = await sign_by_form(service, at="email", returning="yes")
    proof = re.search(r'name="proof" value="([^"]+)" data-bits="15"', answer.text)
    key = re.search(r'name="idempotency_key" value="([^"]+)"', answer.text)
    assert key
    return key[1], proof[1] if proof else ""


async def test_without_a_rush_no_sum_is_asked_for(service: ServiceUnderTest) -> None:
    assert (await challenged(service))[1] == ""


async def test_in_a_rush_a_sum_lets_it_go_on_and_none_only_holds_it(
    service: ServiceUnderTest,
) -> None:
    rushes(service)
    key, challenge = await challenged(service)
    assert challenge
    proof = summed(challenge)
    without = await sign_by_form(service, name="No Sum", contact_email="none@example.org")
    await sign_by_form(service, name="A Sum", idempotency_key=key, proof=proof)
    repeat = await sign_by_form(service, name="Used", contact_email="c@example.org", proof=proof)
    false = await sign_by_form(service, name="False", contact_email="d@example.org", proof="1.2:3")
    assert {answer.status_code for answer in (without, repeat, false)} == {303}
    assert sorted(await held_states(service), key=str) == [
        ("awaiting_confirmation", None),
        *[("held", "no_proof")] * 3,
    ]


async def test_a_rush_is_over_when_fewer_come(service: ServiceUnderTest) -> None:
    rushes(service)
    service.clock.advance(minutes=2)
    assert (await challenged(service))[1] == ""


async def test_a_hundred_equal_ones_at_once_are_one_and_none_to_read_besides(
    service: ServiceUnderTest,
) -> None:
    service.enable_rate_limits()
    headers = [{"x-forwarded-for": f"192.0.2.{number}"} for number in range(100)]
    body = {name: value for name, value in PUB.items() if value is not None}
    answers = await asyncio.gather(
        *(
            service.client.post("/api/pledges/connector/sign-ups", json=body, headers=header)
            for header in headers
        )
    )
    assert {answer.status_code for answer in answers} <= {202, 429}
    assert await held_states(service) == [("awaiting_confirmation", None)]


async def test_a_hundred_equal_ones_of_a_program_are_held_once(service: ServiceUnderTest) -> None:
    answers = await asyncio.gather(
        *(sign_by_form(service, website2="https://example.org") for _ in range(100))
    )
    assert {answer.status_code for answer in answers} == {303}
    assert await held_states(service) == [("held", "trap")]
    await sign_by_form(service, website2="https://example.org", name="Another house")
    assert await held_states(service) == [("held", "trap")] * 2

"""From a confirmed sign-up to its entry in the register."""

import asyncio
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from api.content_files.atomic_write import Unfit
from api.features.pledges import store
from api.features.pledges.register import publish
from api.features.pledges.register.entry_file import entry_text
from api.features.pledges.review import decide
from api.mail.transports import OutgoingMessage, TemporaryFailure
from api.store import schema
from catalogue.model.pledge import Promise, SignatoryFront
from catalogue.read import convert, entry
from tests.api.pledges.conftest import (
    TAXI,
    content,
    context_of,
    newest_link,
    sign_and_confirm,
    sign_by_form,
    sign_by_json,
)
from tests.api.service_under_test import ServiceUnderTest
from tests.support.depth import examples

pytestmark = pytest.mark.anyio


async def approve(service: ServiceUnderTest, reference: str) -> Path:
    return await asyncio.to_thread(
        publish.approve, reference, context_of(service), service.catalogue
    )


async def actions(service: ServiceUnderTest) -> list[str]:
    return [row.action for row in await service.rows(schema.audit)]


async def test_an_approved_promise_is_an_entry_the_loader_takes(
    service: ServiceUnderTest, project: Path
) -> None:
    file = await approve(service, await sign_and_confirm(service))
    assert file == project / "content/pledges/connector/the-wennimere-arms.md"
    (signatory,) = content(project).signatories
    assert (signatory.name, signatory.kind, signatory.place) == (
        "The Wennimere Arms",
        "pub",
        "Temeford",
    )
    assert (str(signatory.since), str(signatory.confirmed_until)) == ("2026-11-22", "2027-11-22")
    assert signatory.promises["listen"].how == "Monday is quiet on purpose."
    (row,) = await service.rows(schema.sign_up)
    assert (row.state, row.entry_path) == (
        "published",
        "content/pledges/connector/the-wennimere-arms.md",
    )
    assert (row.delete_after.date().isoformat()) == "2028-11-21"


async def test_nothing_private_is_in_the_entry(service: ServiceUnderTest) -> None:
    file = await approve(service, await sign_and_confirm(service))
    assert "canary" not in file.read_text().casefold()
    assert file.stat().st_mode & 0o044 == 0o044  # the site's builder may be somebody else


async def test_the_signer_is_told_where_it_stands(service: ServiceUnderTest) -> None:
    await approve(service, await sign_and_confirm(service))
    service.clock.advance(minutes=10)
    letter = (await service.letters())[-1]
    assert letter.to == "landlady.canary@example.org"
    assert "https://kith.example.org/pledges/connector/the-wennimere-arms/" in letter.body


async def test_the_letter_of_publishing_names_what_to_hang_up_and_to_show(
    service: ServiceUnderTest,
) -> None:
    await approve(service, await sign_and_confirm(service))
    service.clock.advance(minutes=10)
    plain = (await service.letters())[-1].body
    page = "https://kith.example.org/pledges/connector/the-wennimere-arms/"
    assert f"{page}poster/" in plain.splitlines()
    assert f"{page}certificate/" in plain.splitlines()
    assert f'<a href="{page}"><img src="https://kith.example.org/embed/connector/' in plain
    assert '<kith-register pledge="connector"></kith-register>' in plain


async def test_a_letter_of_an_earlier_try_leaves_before_the_one_of_publishing(
    service: ServiceUnderTest,
) -> None:
    """The mail server is busy when the promise is made, and well again after it is published."""
    await sign_by_json(service)
    working = service.transport.send

    async def busy(message: OutgoingMessage) -> None:
        raise TemporaryFailure("SMTP 451 for the recipient")

    service.transport.send = busy  # type: ignore[method-assign]
    assert await service.letters() == []
    (row,) = await service.rows(schema.sign_up)
    await service.database.write(
        lambda connection: store.change_state(
            connection,
            row.id,
            from_states=("awaiting_confirmation",),
            to_state="confirmed",
            confirmed_at=service.clock(),
        )
    )
    service.clock.advance(seconds=1)
    await approve(service, row.reference)
    for _ in range(8):  # until the first letter is next tried after the second is due
        service.clock.advance(minutes=4)
        await service.outbox.deliver_due()
    service.transport.send = working  # type: ignore[method-assign]
    service.clock.advance(hours=2)
    assert [letter.subject for letter in await service.letters()] == [
        "Please confirm your promise",
        "Your promise is on the register",
    ]


async def test_a_person_stands_as_what_they_do(service: ServiceUnderTest, project: Path) -> None:
    file = await approve(service, await sign_and_confirm(service, TAXI))
    assert file.name == "a-taxi-driver-in-temeford.md"
    assert "Ambrose" not in file.read_text()
    second = await sign_and_confirm(service, TAXI, name="Bo Canary", contact_email="bo@example.org")
    assert (await approve(service, second)).name == "a-taxi-driver-in-temeford-2.md"
    assert len(content(project).signatories) == 2


async def test_a_person_may_have_their_name_shown(service: ServiceUnderTest) -> None:
    file = await approve(service, await sign_and_confirm(service, TAXI, show_name="yes"))
    assert file.name == "ambrose-canary.md"
    (row,) = await service.rows(schema.sign_up)
    assert row.public_name == "Ambrose Canary"


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Café Zoë & Sons!", "cafe-zoe-sons"),
        ("茶館", "pub-in-temeford"),
        ("Index", "index-2"),
        ("Sign", "sign-2"),
        ("x" * 100, "x" * 76),
        ("no", "no"),
        ("10:30", "10-30"),
        ("2026-11-22", "2026-11-22"),
        ("Quotes: \"a\" 'b' #c, [d] {e} *f &g", "quotes-a-b-c-d-e-f-g"),
    ],
)
async def test_every_name_gives_a_file_that_reads_as_it_was_meant(
    service: ServiceUnderTest, project: Path, name: str, slug: str
) -> None:
    file = await approve(service, await sign_and_confirm(service, name=name))
    assert file.stem == slug
    (signatory,) = content(project).signatories
    assert signatory.name == name


async def test_approving_again_is_harmless(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    first = await approve(service, reference)
    source = first.read_bytes()
    service.clock.advance(days=3)
    assert await approve(service, reference) == first
    assert first.read_bytes() == source
    assert (await actions(service)).count("sign_up.published") == 1
    assert len([letter for letter in await service.letters() if "register" in letter.subject]) == 1


@pytest.mark.parametrize("step", ["put_in_place", "long_date"])  # before and after the file
async def test_a_crash_between_the_steps_is_finished_by_approving_again(
    service: ServiceUnderTest, project: Path, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def dies(*args: Any) -> None:
        raise KeyboardInterrupt

    reference = await sign_and_confirm(service)
    with monkeypatch.context() as patched:
        patched.setattr(publish, step, dies)
        with pytest.raises(KeyboardInterrupt):
            publish.approve(reference, context_of(service), service.catalogue)
    (row,) = await service.rows(schema.sign_up)
    assert row.state == "confirmed"
    service.clock.advance(days=1)
    file = await approve(service, reference)
    assert file.stem == "the-wennimere-arms"
    assert len(content(project).signatories) == 1
    assert (await actions(service)).count("sign_up.published") == 1


async def test_two_moderators_at_once_publish_it_once(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await sign_and_confirm(service)
    files = await asyncio.gather(*(approve(service, reference) for _ in range(5)))
    assert len(set(files)) == 1
    assert len(content(project).signatories) == 1
    assert (await actions(service)).count("sign_up.published") == 1


async def test_an_entry_that_is_there_already_is_not_written_over(
    service: ServiceUnderTest, project: Path
) -> None:
    entry_file = project / "content/pledges/connector/the-wennimere-arms.md"
    entry_file.write_text("an editor's own words")
    file = await approve(service, await sign_and_confirm(service))
    assert file.stem == "the-wennimere-arms-2"
    assert entry_file.read_text() == "an editor's own words"


async def test_what_would_break_a_build_is_not_written(
    service: ServiceUnderTest, project: Path
) -> None:
    reference = await sign_and_confirm(service)
    terms = replace(service.catalogue.taxonomy, areas=service.catalogue.taxonomy.areas[:1])
    service.catalogue = replace(service.catalogue, taxonomy=terms)  # Temeford is taken off the list
    with pytest.raises(Unfit) as refused:
        await approve(service, reference)
    assert [fault.field for fault in refused.value.faults] == ["place"]
    assert [file.name for file in (project / "content/pledges/connector").iterdir()] == ["index.md"]
    assert (await service.rows(schema.sign_up))[0].state == "confirmed"


async def test_only_the_signer_can_confirm(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    reference = (await service.rows(schema.sign_up))[0].reference
    with pytest.raises(decide.NotConfirmed):
        await approve(service, reference)
    with pytest.raises(decide.SignUpNotFound):
        await approve(service, "P-2222-2222")


async def test_a_refusal_keeps_its_reason_and_is_told(service: ServiceUnderTest) -> None:
    reference = await sign_and_confirm(service)
    decide.reject(reference, "The house closed in May.", context_of(service), service.catalogue)
    (row,) = await service.rows(schema.sign_up)
    assert (row.state, row.decision_why) == ("rejected", "other")
    service.clock.advance(minutes=10)
    letter = (await service.letters())[-1]
    assert letter.to == "landlady.canary@example.org"
    assert "The house closed in May." in letter.body
    with pytest.raises(decide.SignUpAlreadyDecided):
        await approve(service, reference)
    service.clock.advance(hours=1)
    assert (await sign_by_json(service)).status_code == 202  # they may sign again
    assert len(await service.rows(schema.sign_up)) == 2


async def test_who_never_confirmed_is_not_written_to(service: ServiceUnderTest) -> None:
    await sign_by_json(service)
    reference = (await service.rows(schema.sign_up))[0].reference
    decide.reject(reference, "Spam.", context_of(service), service.catalogue)
    assert len(await service.letters()) == 1
    assert (await service.client.post(await newest_link(service))).status_code == 410


async def test_a_held_one_goes_on_when_it_is_released(service: ServiceUnderTest) -> None:
    await sign_by_form(service, website2="x")
    reference = (await service.rows(schema.sign_up))[0].reference
    with pytest.raises(decide.SignUpHeld):
        await approve(service, reference)
    decide.release(reference, context_of(service), service.catalogue)
    assert (await service.client.post(await newest_link(service))).status_code == 200
    assert (await approve(service, reference)).exists()


async def test_the_register_says_the_public_half(service: ServiceUnderTest, project: Path) -> None:
    await approve(service, await sign_and_confirm(service))
    service.catalogue = content(project)
    answer = await service.client.get("/api/pledges/connector/register")
    register = answer.json()
    assert (register["pledge"], register["version"]) == ("connector", 2)
    assert (register["total"], register["confirmed"], register["past"]) == (1, 1, 0)
    assert register["signatories"][0]["promises"]["point-on"] == {
        "state": "starting",
        "how": "",
        "by": "2027-03-31",
    }
    assert "canary" not in answer.text.casefold()
    service.clock.advance(days=365 + 31)
    later = (await service.client.get("/api/pledges/connector/register")).json()
    assert (later["total"], later["confirmed"], later["past"]) == (1, 0, 1)


async def test_a_register_that_is_not_there_is_missing(service: ServiceUnderTest) -> None:
    assert (await service.client.get("/api/pledges/nothing/register")).status_code == 404


WORDS = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="<>"), max_size=80
)


@settings(
    max_examples=examples(150),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(name=WORDS.map(str.strip).filter(bool), how=WORDS.map(str.strip))
def test_whatever_is_written_is_read_back(tmp_path: Path, name: str, how: str) -> None:
    front = SignatoryFront(
        name=name,
        signer="organisation",
        kind="pub",
        place="Temeford",
        version=2,
        promises={"listen": Promise(how=how)},
        since=date(2026, 11, 22),
        confirmed_until=date(2027, 11, 22),
    )
    file = tmp_path / "entry.md"
    file.write_text(entry_text(front), encoding="utf-8")
    try:
        entry_read = entry.read_entry(file, tmp_path)
    except entry.UnreadableEntry:
        return  # refused with its fault, and so never put in place
    assert convert.to_struct(entry_read, SignatoryFront, []) == front

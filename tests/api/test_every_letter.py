"""Every kind of letter says the same in both its texts, and all that whoever gets it must know."""

import re
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any

import msgspec
import pytest

from api.mail.letter_content import LetterSender
from api.mail.letters import API, FOLDERS, TEAM_KINDS, compose, message_bytes
from tests.api.conftest import START
from tests.support.letter_samples import BASE, NAME, SAMPLES, SENDER, sample
from tests.support.read_letters import URL, LetterHtml, assert_same_facts, html_of, plain_of


def kind_of(template: str) -> str:
    """Return the kind of a template by its path below `api`."""
    folder, name = template.removesuffix(".txt").split("/letters/")
    kinds = {folder: kind for kind, folder in FOLDERS.items()}
    return f"{kinds.get(folder, folder.rpartition('/')[2])}/{name}"


def test_each_template_has_a_sample() -> None:
    templates = [file.relative_to(API).as_posix() for file in API.rglob("letters/*.txt")]
    assert {kind_of(template) for template in templates} == {kind for kind, _ in SAMPLES.values()}


@pytest.mark.parametrize("name", SAMPLES)
def test_a_letter_says_who_writes_why_and_what_comes_next_in_both_texts(name: str) -> None:
    kind, values = SAMPLES[name]
    letter = sample(name)
    content = message_bytes(
        letter,
        sender="kith@example.org",
        sender_name=SENDER.service.name,
        message_id="<1@example.org>",
        at=START,
    )
    parsed: Any = message_from_bytes(content, policy=policy.SMTP)
    message: EmailMessage = parsed
    assert message["From"] == "Harrow Vale Company Service <kith@example.org>"
    assert [part.get_content_type() for part in message.walk()] == [
        "multipart/alternative",
        "text/plain",
        "text/html",
    ]
    assert not [value for value in values.values() if str(value) in message["Subject"] and value]

    plain, html = plain_of(message), html_of(message)
    assert_same_facts(plain, html)
    assert "  " not in plain
    assert "think it was you" not in plain
    assert "None" not in plain
    for url in URL.findall(plain):  # whole, and copied with nothing that is not the address
        assert url in plain.split() or f'"{url}"' in plain

    page = LetterHtml(html)
    assert page.loaded == []
    assert not page.tags & {"script", "img", "link", "iframe", "form", "object", "picture"}
    assert '<html lang="en">' in html
    assert page.tags >= {"main", "h1"}
    assert page.text.startswith(f"{SENDER.service.name} {letter.subject}")
    assert html.count('class="button"') <= 1
    assert "prefers-color-scheme: dark" in html

    if kind in TEAM_KINDS:
        assert NAME not in plain, "the team reads names on its pages alone"
    assert "Why you get this letter: " in plain
    for contact in (
        "01632 960100 (weekdays 9:00 to 17:00)",
        "hello@example.org",
        "kith.example.org",
    ):
        assert contact in plain
    assert "With kind wishes, the people at Harrow Vale Company Service" in plain


@pytest.mark.parametrize("name", SAMPLES)
def test_each_link_has_a_line_of_its_own_in_the_plain_text(name: str) -> None:
    letter = sample(name)
    links = LetterHtml(letter.html).links
    alone = [line for line in letter.body.splitlines() if URL.fullmatch(line)]
    assert sorted(alone) == sorted(links)
    assert all(url.startswith(f"{BASE}/") for url in links)


def test_what_a_person_wrote_is_no_markup() -> None:
    letter = sample("question")
    assert "Who sits at the <door>?" in letter.body
    assert "Who sits at the &lt;door&gt;?" in letter.html


def test_after_publishing_the_next_steps_are_in_the_letter() -> None:
    plain = sample("published").body
    for words in ("course", "cards", "poster", "certificate", "badge"):
        assert re.search(words, plain, re.IGNORECASE), words
    assert "</kith-register>" in plain
    assert "/training/" not in sample("published, no course").body


def test_a_link_in_the_file_of_a_letter_is_in_one_piece() -> None:
    letter = sample("confirm")
    content = message_bytes(letter, sender="a@example.org", message_id="<1@x>", at=START)
    assert str(SAMPLES["confirm"][1]["confirm"]).encode() in content.splitlines()


def test_an_invented_number_says_so_below_a_letter() -> None:
    kind, values = SAMPLES["confirm"]
    service = msgspec.structs.replace(SENDER.service, demonstration=True)
    letter = compose(
        kind, to="a@example.org", values=values, sender=LetterSender(service, SENDER.base_url)
    )
    number = "01632 960100 (weekdays 9:00 to 17:00; an invented number)"
    assert number in letter.body
    assert number in letter.html

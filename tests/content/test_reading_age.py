"""Our own words can be read at the age of eleven: pages of prose, and every message of pages."""

from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from tests.content import reading

ROOT = Path(__file__).parents[2]
PAGES = [
    *sorted((ROOT / "content").glob("*.md")),
    *sorted((ROOT / "content").glob("training/*/*.md")),
]
MESSAGES = ROOT / "catalogue" / "i18n" / "catalogues" / "cy" / "LC_MESSAGES" / "kith.po"
AGE = 11
ENOUGH = 20
"""Words from which a message is a text; the formula says nothing of shorter ones."""
BAD = (
    "Notwithstanding the aforementioned eligibility considerations, individuals experiencing "
    "significant deterioration in their circumstances are encouraged to communicate with the "
    "appropriate organisation, whose representatives will subsequently undertake an assessment "
    "of the applicability of the available provision."
)


def messages() -> list[str]:
    """Return the English of every message, one and many."""
    with MESSAGES.open("rb") as file:
        ids = [message.id for message in read_po(file, locale="cy") if message.id]
    return [
        form
        for message_id in ids
        for form in ((message_id,) if isinstance(message_id, str) else message_id)
    ]


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.name)
def test_a_page_of_prose_can_be_read_at_eleven(file: Path) -> None:
    text = reading.plain(file.read_text(encoding="utf-8"))
    assert reading.age(text) <= AGE
    assert reading.too_long(text) == [], f"{file.name} has long sentences"


def test_the_messages_together_can_be_read_at_eleven() -> None:
    assert reading.age("\n\n".join(map(reading.plain, messages()))) <= AGE


def test_each_message_can_be_read_at_eleven() -> None:
    hard = {}
    for message in messages():
        text = reading.plain(message)
        if sum(map(len, reading.sentences(text))) >= ENOUGH and reading.age(text) > AGE:
            hard[message] = round(reading.age(text), 1)
    assert hard == {}
    assert [
        long for message in messages() for long in reading.too_long(reading.plain(message))
    ] == []


def test_a_hard_text_is_found_hard() -> None:
    assert reading.age(BAD) > 20
    assert reading.too_long(BAD) == [BAD.translate({ord(","): None, ord("."): None})]


def test_an_easy_text_is_found_easy() -> None:
    assert reading.age("We are glad you came. Come in and sit down. There is tea.") < 7


def test_markup_and_addresses_are_not_read() -> None:
    page = (
        "---\ntitle: X\n---\n## See [this](https://example.org/a-b-c)\n\nRing `x`, {.a} <b>now</b>."
    )
    assert reading.sentences(reading.plain(page)) == [["See", "this"], ["Ring", "now"]]


@pytest.mark.parametrize(
    ("word", "count"), [("tea", 1), ("company", 3), ("activity", 4), ("e-mail", 2), ("don't", 2)]
)
def test_syllables_are_counted_roughly(word: str, count: int) -> None:
    assert abs(reading.syllables(word) - count) <= 1

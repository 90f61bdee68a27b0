"""Handing an activity on: a text that fits, a letter that says all, and no address cut short."""

from urllib.parse import parse_qs, urlsplit

import pytest
from msgspec.structs import replace

from catalogue.outputs.activity import sharing
from catalogue.outputs.activity.sharing import Facts, Sharing, short_text

COFFEE = Facts(
    title="Coffee & cake at the Mill",
    summary="Tea, toast and a table by the door.",
    when="Tuesday 24 November, 10:30 to 12:00",
    begins="Tuesday 24 November, 10:30",
    where="The Mill, Water Lane, Oxley Bridge",
    place="Oxley Bridge",
    phone="01632 960123",
)
ADDRESS = "kith.example.org/activities/coffee-at-the-mill/"


def test_a_text_says_what_when_where_whom_to_ring_and_where_to_read_more() -> None:
    assert short_text(COFFEE, ADDRESS) == (
        "Coffee & cake at the Mill. Tuesday 24 November, 10:30. Oxley Bridge. "
        "Ring 01632 960123. kith.example.org/activities/coffee-at-the-mill/"
    )


@pytest.mark.parametrize("title", ["Tea", "A very long name of a group " * 6, "x" * 300])
@pytest.mark.parametrize("slug", ["tea", "a-long-slug-" * 6])
@pytest.mark.parametrize("begins_on", ["Tuesday 24 November, 10:30", "Every day but Sunday; " * 9])
def test_a_text_is_one_message_and_keeps_number_and_address(
    title: str, slug: str, begins_on: str
) -> None:
    address = f"kith.example.org/activities/{slug}/"
    text = short_text(replace(COFFEE, title=title, begins=begins_on), address)
    assert len(text) <= 160
    assert sharing.OF_TELEPHONES.issuperset(text)
    assert text.endswith(f"Ring 01632 960123. {address}")


def test_an_address_as_long_as_a_message_is_all_that_is_sent() -> None:
    assert short_text(COFFEE, "kith.example.org/" + "a" * 200) == "kith.example.org/" + "a" * 200


def test_signs_that_telephones_lack_are_written_with_those_they_have() -> None:
    text = short_text(replace(COFFEE, title="Paned a sgŵrs – “Kawa” u Łucji…"), ADDRESS)
    assert text.startswith('Paned a sgwrs - "Kawa" u Lucji. Tuesday')


def test_another_script_is_kept_and_takes_two_parts() -> None:
    text = short_text(replace(COFFEE, title="چائے اور باتیں"), ADDRESS)
    assert text.startswith("چائے اور باتیں")
    assert len(text) <= 134


def test_links_carry_the_words_whatever_stands_in_them() -> None:
    hostile = replace(COFFEE, title='Tea & "cake"?body=x#y\r\nBcc: a@b.c', phone="")
    share = Sharing("https://kith.example.org/").of("/activities/tea/", hostile)
    for link in (share.mail, share.sms):
        assert {*'"<> \r\n#'}.isdisjoint(link)
    assert parse_qs(urlsplit(share.mail).query)["subject"] == [hostile.title]
    assert parse_qs(urlsplit(share.sms).query)["body"] == [share.text]
    assert "Ring" not in share.text


def test_a_letter_says_all_and_ends_with_the_whole_address() -> None:
    share = Sharing("https://kith.example.org/").of("/activities/tea/", COFFEE)
    (body,) = parse_qs(urlsplit(share.mail).query)["body"]
    assert body.split("\r\n")[-1] == "https://kith.example.org/activities/tea/"
    for text in (COFFEE.title, COFFEE.summary, COFFEE.when, COFFEE.where, COFFEE.phone):
        assert text in body


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        ("https://kith.example.org/", "kith.example.org/activities/tea/"),
        ("http://kith.example.org/", "http://kith.example.org/activities/tea/"),
        ("https://localhost/", "https://localhost/activities/tea/"),
    ],
)
def test_an_address_is_shortened_only_where_a_telephone_still_knows_it(
    site: str, expected: str
) -> None:
    assert Sharing(site).of("/activities/tea/", COFFEE).shown == expected


def test_an_address_too_long_to_scan_has_no_code() -> None:
    long = f"/activities/{'a' * 400}/"
    assert Sharing("https://kith.example.org/").of(long, COFFEE).code is None

"""Names are taken as typed; signs nobody can see are not."""

import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.security import contact_text, normalise
from api.security.encryption import Encryption


@pytest.mark.parametrize(
    "name", ["Zoë", "O'Brien-Łukasz", "السيدة أمل", "李小龍", "Mx. 7 = half?", "a", "x=", "🚕 Dai"]
)
def test_names_are_taken_as_typed(name: str) -> None:
    assert msgspec.convert(name, contact_text.Name) == name
    assert contact_text.is_plain(name)


@pytest.mark.parametrize(
    "name",
    [
        "",
        "a\0",
        "a\n",
        "\na",
        "a\r\nb",
        "a\x85",
        "a\u2028b",
        "a\u202eb",
        "a\u2069b",
        "a\ud800",
        "=?utf-8?q?x?=",
        "x" * 101,
    ],
)
def test_signs_nobody_can_see_are_refused_in_a_name(name: str) -> None:
    with pytest.raises((msgspec.ValidationError, UnicodeEncodeError)):
        msgspec.convert(name, contact_text.Name)


def test_free_text_may_have_lines_but_no_more() -> None:
    assert msgspec.convert("one\r\n\ttwo =? three\n", contact_text.Paragraphs)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert("one\0two", contact_text.Paragraphs)
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert("x" * 501, contact_text.Paragraphs)


@pytest.mark.parametrize("address", ["mary@example.org", "m.o'b+tag@sub.example.co.uk"])
def test_addresses_are_taken(address: str) -> None:
    assert msgspec.convert(address, contact_text.EmailAddress) == address


@pytest.mark.parametrize(
    "address", ["mary", "mary@", "@example.org", "a b@example.org", "a@b", "a@b.org\n", "a@b@c.org"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(address, contact_text.EmailAddress)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("01632 960123", "+441632960123"),
        ("+44 (0)1632 960-123", "+441632960123"),
        ("0044 1632 960123", "+441632960123"),
        ("+353 1 234 5678", "+35312345678"),
        ("00 353 1 234 5678", "+35312345678"),
        ("1632 960123", "+441632960123"),
        ("+44 01632 960123", "+441632960123"),
        ("01632–960.123, ask for Mary", "+441632960123"),
        ("01632 960123 ext. 5", "+441632960123;ext=5"),
    ],
)
def test_a_telephone_number_is_found_however_it_was_written(typed: str, canonical: str) -> None:
    assert normalise.canonical_phone(typed) == canonical


@pytest.mark.parametrize(
    ("typed", "written_by_0_1"),
    [
        ("01632 960123", "+441632960123"),
        ("01632 960123", "+1632960123"),
        ("01632 960123", "+4401632960123"),
        ("+44 (0)1632 960123 x5", "+4416329601235"),
        ("+353 1 234 5678", "+35312345678"),
        ("01632 960123 after 5", "+4416329601235"),
        ("960123", "+960123"),
    ],
)
def test_a_number_is_found_by_its_digest_of_an_earlier_version(
    typed: str, written_by_0_1: str, encryption: Encryption
) -> None:
    assert encryption.lookup(written_by_0_1) in normalise.phone_lookups(encryption, typed)


def test_an_address_is_found_however_it_was_written() -> None:
    assert normalise.canonical_email(" Mary@Example.ORG ") == "mary@example.org"


@given(st.text())
def test_the_two_ways_to_ask_agree(name: str) -> None:
    unseen = re.search("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]|=\\?", name)
    assert contact_text.is_plain(name) == (unseen is None)


@pytest.mark.parametrize(
    "pattern", [contact_text.ONE_LINE, contact_text.SEVERAL_LINES, contact_text.EMAIL]
)
@pytest.mark.parametrize("piece", ["a", "=", "=?", "a.", "a@", "?="])
def test_no_long_text_holds_a_pattern_up(pattern: str, piece: str) -> None:
    """Each of these needs years in a pattern that tries one text in many ways."""
    re.search(pattern, piece * 30_000 + "\0")

"""Which telephone numbers can be rung, and what a link to one dials."""

import pytest

from catalogue.model.phone import dialled, find_phone, is_unringable


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("01632 960123", "+441632960123"),  # this and the next four are Ofcom's, for drama
        ("07700 900248", "+447700900248"),
        ("020 7946 0123", "+442079460123"),
        ("0808 157 0117", "+448081570117"),
        ("(0113) 496-0123", "+441134960123"),
        ("0800 1111", "+448001111"),
        ("+353 1 234 5678", "+35312345678"),
        ("0 1 6 3 2 9 6 0 1 2 3", "+441632960123"),
        ("Mary 07700900123, or 01632 960123", "+447700900123"),
        ("01632 960123 x5", "+441632960123;ext=5"),
    ],
)
def test_a_number_that_can_be_rung_is_found(text: str, number: str) -> None:
    assert find_phone(text) == number


@pytest.mark.parametrize(
    "text",
    [
        *("", "01632 96", "01632 960", "01632 96 Mary", "07700 900 12", "960123", "999"),
        *("0" * 10, "0" * 300, "call me", "١٢"),
    ],
)
def test_a_number_that_cannot_be_rung_is_not_found(text: str) -> None:
    assert find_phone(text) == ""


@pytest.mark.parametrize(
    ("text", "dials"),
    [
        ("+44 (0)1632 960-123", "+441632960123"),
        ("01632 960123 ext. 5", "+441632960123;ext=5"),
        ("116 123", "116123"),
        ("999", "999"),
        ("111", "111"),
        ("01632 96", ""),
    ],
)
def test_a_link_dials_the_number_from_everywhere(text: str, dials: str) -> None:
    assert dialled(text) == dials


@pytest.mark.parametrize(
    ("text", "is_asked_again"),
    [
        ("01632 96", True),
        ("01632 96, ask for Mary", True),
        ("01632 960123", False),
        ("4 Quay Court, Temeford ZZ1 1AA", False),
        ("mary@example.org", False),
        ("", False),
    ],
)
def test_a_number_that_is_too_short_is_told_from_an_address(
    text: str, is_asked_again: bool
) -> None:
    assert is_unringable(text) is is_asked_again

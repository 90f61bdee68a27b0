"""Codes put together from others are the codes segno draws."""

import re

import pytest
import segno

from catalogue.outputs.print import qr
from catalogue.outputs.print.qr import Code, Codes

WORDS = ("tuesday", "coffee", "morning", "at", "the", "mill", "walk", "choir", "ty", "2")


def addresses(count: int) -> list[str]:
    """Return addresses of all lengths, each made of other words."""
    slugs = (
        "-".join(WORDS[(number * step + step) % len(WORDS)] for step in range(1, 2 + number % 9))
        + f"-{number}"
        for number in range(count)
    )
    return [f"https://kith.example.org/activities/{slug}/" for slug in slugs]


def inked(code: Code) -> list[bytes]:
    """Follow the pen over the paper and return the squares it darkens, as segno gives them."""
    paper = [bytearray(code.size) for _ in range(code.size)]
    x, y = 0, 0.5
    for pen, right, down in re.findall(r"([hm])(-?\d+)(?: (\d))?", code.path.removeprefix("M0 .5")):
        if pen == "h":
            paper[int(y)][x : x + int(right)] = b"\1" * int(right)
        x, y = x + int(right), y + int(down or 0)
    return [bytes(line) for line in paper]


def test_every_code_is_the_one_that_segno_draws() -> None:
    codes = Codes()
    for address in addresses(400):
        expected = segno.make(
            address.encode(),
            error="l",
            mode="byte",
            mask=qr.MASK,
            version=(codes.code(address).size - 17) // 4,
            boost_error=False,
        )
        assert inked(codes.code(address)) == [bytes(line) for line in expected.matrix], address


def test_one_code_is_not_another() -> None:
    codes = Codes()
    assert len({codes.code(address).path for address in addresses(200)}) == 200


def test_a_longer_address_makes_a_larger_code_and_one_beyond_scanning_is_refused() -> None:
    codes = Codes()
    sizes = [codes.code("a" * length).size for length in (1, 78, 79, qr.LONGEST)]
    assert sizes == [33, 33, 37, 69]
    with pytest.raises(ValueError, match="401 bytes"):
        codes.code("a" * (qr.LONGEST + 1))

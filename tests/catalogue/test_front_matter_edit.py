"""One field of an entry is changed, and every other byte stays as its author left it."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.read.entry import FENCE
from catalogue.read.front_matter_edit import CannotEdit, set_fields
from tests.support.depth import examples

ROOT = Path(__file__).parents[2]
ENTRIES = sorted((ROOT / "content" / "activities").rglob("*.md"))
TEXT = """\
---
# A remark on top
title: "Sing: anyway"   # and beside
cost:
  - price_pence: 200  # in notes
    condition: for members

access: {step-free: yes}
first_visit:
  what_happens: >-
    Two lines
    of it.
# the end
---
Body: with a colon.
"""


def front(text: str) -> object:
    fence = FENCE.match(text)
    assert fence
    return yaml.load(fence[1], Loader=yaml.BaseLoader)  # noqa: S506 - makes nothing but texts


@pytest.mark.parametrize(
    ("field", "value", "old", "new"),
    [
        ("cost[0].price_pence", "300", "price_pence: 200  # in", "price_pence: 300  # in"),
        ("title", "Sing", '"Sing: anyway"   #', '"Sing"   #'),
        ("cost[0].condition", "", "    condition: for members\n", ""),
        ("cost[0].condition", "A: b # c", "for members", '"A: b # c"'),
        ("access.lift", "no", "{step-free: yes}", "{step-free: yes, lift: no}"),
        ("access.step-free", "no", "step-free: yes", "step-free: no"),
        (
            "first_visit.what_happens",
            "One.",
            ">-\n    Two lines\n    of it.\n",
            "One.\n",
        ),
        ("cost[1].price_pence", "0", "for members\n", "for members\n  - price_pence: 0\n"),
        ("status", "defunct", "# the end\n", "# the end\nstatus: defunct\n"),
        (
            "contact.phone",
            "01632 960111",
            "# the end\n",
            "# the end\ncontact:\n  phone: 01632 960111\n",
        ),
    ],
)
def test_one_field_is_changed_and_nothing_else(field: str, value: str, old: str, new: str) -> None:
    assert TEXT.count(old) == 1
    assert set_fields(TEXT, {field: value}) == TEXT.replace(old, new)


@pytest.mark.parametrize(
    "field",
    ["", "no such field", "cost", "cost[7].price_pence", "title.x", "cost[0]x", "access[0]"],
)
def test_what_is_no_field_is_refused(field: str) -> None:
    with pytest.raises(CannotEdit):
        set_fields(TEXT, {field: "x"})


def test_line_ends_and_the_mark_of_utf_8_stay() -> None:
    windows = "\ufeff" + TEXT.replace("\n", "\r\n")
    mended = set_fields(windows, {"cost[0].price_pence": "300"})
    assert mended == windows.replace("200", "300")


def test_two_kinds_of_line_ends_are_left_alone() -> None:
    with pytest.raises(CannotEdit, match="line ends"):
        set_fields(TEXT.replace("\n", "\r\n", 1), {"status": "defunct"})


@pytest.mark.parametrize("value", ["two\nlines", "a\x00b", "a\x85b"])
def test_a_value_stands_on_one_line(value: str) -> None:
    with pytest.raises(CannotEdit):
        set_fields(TEXT, {"status": value})


@pytest.mark.parametrize("file", ENTRIES, ids=lambda file: file.stem)
def test_every_entry_there_is_can_be_mended(file: Path) -> None:
    text = file.read_text()
    for field in ("status", "assured_on", "contact.phone", "places.booking", "access.step-free"):
        mended = set_fields(text, {field: "x"})
        lost_lines = {*text.splitlines()} - {*mended.splitlines()}
        assert len(lost_lines) <= 1
        assert len(mended.splitlines()) - len(text.splitlines()) in (0, 1, 2)


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60)


@settings(max_examples=examples(200), deadline=None)
@given(value=WORDS.map(str.strip).filter(bool))
def test_whatever_is_written_is_read_back_alone(value: str) -> None:
    for field, path in (("title", ("title",)), ("access.step-free", ("access", "step-free"))):
        try:
            mended = set_fields(TEXT, {field: value})
        except CannotEdit:
            continue
        read = front(mended)
        for name in path:
            assert isinstance(read, dict)
            read = read[name]
        assert read == value
        assert mended.endswith(TEXT[TEXT.index("# the end") :])

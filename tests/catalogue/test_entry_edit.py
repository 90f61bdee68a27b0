"""An entry is written from its values and reads back the same; a change leaves the rest alone."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalogue.read.entry import parse_entry
from catalogue.read.entry_edit import changed_entry, new_entry, reads_alike, tidy
from catalogue.read.front_matter_edit import CannotEdit
from tests.support.depth import examples

ROOT = Path(__file__).parents[2]
ENTRIES = sorted((ROOT / "content" / "activities").rglob("*.md"))
TEXT = """\
---
# A remark on top
title: "Sing: anyway"   # and beside
kinds: [choir, coffee-morning]
ways: in person
provider: {name: The Mill}
schedule:
  # Ruth says it moves in spring
  - when: every Tuesday 10:30-12:00   # not in the crypt
    except: [August, "22 December 2026"]
  - when: last Friday of the month 19:00
    note: bring a mug
cost:
  - price_pence: 200
contact:
first_visit:
  what_happens: >-
    Two lines
    of it.
# the end
---
Words of the author's own.
"""


def front(text: str) -> dict[str, Any]:
    return parse_entry(text.encode(), "x.md").front


def test_one_value_changes_one_line() -> None:
    new = front(TEXT)
    new["schedule"][0]["when"] = "every Tuesday 11:00-12:00"
    new["contact"] = {"phone": "01632 960100"}
    assert changed_entry(TEXT, new, "Words of the author's own.") == TEXT.replace(
        "every Tuesday 10:30-12:00", "every Tuesday 11:00-12:00"
    ).replace("contact:\n", "contact:\n  phone: 01632 960100\n")


def test_nothing_changed_is_the_same_to_the_byte() -> None:
    new = front(TEXT)
    new["ways"] = ["in person"]  # a list of one reads as the word alone
    new["first_visit"] = {"what_happens": "Two lines of it."}
    assert changed_entry(TEXT, new, "Words of the author's own.\r\n") == TEXT


def test_a_line_of_a_list_is_taken_out_and_the_others_keep_their_remarks() -> None:
    new = front(TEXT)
    del new["schedule"][0]["except"][0]
    del new["schedule"][1]
    new["cost"] = []
    changed = changed_entry(TEXT, new, "Other words.")
    assert changed == TEXT.replace("[August, ", "[").replace(
        "  - when: last Friday of the month 19:00\n    note: bring a mug\n", ""
    ).replace("cost:\n  - price_pence: 200\n", "").replace(
        "Words of the author's own.", "Other words."
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kinds", ["coffee-morning"]),
        ("kinds", ["lunch-club", "choir", "craft"]),
        ("ways", ["in person", "online"]),
        ("ways", ["online"]),
        ("provider", {"name": "The: Mill", "website": "https://example.org"}),
        ("provider", {"name": "M, {x}", "charity_number": "1234567"}),
        ("schedule", [{"when": "every Friday 10:00"}]),
        ("schedule", [{"when": "A"}, {"when": "B", "except": ["C"]}, {"when": "D"}]),
        ("venues", [{"place": "Temeford", "access": {"step-free": "yes"}}, {"place": "Broome"}]),
        ("first_visit", {"greeter": "# Mo: - \"'", "bring_someone": "no"}),
        ("access", {"hearing-loop": "unknown"}),
        ("title", "- no: 'title' # at all"),
        ("cost", [{"price_pence": "0"}, {"price_pence": "250", "condition": "with a meal"}]),
    ],
)
def test_a_changed_field_reads_as_it_was_meant(field: str, value: Any) -> None:
    new = {**front(TEXT), field: value}
    for text in (TEXT, "\ufeff" + TEXT.replace("\n", "\r\n")):
        changed = changed_entry(text, new, "Words of the author's own.")
        assert reads_alike(front(changed), new)
        assert ("\r\n" in changed) == ("\r\n" in text)
        assert changed.count("\n") == changed.count("\r\n") or "\r\n" not in changed
        assert "# the end" in changed
        assert "# A remark on top" in changed


@pytest.mark.parametrize("file", ENTRIES, ids=lambda file: file.stem)
def test_every_entry_there_is_can_be_written_anew_and_changed(file: Path) -> None:
    parsed = parse_entry(file.read_bytes(), file.name)
    anew = parse_entry(new_entry(parsed.front, parsed.body).encode(), file.name)
    assert (tidy(anew.front), anew.body) == (tidy(parsed.front), parsed.body)
    new = {**parsed.front, "status": "defunct", "assured_on": "2026-11-28"}
    changed = changed_entry(file.read_text(), new, parsed.body)
    assert reads_alike(front(changed), new)
    lost_lines = {*file.read_text().splitlines()} - {*changed.splitlines()}
    assert len(lost_lines) <= 2


WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]), min_size=1, max_size=40)
ROW = st.fixed_dictionaries({"when": WORDS}, optional={"note": WORDS})


@settings(max_examples=examples(200), deadline=None)
@given(
    fields=st.fixed_dictionaries(
        {
            "title": WORDS,
            "kinds": st.lists(WORDS, max_size=3),
            "schedule": st.lists(ROW, max_size=4),
        }
    ),
    body=WORDS,
)
def test_whatever_is_written_reads_back(fields: dict[str, Any], body: str) -> None:
    assert reads_alike(front(new_entry(fields, body)), fields)
    new = {**front(TEXT), **fields}
    assert reads_alike(front(changed_entry(TEXT, new, body)), new)


def test_what_cannot_be_read_is_left_alone() -> None:
    for text in ("no front matter", "---\ntitle: a: b\n---\n", TEXT.replace("\n", "\r\n", 1)):
        with pytest.raises(CannotEdit):
            changed_entry(text, {"title": "x"}, "")

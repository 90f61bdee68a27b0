"""A reference survives the telephone, and a slip in it is noticed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.security.references import SIGNS, ReferenceFault, make, parse

references = st.text(SIGNS, min_size=7, max_size=7).map(
    lambda signs: next(
        f"R-{signs[:4]}-{signs[4:]}{last}" for last in SIGNS if _fits(f"R{signs}{last}")
    )
)


def _fits(text: str) -> bool:
    try:
        parse(text)
    except ReferenceFault:
        return False
    return True


@given(st.sampled_from("RPZ"))
def test_what_is_made_is_read(prefix: str) -> None:
    reference = make(prefix)
    assert parse(reference, prefix) == reference
    assert len(reference) == 11


@given(references, st.booleans(), st.sampled_from(["", " ", "  ", "–", "-"]))
def test_case_spaces_and_dashes_do_not_matter(reference: str, small: bool, gap: str) -> None:
    typed = reference.replace("-", gap)
    assert parse(f" {typed.lower() if small else typed} ") == reference


@given(references, st.integers(0, 7), st.sampled_from(SIGNS))
def test_one_wrong_sign_is_noticed(reference: str, place: int, wrong: str) -> None:
    signs = list(reference.replace("-", ""))
    if signs[place + 1] == wrong:
        return
    signs[place + 1] = wrong
    with pytest.raises(ReferenceFault, match="last sign"):
        parse("".join(signs))


@given(references, st.integers(1, 8), st.integers(1, 8))
def test_two_signs_changed_round_are_noticed(reference: str, index: int, other: int) -> None:
    signs = list(reference.replace("-", ""))
    if signs[index] == signs[other]:
        return
    signs[index], signs[other] = signs[other], signs[index]
    assert not _fits("".join(signs))


@given(references)
def test_every_reference_has_exactly_one_last_sign(reference: str) -> None:
    assert [last for last in SIGNS if _fits(reference[:-1] + last)] == [reference[-1]]


@given(references)
def test_signs_that_look_or_sound_alike_are_understood(reference: str) -> None:
    misheard = reference[2:].replace("8", "B").replace("2", "Z").replace("M", "N")
    assert parse("R" + misheard.replace("Q", "O")) == reference


@given(st.text("canary 77", min_size=4, max_size=30))
def test_what_is_no_reference_is_refused_and_not_repeated(text: str) -> None:
    with pytest.raises(ReferenceFault) as fault:
        parse(text)
    assert text not in str(fault.value)


@given(st.text(max_size=30))
def test_no_text_upsets_it(text: str) -> None:
    assert _fits(text) in {True, False}


def test_a_reference_of_another_kind_is_told_apart() -> None:
    with pytest.raises(ReferenceFault, match="start with R"):
        parse(make("P"), "R")

"""The words of this directory as they stand: what an editor must never break without noticing."""

import re
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.read import entry, load
from tests.content import reading

ROOT = Path(__file__).parents[2]
CONTENT = ROOT / "content"
THEME = ROOT / "site" / "theme" / "pages"
PAGES = sorted(CONTENT.glob("*.md"))
LIKE_A_PHONE_NUMBER = re.compile(r"(?<![\w/.-])(?:\+44|0)[\d ()]{8,14}\d(?!\w)")
# Numbers that nobody has: https://www.ofcom.org.uk sets them aside for drama.
FOR_DRAMA = re.compile(r"01632960\d{3}|07700900\d{3}|08081570\d{3}")
MADE_LATER = (
    "/pledges/",
    "/activities/",
    "/activities.json",
    "/kinds/",
    "/places/",
    "/days/",
    "/training/",
    "/point/",
)


@cache
def catalogue() -> Catalogue:
    project = load.read_project(ROOT)
    assert project.catalogue is not None, "\n".join(map(str, project.faults))
    return project.catalogue


def demonstration() -> list[Activity]:
    return [activity for activity in catalogue().activities if activity.demonstration]


def real() -> list[Activity]:
    return [activity for activity in catalogue().activities if not activity.demonstration]


def text(path: str) -> str:
    return (ROOT / path).read_text()


def numbers(words: str) -> list[str]:
    return [re.sub(r"\D", "", number) for number in LIKE_A_PHONE_NUMBER.findall(words)]


def page(name: str) -> entry.Entry:
    return entry.read_entry(CONTENT / name, ROOT)


def test_every_entry_reads_without_a_fault() -> None:
    assert [str(fault) for fault in load.read_project(ROOT).faults] == []


def test_there_are_real_entries_and_demonstration_entries() -> None:
    assert len(real()) >= 9
    assert demonstration()


def test_a_real_entry_names_its_sources_and_claims_no_more_than_was_read() -> None:
    for activity in real():
        assert activity.status == "unknown" or activity.assured_on, activity.path
        if activity.assured_on is None:
            assert activity.sources, activity.path
            assert "What we do not know" in activity.body, activity.path


def test_no_real_phone_number_stands_in_a_demonstration_entry() -> None:
    paths = [activity.path for activity in demonstration()]
    paths += [signatory.path for signatory in catalogue().signatories if signatory.demonstration]
    for path in paths:
        strange = [number for number in numbers(text(path)) if not FOR_DRAMA.fullmatch(number)]
        assert not strange, f"{path}: {strange}"


def test_demonstration_addresses_lead_nowhere() -> None:
    for activity in demonstration():
        for host in re.findall(r"(?:https?://|@)([\w.-]+\w)", text(activity.path)):
            assert host == "example.org" or host.endswith(".example.org"), activity.path


def test_no_demonstration_number_or_address_stands_in_a_real_entry() -> None:
    for activity in real():
        words = text(activity.path)
        assert not any(FOR_DRAMA.fullmatch(number) for number in numbers(words)), activity.path
        assert "example.org" not in words, activity.path
        assert not re.search(r"\bZZ[1-9]\b", words), activity.path


def test_demonstration_places_have_outward_codes_that_do_not_exist() -> None:
    for area in catalogue().taxonomy.areas:
        invented = [code.startswith("ZZ") for code in area.outward_codes]
        assert all(invented) if area.demonstration == "yes" else not any(invented), area.name


def test_everybody_on_a_register_here_is_invented() -> None:
    assert all(signatory.demonstration for signatory in catalogue().signatories)


def test_the_registers_show_every_state_a_promise_can_have() -> None:
    signatories = catalogue().signatories
    states = {promise.state for signatory in signatories for promise in signatory.promises.values()}
    assert states == {"doing", "starting", "not for us"}
    assert any(signatory.lapsed(date(2026, 11, 22)) for signatory in signatories)
    assert any(
        signatory.signer == "person" and signatory.name.startswith("A ")
        for signatory in signatories
    )
    assert {signatory.pledge for signatory in signatories} == {
        pledge.slug for pledge in catalogue().pledges
    }


def test_nobody_promised_on_a_day_before_the_wording_stood() -> None:
    for signatory in catalogue().signatories:
        pledge = catalogue().pledge(signatory.pledge)
        assert pledge is not None
        wording = next(
            version for version in pledge.versions if version.version == signatory.version
        )
        assert signatory.since >= wording.from_, signatory.path


def test_a_signatory_answers_every_promise_that_is_required() -> None:
    for signatory in catalogue().signatories:
        pledge = catalogue().pledge(signatory.pledge)
        assert pledge is not None
        wording = next(
            version for version in pledge.versions if version.version == signatory.version
        )
        required = {part.id for part in wording.commitments if part.required == "yes"}
        assert required <= set(signatory.promises), signatory.path


def test_stay_connected_has_seven_promises_and_four_to_choose_from() -> None:
    pledge = catalogue().pledge("stay-connected")
    assert pledge is not None
    first, current = sorted(pledge.versions, key=lambda version: version.version)
    required = [part.required for part in current.commitments]
    assert (required.count("yes"), required.count("no")) == (7, 4)
    assert len(first.commitments) == 9
    assert pledge.current is current


def test_every_need_leads_to_kinds_and_no_alias_stands_twice_in_a_term() -> None:
    terms = catalogue().taxonomy
    assert len(terms.kinds) >= 45
    for term in (*terms.kinds, *terms.needs):
        assert len(set(term.aliases)) == len(term.aliases), term.slug  # type: ignore[attr-defined]
        assert all(alias == alias.casefold() for alias in term.aliases), term.slug  # type: ignore[attr-defined]
    assert all(need.kinds for need in terms.needs)


def test_the_numbers_of_get_help_now_stand() -> None:
    help_page = page("get-help-now.md")
    for words in (
        *("999", "option 2", "116 123", "SHOUT to 85258", "0808 808 8000", "0800 83 85 87"),
        *("0800 1111", "0808 2000 247", "999 BSL", "18000", "18001 111", "SignVideo"),
        *("England", "Scotland", "Wales", "Northern Ireland"),
    ):
        assert words in help_page.body, words
    dialled = set(re.findall(r"\(tel:(\d+)\)", help_page.body))
    assert {"999", "111", "116123", "08088088000", "0800838587"} <= dialled


def test_get_help_now_says_on_which_day_it_was_checked() -> None:
    help_page = page("get-help-now.md")
    checked_on = date.fromisoformat(help_page.front["checked_on"])
    assert f"{checked_on.day} {checked_on:%B %Y}" in help_page.body


def test_what_is_dialled_is_what_is_read() -> None:
    for file in PAGES:
        for label, dialled in re.findall(r"\[([\d ]+)\]\(tel:(\d+)\)", file.read_text()):
            assert label.replace(" ", "") == dialled, file.name


def test_crisis_words_stand_above_the_form_that_asks_for_help() -> None:
    above = page("ask.md").body[:700]
    for words in ("999", "111", "option 2", "116 123", "SHOUT", "not an emergency service"):
        assert words in above, words


def test_every_number_told_at_once_was_checked_and_the_first_are_those_for_everybody() -> None:
    help_now = catalogue().taxonomy.help_now
    checked = page("get-help-now.md").body
    for line in help_now:
        for number in line.numbers:
            assert f"[{number.number}](tel:{number.dialled})" in checked, number
    assert [number.number for number in help_now[0].numbers][:3] == ["116 123", "111", "999"]
    assert "option 2" in help_now[0].numbers[1].says


def test_help_that_is_told_at_once_can_be_read_at_eleven() -> None:
    for line in catalogue().taxonomy.help_now:
        text = ". ".join((line.title, line.text, *(number.says for number in line.numbers)))
        assert reading.age(text) <= 11, line.slug


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_a_page_has_a_title_and_a_description_of_one_breath(file: Path) -> None:
    front = page(file.name).front
    assert front["title"]
    assert 40 <= len(front["description"]) <= 160


@pytest.mark.parametrize("file", PAGES, ids=lambda file: file.stem)
def test_links_between_pages_lead_somewhere(file: Path) -> None:
    for target in re.findall(r"\]\(([^)\s]+)\)", file.read_text()):
        if target.endswith(".md"):
            assert (CONTENT / target).is_file(), f"{file.name}: {target}"
        elif target.startswith("/"):
            assert target.startswith(MADE_LATER), f"{file.name}: {target}"
        else:
            assert target.startswith(("https://", "tel:", "mailto:")), f"{file.name}: {target}"


def test_every_template_that_a_page_asks_for_exists() -> None:
    for file in PAGES:
        if template := page(file.name).front.get("template"):
            assert (THEME / template).is_file(), f"{file.name}: {template}"


def test_nobody_is_called_what_they_would_not_call_themselves() -> None:
    labels = re.compile(
        r"\b(service users?|users|the lonely|vulnerable|the elderly|clients)\b", re.I
    )
    for file in CONTENT.rglob("*.md"):
        assert not labels.search(file.read_text()), file


def test_every_promise_is_pinned_to_the_words_it_was_made_to() -> None:
    pledges = {pledge.slug: pledge for pledge in catalogue().pledges}
    pinned = {
        signatory.path: (signatory.text_sha256, wording.text_sha256)
        for signatory in catalogue().signatories
        for wording in pledges[signatory.pledge].versions
        if wording.version == signatory.version
    }
    assert len(pinned) == len(catalogue().signatories)
    assert [path for path, (promised_digest, is_) in pinned.items() if promised_digest != is_] == []

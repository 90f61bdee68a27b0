"""What an editor can get wrong: each gives a fault with file and line, never a traceback."""

import hashlib
import os
from collections.abc import Callable

import msgspec
import pytest

from catalogue.model.pledge import Version
from catalogue.read import entry, load
from tests.catalogue.conftest import ACTIVITY, PLEDGE, SIGNATORY, Project

Faults = Callable[[], list[str]]
MILL = "content/activities/mill.md"


def changed(old: str, new: str) -> str:
    assert old in ACTIVITY
    return ACTIVITY.replace(old, new)


def at(latitude: str, longitude: str) -> str:
    point = f"    latitude: {latitude}\n    longitude: {longitude}\n"
    return changed("    postcode: ZZ3 1AA\n", f"    postcode: ZZ3 1AA\n{point}")


def test_a_venue_may_lie_anywhere_about_its_place(project: Project, faults_of: Faults) -> None:
    project.activity(at("54.9", "1.9"))
    assert faults_of() == []


@pytest.mark.parametrize("typed", ["zz31aa", "ZZ3  1AA", "zz3 1aa"])
def test_a_venue_has_its_postcode_as_everybody_writes_it(
    project: Project, faults_of: Faults, typed: str
) -> None:
    project.activity(changed("ZZ3 1AA", typed))
    assert faults_of() == []
    catalogue = load.read_project(project.root).catalogue
    assert catalogue
    assert catalogue.activities[0].venues[0].postcode == "ZZ3 1AA"


@pytest.mark.parametrize("typed", ["oxley bridge", "Oxley-Bridge", "Oxley Bridge, Harrow Vale"])
def test_a_place_may_be_written_in_any_way_that_a_search_knows(
    project: Project, faults_of: Faults, typed: str
) -> None:
    project.activity(changed("place: Oxley Bridge", f'place: "{typed}"'))
    assert faults_of() == []
    catalogue = load.read_project(project.root).catalogue
    assert catalogue
    assert catalogue.activities[0].venues[0].place == "Oxley Bridge"


@pytest.mark.parametrize("address", ["jo.o'brien@example.org", "jo+tea@bücher.example"])
def test_an_e_mail_address_may_be_an_international_one(
    project: Project, faults_of: Faults, address: str
) -> None:
    project.activity(changed("  phone: 01632 960123", f"  email: {address}"))
    assert faults_of() == []


def test_a_sound_project_has_no_fault(project: Project, faults_of: Faults) -> None:
    project.activity()
    assert faults_of() == []
    catalogue = load.read_project(project.root).catalogue
    assert catalogue is not None
    assert catalogue.activities[0].demonstration
    assert catalogue.register("stay-connected")[0].name == "The Mill, Oxley Bridge"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title: x\n", f"{MILL}:1: front matter is missing"),
        ("", f"{MILL}:1: front matter is missing"),
        (changed("title: Tuesday", 'title: "Tuesday'), f"{MILL}:"),
        (changed("kinds: [coffee-morning]", "kinds: [coffee-mornin]"), 'Did you mean "coffee-morning"?'),
        (changed("kinds: [coffee-morning]", "kinds: []"), f"{MILL}:4: kinds: is missing"),
        (changed("summary:", "sumary:"), f'{MILL}:3: sumary: no such field. Did you mean "summary"?'),
        (changed("summary: Tea, toast and a table by the door.", "summary:"), "summary: is missing"),
        (changed("place: Oxley Bridge", "place: Oxley Brige"), 'Did you mean "Oxley Bridge"?'),
        (changed("ways: [in person]", "ways: [in persn]"), 'Did you mean "in person"?'),
        (changed("2026-11-01", "1/11/2026"), f"{MILL}:16: assured_on: write a date as 2026-11-22"),
        (changed("ZZ3 1AA", "ZZ3 1"), f"{MILL}:13: venues[0].postcode"),
        (changed("ZZ3 1AA", "QQ9 9ZZ"), f"{MILL}:13: venues[0].postcode: no postcode begins with QQ"),
        (at("60.3", "1.7"), f"{MILL}:14: venues[0].latitude: lies 623 km from Oxley Bridge"),
        (at("1.7", "54.7"), f"{MILL}:14: venues[0].latitude: write a number from 49 to 61.5"),
        (changed("ZZ3 1AA", "ZZ3 1AA\n    latitude: 54.7"), "venues[0]: latitude and longitude belong together"),
        (changed("  phone: 01632 960123", "  website: the-mill.example"), "write a whole web address: https://"),
        (changed("  phone: 01632 960123", "  phone: ring Jo"), "contact.phone: write a phone number in digits"),
        (changed("  phone: 01632 960123", "  email: jo@example"), "contact.email: write an e-mail address"),
        (changed("  phone: 01632 960123", "  phone: 01632 96"), "contact.phone: is no number that can be rung"),
        (changed("contact:", "eligibility: {minimum_age: 70, maximum_age: 60}\ncontact:"), "eligibility.minimum_age: is above"),
        (changed("Tea, toast", "Tea, toast " * 30), "is 355 characters long, 220 at most"),
        (changed("every Tuesday", "every Tueday"), f"{MILL}:15: schedule[0].when"),
        (changed("title: Tuesday coffee", "title: <script>alert(1)</script>"), f"{MILL}:2: title"),
        (changed("  phone: 01632 960123", "  website: javascript:alert(1)"), f"{MILL}:9: contact.website"),
        (changed("Fifteen", "[Fifteen](javascript:alert(1))"), f"{MILL}:18: a link may start with"),
        (changed("Fifteen", "<script>alert(1)</script>"), f"{MILL}:18: HTML is not shown"),
        (changed("Fifteen", "[" * 20_000), f"{MILL}:"),
        (changed("kinds: [coffee-morning]", "kinds: " + "[" * 1_500), f"{MILL}:2: too many brackets"),
        (changed("kinds: [coffee-morning]", "kinds: &a [*a]"), f"{MILL}:4: kinds"),
        (changed("kinds: [coffee-morning]", "kinds: &a [coffee-morning]\nneeds: *a"), f"{MILL}:5: needs: write it out"),
        (changed("kinds: [coffee-morning]", "kinds: {[a]: b}"), f"{MILL}:4: kinds.: is not a field name"),
        (changed("kinds: [coffee-morning]", "kinds: ]"), f"{MILL}:4: front matter cannot be read"),
        ("---\n---\n", f"{MILL}:2: front matter is made of lines"),
        ("---\n{title: a}\n--- {b: c}\n---\n", f"{MILL}:3: front matter ends at a line of ---"),
        (changed("kinds: [coffee-morning]", "title: again"), f"{MILL}:4: title: stands twice"),
        (changed("Fifteen", "Fif\u202eteen"), f"{MILL}:18: an invisible control character"),
        (changed("Fifteen", "Fif\0teen"), f"{MILL}:18: an invisible control character"),
        (ACTIVITY.encode().replace(b"Fifteen", b"Fift\xff"), f"{MILL}:18: not UTF-8"),
        (changed("Fifteen", "x" * 2_001), f"{MILL}:18: the line is longer"),
        (ACTIVITY + "word \n" * 7_000, f"{MILL}:1: the file holds"),
        ("---\n- a\n- b\n---\n", f"{MILL}:2: front matter is made of lines"),
        (changed("venues:\n  - name", "venues:\n  - hidden: yes\n    name"), "venues[0].hidden"),
        (changed("assured_on: 2026-11-01\n", ""), "assured_on: is missing"),
        (changed("contact:\n  phone: 01632 960123\n", ""), "contact: is missing"),
    ],
)  # fmt: skip
def test_a_faulty_entry_is_reported_with_its_line(
    project: Project, faults_of: Faults, text: str | bytes, fault: str
) -> None:
    project.activity(text)
    messages = faults_of()
    assert any(fault in line for line in messages), messages
    assert all(line.startswith(MILL) for line in messages)


def test_all_faults_of_all_files_come_at_once(project: Project, faults_of: Faults) -> None:
    project.activity(changed("summary:", "sumary:").replace("ZZ3 1AA", "nowhere"))
    project.activity(changed("kinds: [coffee-morning]", "kinds: [x]"), name="other")
    project.write("pledges/stay-connected/index.md", PLEDGE.replace("version: 1", "version: one"))
    messages = faults_of()
    assert [line.split(": ")[0] for line in messages if "mill.md" in line] == [
        f"{MILL}:1",
        f"{MILL}:3",
        f"{MILL}:13",
    ]
    assert any("other.md:4" in line for line in messages)
    assert any("stay-connected/index.md:7" in line for line in messages)


def test_an_unquoted_time_and_a_bare_no_are_read_as_written(
    project: Project, faults_of: Faults
) -> None:
    """PyYAML's own loader makes 630 of 10:30 and False of no."""
    text = changed(
        "    postcode: ZZ3 1AA",
        "    postcode: ZZ3 1AA\n    access: {step-free: no, hearing-loop: yes}",
    ).replace("every Tuesday 10:30-12:00", "Tuesdays 10:30")
    project.activity(text)
    assert faults_of() == []
    catalogue = load.read_project(project.root).catalogue
    assert catalogue is not None
    assert catalogue.activities[0].venues[0].access == {"step-free": "no", "hearing-loop": "yes"}


def test_a_blank_field_is_unknown_and_not_no(project: Project, faults_of: Faults) -> None:
    project.activity(changed("assured_on:", "cost:\nfirst_visit:\nassured_on:"))
    assert faults_of() == []
    catalogue = load.read_project(project.root).catalogue
    assert catalogue is not None
    assert catalogue.activities[0].free == "unknown"


def test_two_entries_with_one_name_are_a_fault(project: Project, faults_of: Faults) -> None:
    project.activity()
    project.write("activities/demo/mill.md", ACTIVITY)
    assert [line for line in faults_of() if "has the same name" in line]


def test_a_link_to_another_file_is_refused(project: Project, faults_of: Faults) -> None:
    outside_file = project.root / "outside.md"
    outside_file.write_text(ACTIVITY)
    (project.root / "content/activities").mkdir()
    (project.root / "content/activities/mill.md").symlink_to(outside_file)
    assert faults_of() == [
        f"{MILL}:1: this is a link to another file: put the words here",
    ]


def test_a_file_name_that_is_no_address_is_a_fault(project: Project, faults_of: Faults) -> None:
    project.write("activities/The Mill.md", ACTIVITY)
    assert faults_of() == [
        "content/activities/The Mill.md:1: name the file in a-z, 0-9 and single dashes"
    ]


def test_nothing_private_may_stand_in_a_signatory(project: Project, faults_of: Faults) -> None:
    for secret in ("jo@example.org", "01632 960123", "at ZZ3 1AA"):
        project.write(
            "pledges/stay-connected/the-mill.md",
            SIGNATORY.replace("Jo stands at the door.", secret),
        )
        assert any("looks like an e-mail address" in line for line in faults_of()), secret


def test_a_signatory_promises_only_what_the_pledge_asks(
    project: Project, faults_of: Faults
) -> None:
    project.write(
        "pledges/stay-connected/the-mill.md", SIGNATORY.replace("  welcome:", "  welcom:")
    )
    assert faults_of() == [
        "content/pledges/stay-connected/the-mill.md:8: promises.welcom: no such commitment. "
        'Did you mean "welcome"?'
    ]


def test_a_name_that_is_another_page_is_a_fault(project: Project, faults_of: Faults) -> None:
    project.write("pledges/manage/index.md", PLEDGE)
    project.write("pledges/Big One/index.md", PLEDGE)
    project.write("pledges/stay-connected/register.md", SIGNATORY)
    assert faults_of() == [
        "content/pledges/Big One/index.md:1: name the folder in a-z, 0-9 and single dashes",
        "content/pledges/manage/index.md:1: /pledges/manage/ is another page: "
        "give the folder another name",
        "content/pledges/stay-connected/register.md:1: /pledges/stay-connected/register/ is "
        "another page: give the file another name",
    ]


def test_an_old_address_leads_to_one_entry(project: Project, faults_of: Faults) -> None:
    """Else a printed code would lead to the promise of somebody else."""
    folder = "pledges/stay-connected"
    for slug, former in (("a", "[old, the-mill]"), ("b", "[old, sign]"), ("c", "[older]")):
        moved = SIGNATORY.replace("since:", f"former_slugs: {former}\nsince:")
        project.write(f"{folder}/{slug}.md", moved)
    assert faults_of() == [
        f"content/{folder}/a.md:1: former_slugs[1]: stay-connected/the-mill is an entry of its "
        "own: take it out",
        f"content/{folder}/b.md:1: former_slugs[0]: stay-connected/old leads to "
        f"content/{folder}/a.md already",
        f"content/{folder}/b.md:9: former_slugs[1]: is a name its file had before",
    ]


def test_a_wording_that_was_signed_never_changes(project: Project, faults_of: Faults) -> None:
    words = b"We promise to keep people in touch.\nwelcome required\nGreet them.\n\n"
    digest = hashlib.sha256(words).hexdigest()
    signed = SIGNATORY.replace("since:", f"text_sha256: {digest}\nsince:")
    project.write("pledges/stay-connected/the-mill.md", signed)
    assert faults_of() == []
    longer = PLEDGE.replace("Greet them.}", "Greet them and ring them.}")
    project.write("pledges/stay-connected/index.md", longer)
    assert faults_of() == [
        "content/pledges/stay-connected/the-mill.md:9: text_sha256: wording 1 in "
        "content/pledges/stay-connected/index.md is not the one that was signed: "
        "put its words back, and write what is new as a new version"
    ]
    new = "versions:\n  - {version: 2, from: 2026-03-01, statement: We ring., commitments: [{id: ring, title: Ring.}]}"
    project.write("pledges/stay-connected/index.md", PLEDGE.replace("versions:", new))
    assert faults_of() == []


def test_how_lines_are_broken_is_no_part_of_a_wording() -> None:
    wording = {"version": 1, "from": "2026-01-01", "commitments": [{"id": "a", "title": "Aé"}]}
    plain, broken, other = (
        msgspec.convert({**wording, "statement": statement}, Version)
        for statement in ("We do it.", " We  do\n it. ", "We did it.")
    )
    assert plain.text == "We do it.\na required\nAé\n\n".encode()
    assert plain.text_sha256 == broken.text_sha256 != other.text_sha256


def test_a_missing_taxonomy_is_one_clear_fault(project: Project, faults_of: Faults) -> None:
    (project.root / "content/taxonomy.yml").unlink()
    assert faults_of() == ["content/taxonomy.yml:1: is missing: a directory needs its closed lists"]


def test_a_promise_of_an_activity_must_exist(project: Project, faults_of: Faults) -> None:
    project.activity(
        changed(
            "  name: The Mill\ncontact",
            "  name: The Mill\n  signatory: stay-connected/mill\ncontact",
        )
    )
    assert any("no such pledge entry" in line for line in faults_of())


def test_faults_of_shape_hide_no_faults_of_values(project: Project, faults_of: Faults) -> None:
    text = ACTIVITY.replace("2026-11-01", "1/11/2026").replace("[coffee-morning]", "[chess-club]")
    text = text.replace("[in person]", "[in persn]").replace("ZZ3 1AA", "ZZ3 1")
    project.activity(text.replace("Oxley Bridge", "Oxley Brige"))
    messages = "\n".join(faults_of())
    for problem in (
        "assured_on: write a date",
        'kinds[0]: "chess-club" is not one of the kinds',
        'ways[0]: "in persn" is not one of',
        "venues[0].postcode: write a postcode",
        'venues[0].place: "Oxley Brige" is not one of the areas',
    ):
        assert messages.count(problem) == 1
    assert "venues: is missing" not in messages


@pytest.mark.parametrize("alias", ["a chat", "Coffee Mornings", "coffee morning"])
def test_what_people_call_a_kind_names_the_kind(
    project: Project, faults_of: Faults, alias: str
) -> None:
    project.activity(changed("[coffee-morning]", f"[{alias}]"))
    (fault,) = faults_of()
    assert fault.endswith('is not one of the kinds in taxonomy.yml. Write "coffee-morning".')


@pytest.mark.parametrize("path", [MILL, "content/activities/pipe.md", "content/map.png"])
def test_a_pipe_is_refused_and_not_waited_for(
    project: Project, faults_of: Faults, path: str
) -> None:
    file = project.root / path
    file.parent.mkdir(exist_ok=True)
    os.mkfifo(file)
    assert faults_of() == [f"{path}:1: {entry.NO_FILE}"]


def test_a_folder_named_as_an_entry_is_refused(project: Project, faults_of: Faults) -> None:
    (project.root / "content" / "activities" / "folder.md").mkdir(parents=True)
    assert faults_of() == [f"content/activities/folder.md:1: {entry.NO_FILE}"]


@pytest.mark.parametrize("markup", ["<script>x</script>", "Tea <b>and</b> cake", "<!-- no -->"])
def test_a_line_takes_no_markup(project: Project, faults_of: Faults, markup: str) -> None:
    summary = next(line for line in ACTIVITY.splitlines() if line.startswith("summary:"))
    project.activity(changed(summary, f"summary: '{markup}'"))
    (fault,) = faults_of()
    assert "summary: takes plain words, and no tags such as <b>" in fault


def test_a_smaller_sign_between_words_is_no_markup(project: Project, faults_of: Faults) -> None:
    summary = next(line for line in ACTIVITY.splitlines() if line.startswith("summary:"))
    project.activity(changed(summary, "summary: 'For those of < 5 and 3 <3 tea'"))
    assert faults_of() == []

"""Where a hidden venue is, no output may say: each leak is told with its file and its entry."""

from pathlib import Path

import msgspec
import pytest
from mkdocs.exceptions import Abort

from api.releases import build as release
from catalogue.build import leaks
from catalogue.model.catalogue import Catalogue
from catalogue.read import load
from tests.site.conftest import NOW, build, lay_out

ENTRY = "content/activities/quiet-coffee.md"
PAGE = "activities/quiet-coffee/index.html"


@pytest.fixture
def written_down(catalogue: Catalogue) -> Catalogue:
    """A catalogue whose hidden venue got past the check of entries."""
    refuge = catalogue.activity("quiet-coffee")
    assert refuge
    (venue,) = refuge.venues
    venue = msgspec.structs.replace(
        venue, name="Rose's House", address="12 Harbour Terrace", postcode="FY1 9ZZ"
    )
    with_address = msgspec.structs.replace(refuge, venues=(venue,))
    other_activities = (
        activity for activity in catalogue.activities if activity.slug != refuge.slug
    )
    return msgspec.structs.replace(catalogue, activities=(*other_activities, with_address))


def leak_messages(site: Path, catalogue: Catalogue, path: str, text: str) -> list[str]:
    file = site / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
    return [str(leak) for leak in leaks.find_leaks(site, catalogue)]


@pytest.mark.parametrize("site", ["built", "own_site"])
def test_a_site_as_it_is_built_gives_nothing_away(
    site: str, catalogue: Catalogue, request: pytest.FixtureRequest
) -> None:
    assert leaks.find_leaks(request.getfixturevalue(site), catalogue) == []


@pytest.mark.parametrize(
    ("path", "text", "description"),
    [
        (PAGE, "<p>Come to fy1 9zz.", "a whole postcode"),
        ("activities/quiet-coffee/calendar.ics", "LOCATION:FY1 9\r\n ZZ", "a whole postcode"),
        (PAGE, '<a href="x">53.8201/-3.0512</a>', "a point on the ground"),
        (
            "activities/quiet-coffee/facts.json",
            '{"a":53.8201,"b":-3.0512}',
            "a point on the ground",
        ),
        (
            "activities.json",
            '{"activities":[\n{"slug":"quiet-coffee","postcode":"FY1 9ZZ"}\n]}',
            "a whole postcode",
        ),
        (
            "activities.json",
            '{"activities":[\n{"slug":"a","postcode":"FY1 1AA"},\n'
            '{"slug":"quiet-coffee","latitude":53.8201,"longitude":-3.0512}\n]}',
            "a point on the ground",
        ),
    ],
)
def test_an_output_of_the_entry_that_says_where_is_told(
    catalogue: Catalogue, tmp_path: Path, path: str, text: str, description: str
) -> None:
    message = f"{ENTRY}: its hidden venue is given away by {description} in {path}"
    assert leak_messages(tmp_path, catalogue, path, text) == [message]


@pytest.mark.parametrize(
    ("path", "text", "description"),
    [
        ("places/blackpool/index.html", "<b>Rose&#39;s</b> house", "its name"),
        ("search/documents.json", '{"venues":["12 Harbour Terrace, Blackpool"]}', "its address"),
        ("places/x/calendar.ics", "LOCATION:12\\, Harb\r\n our\\nterrace", "its address"),
        ("feed.xml", "<p>12, HARBOUR  terrace</p>", "its address"),
        ("sitemap.xml", "<loc>/at/fy19zz/</loc>", "its postcode"),
    ],
)
def test_a_leak_is_found_wherever_it_stands(
    written_down: Catalogue, tmp_path: Path, path: str, text: str, description: str
) -> None:
    (message,) = leak_messages(tmp_path, written_down, path, text)
    assert message == f"{ENTRY}: its hidden venue is given away by {description} in {path}"
    assert "harbour" not in message.casefold(), "what is printed into a log says no address"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("activities/coffee-at-the-mill/index.html", "<p>We also meet at 12, Harbour terrace."),
        (
            "activities.json",
            '{"activities":[\n{"slug":"a","title":"Tea at 12 Harbour Terrace"}\n]}',
        ),
    ],
)
def test_words_kept_secret_beside_the_project_are_found_in_another_entry(
    catalogue: Catalogue, tmp_path: Path, path: str, text: str
) -> None:
    """The entry that hides it does not say them, so only the operator can know."""
    assert leak_messages(tmp_path, catalogue, path, text) == []
    secrets = "# the refuge\nRose House\n12 Harbour Terrace\n"
    (message,) = map(str, leaks.find_leaks(tmp_path, catalogue, secrets))
    assert message == (
        "var/hidden-places.txt: its hidden venue is given away by what stands in its line 3 "
        f"in {path}"
    )


def test_a_build_reads_what_is_kept_secret(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    root = lay_out(tmp_path)
    project_read = load.read_project(root)
    assert project_read.catalogue
    (root / "var").mkdir()
    (root / "var" / "hidden-places.txt").write_text("Water Lane\n")
    with pytest.raises(Abort):
        build(root, project_read.catalogue, root / "build" / "site")
    assert "line 1 in activities/coffee-at-the-mill/index.html" in caplog.text
    assert "Water Lane" not in caplog.text


def test_a_line_more_to_keep_secret_makes_a_build_look_again(tmp_path: Path) -> None:
    root = lay_out(tmp_path)
    before = release.build_stamp(root, NOW)
    (root / "var").mkdir()
    (root / "var" / "hidden-places.txt").write_text("12 Harbour Terrace\n")
    assert release.build_stamp(root, NOW) != before


def test_a_short_line_or_a_remark_is_not_looked_for(catalogue: Catalogue, tmp_path: Path) -> None:
    (tmp_path / "about.html").write_text("<p>The Mill, and the refuge.")
    assert leaks.find_leaks(tmp_path, catalogue, "# the refuge\n\nMill\n") == []


def test_the_address_of_whoever_looks_after_the_site_is_none_of_it(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    (tmp_path / "frame.html").write_text("Write to us at FY1 2AB.")
    assert leak_messages(tmp_path, catalogue, PAGE, "Write to us at FY1 2AB.") == []


def test_a_build_that_gives_it_away_fails(
    project: Path,
    written_down: Catalogue,
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with pytest.raises(Abort):
        build(project, written_down, tmp_path / "site")
    assert f"{ENTRY}: its hidden venue is given away by its address in {PAGE}" in caplog.text
    assert "Harbour" not in caplog.text


@pytest.mark.parametrize(
    "line",
    [
        "getting_there: {directions: Opposite FY1 9ZZ.}",
        "first_visit: {greeter: Ring at fy1 9zz.}",
        "online_help: FY1 9ZZ",
    ],
)
def test_an_entry_that_gives_it_away_in_any_field_is_refused(tmp_path: Path, line: str) -> None:
    root = lay_out(tmp_path)
    entry = root / ENTRY
    entry.write_text(entry.read_text().replace("\nassured_on", f"\n{line}\nassured_on", 1))
    (fault,) = load.read_project(root).faults
    assert str(fault).startswith(f"{ENTRY}:")
    assert "a hidden venue names only its place" in str(fault)

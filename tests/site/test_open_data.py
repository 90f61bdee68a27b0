"""All activities as open data: documented field by field, null for what nobody knows."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec
import pytest

from catalogue.build import extra_files, leaks
from catalogue.build.incremental_output import IncrementalOutput
from catalogue.build.pages import SitePages
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.open_data import activities as open_data
from catalogue.outputs.open_data.shape import Head, OpenActivity
from catalogue.outputs.search import documents as search
from tests.site.conftest import NOW, ROOT, SERVICE
from tests.site.reading import read

DOCS = (ROOT / "docs" / "open-data.md").read_text(encoding="utf-8")
DIGEST = b"the same"


class Document(msgspec.Struct):
    """The whole file, each field as the shape says."""

    version: int
    as_of: str
    activities: list[OpenActivity]


def document(site: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((site / open_data.FILE).read_bytes())
    return data


def open_activity(site: Path, slug: str) -> dict[str, Any]:
    (activity,) = [
        candidate for candidate in document(site)["activities"] if candidate["slug"] == slug
    ]
    return dict(activity)


@pytest.mark.parametrize("site", ["built", "own_site"])
def test_the_file_has_the_shape_it_promises(site: str, request: pytest.FixtureRequest) -> None:
    raw = (request.getfixturevalue(site) / open_data.FILE).read_bytes()
    data = msgspec.json.decode(raw, type=Document)
    assert data.version == open_data.VERSION
    assert [activity.slug for activity in data.activities] == sorted(
        activity.slug for activity in data.activities
    )
    head = msgspec.json.decode(raw, type=Head)
    assert head.licence == "https://creativecommons.org/licenses/by/4.0/"
    assert head.publisher == "Harrow Vale Company Service"
    assert head.about == "http://127.0.0.1:8000/about/"


def test_every_activity_stands_on_a_line_of_its_own(built: Path, catalogue: Catalogue) -> None:
    raw = (built / open_data.FILE).read_bytes()
    assert list(open_data.lines(raw)) == [activity.slug for activity in catalogue.activities]


def test_every_field_is_described() -> None:
    """A field without words is not open: it can only be guessed at."""
    described = set(re.findall(r"`(\w+)`", DOCS))
    fields = {name for shape in _shapes(Head, OpenActivity) for name in shape.__struct_fields__}
    assert fields <= described, fields - described


def _shapes(*roots: type[msgspec.Struct]) -> set[type[msgspec.Struct]]:
    import catalogue.outputs.open_data.shape as shapes

    classes = {class_ for class_ in vars(shapes).values() if isinstance(class_, type)}
    return {class_ for class_ in classes if issubclass(class_, msgspec.Struct)} | set(roots)


def test_it_says_when_where_and_how_much(built: Path) -> None:
    mill = open_activity(built, "coffee-at-the-mill")
    assert mill["url"] == "http://127.0.0.1:8000/activities/coffee-at-the-mill/"
    assert mill["when"] == [
        {
            "words": "Every Tuesday, 10:30 to 12:00, except 22 December 2026",
            "note": None,
            "venue": None,
        }
    ]
    starts = [session["starts_at"] for session in mill["sessions"]]
    assert starts[0] == "2026-11-24T10:30:00Z"
    assert len(starts) == 6
    off = [session for session in mill["sessions"] if session["cancelled"]]
    assert [(session["starts_at"][:10], session["why"]) for session in off] == [
        ("2026-12-22", "not on 22 December 2026")
    ]
    assert mill["where_in_words"] == "The Mill, Water Lane, Oxley Bridge, ZZ3 1AA"
    assert mill["cost"] == [{"price_pence": 0, "condition": "Tea by donation"}]
    assert mill["free"] is True
    assert mill["access"] == {"step-free": True, "hearing-loop": False}
    assert mill["contact"]["phone"] == "01632 960123"
    assert mill["checked_on"] == "2026-11-10"


def test_what_is_not_known_is_null(built: Path) -> None:
    calls = open_activity(built, "phone-calls")
    for field in ("status", "cost", "free", "booking", "checked_on"):
        assert calls[field] is None, field
    assert calls["cost_in_words"] == "Not known, ask."
    assert calls["access"] == {"step-free": None, "hearing-loop": None}
    assert calls["contact"]["phone"] is None
    assert calls["newcomers"]["welcomes_newcomers_alone"] is None
    assert calls["sessions"] == []
    assert calls["sources"][0]["read_on"] == "2026-11-20"


def test_facts_in_which_venues_differ_stand_with_each(built: Path) -> None:
    shed = open_activity(built, "net-loft-shed")
    assert shed["access"]["step-free"] is None
    assert [venue["access"] for venue in shed["where"]] == [{"step-free": True}, {}]


def test_a_hidden_venue_is_its_place_and_an_invented_one_has_no_point(built: Path) -> None:
    (hidden,) = open_activity(built, "quiet-coffee")["where"]
    known_facts = {name: value for name, value in hidden.items() if value not in (None, {})}
    assert known_facts == {"place": "Blackpool", "hidden": True}
    (mill,) = open_activity(built, "coffee-at-the-mill")["where"]
    assert mill["latitude"] is None
    assert mill["longitude"] is None


def test_a_venue_written_as_hidden_gives_nothing_away_whatever_stands_in_it(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    refuge = catalogue.activity("quiet-coffee")
    assert refuge
    (venue,) = refuge.venues
    hidden_venue = msgspec.structs.replace(
        venue, name="Rose House", address="12 Harbour Terrace", postcode="FY1 9ZZ", latitude=53.8201
    )
    hidden_only = msgspec.structs.replace(
        catalogue, activities=(msgspec.structs.replace(refuge, venues=(hidden_venue,)),)
    )
    pages = SitePages(hidden_only, search.documents(hidden_only, NOW), NOW, SERVICE, {})
    extra_files.write_extra_files(pages, IncrementalOutput(tmp_path, b""))
    assert leaks.find_leaks(tmp_path, hidden_only) == []


def test_the_page_about_the_directory_leads_to_it(own_site: Path) -> None:
    assert read(own_site, "/about/").one("a", href="/activities.json").text == "One file"


def test_a_second_build_takes_over_the_lines_that_did_not_change(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    """The same bytes come of it, and a line is made anew only where its page is."""
    first, second = tmp_path / "1" / "site", tmp_path / "2" / "site"
    before = _write_open_data(catalogue, IncrementalOutput(_new_folder(first), DIGEST))
    changed = msgspec.structs.replace(catalogue.activities[0], title="Another title")
    new = msgspec.structs.replace(catalogue, activities=(changed, *catalogue.activities[1:]))
    second_time = _write_open_data(
        new, IncrementalOutput(_new_folder(second), DIGEST, first), made=[changed.slug]
    )
    anew = _write_open_data(new, IncrementalOutput(_new_folder(tmp_path / "3" / "site"), DIGEST))
    assert second_time == anew != before


def test_a_file_that_was_cut_is_not_taken_over(catalogue: Catalogue, tmp_path: Path) -> None:
    first, second = tmp_path / "1" / "site", tmp_path / "2" / "site"
    full_file = _write_open_data(catalogue, IncrementalOutput(_new_folder(first), DIGEST))
    (first / open_data.FILE).write_bytes(full_file[:-900])
    assert (
        _write_open_data(catalogue, IncrementalOutput(_new_folder(second), DIGEST, first), made=[])
        == full_file
    )


def _new_folder(folder: Path) -> Path:
    folder.mkdir(parents=True)
    return folder


def _write_open_data(
    catalogue: Catalogue, output: IncrementalOutput, made: list[str] | None = None
) -> bytes:
    """Write the files that are no pages, and return the open data.

    `made` are the slugs of activities whose pages are made before, None for all.
    """
    documents = search.documents(catalogue, NOW)
    pages = SitePages(catalogue, documents, NOW, SERVICE, {}, site_url="https://k.test/")
    for planned in pages.planned():
        slug = planned.url.removeprefix("/activities/").strip("/")
        if made is None or slug in made:
            planned.make()
    extra_files.write_extra_files(pages, output)
    output.save()
    return (output.site / open_data.FILE).read_bytes()

"""The map drawn at build: true to the ground, readable, and never more precise than is known."""

import base64
import json
import re
import shutil
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

import msgspec
import pytest
from mkdocs.exceptions import Abort

from catalogue.build.page_types import ActivityPage
from catalogue.build.templates import Templates
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.coast import Box, area, clip, land
from catalogue.model.geo import Point, kilometres
from catalogue.outputs.activity.page import activity_view
from catalogue.outputs.activity.venue import Spot
from catalogue.outputs.listings import map as drawn
from catalogue.outputs.listings.map import MILE_KM, Map
from catalogue.outputs.search.documents import documents
from catalogue.read import load
from tests.chromium import chromium
from tests.serving import served
from tests.site.conftest import NOW, ROOT, SERVICE, build, lay_out
from tests.site.reading import Page

GREY = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
)
"""A tile of one colour."""


@pytest.fixture(scope="module")
def harrow_vale() -> tuple[Catalogue, Map]:
    catalogue = load.read_project(ROOT).catalogue
    assert catalogue
    maps = drawn.maps(catalogue, documents(catalogue, NOW))
    return catalogue, next(area_map for area_map in maps if area_map.title == "Harrow Vale")


def test_places_lie_as_far_apart_as_they_do(harrow_vale: tuple[Catalogue, Map]) -> None:
    catalogue, area_map = harrow_vale
    kilometre = area_map.scale.width / (area_map.scale.miles * MILE_KM)
    for first_dot, other in combinations(area_map.dots, 2):
        areas = [catalogue.taxonomy.area[dot.name] for dot in (first_dot, other)]
        true = kilometres(*(Point(a.latitude or 0, a.longitude or 0) for a in areas))
        on_paper = ((first_dot.x - other.x) ** 2 + (first_dot.y - other.y) ** 2) ** 0.5 / kilometre
        assert on_paper == pytest.approx(true, rel=0.02), (first_dot.name, other.name)


def test_everything_lies_on_the_paper(harrow_vale: tuple[Catalogue, Map]) -> None:
    _, area_map = harrow_vale
    for dot in area_map.dots:
        assert dot.radius <= dot.x <= area_map.width - dot.radius
        assert dot.radius <= dot.y <= area_map.height - dot.radius
        assert dot.label in ("", dot.name)
    assert (
        sum(not dot.label for dot in area_map.dots) <= 1
    )  # where there is no room, the list says it


def test_the_list_says_what_the_drawing_says(harrow_vale: tuple[Catalogue, Map]) -> None:
    _, area_map = harrow_vale
    assert {(dot.name, dot.url, dot.count) for dot in area_map.dots} == {
        (link.words, link.url, link.count) for link in area_map.places
    }


def test_an_invented_area_has_no_coast_and_no_real_places(
    harrow_vale: tuple[Catalogue, Map],
) -> None:
    _, area_map = harrow_vale
    assert (area_map.land, area_map.landmarks) == ("", ())


def test_a_real_area_is_known_by_its_coast_and_its_main_places() -> None:
    catalogue = load.read_project(ROOT).catalogue
    assert catalogue
    counts = {"Blackpool": 3, "Worcester": 2, "Redditch": 1, "Frome": 1}
    maps = drawn.draw_maps(catalogue.taxonomy, counts, lambda area: f"/places/{area.name}/")
    fylde, worcestershire, somerset = maps
    assert "Lytham St Annes" in [landmark.name for landmark in fylde.landmarks]
    assert "Blackpool" not in [
        landmark.name for landmark in fylde.landmarks
    ]  # which has a dot of its own
    west, east = (reach(fylde.land, side) for side in (min, max))
    assert 0 < west < fylde.dots[0].x < east  # the sea lies to the west, the land goes on eastwards
    assert east > fylde.width
    for inland in (worcestershire, somerset):
        assert (reach(inland.land, min), reach(inland.land, max)) == (-4, inland.width + 4)
        assert inland.landmarks
    for area_map in maps:
        for landmark in area_map.landmarks:
            assert 0 < landmark.x < area_map.width
            assert 0 < landmark.y < area_map.height
            assert 0 < landmark.label_y < area_map.height


def reach(path: str, furthest: Callable[[Iterable[int]], int]) -> int:
    """Return how far a path of relative steps reaches east or west."""
    x, positions = 0, []
    for command, first in re.findall(r"([Ml])(-?\d+)", path):
        x = int(first) if command == "M" else x + int(first)
        positions.append(x)
    return furthest(positions)


def real(activity: Activity, **changes: object) -> Activity:
    """Return an activity as if it happened on the promenade of Blackpool."""
    venue = msgspec.structs.replace(
        activity.venues[0], place="Blackpool", latitude=53.8175, longitude=-3.031, **changes
    )
    return msgspec.structs.replace(activity, demonstration=False, venues=(venue,))


def test_a_page_shows_its_spot_and_leads_there_on_a_plain_link(
    catalogue: Catalogue, templates: Templates
) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    view = activity_view(real(mill), catalogue, NOW)
    spot = view.where[0].spot
    assert spot
    assert 0 < reach(spot.land, min) < spot.x
    assert "Lytham St Annes" in [landmark.name for landmark in spot.landmarks]
    page = Page(templates.render(ActivityPage(page=view, service=SERVICE)))
    (drawing,) = [
        element
        for element in page.elements
        if element.attributes.get("class", "").endswith("spot off-paper")
    ]
    assert drawing.attributes["aria-hidden"] == "true"
    (link,) = [
        element
        for element in page.elements
        if element.text == "Get directions" and element.name == "a"
    ]
    assert link.attributes["href"] == ("https://www.openstreetmap.org/directions?to=53.8175,-3.031")
    assert not [element for element in page.elements if element.name in ("img", "iframe", "script")]


def test_what_is_hidden_invented_or_not_known_has_no_spot(catalogue: Catalogue) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    hidden = real(mill, hidden="yes")
    invented = msgspec.structs.replace(real(mill), demonstration=True)
    for activity in (hidden, invented):
        (where,) = activity_view(activity, catalogue, NOW).where
        assert (where.spot, where.directions_url) == (None, "")
    venue = msgspec.structs.replace(
        real(mill).venues[0], latitude=None, longitude=None, place="Harrow Vale"
    )
    (where,) = activity_view(
        msgspec.structs.replace(real(mill), venues=(venue,)), catalogue, NOW
    ).where
    assert where.spot is None
    assert where.directions_url.startswith("https://www.openstreetmap.org/directions?to=The%20Mill")


def test_a_venue_without_a_point_is_shown_at_its_postcode_or_about_there(
    catalogue: Catalogue, templates: Templates
) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    venue = msgspec.structs.replace(
        real(mill).venues[0], latitude=None, longitude=None, postcode="FY1 9ZZ", place="Blackpool"
    )
    activity = msgspec.structs.replace(real(mill), venues=(venue,))

    def spot_with(**imported: object) -> tuple[Spot, str]:
        terms = msgspec.structs.replace(catalogue.taxonomy, **imported)
        view = activity_view(activity, msgspec.structs.replace(catalogue, taxonomy=terms), NOW)
        spot = view.where[0].spot
        assert spot
        assert not re.search(r"\d\.\d{4,}", view.where[0].directions_url)
        return spot, templates.render(ActivityPage(page=view, service=SERVICE))

    words = "The circle shows about where this is."
    areas = tuple(
        msgspec.structs.replace(area, latitude=53.817, longitude=-3.036)
        if area.name == "Blackpool"
        else area
        for area in catalogue.taxonomy.areas
    )
    place, page = spot_with(areas=areas)
    assert (place.about, words in page) == (True, True)
    middle, page = spot_with(middles={"FY1": Point(53.83, -3.05, about=True)})
    assert (middle.about, words in page) == (True, True)
    exact, page = spot_with(postcodes={"FY19ZZ": Point(53.81, -3.05)})
    assert (exact.about, words in page) == (False, False)
    assert len({place.y, middle.y, exact.y}) == 3
    assert place.radius == middle.radius > exact.radius


def test_land_that_a_box_cuts_lies_in_it_and_the_open_sea_has_none() -> None:
    square = ((0.0, 0.0), (4.0, 0.0), (4.0, 4.0), (0.0, 4.0))
    box = Box(west=2, south=-1, east=6, north=2)
    assert area(clip(square, box)) == pytest.approx(4)
    assert all(box.holds(*corner) for corner in clip(square, box))
    assert land(Box(west=1.6, south=54.6, east=2.1, north=54.8)) == ()
    inland = Box(west=-2.5, south=52.0, east=-1.8, north=52.5)
    assert [area(piece) for piece in land(inland)] == [pytest.approx(0.35)]


def test_one_place_alone_is_a_map_too(harrow_vale: tuple[Catalogue, Map]) -> None:
    catalogue, _ = harrow_vale
    alone = [document for document in documents(catalogue, NOW) if "Temeford" in document.places][
        :1
    ]
    (area_map,) = drawn.maps(catalogue, alone)
    assert [dot.name for dot in area_map.dots] == ["Temeford"]


def test_no_tiles_no_script(own_site: Path) -> None:
    page = (own_site / "map" / "index.html").read_text()
    assert "map.js" not in page
    assert not (own_site / "map" / "points.json").exists()


@pytest.mark.parametrize(
    "tiles", ["https://tile.example.org/{z}/{x}/{y}.png", "//tile.example.org/{z}", "tiles/{z}"]
)
def test_tiles_of_somebody_else_are_refused(
    tmp_path: Path, tiles: str, caplog: pytest.LogCaptureFixture
) -> None:
    root = with_tiles(lay_out(tmp_path), tiles)
    catalogue = load.read_project(root).catalogue
    assert catalogue
    with pytest.raises(Abort):
        build(root, catalogue, tmp_path / "build" / "site")
    assert "extra.map.tiles is an address on this site" in caplog.text


def test_a_map_that_moves_knows_only_spots_that_are_written(tmp_path: Path) -> None:
    root = with_tiles(lay_out(tmp_path), "/tiles/{z}/{x}/{y}.png")
    catalogue = load.read_project(root).catalogue
    assert catalogue
    site = build(root, catalogue, tmp_path / "build" / "site")
    assert 'data-tiles="/tiles/{z}/{x}/{y}.png"' in (site / "map" / "index.html").read_text()
    exact = {
        f"Demonstration: {activity.title}"
        for activity in catalogue.activities
        for venue in activity.venues
        if venue.latitude is not None
    }
    points = json.loads((site / "map" / "points.json").read_text())
    assert {point["title"] for point in points} == exact


def test_the_map_draws_real_places_first_and_marks_no_invented_one_beside_them(
    own_site: Path, harrow_vale: tuple[Catalogue, Map]
) -> None:
    catalogue, _ = harrow_vale
    all_documents = documents(catalogue, NOW)
    worlds = [area_map.demonstration for area_map in drawn.maps(catalogue, all_documents)]
    assert worlds == sorted(worlds)
    page = (own_site / "map" / "index.html").read_text()
    assert page.count("From the invented example place") == 1
    examples = [document for document in all_documents if document.demonstration]
    assert drawn.points(examples)
    as_if_real = next(
        msgspec.structs.replace(document, demonstration=False)
        for document in examples
        if not all(point.about for point in document.points)
    )
    points = drawn.points([*examples, as_if_real])
    assert {(point.title, point.url) for point in points} == {(as_if_real.title, as_if_real.url)}


def with_tiles(root: Path, tiles: str) -> Path:
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text().replace('tiles: ""', f'tiles: "{tiles}"'))
    shutil.copytree(ROOT / "site", root / "site", dirs_exist_ok=True)
    return root


@pytest.mark.browser
@pytest.mark.xdist_group("site in chromium")
def test_the_map_that_moves_asks_only_our_own_origin_and_only_when_pressed(tmp_path: Path) -> None:
    root = with_tiles(lay_out(tmp_path), "/tiles/{z}/{x}/{y}.png")
    shutil.copytree(ROOT / "build" / "npm", root / "build" / "npm")
    catalogue = load.read_project(root).catalogue
    assert catalogue
    site = build(root, catalogue, tmp_path / "build" / "site")
    urls: list[str] = []
    with chromium() as browser, served(site) as address:
        page = browser.new_page()
        page.on("request", lambda request: urls.append(request.url))
        page.route("**/tiles/**", lambda route: route.fulfill(content_type="image/png", body=GREY))
        page.goto(f"{address}/map/")
        assert not [url for url in urls if "leaflet" in url or "points.json" in url]
        page.get_by_role("button", name="Show a map that moves").click()
        page.locator(".leaflet-tile-loaded").first.wait_for()
        page.locator("path.leaflet-interactive").first.click(force=True)
        words = page.locator(".leaflet-popup-content a")
        assert str(words.get_attribute("href")).startswith("/activities/")
    assert [url for url in urls if "/tiles/" in url]
    assert [url for url in urls if not url.startswith((address, "data:"))] == []

"""Places by name and by code, from the directory's own areas."""

import pytest

from catalogue.model.gazetteer import Gazetteer, Place, PlaceMatch, Venue
from catalogue.model.geo import Point
from catalogue.model.taxonomy import Area
from tests.search.conftest import TAXONOMY

GAZETTEER = Gazetteer(TAXONOMY.areas, frozenset({"QQ7"}))


@pytest.mark.parametrize(
    "text",
    ["Temeford", "temeford", " TEMEFORD ", "near Temeford", "Temeford, Harrow Vale"],
)
def test_a_name_is_known_in_any_dress(text: str) -> None:
    assert GAZETTEER.find(text) == Place("Temeford", ("Temeford",))


@pytest.mark.parametrize("text", ["ZZ3", "zz3", "ZZ3 1AA", "zz31aa", "Upper Thistlow ZZ3 1AA"])
def test_of_a_postcode_only_the_first_half_counts(text: str) -> None:
    assert GAZETTEER.find(text) == Place("ZZ3", ("Upper Thistlow", "Nether Thistlow"), "ZZ3")


def test_a_misspelling_of_several_names_is_none_of_them() -> None:
    directory = Gazetteer((Area(name="Marrowby"), Area(name="Harrowby")), frozenset())
    assert directory.look_up("Marowby") == PlaceMatch(None, ("Marrowby",))
    assert {"Marrowby", "Harrowby"} <= set(directory.look_up("Carrowby").offers)


def test_a_code_means_the_narrowest_areas_that_have_it() -> None:
    assert GAZETTEER.of_code("ZZ1") == ("Temeford",)


@pytest.mark.parametrize(
    ("text", "offers"),
    [
        ("Thistlow", ("Nether Thistlow", "Upper Thistlow")),
        ("temford", ("Temeford", "Telford")),
        ("Temeferd", ("Temeford",)),
    ],
)
def test_what_is_like_a_name_is_offered_and_not_taken(text: str, offers: tuple[str, ...]) -> None:
    assert GAZETTEER.look_up(text) == PlaceMatch(None, offers)


@pytest.mark.parametrize("text", ["", " ", ",", "-", "Atlantis", "ZZ99", "QQ8 1AA", "Stre", "xx"])
def test_what_the_directory_does_not_know_is_none(text: str) -> None:
    assert GAZETTEER.find(text) is None


VENUES = Gazetteer(
    TAXONOMY.areas,
    venues=(
        Venue("The Priory Hall", "Temeford"),
        Venue("Priory Hall", "Marrowby"),
        Venue("Village Hall", "Marrowby"),
        Venue("St. Oswald's Church Hall", "Temeford", Point(54.71, 1.81, about=True)),
        Venue("St. Oswald's Church Hall", "Temeford", Point(54.7, 1.8)),
        Venue("Leeds", "Temeford"),
    ),
)


@pytest.mark.parametrize(
    "text", ["st oswald's church hall", "near the Saint Oswalds Church Hall, Temeford"]
)
def test_a_venue_is_known_by_its_name_at_its_spot(text: str) -> None:
    label = "St. Oswald's Church Hall, Temeford"
    assert VENUES.find(text) == Place(label, ("Temeford",), point=Point(54.7, 1.8))


@pytest.mark.parametrize(
    ("text", "place", "offers"),
    [
        ("Priory Hall", None, ("Priory Hall, Marrowby", "The Priory Hall, Temeford")),
        ("the priory hall, temeford", "The Priory Hall, Temeford", ()),
        ("priory hall harrow vale", None, ("Priory Hall, Marrowby", "The Priory Hall, Temeford")),
        ("village hall", None, ("Village Hall, Marrowby",)),
        ("village hall marrowby", "Village Hall, Marrowby", ()),
        ("oswalds", None, ("St. Oswald's Church Hall, Temeford",)),
        ("priori hall", None, ("Priory Hall, Marrowby", "The Priory Hall, Temeford")),
        ("12 Mill Lane, Priory Hall, Temeford", None, ("The Priory Hall, Temeford", "Temeford")),
        ("Leeds", "Leeds", ()),
    ],
)
def test_a_venue_that_shares_its_name_is_offered(
    text: str, place: str | None, offers: tuple[str, ...]
) -> None:
    match = VENUES.look_up(text)
    assert (match.place and match.place.name, match.offers) == (place, offers)


def test_a_code_only_a_venue_has_is_a_place_without_an_area() -> None:
    assert GAZETTEER.find("qq7 1aa") == Place("QQ7", (), "QQ7")


def test_where_it_happens_reaches_that_place_and_all_around_it() -> None:
    assert set(GAZETTEER.reach(("Temeford", "Harrow Vale"), ())) == {"Temeford", "Harrow Vale"}


def test_what_serves_an_area_reaches_everything_within_it() -> None:
    reached = set(GAZETTEER.reach((), ("Harrow Vale",)))
    assert {"Temeford", "Marrowby", "Upper Thistlow", "Harrow Vale"} <= reached
    assert "Street" not in reached


def test_what_serves_one_place_does_not_reach_its_neighbours() -> None:
    assert set(GAZETTEER.reach((), ("Temeford", "Harrow Vale"))) == {"Temeford", "Harrow Vale"}

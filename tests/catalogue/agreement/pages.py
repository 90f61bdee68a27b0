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
    facts,
    in_tags,
    moment,
    of_each,
    of_sessions,
    together,
    without_markup,
)
from tests.site.reading import Element, Page

CLOCK = re.compile(r"\d\d:\d\d")
NOTICE = "The address is not shown. You are told it when you ask."


def page(built: Built, slug: str) -> Facets:
    parts = built.page(slug)
    rows = _rows(parts)
    when = rows.get("When", [])
    coming = [
        element for element in when if element.attributes.get("class") == "facts__next off-paper"
    ]
    times = [element.attributes["datetime"] for element in when if element.name == "time"]
    tiles = [
        element
        for element in when
        if element.attributes.get("class", "").startswith("date") and element.name == "li"
    ]
    takes_place = ["date--off" not in tile.attributes["class"] for tile in tiles]
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
        facets["days"] = tuple(zip(starts, takes_place, strict=True))
        facets["cost in words"] = next(
            element.text for element in rows["Cost"] if element.name == "p"
        )
        facets["access by venue"] = _access(rows)
        facets["rules"] = tuple(
            without_markup(element.text)
            for element in when
            if element.name == "p" and "class" not in element.attributes
        )
    return facets


def _contact(row: list[Element]) -> Facets:
    links = [element for element in row if element.name == "a"]
    email, phone = (
        [link.text for link in links if link.attributes["href"].startswith(scheme)]
        for scheme in ("mailto:", "tel:")
    )
    websites = [link.attributes["href"] for link in links if link.text == "Their website"]
    texts = [
        element.text for element in row if element.name == "p" and "class" not in element.attributes
    ]
    plain = [text for text in texts if text not in (*email, *phone, "Their website")]
    contact_texts = [text for text in plain if not text.startswith("We know of nobody to ask")]
    return {
        "phone": "".join(phone),
        "email": "".join(email),
        "website": "".join(websites),
        "who answers and when": without_markup("".join(contact_texts)),
    }


def _rows(parts: Page) -> dict[str, list[Element]]:
    """Return the elements of each row of facts by what heads it."""
    rows: dict[str, list[Element]] = {}
    row: list[Element] = []
    for element in parts.elements:
        if element.name == "dt":
            row = rows.setdefault(element.text, [])
        elif element.name == "section":
            row = []
        else:
            row.append(element)
    return rows


def _venues(row: list[Element]) -> Iterator[str]:
    for element in row:
        if element.name == "p" and element.attributes.get("class") != "quiet":
            yield without_markup(element.text.replace("Get directions", "").replace(NOTICE, ""))


def _access(rows: dict[str, list[Element]]) -> tuple[Known, ...]:
    row = rows.get("Getting in", rows.get("Taking part", []))
    groups: list[tuple[str, set[tuple[str, bool]]]] = [("", set())]
    for at, element in enumerate(row):
        if element.name == "strong" and row[at - 1].attributes.get("class") == "off-paper":
            groups.append((element.text, set()))
        elif element.attributes.get("class") in ("yes", "no"):
            answer_holds = element.attributes["class"] == "yes"
            groups[-1][1].add((facts()[element.text.removesuffix(": no")], answer_holds))
    return of_each(groups)


def json_ld(built: Built, slug: str) -> Facets:
    block = built.page(slug).one("script", type="application/ld+json")
    node = json.loads(block.text)
    sessions = [
        (moment(event["startDate"]), moment(event.get("endDate")), "eventStatus" not in event)
        for event in node.get("subEvent", ())
    ]
    facets = of_sessions(sessions) | {"title": node["name"].removeprefix("Demonstration: ")}
    channel = node.get("availableChannel", {})
    located = node.get("location", channel.get("serviceLocation", ()))
    places = [place for place in located if "address" in place]
    if places:
        facets["venues"] = tuple(map(_address, places))
    contact = (node.get("organizer") or node["provider"]).get("contactPoint", {})
    facets |= {"phone": contact.get("telephone", ""), "email": contact.get("email", "")}
    facets["languages as tags"] = tuple(
        node.get("inLanguage", channel.get("availableLanguage", ()))
    )
    offers = node.get("offers", ())
    prices = [(round(float(offer["price"]) * 100), offer.get("description")) for offer in offers]
    facets["prices"] = tuple(prices)
    facets["next session"] = moment(node.get("startDate"))
    if 0 < len(places) < 3:
        facets["access by venue"] = together(map(_features, places))
    return facets


def _address(place: Mapping[str, Any]) -> str:
    address = place["address"]
    names = ("streetAddress", "addressLocality", "postalCode")
    return without_markup(
        " ".join(dict.fromkeys(filter(None, (place["name"], *map(address.get, names)))))
    )


def _features(place: Mapping[str, Any]) -> Known:
    return frozenset(
        (facts()[feature["name"]], feature["value"]) for feature in place.get("amenityFeature", ())
    )


def card(parts: list[Element], slug: str) -> Facets:
    by_class = {
        part.attributes["class"]: part for part in reversed(parts) if "class" in part.attributes
    }
    times = [part for part in parts if part.name == "time"]
    title = next(part for part in parts if part.attributes.get("href") == f"/activities/{slug}/")
    tags = [
        part
        for part in parts
        if part.attributes.get("class", "").startswith("tag") and part.name == "li"
    ]
    return {
        "title": title.text,
        "next session": moment(times[0].attributes["datetime"]) if times else None,
        "hours": tuple(CLOCK.findall(times[0].text)) if times else (),
        "where in short": by_class["card__where"].text,
        "price tag": tags[0].text,
        "access told": in_tags([tag.text for tag in tags[1:]]),
    }

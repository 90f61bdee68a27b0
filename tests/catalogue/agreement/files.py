"""What files tell of an activity: open data, its calendar, the feed, the searches."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import recurring_ical_events
from icalendar import Calendar

from catalogue.i18n import languages
from tests.catalogue.agreement.built import (
    SITE_SPEAKS,
    Built,
    Facets,
    When,
    facts,
    in_tags,
    moment,
    of_each,
    of_sessions,
    together,
    without_markup,
)

A_YEAR = timedelta(days=380)
ASK_COST, ASK_TIME = "Cost not known, ask", "Time not known, ask"


def open_data(record: Mapping[str, Any]) -> Facets:
    sessions = [
        (moment(session["starts_at"]), moment(session["ends_at"]), not session["cancelled"])
        for session in record["sessions"]
    ]
    venues = [
        without_markup(
            " ".join(
                dict.fromkeys(
                    filter(None, map(venue.get, ("name", "address", "place", "postcode")))
                )
            )
        )
        for venue in record["where"]
    ]
    facets = of_sessions(sessions)
    facets |= {
        "title": record["title"],
        "venues": tuple(venues) or (without_markup(record["where_in_words"]),),
    }
    facets |= _contact(record) | _languages(record)
    if record["status"] != "defunct":
        facets |= _costs_and_access(record) | _rules(record)
    return facets


def _rules(record: Mapping[str, Any]) -> Facets:
    """Return its timetables in words: each whole, each without its venue, and all in one."""
    timetables = [
        (timetable["words"], timetable["note"] or "", timetable["venue"] or "")
        for timetable in record["when"]
    ]
    alone = tuple(without_markup(words + note) for words, note, _venue in timetables)
    return {
        "rules": tuple(
            without_markup(f"{words} at {venue}{note}" if venue else words + note)
            for words, note, venue in timetables
        ),
        "rules alone": alone,
        "rules in one": "".join(alone),
    }


def _contact(record: Mapping[str, Any]) -> Facets:
    contact = {name: value or "" for name, value in record["contact"].items()}
    website = contact["website"] or record["provider"]["website"] or ""
    all_of_it = (contact["name"], contact["phone"], contact["email"], website, contact["hours"])
    return {
        "phone": contact["phone"],
        "email": contact["email"],
        "website": website,
        "who answers and when": without_markup(contact["name"] + contact["hours"]),
        "contact in one": without_markup("".join(all_of_it)),
    }


def _languages(record: Mapping[str, Any]) -> Facets:
    names = tuple(record["languages"])
    return {
        "languages": names,
        "languages as tags": tuple(languages.tags().get(name, name) for name in names),
        "written in": record["language"],
    }


def _costs_and_access(record: Mapping[str, Any]) -> Facets:
    venues = [{**record["access"], **venue["access"]} for venue in record["where"]]
    venues = venues or [record["access"]]
    facts_by_venue = [
        {(slug, fact) for slug, fact in venue.items() if fact is not None} for venue in venues
    ]
    prices = tuple((cost["price_pence"], cost["condition"]) for cost in record["cost"] or ())
    return {
        "cost in words": record["cost_in_words"],
        "prices": prices,
        "free": record["free"],
        "price tag": _tag(prices),
        "where in short": _in_short(record),
        "access by venue": together(map(frozenset, facts_by_venue)),
        "access anywhere": {
            slug: _best_answer([place_name[slug] for place_name in venues])
            for slug in record["access"]
        },
    }


def _tag(prices: tuple[tuple[int, str | None], ...]) -> str:
    pence = [price for price, _condition in prices]
    if not pence:
        return ASK_COST
    if 0 in pence:
        return "Free"
    pounds = f"£{pence[0] / 100:.2f}".removesuffix(".00")
    return f"From {pounds}" if len(pence) > 1 else pounds


def _in_short(record: Mapping[str, Any]) -> str:
    """Return where as a card says it: the first venue, and how many more there are."""
    if not record["where"]:
        return str(record["where_in_words"])
    first, *more = record["where"]
    place_text = ", ".join(filter(None, (first["name"], first["place"])))
    places = f", and {len(more)} more place{'s' if len(more) > 1 else ''}"
    return place_text + places if more else place_text


def _best_answer(answers: list[bool | None]) -> bool | None:
    return True if True in answers else None if None in answers else False


def calendar(built: Built, slug: str) -> Facets:
    read = Calendar.from_ical(built.read(f"activities/{slug}/calendar.ics"))
    facets: Facets = {"title": str(read["X-WR-CALNAME"]).replace("\\,", ",").replace("\\;", ";")}
    events = list(read.walk("VEVENT"))
    if not events or built.records[slug]["status"] == "defunct":
        return facets
    (facets["title of events"],) = {
        str(event["SUMMARY"]).removeprefix("Demonstration: ") for event in events
    }
    where = (str(event["LOCATION"]).partition(" (the address")[0] for event in events)
    facets["some venues"] = frozenset(
        without_markup(venue) for venues in where for venue in venues.split("; ")
    )
    facets |= _lines(str(events[0]["DESCRIPTION"]).split("\n"))
    if events[0]["STATUS"] != "CANCELLED":
        coming = recurring_ical_events.of(read).between(built.now, built.now + A_YEAR)
        facets |= of_sessions(sorted(map(_occurrence, coming)))
        del facets["days"]  # it says nothing of those that are cancelled
    return facets


def _occurrence(event: Any) -> When:
    starts, ends = event["DTSTART"].dt, event["DTEND"].dt
    return starts, None if ends == starts else ends, True


def _lines(lines: list[str]) -> Facets:
    """Return the facets that stand in a text with a fact a line."""
    groups: list[tuple[str, set[tuple[str, bool]]]] = [("", set())]
    for line in lines:
        if line.startswith("Getting in: "):
            phrases = line.removeprefix("Getting in: ").removesuffix(".").split("; ")
            if phrases[0].removesuffix(": no") not in facts():
                groups.append((phrases.pop(0), set()))
            answers = (
                (phrase.removesuffix(": no"), not phrase.endswith(": no")) for phrase in phrases
            )
            groups[-1][1].update((facts()[label], answer_holds) for label, answer_holds in answers)
    at = next(at for at, line in enumerate(lines) if line.startswith("Cost: "))
    contacts = [line.removeprefix("Ask: ") for line in lines if line.startswith("Ask: ")]
    return {
        "cost in words": lines[at].removeprefix("Cost: "),
        "some access": of_each(groups),
        "lines before the cost": tuple(map(without_markup, lines[:at])),
        "contact in one": without_markup("".join(contacts)),
    }


def feed(built: Built, slug: str) -> Facets:
    title, text = built.entries[slug]
    return {"title": title, **_lines(text.split("\n"))}


def packed(built: Built, slug: str) -> Facets:
    columns = built.packed
    at, since = columns["slugs"].index(slug), columns["since"]
    numbers = columns["coming"][at]
    held_sessions = []
    for starts, lasts in zip(numbers[::2], numbers[1::2], strict=True):
        first = datetime.fromtimestamp((since + starts) * 60, UTC)
        held_sessions.append(
            (first, None if lasts is None else first + timedelta(minutes=lasts), True)
        )
    facets = of_sessions(list(held_sessions))
    del facets["days"]
    tags = [columns["terms"]["tags"][number][0] for number in columns["tags"][at]]
    slugs = [fact[0] for fact in columns["terms"]["access"]]
    meanings = {"y": True, "n": False, "u": None}
    langs = dict(columns["langs"])
    return facets | {
        "title": columns["titles"][at],
        "languages": tuple(
            columns["terms"]["languages"][language] for language in columns["languages"][at]
        ),
        "written in": langs.get(at, SITE_SPEAKS),
        "where in short": columns["venues"][at],
        "price tag": tags[0],
        "free": meanings[columns["free"][at]],
        "access anywhere": dict(zip(slugs, map(meanings.get, columns["access"][at]), strict=True)),
        "access told": in_tags(tags[1:]),
    }


def document(built: Built, slug: str) -> Facets:
    search_document = built.documents[slug]
    held_sessions = [
        (moment(starts), moment(ends), True) for starts, ends in search_document.coming
    ]
    facets = of_sessions(list(held_sessions)) | {
        "next session": moment(search_document.next_session)
    }
    del facets["days"]
    access = dict.fromkeys(facts().values(), False)
    access |= dict.fromkeys(search_document.access_yes, True) | dict.fromkeys(
        search_document.access_unknown
    )
    return facets | {
        "title": search_document.title,
        "languages": search_document.languages,
        "written in": search_document.lang or SITE_SPEAKS,
        "rules in one": ""
        if search_document.when == ASK_TIME
        else without_markup(search_document.when),
        "where in short": search_document.venue,
        "cost in words": search_document.cost,
        "free": {"yes": True, "no": False, "unknown": None}[search_document.free],
        "access anywhere": access,
    }

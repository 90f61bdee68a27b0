"""The find form answered without scripts: what is not known is said, and old links still work."""

import re
from datetime import datetime
from typing import Any

import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from api.context import Context
from api.features.gaps import GapCounter
from api.store import schema

pytestmark = pytest.mark.xdist_group("search_page")
COUNTED = select(schema.gap)


def test_a_postcode_comes_back_in_its_field_as_everybody_writes_it(reader: TestClient[Any]) -> None:
    page = reader.get("/search?place=zz31aa").text
    assert 'list="places" value="ZZ3 1AA"' in page


def test_a_place_nobody_knows_is_said_and_not_passed_over(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=coffee&place=Nowhereton")
    assert page.status_code == 200
    assert "We do not know a place called “Nowhereton”" in page.text


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("Burnham", "We looked near Burnham. Did you mean somewhere else?"),
        ("Burnham", "place=Burnham-on-Sea"),
        ("near the Mill", "Near The Mill, Osmery Bridge"),
        ("near the Mill", ">Near the Mill<"),
        ("BS1O 5NB", 'value="BS10 5NB"'),
        ("BS1O 5NB", "We measure from Bristol, the main town of BS10"),
        ("wales", "Which place do you mean by “wales”?"),
        ("12 Mill Lane, Wells", "place=Wells"),
        ("my house", "We do not know a place called “my house”"),
        ("London", "Nothing found within reach of London."),
        ("Lancashire", "Nothing found within reach of Lancashire."),
    ],
)
def test_a_place_is_known_offered_or_said_to_be_unknown(
    reader: TestClient[Any], place: str, says: str
) -> None:
    page = reader.get("/search", params={"place": place})
    assert says in re.sub(r"\s*(?=<)|(?<=>)\s*", "", page.text)


def test_a_word_that_finds_nothing_is_said_to_be_left_out(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=xyzzyplugh&place=Temeford").text
    assert "Nothing found" in page
    assert "We left out “xyzzyplugh”." in page


def test_a_filter_from_an_old_link_is_left_out_and_not_refused(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=coffee&day=frogday&way=by+pigeon&free=perhaps&page=x")
    assert page.status_code == 200
    assert "This link has a choice that we no longer offer, so we left it out" in page.text
    assert "Tuesday coffee morning at the Mill" in page.text


def test_markup_in_a_question_stays_words(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=<script>alert(1)</script>&place=<b>")
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_search_that_finds_nothing_is_counted_by_its_kind_and_area_alone(
    client: TestClient[Any], context: Context
) -> None:
    client.get("/search?q=canaryfeather&place=ZZ1+1AA&kind=choir")
    client.get("/search?q=coffee")  # this one finds something
    with client.portal() as portal:
        portal.call(context.state.get(GapCounter).write)
    rows = context.database.read_now(
        lambda connection: [tuple(row) for row in connection.execute(COUNTED)]
    )
    assert rows == [("2026-11", "Temeford", "choir", "", 1)]


@pytest.mark.parametrize(
    "query",
    [
        "kind=falconry", "need=nothing", "access=moat", "language=Klingon", "promise=a/b",
        "page=0", "page=-1", "page=999999999999", "age=old", "age=999", "age=%C2%B2",
        "within_km=9999", "near=north", "near=91,0", "order=shuffled", "time=noon",
    ],
)  # fmt: skip
def test_what_no_longer_means_anything_is_left_out_and_said(
    reader: TestClient[Any], query: str
) -> None:
    page = reader.get(f"/search?q=coffee&{query}")
    assert page.status_code == 200
    assert "no longer offer" in page.text
    assert "Tuesday coffee morning at the Mill" in page.text


def test_a_link_that_is_sound_says_nothing_of_the_kind(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=coffee&day=tuesday&age=74&near=&order=soonest")
    assert "no longer offer" not in page.text


def test_ten_thousand_letters_are_answered_as_far_as_they_are_read(
    reader: TestClient[Any],
) -> None:
    page = reader.get("/search?q=coffee+" + "a" * 10_000)
    assert page.status_code in (200, 414)
    page = reader.get("/search?q=coffee+morning+" + "tea+" * 300)
    assert page.status_code == 200
    assert "We looked for the first few only" in page.text


def test_hits_stand_in_groups_with_what_to_ask_and_how_far(reader: TestClient[Any]) -> None:
    page = reader.get("/search?place=Temeford&free=yes&lift=yes").text
    assert "Near Temeford</h2>" in page
    assert "more may fit: ask them first." in page
    assert "A lift: ask" in page
    assert "We measure from the middle of Temeford" in page


def test_every_answer_given_can_be_taken_away_by_a_link(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=coffee&place=Temeford&day=tuesday&day=friday").text
    assert 'href="/search?q=coffee&amp;day=tuesday&amp;day=friday"' in page
    assert 'href="/search?q=coffee&amp;place=Temeford&amp;day=friday"' in page


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("place=ZZ99+9ZZ", "We do not know a place called “ZZ99 9ZZ”"),
        ("near=0.0,-30.0", "far from everything we know of"),
        ("near=48.85,2.35&kind=shed", "far from everything we know of"),
        ("q=xylophagous", "Nothing found"),
        ("q=xylophagous", "From home, by phone or online"),
        ("day=sunday&kind=shed", "On any day, at any time"),
        ("page=900&q=coffee", "Earlier page"),
    ],
)
def test_no_question_leads_to_a_page_without_a_way_on(
    reader: TestClient[Any], query: str, message: str
) -> None:
    page = reader.get(f"/search?{query}")
    assert page.status_code == 200
    assert message in page.text
    assert 'href="/ask/"' in page.text


def test_a_looser_question_says_how_many_it_finds(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=coffee&day=sunday").text
    assert '<a href="/search?q=coffee">On any day, at any time</a> (' in page


def test_programs_get_groups_distances_and_what_to_ask(reader: TestClient[Any]) -> None:
    body = reader.get("/api/activities?place=Temeford&lift=yes&day=tuesday&day=monday").json()
    assert body["place"] == "Temeford"
    assert body["place_about"] is True
    assert {group["group"] for group in body["groups"]} <= {"near", "serves", "comes", "remote"}
    assert body["matching"] + body["may"] == body["total"] == len(body["results"])
    assert all(
        result["distance_about"] for result in body["results"] if result["distance_km"] is not None
    )
    refused = reader.get("/api/activities?near=north")
    assert refused.status_code in (400, 422)


def test_words_that_cannot_wait_bring_help_before_any_answer(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=i+feel+suicidel").text
    answer = page.index('class="result-count"')
    for number in ("tel:116123", "tel:111", "tel:999"):
        assert 0 < page.index(number) < answer
    assert page.count('id="result-count"') == 1
    assert page.index('id="result-count"') < page.index("tel:116123"), "the form leads past it"
    assert "option 2" in page


def test_a_program_is_told_too_what_it_must_show_first(reader: TestClient[Any]) -> None:
    help_now = reader.get("/api/activities?q=suicide").json()["help_now"]
    assert [number["number"] for number in help_now["numbers"]][:3] == ["116 123", "111", "999"]
    assert reader.get("/api/activities?q=coffee").json()["help_now"] is None


def test_other_words_bring_no_alarm(reader: TestClient[Any]) -> None:
    assert "help-now" not in reader.get("/search?q=coffee").text.partition("<main")[2]


def test_no_other_word_is_tried_for_one_that_cannot_wait(reader: TestClient[Any]) -> None:
    for q in ("suicide", "suicidal", "suiside"):
        assert "seaside" not in reader.get(f"/api/activities?q={q}").json()["also_looked_for"], q


@pytest.mark.parametrize("q", ["?", "☕", "…", '""'])
def test_a_question_without_a_word_asks_nothing(reader: TestClient[Any], q: str) -> None:
    total = reader.get("/api/activities").json()["total"]
    assert reader.get("/api/activities", params={"q": q}).json()["total"] == total


def search_json(reader: TestClient[Any], query: str) -> dict[str, Any]:
    answer = reader.get(f"/api/activities?{query}&per_page=100")
    assert answer.status_code == 200
    body: dict[str, Any] = answer.json()
    return body


@pytest.mark.parametrize("query", ["day=tuesday", "q=on+tuesdays", "q=coffee&day=tuesday"])
def test_the_day_asked_for_is_the_day_shown(reader: TestClient[Any], query: str) -> None:
    starts = [result["next_session"] for result in search_json(reader, query)["results"]]
    assert starts
    assert {datetime.fromisoformat(start).strftime("%A") for start in starts if start} <= {
        "Tuesday"
    }
    known_starts = [start for start in starts if start]
    assert query.startswith("q=coffee") or known_starts == sorted(
        known_starts, key=datetime.fromisoformat
    )


def test_the_time_of_day_asked_for_is_the_time_shown(reader: TestClient[Any]) -> None:
    starts = [result["next_session"] for result in search_json(reader, "time=evening")["results"]]
    assert [start for start in starts if start]
    assert all(start is None or start[11:13] >= "15" for start in starts)


def test_what_a_sentence_asks_is_said_and_can_be_taken_back(reader: TestClient[Any]) -> None:
    body = search_json(reader, "q=free+on+sundays")
    assert body["understood"] == [
        {"words": "free", "filters": [["free", "yes"]]},
        {"words": "sundays", "filters": [["days", "sunday"]]},
    ]
    taken_back = search_json(reader, "q=free+on+sundays&as_typed=sundays")
    assert [filter_understood["words"] for filter_understood in taken_back["understood"]] == [
        "free"
    ]
    page = reader.get("/search?q=free+on+sundays").text
    assert 'href="/search?q=free+on+sundays&amp;as_typed=sundays"' in page
    plain = reader.get("/search?q=free+on+sundays&as_typed=sundays").text
    assert '<input type="hidden" name="as_typed" value="sundays"' in plain
    assert "as_typed=sundays&amp;as_typed=sundays" not in plain


def test_pledges_and_who_keeps_them_are_found_under_a_heading_of_their_own(
    reader: TestClient[Any],
) -> None:
    body = search_json(reader, "q=stay+connected+pledge")
    assert body["site_pages"][0] == {
        "url": "/pledges/stay-connected/", "title": "Stay Connected", "kind": "pledge",
    }  # fmt: skip
    page = reader.get("/search?q=stay+connected+pledge").text
    assert "Pledges, courses and guidance" in page
    assert '<a href="/pledges/stay-connected/">Stay Connected</a>' in page
    assert "page about this" in page or "pages about this" in page


def test_a_word_is_never_both_left_out_and_looked_for(reader: TestClient[Any]) -> None:
    for q in ("lonly", "lonly xylophagous", "basket ball", "cofee parrot", "st oswald"):
        body = search_json(reader, f"q={q.replace(' ', '+')}")
        left_out = set(body["left_out"])
        typed = {"lonly": "lonely", "cofee": "coffee"}
        for word in left_out & set(typed):
            assert typed[word] not in body["also_looked_for"]


def test_real_and_invented_never_stand_in_one_answer(reader: TestClient[Any]) -> None:
    for query in ("q=coffee", "free=yes", "day=sunday", "q=quiz", "q=tomorrow", "q=choir", ""):
        body = search_json(reader, query)
        worlds = {result["demonstration"] for result in body["results"]}
        assert len(worlds) <= 1, query
        assert body["world"] in ("", "invented" if True in worlds else "real"), query
        kinds = {facet["value"]: facet["count"] + facet["may"] for facet in body["facets"]["kinds"]}
        for kind, count in kinds.items():
            assert count == sum(kind in result["kinds"] for result in body["results"]), query


def test_a_date_is_said_in_full(reader: TestClient[Any]) -> None:
    page = reader.get("/search?q=quiz+tomorrow").text
    assert re.search(r"Tomorrow, \w+day \d+ \w+<", page)


@pytest.mark.parametrize("query", ["q=coffee", "q=coffee&place=Temeford"])
def test_what_is_invented_says_so_above_the_first_result(
    reader: TestClient[Any], query: str
) -> None:
    top, *_results = reader.get(f"/search?{query}").text.split('<ul class="cards"')
    assert re.search(r"Harrow Vale and its towns|\d+ made-up examples?", top.split("</form>")[-1])

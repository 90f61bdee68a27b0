"""Cards and lists: which activity stands where, in which order, on which page."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from catalogue.model.catalogue import Catalogue
from catalogue.outputs.listings.card import card, span
from catalogue.outputs.listings.listing import A_PAGE, Listings
from catalogue.outputs.search.choices import choices
from catalogue.outputs.search.documents import SearchDocument, document, documents
from tests.site.conftest import NOW

LONDON_SUMMER = datetime(2027, 6, 5, 9, 0, tzinfo=UTC)


@pytest.fixture
def listings(catalogue: Catalogue) -> Listings:
    return Listings(catalogue, documents(catalogue, NOW), NOW)


def slugs(listings: Listings, url: str) -> list[str]:
    return [card.slug for page in listings.pages() if page.url == url for card in page.cards]


def document_of(catalogue: Catalogue, slug: str) -> SearchDocument:
    activity = catalogue.activity(slug)
    assert activity
    return document(activity, catalogue.taxonomy, NOW)


def test_a_card_says_when_first(catalogue: Catalogue) -> None:
    card_view = card(document_of(catalogue, "coffee-at-the-mill"), catalogue.taxonomy)
    assert card_view.when == "Tuesday 24 November, 10:30 to 12:00"
    assert card_view.where == "The Mill, Oxley Bridge"
    assert [(tag.words, tag.style) for tag in card_view.tags] == [
        ("Free", "plain"),
        ("Step-free", "plain"),
        ("Greets newcomers", "sun"),
        ("Lift offered", "sun"),
    ]


def test_a_card_says_ask_where_nothing_is_known(catalogue: Catalogue) -> None:
    card_view = card(document_of(catalogue, "phone-calls"), catalogue.taxonomy)
    assert card_view.when == "Time not known, ask"
    assert [(tag.words, tag.style) for tag in card_view.tags] == [
        ("Cost not known, ask", "ask"),
        ("No travel", "plain"),
    ]


def test_a_card_of_something_closed_names_no_day(catalogue: Catalogue) -> None:
    card_view = card(document_of(catalogue, "quiet-coffee"), catalogue.taxonomy)
    assert (card_view.when, card_view.starts_at) == ("Not running at the moment", "")


def test_days_of_another_year_say_which() -> None:
    ends = LONDON_SUMMER + timedelta(hours=2)
    assert span(LONDON_SUMMER, ends) == "Saturday 5 June, 10:00 to 12:00"
    assert span(LONDON_SUMMER, ends, NOW.date()) == "Saturday 5 June 2027, 10:00 to 12:00"


def test_a_session_without_hours_is_named_by_its_day() -> None:
    midnight = datetime(2027, 1, 5, tzinfo=UTC)
    assert span(midnight, None) == "Tuesday 5 January"
    assert span(midnight, midnight + timedelta(days=1)) == "Tuesday 5 January, day and night"


def test_what_lasts_for_days_says_when_it_ends() -> None:
    ends = LONDON_SUMMER + timedelta(days=2, hours=4)
    words = "Saturday 5 June, 10:00 to Monday 7 June, 14:00"
    assert span(LONDON_SUMMER, ends) == words


def test_the_soonest_comes_first_and_the_unknown_last(listings: Listings) -> None:
    first = listings.first()
    assert [one.slug for one in first.cards] == ["quiet-coffee", "phone-calls"]
    assert [one.slug for one in first.invented] == ["net-loft-shed", "coffee-at-the-mill"]


def test_what_is_real_and_what_is_invented_stand_in_two_lists(listings: Listings) -> None:
    for page in listings.pages():
        assert not any(card.demonstration for card in page.cards) or not page.invented
        assert all(card.demonstration for card in page.invented)
        assert len(page.cards) <= page.total
    (coffee,) = (page for page in listings.pages() if page.url == "/kinds/coffee-morning/")
    assert ([one.slug for one in coffee.cards], coffee.total) == (["quiet-coffee"], 1)
    assert [one.slug for one in coffee.invented] == ["coffee-at-the-mill"]
    assert coffee.invented_total == 1


def test_a_count_on_a_tile_is_that_of_the_list_it_leads_to(listings: Listings) -> None:
    totals = {page.url: page.total for page in listings.pages()}
    links = [link for group in listings.groups() for link in group.links]
    links += [link for page in listings.pages() for link in (*page.wider, *page.narrower)]
    assert {link.url: link.count for link in links} == totals
    groups = [tile for group in listings.groups() for tile in group.tiles if tile.links]
    assert all(tile.count <= sum(link.count for link in tile.links) for tile in groups)


def test_what_has_ended_stands_on_no_list(listings: Listings) -> None:
    assert "old-lunch-club" not in {card.slug for page in listings.pages() for card in page.cards}


def test_a_place_holds_what_lies_within_it(listings: Listings) -> None:
    assert slugs(listings, "/places/oxley-bridge/") == ["net-loft-shed", "coffee-at-the-mill"]
    assert slugs(listings, "/places/harrow-vale/") == ["net-loft-shed", "coffee-at-the-mill"]


def test_what_comes_to_people_reaches_the_places_within_its_area(listings: Listings) -> None:
    assert slugs(listings, "/places/blackpool/") == ["quiet-coffee", "phone-calls"]


def test_a_day_holds_what_can_happen_on_it(listings: Listings) -> None:
    assert slugs(listings, "/days/tuesday/") == ["coffee-at-the-mill"]
    assert slugs(listings, "/days/sunday/") == []


def test_soon_is_a_week(catalogue: Catalogue, listings: Listings) -> None:
    assert [card_view.slug for card_view in listings.soon(NOW)] == [
        "net-loft-shed",
        "coffee-at-the-mill",
    ]


@pytest.mark.parametrize(
    ("total", "lengths"), [(2 * A_PAGE, [A_PAGE, A_PAGE]), (2 * A_PAGE + 1, [A_PAGE, A_PAGE, 1])]
)
def test_pages_of_a_listing_part_it_without_loss(
    catalogue: Catalogue, total: int, lengths: list[int]
) -> None:
    search_document = document_of(catalogue, "coffee-at-the-mill")
    activity = catalogue.activity(search_document.slug)
    assert activity
    many_slugs = [f"coffee-{number:03}" for number in range(total)]
    big = msgspec.structs.replace(
        catalogue,
        activities=tuple(msgspec.structs.replace(activity, slug=slug) for slug in many_slugs),
    )
    kind_listings = Listings(
        big, [msgspec.structs.replace(search_document, slug=slug) for slug in many_slugs], NOW
    )
    pages = [page for page in kind_listings.pages() if page.url == "/kinds/coffee-morning/"]
    assert [len(page.cards) for page in pages] == lengths
    assert sorted(card.slug for page in pages for card in page.cards) == many_slugs
    assert [page.url_of(page.page) for page in pages] == [
        *("/kinds/coffee-morning/", "/kinds/coffee-morning/2/", "/kinds/coffee-morning/3/"),
    ][: len(lengths)]


def test_only_kinds_with_something_on_are_offered(catalogue: Catalogue) -> None:
    assert [kind.value for kind in choices(catalogue, NOW.date()).kinds] == [
        "coffee-morning",
        "phone-befriending",
        "shed",
    ]


def test_every_listing_is_reached_by_a_tile_once(listings: Listings) -> None:
    for group in listings.groups():
        reached = [link.url for tile in group.tiles for link in tile.links]
        reached += [tile.url for tile in group.tiles if tile.url]
        assert sorted(reached) == sorted(link.url for link in group.links)
        assert len(group.tiles) <= 9

"""Pledges and signatories: what is promised, by whom, and whether it still holds."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from catalogue.build.page_types import SignatoryPage
from catalogue.build.templates import Templates
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import Signatory
from catalogue.outputs.pledges.register import PledgeView, pledge_view
from catalogue.outputs.pledges.signatory import signatory_view
from tests.site.conftest import NOW


@pytest.fixture
def pledge(catalogue: Catalogue) -> PledgeView:
    pledge_found = catalogue.pledge("stay-connected")
    assert pledge_found
    return pledge_view(pledge_found, catalogue, NOW)


def signatory(catalogue: Catalogue, slug: str) -> Signatory:
    return next(
        signatory_listed
        for signatory_listed in catalogue.signatories
        if signatory_listed.slug == slug
    )


def test_a_register_keeps_what_holds_apart_from_what_is_past(pledge: PledgeView) -> None:
    assert [card.name for card in pledge.holding] == ["The Mill"]
    assert [card.name for card in pledge.past] == ["A taxi driver in Temeford"]


def test_a_card_says_kind_since_when_and_what(pledge: PledgeView) -> None:
    assert pledge.holding[0].about == "Cafe · since February 2026 · doing 1 · starting 2"
    assert pledge.past[0].about == "Taxi · since June 2024 · promised until June 2025"


def test_our_own_pages_say_a_promise_in_sentences(
    pledge: PledgeView, catalogue: Catalogue, templates: Templates
) -> None:
    card, past = pledge.holding[0], pledge.past[0]
    sentences = [
        commitment.text or commitment.title
        for commitment in pledge.commitments
        if commitment.id == "welcome"
    ]
    assert list(card.sentences) == sentences
    assert past.sentences == ()
    mill = signatory(catalogue, "the-mill")
    html = templates.render(SignatoryPage(signatory=signatory_view(mill, catalogue, NOW)))
    assert html.count("Is this what you found?") == 1
    assert html.count('name="found"') == 2  # one question with two answers
    assert sentences[0] in html


def test_commitments_are_numbered_and_marked_as_required(pledge: PledgeView) -> None:
    assert [
        (commitment.number, commitment.id, commitment.required) for commitment in pledge.commitments
    ] == [
        (1, "welcome", True),
        (2, "miss", False),
    ]


def test_a_signatory_shows_each_promise_and_how(catalogue: Catalogue) -> None:
    page = signatory_view(signatory(catalogue, "the-mill"), catalogue, NOW)
    assert [(promise.state, promise.how, promise.kept) for promise in page.promises] == [
        ("Doing", "Jo stands at the door.", True),
        ("Starting by 1 February 2027", "", False),
    ]
    assert [link.url for link in page.runs] == ["/activities/coffee-at-the-mill/"]


def test_an_old_promise_stays_and_its_signatory_is_asked_to_sign_the_new_words(
    catalogue: Catalogue, templates: Templates
) -> None:
    pledge = next(
        candidate for candidate in catalogue.pledges if candidate.slug == "stay-connected"
    )
    before = signatory_view(signatory(catalogue, "the-mill"), catalogue, NOW)
    newer = replace(pledge.current, version=2, statement="We do more.")
    renewed = replace(pledge, versions=(*pledge.versions, newer))
    other_pledges = tuple(candidate for candidate in catalogue.pledges if candidate is not pledge)
    later = replace(catalogue, pledges=(*other_pledges, renewed))
    page = signatory_view(signatory(later, "the-mill"), later, NOW)
    assert (page.version, page.newer_version) == (1, 2)
    assert page.promises == before.promises
    html = templates.render(SignatoryPage(signatory=page))
    assert 'href="/pledges/stay-connected/sign/">Sign the new words' in html
    assert "newer words" not in templates.render(SignatoryPage(signatory=before))


def test_a_promise_holds_through_its_last_day_and_thirty_days_of_grace(
    catalogue: Catalogue,
) -> None:
    mill = signatory(catalogue, "the-mill")
    last_day = NOW.replace(year=2027, month=2, day=1, hour=23)
    page = signatory_view(mill, catalogue, last_day)
    assert (page.validity, page.overdue) == ("now", False)
    grace = signatory_view(mill, catalogue, last_day + timedelta(hours=2))
    assert (grace.validity, grace.overdue) == ("now", True)
    assert signatory_view(mill, catalogue, last_day + timedelta(days=30)).validity == "now"
    past = signatory_view(mill, catalogue, last_day + timedelta(days=30, hours=2))
    assert (past.validity, past.overdue) == ("past", False)


def test_visitors_are_asked_about_what_is_held(catalogue: Catalogue) -> None:
    mill = signatory(catalogue, "the-mill")
    assert signatory_view(mill, catalogue, NOW).ask_at == f"/was-it-true/{mill.pledge}/the-mill"
    later = NOW.replace(year=2028)
    assert signatory_view(mill, catalogue, later).ask_at == ""

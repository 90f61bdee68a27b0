"""A register asked, mapped, quoted, and shown on other sites."""

import csv
import io
from datetime import timedelta
from xml.etree import ElementTree

import msgspec
import pytest

from catalogue.build.templates import Templates
from catalogue.model.catalogue import Catalogue
from catalogue.model.pledge import GRACE, Pledge, Promise, Signatory
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.formatting import LOCAL
from catalogue.outputs.open_data import spreadsheet
from catalogue.outputs.pledges import badge, register_data, register_filters
from catalogue.outputs.pledges.register_data import Register, RegisterFilter
from catalogue.outputs.pledges.signatory import signatory_view
from tests.site.conftest import NOW
from tests.support.print_template import print_template

TODAY = NOW.astimezone(LOCAL).date()


@pytest.fixture
def pledge(catalogue: Catalogue) -> Pledge:
    pledge_found = catalogue.pledge("stay-connected")
    assert pledge_found
    return pledge_found


@pytest.fixture
def mill(catalogue: Catalogue) -> Signatory:
    return next(signatory for signatory in catalogue.signatories if signatory.slug == "the-mill")


def names_found(pledge: Pledge, catalogue: Catalogue, **filters: str) -> list[str]:
    register = register_data.register(pledge, catalogue, NOW, RegisterFilter(**filters))
    assert register.total == len(register.signatories) == register.confirmed + register.past
    return [signatory.name for signatory in register.signatories]


def test_a_register_is_asked_by_kind_place_and_what_is_kept(
    pledge: Pledge, catalogue: Catalogue, mill: Signatory
) -> None:
    everybody = names_found(pledge, catalogue)
    assert mill.name in everybody
    assert len(everybody) > 1
    assert names_found(pledge, catalogue, kind="cafe") == [mill.name]
    assert names_found(pledge, catalogue, kind="council") == []
    assert mill.name in names_found(pledge, catalogue, place="Harrow Vale")  # an area around it
    assert mill.name in names_found(pledge, catalogue, place=mill.place)
    assert names_found(pledge, catalogue, promise="welcome") == [mill.name]  # the other one is past
    assert names_found(pledge, catalogue, promise="miss") == []  # it only starts that


def test_what_a_register_offers_stands_on_it(pledge: Pledge, catalogue: Catalogue) -> None:
    choices = register_filters.choices(pledge, catalogue)
    for kind in choices.kinds:
        assert names_found(pledge, catalogue, kind=kind.value), kind
    for place in choices.places:
        assert names_found(pledge, catalogue, place=place.value), place


def test_quotes_are_of_those_who_keep_their_word_now(
    pledge: Pledge, catalogue: Catalogue, mill: Signatory
) -> None:
    register = catalogue.register(pledge.slug)
    quotes = register_filters.quotes(pledge, register, TODAY)
    assert [quote.name for quote in quotes] == [mill.name]
    assert quotes[0].words == mill.promises["welcome"].how
    years_on = TODAY + timedelta(days=4 * 366)
    assert register_filters.quotes(pledge, register, years_on) == ()


def test_a_cell_that_begins_like_a_formula_is_only_text() -> None:
    cells = ["=1+1", "+44 1632", "-2", "@cmd", "\tx", "plain", 'with "quotes", and\nlines', ""]
    content = spreadsheet.table(["name"] * len(cells), [cells, [None] * len(cells)])
    text = content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text, newline="")))
    assert rows[1] == ["'=1+1", "'+44 1632", "'-2", "'@cmd", "'\tx", *cells[5:]]
    assert rows[2] == [""] * len(cells)


def test_the_table_says_what_the_register_says(
    pledge: Pledge, catalogue: Catalogue, mill: Signatory
) -> None:
    risky = msgspec.structs.replace(
        mill, promises={"welcome": Promise(how="=HYPERLINK(1)"), "miss": Promise("starting")}
    )
    other_signatories = tuple(
        signatory for signatory in catalogue.signatories if signatory.slug != mill.slug
    )
    changed = msgspec.structs.replace(catalogue, signatories=(risky, *other_signatories))
    register = register_data.register(pledge, changed, NOW)
    text = register_data.as_csv(register, pledge).decode("utf-8-sig")
    lines = list(csv.DictReader(io.StringIO(text, newline="")))
    assert len(lines) == register.total
    (line,) = [candidate for candidate in lines if candidate["name"] == mill.name]
    assert line["welcome: how"] == "'=HYPERLINK(1)"
    assert (line["past"], line["page"]) == ("no", mill.url)


def test_a_register_as_data_says_what_its_struct_says(pledge: Pledge, catalogue: Catalogue) -> None:
    register = register_data.register(pledge, catalogue, NOW)
    assert msgspec.json.decode(msgspec.json.encode(register), type=Register) == register


def test_a_badge_turns_grey_when_the_promise_runs_out(pledge: Pledge, mill: Signatory) -> None:
    last = mill.confirmed_until + GRACE
    now, past = (badge.badge(mill, pledge, day) for day in (last, last + timedelta(days=1)))
    assert badge.HOLDS.encode() in now
    assert badge.PAST.encode() not in now
    assert badge.PAST.encode() in past
    assert b"Has promised" in now
    assert b"Has promised" not in past


def test_a_badge_holds_any_name(pledge: Pledge, mill: Signatory) -> None:
    odd = msgspec.structs.replace(mill, name='"><script>alert(1)</script>&')
    image = ElementTree.fromstring(badge.badge(odd, pledge, TODAY))  # noqa: S314 - our own
    assert odd.name in image.attrib["aria-label"]
    assert [element.tag for element in image.iter() if "script" in element.tag] == []


def test_what_is_hung_up_says_promised_and_never_accredited(
    catalogue: Catalogue, mill: Signatory, templates: Templates
) -> None:
    view = signatory_view(mill, catalogue, NOW, Sharing("https://kith.example.org/"))
    assert view.print_materials
    assert (
        view.print_materials.address == "https://kith.example.org/pledges/stay-connected/the-mill/"
    )
    for template in ("certificate.html", "poster.html"):
        html = print_template(templates, template, signatory=view)
        assert "promised" in html
        assert "accredit" not in html.casefold()
        assert 'class="code"' in html


def test_a_past_promise_has_nothing_to_hang_up(catalogue: Catalogue, mill: Signatory) -> None:
    later = NOW + timedelta(days=4 * 366)
    assert (
        signatory_view(mill, catalogue, later, Sharing("https://kith.example.org/")).print_materials
        is None
    )

"""What comes out of the printer: one sheet that can be handed over, with its number large."""

import pytest

from tests.town import OpenPage

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("town")]

USUAL = "tuesday-coffee-morning-at-the-mill"
LONGEST = ("minibus-to-somewhere", "talking-cafe-at-the-surgery", "last-friday-lunch-club")


@pytest.mark.parametrize(("slug", "sides"), [(USUAL, 1), *((slug, 2) for slug in LONGEST)])
def test_an_activity_is_one_sheet_of_paper(visit: OpenPage, slug: str, sides: int) -> None:
    page = visit(f"/activities/{slug}/")
    paper = page.pdf(prefer_css_page_size=True, format="A4")
    assert 1 <= paper.count(b"/Type /Page\n") <= sides

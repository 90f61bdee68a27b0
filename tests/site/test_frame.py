"""The frame and the templates: poured whole, escaped always, strict about names."""

import pytest
from jinja2 import UndefinedError

from catalogue.build.templates import Frame, NotAFrame, Templates
from catalogue.read.site_settings import Service, service
from tests.site.conftest import FRAME, ROOT
from tests.support.print_template import print_template


def test_all_four_gaps_are_filled(frame: Frame) -> None:
    poured = frame.fill("Title", "<p>Body</p>", description="Words", head="<link>")
    assert poured == "Words|Title|<link>|<p>Body</p>|"


def test_title_and_description_are_escaped(frame: Frame) -> None:
    poured = frame.fill("</title><script>", "", description='"><script>')
    assert "<script>" not in poured


def test_the_section_is_marked_and_no_other() -> None:
    frame = Frame.parse(
        FRAME.replace(
            "|<!--@BODY", '<a href="/a" data-section="a">A</a><a data-section="b">B</a>|<!--@BODY'
        )
    )
    assert '<a href="/a" aria-current="true">A</a><a>B</a>' in frame.fill("t", "", section="a")
    assert "aria-current" not in frame.fill("t", "")
    assert "data-section" not in frame.fill("t", "", section="unheard-of")


@pytest.mark.parametrize("text", ["", FRAME.replace("<!--@BODY@-->", ""), FRAME + FRAME])
def test_a_page_without_each_mark_once_is_no_frame(text: str) -> None:
    with pytest.raises(NotAFrame):
        Frame.parse(text)


def test_a_template_stops_at_a_name_nobody_gave(templates: Templates) -> None:
    with pytest.raises(UndefinedError):
        print_template(templates, "received.html", reference="R-7KQ4-XM2P")


def test_the_service_is_read_from_the_settings_of_the_site() -> None:
    details = service(ROOT)
    assert details.phone
    assert details.tel.startswith("+44")
    assert Service("A").tel == ""

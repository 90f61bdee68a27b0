"""Names in a script that runs from right to left stay apart from the words around them."""

import msgspec
import pytest

from catalogue.build.page_types import ActivityPage
from catalogue.build.templates import Templates
from catalogue.build.text_direction import isolate
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity.page import activity_view
from tests.site.conftest import NOW, SERVICE

NAME = "مقهى الزيتون"


@pytest.mark.parametrize(
    ("html", "isolated"),
    [
        (f"<p>{NAME}, 10:30</p>", f"<p><bdi>{NAME}</bdi>, 10:30</p>"),
        ("<td>שלום 12 שלום</td>", "<td><bdi>שלום 12 שלום</bdi></td>"),
        (f"<p>Jo<br>or {NAME}.</p>", f"<p>Jo<br>or <bdi>{NAME}</bdi>.</p>"),
        (f'<a title="{NAME}">Jo</a>', f'<a title="{NAME}">Jo</a>'),
        (f"<option>{NAME}</option>", f"<option>{NAME}</option>"),
        (f"<title>{NAME}</title>", f"<title>{NAME}</title>"),
        (f'<h1 dir="auto"><a>{NAME}</a></h1>', f'<h1 dir="auto"><a>{NAME}</a></h1>'),
        (f'<h1 dir="auto">x</h1><p>{NAME}</p>', f'<h1 dir="auto">x</h1><p><bdi>{NAME}</bdi></p>'),
        (f'<body dir="ltr"><p>{NAME}</p>', f'<body dir="ltr"><p><bdi>{NAME}</bdi></p>'),
        ("<p>Zoë’s café, “£2”</p>", "<p>Zoë’s café, “£2”</p>"),
    ],
)  # fmt: skip
def test_a_run_of_words_is_isolated_where_nothing_else_gives_it_a_direction(
    html: str, isolated: str
) -> None:
    assert isolate(html) == isolated


def test_a_name_within_a_sentence_of_a_page_is_isolated(
    templates: Templates, catalogue: Catalogue
) -> None:
    mill = catalogue.activity("coffee-at-the-mill")
    assert mill
    named = msgspec.structs.replace(
        catalogue,
        signatories=tuple(
            msgspec.structs.replace(signatory, name=NAME)
            if signatory.slug == "the-mill"
            else signatory
            for signatory in catalogue.signatories
        ),
    )
    page = ActivityPage(page=activity_view(mill, named, NOW), service=SERVICE)
    assert f"<bdi>{NAME}</bdi> has made a promise" in templates.render(page)

"""No page says a word of ours that could not be translated, shown in a made-up language."""

from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from api.security import references
from tests.translations.made_up_language import unmarked

pytestmark = pytest.mark.xdist_group("made-up language")  # one site serves all its tests

HTML = {"accept": "text/html"}
FORM = {"content-type": "application/x-www-form-urlencoded", "sec-fetch-site": "same-origin"}
ANSWERS = {
    "results": ("GET", "/search?q=%CF%83", ""),
    "results, nothing found": ("GET", "/search?q=%CF%83%CF%83%CF%83&place=%CF%83", ""),
    "nothing here": ("GET", "/nowhere", ""),
    "a link expired": ("GET", "/confirm/old", ""),
    "a link sent again": ("POST", "/confirm/resend", "contact_email=a@example.org"),
    "received": ("GET", f"/ask/received/{references.make('R')}", ""),
    "ask, empty": ("POST", "/ask", "matters=%CF%83"),
    "ask, all wrong": (
        "POST",
        "/ask",
        "who_asks=someone_else&reach_by=phone&reach_at=1&name=+&needs=x&leave_message=perhaps",
    ),
    "sign, the first question": ("POST", "/pledges/stay-connected/sign", ""),
    **{
        f"sign, {step}, {signer}": (
            *("POST", "/pledges/stay-connected/sign"),
            f"signer={signer}&change={step}",
        )
        for step in ("you", "promises", "contact")
        for signer in ("person", "organisation")
    },
    "sign, empty": ("POST", "/pledges/stay-connected/sign", "name=%CF%83&at=check"),
    "sign, all answers": (
        "POST",
        "/pledges/stay-connected/sign",
        "at=start&signer=person&name=%CF%83&kind=taxi&place=Temeford&promise-welcome=starting"
        "&by-welcome=2027-01-01&contact_email=a@example.org&may_sign=yes&show_name=no",
    ),
    "sign, all wrong": (
        "POST",
        "/pledges/stay-connected/sign",
        "at=check&signer=organisation&kind=x&place=x&contact_email=x&name=%3C&how-welcome=x@x",
    ),
    "sign, ended": ("POST", "/pledges/once-connected/sign", "name=%CF%83"),
    "signed": ("GET", f"/pledges/stay-connected/signed/{references.make('P')}/1", ""),
    "course, nothing chosen": ("POST", "/training/connector/questions", ""),
    "course, completed": ("GET", "/training/connector/completed", ""),
    "point, nothing chosen": ("POST", "/point", ""),
    "point, counted": ("GET", "/point/counted", ""),
    "point, something missing": ("GET", "/point/missing", ""),
    "connectors": ("GET", "/connectors", ""),
    "connector, link asked for": ("GET", "/connectors/me", ""),
    "connector, link sent": ("POST", "/connectors/me", "contact_email=a@example.org"),
    "connector, link expired": ("GET", "/connectors/me/old", ""),
    "connector, left": ("GET", "/connectors/left", ""),
    "cards": ("GET", "/card?size=fold", ""),
    "too long": ("GET", "/?" + "a" * 9_000, ""),
    "a wrong kind": ("POST", "/ask", "x" * 70_000),
}


def test_no_page_of_the_site_says_an_untranslatable_word(made_up_site: Path) -> None:
    unmarked_words = {}
    for file in sorted(made_up_site.rglob("*.html")):
        if file.name == "frame.html":  # which is never shown as it lies
            continue
        if words := unmarked(file.read_text(encoding="utf-8")):
            unmarked_words[str(file.relative_to(made_up_site))] = " ".join(words)
    assert unmarked_words == {}


@pytest.mark.parametrize("answer", ANSWERS)
def test_no_answer_says_an_untranslatable_word(client: TestClient[Any], answer: str) -> None:
    method, path, body = ANSWERS[answer]
    headers = {**HTML, **(FORM if method == "POST" else {})}
    response = client.request(method, path, headers=headers, content=body, follow_redirects=False)
    assert response.headers["content-type"].startswith("text/html")
    assert response.status_code < 500
    assert unmarked(response.text) == []


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>⟦Ask <a href='/x'>us</a> in ⟦May⟧⟧, ααα 12</p>", []),
        ("<p>⟦Ask⟧ us</p>", ["us"]),
        ("<button aria-label='Close'>⟦x⟧</button>", ["Close"]),
        ("<meta name=description content='Words'><script>let it = 1</script>", ["Words"]),
    ],
)
def test_a_word_outside_the_marks_is_seen(html: str, expected: list[str]) -> None:
    assert unmarked(html) == expected

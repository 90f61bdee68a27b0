"""The page of the API: every operation with an example that is answered, in the site's frame."""

from typing import Any

from litestar.testing import TestClient

from tests.site.reading import Page


def test_every_operation_of_the_document_stands_on_the_page(reader: TestClient[Any]) -> None:
    document = reader.get("/api/docs/openapi.json").json()
    page = Page(reader.get("/api/docs").text)
    codes = [code.text for code in page.all("code")]
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()} {path}" in codes
            assert operation["description"], path
    assert not {"One", "Livez", "Readyz"} & {heading.text for heading in page.all("h3")}
    text = reader.get("/api/docs").text
    assert "document follows" not in text
    assert "`" not in text
    assert page.one("title").text.startswith("The API, for programs")
    assert [heading.text for heading in page.all("h1")] == ["The API, for programs"]


def test_every_example_that_can_be_followed_is_answered(reader: TestClient[Any]) -> None:
    page = Page(reader.get("/api/docs").text)
    links = [
        link.attributes["href"] for link in page.all("a") if link.text.startswith("See the answer")
    ]
    assert len(links) >= 7
    for link in links:
        assert reader.get(link).status_code == 200, link


def test_every_page_of_the_site_leads_to_it(reader: TestClient[Any]) -> None:
    for path in ("/", "/search?q=tea"):
        links = Page(reader.get(path).text).all("a", href="/api/docs")
        assert [link.text for link in links] == ["For programs"]

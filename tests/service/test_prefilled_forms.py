"""Forms that the service fills in with an activity, on a site that was really built."""

from typing import Any

from litestar.testing import TestClient

KETTLE = "tuesday-coffee-morning-at-the-mill"


def test_an_activity_is_named_by_the_service_and_the_pages_without_one_still_stand(
    reader: TestClient[Any],
) -> None:
    page = reader.get(f"/ask?activity={KETTLE}")
    assert page.status_code == 200
    assert f'name="activity" value="{KETTLE}"' in page.text
    assert page.text.index("tel:999") < page.text.index("<form")  # an editor's words come along
    assert reader.get("/ask/").status_code == 200
    correction_page = reader.get(f"/put-right?activity={KETTLE}")
    assert correction_page.status_code == 200
    assert "Every Tuesday, 10:30 to 12:00" in correction_page.text
    assert reader.get("/put-right/").status_code == 200
    assert f'href="/put-right?activity={KETTLE}"' in reader.get(f"/activities/{KETTLE}/").text

"""Forms that the service fills in with an activity, on a site that was really built."""

from typing import Any

from litestar.testing import TestClient

KETTLE = "tuesday-coffee-morning-at-the-mill"


def test_an_activity_is_named_by_the_service_and_the_pages_without_one_still_stand(
    reader: TestClient[Any],
) -> None:
    asked = reader.get(f"/ask?activity={KETTLE}")
    assert asked.status_code == 200
    assert f'name="activity" value="{KETTLE}"' in asked.text
    assert asked.text.index("tel:999") < asked.text.index("<form")  # an editor's words come along
    assert reader.get("/ask/").status_code == 200
    shown = reader.get(f"/put-right?activity={KETTLE}")
    assert shown.status_code == 200
    assert "Every Tuesday, 10:30 to 12:00" in shown.text
    assert reader.get("/put-right/").status_code == 200
    assert f'href="/put-right?activity={KETTLE}"' in reader.get(f"/activities/{KETTLE}/").text

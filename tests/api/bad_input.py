"""What holds of every bad request: a problem is answered, nothing of it repeated or logged."""

from typing import Any

import pytest

JSON = {"content-type": "application/json"}
FORM = {"content-type": "application/x-www-form-urlencoded"}
SMUGGLED = "=?utf-8?q?X=0D=0ABcc:_canary@elsewhere.example?="


def assert_is_a_problem(answer: Any, statuses: set[int]) -> None:
    """State that the answer is a problem of one of these statuses, without the caller's words."""
    assert answer.status_code in statuses, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert {"type", "title", "status", "detail", "request_id"} <= problem.keys()
    assert problem["status"] == answer.status_code
    assert "canary" not in answer.text.casefold()


def assert_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    """State that the log of the call has lines, and none with the caller's words."""
    records = [record for record in caplog.get_records("call") if record.name != "httpx"]
    assert records  # `caplog.text` would be empty here
    assert not [record for record in records if "canary" in record.getMessage().casefold()]

"""The OpenAPI document keeps its word: schemathesis asks by it and against it, all checks on."""

import asyncio
import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from litestar.types import ASGIApp, Receive, Scope, Send
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure
from schemathesis.engine import StopReason, events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from api.jobs import health_check
from api.jobs.health_check import HealthCheck
from tests.api.conftest import Clock
from tests.service.conftest import opened_context, service, settings_of
from tests.support.depth import DEEP, examples

pytestmark = [pytest.mark.hypothesis, pytest.mark.xdist_group("contract")]

SOUND = ["2xx", "3xx", 401, 403, 404, 409, 429]
REFUSALS = [400, 403, 404, 405, 413, 414, 415, 422, 429]
DRAWN = examples(60)
"""Cases drawn for each operation; a deep run adds those made of the document itself."""


@pytest.fixture(scope="module")
def document(built_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The document of the whole service, and the service behind it."""
    config = SchemathesisConfig.from_dict(
        {
            "seed": 7,
            "workers": 1,
            "cache": {"enabled": False},
            "checks": {
                "negative_data_rejection": {"expected-statuses": REFUSALS},
                "positive_data_acceptance": {"expected-statuses": SOUND},
            },
            # Its promises, kinds and version stand in each pledge's entry, not in the document.
            # So do the kinds, needs and access facts of the taxonomy.
            "operations": [
                {
                    "include-path": path,
                    "checks": {"positive_data_acceptance": {"expected-statuses": [*SOUND, 422]}},
                }
                for path in ("/api/pledges/{pledge}/sign-ups", "/api/activities")
            ],
            "phases": {"coverage": {"enabled": DEEP}, "stateful": {"enabled": DEEP}},
            "generation": {"deterministic": True, "max-examples": DRAWN, "database": "none"},
        }
    )
    data = tmp_path_factory.mktemp("var")
    with (
        opened_context(settings_of(built_project, data), Clock()) as context,
        pytest.MonkeyPatch.context() as patch,
    ):
        app = as_asked(service(context))
        # Checked once, for no background job runs; that it is old by the end says nothing.
        patch.setattr(health_check, "TRUSTED_FOR_SECONDS", 10_000)
        asyncio.run(context.state.get(HealthCheck).check(context))
        yield schemathesis.openapi.from_asgi("/api/docs/openapi.json", app, config=config)


def as_asked(app: ASGIApp) -> ASGIApp:
    """Answer requests only, so that nothing happens behind the test's back; each with its own key.

    A key is drawn for one request, says the document; schemathesis sends one with several.
    """
    serial = count()

    def afresh(name: bytes, value: bytes) -> tuple[bytes, bytes]:
        sound = name == b"idempotency-key" and re.fullmatch(rb"[!-~]{8,200}", value)
        return name, b"%08d%s" % (next(serial), value[8:]) if sound else value

    async def answering(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":  # type: ignore[comparison-overlap]
            raise NotImplementedError
        scope["headers"] = [afresh(*header) for header in scope["headers"]]
        await app(scope, receive, send)

    return answering


def test_every_operation_does_as_the_document_says(document: Any) -> None:
    labels: set[str] = set()
    broken: dict[str, str] = {}
    for event in from_schema(document).execute():
        if isinstance(event, events.ScenarioFinished):
            labels.add(event.recorder.label)
            broken.update(_broken(event.recorder))
        elif isinstance(event, events.NonFatalError):
            broken[event.label] = str(event.value)
        elif isinstance(event, events.FatalError):
            raise event.exception
        elif isinstance(event, events.EngineFinished):
            assert event.stop_reason == StopReason.COMPLETED
    assert not broken, "\n\n".join(
        f"{failure}\n{reproduction}" for failure, reproduction in broken.items()
    )
    operations = {operation.ok().label for operation in document.get_all_operations()}
    assert labels >= operations


def _broken(recorder: ScenarioRecorder) -> Iterator[tuple[str, str]]:
    """Yield each kind of failure once for an operation, with the request that shows it."""
    for checks in recorder.checks.values():
        for check in checks:
            if check.failure_info is not None:
                failure: Failure = check.failure_info.failure
                report = f"{failure.message}\n{check.failure_info.code_sample}"
                yield f"{recorder.label}: {check.name}: {failure.title}", report

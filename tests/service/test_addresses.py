"""The public addresses: routes, the operations of the API and built paths stay where they are."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar import Litestar

from tests.support.once import made_once
from tests.support.running_site import build_demonstration

LIST = Path(__file__).parents[1] / "fixtures" / "addresses.txt"
EXCEPTIONS: dict[str, str] = {
    "assets/list_code.js": "assets/list_export.js",
    "assets/list_out.js": "assets/list_export.js",
    "assets/proof.js": "assets/proof_of_work.js",
    "assets/search_ground.js": "assets/search_distance.js",
    "assets/search_near.js": "assets/search_location.js",
    "assets/search_ways.js": "assets/search_suggestions.js",
    "assets/search_words.js": "assets/search_messages.js",
    "assets/tongue.js": "assets/i18n.js",
}
"""Script files below assets/ that were renamed or merged: the path before, and the path now."""
GONE = {
    "assets/api_docs.js",
    "assets/minisearch.js",
    *(f"assets/vendor/swagger/{name}" for name in ("LICENSE", "NOTICE")),
    *(f"assets/vendor/swagger/swagger-ui{name}" for name in ("-bundle.js", ".css")),
}
"""Scripts of the page /api/docs and of an index of words, which need none any more."""
PARAMETER = re.compile(r"\{[^}]*\}")
"""A part of an address that differs from one thing to the next; its name is our own."""
NOT_FOUND_OF_LITESTAR = {
    *(
        f"{method} /api/docs/{path}"
        for method in ("GET", "OPTIONS")
        for path in ("{path}", "openapi.json/openapi.json", "openapi.json/{path}")
    )
}
"""What Litestar adds by itself below the document of the API."""
ADDED = [
    "assets/printing.js",
    "assets/search_audience.js",
    "assets/search_constants.js",
    "assets/search_dates.js",
    "assets/search_match.js",
    "assets/search_pages.js",
    "assets/search_plan.js",
    "assets/search_postcodes.js",
    "assets/search_uk_places.js",
    "assets/search_sheet.js",
    "assets/search_vocabulary.js",
    "new/index.html",
    "search/pages.json",
    "search/places.tsv",
]
"""Script files, and what they read, that came since."""
ADDED_ROUTES = [
    "POST /staff/confirm",
    "OPTIONS /staff/confirm",
    "POST /ask/received/{reference}",
    "GET /staff/gaps",
    "GET /staff/gaps/list.csv",
    "OPTIONS /staff/gaps",
    "OPTIONS /staff/gaps/list.csv",
    "GET /staff/activities",
    "GET /staff/activities/add",
    "POST /staff/activities/add",
    "GET /staff/activities/edit/{slug}",
    "POST /staff/activities/edit/{slug}",
    "POST /staff/activities/edit/{slug}/{act}",
    "POST /staff/activities/changes/{reference}/undo",
    "OPTIONS /staff/activities",
    "OPTIONS /staff/activities/add",
    "OPTIONS /staff/activities/edit/{slug}",
    "OPTIONS /staff/activities/edit/{slug}/{act}",
    "OPTIONS /staff/activities/changes/{reference}/undo",
]
"""Routes that came since."""


def test_every_route_stays_where_it_was(app: Any) -> None:
    now, before = (
        {PARAMETER.sub("{}", route) for route in paths if route not in NOT_FOUND_OF_LITESTAR}
        for paths in (routes(app), [*listed("route "), *ADDED_ROUTES])
    )
    assert now == before


def test_every_operation_of_the_api_keeps_its_id(app: Any) -> None:
    assert sorted(operations(app)) == listed("operation ")


def test_every_built_path_of_the_demonstration_stays_where_it_was(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    assert all(before.startswith("assets/") for before in EXCEPTIONS)
    renamed = {EXCEPTIONS.get(path, path) for path in listed("file ") if path not in GONE}
    expected = sorted([*renamed, *ADDED])
    project = made_once(tmp_path_factory, "demonstration", build_demonstration)
    assert built(project / "build" / "current" / "site") == expected


def listed(kind: str) -> list[str]:
    """Return the addresses of one kind, without the kind."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return sorted(line.removeprefix(kind) for line in lines if line.startswith(kind))


def routes(app: Any) -> Iterator[str]:
    """Yield the method and path of every route."""
    for route in litestar_app(app).routes:
        for method in route.methods:
            yield f"{method} {route.path_format}"


def operations(app: Any) -> Iterator[str]:
    """Yield the method, path and id of what the OpenAPI document lists."""
    for path, item in (litestar_app(app).openapi_schema.paths or {}).items():
        for method in ("get", "post", "put", "patch", "delete"):
            operation = getattr(item, method)
            if operation:
                yield f"{method.upper()} {path} {operation.operation_id}"


def litestar_app(app: Any) -> Litestar:
    """Return the Litestar application that `app` wraps."""
    while not isinstance(app, Litestar):
        app = vars(app)["_app"]
    return app


def built(site: Path) -> list[str]:
    """Return the path of every file of a site."""
    files = (file for file in site.rglob("*") if file.is_file())
    return sorted(file.relative_to(site).as_posix() for file in files)

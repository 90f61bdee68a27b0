"""The OpenAPI document, and a page that shows it from our own origin.

Litestar's own pages load their scripts from other hosts, and its document leaves out that our
structs refuse unknown fields; both are corrected here.
"""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar, Request, Router
from litestar.datastructures import ResponseHeader
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin, OpenAPIRenderPlugin
from litestar.openapi.spec import License, Schema, Tag

DOCS = "/api/docs"
VENDOR = "/assets/vendor/swagger"

PAGE = f"""<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>The API of Kith</title>
<link rel="stylesheet" href="{VENDOR}/swagger-ui.css">
</head>
<body>
<main id="api"><p>This page needs scripts. The document itself is
<a href="{DOCS}/openapi.json">{DOCS}/openapi.json</a>.</p></main>
<script src="{VENDOR}/swagger-ui-bundle.js"></script>
<script src="/assets/api_docs.js"></script>
</body>
</html>
"""
# Swagger's page sets styles of its own and draws its arrows from data: addresses.
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class DocsPage(OpenAPIRenderPlugin):
    """Shows the document to people."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the page; it fetches the document itself."""
        return PAGE.encode()


def config() -> OpenAPIConfig:
    """Return the configuration of the document: title, tags, and its address, /api/docs."""
    return OpenAPIConfig(
        title="Kith",
        version="0.1.0",
        description="Find an activity, ask for help, make a promise. "
        "Every error is an RFC 9457 problem; nothing of what was sent is repeated in it.",
        license=License(name="MIT", identifier="MIT"),
        openapi_router=Router(
            DOCS,
            route_handlers=[],
            include_in_schema=False,
            response_headers=[ResponseHeader(name="content-security-policy", value=PAGE_POLICY)],
        ),
        render_plugins=[DocsPage(path="/"), JsonRenderPlugin(path="/openapi.json")],
        tags=[
            Tag("Activities", "What there is to join."),
            Tag("Signposting", "Somebody asks to be pointed to company."),
            Tag("Pledges", "Promises, and the register of those who made them."),
            Tag(
                "Corrections",
                "Somebody says what is wrong about an activity, or that all is right.",
            ),
            Tag("Gaps", "Where there is nothing: an area and a kind are counted, and nobody."),
            Tag("Health", "Whether the process lives and can work."),
        ],
    )


def refuse_unknown_fields(app: Litestar) -> None:
    """Write `additionalProperties: false` for every struct that refuses unknown fields."""
    strict = {kind.__name__ for kind in _structs(msgspec.Struct) if _refuses_unknown_fields(kind)}
    schemas: dict[str, Any] = app.openapi_schema.components.schemas
    for name, schema in schemas.items():
        if name in strict and isinstance(schema, Schema):
            schema.additional_properties = False


def _structs(kind: type[msgspec.Struct]) -> Iterator[type[msgspec.Struct]]:
    for below in kind.__subclasses__():
        yield below
        yield from _structs(below)


def _refuses_unknown_fields(kind: type[msgspec.Struct]) -> bool:
    return kind.__struct_config__.forbid_unknown_fields

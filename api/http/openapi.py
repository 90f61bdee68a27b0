"""The OpenAPI document. Litestar's leaves out that our structs refuse unknown fields."""

from collections.abc import Iterator
from typing import Any

import msgspec
from litestar import Litestar, Router
from litestar.openapi import OpenAPIConfig
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import License, Schema, Tag

DOCUMENT = "/api/docs/openapi.json"
"""The address of the document; `features/api_docs` shows it to people."""


def config() -> OpenAPIConfig:
    """Return the configuration of the document: title, tags and address."""
    return OpenAPIConfig(
        title="Kith",
        version="0.1.0",
        description="Find an activity, ask for help, make a promise. "
        "Every error is an RFC 9457 problem; nothing of what was sent is repeated in it.",
        license=License(name="MIT", identifier="MIT"),
        use_handler_docstrings=True,
        openapi_router=Router(DOCUMENT, route_handlers=[], include_in_schema=False),
        render_plugins=[JsonRenderPlugin(path="/")],
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

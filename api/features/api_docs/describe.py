"""From the OpenAPI document (a plain mapping) to what its page prints: operations and examples.

Examples are made from the document itself, so that they cannot say something else than it does.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlencode

import msgspec

Document = Mapping[str, Any]
EXAMPLE_QUERIES: Mapping[str, Mapping[str, str]] = {
    "/api/activities": {"q": "coffee morning", "day": "tuesday", "per_page": "5"},
    "/api/pledges/{pledge}/register": {"kind": "cafe"},
}
"""What a reader may try first; everything else is shown without a query."""
ANSWERS: Mapping[str, str] = {
    "200": "The answer.",
    "201": "It is kept, and the answer says what happens next.",
    "202": "It is taken, and the answer says what happens next.",
}
"""What success means, in plainer words than HTTP's own."""
DEPTH = 6
"""Of an example body: deeper parts are left out."""


class ParameterDescription(msgspec.Struct, frozen=True):
    """One parameter: where it stands ("query", "path", "header"), and the values it may have."""

    name: str
    stands_in: str
    description: str
    values: str
    required: bool


class Answer(msgspec.Struct, frozen=True):
    """One status an operation may answer with."""

    status: str
    description: str


class Operation(msgspec.Struct, frozen=True):
    """One method at one address. `try_at` is the path of a request that anybody may follow."""

    method: str
    path: str
    summary: str
    description: str
    parameters: tuple[ParameterDescription, ...]
    command: str
    body: str
    try_at: str
    answers: tuple[Answer, ...]

    @property
    def anchor(self) -> str:
        """Return the name to link to it by."""
        parts = [part for part in self.path.strip("/").split("/") if not part.startswith("{")]
        return "-".join([self.method.lower(), *parts]).replace(".", "-")


class Section(msgspec.Struct, frozen=True):
    """The operations of one tag."""

    name: str
    description: str
    operations: tuple[Operation, ...]


def describe(
    document: Document, base_url: str, path_values: Mapping[str, str]
) -> tuple[Section, ...]:
    """Return the sections of the page in the order of the document's tags.

    Args:
        document: the OpenAPI 3.1 document as plain data.
        base_url: the origin that examples ask.
        path_values: for each parameter of a path a value that exists, such as an entry's slug.
    """
    described = [
        (operation["tags"][0], _operation(document, method, path, operation, base_url, path_values))
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    ]
    descriptions = {tag["name"]: tag.get("description", "") for tag in document.get("tags", ())}
    names = dict.fromkeys([*descriptions, *(tag for tag, _operation in described)])
    sections = (
        Section(
            name,
            descriptions.get(name, ""),
            tuple(operation for tag, operation in described if tag == name),
        )
        for name in names
    )
    return tuple(section for section in sections if section.operations)


def _operation(
    document: Document,
    method: str,
    path: str,
    operation: Mapping[str, Any],
    base_url: str,
    path_values: Mapping[str, str],
) -> Operation:
    query = urlencode(EXAMPLE_QUERIES.get(path, {})) if method == "get" else ""
    address = path.format_map({name: path_values.get(name, name) for name in _names(path)})
    address += f"?{query}" if query else ""
    body = _body(document, operation)
    return Operation(
        method=method.upper(),
        path=path,
        summary=operation.get("summary", ""),
        description=operation.get("description", ""),
        parameters=tuple(_parameters(operation)),
        command=_command(method, f"{base_url}{address}", body),
        body=body,
        try_at=address if method == "get" else "",
        answers=tuple(
            Answer(status, ANSWERS.get(status) or answer.get("description", ""))
            for status, answer in operation.get("responses", {}).items()
        ),
    )


def _names(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _command(method: str, address: str, body: str) -> str:
    if not body:
        return f'curl "{address}"'
    return f'curl -X {method.upper()} "{address}" -H "content-type: application/json" -d @body.json'


def _parameters(operation: Mapping[str, Any]) -> Iterator[ParameterDescription]:
    for parameter in operation.get("parameters", ()):
        schema = parameter.get("schema", {})
        yield ParameterDescription(
            name=parameter["name"],
            stands_in=parameter["in"],
            description=parameter.get("description", ""),
            values=_values(schema),
            required=bool(parameter.get("required")),
        )


def _values(schema: Mapping[str, Any]) -> str:
    """Return the choices of a closed list, or the limits of a number or a text."""
    choices = schema.get("enum") or schema.get("items", {}).get("enum") or ()
    if choices:
        return ", ".join(str(choice) for choice in choices if choice)
    limits = {
        "minimum": "from {}",
        "exclusiveMinimum": "more than {}",
        "maximum": "to {}",
        "maxLength": "at most {} characters",
        "maxItems": "at most {} of them",
    }
    return ", ".join(
        words.format(f"{schema[name]:g}") for name, words in limits.items() if name in schema
    )


def _body(document: Document, operation: Mapping[str, Any]) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get("application/json", {}).get("schema")
    return json.dumps(_example(document, schema, DEPTH), indent=2) if schema else ""


def _example(document: Document, schema: Mapping[str, Any], depth: int) -> Any:
    """Return a value that has the shape of a schema: the required fields of an object."""
    if "$ref" in schema:
        name = schema["$ref"].rpartition("/")[2]
        return _example(document, document["components"]["schemas"][name], depth)
    if schema.get("examples"):
        return next(iter(schema["examples"]))
    if schema.get("enum"):
        return next(choice for choice in schema["enum"] if choice)
    for several in ("oneOf", "anyOf"):
        if several in schema:
            return _example(document, schema[several][0], depth)
    if schema.get("type") == "object":
        required = schema.get("required", ()) if depth else ()
        fields = schema.get("properties", {})
        return {name: _example(document, fields[name], depth - 1) for name in required}
    if schema.get("type") == "array":
        return [_example(document, schema.get("items", {}), depth - 1)] if depth else []
    plain = {"integer": 1, "number": 1, "boolean": True}
    return plain.get(schema.get("type", ""), schema.get("default") or "...")

"""What the OpenAPI document says of a request beyond its types: the rules between its fields.

Each field is described in one place, in full: programs that generate requests from the document do
not combine two patterns of one field.
"""

from litestar.openapi.spec import OpenAPIType, Schema

from api.http.request_bodies import Variant, portable
from api.security import contact_text

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$(?![\s\S])"
MAX_NEEDS = 30
REACH_CHARACTERS = 300


_SEVERAL_LINES = portable(contact_text.SEVERAL_LINES)
_CHARACTER = _SEVERAL_LINES.removeprefix("^").partition("*")[0]
_NOT_A_DIGIT = _CHARACTER.replace("[^", "[^0-9", 1)
_END = _SEVERAL_LINES.partition("*")[2]

NEEDS = Schema(
    type=OpenAPIType.ARRAY,
    max_items=MAX_NEEDS,
    items=Schema(type=OpenAPIType.STRING, max_length=80, pattern=SLUG),
)
NAME = Schema(
    type=OpenAPIType.STRING,
    min_length=1,
    max_length=100,
    pattern=r"^(?=[\s\S]*\S)" + portable(contact_text.ONE_LINE).removeprefix("^"),
)
FIELDS = {"needs": NEEDS, "name": NAME}


def _enum(*values: str) -> Schema:
    return Schema(type=OpenAPIType.STRING, enum=[*values])


def _reach_schema(pattern: str, *ways: str) -> dict[str, Schema]:
    """Describe the ways to reach somebody that take such an address."""
    reach_at = Schema(
        type=OpenAPIType.STRING, min_length=1, max_length=REACH_CHARACTERS, pattern=pattern
    )
    return {"reach_by": _enum(*ways), "reach_at": reach_at}


_REACH_SCHEMAS = (
    _reach_schema(
        rf"^(?:0|\+44 ?)[1-9][0-9]{{3}} ?[0-9]{{6}}(?:, {_NOT_A_DIGIT}*)?{_END}", "phone", "text"
    ),
    _reach_schema(contact_text.ASCII_EMAIL, "email"),
    _reach_schema(r"^(?=[\s\S]*\S)" + _SEVERAL_LINES.removeprefix("^"), "post", "visit"),
)

VARIANTS = tuple(
    variant
    for reach in _REACH_SCHEMAS
    for variant in (
        Variant({"who_asks": _enum("myself"), **reach}),
        Variant(
            {"who_asks": _enum("someone_else"), "consent": _enum("yes"), **reach}, ("consent",)
        ),
    )
)

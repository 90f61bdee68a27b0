"""What the OpenAPI document says of a request beyond its types: the rules between its fields.

Each field is described in one place, whole: programs that make requests from the document do not
add up two patterns of one field.
"""

from litestar.openapi.spec import OpenAPIType, Schema

from api.http.request_bodies import Variant, portable
from api.security import contact_text

SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$(?![\s\S])"
NEEDS_AT_MOST = 30
REACH_CHARACTERS = 300

ADDRESS = r"[^\s@]@[^\s@]"

_ANY = portable(contact_text.SEVERAL_LINES)
_SIGN = _ANY.removeprefix("^").partition("*")[0]
_SIGN_OF_ADDRESS = _SIGN.replace("[^", r"[^\s@", 1)
_SIGN_BUT_DIGIT = _SIGN.replace("[^", "[^0-9", 1)
_END = _ANY.partition("*")[2]

NEEDS = Schema(
    type=OpenAPIType.ARRAY,
    max_items=NEEDS_AT_MOST,
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


def _reach(pattern: str, *ways: str) -> dict[str, Schema]:
    """Describe the ways to reach somebody that take such an address."""
    reach_at = Schema(
        type=OpenAPIType.STRING, min_length=1, max_length=REACH_CHARACTERS, pattern=pattern
    )
    return {"reach_by": _enum(*ways), "reach_at": reach_at}


_REACHES = (
    _reach(
        rf"^(?:0|\+44 ?)[1-9][0-9]{{3}} ?[0-9]{{6}}(?:, {_SIGN_BUT_DIGIT}*)?{_END}", "phone", "text"
    ),
    _reach(f"^{_SIGN}*{_SIGN_OF_ADDRESS}@{_SIGN_OF_ADDRESS}{_SIGN}*{_END}", "email"),
    _reach(r"^(?=[\s\S]*\S)" + _ANY.removeprefix("^"), "post", "visit"),
)

VARIANTS = tuple(
    variant
    for reach in _REACHES
    for variant in (
        Variant({"who_asks": _enum("myself"), **reach}),
        Variant(
            {"who_asks": _enum("someone_else"), "consent": _enum("yes"), **reach}, ("consent",)
        ),
    )
)

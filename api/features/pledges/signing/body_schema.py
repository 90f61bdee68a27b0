"""The OpenAPI schemas of a sign-up's fields that say more than their types: limits and patterns.

Each field has one whole schema with one pattern: programs that generate requests from the document
do not combine two patterns of one field.
"""

from litestar.openapi.spec import OpenAPIFormat, OpenAPIType, Schema

from api.http.request_bodies import Variant, portable
from api.security import contact_text

HOW_CHARACTERS = 300
PROMISES_AT_MOST = 40

_ANY = portable(contact_text.ONE_LINE)
# The same as `bodies.is_private` and `bodies._public_text_faults`, as one pattern.
_UNPUBLISHABLE = (
    r"[<>@]|://|[wW]{3}\.|(?:[^\d²³¹]*[\d²³¹]){10}"
    r"|\b[A-Za-z]{1,2}[0-9][A-Za-z0-9]? ?[0-9][A-Za-z]{2}\b"
)
_PUBLIC = rf"^(?![\s\S]*(?:{_UNPUBLISHABLE}))" + _ANY.removeprefix("^")
_PUBLIC_NAME = r"^(?=[\s\S]*\S)" + _PUBLIC.removeprefix("^")

_HOW = Schema(type=OpenAPIType.STRING, max_length=HOW_CHARACTERS, pattern=_PUBLIC)
_DAY = Schema(type=OpenAPIType.STRING, format=OpenAPIFormat.DATE)
_NAME = Schema(type=OpenAPIType.STRING, min_length=1, max_length=100, pattern=_ANY)


def _promise(by: Schema, required: list[str], *states: str) -> Schema:
    return Schema(
        type=OpenAPIType.OBJECT,
        properties={"state": Schema(enum=[*states]), "how": _HOW, "by": by},
        required=required,
        additional_properties=False,
    )


_PROMISE = Schema(
    any_of=[
        _promise(_DAY, ["state", "by"], "starting"),
        _promise(Schema(any_of=[_DAY, Schema(type=OpenAPIType.NULL)]), ["state"], "doing"),
        _promise(Schema(any_of=[_DAY, Schema(type=OpenAPIType.NULL)]), ["state"], "not for us"),
    ]
)

FIELDS = {
    "name": Schema(type=OpenAPIType.STRING, min_length=1, max_length=100, pattern=_PUBLIC_NAME),
    "contact_email": Schema(
        type=OpenAPIType.STRING,
        max_length=254,
        pattern=r"^(?!.*=\?)" + contact_text.ASCII_EMAIL.removeprefix("^"),
    ),
    "version": Schema(type=OpenAPIType.INTEGER, minimum=1),
    "promises": Schema(
        type=OpenAPIType.OBJECT,
        description="What is said to each commitment, by its id; not all of it a refusal.",
        min_properties=1,
        max_properties=PROMISES_AT_MOST,
        additional_properties=_PROMISE,
        schema_not=Schema(
            additional_properties=Schema(properties={"state": Schema(enum=["not for us"])})
        ),
    ),
}


VARIANTS = (
    Variant(
        {
            "signer": Schema(enum=["organisation"]),
            "signer_name": _NAME,
            "may_sign": Schema(enum=["yes"]),
        },
        ("signer_name", "may_sign"),
    ),
    Variant(
        {
            "signer": Schema(enum=["person"]),
            "signer_name": Schema(any_of=[_NAME, Schema(type=OpenAPIType.NULL)]),
        }
    ),
)

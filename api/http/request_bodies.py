"""Reads JSON bodies and forms into structs, and reports all faults of a body at once.

msgspec stops at the first fault; a person filling in a form should see all of them. So an invalid
body is read field by field, and then checked for faults between its fields. Nothing that was sent
is repeated in a fault, not even the name of an unknown field.
"""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Annotated, Any, ClassVar, TypeAlias, TypeVar
from urllib.parse import parse_qsl

import msgspec
from litestar import Request
from litestar.dto import AbstractDTO
from litestar.openapi.spec import OpenAPIType, Reference, Schema
from litestar.params import HeaderParameter

from api.errors import FieldFault, Invalid, Malformed
from api.http.problems import field_faults
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.read.struct_reader import Fields, StructReader

FORM_FIELDS = 300
"""More than our longest public form has, few enough to parse quickly."""

AnyRequest: TypeAlias = Request[Any, Any, Any]
"""A request, whatever its session, state and user are."""

IdempotencyKey: TypeAlias = Annotated[
    str,
    HeaderParameter(
        name="Idempotency-Key",
        pattern=r"^([!-~]{8,200})?$(?![\s\S])",
        description="8 to 200 plain signs, drawn by the caller. A repeat with the same key and "
        "body changes nothing; empty is as good as absent.",
    ),
]

NEEDED = gettext_noop("This is needed.")

KeyName = Callable[[str], str]
"""Writes a key inside a field as the fault's reader knows it."""

ValidFields = Mapping[str, Any]
"""The fields of a body that could be read. In a mapping, None is what could not be."""


class Variant(msgspec.Struct, frozen=True):
    """One of the bodies there can be: what its fields hold, and which of them it needs as well."""

    fields: Mapping[str, Schema]
    needed: tuple[str, ...] = ()


class Body(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A request body. Subclasses define messages for missing fields, and checks between fields."""

    NEEDED: ClassVar[Mapping[str, str]] = {}
    """Messages (`gettext_noop`) for missing fields, where "This is needed." says too little."""
    DESCRIBED: ClassVar[Mapping[str, Schema]] = {}
    """Fields whose type says less than is asked of them, for the OpenAPI document."""
    VARIANTS: ClassVar[tuple[Variant, ...]] = ()
    """The bodies there can be, where what one field may hold hangs on another."""

    @classmethod
    def cross_field_faults(cls, valid: ValidFields) -> Iterable[FieldFault]:
        """Yield the faults that no field has alone. `valid` may lack any field."""
        return ()


B = TypeVar("B", bound=Body)
Between = Callable[[ValidFields], Iterable[FieldFault]]


def read_json(raw: bytes, kind: type[B]) -> B:
    """Read a JSON body. Raises `Malformed`, or `Invalid` with all faults."""
    try:
        body = msgspec.json.decode(raw, type=kind)
    except msgspec.ValidationError as error:
        return _raise_all_faults(_decode(raw), kind, error)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed from None
    faults = tuple(kind.cross_field_faults(msgspec.structs.asdict(body)))
    if faults:
        raise Invalid(*faults)
    return body


def read_fields(
    plain: Mapping[str, Any],
    kind: type[B],
    *,
    also: Between = lambda valid: (),
    name_of_key: KeyName | None = None,
) -> B:
    """Read the answers of a form, texts all of them. Raises `Invalid` with all faults.

    `also` finds faults that the body cannot know alone; `name_of_key` writes a key inside a field
    as the fault's reader knows it.
    """
    valid, faults = _read(plain, kind, _FormReader(name_of_key or _hide_key), also)
    if faults:
        raise Invalid(*faults)
    return kind(**valid)


def form_answers(raw: bytes, fields_at_most: int = FORM_FIELDS) -> dict[str, list[str]]:
    """Return the answers of a url-encoded form, blank ones left out, line ends as one sign.

    Litestar's own parser caches the last thousand forms in memory, which may be personal.
    """
    answers: dict[str, list[str]] = {}
    for name, value in form_fields(raw, fields_at_most):
        if answer := value.replace("\r\n", "\n").strip():
            answers.setdefault(name, []).append(answer)
    return answers


def form_fields(raw: bytes, fields_at_most: int = FORM_FIELDS) -> list[tuple[str, str]]:
    """Return the fields of a url-encoded form in order, each character as it was sent."""
    try:
        return parse_qsl(
            raw.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=fields_at_most,
        )
    except ValueError:  # UnicodeDecodeError is one
        raise Malformed from None


class JsonBody(AbstractDTO[B]):
    """Makes Litestar read a handler's `data` by `read_json`: `dto=JsonBody[Kind]`.

    Give `return_dto=None` beside it, or Litestar takes it for the answer as well.
    """

    model_type: type[B]

    def decode_bytes(self, value: bytes) -> B:
        """Read the body."""
        return read_json(value, self.model_type)

    @classmethod
    def create_for_field_definition(cls, *args: Any, **kwargs: Any) -> None:
        """Prepare nothing: the struct is all there is."""

    @classmethod
    def create_openapi_schema(
        cls, field_definition: Any, handler_id: str, schema_creator: Any
    ) -> Reference | Schema:
        """Describe the struct, and what holds between its fields."""
        described: Reference | Schema = schema_creator.for_field_definition(field_definition)
        if isinstance(described, Reference):
            _describe(
                schema_creator.schema_registry.from_reference(described).schema, cls.model_type
            )
        return described

    @classmethod
    def generate_field_definitions(cls, model_type: type[Any]) -> Any:
        """Yield nothing: no model is copied."""
        return iter(())

    @classmethod
    def detect_nested_field(cls, field_definition: Any) -> bool:
        """Say no: no model is copied."""
        return False


def portable(pattern: str) -> str:
    """Return a pattern without halves of surrogate pairs.

    JSON cannot hold one, and readers that cannot name one take the whole pattern for nothing.
    """
    return pattern.replace(r"\ud800-\udfff", "")


def _describe(schema: Schema, kind: type[Body]) -> None:
    """Write each variant out completely: generators of test bodies do not combine schemas."""
    fields = {**(schema.properties or {}), **kind.DESCRIBED}
    for field in fields.values():
        if isinstance(field, Schema) and field.pattern:
            field.pattern = portable(field.pattern)
    schema.properties = fields
    if kind.VARIANTS:
        schema.properties = {name: Schema() for name in fields}
        schema.any_of = [
            Schema(
                type=OpenAPIType.OBJECT,
                properties={**fields, **variant.fields},
                required=sorted({*(schema.required or ()), *variant.needed}),
                additional_properties=False,
            )
            for variant in kind.VARIANTS
        ]


def _decode(raw: bytes) -> Any:
    try:
        return msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise Malformed from None


def _raise_all_faults(plain: Any, kind: type[B], error: msgspec.ValidationError) -> B:
    """Raise `Invalid` with all faults of a body that msgspec refused; `error` is the first."""
    if not isinstance(plain, dict):
        raise Invalid(FieldFault("", _("This should be an object."))) from None
    faults = _read(plain, kind, _BodyReader(_hide_key), lambda valid: ())[1]
    raise Invalid(*(faults or field_faults(error))) from None


class _BodyReader(StructReader):
    """Reads a JSON body."""

    def __init__(self, name_of_key: KeyName) -> None:
        super().__init__()
        self._name_of_key = name_of_key

    def key_path(self, key: str) -> str:
        """Return a key of a mapping as the fault's reader knows it."""
        return self._name_of_key(key)

    def unknown(self, path: str, names: Collection[str], fields: Fields) -> None:
        """Add one fault for all: their names are the caller's words, and so are not repeated."""
        self.faults.append((path, _("There is a field here that is not known.")))

    def missing(self, path: str, kind: type[msgspec.Struct], name: str) -> None:
        """Add the fault that the body has for this field, or the ordinary one."""
        needed = kind.NEEDED if issubclass(kind, Body) else {}
        self.faults.append((path, _(needed.get(name, NEEDED))))

    def invalid(self, path: str, error: msgspec.ValidationError, plain: Any, hint: Any) -> None:
        """Add what msgspec found, in our own words."""
        for fault in field_faults(error):
            field = f"{path}.{fault.field}" if fault.field else path
            self.faults.append((field, fault.message))


class _FormReader(_BodyReader):
    """Reads the answers of a form, which are texts."""

    strict = False


def _read(
    plain: Mapping[str, Any], kind: type[B], reader: StructReader, also: Between
) -> tuple[dict[str, Any], list[FieldFault]]:
    """Return the valid fields and all faults, one a field."""
    valid = reader.fields(plain, kind)
    of_fields = [FieldFault(field, message) for field, message in reader.faults]
    faults: dict[str, FieldFault] = {}
    for fault in (*of_fields, *kind.cross_field_faults(valid), *also(valid)):
        faults.setdefault(fault.field, fault)
    return valid, [*faults.values()]


def _hide_key(key: str) -> str:
    """Keys are the caller's words, and so are not repeated."""
    return "[...]"

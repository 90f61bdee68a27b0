"""The table that maps errors to HTTP statuses, and the body of every error (RFC 9457).

A caller under `/api`, or one that does not ask for a page, gets `application/problem+json`; a
browser elsewhere gets a page in the site's frame. Neither repeats anything that was sent.
A form with faulty fields shows itself again: its own route catches `Invalid` before this does.
"""

import errno
import re
from collections.abc import Callable, Iterable, Mapping
from http import HTTPStatus
from typing import Any

import msgspec
from litestar import Request, Response
from litestar.exceptions import HTTPException, MethodNotAllowedException, ValidationException
from litestar.openapi.datastructures import ResponseSpec
from litestar.types import ExceptionHandlersMap, Scope
from litestar.utils.path import normalize_path

from api import errors
from api.errors import FieldFault
from api.http import query_parameters
from api.security import contact_text
from catalogue.build import content_security_policy as policy
from catalogue.i18n.gettext import _, gettext_noop, ngettext

PROBLEM_TYPE = "application/problem+json"


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """The body of every error; `errors` lists fields, where fields are what is wrong."""

    type: str
    title: str
    status: int
    detail: str
    request_id: str
    errors: tuple[FieldFault, ...] = ()


_HTTP_STATUSES = frozenset(status.value for status in HTTPStatus)


class RenderedProblem(msgspec.Struct, frozen=True):
    """A problem as a whole HTML page, and the policy it is sent with."""

    html: str
    policy: str


RenderProblem = Callable[[Problem], RenderedProblem]
"""Renders a problem (`api/http/page_frame.py`)."""


class ProblemResponse(msgspec.Struct, frozen=True):
    """A problem as status, headers and body, for a handler or for `protection`."""

    status: int
    media_type: str
    body: bytes
    headers: dict[str, str]


STATUSES: Mapping[type[Exception], int] = {
    errors.DomainError: 400,
    errors.Malformed: 400,
    errors.Invalid: 422,
    errors.NotAllowed: 403,
    errors.Missing: 404,
    errors.Conflict: 409,
    errors.LinkExpired: 410,
    errors.TooMany: 429,
    errors.Unavailable: 503,
    ValidationException: 422,
    msgspec.ValidationError: 422,
    msgspec.DecodeError: 400,
    UnicodeDecodeError: 400,
    RecursionError: 400,
}
"""The nearest base class counts; an `HTTPException` of Litestar has its own; all else is 500."""

PASSING_ERRNOS = frozenset(
    (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EMFILE, errno.ENFILE, errno.ENOMEM)
)
"""Errors of the machine that pass, or that an operator must mend: 503, as for the database."""
OUT_OF_ORDER_SECONDS = 30

SENTENCES: Mapping[int, str] = {
    400: errors.Malformed.sentence,
    403: errors.NotAllowed.sentence,
    404: gettext_noop("There is nothing at this address."),
    405: gettext_noop("This address does not take that method."),
    408: gettext_noop("Not all of it reached us in time. Please send it again."),
    413: gettext_noop("This is longer than we can take."),
    414: gettext_noop("The address is longer than we can take."),
    415: gettext_noop("Send JSON as application/json, or a form as a form."),
    422: errors.Invalid.sentence,
    431: gettext_noop("The headers are longer than we can take."),
    429: gettext_noop("We had a lot from you in a short time. Please wait a minute."),
    503: errors.Unavailable.sentence,
    500: gettext_noop("Something went wrong on our side."),
}


def handlers(page: RenderProblem | None = None) -> ExceptionHandlersMap:
    """What `Litestar(exception_handlers=...)` wants; without `page` a browser gets JSON too."""

    def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
        ready = problem_response(request.scope, error, page)
        return Response(
            content=ready.body,
            status_code=ready.status,
            media_type=ready.media_type,
            headers=ready.headers,
        )

    return {HTTPException: answer_error, Exception: answer_error}


def responses(*statuses: int) -> dict[int, ResponseSpec]:
    """What a route's `responses=` wants, so that the OpenAPI document tells its errors."""
    return {
        status: ResponseSpec(
            Problem,
            media_type=PROBLEM_TYPE,
            description=SENTENCES.get(status, HTTPStatus(status).phrase),
            generate_examples=False,
        )
        for status in statuses
    }


def problem_response(
    scope: Scope, error: Exception, page: RenderProblem | None = None
) -> ProblemResponse:
    """Make the answer to an error, and leave the error in the scope for the one log line."""
    problem = problem_of(error, request_id(scope))
    if isinstance(error, ValidationException) and "route_handler" in scope:
        handler = scope["route_handler"]
        faults = (query_parameters.named_as_written(handler, fault) for fault in problem.errors)
        problem = msgspec.structs.replace(problem, errors=tuple(faults))
    if problem.status >= 500:
        scope["kith_error"] = error  # type: ignore[typeddict-unknown-key]
    headers = _headers_of(error, scope)
    if page and wants_page(scope):
        rendered = _rendered(problem, page)
        headers[policy.HEADER] = rendered.policy
        return ProblemResponse(problem.status, "text/html", rendered.html.encode(), headers)
    return ProblemResponse(problem.status, PROBLEM_TYPE, msgspec.json.encode(problem), headers)


def problem_of(error: Exception, request_id: str) -> Problem:
    """Look the error up in the table."""
    status = status_of(error)
    detail = _(SENTENCES[status]) if status in SENTENCES else f"{HTTPStatus(status).phrase}."
    kind = re.sub(r"[^a-z]+", "-", HTTPStatus(status).phrase.lower())
    faults: tuple[FieldFault, ...] = ()
    if isinstance(error, errors.DomainError):
        detail, kind = error.sentence, error.code
    if isinstance(error, errors.Invalid):
        faults = error.errors
    elif status == 422:
        kind, faults = "invalid", field_faults(error)
    return Problem(
        f"urn:kith:{kind}", HTTPStatus(status).phrase, status, detail, request_id, faults
    )


def status_of(error: Exception) -> int:
    """Return the status of an error."""
    for kind in type(error).__mro__:
        if kind in STATUSES:
            return STATUSES[kind]
    if isinstance(error, HTTPException) and error.status_code in _HTTP_STATUSES:
        return error.status_code
    return 503 if _is_out_of_order(error) else 500


def _is_out_of_order(error: Exception) -> bool:
    """Return whether it is the disk or the machine that fails, rather than we."""
    return isinstance(error, OSError) and error.errno in PASSING_ERRNOS


def field_faults(error: Exception) -> tuple[FieldFault, ...]:
    """Translate what Litestar or msgspec found into our messages, field by field."""
    if isinstance(error, ValidationException) and isinstance(error.extra, list):
        faults: Iterable[tuple[str, str]] = (
            (str(fault.get("message", "")), str(fault.get("key", ""))) for fault in error.extra
        )
    else:
        message, _, where = str(error).partition(" - at `$")
        faults = [(message, where.strip(".`"))]
    return tuple(_field_fault(message, where) for message, where in faults)


def request_id(scope: Scope) -> str:
    """The id `http/protection.py` gave this request."""
    return str(scope.get("kith_request_id", "-"))


def wants_page(scope: Scope) -> bool:
    """Return whether the caller is a browser that wants a page, rather than a program."""
    if scope["path"].startswith("/api"):
        return False
    headers = {name.lower(): value.lower() for name, value in scope["headers"]}
    accepts = b"text/html" in headers.get(b"accept", b"")
    return accepts or b"form" in headers.get(b"content-type", b"")


def _headers_of(error: Exception, scope: Scope) -> dict[str, str]:
    if isinstance(error, errors.TooMany | errors.Unavailable):
        return {"Retry-After": str(error.after_seconds)}
    if _is_out_of_order(error):
        return {"Retry-After": str(OUT_OF_ORDER_SECONDS)}
    if isinstance(error, MethodNotAllowedException):
        return {"Allow": ", ".join(_allowed_methods(scope))}
    return {}


def _allowed_methods(scope: Scope) -> list[str]:
    """Try each method in Litestar's router: its 405 lacks the `Allow` header of RFC 9110."""
    router = scope["litestar_app"].asgi_router
    allowed = []
    for method in ("GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"):
        try:
            router.handle_routing(path=normalize_path(scope["path"]), method=method)
        except HTTPException:
            continue
        allowed.append(method)
    return allowed


def _rendered(problem: Problem, page: RenderProblem) -> RenderedProblem:
    """Render the page; if that fails, return a minimal one, so that the first error is shown."""
    try:
        return page(problem)
    except Exception:
        html = f"<!doctype html><title>{problem.title}</title><p>{problem.detail}</p>"
        return RenderedProblem(html, policy.STRICTEST)


_KINDS = {
    "str": gettext_noop("This should be text."),
    "int": gettext_noop("This should be a whole number."),
    "float": gettext_noop("This should be a number."),
    "bool": gettext_noop("This should be true or false."),
    "array": gettext_noop("This should be a list."),
    "object": gettext_noop("This should be an object."),
    "date": gettext_noop("This should be a date such as 2026-11-22."),
}

_PATTERNS = {
    contact_text.EMAIL: gettext_noop("Write one e-mail address, such as name@example.org."),
    contact_text.ONE_LINE: gettext_noop(
        "There are characters here that we cannot use. Please use letters and numbers."
    ),
    contact_text.SEVERAL_LINES: gettext_noop(
        "There are hidden characters here. Please type it again."
    ),
}

_FIELD = r"[A-Za-z_][A-Za-z0-9_]*"
_PATH = re.compile(rf"{_FIELD}(\[\d+\]|\.{_FIELD})*")


def _field_fault(message: str, where: str) -> FieldFault:
    """Translate one message of msgspec. What it quotes from the input is dropped."""
    missing = re.fullmatch(rf"Object missing required field `({_FIELD})`", message)
    where = where if _PATH.fullmatch(where) and where != "data" else ""
    if missing:
        where = f"{where}.{missing[1]}" if where else missing[1]
        return FieldFault(where, _("This is needed."))
    return FieldFault(where, _translate_message(message))


def _translate_message(message: str) -> str:
    length = re.match(r"Expected `(\w+)` of length (<=|>=) (\d+)", message)
    if length:
        return _length_message(length[1] == "array", length[2] == "<=", int(length[3]))
    pattern = re.match(r"Expected `str` matching regex ", message)
    if pattern:
        quoted = message[pattern.end() :]
        return _(
            next((text for key, text in _PATTERNS.items() if repr(key) == quoted), _OTHER_FAULT)
        )
    if message.startswith("Invalid enum value"):
        return _("This is not one of the choices.")
    if message.startswith("Object contains unknown field"):
        return _("There is a field here that is not known.")
    kind = re.match(r"Expected `(\w+)(?: \| null)?`, got `(\w+)`", message)
    return _(_KINDS[kind[1]] if kind and kind[1] in _KINDS else _OTHER_FAULT)


_OTHER_FAULT = gettext_noop("This is not written as it should be.")


def _length_message(is_list: bool, at_most: bool, num: int) -> str:
    if is_list and at_most:
        return ngettext(
            "This may have at most %(num)s entry.", "This may have at most %(num)s entries.", num
        )
    if is_list:
        return ngettext(
            "This needs at least %(num)s entry.", "This needs at least %(num)s entries.", num
        )
    if at_most:
        return ngettext(
            "This may have at most %(num)s character.",
            "This may have at most %(num)s characters.",
            num,
        )
    return ngettext(
        "This needs at least %(num)s character.", "This needs at least %(num)s characters.", num
    )

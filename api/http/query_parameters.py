"""The query parameters of a route: which it takes, and which values where there is a closed list.

A program that writes `plaec=Wells` is told so, instead of being answered as if it had asked for
nothing. Pages are left alone: other sites add parameters of their own to links.
"""

import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import msgspec
from litestar import Request
from litestar.handlers import BaseRouteHandler
from litestar.params import QueryParameter

from api.errors import FieldFault, Malformed
from catalogue.faults import did_you_mean
from catalogue.i18n.gettext import _


class Parameter(msgspec.Struct, frozen=True):
    """A parameter as it is written in an address, and its choices where they are closed."""

    name: str
    choices: tuple[str, ...] = ()


@cache
def parameters_of(handler: BaseRouteHandler) -> Mapping[str, Parameter]:
    """Return the query parameters of a route by the names that its function gives them."""
    fields = handler.parsed_fn_signature.parameters.items()
    return {
        name: Parameter(field.kwarg_definition.name or name, _choices(field.annotation))
        for name, field in fields
        if isinstance(field.kwarg_definition, QueryParameter)
    }


def refuse_unknown(request: Request[Any, Any, Any]) -> None:
    """Raise Malformed where a program's question has a parameter that the route does not take."""
    if request.method != "GET" or not request.url.path.startswith("/api/"):
        return
    names = [parameter.name for parameter in parameters_of(request.route_handler).values()]
    unknown = [name for name in request.query_params if name not in names]
    if not unknown:
        return
    if not names:
        raise Malformed(_("This address takes no parameters."))
    hint = _(
        "There is a parameter that this address does not take. It takes: %(names)s.",
        names=", ".join(names),
    )
    raise Malformed(hint + did_you_mean(unknown[0], names))


def named_as_written(handler: BaseRouteHandler, fault: FieldFault) -> FieldFault:
    """Return the fault of a parameter by the name it has in an address, with its choices."""
    parameter = parameters_of(handler).get(fault.field)
    if parameter is None:
        return fault
    return FieldFault(parameter.name, not_one_of(parameter.choices) or fault.message)


def not_one_of(choices: typing.Iterable[str]) -> str:
    """Return what a value must be one of; nothing where there is no closed list."""
    names = ", ".join(filter(None, choices))
    return _("This is not one of the choices: %(names)s.", names=names) if names else ""


def _choices(annotation: Any) -> tuple[str, ...]:
    if typing.get_origin(annotation) is Literal:
        return tuple(str(choice) for choice in typing.get_args(annotation))
    return tuple(choice for inner in typing.get_args(annotation) for choice in _choices(inner))

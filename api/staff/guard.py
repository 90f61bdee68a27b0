"""In front of every staff page: who is signed in, and whether they may.

A route says `opt={"may": ...}` with a permission of `roles.py`. The cookie's name begins with
`__Host-`, so no other host and no other path can set it, and it travels over https only (and to
one's own machine); being `Strict` it comes with no request that a foreign page began.
"""

import re
from typing import Any

from litestar import Request, Response, Router
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from api.context import Context
from api.errors import NotAllowed
from api.staff import roles, sign_in
from api.staff.sign_in import SignedInStaff, SignedOut
from catalogue.i18n.gettext import _, gettext_noop

COOKIE = "__Host-kith-staff"
SIGN_IN = "/staff/sign-in"
BROWSERS = re.compile(r"(Firefox|Edg|OPR|SamsungBrowser|Chrome|Safari)/")
SYSTEMS = re.compile(r"(iPhone|iPad|Android|Windows|Macintosh|CrOS|Linux)")

LOST = gettext_noop(
    "You were signed out, and what you sent was not kept. Sign in in another window, then come "
    "back to this one and send it again."
)


class RoleNotAllowed(NotAllowed):
    """Signed in, but in no role that may."""

    sentence = gettext_noop("This is for other roles than yours. Ask an admin if you need it.")


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Let nobody on who is not signed in, or may not. Raises SignedOut or RoleNotAllowed."""
    token = connection.cookies.get(COOKIE, "")
    who = (
        await sign_in.known(token, connection.app.state["context"].at_present()) if token else None
    )
    if who is None:
        raise SignedOut
    if not roles.has_permission(who.staff.roles, handler.opt.get("may", "")):
        raise RoleNotAllowed
    connection.scope["kith_staff"] = who  # type: ignore[typeddict-unknown-key]


def signed_in(request: Request[Any, Any, Any]) -> SignedInStaff:
    """Return whom the guard let on: a dependency of staff pages by the name of `staff`."""
    who: SignedInStaff = request.scope["kith_staff"]  # type: ignore[typeddict-item]
    return who


def to_sign_in(request: Request[Any, Any, Any], error: SignedOut) -> Response[Any]:
    """Send a reader to the sign-in page; tell a sender that nothing was taken."""
    if request.method in ("GET", "HEAD"):
        return Redirect(SIGN_IN, status_code=303, headers={"cache-control": "no-store"})
    context: Context = request.app.state["context"]
    values = {"sentence": _(LOST), "sign_in": SIGN_IN}
    return context.pages.page("staff/signed_out.html", _("You were signed out"), values, 401)


def cookie(token: str) -> Cookie:
    """Return the cookie that bears a login, until the browser is closed."""
    return Cookie(COOKIE, value=token, path="/", secure=True, httponly=True, samesite="strict")


def no_cookie() -> Cookie:
    """Return what takes the cookie away."""
    return Cookie(
        COOKIE, value="", path="/", secure=True, httponly=True, samesite="strict", max_age=0
    )


def device_of(request: Request[Any, Any, Any]) -> str:
    """Return a few words for the list of one's logins, such as "Firefox on Windows"."""
    agent = request.headers.get("user-agent", "")
    browser, system = BROWSERS.search(agent), SYSTEMS.search(agent)
    named = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet"}
    name = named.get(browser[1], browser[1]) if browser else _("A browser")
    return _("%(browser)s on %(system)s", browser=name, system=system[1]) if system else name


def staff_router(*pages: Any) -> Router:
    """Return a feature's staff pages behind the guard; `staff` (a `SignedInStaff`) is who asks."""
    return Router(
        "/",
        route_handlers=[*pages],
        guards=[guard],
        dependencies={"staff": Provide(signed_in, sync_to_thread=False)},
        exception_handlers={SignedOut: to_sign_in},
        include_in_schema=False,
    )

"""Access control of staff pages: who is signed in, and whether they have the permission.

A route names a permission of `roles.py` as `opt={"may": ...}`. The cookie's name begins with
`__Host-`, so no other host or path can set it, and it is sent over https only (and to localhost).
It is `SameSite=Strict`: no request that another site's page makes carries it.
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
from api.http import problems
from api.staff import roles, sign_in
from api.staff.sign_in import SignedInStaff, SignedOut
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.forms import FieldError, Form

COOKIE = "__Host-kith-staff"
SIGN_IN_URL = "/staff/sign-in"
CONFIRM_URL = "/staff/confirm"
BROWSERS = re.compile(r"(Firefox|Edg|OPR|SamsungBrowser|Chrome|Safari)/")
BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet"}
SYSTEMS = re.compile(r"(iPhone|iPad|Android|Windows|Macintosh|CrOS|Linux)")

NOT_SAVED = gettext_noop(
    "You were signed out, and what you sent was not kept. Sign in in another window, then come "
    "back to this one and send it again."
)


class RoleNotAllowed(NotAllowed):
    """Signed in, but in no role that has the permission."""

    code = "not-yours"
    sentence = gettext_noop("This is for other roles than yours. Ask an admin if you need it.")

    def __init__(self, staff: SignedInStaff, permission: str) -> None:
        self.staff, self.permission = staff, permission
        super().__init__()


class CodeNeeded(NotAllowed):
    """Signed in, but the last code was entered too long ago for what is asked."""

    code = "code-needed"
    sentence = gettext_noop("Enter the code from your phone first.")

    def __init__(self, next_url: str) -> None:
        self.next_url = next_url
        super().__init__()


class ConfirmCodePage(Page, frozen=True):
    """Asks for a code, and leads to `next_url` after it."""

    template = "staff/confirm_code.html"

    form: Form
    next_url: str


class RoleNotAllowedPage(Page, frozen=True, kw_only=True):
    """A page that other roles open: which, in which roles one is, and who can give one more.

    `people_url` is where one may give roles oneself, "" for all but an admin.
    """

    template = "staff/not_allowed.html"

    opened_by: tuple[str, ...]
    own_roles: tuple[str, ...]
    people_url: str


class SignedOutPage(Page, frozen=True):
    """Nobody is signed in, or a link no longer works: `sentence` says which."""

    template = "staff/signed_out.html"

    sentence: str
    sign_in_url: str = SIGN_IN_URL


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Check login, permission, and the age of the code where a route has `opt={"step_up": ...}`.

    That names the page to come back to. Raises SignedOut, RoleNotAllowed or CodeNeeded.
    """
    token = connection.cookies.get(COOKIE, "")
    if not token:
        raise SignedOut
    context: Context = connection.app.state["context"]
    staff = await sign_in.find_signed_in(token, context.at_present())
    if not roles.has_permission(staff.roles, handler.opt.get("may", "")):
        raise RoleNotAllowed(staff, handler.opt.get("may", ""))
    return_to = handler.opt.get("step_up")
    if return_to and not sign_in.has_fresh_code(staff, context.at_present().now):
        raise CodeNeeded(return_to)
    connection.scope["kith_staff"] = staff  # type: ignore[typeddict-unknown-key]


def signed_in_staff(request: Request[Any, Any, Any]) -> SignedInStaff:
    """Return whom the guard accepted; staff pages get this as the dependency `staff`."""
    staff: SignedInStaff = request.scope["kith_staff"]  # type: ignore[typeddict-item]
    return staff


def handle_signed_out(request: Request[Any, Any, Any], error: SignedOut) -> Response[Any]:
    """Redirect a GET to the sign-in page; tell the sender of a form that nothing was saved."""
    if request.method in ("GET", "HEAD"):
        return Redirect(SIGN_IN_URL, status_code=303, headers={"cache-control": "no-store"})
    context: Context = request.app.state["context"]
    return context.pages.page(
        SignedOutPage(sentence=_(NOT_SAVED)), _("You were signed out"), status=401
    )


def handle_role_not_allowed(
    request: Request[Any, Any, Any], error: RoleNotAllowed
) -> Response[Any]:
    """Tell a browser which role opens the page; a program gets the problem."""
    if not problems.wants_page(request.scope):
        ready = problems.problem_response(request.scope, error)
        return Response(
            ready.body, status_code=ready.status, media_type=ready.media_type, headers=ready.headers
        )
    context: Context = request.app.state["context"]
    roles_held = error.staff.roles
    page = RoleNotAllowedPage(
        opened_by=tuple(_(roles.ROLE_NAMES[role]) for role in roles.roles_with(error.permission)),
        own_roles=tuple(_(roles.ROLE_NAMES[role]) for role in roles.ROLES if role in roles_held),
        people_url="/staff/people" if roles.has_permission(roles_held, "staff") else "",
    )
    return context.pages.page(page, _("This page is for another role"), status=403)


def handle_code_needed(request: Request[Any, Any, Any], error: CodeNeeded) -> Response[Any]:
    """Ask a browser for the code; a program gets the problem."""
    if not problems.wants_page(request.scope):
        ready = problems.problem_response(request.scope, error)
        return Response(
            ready.body, status_code=ready.status, media_type=ready.media_type, headers=ready.headers
        )
    context: Context = request.app.state["context"]
    return confirm_code_page(context, error.next_url)


def confirm_code_page(
    context: Context, next_url: str, fault: FieldError | None = None
) -> Response[Any]:
    """Return the page that asks for a code once more."""
    form = Form(CONFIRM_URL, errors=(fault,) if fault else ())
    page = ConfirmCodePage(form, next_url)
    title = _("The code from your phone, once more")
    return context.pages.page(page, title, status=422 if fault else 403)


def login_cookie(token: str) -> Cookie:
    """Return the cookie that holds a login's token until the browser is closed."""
    return Cookie(COOKIE, value=token, path="/", secure=True, httponly=True, samesite="strict")


def expired_login_cookie() -> Cookie:
    """Return the cookie that makes a browser delete the login's cookie."""
    return Cookie(
        COOKIE, value="", path="/", secure=True, httponly=True, samesite="strict", max_age=0
    )


def device_name(request: Request[Any, Any, Any]) -> str:
    """Return a few words for the list of logins, such as "Firefox on Windows"."""
    agent = request.headers.get("user-agent", "")
    browser, system = BROWSERS.search(agent), SYSTEMS.search(agent)
    name = BROWSER_NAMES.get(browser[1], browser[1]) if browser else _("A browser")
    return _("%(browser)s on %(system)s", browser=name, system=system[1]) if system else name


def staff_router(*handlers: Any) -> Router:
    """Return a router for handlers that need a permission; `staff` is their `SignedInStaff`."""
    return Router(
        "/",
        route_handlers=[*handlers],
        guards=[guard],
        dependencies={"staff": Provide(signed_in_staff, sync_to_thread=False)},
        exception_handlers={
            SignedOut: handle_signed_out,
            RoleNotAllowed: handle_role_not_allowed,
            CodeNeeded: handle_code_needed,
        },
        include_in_schema=False,
    )

"""Access control of staff pages: who is signed in, and whether they have the permission.

A route names a permission of `roles.py` as `opt={"may": ...}`. The cookie's name begins with
`__Host-`, so no other host or path can set it, and it is sent over https only (and to localhost).
It is `SameSite=Strict`: no request that another site's page makes carries it.

A form that arrives without a login, or without a fresh code where one is needed, is written into
the page that says so, for its sender to send again to the same address. The service keeps nothing.
"""

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Request, Response, Router
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.di import Provide
from litestar.handlers import BaseRouteHandler
from litestar.response import Redirect

from api.context import Context
from api.errors import Malformed, NotAllowed, TooMany
from api.http import problems
from api.http.request_bodies import form_fields
from api.staff import roles, sign_in
from api.staff.sign_in import SignedInStaff, SignedOut, WrongCode
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.outputs.forms import FieldError, Form

COOKIE = "__Host-kith-staff"
SIGN_IN_URL = "/staff/sign-in"
CONFIRM_URL = "/staff/confirm"
CODE_FIELD = "step_up_code"
"""The field of a code that comes along with a form; no form has one of this name."""
MAX_CODE_CHARACTERS = 40
OWN_LOGIN = "own_login"
"""The permission of the pages about one's own login: their forms hold codes, and are not kept."""
PostedFields = tuple[tuple[str, str], ...]
"""The fields of a form as it was sent, in order; a name may come more than once."""
BROWSERS = re.compile(r"(Firefox|Edg|OPR|SamsungBrowser|Chrome|Safari)/")
BROWSER_NAMES = {"Edg": "Edge", "OPR": "Opera", "SamsungBrowser": "Samsung Internet"}
SYSTEMS = re.compile(r"(iPhone|iPad|Android|Windows|Macintosh|CrOS|Linux)")

NOT_SAVED = gettext_noop(
    "You were signed out, and what you sent was not kept. Sign in in another window, then come "
    "back to this one and send it again."
)
KEPT = gettext_noop(
    "You were signed out, and nothing was changed. All that you typed and ticked is kept on this "
    "page. Sign in in another window, then come back to this one and send it again."
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

    def __init__(self, next_url: str, refused: str = "") -> None:
        self.next_url, self.refused = next_url, refused
        super().__init__()


class ConfirmCodePage(Page, frozen=True):
    """Asks for a code.

    With `fields`, the page sends them and the code to the address at which they arrived;
    otherwise the code alone, and `next_url` is where it leads.
    """

    template = "staff/confirm_code.html"

    form: Form
    next_url: str
    fields: PostedFields = ()
    code_field: str = "code"


class RoleNotAllowedPage(Page, frozen=True, kw_only=True):
    """A page that other roles open: which, in which roles one is, and who can give one more.

    `people_url` is where one may give roles oneself, "" for all but an admin.
    """

    template = "staff/not_allowed.html"

    opened_by: tuple[str, ...]
    own_roles: tuple[str, ...]
    people_url: str


class SignedOutPage(Page, frozen=True):
    """Nobody is signed in, or a link no longer works: `sentence` says which.

    With `fields`, the page sends them once more to the address at which they arrived.
    """

    template = "staff/signed_out.html"

    sentence: str
    sign_in_url: str = SIGN_IN_URL
    fields: PostedFields = ()


async def guard(connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler) -> None:
    """Check login, permission, and the age of the code where a route has `opt={"step_up": ...}`.

    That names the page to come back to. A form may bring the code along, in `CODE_FIELD`. Raises
    SignedOut, RoleNotAllowed or CodeNeeded.
    """
    permission = handler.opt.get("may", "")
    fields = () if permission == OWN_LOGIN else await _read_posted_fields(connection)
    connection.scope["kith_posted"] = fields  # type: ignore[typeddict-unknown-key]
    token = connection.cookies.get(COOKIE, "")
    if not token:
        raise SignedOut
    context: Context = connection.app.state["context"]
    context = from_where(connection, context.at_present())
    staff = await sign_in.find_signed_in(token, context)
    if not roles.has_permission(staff.roles, permission):
        await sign_in.note_refusal(staff, context)
        raise RoleNotAllowed(staff, permission)
    return_to = handler.opt.get("step_up")
    if return_to and not sign_in.has_fresh_code(staff, context.now):
        await _take_code(staff, fields, return_to, context)
    connection.scope["kith_staff"] = staff  # type: ignore[typeddict-unknown-key]


async def _read_posted_fields(connection: ASGIConnection[Any, Any, Any, Any]) -> PostedFields:
    """Return the fields of a form, none of a GET, a JSON body or what cannot be read."""
    if not isinstance(connection, Request) or connection.method != "POST":
        return ()
    try:
        return tuple(form_fields(await connection.body()))
    except Malformed:  # the handler refuses it
        return ()


async def _take_code(
    staff: SignedInStaff, fields: PostedFields, return_to: str, context: Context
) -> None:
    """Accept the code that a form brings along. Raises CodeNeeded without a right one."""
    code = next((value for name, value in fields if name == CODE_FIELD), None)
    if code is None:
        raise CodeNeeded(return_to)
    try:
        context.limits.check_value("codes_of_staff", staff.id)
        await sign_in.confirm_login(staff, code[:MAX_CODE_CHARACTERS], context)
    except (WrongCode, TooMany) as error:
        raise CodeNeeded(return_to, error.sentence) from None


def _fields_to_send_again(request: Request[Any, Any, Any]) -> PostedFields:
    """Return what was posted, without the code that came along."""
    posted: Iterable[tuple[str, str]] = request.scope.get("kith_posted", ())  # type: ignore[assignment]
    return tuple((name, value) for name, value in posted if name != CODE_FIELD)


def from_where(connection: ASGIConnection[Any, Any, Any, Any], context: Context) -> Context:
    """Return the context with the network that a request came from."""
    return msgspec.structs.replace(context, source=context.limits.source(connection.scope))


def signed_in_staff(request: Request[Any, Any, Any]) -> SignedInStaff:
    """Return whom the guard accepted; staff pages get this as the dependency `staff`."""
    staff: SignedInStaff = request.scope["kith_staff"]  # type: ignore[typeddict-item]
    return staff


def handle_signed_out(request: Request[Any, Any, Any], error: SignedOut) -> Response[Any]:
    """Redirect a GET to the sign-in page; give the sender of a form back what they sent."""
    if request.method in ("GET", "HEAD"):
        return Redirect(SIGN_IN_URL, status_code=303, headers={"cache-control": "no-store"})
    context: Context = request.app.state["context"]
    fields = _fields_to_send_again(request)
    page = SignedOutPage(sentence=_(KEPT if fields else NOT_SAVED), fields=fields)
    return context.pages.page(page, _("You were signed out"), status=401)


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
    if request.method == "POST":
        fault = FieldError(CODE_FIELD, error.refused) if error.refused else None
        return _code_page(context, error.next_url, fault, _fields_to_send_again(request))
    query = request.scope["query_string"].decode("latin-1")
    return confirm_code_page(context, f"{error.next_url}?{query}" if query else error.next_url)


def confirm_code_page(
    context: Context, next_url: str, fault: FieldError | None = None
) -> Response[Any]:
    """Return the page that asks for a code once more, and leads to an address after it."""
    return _code_page(context, next_url, fault, None)


def _code_page(
    context: Context, next_url: str, fault: FieldError | None, fields: PostedFields | None
) -> Response[Any]:
    """Return the page that asks for a code, with the fields of a form; None where none was sent."""
    form = Form("" if fields is not None else CONFIRM_URL, errors=(fault,) if fault else ())
    code_field = "code" if fields is None else CODE_FIELD
    page = ConfirmCodePage(form, next_url, fields or (), code_field)
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

"""Pages for signing in and out and for a member's own logins; the router of the whole area."""

import re
from typing import Any

import msgspec
from litestar import Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.context import Context
from api.errors import LinkExpired
from api.http.expired_links import expired_link_handlers
from api.http.request_bodies import AnyRequest, form_answers
from api.staff import guard, second_factor, sign_in, store
from api.staff.audit_routes import audit_page
from api.staff.guard import COOKIE, MAX_CODE_CHARACTERS, SIGN_IN_URL, SignedOutPage
from api.staff.people_routes import people_handlers
from api.staff.sign_in import SignedInStaff, SignedOut, WrongCode
from api.staff.store import Login
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.outputs.formatting import LOCAL, clock, day
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.print.qr import Code, Codes

MAX_EMAIL_CHARACTERS = 254
HOME_URL = "/staff"
CODE_URL = "/staff/code"
LOGINS_URL = "/staff/logins"
RECOVERY_CODES_URL = "/staff/logins/recovery-codes"
OWN_PAGE = re.compile(r"/staff/[a-z0-9/-]*(\?[A-Za-z0-9_.~%+=&-]*)?")
"""A page of the staff area, which one may be led to after a code."""


class SignInPage(Page, frozen=True):
    """Asks for the address to send a link to."""

    template = "staff/sign_in.html"

    form: Form


class SignInLinkSentPage(Page, frozen=True):
    """Says that a link is on its way, the same whether anybody has the address."""

    template = "staff/link_sent.html"

    minutes: int
    sign_in_url: str = SIGN_IN_URL


class SignInLinkPage(Page, frozen=True):
    """What a letter's link shows: the button that uses it."""

    template = "staff/link.html"

    action: str


class SignInCodePage(Page, frozen=True, kw_only=True):
    """Asks for the code. Where no phone is paired yet, the other fields say how to pair one."""

    template = "staff/code.html"

    form: Form
    pairing_address: str
    secret: str
    qr_code: Code | None


class RecoveryCodesPage(Page, frozen=True):
    """Shows new recovery codes, once."""

    template = "staff/recovery_codes.html"

    codes: tuple[str, ...]
    next_url: str = HOME_URL


class LoginRow(msgspec.Struct, frozen=True, kw_only=True):
    """A login as the list shows it; `is_current` is the one of this request."""

    id: str
    device: str
    is_current: bool
    since: str
    last_seen: str


class LoginsPage(Page, frozen=True, kw_only=True):
    """Where a member is signed in, and how many recovery codes are left."""

    template = "staff/logins.html"

    logins: tuple[LoginRow, ...]
    recovery_codes_left: int
    form: Form


@get(SIGN_IN_URL)
async def show_sign_in(context: NamedDependency[Context]) -> Response[str]:
    """Ask for the address to send a link to."""
    return context.pages.page(SignInPage(Form(SIGN_IN_URL)), _("Sign in"))


@post(SIGN_IN_URL)
async def send_link(request: AnyRequest, context: NamedDependency[Context]) -> Response[str]:
    """Send a link, and answer the same whether anybody has the address.

    Its limit is not the one of using links: who asks too often does not keep a colleague on the
    same network from using theirs.
    """
    context.limits.check(request.scope, "sign_in_links")
    answers = form_answers(await request.body())
    email = next(iter(answers.get("email", ())), "")[:MAX_EMAIL_CHARACTERS]
    if "@" not in email:
        fault = FieldError("email", _("Write your e-mail address."))
        form = Form(SIGN_IN_URL, {"email": email}, (fault,))
        return context.pages.page(SignInPage(form), _("Sign in"), status=422)
    await sign_in.send_link(email, guard.from_where(request, context))
    context.outbox.nudge()
    minutes = int(sign_in.LINK_VALID_FOR.total_seconds() // 60)
    return context.pages.page(SignInLinkSentPage(minutes), _("Check your e-mail"))


@get("/staff/sign-in/{token:str}")
async def show_link(token: FromPath[str], context: NamedDependency[Context]) -> Response[str]:
    """Show the button that signs in, and change nothing: mail scanners open links too."""
    await sign_in.check_link(token, context)
    return context.pages.page(SignInLinkPage(f"{SIGN_IN_URL}/{token}"), _("Sign in"))


@post("/staff/sign-in/{token:str}")
async def use_link(
    request: AnyRequest, token: FromPath[str], context: NamedDependency[Context]
) -> Redirect:
    """Use the link up, and ask for the code."""
    context.limits.check(request.scope, "sign_in")
    login_token = await sign_in.start_login(
        token, guard.device_name(request), guard.from_where(request, context)
    )
    return _redirect_with_login(CODE_URL, login_token)


@get(CODE_URL)
async def show_code_form(request: AnyRequest, context: NamedDependency[Context]) -> Response[str]:
    """Ask for the code; show how to pair an app where none is paired yet."""
    return await _code_page(request, context)


@post(CODE_URL)
async def enter_code(request: AnyRequest, context: NamedDependency[Context]) -> Response[Any]:
    """Accept the code, or show what is wrong; after five wrong codes the login ends."""
    context.limits.check(request.scope, "sign_in")
    field, code = _submitted_code(await request.body())
    token = request.cookies.get(COOKIE, "")
    try:
        # Counted for the member, however many logins the attempts are spread over.
        staff_id = await sign_in.staff_id_awaiting_code(token, context)
        context.limits.check_value("codes_of_staff", staff_id)
        completed = await sign_in.complete_login(token, code, guard.from_where(request, context))
    except WrongCode as error:
        return await _code_page(request, context, FieldError(field, error.sentence))
    if not completed.recovery_codes:
        return _redirect_with_login(HOME_URL, completed.token)
    response = _recovery_codes_page(context, completed.recovery_codes)
    response.set_cookie(guard.login_cookie(completed.token))
    return response


@get(LOGINS_URL, opt={"may": "own_login"})
async def show_logins(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show where the member is signed in, and how many recovery codes are left."""
    return await _logins_page(staff, context)


@post(RECOVERY_CODES_URL, opt={"may": "own_login"})
async def renew_recovery_codes(
    request: AnyRequest, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Make new recovery codes for whoever enters a code once more, and show them once."""
    field, code = _submitted_code(await request.body())
    context.limits.check_value("codes_of_staff", staff.id)
    try:
        codes = await sign_in.new_recovery_codes(staff, code, context)
    except WrongCode as error:
        return await _logins_page(staff, context, FieldError(field, error.sentence))
    return _recovery_codes_page(context, codes)


@post(guard.CONFIRM_URL, opt={"may": "own_login"})
async def confirm_code(
    request: AnyRequest, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[Any]:
    """Take a code once more, and lead back to where one came from."""
    body = await request.body()
    field, code = _submitted_code(body)
    asked = next(iter(form_answers(body).get("next", ())), "")
    next_url = asked if OWN_PAGE.fullmatch(asked) else HOME_URL
    context.limits.check_value("codes_of_staff", staff.id)
    try:
        await sign_in.confirm_login(staff, code, guard.from_where(request, context))
    except WrongCode as error:
        return guard.confirm_code_page(context, next_url, FieldError(field, error.sentence))
    return Redirect(next_url, status_code=303)


@post("/staff/logins/{login_id:str}/end", opt={"may": "own_login"})
async def end_login(
    login_id: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Redirect:
    """Sign out on one device."""
    await sign_in.end_login(staff, login_id, context)
    return Redirect(LOGINS_URL, status_code=303)


@post("/staff/sign-out", opt={"may": "own_login"})
async def sign_out(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Redirect:
    """Sign out on this device."""
    await sign_in.end_login(staff, staff.login.id, context)
    return Redirect(SIGN_IN_URL, status_code=303, cookies=[guard.expired_login_cookie()])


async def _code_page(
    request: AnyRequest, context: Context, fault: FieldError | None = None
) -> Response[str]:
    address = await sign_in.pairing_address(request.cookies.get(COOKIE, ""), context)
    page = SignInCodePage(
        form=Form(CODE_URL, errors=(fault,) if fault else ()),
        pairing_address=address,
        secret=second_factor.secret_in_groups(address),
        qr_code=Codes().code(address) if address else None,
    )
    title = _("The code from your phone")
    return context.pages.page(page, title, status=422 if fault else 200)


async def _logins_page(
    staff: SignedInStaff, context: Context, fault: FieldError | None = None
) -> Response[str]:
    page = LoginsPage(
        logins=tuple(
            _login_row(login, staff) for login in await sign_in.list_logins(staff, context)
        ),
        recovery_codes_left=await context.database.read(
            lambda connection: store.count_recovery_codes(connection, staff.id)
        ),
        form=Form(RECOVERY_CODES_URL, errors=(fault,) if fault else ()),
    )
    title = _("Where you are signed in")
    return context.pages.page(page, title, status=422 if fault else 200)


def _login_row(login: Login, staff: SignedInStaff) -> LoginRow:
    return LoginRow(
        id=login.id,
        device=login.device,
        is_current=login.id == staff.login.id,
        since=f"{day(login.created_at.astimezone(LOCAL).date())}, {clock(login.created_at)}",
        last_seen=f"{day(login.seen_at.astimezone(LOCAL).date())}, {clock(login.seen_at)}",
    )


def _recovery_codes_page(context: Context, codes: tuple[str, ...]) -> Response[str]:
    return context.pages.page(RecoveryCodesPage(codes), _("Your recovery codes"))


def _submitted_code(body: bytes) -> tuple[str, str]:
    """Return the name of the field that was filled in (`code` or `recovery`), and its value."""
    answers = form_answers(body)
    field = "recovery" if "recovery" in answers else "code"
    return field, next(iter(answers.get(field, ())), "")[:MAX_CODE_CHARACTERS]


def _redirect_with_login(url: str, token: str) -> Redirect:
    return Redirect(url, status_code=303, cookies=[guard.login_cookie(token)])


def _expired_link_page(_service: object) -> SignedOutPage:
    return SignedOutPage(sentence=_(LinkExpired.sentence))


sign_in_router = Router(
    "/",
    route_handlers=[show_sign_in, send_link, show_link, use_link, show_code_form, enter_code],
    exception_handlers={
        SignedOut: guard.handle_signed_out,
        **expired_link_handlers(_expired_link_page, section=""),
    },
    include_in_schema=False,
)

router = Router(
    "/",
    route_handlers=[
        sign_in_router,
        guard.staff_router(
            show_logins,
            renew_recovery_codes,
            confirm_code,
            end_login,
            sign_out,
            audit_page,
            *people_handlers,
        ),
    ],
)

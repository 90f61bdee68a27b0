"""The staff area's own pages: signing in and out, one's logins, and the way to everything else."""

from typing import Any, TypeAlias

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.context import Context
from api.errors import LinkExpired
from api.http.request_bodies import form_answers
from api.staff import guard, second_factor, sign_in, store
from api.staff.guard import COOKIE, SIGN_IN
from api.staff.people_routes import audit_page, people_pages
from api.staff.sign_in import SignedInStaff, SignedOut, WrongCode
from catalogue.i18n.gettext import _
from catalogue.outputs.formatting import LOCAL, clock, day
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.print.qr import Codes

Asking: TypeAlias = Request[Any, Any, Any]
ADDRESS_CHARACTERS = 254
CODE_CHARACTERS = 40
AFTER = "/staff"


@get("/staff/sign-in")
async def ask(context: NamedDependency[Context]) -> Response[str]:
    """Ask for the address to send a link to."""
    return _asked(context, Form(SIGN_IN))


@post("/staff/sign-in")
async def send(request: Asking, context: NamedDependency[Context]) -> Response[str]:
    """Send a link, and answer the same whether anybody has the address.

    Counted apart from the links' use: whoever asks too often keeps no colleague from using theirs.
    """
    context.limits.check(request.scope, "sign_in_links")
    answers = form_answers(await request.body())
    email = next(iter(answers.get("email", ())), "")[:ADDRESS_CHARACTERS]
    if "@" not in email:
        fault = FieldError("email", _("Write your e-mail address."))
        return _asked(context, Form(SIGN_IN, {"email": email}, (fault,)), 422)
    await sign_in.send_link(email, context)
    context.outbox.nudge()
    minutes = int(sign_in.LINK_WORKS.total_seconds() // 60)
    values = {"minutes": minutes, "sign_in": SIGN_IN}
    return context.pages.page("staff/link_sent.html", _("Look in your e-mail"), values)


@get("/staff/sign-in/{token:str}")
async def link(token: FromPath[str], context: NamedDependency[Context]) -> Response[str]:
    """Show the button that signs in, and change nothing, whoever opens the link."""
    await sign_in.look(token, context)
    values = {"action": f"{SIGN_IN}/{token}"}
    return context.pages.page("staff/link.html", _("Sign in"), values)


@post("/staff/sign-in/{token:str}")
async def use_link(
    request: Asking, token: FromPath[str], context: NamedDependency[Context]
) -> Response[Any]:
    """Spend the link, and ask for the code."""
    context.limits.check(request.scope, "sign_in")
    fresh = await sign_in.begin(token, guard.device_of(request), context)
    return _onwards("/staff/code", fresh)


@get("/staff/code")
async def code_page(request: Asking, context: NamedDependency[Context]) -> Response[Any]:
    """Ask for the code; whoever has no app paired yet is shown what to pair it with."""
    return await _code(request, context)


@post("/staff/code")
async def take_code(request: Asking, context: NamedDependency[Context]) -> Response[Any]:
    """Take the code. A wrong one is told; after five the login is over."""
    context.limits.check(request.scope, "sign_in")
    field, typed = _typed(await request.body())
    token = request.cookies.get(COOKIE, "")
    try:
        await _limit_codes(token, context)
        proven = await sign_in.prove(token, typed, context)
    except WrongCode as error:
        return await _code(request, context, FieldError(field, error.sentence))
    if not proven.codes:
        return _onwards(AFTER, proven.token)
    answer = _recovery_codes(context, proven.codes)
    answer.set_cookie(guard.cookie(proven.token))
    return answer


@get("/staff/logins", opt={"may": "own_login"})
async def logins(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Show where one is signed in, and how many recovery codes are left."""
    return await _logins(staff, context)


@post("/staff/logins/recovery-codes", opt={"may": "own_login"})
async def new_codes(
    request: Asking, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Make new recovery codes for whoever shows a code once more, and show them this once."""
    field, typed = _typed(await request.body())
    context.limits.check_value("codes_of_staff", staff.staff.id)
    try:
        codes = await sign_in.new_recovery_codes(staff, typed, context)
    except WrongCode as error:
        return await _logins(staff, context, FieldError(field, error.sentence))
    return _recovery_codes(context, codes)


async def _logins(
    staff: SignedInStaff, context: Context, wrong: FieldError | None = None
) -> Response[str]:
    left = await context.database.read(lambda look: store.recovery_codes_left(look, staff.staff.id))
    found = await sign_in.own_logins(staff, context)
    listed = [
        {
            "id": one.id,
            "device": one.device,
            "here": one.id == staff.login.id,
            "since": f"{day(one.created_at.astimezone(LOCAL).date())}, {clock(one.created_at)}",
            "seen": f"{day(one.seen_at.astimezone(LOCAL).date())}, {clock(one.seen_at)}",
        }
        for one in found
    ]
    form = Form("/staff/logins/recovery-codes", errors=(wrong,) if wrong else ())
    values = {"logins": listed, "left": left, "form": form}
    title = _("Where you are signed in")
    return context.pages.page("staff/logins.html", title, values, 422 if wrong else 200)


@post("/staff/logins/{login_id:str}/end", opt={"may": "own_login"})
async def end_login(
    login_id: FromPath[str],
    staff: NamedDependency[SignedInStaff],
    context: NamedDependency[Context],
) -> Redirect:
    """Sign out on one device."""
    await sign_in.end(staff, login_id, context)
    return Redirect("/staff/logins", status_code=303)


@post("/staff/sign-out", opt={"may": "own_login"})
async def sign_out(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Redirect:
    """Sign out here."""
    await sign_in.end(staff, staff.login.id, context)
    return Redirect(SIGN_IN, status_code=303, cookies=[guard.no_cookie()])


async def _limit_codes(token: str, context: Context) -> None:
    """Count a try at somebody's code, however many logins they are spread over."""
    owner = await sign_in.owner(token, context)
    context.limits.check_value("codes_of_staff", owner)


def _typed(body: bytes) -> tuple[str, str]:
    """Return the field a code was typed into, and the code: of the phone, or a recovery code."""
    answers = form_answers(body)
    field = "recovery" if "recovery" in answers else "code"
    return field, next(iter(answers.get(field, ())), "")[:CODE_CHARACTERS]


def _recovery_codes(context: Context, codes: tuple[str, ...]) -> Response[str]:
    values = {"codes": codes, "onwards": AFTER}
    return context.pages.page("staff/recovery_codes.html", _("Your recovery codes"), values)


async def _code(
    request: Asking, context: Context, wrong: FieldError | None = None
) -> Response[Any]:
    address = await sign_in.pairing(request.cookies.get(COOKIE, ""), context)
    values = {
        "form": Form("/staff/code", {}, (wrong,) if wrong else ()),
        "address": address,
        "secret": second_factor.secret_in(address),
        "code": Codes().code(address) if address else None,
    }
    status = 422 if wrong else 200
    return context.pages.page("staff/code.html", _("The code from your phone"), values, status)


def _asked(context: Context, form: Form, status: int = 200) -> Response[str]:
    return context.pages.page("staff/sign_in.html", _("Sign in"), {"form": form}, status)


def _expired(request: Asking, error: LinkExpired) -> Response[str]:
    """Say that a link works no more, and where to ask for one."""
    context: Context = request.app.state["context"]
    values = {"sentence": _(LinkExpired.sentence), "sign_in": SIGN_IN}
    return context.pages.page("staff/signed_out.html", _(LinkExpired.sentence), values, 410)


def _onwards(url: str, token: str) -> Redirect:
    return Redirect(url, status_code=303, cookies=[guard.cookie(token)])


outside = Router(
    "/",
    route_handlers=[ask, send, link, use_link, code_page, take_code],
    exception_handlers={SignedOut: guard.to_sign_in, LinkExpired: _expired},
    include_in_schema=False,
)


router = Router(
    "/",
    route_handlers=[
        outside,
        guard.staff_router(logins, new_codes, end_login, sign_out, audit_page, *people_pages),
    ],
)

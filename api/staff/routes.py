"""The staff area's own pages: signing in and out, one's logins, and the way to everything else."""

from typing import Any, TypeAlias

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import Redirect

from api.context import House
from api.http.request_bodies import form_answers
from api.staff import guard, home, second_factor, sign_in, store
from api.staff.guard import COOKIE, SIGN_IN, means_of
from api.staff.people_routes import audit_page, people_pages
from api.staff.sign_in import Known, LinkExpired, SignedOut, WrongCode
from catalogue.i18n.gettext import _
from catalogue.outputs.formatting import LOCAL, clock, day
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.print.qr import Codes

Asking: TypeAlias = Request[Any, Any, Any]
ADDRESS_CHARACTERS = 254
CODE_CHARACTERS = 40
AFTER = "/staff"


@get("/staff/sign-in")
async def ask(house: NamedDependency[House]) -> Response[str]:
    """Ask for the address to send a link to."""
    return _asked(house, Form(SIGN_IN))


@post("/staff/sign-in")
async def send(request: Asking, house: NamedDependency[House]) -> Response[str]:
    """Send a link, and answer the same whether anybody has the address.

    Counted apart from the links' use: whoever asks too often keeps no colleague from using theirs.
    """
    house.limits.check(request.scope, "sign_in_links")
    answers = form_answers(await request.body())
    email = next(iter(answers.get("email", ())), "")[:ADDRESS_CHARACTERS]
    if "@" not in email:
        fault = FieldError("email", _("Write your e-mail address."))
        return _asked(house, Form(SIGN_IN, {"email": email}, (fault,)), 422)
    await sign_in.send_link(email, means_of(house))
    house.outbox.nudge()
    minutes = int(sign_in.LINK_WORKS.total_seconds() // 60)
    context = {"minutes": minutes, "sign_in": SIGN_IN}
    return house.pages.page("staff/link_sent.html", _("Look in your e-mail"), context)


@get("/staff/sign-in/{token:str}")
async def link(token: FromPath[str], house: NamedDependency[House]) -> Response[str]:
    """Show the button that signs in, and change nothing, whoever opens the link."""
    await sign_in.look(token, means_of(house))
    context = {"action": f"{SIGN_IN}/{token}"}
    return house.pages.page("staff/link.html", _("Sign in"), context)


@post("/staff/sign-in/{token:str}")
async def use_link(
    request: Asking, token: FromPath[str], house: NamedDependency[House]
) -> Response[Any]:
    """Spend the link, and ask for the code."""
    house.limits.check(request.scope, "sign_in")
    fresh = await sign_in.begin(token, guard.device_of(request), means_of(house))
    return _onwards("/staff/code", fresh)


@get("/staff/code")
async def code_page(request: Asking, house: NamedDependency[House]) -> Response[Any]:
    """Ask for the code; whoever has no app paired yet is shown what to pair it with."""
    return await _code(request, house)


@post("/staff/code")
async def take_code(request: Asking, house: NamedDependency[House]) -> Response[Any]:
    """Take the code. A wrong one is told; after five the login is over."""
    house.limits.check(request.scope, "sign_in")
    field, typed = _typed(await request.body())
    token = request.cookies.get(COOKIE, "")
    try:
        await _limit_codes(token, house)
        proven = await sign_in.prove(token, typed, means_of(house))
    except WrongCode as error:
        return await _code(request, house, FieldError(field, error.sentence))
    if not proven.codes:
        return _onwards(AFTER, proven.token)
    answer = _recovery_codes(house, proven.codes)
    answer.set_cookie(guard.cookie(proven.token))
    return answer


@get(AFTER, opt={"may": "own_login"})
async def home_page(staff: NamedDependency[Known], house: NamedDependency[House]) -> Response[str]:
    """Show what waits, of what this person may do."""
    areas = await house.database.read(lambda look: home.areas(look, staff.staff.roles))
    context = {"name": staff.name, "areas": areas}
    return house.pages.page("staff/home.html", _("Staff"), context)


@get("/staff/logins", opt={"may": "own_login"})
async def logins(staff: NamedDependency[Known], house: NamedDependency[House]) -> Response[str]:
    """Show where one is signed in, and how many recovery codes are left."""
    return await _logins(staff, house)


@post("/staff/logins/recovery-codes", opt={"may": "own_login"})
async def new_codes(
    request: Asking, staff: NamedDependency[Known], house: NamedDependency[House]
) -> Response[str]:
    """Make new recovery codes for whoever shows a code once more, and show them this once."""
    field, typed = _typed(await request.body())
    house.limits.check_value("codes_of_staff", staff.staff.id)
    try:
        codes = await sign_in.new_recovery_codes(staff, typed, means_of(house))
    except WrongCode as error:
        return await _logins(staff, house, FieldError(field, error.sentence))
    return _recovery_codes(house, codes)


async def _logins(staff: Known, house: House, wrong: FieldError | None = None) -> Response[str]:
    left = await house.database.read(lambda look: store.recovery_codes_left(look, staff.staff.id))
    found = await sign_in.own_logins(staff, means_of(house))
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
    context = {"logins": listed, "left": left, "form": form}
    title = _("Where you are signed in")
    return house.pages.page("staff/logins.html", title, context, 422 if wrong else 200)


@post("/staff/logins/{login_id:str}/end", opt={"may": "own_login"})
async def end_login(
    login_id: FromPath[str], staff: NamedDependency[Known], house: NamedDependency[House]
) -> Redirect:
    """Sign out on one device."""
    await sign_in.end(staff, login_id, means_of(house))
    return Redirect("/staff/logins", status_code=303)


@post("/staff/sign-out", opt={"may": "own_login"})
async def sign_out(staff: NamedDependency[Known], house: NamedDependency[House]) -> Redirect:
    """Sign out here."""
    await sign_in.end(staff, staff.login.id, means_of(house))
    return Redirect(SIGN_IN, status_code=303, cookies=[guard.no_cookie()])


async def _limit_codes(token: str, house: House) -> None:
    """Count a try at somebody's code, however many logins they are spread over."""
    owner = await sign_in.owner(token, means_of(house))
    house.limits.check_value("codes_of_staff", owner)


def _typed(body: bytes) -> tuple[str, str]:
    """Return the field a code was typed into, and the code: of the phone, or a recovery code."""
    answers = form_answers(body)
    field = "recovery" if "recovery" in answers else "code"
    return field, next(iter(answers.get(field, ())), "")[:CODE_CHARACTERS]


def _recovery_codes(house: House, codes: tuple[str, ...]) -> Response[str]:
    context = {"codes": codes, "onwards": AFTER}
    return house.pages.page("staff/recovery_codes.html", _("Your recovery codes"), context)


async def _code(request: Asking, house: House, wrong: FieldError | None = None) -> Response[Any]:
    address = await sign_in.pairing(request.cookies.get(COOKIE, ""), means_of(house))
    context = {
        "form": Form("/staff/code", {}, (wrong,) if wrong else ()),
        "address": address,
        "secret": second_factor.secret_in(address),
        "code": Codes().code(address) if address else None,
    }
    status = 422 if wrong else 200
    return house.pages.page("staff/code.html", _("The code from your phone"), context, status)


def _asked(house: House, form: Form, status: int = 200) -> Response[str]:
    return house.pages.page("staff/sign_in.html", _("Sign in"), {"form": form}, status)


def _expired(request: Asking, error: LinkExpired) -> Response[str]:
    """Say that a link works no more, and where to ask for one."""
    house: House = request.app.state["house"]
    context = {"sentence": _(LinkExpired.sentence), "sign_in": SIGN_IN}
    return house.pages.page("staff/signed_out.html", _(LinkExpired.sentence), context, 410)


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
        guard.inside(home_page, logins, new_codes, end_login, sign_out, audit_page, *people_pages),
    ],
)

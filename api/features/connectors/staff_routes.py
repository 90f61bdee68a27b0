"""Staff's pages about connectors: who stands where, tables to take away, and a trainer's list."""

from typing import Any, TypeAlias

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import Connection

from api.context import Context
from api.errors import Invalid
from api.features.connectors import attendance, staff_views
from api.features.connectors.attendance import Line
from api.features.connectors.staff_views import Overview
from api.http.request_bodies import form_answers
from api.staff.sign_in import SignedInStaff
from catalogue.i18n.gettext import _
from catalogue.outputs.forms import FieldError, Form

Asking: TypeAlias = Request[Any, Any, Any]
CONNECTORS = "/staff/connectors"
TRAINING = f"{CONNECTORS}/training"
MAY = {"may": "connectors"}


@get(CONNECTORS, opt=MAY)
async def overview(context: NamedDependency[Context]) -> Response[str]:
    """Show who is signed, trained, due and gone, and what was pointed to where."""

    def look(connection: Connection) -> Overview:
        return staff_views.overview(connection, context)

    found = await context.database.read(look)
    return context.pages.page("staff/connectors.html", _("Connectors"), {"told": found})


@get(f"{CONNECTORS}/list.csv", opt=MAY)
async def list_table(context: NamedDependency[Context]) -> Response[bytes]:
    """Give all connectors as a table: what stands in public of them, and the days of the course."""
    found = await context.database.read(lambda look: staff_views.rows(look, context))
    return _table(staff_views.connectors_csv(found), "connectors.csv")


@get(f"{CONNECTORS}/pointed.csv", opt=MAY)
async def pointed_table(context: NamedDependency[Context]) -> Response[bytes]:
    """Give what was pointed to as a table, by month and place."""
    today = context.today
    found = await context.database.read(lambda look: staff_views.pointed(look, today))
    return _table(staff_views.pointed_csv(found), "pointed.csv")


@get(TRAINING, opt=MAY)
async def training(context: NamedDependency[Context]) -> Response[str]:
    """Show the form for a trainer's list."""
    return _training(context, Form(TRAINING))


@post(TRAINING, opt=MAY)
async def enter_training(
    request: Asking, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Note who completed the course; say of each line what became of it, and keep the others."""
    answers = form_answers(await request.body())
    names, day = ("\n".join(answers.get(field, ())) for field in ("names", "day"))
    try:
        lines, on = attendance.read(names, day, context.today)
    except Invalid as error:
        faults = [FieldError(one.field, one.message) for one in error.errors]
        return _training(context, Form(TRAINING, {"names": names, "day": day}, faults), status=422)

    def act(connection: Connection) -> list[Line]:
        return attendance.note(connection, lines, on, context, staff.actor)

    done = await context.database.write(act)
    context.outbox.nudge()
    left = "\n".join(one.said for one in done if one.outcome in ("nobody", "several"))
    return _training(context, Form(TRAINING, {"names": left, "day": day}), done)


def _training(
    context: Context, form: Form, done: list[Line] | None = None, status: int = 200
) -> Response[str]:
    values = {"form": form, "done": done or []}
    return context.pages.page(
        "staff/connector_training.html", _("A trainer's list"), values, status
    )


def _table(table: bytes, name: str) -> Response[bytes]:
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "cache-control": "no-store",
    }
    return Response(table, media_type="text/csv", headers=headers)


staff_pages = (overview, list_table, pointed_table, training, enter_training)

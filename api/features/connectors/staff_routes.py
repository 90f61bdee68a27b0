"""Staff's pages about connectors: who they are, tables to download, and a trainer's list."""

from litestar import Response, get, post
from litestar.di import NamedDependency
from sqlalchemy import Connection

from api.context import Context
from api.errors import Invalid
from api.features.connectors import attendance, staff_overview
from api.features.connectors.attendance import AttendanceResult
from api.http.request_bodies import AnyRequest, form_answers
from api.staff import people
from api.staff.sign_in import SignedInStaff
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.outputs.forms import FieldError, Form

CONNECTORS = "/staff/connectors"
TRAINING = f"{CONNECTORS}/training"
MAY = {"may": "connectors"}


class ConnectorTrainingPage(Page, frozen=True, kw_only=True):
    """The form for a trainer's list, and what became of each line of one that was entered."""

    template = "staff/connector_training.html"
    form: Form
    results: tuple[AttendanceResult, ...]


@get(CONNECTORS, opt=MAY)
async def overview(context: NamedDependency[Context]) -> Response[str]:
    """Show who signed, completed the course, is due and left, and the signposts by place."""
    page = await context.database.read(
        lambda connection: staff_overview.connectors_page(connection, context)
    )
    return context.pages.page(page, _("Connectors"))


@get(f"{CONNECTORS}/list.csv", opt={**MAY, "step_up": CONNECTORS})
async def connectors_table(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[bytes]:
    """Give all connectors as a table: what stands in public of them, and the days of the course."""
    what = _("downloaded the table of connectors")
    await people.tell_of_table(what, context.as_actor(staff.actor))
    rows = await context.database.read(
        lambda connection: staff_overview.connector_rows(connection, context)
    )
    return _csv(staff_overview.connectors_csv(rows), "connectors.csv")


@get(f"{CONNECTORS}/pointed.csv", opt={**MAY, "step_up": CONNECTORS})
async def signposts_table(
    staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[bytes]:
    """Give the signposts as a table, by month and place."""
    what = _("downloaded the table of signposts")
    await people.tell_of_table(what, context.as_actor(staff.actor))
    today = context.today
    signposts = await context.database.read(
        lambda connection: staff_overview.monthly_signposts(connection, today)
    )
    return _csv(staff_overview.signposts_csv(signposts), "pointed.csv")


@get(TRAINING, opt=MAY)
async def training_page(context: NamedDependency[Context]) -> Response[str]:
    """Show the form for a trainer's list."""
    return _show_training(context, Form(TRAINING))


@post(TRAINING, opt=MAY)
async def enter_training(
    request: AnyRequest, staff: NamedDependency[SignedInStaff], context: NamedDependency[Context]
) -> Response[str]:
    """Note who completed the course; show what became of each line, and keep the others."""
    answers = form_answers(await request.body())
    names, day = ("\n".join(answers.get(field, ())) for field in ("names", "day"))
    try:
        lines, attended_on = attendance.parse_list(names, day, context.today)
    except Invalid as error:
        errors = [FieldError(fault.field, fault.message) for fault in error.errors]
        form = Form(TRAINING, {"names": names, "day": day}, errors)
        return _show_training(context, form, status=422)

    def record(connection: Connection) -> list[AttendanceResult]:
        return attendance.record_attendance(connection, lines, attended_on, context, staff.actor)

    results = await context.database.write(record)
    context.outbox.nudge()
    remaining = [result.line for result in results if result.outcome in ("nobody", "several")]
    form = Form(TRAINING, {"names": "\n".join(remaining), "day": day})
    return _show_training(context, form, results)


def _show_training(
    context: Context, form: Form, results: list[AttendanceResult] | None = None, status: int = 200
) -> Response[str]:
    page = ConnectorTrainingPage(form=form, results=tuple(results or ()))
    return context.pages.page(page, _("A trainer's list"), status=status)


def _csv(table: bytes, file_name: str) -> Response[bytes]:
    headers = {
        "content-disposition": f'attachment; filename="{file_name}"',
        "cache-control": "no-store",
    }
    return Response(table, media_type="text/csv", headers=headers)


staff_handlers = (
    overview,
    connectors_table,
    signposts_table,
    training_page,
    enter_training,
)

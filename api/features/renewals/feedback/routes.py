"""One tap of a visitor: was this promise true? A form without scripts; the same thanks for all."""

from typing import Any, TypeAlias

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.context import Context
from api.features.renewals.feedback import doubts
from api.features.renewals.feedback.daily_limit import AnsweredToday
from api.features.renewals.feedback.doubts import NothingToSay
from api.http.rate_limits import client_network
from api.http.request_bodies import form_answers
from catalogue.i18n.gettext import _

Asking: TypeAlias = Request[Any, Any, Any]
ANSWERS = ("yes", "no")


@post("/was-it-true/{pledge:str}/{who:str}", include_in_schema=False)
async def was_it_true(
    request: Asking,
    pledge: FromPath[str],
    who: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Count one answer: the button's name is the commitment, its value yes or no."""
    context.limits.check(request.scope, "was_it_true")
    context = context.as_actor("visitor")
    answers = form_answers(await request.body())
    commitment, said = next(((name, one[0]) for name, one in answers.items()), ("", ""))
    if said not in ANSWERS:
        raise NothingToSay
    signatory = doubts.asked_about(pledge, who, commitment, context)[1]
    if context.state.get(AnsweredToday).first(
        _device(request, context), f"{pledge}/{who}/{commitment}", context.today
    ):
        await context.database.write(
            lambda write: doubts.count(write, signatory, commitment, said, context)
        )
        context.outbox.nudge()
    values = {
        "name": signatory.name,
        "url": signatory.url,
        "yes": said == "yes",
    }
    title = _("Thank you for telling us")
    return context.pages.page("was_it_true.html", title, values, section="pledges")


def _device(request: Asking, context: Context) -> str:
    """Return what tells one device from the next for a day; it is digested, and never kept."""
    network = client_network(request.scope, context.settings.trusted_proxies)
    return f"{network}\0{request.headers.get('user-agent', '')[:300]}"


visit_pages = (was_it_true,)

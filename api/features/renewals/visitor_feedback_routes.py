"""One tap of a visitor: was this promise true? A form without scripts; the same thanks for all."""

from typing import Any, TypeAlias

from litestar import Request, Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.context import House
from api.features.renewals import visitor_feedback
from api.features.renewals.daily import means_of
from api.features.renewals.visitor_feedback import NothingToSay
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
    house: NamedDependency[House],
) -> Response[str]:
    """Count one answer: the button's name is the commitment, its value yes or no."""
    house.limits.check(request.scope, "was_it_true")
    means = means_of(house, "visitor")
    answers = form_answers(await request.body())
    commitment, said = next(((name, one[0]) for name, one in answers.items()), ("", ""))
    if said not in ANSWERS:
        raise NothingToSay
    signatory = visitor_feedback.asked_about(pledge, who, commitment, means)[1]
    if house.answered.first(_device(request, house), f"{pledge}/{who}/{commitment}", means.today):
        await house.database.write(
            lambda write: visitor_feedback.count(write, signatory, commitment, said, means)
        )
        house.outbox.nudge()
    context = {
        "name": signatory.name,
        "url": signatory.url,
        "yes": said == "yes",
    }
    title = _("Thank you for telling us")
    return house.pages.page("was_it_true.html", title, context, section="pledges")


def _device(request: Asking, house: House) -> str:
    """Return what tells one device from the next for a day; it is digested, and never kept."""
    network = client_network(request.scope, house.settings.trusted_proxies)
    return f"{network}\0{request.headers.get('user-agent', '')[:300]}"


visit_pages = (was_it_true,)

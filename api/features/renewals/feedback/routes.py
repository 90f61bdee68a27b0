"""The form under a promise, "was this true?": two buttons, no scripts, the same thanks for all."""

import hmac
import os
from datetime import date

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.context import Context
from api.features.renewals.feedback import doubts
from api.http.rate_limits import client_network
from api.http.request_bodies import AnyRequest, form_answers
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _

ANSWERS = ("yes", "no")
MAX_ANSWERS_PER_DAY = 200_000
"""More answers in a day come from a program; those past the limit are not counted."""


class DailyFeedbackLimit:
    """Admits one answer a device, commitment and day, and keeps nothing about the device.

    In memory only, one instance for the process, used from the event loop: digests under a random
    key that is replaced every day, so that digests of two days cannot be compared. After a restart
    a device may answer once more.
    """

    def __init__(self) -> None:
        self._day: date | None = None
        self._key = b""
        self._digests: set[bytes] = set()

    def admit(self, device: str, commitment: str, today: date) -> bool:
        """Say whether this is the device's first answer about the commitment today; record it."""
        if today != self._day:
            self._day, self._key, self._digests = today, os.urandom(32), set()
        digest = hmac.digest(self._key, f"{device}\0{commitment}".encode(), "sha256")
        if digest in self._digests or len(self._digests) >= MAX_ANSWERS_PER_DAY:
            return False
        self._digests.add(digest)
        return True


class FeedbackReceivedPage(Page, frozen=True, kw_only=True):
    """After a visitor has answered; `name` and `url` are those of the signatory."""

    template = "was_it_true.html"
    name: str
    url: str
    was_true: bool


@post("/was-it-true/{pledge:str}/{slug:str}", include_in_schema=False)
async def receive_feedback(
    request: AnyRequest,
    pledge: FromPath[str],
    slug: FromPath[str],
    context: NamedDependency[Context],
) -> Response[str]:
    """Count one answer: the button's name is the commitment, its value yes or no."""
    context.limits.check(request.scope, "was_it_true")
    context = context.as_actor("visitor")
    answers = form_answers(await request.body())
    commitment, values = next(iter(answers.items()), ("", [""]))
    answer = values[0]
    if answer not in ANSWERS:
        raise doubts.PromiseNotFound
    signatory = doubts.find_signatory(pledge, slug, commitment, context)
    limit = context.state.get(DailyFeedbackLimit)
    if limit.admit(_device(request, context), f"{pledge}/{slug}/{commitment}", context.today):
        await context.database.write(
            lambda connection: doubts.count_answer(
                connection, signatory, commitment, answer, context
            )
        )
        context.outbox.nudge()
    page = FeedbackReceivedPage(name=signatory.name, url=signatory.url, was_true=answer == "yes")
    return context.pages.page(page, _("Thank you for telling us"), section="pledges")


def _device(request: AnyRequest, context: Context) -> str:
    """Return what distinguishes devices for a day; only a digest of it is held in memory."""
    network = client_network(request.scope, context.settings.trusted_proxies)
    return f"{network}\0{request.headers.get('user-agent', '')[:300]}"


feedback_routes = (receive_feedback,)

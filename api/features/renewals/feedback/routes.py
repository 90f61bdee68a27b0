"""The form under a promise, "is this what you found?": no scripts, the same thanks for all."""

import hmac
import os
from collections.abc import Mapping
from datetime import date

from litestar import Response, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from api.context import Context
from api.errors import Invalid
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
    """Count one answer, yes or no, about the commitment chosen.

    Pages built before 2026-12 send the commitment as the name of the button that was pressed.
    """
    context.limits.check(request.scope, "was_it_true")
    context = context.as_actor("visitor")
    answers = form_answers(await request.body())
    commitment, answer = _answer(answers)
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


def _answer(answers: Mapping[str, list[str]]) -> tuple[str, str]:
    """Return the commitment and what was found. Raises Invalid where none was chosen."""
    if "found" in answers:
        commitment = answers.get("promise", [""])[0]
        if not commitment:
            raise Invalid(sentence=_("Choose which promise you mean."))
        return commitment, answers["found"][0]
    commitment, values = next(iter(answers.items()), ("", [""]))
    return commitment, values[0]


def _device(request: AnyRequest, context: Context) -> str:
    """Return what distinguishes devices for a day; only a digest of it is held in memory."""
    network = client_network(request.scope, context.settings.trusted_proxies)
    return f"{network}\0{request.headers.get('user-agent', '')[:300]}"


feedback_routes = (receive_feedback,)

"""The rules of a request for signposting: what is kept and how, and when a person answers.

A request, the letter that tells the team, and a line of the audit trail are one transaction. The
letter holds the reference and nothing of the person.
"""

import re
from datetime import date, datetime, timedelta
from functools import lru_cache

import msgspec

from api.features.signposting import store
from api.features.signposting.bodies import RequestReceived, SignpostingRequest
from api.features.signposting.body_schema import ADDRESS
from api.mail import letters, outbox
from api.security.encryption import Encryption
from api.security.normalise import canonical_email, phone_lookups
from api.security.references import make, new_id
from api.settings import Settings
from api.store import audit, idempotency
from api.store.database import Database, Row
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.gazetteer import area_of
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.formatting import LOCAL, day
from catalogue.schedule.calendar_days import bank_holidays

ROUTE = "signposting-requests"
WORKING_DAYS = 2
"""Within so many working days a person answers; every page that asks says so."""

WHAT_HAPPENS_NEXT = gettext_noop(
    "A person of the team reads what you wrote, and gets in touch in the way you chose. "
    "They do so within two working days. Keep the reference in case you want to ask about it."
)


async def ask(
    asked: SignpostingRequest,
    *,
    database: Database,
    encryption: Encryption,
    settings: Settings,
    terms: Taxonomy,
    now: datetime,
    key: str | None = None,
    trapped: bool = False,
) -> RequestReceived:
    """Keep a request and say what happens next; returns only after the commit.

    `key` makes a repeat harmless (`repeats.once`); `trapped` says that a field was filled which
    people do not see. Raises `Invalid` for an unfit key, `StoreUnavailable` if nothing was kept.
    """
    drawn: set[str] = set()

    def prepare() -> tuple[str, list[Row]]:
        reference = make("R")
        drawn.add(reference)
        return reference, _rows(asked, reference, encryption, settings, terms, now, trapped)

    reference = await idempotency.insert_once(
        database,
        encryption,
        prepare,
        route=ROUTE,
        key=key,
        body=msgspec.json.encode(asked),
        now=now,
    )
    if reference in drawn:
        return RequestReceived(reference, _(WHAT_HAPPENS_NEXT), answer_by(now))
    before = await database.read(lambda look: store.received_at(look, reference))
    return RequestReceived(reference, _(WHAT_HAPPENS_NEXT), answer_by(before or now))


def answer_by(asked_at: datetime) -> date:
    """Return the local date by which a person answers: two working days on, in England."""
    return _working_days_after(asked_at.astimezone(LOCAL).date())


@lru_cache(8)  # asked all day long, and the same all day
def _working_days_after(on: date) -> date:
    left = WORKING_DAYS
    while left:
        on += timedelta(days=1)
        left -= on.weekday() < 5 and on not in bank_holidays("England", on.year)
    return on


def _rows(
    asked: SignpostingRequest,
    reference: str,
    encryption: Encryption,
    settings: Settings,
    terms: Taxonomy,
    now: datetime,
    trapped: bool,
) -> list[Row]:
    request_id = new_id()
    needs = tuple(dict.fromkeys(asked.needs))
    notice = letters.compose(
        "signposting/arrived",
        to=settings.staff_mail,
        values={"reference": reference, "answer_by": day(answer_by(now))},
    )
    request = store.request_row(
        request_id,
        reference,
        who_asks="self" if asked.who_asks == "myself" else "someone_else",
        area=area_of(asked.place, terms),
        needs=tuple(need for need in needs if need in terms.need),
        sealed=encryption.encrypt(request_id, _private(asked, needs, terms, trapped)),
        contact_lookup=_contact_lookup(asked, encryption),
        now=now,
    )
    line = audit.line("signposting_request.received", reference, actor="visitor", at=now)
    return [request, outbox.letter_row(encryption, notice, now=now, about=reference), line]


def _private(
    asked: SignpostingRequest, needs: tuple[str, ...], terms: Taxonomy, trapped: bool
) -> store.Private:
    return store.Private(
        name=asked.name.strip(),
        reach_by=asked.reach_by,
        reach_at=asked.reach_at.strip(),
        safe_when=asked.safe_when,
        leave_message=asked.leave_message,
        consent=asked.consent == "yes",
        place=asked.place,
        other_needs=tuple(need for need in needs if need not in terms.need),
        matters=asked.matters,
        activity=asked.activity or "",
        trapped=trapped,
    )


def _contact_lookup(asked: SignpostingRequest, encryption: Encryption) -> str | None:
    """Return the digest that the same person's later requests are found by, for an exact way."""
    return next(iter(contact_lookups(asked.reach_by, asked.reach_at, encryption)), None)


def contact_lookups(reach_by: str, reach_at: str, encryption: Encryption) -> list[str]:
    """Return every digest that a way to reach somebody may be stored under, the current first."""
    if reach_by == "email" and re.search(ADDRESS, reach_at):
        return encryption.lookups(canonical_email(reach_at))
    if reach_by in ("phone", "text"):
        return phone_lookups(encryption, reach_at)
    return []

"""The rules of a new signposting request: what is stored and how, and when a person answers.

The request, the letter to the team and the audit event are one transaction. The letter holds the
reference and nothing of the person.
"""

from datetime import date, datetime, timedelta
from functools import lru_cache

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.features.signposting import store
from api.features.signposting.bodies import (
    ReachCorrection,
    RequestReceived,
    SignpostingRequest,
)
from api.security import signed_timestamps
from api.security.encryption import Encryption
from api.security.normalise import canonical_email, phone_lookups
from api.security.references import make, new_id
from api.store import audit, idempotency
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.gazetteer import area_of
from catalogue.model.taxonomy import Taxonomy
from catalogue.model.text import find_email
from catalogue.outputs.formatting import LOCAL, day
from catalogue.schedule.calendar_days import bank_holidays

ROUTE = "signposting-requests"
WORKING_DAYS = 2
"""A person answers within so many working days; every page with the form says so."""

REACH_SHOWN_FOR = timedelta(minutes=30)
"""So long the page after the form shows how we will reach somebody, and lets them correct it."""

WHAT_HAPPENS_NEXT = gettext_noop(
    "A person of the team reads what you wrote, and gets in touch in the way you chose. "
    "They do so within two working days. Keep the reference in case you want to ask about it."
)


async def submit_request(
    body: SignpostingRequest,
    context: Context,
    *,
    idempotency_key: str | None = None,
    trapped: bool = False,
) -> RequestReceived:
    """Store a request and return what happens next, after the commit.

    Args:
        body: the answers of whoever asks.
        context: the closed lists of its catalogue are those that the answers are held against.
        idempotency_key: a repeat with the same key gets the first answer (`insert_once`).
        trapped: whether a field was filled that people do not see.

    Raises `Invalid` for an unfit key, `StoreUnavailable` if nothing was stored.
    """
    new_references: set[str] = set()

    def prepare() -> tuple[str, list[Row]]:
        reference = make("R")
        new_references.add(reference)
        return reference, _rows(body, reference, context, trapped)

    reference = await idempotency.insert_once(
        context.database,
        context.encryption,
        prepare,
        route=ROUTE,
        key=idempotency_key,
        body=msgspec.json.encode(body),
        now=context.now,
    )
    received_at = None
    if reference not in new_references:
        received_at = await context.database.read(
            lambda connection: store.received_at(connection, reference)
        )
    due_on = answer_due_on(received_at or context.now)
    return RequestReceived(reference, _(WHAT_HAPPENS_NEXT), due_on)


def answer_due_on(received_at: datetime) -> date:
    """Return the local date by which a person answers: two working days on, in England."""
    return _working_days_after(received_at.astimezone(LOCAL).date())


def reach_purpose(reference: str) -> str:
    """Return the purpose of the signed time that lets a page show how somebody is reached."""
    return f"reach {reference}"


async def find_reach(reference: str, stamp: str, context: Context) -> ReachCorrection | None:
    """Return how we will reach who sent a request; None for a page that may not show it.

    `stamp` is the signed time of the page; it may show it for `REACH_SHOWN_FOR`.
    """
    if not _may_show(reference, stamp, context):
        return None
    return await context.database.read(lambda connection: _reach(connection, reference, context))


async def correct_reach(
    reference: str, stamp: str, body: ReachCorrection, context: Context
) -> bool:
    """Change how we reach somebody, and say whether it was done.

    It is not once the page may no longer show it, or once a person has taken the request up.
    """
    if not _may_show(reference, stamp, context):
        return False

    def write(connection: Connection) -> bool:
        request = store.find_request(connection, reference)
        if request is None or request[1] is None:
            return False
        details = context.encryption.decrypt_as(request[0].id, request[1], store.PersonalDetails)
        corrected = msgspec.structs.replace(
            details, reach_by=body.reach_by, reach_at=body.reach_at.strip()
        )
        changed = store.change_reach(
            connection,
            request[0].id,
            sealed=context.encryption.encrypt(request[0].id, corrected),
            contact_lookup=_contact_lookup(body, context.encryption),
        )
        if changed:
            action = "signposting_request.reach_corrected"
            line = audit.new_event(action, reference, actor="visitor", at=context.now)
            insert_rows(connection, [line])
        return changed

    return await context.database.write(write)


def _may_show(reference: str, stamp: str, context: Context) -> bool:
    shown_from = signed_timestamps.signed_time(context.encryption, reach_purpose(reference), stamp)
    return shown_from is not None and context.now - shown_from <= REACH_SHOWN_FOR


def _reach(connection: Connection, reference: str, context: Context) -> ReachCorrection | None:
    request = store.find_request(connection, reference)
    if request is None or request[1] is None or request[0].state != "received":
        return None
    details = context.encryption.decrypt_as(request[0].id, request[1], store.PersonalDetails)
    return msgspec.convert(
        {"reach_by": details.reach_by, "reach_at": details.reach_at}, ReachCorrection
    )


def contact_lookups(reach_by: str, reach_at: str, encryption: Encryption) -> list[str]:
    """Return every digest that a way to reach somebody may be stored under, the current first."""
    if reach_by == "email":
        # Kith 0.1 took all that was written, such as "Jo <jo@example.org>".
        forms = dict.fromkeys(map(canonical_email, (find_email(reach_at) or reach_at, reach_at)))
        return [digest for form in forms for digest in encryption.lookups(form)]
    if reach_by in ("phone", "text"):
        return phone_lookups(encryption, reach_at)
    return []


@lru_cache(8)  # called all day long, with the same day
def _working_days_after(on: date) -> date:
    days_left = WORKING_DAYS
    while days_left:
        on += timedelta(days=1)
        days_left -= on.weekday() < 5 and on not in bank_holidays("England", on.year)
    return on


def _rows(body: SignpostingRequest, reference: str, context: Context, trapped: bool) -> list[Row]:
    encryption, terms, now = context.encryption, context.catalogue.taxonomy, context.now
    request_id = new_id()
    needs = tuple(dict.fromkeys(body.needs))
    letter = context.letter_row(
        "signposting/arrived",
        to=context.settings.staff_mail,
        values={"reference": reference, "answer_by": day(answer_due_on(now))},
        about=reference,
    )
    request = store.request_row(
        request_id,
        reference,
        who_asks="self" if body.who_asks == "myself" else "someone_else",
        area=area_of(body.place, terms),
        needs=tuple(need for need in needs if need in terms.need),
        sealed=encryption.encrypt(request_id, _personal_details(body, needs, terms, trapped)),
        contact_lookup=_contact_lookup(body, encryption),
        now=now,
    )
    event = audit.new_event("signposting_request.received", reference, actor="visitor", at=now)
    return [request, letter, event]


def _personal_details(
    body: SignpostingRequest, needs: tuple[str, ...], terms: Taxonomy, trapped: bool
) -> store.PersonalDetails:
    return store.PersonalDetails(
        name=body.name.strip(),
        reach_by=body.reach_by,
        reach_at=body.reach_at.strip(),
        safe_when=body.safe_when,
        leave_message=body.leave_message,
        consent=body.consent == "yes",
        place=body.place,
        other_needs=tuple(need for need in needs if need not in terms.need),
        matters=body.matters,
        activity=body.activity or "",
        trapped=trapped,
    )


def _contact_lookup(
    body: SignpostingRequest | ReachCorrection, encryption: Encryption
) -> str | None:
    """Return the digest by which the same person's later requests are found, if there is one."""
    return next(iter(contact_lookups(body.reach_by, body.reach_at, encryption)), None)

"""A visitor's word about an activity is kept, and the team is told that there is one.

Record, letter and audit line are one transaction. Nothing of it changes an entry: a person decides.
"""

import hashlib
from pathlib import Path

import msgspec

from api.context import Context
from api.errors import Missing
from api.features.corrections import store
from api.features.corrections.bodies import (
    ABOUT,
    STILL_RIGHT,
    CorrectionReceived,
    CorrectionRequest,
)
from api.features.corrections.store import Correction, CorrectionPersonalData
from api.security.references import make, new_id
from api.store import audit, idempotency
from api.store.database import Row
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.activity import Activity
from catalogue.read import entry

ROUTE = "corrections"
WHAT_HAPPENS_NEXT = gettext_noop(
    "A person of the team looks at it, usually within two working days, and mends the page."
)


class NoSuchActivity(Missing):
    """The directory holds no such activity, or not any more."""

    code = "no-such-activity"
    sentence = "We do not have this activity, or not any more."


async def propose(
    request: CorrectionRequest, context: Context, *, key: str | None = None, trapped: bool = False
) -> CorrectionReceived:
    """Keep what a visitor says; returns only after the commit.

    `trapped` says that a field was filled which people do not see: it is held, and nobody is told.
    Raises NoSuchActivity, `Invalid` for an unfit key, `StoreUnavailable` if nothing was kept.
    """
    activity = context.catalogue.activity(request.activity)
    if activity is None:
        raise NoSuchActivity
    entry_text = read_text(context.settings.project / activity.path)

    def prepare() -> tuple[str, list[Row]]:
        new = _correction(request, context, entry_text, trapped)
        return new.reference, _rows(new, activity, context)

    reference = await idempotency.insert_once(
        context.database,
        context.encryption,
        prepare,
        route=ROUTE,
        key=key,
        body=msgspec.json.encode(request),
        now=context.now,
    )
    return CorrectionReceived(reference, _(WHAT_HAPPENS_NEXT))


def read_text(file: Path) -> bytes | None:
    """Return an entry as it stands, to be kept with what is said about it; None where none is."""
    try:
        return entry.read_bytes(file, file.name)
    except (OSError, entry.UnreadableEntry):
        return None


def _correction(
    request: CorrectionRequest, context: Context, entry_text: bytes | None, trapped: bool
) -> Correction:
    correction_id = new_id()
    private = CorrectionPersonalData(request.words.strip(), request.knows, request.reach_at.strip())
    return Correction(
        id=correction_id,
        reference=make("C"),
        activity=request.activity,
        about=request.about,
        state="held" if trapped else "received",
        sealed=context.encryption.encrypt(correction_id, private),
        created_at=context.now,
        sent_text=entry_text,
        sent_digest=hashlib.sha256(entry_text).hexdigest() if entry_text is not None else "",
        seen_digest="",
        before_text=None,
        before_digest="",
        after_digest="",
    )


def _rows(new: Correction, activity: Activity, context: Context) -> list[Row]:
    is_held = new.state == "held"
    action = "correction.held" if is_held else "correction.received"
    line = audit.new_event(action, new.reference, actor="visitor", at=new.created_at)
    rows = [store.correction_row(new), line]
    if not is_held:
        notice = context.letter_row(
            "corrections/arrived",
            to=context.settings.staff_mail,
            values={
                "reference": new.reference,
                "link_to_staff": f"{context.settings.base_url}/staff/corrections/{new.reference}",
                "activity": activity.title,
                "about": _(ABOUT.get(new.about, STILL_RIGHT)),
            },
            about=new.reference,
        )
        rows.append(notice)
    return rows

"""Was this true? Three times "no" within three calendar months ask staff to look at a promise.

Nothing happens to the entry by itself. A "no" that staff have looked at does not count again.
"""

from datetime import datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.context import Context
from api.errors import Conflict, Invalid, Missing
from api.features.renewals.feedback import store as visitor_feedback_store
from api.features.renewals.feedback.store import Doubt
from api.features.renewals.renaming import store
from api.mail import letters, outbox
from api.security.references import new_id
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Pledge, Signatory
from catalogue.outputs.formatting import LOCAL

NOES = 3
MONTHS = 3
OUTCOMES = {
    "true": gettext_noop("We asked, and it is true"),
    "mended": gettext_noop("The entry was put right"),
    "cannot_tell": gettext_noop("We cannot tell; we will watch"),
}


class NothingToSay(Missing):
    """Nobody is asked about this: no such promise, or one that does not hold now."""

    sentence = gettext_noop("There is no such promise here, or it does not hold at the moment.")


class LookedAt(Conflict):
    """Somebody closed it before."""

    sentence = gettext_noop("Somebody has looked at this already. Nothing was changed.")


def asked_about(
    pledge: str, who: str, commitment: str, context: Context
) -> tuple[Pledge, Signatory]:
    """Return the promise visitors may speak about. Raises `NothingToSay`."""
    found = context.catalogue.pledge(pledge)
    signatory = context.catalogue.signatory(pledge, who)
    if found is None or signatory is None or found.status == "ended":
        raise NothingToSay
    said = signatory.promises.get(commitment)
    if said is None or said.state != "doing" or signatory.lapsed(context.today):
        raise NothingToSay
    return found, signatory


def since(now: datetime) -> str:
    """Return the first month that counts, such as `2026-09`."""
    return f"{now.astimezone(LOCAL) - relativedelta(months=MONTHS - 1):%Y-%m}"


def count(
    connection: Connection, of: Signatory, commitment: str, answer: str, context: Context
) -> None:
    """Count one answer (`yes` or `no`), and open a doubt where three have said no."""
    month = f"{context.today:%Y-%m}"
    who = _now_at(connection, of, context)
    names = tuple(dict.fromkeys((who, *of.names)))
    visitor_feedback_store.count_visit(connection, month, of.pledge, who, commitment, answer)
    if answer == "yes" or visitor_feedback_store.open_doubt(connection, of.pledge, names):
        return
    said = visitor_feedback_store.visits(connection, of.pledge, names, since(context.now))
    if sum(one.unseen for one in said) >= NOES:
        _open(connection, of.pledge, who, context)


def _now_at(connection: Connection, of: Signatory, context: Context) -> str:
    """Return the name under which an entry is counted: the catalogue may be a build behind."""
    if (context.project / of.path).is_file():
        return of.slug
    return store.current_slug(connection, of.pledge, of.slug)


def close(doubt_id: str, outcome: str, context: Context) -> None:
    """Note what staff found. Raises `LookedAt`, or `Invalid` for an outcome off the list."""
    if outcome not in OUTCOMES:
        raise Invalid(sentence=_("Choose what you found."))

    def act(connection: Connection) -> None:
        closed = visitor_feedback_store.doubt(connection, doubt_id)
        if closed is None:
            raise LookedAt
        names = signatory_files.names(context.project, closed.pledge, closed.who)
        visitor_feedback_store.close_doubts(connection, closed.pledge, names, outcome, context.now)
        about = f"{closed.pledge}/{closed.who}"
        line = audit.line(
            "doubt.closed", about, actor=context.actor, at=context.now, outcome=outcome
        )
        insert_rows(connection, [line])

    context.database.write_now(act)


def _open(connection: Connection, pledge: str, who: str, context: Context) -> None:
    about = f"{pledge}/{who}"
    notice = letters.compose(
        "keeping/to_read",
        to=context.settings.staff_mail,
        values={
            "doubt": True,
            "entry": about,
            "link": f"{context.settings.base_url}/staff/keeping",
        },
    )
    rows = [
        visitor_feedback_store.doubt_row(Doubt(new_id(), pledge, who, context.now)),
        audit.line("doubt.opened", about, actor=context.actor, at=context.now, noes=NOES),
        outbox.letter_row(context.encryption, notice, now=context.now, about=about),
    ]
    insert_rows(connection, rows)

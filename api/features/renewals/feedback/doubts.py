"""Count visitors' answers to "was this true?", and raise a doubt where three have answered no.

Three within three calendar months ask staff to review the entry; nothing happens to it by itself.
A "no" that staff have reviewed does not count again.
"""

from datetime import datetime

from dateutil.relativedelta import relativedelta
from sqlalchemy import Connection

from api.content_files import signatory_files
from api.context import Context
from api.errors import Conflict, Invalid, Missing
from api.features.renewals.feedback import store
from api.features.renewals.feedback.store import Doubt
from api.features.renewals.renaming import store as renaming_store
from api.security.references import new_id
from api.store import audit
from api.store.writer import insert_rows
from catalogue.i18n.gettext import _, gettext_noop
from catalogue.model.pledge import Signatory
from catalogue.outputs.formatting import LOCAL

NOES_FOR_DOUBT = 3
MONTHS_COUNTED = 3
OUTCOMES = {
    "true": gettext_noop("We asked, and it is true"),
    "mended": gettext_noop("The entry was put right"),
    "cannot_tell": gettext_noop("We cannot tell; we will watch"),
}


class PromiseNotFound(Missing):
    """Visitors are not asked about this: no such commitment, or it does not hold now."""

    code = "nothing-to-say"
    sentence = gettext_noop("There is no such promise here, or it does not hold at the moment.")


class DoubtClosed(Conflict):
    """The doubt was closed before."""

    code = "looked-at"
    sentence = gettext_noop("Somebody has looked at this already. Nothing was changed.")


def find_signatory(pledge_slug: str, slug: str, commitment: str, context: Context) -> Signatory:
    """Return the signatory whose commitment visitors may answer about.

    Raises `PromiseNotFound`.
    """
    pledge = context.catalogue.pledge(pledge_slug)
    signatory = context.catalogue.signatory(pledge_slug, slug)
    if pledge is None or signatory is None or pledge.status == "ended":
        raise PromiseNotFound
    promise = signatory.promises.get(commitment)
    if promise is None or promise.state != "doing" or signatory.lapsed(context.today):
        raise PromiseNotFound
    return signatory


def first_counted_month(now: datetime) -> str:
    """Return the first month whose answers count, such as `2026-09`."""
    return f"{now.astimezone(LOCAL) - relativedelta(months=MONTHS_COUNTED - 1):%Y-%m}"


def count_answer(
    connection: Connection, signatory: Signatory, commitment: str, answer: str, context: Context
) -> None:
    """Count one answer (`yes` or `no`), and open a doubt where three visitors have said no."""
    month = f"{context.today:%Y-%m}"
    pledge, slug = signatory.pledge, _current_slug(connection, signatory, context)
    slugs = tuple(dict.fromkeys((slug, *signatory.names)))
    store.add_answer(connection, month, pledge, slug, commitment, answer)
    if answer == "yes" or store.has_open_doubt(connection, pledge, slugs):
        return
    counts = store.feedback_counts(connection, pledge, slugs, first_counted_month(context.now))
    if sum(count.unreviewed_no for count in counts) >= NOES_FOR_DOUBT:
        _open_doubt(connection, pledge, slug, context)


def close_doubt(doubt_id: str, outcome: str, context: Context) -> None:
    """Record what staff found. Raises `DoubtClosed`, or `Invalid` for an unknown outcome."""
    if outcome not in OUTCOMES:
        raise Invalid(sentence=_("Choose what you found."))
    context.database.write_now(
        lambda connection: _close_doubt(connection, doubt_id, outcome, context)
    )


def _current_slug(connection: Connection, signatory: Signatory, context: Context) -> str:
    """Return the slug to count under: the catalogue may be one build behind a rename."""
    if (context.project / signatory.path).is_file():
        return signatory.slug
    return renaming_store.current_slug(connection, signatory.pledge, signatory.slug)


def _open_doubt(connection: Connection, pledge: str, slug: str, context: Context) -> None:
    entry = f"{pledge}/{slug}"
    letter = context.letter_row(
        "keeping/to_read",
        to=context.settings.staff_mail,
        values={
            "doubt": True,
            "entry": entry,
            "link_to_staff": f"{context.settings.base_url}/staff/keeping",
        },
        about=entry,
    )
    rows = [
        store.doubt_row(Doubt(new_id(), pledge, slug, context.now)),
        audit.new_event(
            "doubt.opened", entry, actor=context.actor, at=context.now, noes=NOES_FOR_DOUBT
        ),
        letter,
    ]
    insert_rows(connection, rows)


def _close_doubt(connection: Connection, doubt_id: str, outcome: str, context: Context) -> None:
    doubt = store.find_open_doubt(connection, doubt_id)
    if doubt is None:
        raise DoubtClosed
    slugs = signatory_files.names(context.project, doubt.pledge, doubt.slug)
    store.close_doubts(connection, doubt.pledge, slugs, outcome, context.now)
    line = audit.new_event(
        "doubt.closed",
        f"{doubt.pledge}/{doubt.slug}",
        actor=context.actor,
        at=context.now,
        outcome=outcome,
    )
    insert_rows(connection, [line])

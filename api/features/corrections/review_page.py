"""One correction as its reviewer sees it: what was said, the entry beside it, and what may be done.

Whoever calls has written down that it is read.
"""

import msgspec

from api.context import Context
from api.features.corrections import fields, queue
from api.features.corrections.bodies import KNOWS
from api.features.corrections.change import EntryGone, EntryOnDisk
from api.features.corrections.fields import Difference
from api.features.corrections.open_for_review import OpenedCorrection
from api.features.corrections.proposal import Proposal, ProposalView, shown
from api.features.corrections.queue import QueuedCorrection
from api.features.corrections.store import OPEN, Correction, Private
from api.features.corrections.undo import stands_as_written
from api.moderation.history import HistoryEntry
from catalogue.i18n.gettext import _
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.activity.page import Ask, activity_view
from catalogue.read import load


class VisitorStatement(msgspec.Struct, frozen=True):
    """What the visitor wrote, for the team only."""

    words: str
    knows: str
    reach_at: str


class Link(msgspec.Struct, frozen=True):
    """Another activity's page."""

    url: str
    title: str


class CorrectionReview(msgspec.Struct, frozen=True):
    """One correction whole."""

    reference: str
    url: str
    title: str
    activity_url: str
    """"" where the site has no page of it."""
    path: str
    about: str
    state: str
    state_words: str
    since: str
    open: bool
    gone: bool
    alike: tuple[Link, ...]
    """Where the entry is gone: others of the same title, for it may have been renamed."""
    told: VisitorStatement | None
    ask: Ask | None
    others: tuple[QueuedCorrection, ...]
    reader: str
    moved: bool
    moved_in: tuple[Difference, ...]
    """The entry was changed after this was sent, and in which fields, as far as that is kept."""
    proposed: ProposalView | None
    half_done: bool
    """Its change stands in the entry, but the service stopped before it was called accepted."""
    wrote: tuple[Difference, ...]
    may: str
    """How the decision can be taken back: `undo`, `reopen`, or not at all."""
    history: tuple[HistoryEntry, ...]


def correction_review(
    read: OpenedCorrection, asked: Proposal, context: Context, catalogue: Catalogue
) -> CorrectionReview:
    """Return one correction, with the change that a proposal makes."""
    of, stands, terms = read.correction, read.stands, catalogue.taxonomy
    activity = catalogue.activity(of.activity)
    told = context.encryption.decrypt_as(of.id, of.sealed, Private) if of.sealed else None
    row = queue.waiting(of, context.now)
    is_open = of.state in OPEN
    moved = bool(stands and of.sent_digest and of.sent_digest != stands.digest)
    return CorrectionReview(
        reference=of.reference,
        url=row.url,
        title=queue.title_of(of.activity, catalogue),
        activity_url=f"/activities/{of.activity}/" if activity else "",
        path=_path(of, catalogue),
        about=row.about,
        state=of.state,
        state_words=row.state,
        since=row.since,
        open=is_open,
        gone=stands is None,
        alike=_alike(of, catalogue) if stands is None else (),
        told=_told(told) if told else None,
        ask=activity_view(activity, catalogue, context.now).ask if activity else None,
        others=tuple(queue.waiting(one, context.now) for one in read.others),
        reader=read.reader if is_open else "",
        moved=moved and is_open,
        moved_in=_between(of.sent_text, stands, terms) if is_open else (),
        proposed=_proposed(of, asked, context, catalogue) if is_open else None,
        half_done=is_open and stands is not None and of.after_digest == stands.digest,
        wrote=_wrote(of, stands, terms),
        may=_may(of, stands),
        history=read.history,
    )


def _told(said: Private) -> VisitorStatement:
    return VisitorStatement(
        said.words, _(KNOWS[said.knows]) if said.knows in KNOWS else "", said.reach_at
    )


def _path(of: Correction, catalogue: Catalogue) -> str:
    activity = catalogue.activity(of.activity)
    return activity.path if activity else f"{load.CONTENT}/activities/{of.activity}.md"


def _alike(of: Correction, catalogue: Catalogue) -> tuple[Link, ...]:
    """Return activities of the title that the entry had when this was sent."""
    known = catalogue.activity(of.activity)
    was = fields.fields_of(of.sent_text or b"", "").get("title") or (known.title if known else "")
    return tuple(
        Link(f"/activities/{one.slug}/", one.title)
        for one in catalogue.activities
        if one.title == was and one.slug != of.activity
    )


def _between(
    before: bytes | None, stands: EntryOnDisk | None, terms: Taxonomy
) -> tuple[Difference, ...]:
    if before is None or stands is None:
        return ()
    return fields.differences(before, stands.raw, stands.path, terms)


def _proposed(
    of: Correction, asked: Proposal, context: Context, catalogue: Catalogue
) -> ProposalView | None:
    try:
        return shown(of, asked, context, catalogue)
    except EntryGone:
        return None


def _wrote(of: Correction, stands: EntryOnDisk | None, terms: Taxonomy) -> tuple[Difference, ...]:
    """Return what accepting wrote, as long as it stands so."""
    return _between(of.before_text, stands, terms) if _may(of, stands) == "undo" else ()


def _may(of: Correction, stands: EntryOnDisk | None) -> str:
    if stands_as_written(of, stands.raw if stands else None):
        return "undo"
    return "reopen" if of.state == "rejected" and of.sealed is not None else ""

"""One correction as its reviewer sees it: what was said, the entry beside it, and what may be done.

Whoever calls has written down that it is read.
"""

import msgspec

from api.content_files import entry_fields
from api.content_files.entry_fields import Difference
from api.context import Context
from api.features.corrections.bodies import KNOWS
from api.features.corrections.change import EntryGone, EntryOnDisk
from api.features.corrections.proposal import Proposal, ProposalView, proposal_view
from api.features.corrections.review import queue
from api.features.corrections.review.open_for_review import OpenedCorrection
from api.features.corrections.review.queue import QueuedCorrection
from api.features.corrections.review.reasons import GONE, REASONS
from api.features.corrections.review.undo import stands_as_written
from api.features.corrections.store import OPEN, Correction, CorrectionPersonalData
from api.features.entries import edit_url
from api.moderation.history import HistoryEntry
from api.moderation.reasons import choices
from catalogue.build.templates import Page
from catalogue.i18n.gettext import _
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.model.taxonomy import Taxonomy
from catalogue.outputs.activity.page import Ask, activity_view
from catalogue.outputs.activity.timetable_preview import changed_time
from catalogue.outputs.forms import FieldError, Form
from catalogue.outputs.search.choices import Choice
from catalogue.read import load


class VisitorStatement(msgspec.Struct, frozen=True):
    """What the visitor wrote, for the team only."""

    words: str
    knows: str
    reach_at: str
    changed_time: str
    """What the words make of the time, as entries have it; "" where that is not certain."""


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
    entry_url: str
    """The staff's form of the whole entry."""
    about: str
    state: str
    state_words: str
    since: str
    open: bool
    is_missing: bool
    same_title: tuple[Link, ...]
    """Where the entry is gone: others of the same title, for it may have been renamed."""
    statement: VisitorStatement | None
    ask: Ask | None
    other_corrections: tuple[QueuedCorrection, ...]
    reader: str
    entry_changed: bool
    entry_changes: tuple[Difference, ...]
    """The entry was changed after this was sent, and in which fields, as far as that is kept."""
    proposal: ProposalView | None
    half_done: bool
    """Its change stands in the entry, but the service stopped before it was called accepted."""
    written: tuple[Difference, ...]
    """What accepting wrote, as long as it stands so."""
    undo_by: str
    """How the decision can be taken back: `undo`, `reopen`, or "" for not at all."""
    history: tuple[HistoryEntry, ...]


class CorrectionPage(Page, frozen=True, kw_only=True):
    """One correction with the form to mend its entry.

    `version` and `entry` (the digest of the text that is shown) go back with each decision.
    `stale` says that the entry was changed while the form was filled in, `checked` that all facts
    were ticked as checked, `open_form` names the field of the first error.
    """

    template = "staff/correction.html"

    correction: CorrectionReview
    version: int
    entry: str
    checked: bool
    stale: bool
    form: Form
    reasons: tuple[Choice, ...]
    open_form: str
    build_faults: tuple[str, ...]


def correction_page(
    review_input: OpenedCorrection,
    proposal: Proposal,
    errors: tuple[FieldError, ...],
    context: Context,
) -> CorrectionPage:
    """Return the page with a proposal, and what was wrong with a decision."""
    review = correction_review(review_input, proposal, context, context.catalogue)
    errors += review.proposal.errors if review.proposal else ()
    digest = review_input.entry.digest if review_input.entry else ""
    return CorrectionPage(
        correction=review,
        version=review_input.version,
        entry=digest,
        checked=proposal.checked,
        stale=bool(proposal.entry and digest and proposal.entry != digest and not errors),
        form=Form("", _form_values(review, proposal), errors),
        reasons=choices(REASONS),
        open_form=errors[0].field if errors else "",
        build_faults=context.rebuild_queue.failed,
    )


def _form_values(review: CorrectionReview, proposal: Proposal) -> dict[str, str]:
    """Return what stands in the inputs: the entry's words, or those that were typed."""
    view = review.proposal
    entry_inputs = (*view.first, *view.remaining) if view else ()
    ticked = {"checked": proposal.checked, "they_agreed": proposal.they_agreed}
    return {
        **{f"set.{field.name}": field.value for field in entry_inputs},
        **{name: "yes" for name, is_so in ticked.items() if is_so},
        "reason": GONE if review.is_missing else "",
    }


def correction_review(
    review_input: OpenedCorrection, proposal: Proposal, context: Context, catalogue: Catalogue
) -> CorrectionReview:
    """Return one correction, with the change that a proposal makes."""
    correction, entry, terms = review_input.correction, review_input.entry, catalogue.taxonomy
    activity = catalogue.activity(correction.activity)
    private = (
        context.encryption.decrypt_as(correction.id, correction.sealed, CorrectionPersonalData)
        if correction.sealed
        else None
    )
    row = queue.queued_correction(correction, context.now)
    is_open = correction.state in OPEN
    changed = bool(entry and correction.sent_digest and correction.sent_digest != entry.digest)
    return CorrectionReview(
        reference=correction.reference,
        url=row.url,
        title=queue.activity_title(correction.activity, catalogue),
        activity_url=f"/activities/{correction.activity}/" if activity else "",
        path=_path(correction, catalogue),
        entry_url=edit_url(correction.activity),
        about=row.about,
        state=correction.state,
        state_words=row.state,
        since=row.since,
        open=is_open,
        is_missing=entry is None,
        same_title=_same_title(correction, catalogue) if entry is None else (),
        statement=_statement(private, activity) if private else None,
        ask=activity_view(activity, catalogue, context.now).ask if activity else None,
        other_corrections=tuple(
            queue.queued_correction(other, context.now) for other in review_input.other_corrections
        ),
        reader=review_input.reader if is_open else "",
        entry_changed=changed and is_open,
        entry_changes=_differences(correction.sent_text, entry, terms) if is_open else (),
        proposal=_proposal(correction, proposal, context, catalogue) if is_open else None,
        half_done=is_open and entry is not None and correction.after_digest == entry.digest,
        written=_written(correction, entry, terms),
        undo_by=_undo_by(correction, entry),
        history=review_input.history,
    )


def _statement(private: CorrectionPersonalData, activity: Activity | None) -> VisitorStatement:
    knows = _(KNOWS[private.knows]) if private.knows in KNOWS else ""
    time = changed_time(private.words, activity) if activity else ""
    return VisitorStatement(private.words, knows, private.reach_at, time)


def _path(correction: Correction, catalogue: Catalogue) -> str:
    activity = catalogue.activity(correction.activity)
    return activity.path if activity else f"{load.CONTENT}/activities/{correction.activity}.md"


def _same_title(correction: Correction, catalogue: Catalogue) -> tuple[Link, ...]:
    """Return activities of the title that the entry had when this was sent."""
    activity = catalogue.activity(correction.activity)
    sent_fields = entry_fields.fields_of(correction.sent_text or b"", "")
    title = sent_fields.get("title") or (activity.title if activity else "")
    return tuple(
        Link(f"/activities/{activity.slug}/", activity.title)
        for activity in catalogue.activities
        if activity.title == title and activity.slug != correction.activity
    )


def _differences(
    before: bytes | None, entry: EntryOnDisk | None, terms: Taxonomy
) -> tuple[Difference, ...]:
    if before is None or entry is None:
        return ()
    return entry_fields.differences(before, entry.raw, entry.path, terms)


def _proposal(
    correction: Correction, proposal: Proposal, context: Context, catalogue: Catalogue
) -> ProposalView | None:
    try:
        return proposal_view(correction, proposal, context, catalogue)
    except EntryGone:
        return None


def _written(
    correction: Correction, entry: EntryOnDisk | None, terms: Taxonomy
) -> tuple[Difference, ...]:
    return (
        _differences(correction.before_text, entry, terms)
        if _undo_by(correction, entry) == "undo"
        else ()
    )


def _undo_by(correction: Correction, entry: EntryOnDisk | None) -> str:
    if stands_as_written(correction, entry.raw if entry else None):
        return "undo"
    return "reopen" if correction.state == "rejected" and correction.sealed is not None else ""

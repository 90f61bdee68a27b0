"""`kith corrections`: what visitors say is wrong, and the one way from there to an entry.

A list shows nothing personal. Reading is written down first; a diff is shown before anything is
written; what was accepted can be undone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from api.content_files.entry_change import check_change
from api.content_files.entry_fields import fields_of
from api.context import Context, open_context
from api.features.corrections import change as entry_change
from api.features.corrections import store
from api.features.corrections.bodies import ABOUT, KNOWS, STILL_RIGHT
from api.features.corrections.change import EntryGone
from api.features.corrections.review import decide
from api.features.corrections.review import undo as undo_rule
from api.features.corrections.store import OPEN, Correction, CorrectionPersonalData
from api.moderation import commands
from catalogue.model.activity import Activity
from catalogue.model.catalogue import Catalogue
from catalogue.outputs.activity.timetable_preview import changes_times, preview_timetables

ALL = (*OPEN, "accepted", "rejected")

given_fields = click.option(
    "--set",
    "typed",
    multiple=True,
    metavar="FIELD=VALUE",
    help='What to write, such as schedule[0].when="every Tuesday 11:00". Empty takes it out.',
)
all_checked = click.option(
    "--checked", is_flag=True, help="All facts were checked with who runs it: assured_on is today."
)


@click.group()
def corrections() -> None:
    """Read what visitors say is wrong, and mend the entries."""


@corrections.command("list")
@click.option("--all", "decided_too", is_flag=True, help="The decided ones too.")
@click.pass_obj
def list_(project: Path, decided_too: bool) -> None:
    """List what waits for a decision, the oldest first. Nothing personal is shown."""
    with open_context(project) as context:
        states = ALL if decided_too else OPEN
        listed = context.database.read_now(lambda connection: store.listed(connection, states))
        for correction in listed:
            click.echo(_line(correction, context))
    click.echo(f"{len(listed)} shown." if listed else "Nothing waits.")


@corrections.command()
@click.argument("reference")
@given_fields
@all_checked
@click.pass_obj
def show(project: Path, reference: str, typed: tuple[str, ...], checked: bool) -> None:
    """Show one with all that was said, and the diff it would make. The reading is written down."""
    with _deciding(project, reference) as (context, catalogue, correction):
        entry_gone = catalogue.activity(correction.activity) is None
        plain = (
            None
            if entry_gone
            else entry_change.build_change(correction, {}, context, catalogue, checked=False)
        )
        digest = plain.before_digest if plain else ""
        # before a word is shown
        context.database.write_now(
            lambda connection: decide.note_reading(connection, correction, digest, context)
        )
        for line in _describe(correction, context):
            click.echo(line)
        if plain is None:
            raise EntryGone
        if correction.sent_digest not in ("", plain.before_digest):
            click.echo("The entry has changed since this was sent: it may be mended already.")
        change = entry_change.build_change(
            correction, _fields(typed), context, catalogue, checked=checked
        )
        click.echo(change.diff or "No change by itself: say what to write with --set.")
        would_be = check_change(change, project, catalogue)
        for fault in would_be.faults:
            click.echo(f"This would be refused: {fault}")
        if would_be.activity and changes_times(*map(fields_of, (change.before, change.after))):
            for line in _dates(would_be.activity, context, catalogue):
                click.echo(line)


@corrections.command()
@click.argument("reference")
@given_fields
@all_checked
@click.option("--reason", default="", help="Kept for ever: write nothing about a person.")
@click.option("--they-agreed", is_flag=True, help="What they gave to be reached at may be public.")
@click.option("--yes", is_flag=True, help="Do not ask once more.")
@click.option("--no-build", is_flag=True, help="Do not build the site now.")
@click.pass_obj
def accept(
    project: Path,
    reference: str,
    typed: tuple[str, ...],
    checked: bool,
    reason: str,
    they_agreed: bool,
    yes: bool,
    no_build: bool,
) -> None:
    """Mend the entry, as it was shown, after one look at the diff."""
    with _deciding(project, reference) as (context, catalogue, correction):
        if correction.state == "accepted" or decide.finish_begun(correction, context, catalogue):
            click.echo(f"{correction.reference} is accepted; nothing more was changed.")
            return
        if correction.state not in OPEN:
            raise decide.CorrectionAlreadyDecided
        change = entry_change.build_change(
            correction, _fields(typed), context, catalogue, checked=checked
        )
        click.echo(change.diff, nl=False)
        if change.diff and not yes:
            click.confirm("Write this?", abort=True)
        decide.accept(
            correction, change, context, catalogue, reason=reason, they_agreed=they_agreed
        )
        click.echo(f"{correction.reference} is accepted: {change.path} is mended.")
        if not no_build:
            commands.build(context)


@corrections.command()
@click.argument("reference")
@click.option("--reason", required=True, help="Kept for ever: write nothing about a person.")
@click.pass_obj
def reject(project: Path, reference: str, reason: str) -> None:
    """Leave the entry as it is."""
    with _deciding(project, reference) as (context, _catalogue, correction):
        decide.reject(correction.reference, reason, context)
        click.echo(f"{correction.reference} is rejected.")


@corrections.command()
@click.argument("reference")
@click.option("--reason", default="", help="Kept for ever: write nothing about a person.")
@click.option("--no-build", is_flag=True, help="Do not build the site now.")
@click.pass_obj
def undo(project: Path, reference: str, reason: str, no_build: bool) -> None:
    """Put back the text an accepted one replaced; it waits for a decision again."""
    with _deciding(project, reference) as (context, catalogue, correction):
        if not undo_rule.undo(correction, context, catalogue, reason):
            click.echo(f"{correction.reference} was undone before; nothing was changed.")
            return
        click.echo(f"{correction.reference} is undone: the entry stands as before.")
        if not no_build:
            commands.build(context)


@contextmanager
def _deciding(project: Path, typed: str) -> Iterator[tuple[Context, Catalogue, Correction]]:
    """Open the store, the content and the correction."""
    reference = commands.reference(typed, "C")
    with commands.open_store(project) as (context, catalogue):
        correction = context.database.read_now(
            lambda connection: decide.find_correction(connection, reference)
        )
        yield context, catalogue, correction


def _fields(typed: tuple[str, ...]) -> dict[str, str]:
    """Return fields and values of `--set`."""
    pairs = [option.partition("=") for option in typed]
    if any(not sign for _field, sign, _value in pairs):
        raise click.BadParameter("write it as field=value", param_hint="--set")
    return {field.strip(): value for field, _sign, value in pairs}


def _dates(activity: Activity, context: Context, catalogue: Catalogue) -> Iterator[str]:
    """Yield what each timetable would mean: its next dates, and exceptions that miss it."""
    for preview in preview_timetables(activity, catalogue.taxonomy, context.now):
        yield f"It would read: {preview.words}"
        for words in preview.without_session:
            yield f"  Left out although nothing is on then: {words}"
        for tile in preview.dates:
            yield f"  {tile.in_full}" + (f" (no meeting, {tile.why})" if tile.cancelled else "")
        if preview.no_dates:
            yield f"  {preview.no_dates}"


def _line(correction: Correction, context: Context) -> str:
    age = commands.age_in_words(correction.created_at, context.now)
    about = ABOUT.get(correction.about, STILL_RIGHT)
    return (
        f"{correction.reference}  {age:>10}  {correction.state:<8}  {correction.activity}  {about}"
    )


def _describe(correction: Correction, context: Context) -> Iterator[str]:
    """Yield what was said, and what else waits about the same activity."""
    yield _line(correction, context)
    if correction.sealed is None:
        yield "What the visitor wrote has been deleted: its time was over."
    else:
        private = context.encryption.decrypt_as(
            correction.id, correction.sealed, CorrectionPersonalData
        )
        yield f"What is right:  {private.words or 'not said'}"
        yield f"How they know:  {KNOWS.get(private.knows, 'not said')}"
        yield f"Ask back at:    {private.reach_at or 'not said'}"
    if correction.state == "held":
        yield "A hidden field was filled in: perhaps a program wrote this."
    others_waiting = context.database.read_now(
        lambda connection: store.others_open(connection, correction)
    )
    if others_waiting:
        yield f"Waiting about the same activity too: {others_waiting}."

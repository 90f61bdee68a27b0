"""`kith corrections`: what visitors say is wrong, and the one way from there to an entry.

A list shows nothing personal. Reading is written down first; a diff is shown before anything is
written; what was accepted can be undone.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from api.context import Context, open_context
from api.features.corrections import change as changing
from api.features.corrections import decide, store
from api.features.corrections import undo as undoing
from api.features.corrections.bodies import ABOUT, KNOWS, STILL_RIGHT
from api.features.corrections.change import EntryGone
from api.features.corrections.store import OPEN, Correction, Private
from api.moderation import commands
from catalogue.model.catalogue import Catalogue

ALL = (*OPEN, "accepted", "rejected")

given_fields = click.option(
    "--set",
    "given",
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
    with open_context(project) as at:
        found = at.database.read_now(lambda look: store.listed(look, ALL if decided_too else OPEN))
        for one in found:
            click.echo(_line(one, at))
    click.echo(f"{len(found)} shown." if found else "Nothing waits.")


@corrections.command()
@click.argument("reference")
@given_fields
@all_checked
@click.pass_obj
def show(project: Path, reference: str, given: tuple[str, ...], checked: bool) -> None:
    """Show one with all that was said, and the diff it would make. The reading is written down."""
    with _deciding(project, reference) as (at, catalogue, of):
        entry_gone = catalogue.activity(of.activity) is None
        plain = None if entry_gone else changing.mending(of, {}, at, catalogue, checked=False)
        decide.note_seen(of, at, plain)  # before a word is shown
        for said in _said(of, at):
            click.echo(said)
        if plain is None:
            raise EntryGone
        if of.sent_digest not in ("", plain.before_digest):
            click.echo("The entry has changed since this was sent: it may be mended already.")
        made = changing.mending(of, _fields(given), at, catalogue, checked=checked)
        click.echo(made.diff or "No change by itself: say what to write with --set.")
        for fault in changing.faults_of(made, project, catalogue):
            click.echo(f"This would be refused: {fault}")


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
    given: tuple[str, ...],
    checked: bool,
    reason: str,
    they_agreed: bool,
    yes: bool,
    no_build: bool,
) -> None:
    """Mend the entry, as it was shown, after one look at the diff."""
    with _deciding(project, reference) as (at, catalogue, of):
        if of.state == "accepted" or decide.finish_begun(of, at, catalogue):
            click.echo(f"{of.reference} is accepted; nothing more was changed.")
            return
        if of.state not in OPEN:
            raise decide.DecidedBefore
        made = changing.mending(of, _fields(given), at, catalogue, checked=checked)
        click.echo(made.diff, nl=False)
        if made.diff and not yes:
            click.confirm("Write this?", abort=True)
        decide.accept(of, made, at, catalogue, reason=reason, they_agreed=they_agreed)
        click.echo(f"{of.reference} is accepted: {made.path} is mended.")
        if not no_build:
            commands.build(at)


@corrections.command()
@click.argument("reference")
@click.option("--reason", required=True, help="Kept for ever: write nothing about a person.")
@click.pass_obj
def reject(project: Path, reference: str, reason: str) -> None:
    """Leave the entry as it is."""
    with _deciding(project, reference) as (at, _catalogue, of):
        decide.reject(of.reference, reason, at)
        click.echo(f"{of.reference} is rejected.")


@corrections.command()
@click.argument("reference")
@click.option("--reason", default="", help="Kept for ever: write nothing about a person.")
@click.option("--no-build", is_flag=True, help="Do not build the site now.")
@click.pass_obj
def undo(project: Path, reference: str, reason: str, no_build: bool) -> None:
    """Put back the text an accepted one replaced; it waits for a decision again."""
    with _deciding(project, reference) as (at, catalogue, of):
        if not undoing.undo(of, at, catalogue, reason):
            click.echo(f"{of.reference} was undone before; nothing was changed.")
            return
        click.echo(f"{of.reference} is undone: the entry stands as before.")
        if not no_build:
            commands.build(at)


@contextmanager
def _deciding(project: Path, typed: str) -> Iterator[tuple[Context, Catalogue, Correction]]:
    """Open the store, the content and the correction."""
    reference = commands.reference(typed, "C")
    with commands.opened(project) as (at, catalogue):
        found = at.database.read_now(lambda look: decide.correction(look, reference))
        yield at, catalogue, found


def _fields(given: tuple[str, ...]) -> dict[str, str]:
    """Return fields and values of `--set`."""
    parted = [one.partition("=") for one in given]
    if any(not sign for _field, sign, _value in parted):
        raise click.BadParameter("write it as field=value", param_hint="--set")
    return {field.strip(): value for field, _sign, value in parted}


def _line(one: Correction, at: Context) -> str:
    age = commands.age_in_words(one.created_at, at.now)
    about = ABOUT.get(one.about, STILL_RIGHT)
    return f"{one.reference}  {age:>10}  {one.state:<8}  {one.activity}  {about}"


def _said(of: Correction, at: Context) -> Iterator[str]:
    """Yield what was said, and what else waits about the same activity."""
    yield _line(of, at)
    if of.sealed is None:
        yield "What the visitor wrote has been deleted: its time was over."
    else:
        said = at.encryption.decrypt_as(of.id, of.sealed, Private)
        yield f"What is right:  {said.words or 'not said'}"
        yield f"How they know:  {KNOWS.get(said.knows, 'not said')}"
        yield f"Ask back at:    {said.reach_at or 'not said'}"
    if of.state == "held":
        yield "A hidden field was filled in: perhaps a program wrote this."
    others = at.database.read_now(lambda look: store.others_open(look, of))
    if others:
        yield f"Waiting about the same activity too: {others}."

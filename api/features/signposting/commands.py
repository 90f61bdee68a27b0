"""`kith requests`: for those who answer requests, until there is a staff area.

A list shows nothing personal. Reading one request unseals it, and is written down first.
"""

from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from api.context import Context, open_context
from api.features.signposting import close as closing
from api.features.signposting import store
from api.features.signposting.ask import answer_by, contact_lookups
from api.moderation import commands
from api.store import audit
from catalogue.outputs.formatting import LOCAL
from catalogue.read import entry, load

WAYS = {
    "phone": "Ring",
    "text": "Text",
    "email": "Write an e-mail to",
    "post": "Write a letter to",
    "visit": "Visit",
}


@click.group()
def requests() -> None:
    """Read and close the requests of people who asked for help."""


@requests.command("list")
@click.option("--all", "closed_too", is_flag=True, help="The closed ones too.")
@click.pass_obj
def list_(project: Path, closed_too: bool) -> None:
    """List what waits for an answer, the oldest first. Nothing personal is shown."""
    with open_context(project) as at:
        found = at.database.read_now(lambda look: store.waiting(look, closed_too=closed_too))
        for one in found:
            click.echo(_line(one, at))
        click.echo(_counted(found, at))


@requests.command()
@click.argument("reference")
@click.pass_obj
def show(project: Path, reference: str) -> None:
    """Show one request with all that the person said. The reading is written down."""
    sound = commands.reference(reference, "R")
    with open_context(project) as at:
        found = at.database.read_now(lambda look: store.find(look, sound))
        if found is None:
            _unknown()
        request, sealed = found
        line = audit.line("signposting_request.read", sound, actor=at.actor, at=at.now)
        at.database.insert_now([line])  # before a word is shown
        click.echo(_line(request, at))
        if sealed is None:
            click.echo("What the person said has been deleted: its time was over.")
            return
        private = at.encryption.decrypt_as(request.id, sealed, store.Private)
        lookups = contact_lookups(private.reach_by, private.reach_at, at.encryption)
        others = at.database.read_now(lambda look: store.same_contact(look, sound, lookups))
        for said in _said(private, others, _title(project, private.activity)):
            click.echo(said)


@requests.command()
@click.argument("reference")
@click.option(
    "--outcome",
    required=True,
    type=click.Choice(tuple(closing.OUTCOMES)),
    help="How it ended.",
)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    help="With no_match: a kind of activity that was missing (its slug). May be given again.",
)
@click.pass_obj
def close(project: Path, reference: str, outcome: str, kinds: tuple[str, ...]) -> None:
    """Close a request with its one outcome. "no_match" counts a gap, for what was missing."""
    sound = commands.reference(reference, "R")
    known = _kinds(project) if kinds else {}
    strange = [kind for kind in kinds if kind not in known]
    if strange:
        raise click.BadParameter(
            f"{strange[0]} is not a kind of this directory.", param_hint="--kind"
        )
    with open_context(project) as at:
        closed = closing.Closing(sound, outcome, kinds, at.actor)
        try:
            at.database.write_now(lambda write: closing.close(write, closed, at.now))
        except closing.NotThere:
            _unknown()
        except closing.ClosedBefore as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{sound} is closed: {closing.OUTCOMES[outcome]}")


def _unknown() -> NoReturn:
    raise click.ClickException("There is no request with this reference.")


def _kinds(project: Path) -> dict[str, object]:
    reading = load.read_project(project)
    if reading.catalogue is None:
        raise click.ClickException("The content has faults: run kith check.")
    return dict(reading.catalogue.taxonomy.kind)


def _line(one: store.Waiting, at: Context) -> str:
    """Return a request in one line: reference, age, area, needs, state, and a mark when late."""
    parts = [
        one.reference,
        f"{commands.age_in_words(one.created_at, at.now):>10}",
        one.place or "area not known",
        ", ".join(one.needs) or "no need ticked",
        one.outcome or one.state,
    ]
    return "  ".join(parts) + ("  OVERDUE" if _overdue(one, at) else "")


def _overdue(one: store.Waiting, at: Context) -> bool:
    today = at.now.astimezone(LOCAL).date()
    return one.state in ("received", "assigned") and today > answer_by(one.created_at)


def _counted(found: list[store.Waiting], at: Context) -> str:
    late = sum(_overdue(one, at) for one in found)
    return f"{len(found)} shown, {late} overdue." if found else "Nothing waits."


def _title(project: Path, slug: str) -> str:
    """Return an activity as people call it; its slug where it is not in the content any more."""
    folder = project / load.CONTENT / "activities"
    for file in load.entry_files(folder) if slug else ():
        if file.stem == slug:
            with suppress(entry.UnreadableEntry):
                return f"{entry.read_entry(file, project).front.get('title', slug)} ({slug})"
    return f"{slug}, which is not in the directory any more"


def _said(said: store.Private, others: list[str], activity: str) -> list[str]:
    """Return what the person said, line by line, the safe way to reach them first."""
    ways = [
        f"Call them:      {said.name}",
        f"{WAYS[said.reach_by] + ':':<15} {said.reach_at}",
        f"Safe when:      {said.safe_when or 'not said'}",
        f"A message left: {'yes' if said.leave_message == 'yes' else 'NO, leave none'}",
        f"Where:          {said.place or 'not said'}",
        f"What matters:   {said.matters or 'not said'}",
    ]
    if said.consent:
        ways.append("Asked for by somebody else: the person knows and agrees.")
    if said.activity:
        ways.append(f"Would like company on the way to: {activity}")
    if said.other_needs:
        ways.append(f"Also ticked: {', '.join(said.other_needs)}")
    if said.trapped:
        ways.append("A hidden field was filled in: perhaps a program wrote this.")
    if others:
        ways.append(f"The same number or address also asked: {', '.join(others)}")
    return ways

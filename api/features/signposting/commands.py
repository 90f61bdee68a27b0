"""`kith requests`: for those who answer requests, until the staff area shows them.

A list shows nothing personal. Reading one request decrypts it, and is audited first.
"""

from contextlib import suppress
from pathlib import Path
from typing import NoReturn

import click

from api.context import Context, open_context
from api.features.signposting import store
from api.features.signposting.close import (
    OUTCOMES,
    AlreadyClosed,
    Closure,
    RequestNotFound,
    close_request,
)
from api.features.signposting.submit import answer_due_on, contact_lookups
from api.moderation import commands
from api.store import audit
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
@click.option("--all", "include_closed", is_flag=True, help="The closed ones too.")
@click.pass_obj
def list_(project: Path, include_closed: bool) -> None:
    """List what waits for an answer, the oldest first. Nothing personal is shown."""
    with open_context(project) as context:
        summaries = context.database.read_now(
            lambda connection: store.list_requests(connection, include_closed=include_closed)
        )
        for summary in summaries:
            click.echo(_summary_line(summary, context))
        click.echo(_count_line(summaries, context))


@requests.command()
@click.argument("reference")
@click.pass_obj
def show(project: Path, reference: str) -> None:
    """Show one request with all that the person said. The reading is written down."""
    checked = commands.reference(reference, "R")
    with open_context(project) as context:
        request = context.database.read_now(
            lambda connection: store.find_request(connection, checked)
        )
        if request is None:
            _raise_not_found()
        summary, encrypted = request
        event = audit.new_event(
            "signposting_request.read", checked, actor=context.actor, at=context.now
        )
        context.database.insert_now([event])  # before anything is shown
        click.echo(_summary_line(summary, context))
        if encrypted is None:
            click.echo("What the person said has been deleted: its time was over.")
            return
        details = context.encryption.decrypt_as(summary.id, encrypted, store.PersonalDetails)
        lookups = contact_lookups(details.reach_by, details.reach_at, context.encryption)
        other_references = context.database.read_now(
            lambda connection: store.find_same_contact(connection, checked, lookups)
        )
        for line in _detail_lines(
            details, other_references, _activity_title(project, details.activity)
        ):
            click.echo(line)


@requests.command()
@click.argument("reference")
@click.option(
    "--outcome",
    required=True,
    type=click.Choice(tuple(OUTCOMES)),
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
    checked = commands.reference(reference, "R")
    kind_labels = _kinds(project) if kinds else {}
    unknown = [kind for kind in kinds if kind not in kind_labels]
    if unknown:
        raise click.BadParameter(
            f"{unknown[0]} is not a kind of this directory.", param_hint="--kind"
        )
    with open_context(project) as context:
        closure = Closure(checked, outcome, kinds, context.actor)
        try:
            context.database.write_now(
                lambda connection: close_request(connection, closure, context.now)
            )
        except RequestNotFound:
            _raise_not_found()
        except AlreadyClosed as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{checked} is closed: {OUTCOMES[outcome]}")


def _raise_not_found() -> NoReturn:
    raise click.ClickException("There is no request with this reference.")


def _kinds(project: Path) -> dict[str, object]:
    project_read = load.read_project(project)
    if project_read.catalogue is None:
        raise click.ClickException("The content has faults: run kith check.")
    return dict(project_read.catalogue.taxonomy.kind)


def _summary_line(summary: store.RequestSummary, context: Context) -> str:
    """Return a request in one line: reference, age, area, needs, state, and a mark when late."""
    parts = [
        summary.reference,
        f"{commands.age_in_words(summary.created_at, context.now):>10}",
        summary.place or "area not known",
        ", ".join(summary.needs) or "no need ticked",
        summary.outcome or summary.state,
    ]
    return "  ".join(parts) + ("  OVERDUE" if _is_overdue(summary, context) else "")


def _is_overdue(summary: store.RequestSummary, context: Context) -> bool:
    is_unanswered = summary.state in ("received", "assigned")
    return is_unanswered and context.today > answer_due_on(summary.created_at)


def _count_line(summaries: list[store.RequestSummary], context: Context) -> str:
    overdue = sum(_is_overdue(summary, context) for summary in summaries)
    return f"{len(summaries)} shown, {overdue} overdue." if summaries else "Nothing waits."


def _activity_title(project: Path, slug: str) -> str:
    """Return an activity's title and slug; a sentence where it is no longer in the content."""
    folder = project / load.CONTENT / "activities"
    for file in load.entry_files(folder) if slug else ():
        if file.stem == slug:
            with suppress(entry.UnreadableEntry):
                return f"{entry.read_entry(file, project).front.get('title', slug)} ({slug})"
    return f"{slug}, which is not in the directory any more"


def _detail_lines(
    details: store.PersonalDetails, other_references: list[str], activity: str
) -> list[str]:
    """Return what the person said, line by line, the safe way to reach them first."""
    lines = [
        f"Call them:      {details.name}",
        f"{WAYS[details.reach_by] + ':':<15} {details.reach_at}",
        f"Safe when:      {details.safe_when or 'not said'}",
        f"A message left: {'yes' if details.leave_message == 'yes' else 'NO, leave none'}",
        f"Where:          {details.place or 'not said'}",
        f"What matters:   {details.matters or 'not said'}",
    ]
    if details.consent:
        lines.append("Asked for by somebody else: the person knows and agrees.")
    if details.activity:
        lines.append(f"Would like company on the way to: {activity}")
    if details.other_needs:
        lines.append(f"Also ticked: {', '.join(details.other_needs)}")
    if details.trapped:
        lines.append("A hidden field was filled in: perhaps a program wrote this.")
    if other_references:
        lines.append(f"The same number or address also asked: {', '.join(other_references)}")
    return lines

"""`kith staff` and `kith audit`: manage staff accounts, read and verify the audit trail."""

import sys
from collections.abc import Callable
from pathlib import Path

import click
from sqlalchemy import Connection

from api.context import Context, open_context
from api.errors import DomainError, Invalid
from api.security.normalise import canonical_email
from api.staff import people, store
from api.staff.people import NoSuchPerson
from api.staff.roles import ROLES
from api.staff.store import StaffMember
from api.store import audit, audit_heads

ROLE = click.Choice(ROLES)


@click.group("staff")
def staff() -> None:
    """Let people into the staff area, and out."""


@staff.command("list")
@click.pass_obj
def list_(project: Path) -> None:
    """List who works here, and in which roles."""
    with open_context(project) as context:
        entries = context.database.read_now(
            lambda connection: people.list_staff(connection, context.encryption)
        )
    for entry in entries:
        disabled = "  disabled" if entry.disabled else ""
        click.echo(f"{entry.name}  {entry.email}  {', '.join(entry.roles)}{disabled}")
    if not entries:
        click.echo("Nobody yet: kith staff add NAME EMAIL --role admin")


@staff.command()
@click.argument("name")
@click.argument("email")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True, help="One or more.")
@click.pass_obj
def add(project: Path, name: str, email: str, roles: tuple[str, ...]) -> None:
    """Let somebody in. They sign in at /staff with this address, and pair a phone."""
    with open_context(project) as context:

        def act(connection: Connection) -> None:
            member = people.add(connection, name, email, roles, context)
            people.tell_of_change(connection, member.id, "added", context)

        _write(context, act)
        click.echo(f"{email} may sign in at {context.settings.base_url}/staff")


@staff.command("roles")
@click.argument("email")
@click.option("--role", "roles", type=ROLE, multiple=True, required=True, help="All of them.")
@click.pass_obj
def roles_(project: Path, email: str, roles: tuple[str, ...]) -> None:
    """Give somebody these roles and no others."""
    with open_context(project) as context:
        _change(context, email, "roles", people.set_roles, roles)
    click.echo("Done.")


@staff.command()
@click.argument("email")
@click.pass_obj
def disable(project: Path, email: str) -> None:
    """Let somebody in no more. Their logins end now."""
    with open_context(project) as context:
        _change(context, email, "disable", people.disable)
    click.echo("Done.")


@staff.command()
@click.argument("email")
@click.pass_obj
def enable(project: Path, email: str) -> None:
    """Let somebody in again. They pair a phone anew."""
    with open_context(project) as context:
        _change(context, email, "enable", people.enable)
    click.echo("Done.")


@staff.command("sign-ins")
@click.pass_obj
def sign_ins(project: Path) -> None:
    """List who tried to sign in within the last 30 days, and a code of the network each came from.

    Two lines with the same code came from the same network.
    """
    with open_context(project) as context:
        events = context.database.read_now(store.list_events)
        names = context.database.read_now(
            lambda connection: people.names_by_id(connection, context.encryption)
        )
    for event in events:
        source = (event.source_lookup or "").partition(":")[2][:8] or "unknown"
        who = names.get(event.staff_id or "", "nobody we know")
        click.echo(f"{event.created_at:%Y-%m-%d %H:%M}  {source}  {event.action}  {who}")
    if not events:
        click.echo("Nobody.")


@staff.command("forget-phone")
@click.argument("email")
@click.pass_obj
def forget_phone(project: Path, email: str) -> None:
    """Let somebody who lost their phone pair a new one."""
    with open_context(project) as context:
        _change(context, email, "forget-phone", people.forget_second_factor)
    click.echo("Done.")


@click.group("audit")
def audit_trail() -> None:
    """Read who did what, and see whether the trail is whole."""


@audit_trail.command()
@click.pass_obj
def verify(project: Path) -> None:
    """Walk the chain, and compare it with the ends that were noted. Ends with 1 if it is not so.

    Note what it prints somewhere else: whoever can rewrite trail and notes cannot rewrite that.
    """
    with open_context(project) as context:
        broken = context.database.read_now(audit.verify)
        cut = context.database.read_now(
            lambda connection: audit_heads.first_missing(connection, context.settings.data)
        )
        seq, digest = context.database.read_now(audit.head)
    if broken is not None:
        click.echo(f"Line {broken} does not fit the line before it.", err=True)
        sys.exit(1)
    if cut is not None:
        click.echo(
            f"The trail was cut or rewritten: on {cut.at[:10]} it ended with line {cut.seq}, "
            f"{cut.digest}, and that line is not there any more.",
            err=True,
        )
        sys.exit(1)
    click.echo(f"{seq} lines, and each fits. The last one: {digest}")


@audit_trail.command()
@click.option("--about", default="", help="Only what was done to one reference.")
@click.option("--most", default=50, show_default=True, help="How many lines.")
@click.pass_obj
def show(project: Path, about: str, most: int) -> None:
    """Show the newest lines."""
    with open_context(project) as context:
        lines = context.database.read_now(
            lambda connection: audit.newest(connection, most, before=audit.EVER, about=about)
        )
    for line in lines:
        detail = " ".join(f"{name}={value}" for name, value in line.detail.items())
        columns = (f"{line.at:%Y-%m-%d %H:%M}", line.actor, line.action, line.subject or "", detail)
        click.echo("  ".join((str(line.seq), *columns)))


def _change(
    context: Context, email: str, name: str, change: Callable[..., None], *arguments: object
) -> None:
    """Call one of the functions of `people` for the member of staff with an address.

    `name` is what `people.CHANGES_IN_WORDS` calls it.
    """

    def act(connection: Connection) -> None:
        staff_id = _staff_by_email(connection, context, email).id
        change(connection, staff_id, *arguments, context)
        people.tell_of_change(connection, staff_id, name, context)

    _write(context, act)


def _staff_by_email(connection: Connection, context: Context, email: str) -> StaffMember:
    lookups = context.encryption.lookups(canonical_email(email))
    member = store.staff_by_email(connection, lookups)
    if member is None:
        raise NoSuchPerson
    return member


def _write(context: Context, act: Callable[[Connection], object]) -> None:
    """Run a change. A refusal is printed, and the command ends with 1."""
    try:
        context.database.write_now(act)
    except Invalid as error:
        messages = " ".join(fault.message for fault in error.errors)
        raise click.ClickException(messages) from error
    except DomainError as error:
        raise click.ClickException(str(error)) from error

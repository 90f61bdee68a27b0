"""Signing in: a link by e-mail, then a code from an app on a phone.

Opening the link's page changes nothing; its button uses the link up and starts a login that gives
access to nothing until the code is entered. With the code the login gets a new token, so that a
token planted in a browser beforehand is worthless (session fixation). Each code is accepted once.
"""

from datetime import datetime, timedelta

import msgspec
from sqlalchemy import Connection

from api.context import Context
from api.errors import DomainError, LinkExpired
from api.security import tokens
from api.security.normalise import canonical_email
from api.security.references import new_id
from api.staff import second_factor, store
from api.staff.store import Login, PersonalData, StaffMember
from api.store import audit, schema
from api.store.database import Row
from api.store.writer import insert_rows
from catalogue.i18n.gettext import gettext_noop

CODE_FRESH_FOR = timedelta(minutes=10)
"""How long a code counts for what needs a fresh one."""
LINK_VALID_FOR = timedelta(minutes=15)
MAX_OPEN_LINKS = 3
LOGIN_VALID_FOR = timedelta(hours=12)
IDLE_TIMEOUT = timedelta(minutes=60)
SEEN_AT_PRECISION = timedelta(minutes=1)
MAX_WRONG_CODES = 5
MAX_DEVICE_CHARACTERS = 60


class WrongCode(DomainError):
    """Not the current code, or one that was used before."""

    code = "wrong-code"
    sentence = gettext_noop("That is not the code. Wait for the next one, and type all six digits.")


class SignedOut(DomainError):
    """Nobody is signed in here, or not any longer."""

    code = "signed-out"
    sentence = gettext_noop("Please sign in.")


class CompletedSignIn(msgspec.Struct, frozen=True):
    """The token of a login whose code was entered; `recovery_codes` if a phone was just paired."""

    token: str
    recovery_codes: tuple[str, ...]


class SignedInStaff(msgspec.Struct, frozen=True):
    """A member of staff who is signed in, on one device."""

    member: StaffMember
    login: Login
    name: str

    @property
    def id(self) -> str:
        """The member's id."""
        return self.member.id

    @property
    def roles(self) -> tuple[str, ...]:
        """The member's roles."""
        return self.member.roles

    @property
    def actor(self) -> str:
        """What the audit trail calls them: an id, for a name could never be removed from it."""
        return f"staff {self.member.id}"


async def send_link(email: str, context: Context) -> None:
    """Send a link to the member of staff with this address, if there is one.

    The caller cannot learn whether there is. Earlier links stay valid, whoever asks; while there
    are `MAX_OPEN_LINKS`, no letter is sent. So a stranger can neither lock somebody out nor fill
    their mailbox.
    """
    lookups = context.encryption.lookups(canonical_email(email))
    member = await context.database.read(
        lambda connection: store.staff_by_email(connection, lookups)
    )
    if member is None or member.disabled_at is not None:
        # Writes a line as the other case does, so that the time of the answer tells nothing.
        await context.database.insert(_events("sign_in.refused", None, context))
        return
    personal = context.encryption.decrypt_as(member.id, member.sealed, PersonalData)
    token = tokens.new_token()
    letter = context.letter_row(
        "access/sign_in",
        to=personal.email,
        values={
            "service": context.service.name,
            "sign_in": f"{context.settings.base_url}/staff/sign-in/{token}",
            "minutes": int(LINK_VALID_FOR.total_seconds() // 60),
        },
    )

    def act(connection: Connection) -> None:
        if store.count_open_links(connection, member.id, context.now) >= MAX_OPEN_LINKS:
            insert_rows(connection, _events("sign_in.link_held_back", member.id, context))
            return
        digest = tokens.token_hash(token)
        expires_at = context.now + LINK_VALID_FOR
        store.insert_link(connection, member.id, digest, now=context.now, expires_at=expires_at)
        insert_rows(connection, [letter, *_events("sign_in.link_sent", member.id, context)])

    await context.database.write(act)


async def check_link(token: str, context: Context) -> None:
    """Change nothing. Raises LinkExpired for a link that does not work."""
    digest = tokens.token_hash(token)
    member = await context.database.read(
        lambda connection: store.staff_of_link(connection, digest, context.now)
    )
    if member is None:
        raise LinkExpired


async def start_login(token: str, device: str, context: Context) -> str:
    """Use a link up; return the token of a login that awaits its code. Raises LinkExpired.

    Who has no second factor yet gets a new secret, which the next page shows.
    """
    digest, login_token = tokens.token_hash(token), tokens.new_token()

    def act(connection: Connection) -> None:
        member = store.staff_of_link(connection, digest, context.now)
        if member is None or not store.use_link(connection, digest, context.now):
            raise LinkExpired
        if member.second_factor_since is None:
            secret = second_factor.new_secret(member.id, context.encryption)
            store.update_staff(connection, member.id, second_factor=secret)
        login = _new_login(member.id, device, context.now)
        store.insert_login(connection, login, tokens.token_hash(login_token))
        insert_rows(connection, _events("sign_in.begun", member.id, context))

    await context.database.write(act)
    return login_token


async def complete_login(token: str, code: str, context: Context) -> CompletedSignIn:
    """Accept the code of a login, or a recovery code. Raises SignedOut or WrongCode.

    After five wrong codes the login ends. The first code of a phone makes recovery codes.
    """
    digest, new_token = tokens.token_hash(token), tokens.new_token()

    def act(connection: Connection) -> CompletedSignIn | None:
        login, member = _login_awaiting_code(connection, digest, context)
        if not _accept_code(connection, member, code, context):
            _count_wrong_code(connection, login, context)
            return None
        recovery_codes: tuple[str, ...] = ()
        if member.second_factor_since is None:
            store.update_staff(connection, member.id, second_factor_since=context.now)
            recovery_codes = second_factor.renew_recovery_codes(connection, member.id, context.now)
        times = {"proven_at": context.now, "seen_at": context.now}
        store.update_login(connection, login.id, token_hash=tokens.token_hash(new_token), **times)
        insert_rows(connection, _events("sign_in.proven", member.id, context, proven=True))
        return CompletedSignIn(new_token, recovery_codes)

    completed = await context.database.write(act)
    if completed is None:
        raise WrongCode
    return completed


async def new_recovery_codes(staff: SignedInStaff, code: str, context: Context) -> tuple[str, ...]:
    """Replace the recovery codes for whoever enters a code once more. Raises WrongCode."""

    def act(connection: Connection) -> tuple[str, ...]:
        if not _accept_code(connection, staff.member, code, context):
            return ()
        return second_factor.renew_recovery_codes(connection, staff.id, context.now)

    recovery_codes = await context.database.write(act)
    if not recovery_codes:
        raise WrongCode
    return recovery_codes


def has_fresh_code(staff: SignedInStaff, now: datetime) -> bool:
    """Say whether a code was entered in this login lately."""
    proven_at = staff.login.proven_at
    return proven_at is not None and now - proven_at <= CODE_FRESH_FOR


async def confirm_login(staff: SignedInStaff, code: str, context: Context) -> None:
    """Take a code once more, for what needs a fresh one. Raises WrongCode."""

    def act(connection: Connection) -> bool:
        if not _accept_code(connection, staff.member, code, context):
            _count_wrong_code(connection, staff.login, context)
            return False
        store.update_login(connection, staff.login.id, proven_at=context.now)
        insert_rows(connection, _events("sign_in.confirmed", staff.id, context, proven=True))
        return True

    if not await context.database.write(act):
        raise WrongCode


async def note_refusal(staff: SignedInStaff, context: Context) -> None:
    """Write down that somebody asked for what their roles do not allow, and from where."""
    await context.database.insert(_events("staff.refused", staff.id, context, proven=True))


async def pairing_address(token: str, context: Context) -> str:
    """Return the address from which an app takes a new secret; "" if a phone is paired already.

    Raises SignedOut where no login awaits its code.
    """
    member = await _member_awaiting_code(token, context)
    if member.second_factor_since is not None:
        return ""
    personal = context.encryption.decrypt_as(member.id, member.sealed, PersonalData)
    return second_factor.pairing_address(
        member, context.encryption, name=personal.email, service=context.pages.service.name
    )


async def staff_id_awaiting_code(token: str, context: Context) -> str:
    """Return the id of the member whose login awaits its code. Raises SignedOut."""
    return (await _member_awaiting_code(token, context)).id


async def list_logins(staff: SignedInStaff, context: Context) -> list[Login]:
    """Return where a member is signed in, the newest login first."""
    seen_after = context.now - IDLE_TIMEOUT
    return await context.database.read(
        lambda connection: store.list_open_logins(
            connection, staff.id, now=context.now, seen_after=seen_after
        )
    )


async def find_signed_in(token: str, context: Context) -> SignedInStaff:
    """Return who is signed in by a token, and note when they were seen. Raises SignedOut."""
    digest = tokens.token_hash(token)
    seen_after = context.now - IDLE_TIMEOUT
    login_found = await context.database.read(
        lambda connection: store.login_by_token(
            connection, digest, now=context.now, seen_after=seen_after
        )
    )
    if login_found is None or login_found[0].proven_at is None:
        raise SignedOut
    login, member = login_found
    if context.now - login.seen_at >= SEEN_AT_PRECISION:
        await context.database.write(
            lambda connection: store.update_login(connection, login.id, seen_at=context.now)
        )
    personal = context.encryption.decrypt_as(member.id, member.sealed, PersonalData)
    return SignedInStaff(member, login, personal.name)


async def end_login(staff: SignedInStaff, login_id: str, context: Context) -> None:
    """End a login, if it is one of the member's own."""

    def act(connection: Connection) -> None:
        if store.end_logins(connection, staff.id, context.now, only=login_id):
            insert_rows(connection, [_audit_line("sign_in.ended", staff.id, context)])

    await context.database.write(act)


async def _member_awaiting_code(token: str, context: Context) -> StaffMember:
    digest = tokens.token_hash(token)
    _login, member = await context.database.read(
        lambda connection: _login_awaiting_code(connection, digest, context)
    )
    return member


def _login_awaiting_code(
    connection: Connection, digest: str, context: Context
) -> tuple[Login, StaffMember]:
    """Return the login that awaits its code, no longer than a link is valid."""
    seen_after = context.now - LINK_VALID_FOR
    login_found = store.login_by_token(connection, digest, now=context.now, seen_after=seen_after)
    if (
        login_found is None
        or login_found[0].proven_at is not None
        or login_found[1].second_factor is None
    ):
        raise SignedOut
    return login_found


def _count_wrong_code(connection: Connection, login: Login, context: Context) -> None:
    wrong_codes = login.wrong_codes + 1
    store.update_login(connection, login.id, wrong_codes=wrong_codes)
    if wrong_codes >= MAX_WRONG_CODES:
        store.end_logins(connection, login.staff_id, context.now, only=login.id)
    insert_rows(connection, _events("sign_in.code_refused", login.staff_id, context))


def _accept_code(connection: Connection, member: StaffMember, code: str, context: Context) -> bool:
    """Use up a code of the app, or a recovery code in its place; return whether it was valid."""
    if second_factor.looks_like_recovery_code(code):
        return second_factor.use_recovery_code(connection, member.id, code, context.now)
    step = second_factor.matching_time_step(member, code, context.encryption, context.now)
    return step is not None and store.use_time_step(connection, member.id, step)


def _new_login(staff_id: str, device: str, now: datetime) -> Login:
    return Login(
        id=new_id(),
        staff_id=staff_id,
        device=device[:MAX_DEVICE_CHARACTERS],
        created_at=now,
        seen_at=now,
        ends_at=now + LOGIN_VALID_FOR,
        proven_at=None,
        wrong_codes=0,
    )


def _audit_line(action: str, staff_id: str, context: Context) -> audit.Row:
    return audit.new_event(action, staff_id, actor=f"staff {staff_id}", at=context.now)


def _events(
    action: str, staff_id: str | None, context: Context, *, proven: bool = False
) -> list[Row]:
    """Return the audit line of an act at the sign-in, and where it came from.

    What is not `proven` by a code a stranger may have done in the name of a member.
    """
    actor = f"staff {staff_id}" if proven else "visitor"
    source = context.source
    event = {
        "id": new_id(),
        "action": action,
        "staff_id": staff_id,
        "source_lookup": context.encryption.lookup(f"source {source}") if source else None,
        "created_at": context.now,
    }
    line = audit.new_event(action, staff_id, actor=actor, at=context.now)
    return [line, (schema.sign_in_event, event)]

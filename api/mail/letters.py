"""Composes letters from templates, and writes them as MIME messages: plain text beside HTML.

Templates are `api/<feature>/letters/<name>.txt`: a line `Subject: {{ _("...") }}` that holds this
message and no variable, an empty line, and calls of the functions in `letter_content` (Jinja).
Nothing a person typed ever stands in a header: Python before 3.11.10 lets an encoded word break out
of one (CVE-2024-6923), so the finished message is parsed and checked too.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from email import message_from_bytes
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from api.mail.letter_content import (
    LetterBuilder,
    LetterSender,
    html_text,
    plain_text,
    signed,
)
from api.security.normalise import ascii_email
from catalogue.build.templates import translate
from catalogue.i18n import gettext

API = Path(__file__).parents[1]
FOLDERS = {"access": "staff", "keeping": "features/renewals"}
"""Folders of kinds not named after their feature. Outbox rows hold the kind."""
TEAM_KINDS = (
    "connectors/left",
    "corrections/arrived",
    "keeping/to_read",
    "pledges/disputed",
    "pledges/to_review",
    "signposting/arrived",
)
"""Letters to the team's own address. All others go to the person they are about."""
REQUESTED_KINDS = ("access/sign_in", "connectors/link", "keeping/manage")
"""Letters with a link that somebody has just asked for; some work for minutes only."""

_HEADERS = (
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Auto-Submitted",
    "X-Auto-Response-Suppress",
    "MIME-Version",
    "Content-Type",
)
MAX_LINE = 900
"""Below the 998 signs that SMTP allows in a line."""
_SUBJECT = re.compile(r'Subject: \{\{ _\("([^"{}%]+)"\) \}\}')
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,255}")


class LetterFault(Exception):
    """A letter that must not leave. The message holds no address and no text of the letter."""


class Letter(msgspec.Struct, frozen=True):
    """One letter to one person. Encrypted as it is while it waits in the outbox.

    `html` is empty for what an earlier version queued.
    """

    kind: str
    to: str
    subject: str
    body: str
    html: str = ""


def compose(kind: str, *, to: str, values: Mapping[str, object], sender: LetterSender) -> Letter:
    """Write the letter `<feature>/<name>`, such as `pledges/confirm`, to a bare address.

    Raises `LetterFault` for an address that is none, jinja2's errors for a faulty template.
    """
    to = ascii_email(to)
    if not _ADDRESS.fullmatch(to) or "=?" in to:
        raise LetterFault(f"The letter {kind} is not addressed to one bare address.")
    feature, _, name = kind.partition("/")
    message, body = _parts(API, f"{FOLDERS.get(feature, f'features/{feature}')}/letters/{name}.txt")
    builder = LetterBuilder()
    outside_blocks = body.render({**values, **builder.functions()})
    if outside_blocks.strip() or not builder.reason:
        raise LetterFault(f"The letter {kind} has text in no block, or no word on why it is sent.")
    blocks = signed(builder, sender)
    subject = gettext.gettext(message)
    html = html_text(blocks, subject=subject, service=sender.service.name)
    return Letter(kind, to, subject, plain_text(blocks), html)


def message_bytes(
    letter: Letter, *, sender: str, sender_name: str = "", message_id: str, at: datetime
) -> bytes:
    """Write the message, 7-bit clean with CRLF; the same bytes for the same arguments.

    Raises `LetterFault` if a header was injected.
    """
    try:
        content = _message(letter, sender, sender_name, message_id, at).as_bytes()
    except (ValueError, MessageError):
        raise LetterFault(f"The letter {letter.kind} could not be written as a message.") from None
    _check_message(content, letter)
    return content


def _message(
    letter: Letter, sender: str, sender_name: str, message_id: str, at: datetime
) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = Address(" ".join(sender_name.split()), addr_spec=sender)
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Date"] = format_datetime(at)
    message["Message-ID"] = message_id
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(letter.body, cte=_transfer_encoding(letter.body))
    if letter.html:
        message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
        message.set_boundary(f"=_{message_id.strip('<>').partition('@')[0]}")
    return message


def _transfer_encoding(text: str) -> str:
    """Leave plain English as it is, so that a link in a letter on the disk stands in one piece."""
    lines_fit = all(len(line) <= MAX_LINE for line in text.splitlines())
    return "7bit" if text.isascii() and lines_fit else "quoted-printable"


def _check_message(content: bytes, letter: Letter) -> None:
    """Check the written message: each header once, and no other recipient."""
    parsed = message_from_bytes(content, policy=SMTP)
    expected = {*_HEADERS} if letter.html else {*_HEADERS, "Content-Transfer-Encoding"}
    if len(parsed.keys()) != len(expected) or {*parsed.keys()} != expected:
        raise LetterFault(f"The letter {letter.kind} came out with headers it should not have.")
    if parsed["To"].addresses and [address.addr_spec for address in parsed["To"].addresses] == [
        letter.to
    ]:
        return
    raise LetterFault(f"The letter {letter.kind} came out addressed to somebody else.")


@cache
def _environment(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=False,  # noqa: S701 - the blocks are text; what makes HTML of them escapes
        trim_blocks=True,
        lstrip_blocks=True,
    )
    translate(environment)
    return environment


@cache
def _parts(folder: Path, template: str) -> tuple[str, Template]:
    """Split a template into its fixed subject and its body, compiled once."""
    environment = _environment(folder)
    source = (folder / template).read_text(encoding="utf-8")
    first, _, source_after_subject = source.partition("\n")
    subject = _SUBJECT.fullmatch(first)
    if subject is None or not source_after_subject.startswith("\n"):
        raise LetterFault(f"{template} must begin with a line 'Subject: ...' and an empty line.")
    return subject[1], environment.from_string(source_after_subject.removeprefix("\n"))

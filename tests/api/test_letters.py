"""A letter carries its fixed headers and nobody else's, whatever a person calls themselves."""

from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError

from api.mail import letters
from api.mail.letters import Letter, LetterFault, compose, message_bytes
from tests.api.conftest import START
from tests.support.letter_samples import SENDER
from tests.support.read_letters import assert_same_facts, html_of, plain_of

TEMPLATE = """Subject: {{ _("Please confirm your pledge") }}

{{ text(_("Hello %(name)s.", name=name)) }}
{{ button(_("Open this page"), page) }}
{{ why(_("You signed.")) }}
"""


@pytest.fixture
def features(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "features" / "pledges" / "letters"
    folder.mkdir(parents=True)
    (folder / "confirm.txt").write_text(TEMPLATE, encoding="utf-8")
    monkeypatch.setattr(letters, "API", tmp_path)
    return folder


def composed(to: str = "zoe@example.org", **values: object) -> Letter:
    return compose("pledges/confirm", to=to, values=values, sender=SENDER)


def posted(letter: Letter) -> EmailMessage:
    content = message_bytes(
        letter, sender="kith@example.org", message_id="<1@example.org>", at=START
    )
    message: Any = message_from_bytes(content, policy=SMTP)
    return message  # type: ignore[no-any-return]


def test_a_letter_is_written_from_its_template(features: Path) -> None:
    message = posted(composed(name="Zoë <b>", page="https://kith.example.org/confirm/x"))
    assert message["Subject"] == "Please confirm your pledge"
    assert message["Auto-Submitted"] == "auto-generated"
    plain = plain_of(message)
    assert "Hello Zoë <b>.\r\n" in plain
    assert "Open this page:\r\nhttps://kith.example.org/confirm/x\r\n" in plain
    assert "Hello Zoë &lt;b&gt;." in html_of(message)
    assert_same_facts(plain, html_of(message))


@pytest.mark.parametrize("text", ["Hello", '{{ text("Hello") }}'])
def test_text_in_no_block_and_a_letter_without_a_reason_are_faults(
    features: Path, text: str
) -> None:
    (features / "confirm.txt").write_text(f'Subject: {{{{ _("Hello") }}}}\n\n{text}')
    with pytest.raises(LetterFault, match="block"):
        composed()


def test_a_letter_of_an_earlier_version_is_written_as_plain_text() -> None:
    message = posted(Letter("pledges/confirm", "zoe@example.org", "Please confirm", "A link.\n"))
    assert (message.get_content_type(), message.get_content()) == ("text/plain", "A link.\r\n")


def test_a_forgotten_value_is_an_error_not_a_blank(features: Path) -> None:
    with pytest.raises(UndefinedError):
        composed(name="Zoë")


@pytest.mark.parametrize(
    "source",
    [
        "Subject: For {{ name }}\n\nHello",
        "Subject: {{ name }}\n\nHello",
        'Subject: {{ _("For %(name)s", name=name) }}\n\nHello',
        "Hello\n\nthere",
        'Subject: {{ _("No gap") }}\nHello',
    ],
)
def test_a_subject_is_fixed(features: Path, source: str) -> None:
    (features / "confirm.txt").write_text(source, encoding="utf-8")
    with pytest.raises(LetterFault, match="Subject"):
        composed(name="Zoë")


@pytest.mark.parametrize(
    "to",
    [
        "",
        "canary",
        "Zoë <zoe@example.org>",
        "zoe@example.org, canary@example.org",
        "zoe@example.org\r\nBcc: canary@example.org",
        "=?utf-8?q?X=0D=0ABcc:_canary@x?=@example.org",
        '"zoe\n"@example.org',
        "zoe@exä mple.org",
    ],
)
def test_only_one_bare_address_is_written_to(features: Path, to: str) -> None:
    with pytest.raises(LetterFault) as fault:
        composed(to, name="Zoë", page="x")
    assert "canary" not in str(fault.value)


def test_an_international_domain_is_written_as_servers_know_it(features: Path) -> None:
    letter = composed("zoe@exämple.org", name="Zoë", page="x")
    assert letter.to == "zoe@xn--exmple-cua.org"


SMUGGLED = "=?utf-8?q?X=0D=0ABcc:_canary@example.org?="


@pytest.mark.parametrize(
    "letter",
    [
        Letter("k", "zoe@example.org", SMUGGLED, "body"),
        Letter("k", f"{SMUGGLED} <zoe@example.org>", "subject", "body"),
        Letter("k", "zoe@example.org, canary@example.org", "subject", "body"),
    ],
)
def test_a_smuggled_header_or_reader_never_leaves(letter: Letter) -> None:
    """Python 3.11.7 writes the first of these with a real Bcc line (CVE-2024-6923)."""
    try:
        message = posted(letter)
    except LetterFault:
        return
    assert message["Bcc"] is None
    assert [address.addr_spec for address in message["To"].addresses] == ["zoe@example.org"]


@given(st.text(max_size=200))
def test_no_body_can_change_the_headers(body: str) -> None:
    plain = body.encode("utf-8", "ignore").decode()
    message = posted(Letter("k", "zoe@example.org", "subject", plain))
    assert len(message.keys()) == 10
    assert message["To"] == "zoe@example.org"
    assert message.get_content_type() == "text/plain"

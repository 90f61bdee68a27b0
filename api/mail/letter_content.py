"""What a letter says, as a list of blocks, and the two texts that are made of it: plain and HTML.

A letter's template calls `LetterBuilder`; both texts are made from the blocks it collected, so that
they hold the same facts. The HTML loads nothing and has its style in itself.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from catalogue.build import language_marks
from catalogue.build.templates import finish
from catalogue.i18n.gettext import _, active_language
from catalogue.outputs.activity.sharing import readable_address
from catalogue.read.site_settings import Service

FOLDER = Path(__file__).parent


class Text(msgspec.Struct, frozen=True, tag=True):
    """A paragraph, or a heading; `quiet` is for what stands below the letter."""

    text: str
    style: Literal["plain", "heading", "quiet"] = "plain"


class Facts(msgspec.Struct, frozen=True, tag=True):
    """Pairs of a label and a value, each on a line of its own."""

    pairs: tuple[tuple[str, str], ...]


class Link(msgspec.Struct, frozen=True, tag=True):
    """Where to go next. The address is shown in full in both texts; one link may be a button."""

    label: str
    url: str
    is_button: bool = False


class Verbatim(msgspec.Struct, frozen=True, tag=True):
    """What somebody wrote, with its lines; or, as `code`, lines to be copied."""

    text: str
    is_code: bool = False


Block: TypeAlias = Text | Facts | Link | Verbatim


class LetterSender(msgspec.Struct, frozen=True):
    """Who writes: the service as it names itself, and the address of its website."""

    service: Service
    base_url: str


class LetterBuilder:
    """The functions that a letter's template calls; each adds a block and prints nothing."""

    def __init__(self) -> None:
        self.blocks: list[Block] = []
        self.reason = ""

    def functions(self) -> Mapping[str, object]:
        """Return the functions by the names that templates use."""
        return {
            "text": self._text,
            "heading": self._heading,
            "facts": self._facts,
            "button": self._button,
            "link": self._link,
            "quote": self._quote,
            "code": self._code,
            "why": self._why,
        }

    def _text(self, text: object) -> str:
        return self._add(Text(str(text)))

    def _heading(self, text: object) -> str:
        return self._add(Text(str(text), "heading"))

    def _facts(self, *pairs: tuple[object, object]) -> str:
        return self._add(Facts(tuple((str(label), str(value)) for label, value in pairs)))

    def _button(self, label: object, url: object) -> str:
        return self._add(Link(str(label), str(url), is_button=True))

    def _link(self, label: object, url: object) -> str:
        return self._add(Link(str(label), str(url)))

    def _quote(self, text: object) -> str:
        return self._add(Verbatim(str(text)))

    def _code(self, text: object) -> str:
        return self._add(Verbatim(str(text), is_code=True))

    def _why(self, text: object) -> str:
        self.reason = str(text)
        return ""

    def _add(self, block: Block) -> str:
        self.blocks.append(block)
        return ""


def signed(builder: LetterBuilder, sender: LetterSender) -> tuple[Block, ...]:
    """Return the blocks of a letter and those below each: who wrote, how to reach them, why."""
    service = sender.service
    ways = []
    if service.phone:
        number = (
            _("%(number)s (%(hours)s)", number=service.phone, hours=service.phone_note)
            if service.phone_note
            else service.phone
        )
        ways.append((_("Phone"), number))
    if service.email:
        ways.append((_("E-mail"), service.email))
    ways.append((_("Website"), readable_address(sender.base_url)))
    return (
        *builder.blocks,
        Text(_("With kind wishes, the people at %(service)s", service=service.name)),
        Facts(tuple(ways)),
        Text(
            _(
                "%(service)s helps people near you find company, and keeps the register of those "
                "who have promised to give it.",
                service=service.name,
            ),
            "quiet",
        ),
        Text(_("Why you get this letter: %(reason)s", reason=builder.reason), "quiet"),
    )


def plain_text(blocks: tuple[Block, ...]) -> str:
    """Return the blocks as plain text. Its lines are long: mail programs fit them to a screen."""
    return "\n\n".join(map(_plain_block, blocks)) + "\n"


def html_text(blocks: tuple[Block, ...], *, subject: str, service: str) -> str:
    """Return the blocks as a whole HTML page."""
    html = _template().render(
        blocks=[(type(block).__name__, block) for block in blocks],
        language=active_language().language,
        service=service,
        subject=subject,
    )
    return finish(html)


def _plain_block(block: Block) -> str:
    match block:
        case Facts(pairs):
            return "\n".join(f"{label}: {value}" for label, value in pairs)
        case Link(label, url):
            return f"{label}:\n{url}"
        case Verbatim(text) | Text(text):
            return text


@cache
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        autoescape=True,
        finalize=language_marks.mark_printed,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("letter.html")

"""A pledge: its versioned wording and commitments, and the public half of those who signed.

`content/pledges/<pledge>/index.md` is the pledge, each other file beside it one signatory. Nothing
private stands here: who to write to and who signed live in the store.
"""

import hashlib
import unicodedata
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from catalogue.model.activity import Source
from catalogue.model.text import Line, Paragraph, ShortSlug, Url

NO_PLEDGE = frozenset({"manage"})
"""Pages beside the pledges, below `/pledges/`: no pledge has such a name."""
NO_SIGNATORY = frozenset({"disputed", "index", "register", "sign", "signed"})
"""Pages beside the signatories, below each pledge: no signatory has such a name."""

SignerKind = Literal["organisation", "person"]
CommitmentState = Literal["doing", "starting", "not for us"]

GRACE = timedelta(days=30)
"""How long a promise still counts after the day it was confirmed until: an answer may be late."""


class _Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Base settings: frozen, unknown fields refused."""


class Commitment(_Part, frozen=True):
    """One thing a signatory undertakes. `id` never changes within a pledge.

    One `for_visitors` is something a newcomer would notice: it is shown on each activity's page.
    """

    id: ShortSlug
    title: Line
    text: Paragraph = ""
    required: Literal["yes", "no"] = "yes"
    for_visitors: Literal["yes", "no"] = "no"


class Version(_Part, frozen=True):
    """The wording as it stood from a day on; a sign-up names the version it agreed to."""

    version: Annotated[int, Meta(ge=1)]
    from_: date = msgspec.field(name="from")
    statement: Paragraph
    commitments: tuple[Commitment, ...]

    @property
    def text(self) -> bytes:
        """Return what a signatory agrees to, in its one writing.

        UTF-8 in NFC, a line end after each line: the statement; then of each commitment, as they
        stand, its id with "required" or "optional", its title, its text. White space inside a
        field, line ends too, is one space: how an editor breaks lines is no part of the wording,
        nor is what a register shows of it.
        """
        lines = (" ".join(line.split()) for line in self._lines())
        return unicodedata.normalize("NFC", "".join(f"{line}\n" for line in lines)).encode()

    @property
    def text_sha256(self) -> str:
        """Return the digest of `text` in 64 hex digits: sign-ups and entries are pinned to it."""
        return hashlib.sha256(self.text).hexdigest()

    def _lines(self) -> Iterator[str]:
        yield self.statement
        for commitment in self.commitments:
            required = "required" if commitment.required == "yes" else "optional"
            yield f"{commitment.id} {required}"
            yield commitment.title
            yield commitment.text


class Runner(_Part, frozen=True):
    """Who runs the pledge, in public."""

    name: Line
    website: Url = ""


class PledgeFront(_Part, frozen=True):
    """The front matter of one pledge."""

    title: Line
    summary: Annotated[str, Meta(max_length=220)]
    versions: tuple[Version, ...]
    who_may_sign: tuple[SignerKind, ...] = ("organisation",)
    signer_kinds: tuple[Line, ...] = ()
    run_by: Runner | None = None
    status: Literal["open", "ended"] = "open"
    ended_on: date | None = None
    confirm_months: Annotated[int, Meta(ge=1, le=60)] = 12
    what_you_get: Paragraph = ""
    sources: tuple[Source, ...] = ()


class Pledge(PledgeFront, frozen=True, forbid_unknown_fields=False):
    """A pledge that was read."""

    slug: str = ""
    path: str = ""
    body: str = ""

    @property
    def current(self) -> Version:
        """Return the newest version: the one that is signed now."""
        return max(self.versions, key=lambda version: version.version)


class Promise(_Part, frozen=True):
    """A signatory's answer to one commitment; `how` is a sentence of their own."""

    state: CommitmentState = "doing"
    by: date | None = None
    how: Line = ""


class SignatoryFront(_Part, frozen=True):
    """The public half of a sign-up: what a register shows.

    `text_sha256` is the digest of the wording as it was signed (`Version.text_sha256`); it
    may be missing in an entry that was written by hand.
    `former_slugs` are names its file had before: their addresses lead to this one.
    """

    name: Line
    signer: SignerKind
    kind: Line
    place: Line
    version: Annotated[int, Meta(ge=1)]
    promises: dict[str, Promise]
    since: date
    confirmed_until: date
    text_sha256: Annotated[str, Meta(pattern=r"^([0-9a-f]{64}|)$")] = ""
    website: Url = ""
    status: Literal["published", "withdrawn"] = "published"
    former_slugs: tuple[Line, ...] = ()


class Signatory(SignatoryFront, frozen=True, forbid_unknown_fields=False):
    """A signatory that was read, with the slug of its pledge."""

    slug: str = ""
    pledge: str = ""
    path: str = ""
    body: str = ""
    demonstration: bool = False

    def of_older_wording(self, pledge: Pledge) -> bool:
        """Say whether the pledge has a newer wording than the one that was signed."""
        return self.version < pledge.current.version

    @property
    def url(self) -> str:
        """Return the address of its page."""
        return f"/pledges/{self.pledge}/{self.slug}/"

    @property
    def names(self) -> tuple[str, ...]:
        """Return its slug, then those its file had before or that went into it."""
        return (self.slug, *self.former_slugs)

    def lapsed(self, today: date) -> bool:
        """Say whether its promise is past: run out, and not renewed within the days of grace.

        A past promise is shown as past, never deleted.
        """
        return today > self.confirmed_until + GRACE

    def overdue(self, today: date) -> bool:
        """Say whether it has run out and may still be renewed in time."""
        return today > self.confirmed_until and not self.lapsed(today)

"""A small directory, indexed as a build does it, and a way to ask it through Node."""

import json
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from catalogue.outputs import browser
from catalogue.outputs.search import SearchDocument
from catalogue.taxonomy import AccessFact, Area, Kind, Need, Taxonomy

ROOT = Path(__file__).parents[2]
MINISEARCH = ROOT / "build/npm/node_modules/minisearch/dist/es/index.js"
ASK = Path(__file__).with_name("ask.mjs")
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)  # a Monday

TAXONOMY = Taxonomy(
    kinds=(
        Kind("coffee-morning", "Coffee morning", "Coffee mornings", ("cuppa", "tea and cake")),
        Kind("choir", "Choir", "Choirs", ("singing", "singing group")),
        Kind("bereavement-group", "Bereavement group", "Bereavement groups", ("mourning",)),
        Kind("phone-befriending", "Phone befriending", "Phone befriending", ("ring me",)),
        Kind("shed", "Shed", "Sheds", ("woodwork", "men's shed")),
        Kind("lgbt-social", "LGBT+ social", "LGBT+ socials", ("rainbow",)),
    ),
    needs=(
        Need(
            "husband-or-wife-died",
            "My husband or wife died",
            ("my husband died",),
            ("bereavement-group", "phone-befriending"),
        ),
        Need("know-nobody", "I don't know anyone here", ("lonely",), ("coffee-morning",)),
    ),
    access=(AccessFact("step-free", "No steps", "Step-free"),),
    signer_kinds=(),
    areas=(
        Area("Harrow Vale"),
        Area("Osmery Bridge", within="Harrow Vale", outward_codes=("ZZ3",)),
        Area("Temeford", within="Harrow Vale", outward_codes=("ZZ1",)),
        Area("Blackpool", outward_codes=("FY1",)),
    ),
)

PLAIN = SearchDocument(
    slug="",
    title="",
    url="",
    summary="",
    kinds=(),
    kind_labels=(),
    kind_aliases=(),
    needs=(),
    need_words=(),
    ways=("in person",),
    places=(),
    area_served=(),
    outward_codes=(),
    points=(),
    days=(),
    when="every Tuesday, 10:30 to 12:00",
    next_session=None,
    next_ends=None,
    cost="Not known, ask.",
    free="unknown",
    access_yes=(),
    access_unknown=("step-free",),
    welcomes_newcomers_alone="unknown",
    lift_offered="unknown",
    languages=(),
    provider="",
    venue="",
    status="active",
    assured_on=None,
    demonstration=True,
    body="",
)


def document(slug: str, title: str, **given: object) -> SearchDocument:
    made = msgspec.structs.replace(PLAIN, slug=slug, title=title, **given)
    made = msgspec.structs.replace(made, slots=made.slots or tuple(f"{day}/" for day in made.days))
    starts, ends = made.coming[0] if made.coming else (None, None)
    return msgspec.structs.replace(made, next_session=starts, next_ends=ends)


DOCUMENTS = [
    document(
        "befriending",
        "A friendly ring",
        summary="A volunteer rings you each week.",
        kinds=("phone-befriending",),
        needs=("husband-or-wife-died",),
        ways=("by phone",),
        area_served=("Harrow Vale",),
        venue="By phone",
        free="yes",
        cost="Free.",
        when="weekdays, ring first",
    ),
    document(
        "choir",
        "Sing anyway",
        summary="No auditions, plenty of biscuits.",
        kinds=("choir",),
        places=("Temeford", "Harrow Vale"),
        outward_codes=("ZZ1",),
        venue="Corn Hall, Temeford",
        days=("wednesday",),
        free="no",
        cost="£4.",
        coming=(("2026-11-25T19:00:00+00:00", "2026-11-25T20:30:00+00:00"),),
        when="every Wednesday, 19:00 to 20:30",
    ),
    document(
        "coffee-at-the-mill",
        "Tuesday coffee morning at the Mill",
        summary="Tea, toast and a table by the door.",
        kinds=("coffee-morning",),
        needs=("know-nobody",),
        places=("Osmery Bridge", "Harrow Vale"),
        outward_codes=("ZZ3",),
        venue="The Mill, Osmery Bridge",
        provider="Friends of the Mill",
        days=("tuesday",),
        free="yes",
        cost="Free.",
        coming=(
            ("2026-11-24T10:30:00+00:00", "2026-11-24T12:00:00+00:00"),
            ("2026-12-01T10:30:00+00:00", None),
        ),
    ),
    document(
        "empty-chair",
        "The empty chair tea",
        summary="For people whose husband, wife or friend has died.",
        kinds=("bereavement-group",),
        needs=("husband-or-wife-died",),
        places=("Blackpool",),
        outward_codes=("FY1",),
        venue="Chapel, Blackpool",
        days=("monday",),
        coming=(("2026-11-23T07:00:00+00:00", "2026-11-23T08:00:00+00:00"),),
        when="every Monday, 07:00 to 08:00",
    ),
    document(
        "hostile",
        "<img src=x onerror=alert(1)> & friends",
        summary="<script>alert(2)</script>",
        kinds=("shed",),
        places=("Temeford", "Harrow Vale"),
        area_served=("Harrow Vale",),
        venue='"><b>Shed</b>',
        status="temporarily closed",
    ),
]


class Found(msgspec.Struct):
    """One answer as ask.mjs gives it."""

    slugs: list[str]
    full: int
    said: str
    cards: list[dict[str, object]]
    ways_on: list[str]
    fits: list[dict[str, object]]
    groups: list[tuple[str, int, int]]
    too_old: int
    headings: list[str]
    far: list[str]
    asks: list[str]
    gap: dict[str, object] | None


class Read(msgspec.Struct):
    """What an address asks, as the page reads and writes it again."""

    question: dict[str, object]
    page: int
    dropped: list[str]
    address: str


Ask = Callable[..., Found]


@pytest.fixture(scope="session")
def indexed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A site folder with documents.json and index.json."""
    folder = tmp_path_factory.mktemp("site")
    browser.write_search(folder, DOCUMENTS, TAXONOMY)
    browser.build_index(folder, MINISEARCH)
    return folder


@pytest.fixture(scope="session")
def ask(indexed: Path) -> Iterator[Ask]:
    """Ask one question: `ask("cofee", place="ZZ3", now=...)`."""
    with node(indexed) as process:

        def asked(q: str = "", now: datetime = NOW, **filters: object) -> Found:
            line = json.dumps({"question": {"q": q, **filters}, "now": now.timestamp() * 1000})
            print(line, file=process.stdin, flush=True)
            return msgspec.json.decode(process.stdout.readline(), type=Found)

        yield asked
        process.stdin.close()
        assert process.wait(timeout=10) == 0


@pytest.fixture(scope="session")
def read(indexed: Path) -> Iterator[Callable[[str], Read]]:
    """Read an address: `read("kind=choir")`."""
    with node(indexed) as process:

        def asked(address: str) -> Read:
            print(json.dumps({"address": address}), file=process.stdin, flush=True)
            return msgspec.json.decode(process.stdout.readline(), type=Read)

        yield asked
        process.stdin.close()
        assert process.wait(timeout=10) == 0


def node(folder: Path) -> subprocess.Popen[str]:
    command = [str(browser.find_node()), str(ASK), str(folder), str(MINISEARCH)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True)

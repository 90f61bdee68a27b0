"""A small project of words in a temporary folder, for the tests of the catalogue."""

from collections.abc import Callable
from pathlib import Path

import pytest

TAXONOMY = """\
kinds:
  - {slug: coffee-morning, label: Coffee morning, plural: Coffee mornings, aliases: [a chat]}
  - {slug: choir, label: Choir, plural: Choirs}
needs:
  - {slug: company, label: I would like some company, kinds: [coffee-morning]}
access:
  - {slug: step-free, label: Step-free way in, short: Step-free}
  - {slug: hearing-loop, label: Hearing loop, short: Loop}
signer_kinds:
  - {slug: taxi, label: Taxi, a: A taxi driver}
  - {slug: cafe, label: Cafe, a: A cafe}
areas:
  - {name: Harrow Vale, demonstration: "yes", outward_codes: [ZZ1]}
  - {name: Oxley Bridge, within: Harrow Vale, outward_codes: [ZZ3], latitude: 54.7, longitude: 1.7}
  - {name: Blackpool, outward_codes: [FY1]}
"""

ACTIVITY = """\
---
title: Tuesday coffee morning at the Mill
summary: Tea, toast and a table by the door.
kinds: [coffee-morning]
ways: [in person]
provider:
  name: The Mill
contact:
  phone: 01632 960123
venues:
  - name: The Mill
    place: Oxley Bridge
    postcode: ZZ3 1AA
schedule:
  - when: every Tuesday 10:30-12:00
assured_on: 2026-11-01
---
Fifteen people, all chatty.
"""

PLEDGE = """\
---
title: Stay Connected
summary: Nobody who walks in stays a stranger.
who_may_sign: [organisation, person]
signer_kinds: [taxi, cafe]
versions:
  - version: 1
    from: 2026-01-01
    statement: We promise to keep people in touch.
    commitments:
      - {id: welcome, title: Greet them.}
---
What it is for.
"""

SIGNATORY = """\
---
name: The Mill, Oxley Bridge
signer: organisation
kind: cafe
place: Oxley Bridge
version: 1
promises:
  welcome: {state: doing, how: Jo stands at the door.}
since: 2026-02-01
confirmed_until: 2027-02-01
---
"""


class Project:
    """A project folder; `write` puts a file below content/ and returns its path."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def write(self, path: str, text: str | bytes) -> Path:
        file = self.root / "content" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(text.encode() if isinstance(text, str) else text)
        return file

    def activity(self, text: str | bytes = ACTIVITY, name: str = "mill") -> Path:
        return self.write(f"activities/{name}.md", text)


@pytest.fixture
def project(tmp_path: Path) -> Project:
    new_project = Project(tmp_path)
    new_project.write("taxonomy.yml", TAXONOMY)
    new_project.write("pledges/stay-connected/index.md", PLEDGE)
    new_project.write("pledges/stay-connected/the-mill.md", SIGNATORY)
    return new_project


@pytest.fixture
def faults_of(project: Project) -> Callable[[], list[str]]:
    from catalogue.read import load

    return lambda: [str(fault) for fault in load.read_project(project.root).faults]

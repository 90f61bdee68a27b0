"""A project with one activity, and somebody of the staff who writes entries in the browser."""

import html
import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from api.features.activities.routes import router as activities
from api.features.entries.routes import router
from api.security.encryption import Encryption
from api.staff.home import router as staff_home
from api.staff.routes import router as access
from api.store import schema
from api.store.database import Database
from catalogue.model.catalogue import Catalogue
from catalogue.read import load
from tests.api.conftest import Clock
from tests.api.service_under_test import ROOT, ServiceUnderTest, open_client
from tests.api.staff.conftest import add_staff, sign_in

URL = "/staff/activities"
PATH = "content/activities/demo/sing-anyway.md"
ENTRY = """\
---
# Ruth knows more
title: Sing anyway   # the author's own remark
summary: Nobody has to be able to.

kinds: [talking-cafe, coffee-morning]
ways: in person
status: active
provider: {name: The Mill}
venues:
  - place: Temeford
    name: The Mill
schedule:
  # Ruth says it moves in spring
  - when: every Tuesday 10:30-12:00
    except: [August]
  - when: last Friday of the month 19:00
cost:
  - price_pence: 250
access:
  step-free: "yes"
  hearing-loop: unknown
contact:
  phone: 01632 960100
assured_on: 2026-01-02
---
Words of the author's own.

A second paragraph.
"""
NEW: dict[str, Any] = {
    "title": "Tea & Cake at St Oswald's",
    "summary": "A cup of tea with neighbours.",
    "kinds": ["coffee-morning"],
    "ways": ["in person"],
    "provider.name": "St Oswald's Church",
    "status": "active",
    "venues[0].place": "Temeford",
    "contact.phone": "01632 960111",
    "assured_on": "2026-11-20",
}


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project folder with the real closed lists and one entry."""
    lay_out(tmp_path)
    return tmp_path


def lay_out(project: Path) -> None:
    (project / "content" / "activities" / "demo").mkdir(parents=True)
    (project / "content" / "pledges").mkdir()
    shutil.copy(ROOT / "content" / "taxonomy.yml", project / "content")
    (project / PATH).write_text(ENTRY)


def content(project: Path) -> Catalogue:
    """The content as it stands; a fault in it fails the test."""
    reading = load.read_project(project)
    assert reading.catalogue is not None, [str(fault) for fault in reading.faults]
    return reading.catalogue


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Catalogue:
    """The content of every project at first, read once."""
    project = tmp_path_factory.mktemp("catalogue")
    lay_out(project)
    return content(project)


@pytest.fixture
async def service(
    store: Database, encryption: Encryption, clock: Clock, project: Path, catalogue: Catalogue
) -> AsyncIterator[ServiceUnderTest]:
    """The service with its staff area, and a moderator signed in."""
    made = ServiceUnderTest(
        [router, activities, access, staff_home],
        store,
        encryption,
        clock,
        project,
        catalogue,
    )
    async with open_client(made) as ready:
        await sign_in(ready, add_staff(ready))
        yield ready


def inputs(page: str) -> dict[str, Any]:
    """What a browser without scripts would send of the form of an entry."""
    form = page[page.index('id="entry"') : page.index("</form>", page.index('id="entry"'))]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input[^>]*>", form):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if attributes.get("type") == "checkbox":
            if " checked" in tag:
                sent.setdefault(attributes["name"], []).append(html.unescape(attributes["value"]))
        else:
            sent[html.unescape(attributes["name"])] = html.unescape(attributes.get("value", ""))
    for name, options in re.findall(r'<select[^>]*name="([^"]*)".*?>(.*?)</select>', form, re.S):
        values = re.findall(r'value="([^"]*)"( selected)?', options)
        sent[name] = next((value for value, chosen in values if chosen), values[0][0])
    areas = r'<textarea[^>]*name="([^"]*)"[^>]*>\n?(.*?)</textarea>'
    for name, text in re.findall(areas, form, re.DOTALL):
        sent[name] = html.unescape(text).replace("\n", "\r\n")
    return sent


async def open_form(service: ServiceUnderTest, slug: str = "sing-anyway") -> dict[str, Any]:
    """Open the form of an entry, and return what it would send as it is."""
    answer = await service.client.get(f"{URL}/edit/{slug}")
    assert answer.status_code == 200, answer.text
    return inputs(answer.text)


async def put(service: ServiceUnderTest, url: str, sent: dict[str, Any]) -> Any:
    """Look at what was typed, then press the button that writes what the page shows."""
    looked = await service.client.post(url, data={**sent, "act": "look"})
    assert (looked.status_code, errors(service)) == (200, {})
    return await service.client.post(url, data={**inputs(looked.text), "act": "put"})


def errors(service: ServiceUnderTest) -> dict[str, str]:
    """What the page shown last says is wrong, by input."""
    return {error.field: error.message for error in service.last_page.values["form"].errors}


async def trail(service: ServiceUnderTest) -> list[Any]:
    """The audit trail's lines about entries."""
    lines = await service.rows(schema.audit)
    return [line for line in lines if line.action.startswith("entry.")]

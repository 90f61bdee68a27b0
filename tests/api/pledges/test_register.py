"""The register over HTTP: asked, as a table, as a page, and the sheets to hang up."""

import csv
import io
import re
import threading
from pathlib import Path
from typing import Any

import msgspec
import pytest
from fpdf import FPDF

from api.features.pledges.register import print_sheets, publish
from api.features.pledges.register import routes as register_routes
from api.http import render_queue
from catalogue.outputs.activity.sharing import Sharing
from catalogue.outputs.pledges.signatory import signatory_view
from tests.api.pledges.conftest import content, context_of, sign_and_confirm
from tests.api.service_under_test import ROOT, ServiceUnderTest

pytestmark = pytest.mark.anyio

WRITE_CELL = FPDF.cell


@pytest.fixture
async def entry(service: ServiceUnderTest, project: Path) -> Path:
    """The entry of somebody who is on the register."""
    reference = await sign_and_confirm(service)
    result = publish.approve(reference, context_of(service), service.catalogue)
    service.catalogue = content(project)
    parts = ROOT / "build" / "npm"
    if parts.is_dir():
        (project / "build").mkdir(exist_ok=True)
        (project / "build" / "npm").symlink_to(parts)
    return result


async def test_the_register_is_asked_over_http(service: ServiceUnderTest, entry: Path) -> None:
    async def register_total(**params: str) -> int:
        answer = await service.client.get("/api/pledges/connector/register", params=params)
        assert answer.status_code == 200
        return int(answer.json()["total"])

    assert (
        await register_total()
        == await register_total(kind="pub")
        == await register_total(place="Harrow Vale")
        == 1
    )
    assert (
        await register_total(kind="taxi")
        == await register_total(place="Nowhere")
        == await register_total(promise="x")
        == 0
    )


async def test_one_entry_is_read_and_found_by_the_names_it_had(
    service: ServiceUnderTest, entry: Path
) -> None:
    at = f"/api/pledges/connector/register/{entry.stem}"
    register = (await service.client.get("/api/pledges/connector/register")).json()
    assert (await service.client.get(at)).json() == register["signatories"][0]
    entry.write_text(entry.read_text().replace("since:", "former_slugs: [older, oldest]\nsince:"))
    service.catalogue = content(service.settings.project)
    for old in ("older", "oldest"):
        moved = await service.client.get(at.replace(entry.stem, old))
        assert (moved.status_code, moved.headers["location"]) == (301, at)
        sheet = await service.client.get(f"/pledges/connector/{old}/poster.pdf")
        assert sheet.headers["location"] == f"/pledges/connector/{entry.stem}/poster.pdf"
    assert (await service.client.get(at.replace(entry.stem, "never"))).status_code == 404


async def test_the_table_opens_in_a_spreadsheet(service: ServiceUnderTest, entry: Path) -> None:
    answer = await service.client.get("/api/pledges/connector/register.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="connector.csv"'
    (line,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline=""))
    assert (line["name"], line["point-on"]) == ("The Wennimere Arms", "starting 2027-03-31")
    assert line["demonstration"] == "yes"
    assert "canary" not in answer.text.casefold()


async def test_the_page_of_the_register_leaves_out_what_is_no_answer(
    service: ServiceUnderTest, entry: Path
) -> None:
    for query, entry_count in (
        ("", 1),
        ("kind=pub", 1),
        ("kind=%3Cscript%3E&place=x&promise=y", 1),
    ):
        answer = await service.client.get(f"/pledges/connector/register?{query}")
        assert answer.status_code == 200
        assert len(service.last_page.values["holding"]) == entry_count, query
        assert "<script>" not in answer.text


async def test_a_sheet_to_hang_up_is_one_page_with_the_address(
    service: ServiceUnderTest, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not (ROOT / print_sheets.STATIC_FONT).is_dir():  # type: ignore[attr-defined]
        pytest.skip("unknown: the typeface was not fetched")
    texts: list[str] = []

    def noting(sheet: FPDF, width: float, height: float, text: str, **more: Any) -> object:
        texts.append(text)
        return WRITE_CELL(sheet, width, height, text, **more)

    monkeypatch.setattr(FPDF, "cell", noting)
    for kind in ("certificate", "poster"):
        texts.clear()
        answer = await service.client.get(f"/pledges/connector/{entry.stem}/{kind}.pdf")
        assert answer.headers["content-type"] == "application/pdf"
        assert answer.content.startswith(b"%PDF-")
        assert re.findall(rb"/Count (\d+)", answer.content) == [b"1"]
        sheet_text = " ".join(texts)
        assert f"kith.example.org/pledges/connector/{entry.stem}" in "".join(texts)
        assert "The Wennimere Arms" in sheet_text
        assert "promised" in sheet_text
        assert "accredit" not in sheet_text.casefold()


async def test_a_name_the_typeface_cannot_write_is_printed_from_the_page(
    service: ServiceUnderTest, entry: Path, project: Path
) -> None:
    text = entry.read_text(encoding="utf-8")
    entry.write_text(text.replace("The Wennimere Arms", "مقهى الجيران"), encoding="utf-8")
    service.catalogue = content(project)
    answer = await service.client.get(f"/pledges/connector/{entry.stem}/certificate.pdf")
    assert answer.status_code == 303
    page = f"/pledges/connector/{entry.stem}/certificate/"
    assert answer.headers["location"] == f"{page}#no-pdf"  # a notice there says why


@pytest.mark.parametrize("paper", ["a4", "letter"])
@pytest.mark.parametrize("count", [1, 11])
@pytest.mark.parametrize(
    "name", ["Ty", "The Harrow Vale Allotment, Leek and Late Brassica Society"]
)
async def test_one_promise_or_eleven_are_one_sheet_in_their_own_words(
    service: ServiceUnderTest,
    entry: Path,
    monkeypatch: pytest.MonkeyPatch,
    paper: print_sheets.Paper,
    count: int,
    name: str,
) -> None:
    if not (ROOT / print_sheets.STATIC_FONT).is_dir():  # type: ignore[attr-defined]
        pytest.skip("unknown: the typeface was not fetched")
    catalogue = service.catalogue
    (signatory,) = [
        candidate for candidate in catalogue.signatories if candidate.slug == entry.stem
    ]
    view = signatory_view(
        signatory, catalogue, service.clock.now, Sharing("https://kith.example.org/")
    )
    words = "We ask what keeps people away, such as the journey or the cost, and change it. "
    promises = tuple(
        msgspec.structs.replace(
            view.promises[0], number=at, title=f"Promise {at}", text=words * 2, kept=True
        )
        for at in range(1, count + 1)
    )
    view = msgspec.structs.replace(view, name=name, promises=promises, noticed=promises)
    texts: list[tuple[str, float]] = []

    def noting(sheet: FPDF, width: float, height: float, text: str, **more: Any) -> object:
        texts.append((text, sheet.font_size_pt))
        assert sheet.get_y() + height <= sheet.h - 12
        assert sheet.get_x() + width <= sheet.w - 12
        return WRITE_CELL(sheet, width, height, text, **more)

    monkeypatch.setattr(FPDF, "cell", noting)
    for draw in (print_sheets.certificate, print_sheets.poster):
        texts.clear()
        pdf = draw(view, service.settings.project, paper)
        assert re.findall(rb"/Count (\d+)", pdf) == [b"1"]
        sheet_text = " ".join(" ".join(text for text, _size in texts).split())
        assert sheet_text.count(words.strip()) == 2 * count
        assert all(f"Promise {at}." in sheet_text for at in range(1, count + 1))
        assert min(size for _text, size in texts) >= 8
        assert not [text for text, _size in texts if re.search(r"\d *$", text)], "22 | November"


async def test_a_sheet_is_asked_for_on_paper_that_there_is(
    service: ServiceUnderTest, entry: Path
) -> None:
    answer = await service.client.get(f"/pledges/connector/{entry.stem}/poster.pdf?paper=a3")
    assert answer.status_code in {400, 422}


async def test_a_past_promise_and_nobodys_have_no_sheet(
    service: ServiceUnderTest, entry: Path
) -> None:
    for path in ("connector/nobody/certificate.pdf", f"connector/{entry.stem}/secrets.pdf"):
        assert (await service.client.get(f"/pledges/{path}")).status_code == 404, path
    service.clock.advance(days=366 * 4)
    answer = await service.client.get(f"/pledges/connector/{entry.stem}/certificate.pdf")
    assert answer.status_code == 404


async def test_sheets_and_registers_are_made_apart_and_refused_when_too_many_wait(
    service: ServiceUnderTest, entry: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn = []

    def draw(*_: object) -> bytes:
        drawn.append(threading.current_thread().name)
        return b"%PDF-"

    monkeypatch.setitem(register_routes.SHEETS, "certificate", draw)
    sheet = f"/pledges/connector/{entry.stem}/certificate.pdf"
    for _ in range(3):
        assert (await service.client.get(sheet)).content == b"%PDF-"
    assert len(drawn) == 1
    assert drawn[0].startswith("render")
    assert (await service.client.get(f"{sheet}?paper=letter")).status_code == 200
    assert len(drawn) == 2
    monkeypatch.setattr(render_queue, "MOST_WAITING", -1)
    for path in (
        f"/pledges/connector/{entry.stem}/poster.pdf",
        "/pledges/connector/register",
        "/api/pledges/connector/register",
        "/api/pledges/connector/register.csv",
    ):
        refused = await service.client.get(path)
        assert refused.status_code == 503, path
        assert int(refused.headers["retry-after"]) > 0
    assert (await service.client.get(sheet)).status_code == 200  # it is in the cache

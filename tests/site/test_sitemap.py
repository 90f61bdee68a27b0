"""What search engines are told of the site: every page once, dated by what stands in the entry."""

import shutil
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit
from urllib.robotparser import RobotFileParser
from xml.etree import ElementTree

import pytest

from catalogue.outputs.feeds import sitemap
from tests.site.conftest import ROOT, build
from tests.site.reading import pages

NAMES = {"s": sitemap.SPACE}
SITE = "http://127.0.0.1:8000"
TODAY = date(2026, 11, 22)


def read(content: bytes) -> dict[str, str | None]:
    """Return by address the day told of it; each address stands once."""
    root = ElementTree.fromstring(content)  # noqa: S314 - our own words
    urls = [
        (
            str(element.findtext("s:loc", namespaces=NAMES)),
            element.findtext("s:lastmod", namespaces=NAMES),
        )
        for element in root.findall("s:url", NAMES)
    ]
    assert len(urls) == len(dict(urls))
    return dict(urls)


@pytest.mark.parametrize("site", ["built", "own_site"])
def test_it_lists_every_page_there_is_and_no_other(
    site: str, request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(site)
    listed = {url.removeprefix(SITE) for url in read((folder / sitemap.FILE).read_bytes())}
    on_disk = {at for at, _page in pages(folder)}
    assert listed == on_disk - {"/404.html", "/frame.html", "/offline/", "/put-right/"}
    assert not list(folder.glob("sitemap.xml.gz")), "MkDocs' own, which knows no entry"


def test_a_page_of_an_entry_has_the_day_its_facts_were_checked_or_read(built: Path) -> None:
    days = read((built / sitemap.FILE).read_bytes())
    assert days[f"{SITE}/activities/coffee-at-the-mill/"] == "2026-11-10"
    assert days[f"{SITE}/activities/phone-calls/"] == "2026-11-20", "read then, never checked"
    dated_urls = [url for url, day in days.items() if day]
    assert all("/activities/" in url for url in dated_urls), "of other pages nothing is known"


def test_a_day_to_come_or_not_known_is_not_told() -> None:
    changed_on = {"/a/": date(2027, 1, 1), "/b/": None, "/c/": TODAY}
    days = read(sitemap.sitemap(f"{SITE}/", changed_on, TODAY))
    assert days == {f"{SITE}/a/": None, f"{SITE}/b/": None, f"{SITE}/c/": "2026-11-22"}


def test_a_copy_without_history_says_the_same(own_site: Path, tmp_path: Path) -> None:
    """No day comes from git or from the times of files, which a fresh checkout sets anew."""
    from catalogue.read import load

    for name in ("content", "site"):
        shutil.copytree(ROOT / name, tmp_path / name, copy_function=shutil.copyfile)
    shutil.copyfile(ROOT / "mkdocs.yml", tmp_path / "mkdocs.yml")
    project_read = load.read_project(tmp_path)
    assert project_read.catalogue
    copied = build(tmp_path, project_read.catalogue, tmp_path / "build" / "site")
    assert (copied / sitemap.FILE).read_bytes() == (own_site / sitemap.FILE).read_bytes()


def test_robots_are_led_to_it_and_away_from_forms_and_answers(built: Path) -> None:
    rules = RobotFileParser()
    rules.parse((built / sitemap.ROBOTS).read_text().splitlines())
    assert rules.site_maps() == [f"{SITE}/sitemap.xml"]
    for url in ("/staff/", "/api/activities", "/search?q=tea", "/ask?activity=a", "/confirm/x"):
        assert not rules.can_fetch("*", url), url
    for url in read((built / sitemap.FILE).read_bytes()):
        assert rules.can_fetch("*", urlsplit(url).path), url
    assert rules.can_fetch("*", "/activities.json")


def test_a_site_whose_address_is_not_known_claims_no_map() -> None:
    assert b"Sitemap" not in sitemap.robots("")

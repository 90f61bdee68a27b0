"""What is wrong elsewhere in the content holds up no register: who withdrew is off the site."""

import shutil
from pathlib import Path

import pytest

from api.releases import build
from tests.service.test_release import NOW, silent

MILL = "content/pledges/stay-connected/the-mill.md"
VOICES = "content/pledges/stay-connected/vale-voices.md"


def edit(project: Path, path: str, old: str, new: str) -> None:
    text = (project / path).read_text()
    assert old in text
    (project / path).write_text(text.replace(old, new, 1))


def withdraw(project: Path, path: str) -> None:
    edit(project, path, "\nversion:", "\nstatus: withdrawn\nversion:")


def slugs_on_site(project: Path) -> set[str]:
    """Whose pages stand on the site that is served."""
    release = build.find_current(project)
    assert release is not None
    return {file.parent.name for file in release.site.glob("pledges/stay-connected/*/index.html")}


def files_naming(project: Path, path: str) -> list[str]:
    """Every file below the pledges, and of the shared ones, that names the promise's address."""
    release = build.find_current(project)
    assert release is not None
    address = f"/stay-connected/{Path(path).stem}".encode()
    return [
        str(file.relative_to(release.folder))
        for part in ("site", "search")
        for file in (release.folder / part).rglob("*")
        if file.is_file() and address in file.read_bytes()
    ]


def fails_but_updates_registers(project: Path) -> bool:
    """Build, be refused, and say whether the registers were brought up to date."""
    with pytest.raises((build.ContentFaulty, build.BuildFailed)) as refused:
        build.build_release(project, NOW, silent)
    return bool(refused.value.registers)  # type: ignore[attr-defined]


@pytest.fixture
def project(own_project: Path) -> Path:
    build.build_release(own_project, NOW, silent)
    return own_project


def test_a_broken_entry_keeps_nobody_on_the_register_or_off_it(project: Path) -> None:
    edit(project, "content/activities/cooking-for-one.md", "kinds:", "kidns:")
    edit(project, "content/taxonomy.yml", "kinds:", "kinds: [")
    edit(project, "content/pledges/stay-connected/index.md", "versions:", "verisons:")
    assert files_naming(project, MILL) != []
    withdraw(project, MILL)
    shutil.copy(project / VOICES, project / VOICES.replace("vale-voices", "hill-voices"))
    assert fails_but_updates_registers(project)
    assert files_naming(project, MILL) == []
    assert {"vale-voices", "hill-voices"} <= slugs_on_site(project)
    assert (project / "build/current/site/activities/cooking-for-one/index.html").is_file()
    assert not fails_but_updates_registers(project)  # once is enough


def test_a_broken_promise_stays_as_it_was_unless_it_is_withdrawn(project: Path) -> None:
    for path in (MILL, VOICES):
        edit(project, path, "kind:", "kidn:")
    withdraw(project, MILL)
    assert fails_but_updates_registers(project)
    assert files_naming(project, MILL) == []
    assert "vale-voices" in slugs_on_site(project)


def test_a_page_of_prose_that_cannot_be_built_keeps_nobody_on_the_register(project: Path) -> None:
    about = project / "content" / "about.md"
    sound = about.read_text()
    about.write_text(f"{sound}\n[gone](nowhere.md)\n")
    withdraw(project, MILL)
    with pytest.raises(build.BuildFailed, match=r"about\.md.*nowhere\.md"):
        build.build_release(project, NOW, silent)
    assert files_naming(project, MILL) == []
    assert (project / "build/current/site/about/index.html").is_file()
    about.write_text(sound)
    release = build.build_release(project, NOW, silent)
    assert build.find_current(project) == release
    assert files_naming(project, MILL) == []

"""`kith connectors` on a project of its own."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from api.features.connectors.commands import connectors


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("KITH_DATABASE_URL", raising=False)
    (tmp_path / "mkdocs.yml").write_text("theme: {language: en}\n")
    (tmp_path / "content").mkdir()
    lists = "kinds: []\nneeds: []\naccess: []\nsigner_kinds: []\nareas: []\n"
    (tmp_path / "content" / "taxonomy.yml").write_text(lists)
    return tmp_path


def test_with_nobody_there_the_commands_say_so(project: Path) -> None:
    for command, output in (("list", "Nobody yet."), ("write", "0 welcomed, 0 reminded.")):
        result = CliRunner().invoke(connectors, [command], obj=project)
        assert (result.exit_code, output in result.output) == (0, True), result.output
